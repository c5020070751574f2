//! Verdicts about the second way in, and about sign-ins.

use super::*;
use crate::evidence::sample::{self, entitled, signed_in};
use crate::evidence::{Call, Fact, Observed, Reason};
use crate::model::paths;

fn verdict(evidence: &Evidence) -> (Verdict, Option<&'static str>) {
    let judgement = judge(evidence, paths::find(evidence.asked()));
    (judgement.verdict, judgement.root_cause.map(|root| root.rule))
}

fn faults(evidence: &Evidence) -> Vec<&'static str> {
    let judgement = judge(evidence, paths::find(evidence.asked()));
    judgement.root_cause.iter().chain(&judgement.also).map(|finding| finding.rule).collect()
}

/// Nothing is assigned to anybody, and nobody is entitled to anything.
fn no_way() -> Evidence {
    let mut evidence = sample::healthy();
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![]);
    evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
    evidence
}

fn without_role() -> Evidence {
    let mut evidence = entitled::only();
    evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), sample::known(Call::GetRole, None));
    evidence
}

fn hidden<T>(fact: &mut Fact<T>) {
    fact.observed = Observed::missing(Reason::Denied, "no");
}

#[test]
fn an_entitlement_is_enough() {
    assert_eq!(verdict(&entitled::only()), (Verdict::Reachable, None));
    assert_eq!(verdict(&without_role()), (Verdict::Blocked, Some("role-missing")));
    let mut evidence = entitled::only();
    entitled::with_trust(&mut evidence.account.inside, r#"{"Statement":[]}"#.to_owned());
    assert_eq!(verdict(&evidence), (Verdict::Blocked, Some("entitlement-role-trust-missing")));
}

#[test]
fn one_open_way_of_either_kind_lets_them_in() {
    let mut evidence = sample::healthy();
    entitled::entitle(&mut evidence, sample::group_principal());
    assert_eq!(verdict(&evidence), (Verdict::Reachable, None));
    evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), sample::known(Call::GetRole, None));
    assert_eq!(verdict(&evidence), (Verdict::Degraded, Some("role-missing")));
    let mut evidence = sample::healthy();
    entitled::entitle(&mut evidence, sample::group_principal());
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    assert_eq!(verdict(&evidence), (Verdict::Degraded, Some("role-missing")));
}

#[test]
fn no_way_is_a_fault_only_where_entitlements_were_read() {
    assert_eq!(verdict(&no_way()), (Verdict::Blocked, Some("assignment-missing")));
    let mut evidence = no_way();
    hidden(&mut evidence.entitlements.applications);
    assert_eq!(verdict(&evidence), (Verdict::Inconclusive, None));
    // Whoever asks about a permission set does not ask about entitlements.
    evidence.question.permission_set = Some("RedshiftAnalyst".to_owned());
    let rows = sample::known(Call::ListAccountAssignments, vec![]);
    evidence.account.assignments.insert(sample::SET.to_owned(), rows);
    assert_eq!(verdict(&evidence), (Verdict::Blocked, Some("assignment-missing")));
}

#[test]
fn out_of_sight_is_another_reading() {
    let mut evidence = no_way();
    evidence.organization = sample::denied(Call::DescribeOrganization);
    let root = judge(&evidence, paths::find(evidence.asked())).root_cause;
    assert_eq!(root.map(|root| root.fault.confidence), Some(Confidence::Likely));
}

/// Hides each fact that the second way in and the sign-ins depend on, one at a time.
fn hide_one_by_one(name: &str, evidence: &Evidence) {
    let (before, known) = (verdict(evidence).0, faults(evidence));
    let hide: [fn(&mut Evidence); 8] = [
        |evidence| hidden(&mut evidence.entitlements.applications),
        |evidence| evidence.entitlements.described.values_mut().for_each(hidden),
        |evidence| evidence.account.entitlements.values_mut().for_each(hidden),
        |evidence| evidence.account.inside.entitled_roles.values_mut().for_each(hidden),
        |evidence| hidden(&mut evidence.user.memberships),
        |evidence| hidden(&mut evidence.user.sign_ins.verifications),
        |evidence| hidden(&mut evidence.user.sign_ins.external),
        |evidence| evidence.user.sign_ins.successes.values_mut().for_each(hidden),
    ];
    for (index, hide) in hide.iter().enumerate() {
        let mut evidence = evidence.clone();
        hide(&mut evidence);
        let new: Vec<_> = faults(&evidence).into_iter().filter(|fault| !known.contains(fault)).collect();
        assert!(new.is_empty(), "{name}, {index}: {new:?}");
        let judged = judge(&evidence, paths::find(evidence.asked()));
        let after = judged.verdict;
        let out_of_sight = (before, after) == (Verdict::Degraded, Verdict::Reachable) && !judged.gaps.is_empty();
        // A fault of a gate that only corroborates goes with the event that showed it.
        let corroborated = known == ["sign-in-failed"];
        let same_or_none = after == before || after == Verdict::Inconclusive;
        assert!(same_or_none || out_of_sight || corroborated, "{name}, {index}: {after:?}");
    }
}

#[test]
fn hiding_a_fact_makes_no_new_fault_and_no_other_verdict() {
    hide_one_by_one("entitled", &entitled::only());
    hide_one_by_one("without role", &without_role());
    hide_one_by_one("no way", &no_way());
    let mut evidence = sample::healthy();
    entitled::entitle(&mut evidence, sample::group_principal());
    hide_one_by_one("both", &evidence);
    evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), sample::known(Call::GetRole, None));
    hide_one_by_one("both, one broken", &evidence);
    for success in [None, Some("2026-11-21T13:00:00Z")] {
        let mut evidence = sample::healthy();
        evidence.user.sign_ins =
            signed_in::refused(&["2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"], success);
        hide_one_by_one("refused", &evidence);
    }
}
