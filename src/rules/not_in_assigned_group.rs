//! Groups are assigned to the account, and the user is in none of them.

use std::cmp::Reverse;

use super::{Candidate, Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Evidence, Gaps, Principal, PrincipalType, Question};
use crate::model::Case;
use crate::model::fixes::{self, Choice};
use crate::model::paths;
use crate::wording;

rule! {
    gate: Gate::Membership,
    worst: Worst::Blocks,
    clear: "",
    summary: "groups are assigned to the account (with the permission set asked for) and the user is in none of them",
    check: Check::Question(check),
}

/// How many groups get a fix of their own; all of them stand among the candidates.
const FIXES: usize = 3;

fn check(case: Case<'_>) -> Judged {
    let Case { evidence, paths: found } = case;
    if !found.list.is_empty() {
        return Ok(Outcome::Clear);
    }
    found.hidden_assignments.clone().none_or_err()?;
    let mut gaps = Gaps::default();
    let mut groups = Vec::new();
    for id in paths::groups_assigned_without_user(evidence)? {
        // A group that was deleted keeps its assignments, but nobody can be added to it.
        if let Some(Some(_)) = gaps.keep(evidence.group(id)) {
            groups.push(id);
        }
    }
    if groups.is_empty() {
        gaps.none_or_err()?;
        return Ok(Outcome::NotApplicable);
    }
    // Their own group was assigned, and has been deleted and made anew: it is not another that they should be in.
    let dead = paths::dead_assignments(evidence)?;
    if paths::was_made_anew(evidence)? {
        return Ok(Outcome::NotApplicable);
    }
    let mut candidates: Vec<Candidate> = groups.iter().map(|id| candidate(evidence, id)).collect();
    // Whoever pastes the first command in a hurry should not make an administrator; and of the others, a group that is
    // named like one of the user's own, or like what was asked about, was probably meant.
    candidates.sort_by_cached_key(|candidate| {
        let fits = candidate.name.as_deref().map(|name| fixes::fits(evidence, name)).unwrap_or_default();
        (is_for_administrators(candidate), Reverse(fits), describe(candidate))
    });
    let groups: Vec<&str> = candidates.iter().map(|candidate| candidate.principal.id.as_str()).collect();
    let user = evidence.user_label();
    let account = evidence.account_label();
    let names = wording::list(candidates.iter().map(describe), 4);
    let elsewhere = paths::elsewhere(evidence);
    let also = elsewhere.as_ref().map(|(sentence, _)| format!(" {sentence}")).unwrap_or_default();
    let Question { permission_set, group, .. } = &evidence.question;
    let message = match (group, permission_set) {
        // Other groups may well let them in: the question leaves these out.
        (Some(_), _) => format!("{user} is not in group {names}, which is assigned to account {account}.{also}"),
        (None, Some(set)) => {
            format!("{user} is in none of the groups that have {set} in account {account}: {names}.{also}")
        }
        (None, None) => format!("{user} is in none of the groups that are assigned to account {account}: {names}.{also}"),
    };
    let memberships = &evidence.user.memberships;
    let own = memberships.known()?;
    let mut fault = Fault::blocks(
        message,
        memberships.cite(match own.len() {
            0 => format!("{user} is in no group at all"),
            others => {
                let others = wording::count(others, "group");
                match (group, permission_set) {
                    (Some(group), _) => format!("{user} is in {others}, {group} not among them"),
                    (None, Some(set)) => format!("{user} is in {others}, none of them with {set} here"),
                    (None, None) => format!("{user} is in {others}, none of them assigned here"),
                }
            }
        }),
    );
    fault = fault.suggesting(paths::close_accounts_elsewhere(evidence));
    fault.proof.extend(elsewhere.map(|(_, citation)| citation));
    for row in evidence.account.assignments.values() {
        let carries = row.known().is_ok_and(|rows| rows.iter().any(|row| groups.contains(&row.principal.id.as_str())));
        if carries {
            fault.proof.push(row.cite("assigns a permission set in the account to groups without the user"));
        }
    }
    for rows in evidence.account.entitlements.values() {
        let entitles =
            rows.known().is_ok_and(|rows| rows.iter().any(|row| groups.contains(&row.principal.id.as_str())));
        if entitles {
            fault.proof.push(rows.cite("entitles groups without the user to roles in the account"));
        }
    }
    fault.fixes = joins(evidence, &candidates);
    fault.candidates.clone_from(&candidates);
    // Where the user's own groups could have been meant instead, that reading fits as well; and a request to assign
    // one of them may have failed unseen.
    let gone = !dead.rows.is_empty() || !dead.unknown.0.is_empty();
    let other_reading = !own.is_empty() && evidence.question.group.is_none();
    if gone || !found.hidden_requests.0.is_empty() || paths::may_be_out_of_sight(evidence) {
        fault = fault.likely();
    } else if other_reading {
        fault = fault.one_reading();
    }
    fault.found()
}

fn candidate(evidence: &Evidence, group: &str) -> Candidate {
    let principal = Principal { kind: PrincipalType::Group, id: group.to_owned() };
    let name = evidence.group(group).ok().flatten().and_then(|group| group.name.clone());
    let rows = evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
    let sets = rows.filter(|row| row.principal == principal);
    let mut permission_sets: Vec<_> =
        sets.map(|row| evidence.permission_set_label(&row.permission_set).to_owned()).collect();
    permission_sets.sort();
    permission_sets.dedup();
    let roles = paths::roles_entitled_to(evidence, &principal).into_iter().map(str::to_owned).collect();
    Candidate { principal, name, permission_sets, roles }
}

