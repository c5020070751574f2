//! Verdicts about a way that many people share: a permission set in an account, or an entitlement. The same rules and the
//! same cause and effect as for one person, without what only a person decides.

use std::sync::LazyLock;

use super::{Check, Finding, PathState, Unread, finding, path_state, tell_consequences};
use crate::cores;
use crate::evidence::{Call, Gap, InAccount, InInstance, Person, Principal, Reason, Snapshot};
use crate::findings::{Confidence, Effect, Judged, Outcome};
use crate::iam_policy::Reckoned;
use crate::model::organization::Way;
use crate::model::paths::Entitled;
use crate::model::{Session, SetInAccount, permission_set_role};
use crate::rules::{RULES, Rule, Worst};

/// What is known of a way.
#[derive(Debug)]
pub struct WayJudged {
    /// Whether it lets people in.
    pub state: PathState,
    /// Why not, or why not all the way: the earliest fault that explains it.
    pub cause: Option<Finding>,
    /// Every other fault, in causal order.
    pub also: Vec<Finding>,
    /// What could not be read that may keep people out.
    pub gaps: Vec<Gap>,
    /// The rules that could not be decided, whatever they can do, each with the first thing that could not be read.
    pub undecided: Vec<(&'static str, Gap)>,
}

/// The only way there is to look at: rules name it by its place in a list.
const HERE: usize = 0;

/// What every rule that needs no person says of a permission set in an account: said once, whoever it is assigned to.
#[derive(Debug)]
pub struct SetJudged<'e> {
    here: SetInAccount<'e>,
    works: bool,
    checks: Vec<Check>,
}

impl<'e> SetJudged<'e> {
    /// Puts the rules to it.
    pub fn of(here: SetInAccount<'e>) -> Self {
        let works = here.stands
            && here.provisioned().in_any_version() == Ok(true)
            && matches!(permission_set_role::role_of(here), Ok(Some(_)));
        let of_rule = |rule: &'static Rule| Some(check(rule, rule.judge_set(here)?, works));
        let checks = RULES.iter().copied().filter_map(of_rule).collect();
        Self { here, works, checks }
    }

    /// What comes of it for all who get it.
    pub fn for_all(&self) -> WayJudged {
        fold(&self.checks)
    }

    /// What comes of it for one user or group that it is assigned to.
    pub fn for_one(&self, principal: &Principal) -> WayJudged {
        self.apart(principal).unwrap_or_else(|| self.for_all())
    }

    /// The same, where their assignment makes a difference.
    pub fn apart(&self, principal: &Principal) -> Option<WayJudged> {
        let of_rule = |rule: &'static Rule| Some(check(rule, rule.judge_assignment(self.here, principal)?, self.works));
        let of_assignment: Vec<Check> = RULES.iter().copied().filter_map(of_rule).collect();
        if !of_assignment.iter().any(|check| says_something(&check.judged)) {
            return None;
        }
        let mut checks = self.checks.clone();
        checks.extend(of_assignment);
        checks.sort_by_key(|check| super::order(check.rule));
        Some(fold(&checks))
    }
}

/// Whether it makes a difference to what is known of a way.
const fn says_something(judged: &Judged) -> bool {
    !matches!(judged, Ok(Outcome::Clear | Outcome::NotApplicable))
}

/// The same of one assignment where it is given.
pub fn judge_set(here: SetInAccount<'_>, principal: Option<&Principal>) -> WayJudged {
    let judged = SetJudged::of(here);
    principal.map_or_else(|| judged.for_all(), |principal| judged.for_one(principal))
}

/// How many ways are judged before any of them is taken: what is known of all at once would need much room.
const AT_ONCE: usize = 8_192;

/// The same of many ways of an organization. `None`: of an account of which nothing is known.
pub fn judge_ways<'s>(snapshot: &'s Snapshot, ways: &[Way<'s>]) -> Vec<Option<WayJudged>> {
    let mut all = Vec::with_capacity(ways.len());
    judge_each(snapshot, ways, |_, _, _| (), |_, judged| all.push(judged.map(|(judged, ())| judged)));
    all
}

