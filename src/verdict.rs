//! The only place that knows cause and effect. Shared gates AND together, the gates of a path AND together, paths OR
//! together, in three-valued logic: what is not known never counts as open and never as shut.

use std::collections::BTreeMap;

use crate::evidence::{Call, Evidence, Gap};
use crate::findings::{Confidence, Effect, Fault, Gate, Judged, Outcome};
use crate::model::paths::{Path, Paths};
use crate::model::{Case, SetInAccount, callers_account, permission_set_role};
use crate::rules::{RULES, Rule, Worst};

mod consequences;
#[cfg(test)]
mod entitled;
#[cfg(test)]
mod tests;
mod ways;

pub use ways::{
    SetJudged, Together, WayJudged, is_told_apart, judge_before, judge_each, judge_entitlement, judge_set, judge_user,
    judge_ways,
};

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every gate that can shut is known to be open on some path, and no fault is known on any.
    Reachable,
    /// They get in, but something is wrong.
    Degraded,
    /// They cannot get in.
    Blocked,
    /// Neither that they get in nor that they are kept out can be shown.
    Inconclusive,
}

/// What is known of one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathState {
    /// Every gate that can shut is open.
    Open,
    /// It lets the user in to something old or less.
    Degraded,
    /// A gate is shut.
    Shut,
    /// No gate is known to be shut, but not all that can shut are known to be open.
    Unknown,
}

/// What one rule said.
#[derive(Debug, Clone)]
pub struct Check {
    /// The rule.
    pub rule: &'static Rule,
    /// The path it was about, by its place in the list; `None` for what all paths share.
    pub path: Option<usize>,
    /// What it said.
    pub judged: Judged,
    /// Whether what it could not tell might keep the user out.
    pub decides: bool,
}

/// A fault, and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's id, by which reports and scripts know it.
    pub rule: &'static str,
    /// The gate that it is about.
    pub gate: Gate,
    /// The rule's place in causal order.
    order: usize,
    /// The path, by its place in the list.
    pub path: Option<usize>,
    /// The fault.
    pub fault: Fault,
    /// The rule whose fault, earlier on the same path, has this one as its consequence.
    pub follows_from: Option<&'static str>,
}

/// Something that could not be read, and whether the verdict hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// What could not be read.
    pub gap: Gap,
    /// Whether it keeps the verdict open.
    pub decides: bool,
}

/// Everything that follows from the evidence.
#[derive(Debug)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// The earliest fault that explains it.
    pub root_cause: Option<Finding>,
    /// Every other fault, in causal order.
    pub also: Vec<Finding>,
    /// The paths with their states.
    pub paths: Vec<(Path, PathState)>,
    /// What every rule said, in causal order.
    pub checks: Vec<Check>,
    /// What could not be read, each once.
    pub gaps: Vec<Unread>,
}

/// The rules whose faults others bring about.
#[cfg(test)]
pub(crate) fn consequences() -> impl Iterator<Item = &'static str> {
    consequences::all()
}

/// Puts every rule to the evidence.
pub fn examine(case: Case<'_>) -> Vec<Check> {
    let works: Vec<bool> = case.paths.list.iter().map(|way| role_works(case, way)).collect();
    let check = |rule: &'static Rule, path: Option<usize>, judged: Judged| {
        let could_shut = match rule.worst {
            Worst::Blocks => true,
            Worst::BlocksWithoutRole => path.is_none_or(|path| works.get(path) != Some(&true)),
            Worst::Degrades => false,
        };
        // Events only corroborate, so that not having read them spoils nothing; but whether what they show has been put
        // right since may hang on more than events.
        let counts = |gap: &Gap| !rule.gate.corroborates() || gap.call != Call::LookupEvents;
        let decides = could_shut && judged.as_ref().is_err_and(|gaps| gaps.0.iter().any(counts));
        Check { rule, path, judged, decides }
    };
    let said = RULES.iter().copied().flat_map(|rule| rule.judge(case).into_iter().map(move |said| (rule, said)));
    said.map(|(rule, (path, judged))| check(rule, path, judged)).collect()
}

/// Whether the way leads to a role that Identity Center keeps: no policy that is missing, and no request that failed,
/// takes it away again.
fn role_works(case: Case<'_>, way: &Path) -> bool {
    way.assigned().map(|path| SetInAccount::of(case.in_account(), path)).is_some_and(|set| {
        set.stands
            && set.provisioned().in_any_version() == Ok(true)
            && matches!(permission_set_role::role_of(set), Ok(Some(_)))
    })
}