fn is_for_administrators(candidate: &Candidate) -> bool {
    candidate.grants().iter().chain(&candidate.name).any(|name| fixes::is_for_administrators(name))
}

fn describe(candidate: &Candidate) -> String {
    let name = candidate.name.as_deref().unwrap_or(&candidate.principal.id);
    let grants = candidate.grants();
    if grants.is_empty() { name.to_owned() } else { format!("{name} ({})", wording::list(grants, 2)) }
}

/// One group is the one; among several the reader chooses, and each has a line of its own.
fn joins(evidence: &Evidence, candidates: &[Candidate]) -> Vec<Fix> {
    if let [only] = candidates {
        return vec![fixes::join(evidence.asked(), &only.principal.id, &Choice::Settled)];
    }
    let choice = |one: &Candidate| Choice::OneOf(wording::list(one.grants(), 2));
    let join = |one: &Candidate| fixes::join(evidence.asked(), &one.principal.id, &choice(one));
    // One more is shown rather than left out alone.
    let shown = if candidates.len() > FIXES + 1 { FIXES } else { candidates.len() };
    candidates.iter().take(shown).map(join).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample::not_in_the_group;
    use crate::evidence::{Call, Group, Membership, Touched, sample};
    use crate::findings::Confidence;
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    #[test]
    fn names_the_group_that_would_mend_it() {
        let Ok(Outcome::Fault(fault)) = check(&not_in_the_group(vec![])) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Confirmed);
        assert_eq!(fault.candidates[0].name.as_deref(), Some("DataAnalysts"));
        assert!(fault.fixes[0].command.is_some());
    }

    #[test]
    fn a_group_that_is_entitled_would_mend_it_too() {
        let mut evidence = not_in_the_group(vec![]);
        evidence.account.assignments.clear();
        evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![]);
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        sample::entitled::entitle(&mut evidence, sample::group_principal());
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert!(fault.message.contains("DataAnalysts (role DataReader)"), "{}", fault.message);
        assert_eq!(fault.candidates[0].roles, [sample::entitled::ROLE]);
        evidence.entitlements.applications = sample::denied(Call::ListApplications);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn is_only_likely_where_another_group_could_have_been_meant() {
        let other = Membership { group_id: "other".into(), created: None, touched: Touched::default() };
        let Ok(Outcome::Fault(fault)) = check(&not_in_the_group(vec![other])) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Likely);
    }

    #[test]
    fn never_fires_where_it_could_not_look() {
        let mut evidence = not_in_the_group(vec![]);
        evidence.permission_set_arns = sample::denied(Call::ListPermissionSets);
        evidence.user.for_principal = sample::denied(Call::ListAccountAssignmentsForPrincipal);
        assert!(check(&evidence).is_err());
        let mut evidence = not_in_the_group(vec![]);
        evidence.user.memberships = sample::denied(Call::ListGroupMembershipsForMember);
        assert!(check(&evidence).is_err());
        assert_eq!(check(&sample::healthy()), Ok(Outcome::Clear));
    }

    #[test]
    fn a_question_about_one_group_says_nothing_of_the_others() {
        let other = Membership { group_id: "other".into(), created: None, touched: Touched::default() };
        let mut evidence = not_in_the_group(vec![other]);
        evidence.question.group = Some("DataAnalysts".to_owned());
        evidence.asked_group = Some(sample::known(Call::GetGroupId, Some(sample::GROUP.to_owned())));
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert!(fault.message.starts_with("jane.doe is not in group DataAnalysts (RedshiftAnalyst), which"));
        assert_eq!(fault.proof[0].says, "jane.doe is in 1 group, DataAnalysts not among them");
        evidence.question.group = None;
        evidence.question.permission_set = Some("RedshiftAnalyst".to_owned());
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.proof[0].says, "jane.doe is in 1 group, none of them with RedshiftAnalyst here");
        evidence.question.permission_set = None;
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.proof[0].says, "jane.doe is in 1 group, none of them assigned here");
    }

    #[test]
    fn the_group_named_like_their_own_comes_first_and_each_says_what_it_does_besides() {
        let mut evidence = not_in_the_group(vec![Membership { group_id: "own".into(), created: None, touched: Touched::default() }]);
        let mut group = |id: &str, name: &str| {
            let found = evidence.group(sample::GROUP).ok().flatten().cloned();
            let found = found.map(|group| Group { id: id.to_owned(), name: Some(name.to_owned()), ..group });
            evidence.groups.insert(id.to_owned(), sample::known(Call::DescribeGroup, found));
        };
        group("own", "DataAnalysts-EU");
        let assigned = ["Administrators", "Auditors", "Billing"];
        for name in assigned {
            group(name, name);
        }
        let rows = assigned.iter().map(|id| Principal { kind: PrincipalType::Group, id: (*id).to_owned() });
        let rows = rows.chain([sample::group_principal()]).map(sample::assignment).collect();
        let rows = sample::known(Call::ListAccountAssignments, rows);
        evidence.account.assignments.insert(sample::SET.into(), rows);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        let names: Vec<&str> = fault.candidates.iter().filter_map(|one| one.name.as_deref()).collect();
        assert_eq!(names, ["DataAnalysts", "Auditors", "Billing", "Administrators"]);
        assert_eq!(fault.fixes.len(), 4);
        assert!(fault.fixes.iter().all(|fix| fix.caution.is_some()), "{:?}", fault.fixes);
    }

    #[test]
    fn a_deleted_group_helps_nobody() {
        let mut evidence = not_in_the_group(vec![]);
        evidence.groups.insert(sample::GROUP.into(), sample::known(Call::DescribeGroup, None));
        assert_eq!(check(&evidence), Ok(Outcome::NotApplicable));
    }
}