/// The same, taken one after the other, and what else is wanted of each way: of the way, its permission set and what came
/// of it. What is reckoned of one is kept for the others.
pub fn judge_each<'s, R: Send>(
    snapshot: &'s Snapshot,
    ways: &[Way<'s>],
    and: impl Fn(Way<'s>, &SetJudged<'_>, &WayJudged) -> R + Sync,
    mut take: impl FnMut(Way<'s>, Option<(WayJudged, R)>),
) {
    let reckoned = Reckoned::default();
    let judge = |way: &Way<'s>| {
        let of_set = SetJudged::of(way.here(snapshot)?.reckoning(&reckoned));
        let judged = way.principal.map_or_else(|| of_set.for_all(), |principal| of_set.for_one(principal));
        let more = and(*way, &of_set, &judged);
        Some((judged, more))
    };
    for some in ways.chunks(AT_ONCE) {
        some.iter().zip(cores::map(some, judge)).for_each(|(way, judged)| take(*way, judged));
    }
}

/// The same of a permission set before it is assigned or changed, by some rules alone.
pub fn judge_before(here: SetInAccount<'_>, counts: impl Fn(&Rule) -> bool) -> WayJudged {
    let rules = RULES.iter().copied().filter(|rule| counts(rule));
    fold(&rules.filter_map(|rule| Some(check(rule, rule.judge_set(here)?, false))).collect::<Vec<_>>())
}

/// The same of an entitlement.
pub fn judge_entitlement(here: InAccount<'_>, entitled: &Entitled) -> WayJudged {
    let of_way = |rule: &'static Rule| Some(check(rule, rule.judge_entitlement(here, entitled)?, false));
    fold(&RULES.iter().copied().filter_map(of_way).collect::<Vec<_>>())
}

fn check(rule: &'static Rule, judged: Judged, works: bool) -> Check {
    let could_shut = match rule.worst {
        Worst::Blocks => true,
        Worst::BlocksWithoutRole => !works,
        Worst::Degrades => false,
    };
    let counts = |gap: &Gap| !rule.gate.corroborates() || gap.call != Call::LookupEvents;
    let decides = could_shut && judged.as_ref().is_err_and(|gaps| gaps.0.iter().any(counts));
    Check { rule, path: Some(HERE), judged, decides }
}

fn fold(checks: &[Check]) -> WayJudged {
    let state = path_state(&checks.iter().collect::<Vec<_>>());
    let mut findings: Vec<Finding> = checks.iter().filter_map(finding).collect();
    let cause = match state {
        PathState::Shut => findings.iter().find(|one| one.fault.effect == Effect::Blocks),
        PathState::Degraded => findings.iter().min_by_key(|one| one.order),
        PathState::Open | PathState::Unknown => None,
    };
    let cause = cause.cloned().map(|mut cause| {
        let before = checks.iter().filter(|check| super::order(check.rule).is_some_and(|order| order < cause.order));
        let is_doubtful = |check: &Check| match cause.fault.effect {
            Effect::Blocks => check.decides,
            Effect::Degrades => check.judged.is_err() && !check.rule.gate.corroborates(),
        };
        if before.into_iter().any(is_doubtful) {
            cause.fault.confidence = Confidence::Likely;
        }
        cause
    });
    if let Some(cause) = &cause {
        findings.retain(|finding| finding.order != cause.order);
    }
    tell_consequences(&mut findings, cause.as_ref());
    let undecided = |check: &Check| Some((check.rule.id, check.judged.as_ref().err()?.0.first()?.clone()));
    let undecided = checks.iter().filter_map(undecided).collect();
    let unread = checks.iter().filter(|check| check.decides).filter_map(|check| check.judged.as_ref().err());
    let mut gaps: Vec<Gap> = unread.flat_map(|gaps| gaps.0.iter().cloned()).collect();
    gaps.sort();
    gaps.dedup();
    // What was left out since something else could not be read is told by that.
    let is_first = |gap: &Gap| gap.reason != Reason::NotAsked || gap.call == Call::AssumeRole;
    if gaps.iter().any(is_first) {
        gaps.retain(is_first);
    }
    WayJudged { state, cause, also: findings, gaps, undecided }
}

