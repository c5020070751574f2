//! The account is assigned only to users or groups that no longer exist.

use super::{Check, Fault, Gate, Judged, Outcome, Rule};
use crate::evidence::{Evidence, Principal, PrincipalType};
use crate::{fixes, paths, wording};

pub(super) static RULE: Rule = Rule {
    id: "assignment-orphaned-principal",
    gate: Gate::Assignment,
    summary: "the account is assigned only to a user or group that no longer exists (deleted and made anew)",
    explain: include_str!("../../docs/rules/assignment-orphaned-principal.md"),
    check: Check::Shared(check),
};

fn check(evidence: &Evidence) -> Judged {
    let found = paths::find(evidence);
    if !found.list.is_empty() {
        return Ok(Outcome::Clear);
    }
    found.hidden_assignments.none_or_err()?;
    if evidence.question.group.is_some() {
        return Ok(Outcome::NotApplicable);
    }
    let Some(orphans) = paths::orphans(evidence)? else { return Ok(Outcome::NotApplicable) };
    let labels = orphans.iter().map(|principal| format!("{} {}", noun(principal), principal.id));
    let message = format!(
        "Account {} is assigned only to {}, which no longer {}. A group or user that was deleted and made anew has a new id: \
         its old assignments do not count for it.",
        evidence.account_label(),
        wording::list(labels, 3),
        if orphans.len() == 1 { "exists" } else { "exist" }
    );
    let mut proof = orphans.iter().filter_map(|principal| match principal.kind {
        PrincipalType::Group => {
            Some(evidence.groups.get(&principal.id)?.cite(format!("group {} does not exist", principal.id)))
        }
        PrincipalType::User => {
            Some(evidence.users.get(&principal.id)?.cite(format!("user {} does not exist", principal.id)))
        }
    });
    let Some(first) = proof.next() else { return Ok(Outcome::NotApplicable) };
    let mut fault = Fault::blocks(message, first);
    fault.proof.extend(proof);
    let rows =
        evidence.access.by_permission_set.values().filter(|fact| fact.known().is_ok_and(|rows| !rows.is_empty()));
    fault.proof.extend(rows.map(|fact| fact.cite("assigns the account to a principal that does not exist")));
    let rows = evidence.access.by_permission_set.values().filter_map(|fact| fact.known().ok()).flatten();
    for row in rows.filter(|row| orphans.contains(&&row.principal)).take(3) {
        fault = fault
            .mended_by(fixes::assign_anew(evidence, &row.permission_set, &row.principal))
            .mended_by([fixes::unassign(evidence, &row.permission_set, &row.principal)]);
    }
    if !found.hidden_requests.0.is_empty() || paths::may_be_out_of_sight(evidence) {
        fault = fault.likely();
    }
    fault.found()
}

const fn noun(principal: &Principal) -> &'static str {
    match principal.kind {
        PrincipalType::User => "user",
        PrincipalType::Group => "group",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    fn assigned_to_a_group_that_is_gone() -> Evidence {
        let mut evidence = sample::healthy();
        let mut gone = sample::group_principal();
        gone.id.push('x');
        evidence.groups.insert(gone.id.clone(), sample::known(Call::DescribeGroup, None));
        evidence.access.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
        evidence.access.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
        let rows = vec![sample::assignment(gone)];
        evidence.access.by_permission_set.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, rows));
        evidence
    }

    #[test]
    fn fires_only_where_nobody_else_is_assigned() {
        let evidence = assigned_to_a_group_that_is_gone();
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(_))));
        let mut with_another = evidence.clone();
        let mut rows = vec![sample::assignment(Principal { kind: PrincipalType::User, id: "other".into() })];
        rows.extend(evidence.access.by_permission_set[sample::SET].known().expect("known").clone());
        let rows = sample::known(Call::ListAccountAssignments, rows);
        with_another.access.by_permission_set.insert(sample::SET.into(), rows);
        assert!(check(&with_another).is_err());
        let other = evidence.user.described.known().expect("known").clone();
        with_another.users.insert("other".into(), sample::known(Call::DescribeUser, other));
        assert_eq!(check(&with_another), Ok(Outcome::NotApplicable));
    }

    #[test]
    fn a_group_that_could_not_be_described_may_exist() {
        let mut evidence = assigned_to_a_group_that_is_gone();
        evidence.groups.values_mut().for_each(|fact| *fact = sample::denied(Call::DescribeGroup));
        assert!(check(&evidence).is_err());
    }
}
