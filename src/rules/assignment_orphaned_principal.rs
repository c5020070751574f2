//! The account is assigned to users or groups that no longer exist: to nobody else, or beside others.

use super::{Check, Citation, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Assignment, Evidence, Principal, PrincipalType};
use crate::model::paths::{self, DeadAssignments, Successor};
use crate::model::{Case, fixes};
use crate::wording;

rule! {
    gate: Gate::Assignment,
    worst: Worst::Blocks,
    clear: "",
    summary: "the account is assigned to a user or group that no longer exists (deleted and made anew), alone or beside others",
    check: Check::Question(check),
}

/// How many of the assignments get a fix of their own.
const FIXES: usize = 3;

fn check(case: Case<'_>) -> Judged {
    let Case { evidence, paths: found } = case;
    if !found.list.is_empty() {
        return Ok(Outcome::Clear);
    }
    found.hidden_assignments.clone().none_or_err()?;
    let dead = paths::dead_assignments(evidence)?;
    let mut proof = dead.principals().into_iter().filter_map(|principal| gone(evidence, principal));
    let Some(first) = proof.next() else { return dead.unknown.none_or_err().map(|()| Outcome::NotApplicable) };
    let took_their_place = paths::successors_of(evidence, &dead);
    let mut fault = Fault::blocks(message(evidence, &dead, &took_their_place), first);
    fault.proof.extend(proof);
    let rows = evidence.account.assignments.values();
    let names_dead = |rows: &Vec<Assignment>| rows.iter().any(|row| dead.rows.contains(&row));
    let rows = rows.filter(|fact| fact.known().is_ok_and(names_dead));
    fault.proof.extend(rows.map(|fact| fact.cite("assigns the account to a principal that does not exist")));
    for row in dead.rows.iter().take(FIXES) {
        // Several that are gone may have had the same: it is assigned anew once.
        let anew = assign_anew(evidence, row, &took_their_place).filter(|anew| !fault.fixes.contains(anew));
        let removed = fixes::unassign(evidence.in_account(), &row.permission_set, &row.principal);
        fault = fault.mended_by(anew).mended_by([removed]);
    }
    let group_took_it = took_their_place.iter().any(|one| one.kind == PrincipalType::Group);
    let certain = dead.nobody_else
        && group_took_it
        && found.hidden_requests.0.is_empty()
        && !paths::may_be_out_of_sight(evidence);
    if certain { fault.found() } else { fault.likely().found() }
}

/// Has the permission set assigned to whoever took the place of the one that is gone, where only one can have.
fn assign_anew(evidence: &Evidence, row: &Assignment, successors: &[Successor<'_>]) -> Option<Fix> {
    let [only] = successors else { return fixes::assign_anew(evidence, &row.permission_set, &row.principal) };
    let set = evidence.permission_set_label(&row.permission_set);
    let what = match only.kind {
        PrincipalType::Group => format!("group {}, if it", evidence.group_label(only.id)),
        PrincipalType::User => format!("{}, if their former id", evidence.user_label()),
    };
    let what = format!("Assign {set} to {what} is the one that was deleted and made anew");
    Some(fixes::assign_to(evidence.in_account(), &row.permission_set, &only.principal(), what))
}

fn message(evidence: &Evidence, dead: &DeadAssignments<'_>, successors: &[Successor<'_>]) -> String {
    let account = evidence.account_label();
    let principals = dead.principals();
    let labels = principals.iter().map(|principal| format!("{} {}", noun(principal), principal.id));
    let which = wording::list(labels, 3);
    let exists = if principals.len() == 1 { "exists" } else { "exist" };
    let mut sets: Vec<&str> = dead.rows.iter().map(|row| evidence.permission_set_label(&row.permission_set)).collect();
    sets.sort_unstable();
    sets.dedup();
    let sets = wording::list(sets.into_iter().map(str::to_owned), 3);
    let assigned = if dead.nobody_else && evidence.question.permission_set.is_some() {
        format!("In account {account}, {sets} is assigned only to {which}, which no longer {exists}.")
    } else if dead.nobody_else {
        format!("Account {account} is assigned only to {which}, which no longer {exists} ({sets}).")
    } else {
        format!("In account {account}, {sets} is still assigned to {which}, which no longer {exists}.")
    };
    let names = |younger: bool| {
        let named = successors.iter().filter(move |one| one.younger == younger).map(|one| match one.kind {
            PrincipalType::Group => format!("group {}", evidence.group_label(one.id)),
            PrincipalType::User => format!("user {}", evidence.user_label()),
        });
        wording::list(named, 3)
    };
    let place = match (names(true), names(false)) {
        (younger, _) if !younger.is_empty() => {
            format!(
                " It may have been made anew as {younger}, which was made after the account got the permission set."
            )
        }
        (_, perhaps) if !perhaps.is_empty() => format!(" It may have been made anew as {perhaps}."),
        (_, _) => String::new(),
    };
    format!(
        "{assigned}{place} A group or user that is deleted and made anew has a new id: its old assignments do not count \
         for it, and AWS does not tell its name any more."
    )
}

