//! The only place that knows cause and effect. Shared gates AND together, the gates of a path AND together, paths OR
//! together, in three-valued logic: what is not known never counts as open and never as shut.

use crate::evidence::{Evidence, Gap};
use crate::paths::{Paths, Way};
use crate::rules::{Confidence, Effect, Fault, Judged, Outcome, RULES, Rule};

mod beside;

pub use beside::beside;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every gate is known to be open, and nothing is wrong on any path.
    Reachable,
    /// They get in, but something is wrong.
    Degraded,
    /// They cannot get in.
    Blocked,
    /// Something that decides could not be read.
    Inconclusive,
}

/// What is known of one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathState {
    /// Every gate is open.
    Open,
    /// It lets the user in to something old or less.
    Degraded,
    /// A gate is shut.
    Shut,
    /// No gate is known to be shut, but not all are known to be open.
    Unknown,
}

/// What one rule said.
#[derive(Debug)]
pub struct Check {
    /// The rule.
    pub rule: &'static Rule,
    /// The path it was about, by its place in the list; `None` for what all paths share.
    pub path: Option<usize>,
    /// What it said.
    pub judged: Judged,
}

/// A fault, and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's id, by which reports and scripts know it.
    pub rule: &'static str,
    /// The rule's place in causal order.
    order: usize,
    /// The path, by its place in the list.
    pub path: Option<usize>,
    /// The fault.
    pub fault: Fault,
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
    pub paths: Vec<(Way, PathState)>,
    /// What every rule said, in causal order.
    pub checks: Vec<Check>,
    /// What could not be read, each once.
    pub gaps: Vec<Gap>,
}

/// Puts every rule to the evidence.
pub fn examine(evidence: &Evidence, paths: &[Way]) -> Vec<Check> {
    let mut checks = Vec::new();
    for rule in RULES.iter().copied() {
        if let Some(judged) = rule.judge_shared(evidence) {
            checks.push(Check { rule, path: None, judged });
        }
        for (index, path) in paths.iter().enumerate() {
            if let Some(judged) = rule.judge_way(evidence, path) {
                checks.push(Check { rule, path: Some(index), judged });
            }
        }
    }
    checks
}

/// Folds what the rules said into one answer.
pub fn judge(evidence: &Evidence, mut paths: Paths) -> Judgement {
    let mut checks = examine(evidence, &paths.list);
    // A question left out before its account was known is a gap of that account all the same.
    let of_checks = checks.iter_mut().filter_map(|check| check.judged.as_mut().err());
    for gap in of_checks.chain([&mut paths.hidden_assignments, &mut paths.hidden_requests]).flat_map(|gaps| &mut gaps.0)
    {
        gap.account = gap.account.take().or_else(|| evidence.account_of(gap.call));
    }
    let states: Vec<PathState> = (0..paths.list.len()).map(|index| path_state(&checks, index)).collect();
    let mut findings: Vec<Finding> = checks.iter().filter_map(finding).collect();

    let shared_block = findings.iter().find(|f| f.path.is_none() && f.fault.effect == Effect::Blocks);
    let all_shut = !states.is_empty() && states.iter().all(|state| *state == PathState::Shut);
    let furthest = all_shut.then(|| furthest_block(&findings, states.len())).flatten();
    let shared_unknown = checks.iter().any(|check| check.path.is_none() && is_unknown(check));
    let enters = states.iter().any(|state| matches!(state, PathState::Open | PathState::Degraded));
    let hidden_path = !paths.hidden_assignments.0.is_empty();
    let all_known =
        !shared_unknown && !states.contains(&PathState::Unknown) && !hidden_path && paths.hidden_requests.0.is_empty();

    // A path that could be hidden might be open: only a shared gate can shut it too.
    let blocked = shared_block.is_some() || (all_shut && !hidden_path);
    let (verdict, root) = if blocked {
        let path_block = furthest.filter(|_| !hidden_path);
        let earliest = [shared_block, path_block].into_iter().flatten().min_by_key(|finding| finding.order);
        (Verdict::Blocked, earliest.cloned())
    } else if enters && !shared_unknown && !findings.is_empty() {
        (Verdict::Degraded, earliest_of_all(&findings, &states).cloned())
    } else if enters && all_known {
        (Verdict::Reachable, None)
    } else {
        (Verdict::Inconclusive, None)
    };

    let root_cause = root.map(|mut root| {
        if earlier_is_unknown(&checks, &root) {
            root.fault.confidence = Confidence::Likely;
        }
        root
    });
    if let Some(root) = &root_cause {
        findings.retain(|finding| (finding.order, finding.path) != (root.order, root.path));
    }
    let mut gaps: Vec<Gap> =
        checks.iter().filter_map(|check| check.judged.as_ref().err()).flat_map(|g| g.0.clone()).collect();
    gaps.extend(paths.hidden_assignments.0);
    gaps.extend(paths.hidden_requests.0);
    gaps.sort();
    gaps.dedup();
    let paths = paths.list.into_iter().zip(states).collect();
    Judgement { verdict, root_cause, also: findings, paths, checks, gaps }
}

