//! Verdicts about assignments.

use super::*;
use crate::evidence::{Call, RequestStatus, User, sample};
use crate::model::paths;

fn verdict(evidence: &Evidence) -> (Verdict, Option<&'static str>, Option<Confidence>) {
    let judgement = judge(evidence, paths::find(evidence.asked()));
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
    let judgement = judge(&evidence, paths::find(evidence.asked()));
    assert!(!judgement.gaps.is_empty() && judgement.gaps.iter().all(|unread| unread.gap.account.is_some()));
}

#[test]
fn cloud_trail_never_spoils_a_verdict() {
    let mut evidence = sample::healthy();
    evidence.user.role_events = vec![sample::denied(Call::LookupEvents)];
    assert_eq!(verdict(&evidence), (Verdict::Reachable, None, None));
}

#[test]
fn a_gap_spoils_it_only_where_it_may_hide_a_shut_gate() {
    let mut evidence = sample::healthy();
    evidence.account.inside.roles = sample::denied(Call::ListRoles);
    let judgement = judge(&evidence, paths::find(evidence.asked()));
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert!(judgement.gaps.iter().any(|unread| unread.decides && unread.gap.call == Call::ListRoles));
    // The role is there: what is missing or failed could only keep it from being renewed.
    let hide: [fn(&mut Evidence); 4] = [
        |evidence| evidence.creation.failed = sample::denied(Call::ListAccountAssignmentCreationStatus),
        |evidence| evidence.account.inside.policies = sample::denied(Call::ListPolicies),
        |evidence| evidence.account.inside.quotas = sample::denied(Call::GetAccountSummary),
        |evidence| evidence.account.inside.role_policies.clear(),
    ];
    for (index, hide) in hide.iter().enumerate() {
        let mut evidence = sample::healthy();
        hide(&mut evidence);
        let judgement = judge(&evidence, paths::find(evidence.asked()));
        assert_eq!(judgement.verdict, Verdict::Reachable, "{index}");
        assert!(!judgement.gaps.is_empty() && judgement.gaps.iter().all(|unread| !unread.decides), "{index}");
        // Without a role it may be the very cause.
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
        let judgement = judge(&evidence, paths::find(evidence.asked()));
        assert_eq!(judgement.verdict, Verdict::Blocked, "{index}");
    }
}

#[test]
fn no_way_is_open_behind_a_gate_that_is_shut_or_not_known() {
    let mut evidence = sample::healthy();
    let user = evidence.user.described.known().cloned().ok().flatten();
    let status = |status: Option<&str>| user.clone().map(|user| User { status: status.map(str::to_owned), ..user });
    for (said, verdict, state) in
        [(Some("DISABLED"), Verdict::Blocked, PathState::Shut), (None, Verdict::Inconclusive, PathState::Unknown)]
    {
        evidence.user.described = sample::known(Call::DescribeUser, status(said));
        let judgement = judge(&evidence, paths::find(evidence.asked()));
        assert_eq!(judgement.verdict, verdict);
        assert!(judgement.paths.iter().all(|(_, found)| *found == state), "{:?}", judgement.paths);
    }
}

#[test]
fn an_event_never_stands_before_what_the_state_shows() {
    let mut evidence = sample::healthy();
    evidence.user.sign_ins =
        sample::signed_in::refused(&["2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"], None);
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
    let judgement = judge(&evidence, paths::find(evidence.asked()));
    assert_eq!(judgement.root_cause.map(|root| root.rule), Some("customer-managed-policy-missing"));
    let rest: Vec<_> = judgement.also.iter().map(|finding| (finding.rule, finding.follows_from)).collect();
    let cause = Some("customer-managed-policy-missing");
    let expected = [("sign-in-failed", None), ("permission-set-not-provisioned", cause), ("role-missing", cause)];
    assert_eq!(rest, expected);
}

#[test]
fn the_missing_policy_is_the_cause_and_the_rest_its_consequence() {
    let mut evidence = sample::healthy();
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
    let expected = Some("customer-managed-policy-missing");
    assert_eq!(verdict(&evidence), (Verdict::Blocked, expected, Some(Confidence::Confirmed)));
    // An earlier gate that could not be read makes the same cause likely, and blocked stays certain.
    evidence.account.described = sample::denied(Call::DescribeAccount);
    assert_eq!(verdict(&evidence), (Verdict::Blocked, expected, Some(Confidence::Likely)));
}

#[test]
fn a_failed_request_is_a_path_and_its_missing_policy_the_cause() {
    let mut evidence = sample::healthy();
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    let none = sample::known(Call::ListAccountAssignments, vec![]);
    evidence.account.assignments.insert(sample::SET.into(), none);
    let lists = Call::ListPermissionSetsProvisionedToAccount;
    evidence.account.provisioned_latest = sample::known(lists, vec![]);
    assert_eq!(verdict(&evidence).1, Some("assignment-missing"));
    let via = Some(sample::group_principal());
    let log = &mut evidence.creation;
    sample::add_request(log, "r1", RequestStatus::Failed, "2026-11-21T01:00:00Z", via);
    log.succeeded = sample::known(Call::ListAccountAssignmentCreationStatus, vec![]);
    assert_eq!(verdict(&evidence).1, Some("assignment-creation-failed"));
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    assert_eq!(verdict(&evidence).1, Some("customer-managed-policy-missing"));
}

#[test]
fn two_paths_one_broken_is_degraded() {
    let mut evidence = sample::healthy();
    let broken = format!("{}x", sample::SET);
    let mut row = sample::assignment(sample::group_principal());
    row.permission_set.clone_from(&broken);
    let rows = vec![sample::assignment(sample::group_principal()), row];
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, rows);
    let mut set = evidence.permission_sets[sample::SET].clone();
    let described = crate::evidence::PermissionSet { arn: broken.clone(), name: "Broken".into() };
    set.described = sample::known(Call::DescribePermissionSet, Some(described));
    evidence.permission_sets.insert(broken, set);
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
    let judgement = judge(&evidence, paths::find(evidence.asked()));
    assert_eq!(judgement.root_cause.map(|root| root.rule), Some("user-not-found"));
    assert!(judgement.also.is_empty() && judgement.gaps.is_empty(), "{:?}", judgement.gaps);
}