/// Folds what the rules said into one answer.
pub fn judge(evidence: &Evidence, mut paths: Paths) -> Judgement {
    let mut checks = examine(Case { evidence, paths: &paths });
    // A question left out before its account was known is a gap of that account all the same.
    let of_checks = checks.iter_mut().filter_map(|check| check.judged.as_mut().err());
    let of_paths = [&mut paths.hidden_assignments, &mut paths.hidden_requests, &mut paths.unread];
    for gap in of_checks.chain(of_paths).flat_map(|gaps| &mut gaps.0) {
        gap.account = gap.account.take().or_else(|| evidence.account_of(gap.call));
        gap.in_vain = callers_account::is_in_vain(evidence, gap);
    }
    let mut findings: Vec<Finding> = checks.iter().filter_map(finding).collect();
    let shared = Shared::of(&checks, &findings);
    // The paths by themselves, as if every shared gate were open.
    let of_paths = by_path(&checks, |check| check.path);
    let of_path = |path: usize| of_paths.get(&Some(path)).map_or(&[][..], Vec::as_slice);
    let alone: Vec<PathState> = (0..paths.list.len()).map(|path| path_state(of_path(path))).collect();
    let states: Vec<PathState> = alone.iter().map(|state| shared.before(*state)).collect();
    let hidden_path = !paths.hidden_assignments.0.is_empty();
    let enters = states.iter().any(|state| matches!(state, PathState::Open | PathState::Degraded));
    let all_shut = !alone.is_empty() && alone.iter().all(|state| *state == PathState::Shut);

    let verdict = match (shared, enters, findings.is_empty()) {
        (Shared::Shut, ..) => Verdict::Blocked,
        // A path that could be hidden might be open: only a shared gate can shut it too.
        (Shared::Open | Shared::Unknown, ..) if all_shut && !hidden_path => Verdict::Blocked,
        (Shared::Open, true, true) => Verdict::Reachable,
        (Shared::Open, true, false) => Verdict::Degraded,
        (Shared::Open, false, _) | (Shared::Unknown, ..) => Verdict::Inconclusive,
    };
    let root = match verdict {
        Verdict::Blocked => blocking_cause(&findings, all_shut && !hidden_path),
        Verdict::Degraded => degrading_cause(&findings, &alone),
        Verdict::Reachable | Verdict::Inconclusive => None,
    };
    let root_cause = root.cloned().map(|mut root| {
        if is_doubtful(&checks, &root, verdict) {
            root.fault.confidence = Confidence::Likely;
            root.fault.is_one_reading = false;
        }
        root
    });
    if let Some(root) = &root_cause {
        findings.retain(|finding| (finding.order, finding.path) != (root.order, root.path));
    }
    tell_consequences(&mut findings, root_cause.as_ref());
    let gaps = gaps(&checks, &paths, &alone, verdict);
    let paths = paths.list.into_iter().zip(states).collect();
    Judgement { verdict, root_cause, also: findings, paths, checks, gaps }
}

/// What the gates that all paths share come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    Open,
    Shut,
    Unknown,
}

impl Shared {
    fn of(checks: &[Check], findings: &[Finding]) -> Self {
        if findings.iter().any(|finding| finding.path.is_none() && finding.fault.effect == Effect::Blocks) {
            Self::Shut
        } else if checks.iter().any(|check| check.path.is_none() && check.decides) {
            Self::Unknown
        } else {
            Self::Open
        }
    }

    /// What a path comes to behind these gates: nobody gets to a path that is open by itself past a gate that is shut.
    const fn before(self, state: PathState) -> PathState {
        match (self, state) {
            (Self::Shut, _) | (_, PathState::Shut) => PathState::Shut,
            (Self::Unknown, _) => PathState::Unknown,
            (Self::Open, state) => state,
        }
    }
}

/// What is about each path, and about none, in the order in which it stands. A user may have thousands of paths.
pub fn by_path<'a, T>(
    all: impl IntoIterator<Item = &'a T>,
    path: impl Fn(&T) -> Option<usize>,
) -> BTreeMap<Option<usize>, Vec<&'a T>> {
    let mut of_paths: BTreeMap<Option<usize>, Vec<&T>> = BTreeMap::new();
    for one in all {
        of_paths.entry(path(one)).or_default().push(one);
    }
    of_paths
}

/// What a path comes to by what the rules said of it.
fn path_state(checks: &[&Check]) -> PathState {
    let has = |effect| checks.iter().any(|check| matches!(&check.judged, Ok(Outcome::Fault(f)) if f.effect == effect));
    if has(Effect::Blocks) {
        PathState::Shut
    } else if checks.iter().any(|check| check.decides) {
        PathState::Unknown
    } else if has(Effect::Degrades) {
        PathState::Degraded
    } else {
        PathState::Open
    }
}

fn finding(check: &Check) -> Option<Finding> {
    let Ok(Outcome::Fault(fault)) = &check.judged else { return None };
    let fault = (**fault).clone();
    let (rule, gate, order) = (check.rule.id, check.rule.gate, order(check.rule)?);
    Some(Finding { rule, gate, order, path: check.path, fault, follows_from: None })
}

/// The rule's place in causal order.
fn order(rule: &Rule) -> Option<usize> {
    RULES.iter().position(|one| std::ptr::eq(*one, rule))
}

/// Whether the fault is shown by nothing but events.
fn rests_on_events(finding: &Finding) -> bool {
    finding.gate.corroborates()
}

/// The earliest of these faults; one that rests on events stands behind every fault that the state of things shows.
fn earliest<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> Option<&'a Finding> {
    findings.min_by_key(|finding| (rests_on_events(finding), finding.order))
}