/// What is known of one person's use of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// Whether it lets them in.
    pub state: PathState,
    /// The fault that explains why not, or why not all the way.
    pub rule: Option<&'static str>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
    /// The same in words; where it is not known, what is not.
    pub why: Option<String>,
}

impl WayJudged {
    /// Whether something is known to be wrong.
    pub const fn is_broken(&self) -> bool {
        matches!(self.state, PathState::Shut | PathState::Degraded)
    }

    /// The gaps of the rules that could not be decided, where an answer that came does not tell. What was not read is
    /// wanted still, and is told by that.
    pub fn undecided(&self) -> impl Iterator<Item = Unread> {
        let told = self.undecided.iter().filter(|(_, gap)| gap.reason != Reason::NotAsked);
        told.map(|(_, gap)| Unread { gap: gap.clone(), decides: true })
    }

    /// Every fault that no other brings about, each with the rules of those that it brings about: the one that explains
    /// comes first. None where it is not known whether people get in.
    pub fn causes(self) -> impl Iterator<Item = (Finding, Vec<&'static str>)> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.also.into_iter().filter(|_| self.cause.is_some()).partition(|one| one.follows_from.is_none());
        self.cause.into_iter().chain(own).map(move |cause| {
            let follow = others.iter().filter(|one| one.follows_from == Some(cause.rule));
            let rules = follow.map(|one| one.rule).collect();
            (cause, rules)
        })
    }

    /// The way together with what is known of the person.
    pub fn with(&self, person: &Self) -> Together {
        use PathState::{Degraded, Open, Shut, Unknown};
        let state = match (self.state, person.state) {
            (Shut, _) | (_, Shut) => Shut,
            (Unknown, _) | (_, Unknown) => Unknown,
            (Degraded, _) | (_, Degraded) => Degraded,
            (Open, Open) => Open,
        };
        let causes = [(self.state, &self.cause), (person.state, &person.cause)];
        let explains = causes.into_iter().filter(|(one, _)| *one == state).filter_map(|(_, cause)| cause.as_ref());
        let cause = explains.min_by_key(|cause| cause.order);
        let unknown =
            || self.gaps.iter().chain(&person.gaps).next().map(|gap| format!("{}: {}", gap.call, gap.message));
        let why = match state {
            Unknown => unknown(),
            Open | Degraded | Shut => cause.map(|cause| cause.fault.message.clone()),
        };
        Together { state, rule: cause.map(|cause| cause.rule), confidence: cause.map(|one| one.fault.confidence), why }
    }
}

/// Looked for once: a large organization's people have a million ways.
static TELL_APART: LazyLock<Vec<&Rule>> =
    LazyLock::new(|| RULES.iter().copied().filter(|rule| rule.tells_apart(true)).collect());

/// Whether a person's session may be otherwise than what is known of the person; `is_aimed`: its policies mean somebody
/// alone.
pub fn is_told_apart<'e>(session: Session<'e>, person: Person<'e>, is_aimed: bool) -> bool {
    let of_sessions = TELL_APART.iter().filter(|rule| rule.tells_apart(is_aimed));
    let mut said =
        of_sessions.filter_map(|rule| rule.judge_user(session.in_account.in_instance(), Some(session), person));
    said.any(|judged| says_something(&judged))
}

/// Puts every rule to a person that does not hang on what they did: to their session too, where that is given.
pub fn judge_user<'e>(here: InInstance<'e>, session: Option<Session<'e>>, person: Person<'e>) -> WayJudged {
    let of_person = |rule: &'static Rule| Some(check(rule, rule.judge_user(here, session, person)?, false));
    fold(&RULES.iter().copied().filter_map(of_person).collect::<Vec<_>>())
}
