//! Nothing is assigned that reaches the account, and joining a group would not help.

use super::{Candidate, Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Evidence, Gaps, Principal, PrincipalType};
use crate::model::Case;
use crate::model::fixes::{self, Assigning};
use crate::model::paths::{self, AskedGroup};
use crate::wording;

rule! {
    gate: Gate::Assignment,
    worst: Worst::Blocks,
    clear: "",
    summary: "nothing assigned to the user or to any of their groups reaches the account, and no group assigned there would help",
    check: Check::Question(check),
}

fn check(case: Case<'_>) -> Judged {
    let Case { evidence, paths: found } = case;
    if !found.list.is_empty() {
        return Ok(Outcome::Clear);
    }
    found.hidden_assignments.clone().none_or_err()?;
    let asked = paths::asked_permission_sets(evidence.asked())?;
    let group = paths::asked_group(evidence.asked())?;
    let nothing_to_assign = asked.as_ref().is_some_and(Vec::is_empty) || group == AskedGroup::Missing;
    let (Some(_), Some(_)) = (evidence.account_id()?, evidence.user_id()?) else {
        return Ok(Outcome::NotApplicable);
    };
    if nothing_to_assign {
        return Ok(Outcome::NotApplicable);
    }
    let memberships = &evidence.user.memberships;
    let own = memberships.known()?;
    let others_would_help = others_would_help(evidence)?;
    // A group that is assigned would help. That no group of the user's is assigned fits as another reading of the
    // same facts, unless they are in none.
    if others_would_help && (own.is_empty() || group.id().is_some()) {
        return Ok(Outcome::NotApplicable);
    }
    // Assigned to nobody who exists, and one of the user's groups may be who it was assigned to: a fault of its own.
    let dead = paths::dead_assignments(evidence)?;
    let took_their_place = paths::successors_of(evidence, &dead);
    if dead.nobody_else && took_their_place.iter().any(|one| one.kind == PrincipalType::Group) {
        return Ok(Outcome::NotApplicable);
    }
    let name = evidence.user_label();
    let account = evidence.account_label();
    let what = match &evidence.question.permission_set {
        Some(set) => format!("Permission set {set} is not assigned"),
        None => "No permission set is assigned".to_owned(),
    };
    let to = match (&evidence.question.group, own.len()) {
        (Some(group), _) => format!("to group {group}"),
        (None, 0) => format!("to {name}, who is in no group,"),
        (None, 1) => format!("to {name} or to their one group, {}", evidence.group_label(&own[0].group_id)),
        (None, _) => format!("to {name} or to any of their {}", wording::count(own.len(), "group")),
    };
    let narrowed = evidence.question.is_narrowed();
    let elsewhere = paths::elsewhere(evidence);
    let also = elsewhere.as_ref().map(|(sentence, _)| format!(" {sentence}")).unwrap_or_default();
    let message = format!("{what} {to} in account {account}.{also}");
    let mut fault =
        Fault::blocks(message, memberships.cite(format!("{name} is in {}", wording::count(own.len(), "group"))));
    if evidence.user.for_principal.known().is_ok() {
        let nothing = if narrowed { "nothing that was asked about" } else { "nothing that reaches the account" };
        fault.proof.push(evidence.user.for_principal.cite(format!("lists {nothing}")));
    }
    fault.proof.extend(elsewhere.map(|(_, citation)| citation));
    fault = fault.suggesting(paths::close_accounts_elsewhere(evidence));
    let asked_one_by_one = evidence.account.assignments.len();
    if let Some(last) = evidence.account.assignments.values().last() {
        fault.proof.push(last.cite(format!(
            "{} asked one by one: {} is assigned to the user or their groups",
            wording::count(asked_one_by_one, "permission set"),
            if narrowed { "nothing that was asked about" } else { "none" }
        )));
    }
    let group = group.id();
    let set = asked.as_deref().and_then(<[_]>::first).copied();
    fault = fault.mended_by(fixes::assign(evidence, Assigning { set, group }));
    let groups = group.map_or_else(|| fixes::candidates(evidence), |group| vec![group]);
    fault.candidates = groups.iter().map(|id| candidate(evidence, id)).collect();
    let gone = !dead.rows.is_empty() || !dead.unknown.0.is_empty();
    if gone || !found.hidden_requests.0.is_empty() || paths::may_be_out_of_sight(evidence) {
        fault = fault.likely();
    } else if others_would_help {
        fault = fault.one_reading();
    }
    fault.found()
}

/// Whether a group that exists is assigned to the account, so that joining it would give access.
fn others_would_help(evidence: &Evidence) -> Result<bool, Gaps> {
    let mut gaps = Gaps::default();
    let groups = paths::groups_assigned_without_user(evidence)?;
    if groups.iter().any(|id| matches!(gaps.keep(evidence.group(id)), Some(Some(_)))) {
        return Ok(true);
    }
    gaps.none_or_err().map(|()| false)
}

fn candidate(evidence: &Evidence, group: &str) -> Candidate {
    Candidate {
        principal: Principal { kind: PrincipalType::Group, id: group.to_owned() },
        name: evidence.group(group).ok().flatten().and_then(|group| group.name.clone()),
        permission_sets: Vec::new(),
        roles: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};
    use crate::findings::Confidence;
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    fn nothing_assigned() -> Evidence {
        let mut evidence = sample::healthy();
        evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
        evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
        let rows = sample::known(Call::ListAccountAssignments, vec![]);
        evidence.account.assignments.insert(sample::SET.into(), rows);
        evidence
    }

    #[test]
    fn fires_when_both_ways_say_no() {
        let Ok(Outcome::Fault(fault)) = check(&nothing_assigned()) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Confirmed);
        assert!(fault.message.contains("one group, DataAnalysts"), "{}", fault.message);
    }

    #[test]
    fn never_from_one_silence() {
        let mut evidence = nothing_assigned();
        evidence.account.assignments.clear();
        assert!(check(&evidence).is_err());
        let mut evidence = nothing_assigned();
        evidence.account.assignments.insert(sample::SET.into(), sample::denied(Call::ListAccountAssignments));
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn needs_the_sets_that_the_account_has_not_only_where_there_is_no_list_for_the_user() {
        let mut evidence = nothing_assigned();
        evidence.permission_set_arns = sample::denied(Call::ListPermissionSets);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Confirmed);
        evidence.user.for_principal = sample::denied(Call::ListAccountAssignmentsForPrincipal);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn an_unreadable_request_list_makes_it_likely() {
        let mut evidence = nothing_assigned();
        evidence.creation.failed = sample::denied(Call::ListAccountAssignmentCreationStatus);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Likely);
    }
}