/// What keeps the user out: the earlier of the shared gate that is shut and, where all paths are, of what shuts the path
/// that got furthest.
fn blocking_cause(findings: &[Finding], all_shut: bool) -> Option<&Finding> {
    let shared = earliest(findings.iter().filter(|one| one.path.is_none() && one.fault.effect == Effect::Blocks));
    let furthest = all_shut.then(|| furthest_block(findings)).flatten();
    let of_paths = furthest.into_iter();
    earliest(shared.into_iter().chain(of_paths))
}

/// What shuts each path: its earliest blocking fault.
fn first_blocks(findings: &[Finding]) -> BTreeMap<usize, &Finding> {
    let mut first = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.fault.effect == Effect::Blocks) {
        if let Some(path) = finding.path {
            first.entry(path).or_insert(finding);
        }
    }
    first
}

/// With every path shut, the cause is that of the path that got furthest; among what the state of things shows first.
fn furthest_block(findings: &[Finding]) -> Option<&Finding> {
    let first = first_blocks(findings);
    // `max_by_key` takes the last of equals; the first path is wanted.
    let blocks = first.values().copied().rev();
    let proven = |finding: &&Finding| !rests_on_events(finding);
    blocks.clone().filter(proven).max_by_key(|one| one.order).or_else(|| blocks.max_by_key(|one| one.order))
}

/// Of what is wrong although they get in: the earliest of what shuts a path, or lets the user in to less.
fn degrading_cause<'a>(findings: &'a [Finding], alone: &[PathState]) -> Option<&'a Finding> {
    let first = first_blocks(findings);
    let counts = |finding: &&Finding| match finding.path {
        Some(path) if alone.get(path) == Some(&PathState::Shut) => first.get(&path) == Some(finding),
        Some(_) | None => true,
    };
    earliest(findings.iter().filter(counts))
}

/// Whether a gate before the fault, which could be the cause as well, could not be read: on its way, or on any where the
/// user gets in by another.
fn is_doubtful(checks: &[Check], root: &Finding, verdict: Verdict) -> bool {
    let before = checks.iter().filter(|check| order(check.rule).is_some_and(|order| order < root.order));
    let mut doubtful = before.filter(|check| match root.fault.effect {
        // What can only degrade never kept anybody out.
        Effect::Blocks => check.decides,
        Effect::Degrades => check.judged.is_err() && !check.rule.gate.corroborates(),
    });
    let anywhere = verdict == Verdict::Degraded;
    doubtful.any(|check| anywhere || check.path.is_none() || check.path == root.path)
}

/// Names, for each fault that is a consequence, the fault that it follows from: the first on its path that brings it about,
/// where that is no milder. Faults that all paths share stand for themselves.
fn tell_consequences(also: &mut [Finding], root: Option<&Finding>) {
    let all: Vec<Finding> = root.into_iter().chain(also.iter()).cloned().collect();
    let of_paths = by_path(&all, |one| one.path);
    for finding in also.iter_mut() {
        let Some(on_its_path) = finding.path.and_then(|path| of_paths.get(&Some(path))) else { continue };
        let earlier = on_its_path.iter().copied().filter(|one| one.order < finding.order);
        let explains = |one: &&Finding| one.fault.effect == Effect::Blocks || finding.fault.effect == Effect::Degrades;
        let brings_about = |one: &&Finding| consequences::follows(finding.rule, one.rule);
        finding.follows_from =
            earlier.filter(explains).filter(brings_about).min_by_key(|one| one.order).map(|one| one.rule);
    }
}

/// What could not be read, each once, and whether the verdict hangs on it.
fn gaps(checks: &[Check], paths: &Paths, alone: &[PathState], verdict: Verdict) -> Vec<Unread> {
    let open = verdict == Verdict::Inconclusive;
    let enters = alone.iter().any(|state| matches!(state, PathState::Open | PathState::Degraded));
    let no_way_in = open && !enters;
    let keeps_open = |check: &Check| match check.path {
        None => open && check.decides,
        Some(path) => no_way_in && check.decides && alone.get(path) == Some(&PathState::Unknown),
    };
    let of_check = |check: &Check, gap: &Gap| Unread { gap: gap.clone(), decides: keeps_open(check) };
    let unread = checks.iter().filter_map(|check| Some((check, check.judged.as_ref().err()?)));
    let mut gaps: Vec<Unread> =
        unread.flat_map(|(check, gaps)| gaps.0.iter().map(move |gap| of_check(check, gap))).collect();
    gaps.extend(paths.hidden_assignments.0.iter().map(|gap| Unread { gap: gap.clone(), decides: no_way_in }));
    let beside = paths.hidden_requests.0.iter().chain(&paths.unread.0);
    gaps.extend(beside.map(|gap| Unread { gap: gap.clone(), decides: false }));
    // Of several that are alike, the one that decides comes first and stays.
    gaps.sort_by(|a, b| (&a.gap, !a.decides).cmp(&(&b.gap, !b.decides)));
    gaps.dedup_by(|later, first| later.gap == first.gap);
    gaps
}