/// Whether the rule could not tell, and that matters: gates that only corroborate spoil nothing.
fn is_unknown(check: &Check) -> bool {
    check.judged.is_err() && !check.rule.gate.corroborates()
}

fn path_state(checks: &[Check], path: usize) -> PathState {
    let of_path = || checks.iter().filter(|check| check.path == Some(path));
    let has = |effect| of_path().any(|check| matches!(&check.judged, Ok(Outcome::Fault(f)) if f.effect == effect));
    if has(Effect::Blocks) {
        PathState::Shut
    } else if of_path().any(is_unknown) {
        PathState::Unknown
    } else if has(Effect::Degrades) {
        PathState::Degraded
    } else {
        PathState::Open
    }
}

fn finding(check: &Check) -> Option<Finding> {
    let Ok(Outcome::Fault(fault)) = &check.judged else { return None };
    let order = RULES.iter().position(|rule| std::ptr::eq(*rule, check.rule))?;
    Some(Finding { rule: check.rule.id, order, path: check.path, fault: (**fault).clone() })
}

/// What shuts a path is its earliest blocking fault.
fn first_block(findings: &[Finding], path: usize) -> Option<&Finding> {
    findings.iter().find(|finding| finding.path == Some(path) && finding.fault.effect == Effect::Blocks)
}

/// With every path shut, the cause is that of the path that got furthest.
fn furthest_block(findings: &[Finding], paths: usize) -> Option<&Finding> {
    let blocks = (0..paths).filter_map(|path| first_block(findings, path));
    // `max_by_key` takes the last of equals; the first path is wanted.
    blocks.rev().max_by_key(|finding| finding.order)
}

/// Of what is wrong although they get in: the earliest of what shuts a path, or lets the user in to less.
fn earliest_of_all<'a>(findings: &'a [Finding], states: &[PathState]) -> Option<&'a Finding> {
    let counts = |finding: &&Finding| match finding.path {
        Some(path) if states.get(path) == Some(&PathState::Shut) => first_block(findings, path) == Some(finding),
        Some(_) | None => true,
    };
    findings.iter().filter(counts).min_by_key(|finding| finding.order)
}

/// Whether a gate before the fault, on its way, could not be read.
fn earlier_is_unknown(checks: &[Check], root: &Finding) -> bool {
    let before =
        checks.iter().filter(|check| RULES.iter().take(root.order).any(|rule| std::ptr::eq(*rule, check.rule)));
    before.filter(|check| check.path.is_none() || check.path == root.path).any(is_unknown)
}