/// What shows that a principal is gone.
fn gone(evidence: &Evidence, principal: &Principal) -> Option<Citation> {
    let says = format!("{} {} does not exist", noun(principal), principal.id);
    Some(match principal.kind {
        PrincipalType::Group => evidence.groups.get(&principal.id)?.cite(says),
        PrincipalType::User => evidence.users.get(&principal.id)?.cite(says),
    })
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
    use crate::evidence::{Call, Fact, Observed, sample};
    use crate::findings::Confidence;
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    fn assigned_to_a_group_that_is_gone() -> Evidence {
        let mut evidence = sample::healthy();
        let mut gone = sample::group_principal();
        gone.id.push('x');
        evidence.groups.insert(gone.id.clone(), sample::known(Call::DescribeGroup, None));
        evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
        evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
        let rows = vec![sample::assignment(gone)];
        evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, rows));
        evidence
    }

    #[test]
    fn is_certain_only_where_nobody_else_is_assigned() {
        let confidence = |evidence: &Evidence| match check(evidence) {
            Ok(Outcome::Fault(fault)) => Some(fault.confidence),
            Ok(Outcome::Clear | Outcome::NotApplicable) | Err(_) => None,
        };
        let evidence = assigned_to_a_group_that_is_gone();
        assert_eq!(confidence(&evidence), Some(Confidence::Confirmed));
        let mut with_another = evidence.clone();
        let mut rows = vec![sample::assignment(Principal { kind: PrincipalType::User, id: "other".into() })];
        rows.extend(evidence.account.assignments[sample::SET].known().expect("known").clone());
        let rows = sample::known(Call::ListAccountAssignments, rows);
        with_another.account.assignments.insert(sample::SET.into(), rows);
        assert_eq!(confidence(&with_another), Some(Confidence::Likely));
        let other = evidence.user.described.known().expect("known").clone();
        with_another.users.insert("other".into(), sample::known(Call::DescribeUser, other));
        assert_eq!(confidence(&with_another), Some(Confidence::Likely));
        // The user's groups are all older than what is assigned.
        let mut older = evidence;
        if let Some(Fact { observed: Observed::Known(Some(group)), .. }) = older.groups.get_mut(sample::GROUP) {
            group.created = Some(sample::at("2020-01-01T00:00:00Z"));
        }
        assert_eq!(confidence(&older), Some(Confidence::Likely));
    }

    #[test]
    fn what_several_had_is_assigned_anew_once_and_says_who_gets_it() {
        let mut evidence = assigned_to_a_group_that_is_gone();
        let mut rows = evidence.account.assignments[sample::SET].known().expect("known").clone();
        let mut other = rows[0].clone();
        other.principal.id.push('y');
        evidence.groups.insert(other.principal.id.clone(), sample::known(Call::DescribeGroup, None));
        rows.push(other);
        let rows = sample::known(Call::ListAccountAssignments, rows);
        evidence.account.assignments.insert(sample::SET.into(), rows);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        let whats: Vec<&str> = fault.fixes.iter().map(|fix| &*fix.what).collect();
        assert_eq!(whats.iter().filter(|what| what.starts_with("Assign ")).count(), 1, "{whats:?}");
        assert_eq!(whats.iter().filter(|what| what.starts_with("Remove ")).count(), 2, "{whats:?}");
        assert_eq!(fault.fixes[0].caution.as_deref(), Some("everybody in group DataAnalysts gets it"));
    }

    #[test]
    fn only_is_said_of_the_permission_set_that_was_asked_about() {
        let mut evidence = assigned_to_a_group_that_is_gone();
        let told = |evidence: &Evidence| match check(evidence) {
            Ok(Outcome::Fault(fault)) => fault.message,
            other => panic!("{other:?}"),
        };
        assert!(told(&evidence).starts_with("Account prod-data (123456789012) is assigned only to group"));
        evidence.question.permission_set = Some("RedshiftAnalyst".to_owned());
        let expected = "In account prod-data (123456789012), RedshiftAnalyst is assigned only to group";
        assert!(told(&evidence).starts_with(expected), "{}", told(&evidence));
    }

    #[test]
    fn a_group_that_could_not_be_described_may_exist() {
        let mut evidence = assigned_to_a_group_that_is_gone();
        evidence.groups.values_mut().for_each(|fact| *fact = sample::denied(Call::DescribeGroup));
        assert!(check(&evidence).is_err());
    }
}