#[cfg(test)]
mod entitled;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, RequestStatus, sample};
    use crate::paths;

    fn verdict(evidence: &Evidence) -> (Verdict, Option<&'static str>, Option<Confidence>) {
        let judgement = judge(evidence, paths::find(evidence));
        let root = judgement.root_cause;
        (judgement.verdict, root.as_ref().map(|r| r.rule), root.map(|r| r.fault.confidence))
    }

    #[test]
    fn healthy_is_reachable() {
        assert_eq!(verdict(&sample::healthy()), (Verdict::Reachable, None, None));
    }

    #[test]
    fn every_gap_names_its_account() {
        let mut evidence = sample::healthy();
        evidence.user.described = crate::evidence::Fact::not_asked(Call::DescribeUser, "not asked");
        let judgement = judge(&evidence, paths::find(&evidence));
        assert!(!judgement.gaps.is_empty() && judgement.gaps.iter().all(|gap| gap.account.is_some()));
    }

    #[test]
    fn cloud_trail_never_spoils_a_verdict() {
        let mut evidence = sample::healthy();
        evidence.target.events = vec![sample::denied(Call::LookupEvents)];
        assert_eq!(verdict(&evidence), (Verdict::Reachable, None, None));
    }

    #[test]
    fn any_other_gap_does() {
        let mut evidence = sample::healthy();
        evidence.target.roles = sample::denied(Call::ListRoles);
        assert_eq!(verdict(&evidence).0, Verdict::Inconclusive);
        let mut evidence = sample::healthy();
        evidence.access.creation.failed = sample::denied(Call::ListAccountAssignmentCreationStatus);
        assert_eq!(verdict(&evidence).0, Verdict::Inconclusive);
    }

    #[test]
    fn the_missing_policy_is_the_cause_and_the_rest_its_consequence() {
        let mut evidence = sample::healthy();
        evidence.target.policies = sample::known(Call::ListPolicies, vec![]);
        evidence.target.roles = sample::known(Call::ListRoles, vec![]);
        evidence.access.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        let expected = Some("customer-managed-policy-missing");
        assert_eq!(verdict(&evidence), (Verdict::Blocked, expected, Some(Confidence::Confirmed)));
        // An earlier gate that could not be read makes the same cause likely, and blocked stays certain.
        evidence.account.described = sample::denied(Call::DescribeAccount);
        assert_eq!(verdict(&evidence), (Verdict::Blocked, expected, Some(Confidence::Likely)));
    }

    #[test]
    fn a_failed_request_is_a_path_and_its_missing_policy_the_cause() {
        let mut evidence = sample::healthy();
        evidence.access.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
        evidence.access.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
        let none = sample::known(Call::ListAccountAssignments, vec![]);
        evidence.access.by_permission_set.insert(sample::SET.into(), none);
        let lists = Call::ListPermissionSetsProvisionedToAccount;
        evidence.access.provisioned_latest = sample::known(lists, vec![]);
        assert_eq!(verdict(&evidence).1, Some("assignment-missing"));
        let via = Some(sample::group_principal());
        let log = &mut evidence.access.creation;
        sample::add_request(log, "r1", RequestStatus::Failed, "2026-11-21T01:00:00Z", via);
        log.succeeded = sample::known(Call::ListAccountAssignmentCreationStatus, vec![]);
        assert_eq!(verdict(&evidence).1, Some("assignment-creation-failed"));
        evidence.target.policies = sample::known(Call::ListPolicies, vec![]);
        assert_eq!(verdict(&evidence).1, Some("customer-managed-policy-missing"));
    }

    #[test]
    fn two_paths_one_broken_is_degraded() {
        let mut evidence = sample::healthy();
        let broken = format!("{}x", sample::SET);
        let mut row = sample::assignment(sample::group_principal());
        row.permission_set.clone_from(&broken);
        let rows = vec![sample::assignment(sample::group_principal()), row];
        evidence.access.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, rows);
        let mut set = evidence.access.permission_sets[sample::SET].clone();
        let described = crate::evidence::PermissionSet { arn: broken.clone(), name: "Broken".into() };
        set.described = sample::known(Call::DescribePermissionSet, Some(described));
        evidence.access.permission_sets.insert(broken, set);
        assert_eq!(verdict(&evidence).0, Verdict::Degraded);
        assert_eq!(verdict(&evidence).1, Some("permission-set-not-provisioned"));
        evidence.question.permission_set = Some("RedshiftAnalyst".into());
        assert_eq!(verdict(&evidence), (Verdict::Reachable, None, None));
        evidence.question.permission_set = Some("Broken".into());
        assert_eq!(verdict(&evidence).0, Verdict::Blocked);
    }

    #[test]
    fn no_such_user_is_one_finding_and_not_five() {
        let mut evidence = sample::healthy();
        evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
        let judgement = judge(&evidence, paths::find(&evidence));
        assert_eq!(judgement.root_cause.map(|root| root.rule), Some("user-not-found"));
        assert!(judgement.also.is_empty() && judgement.gaps.is_empty(), "{:?}", judgement.gaps);
    }
}
