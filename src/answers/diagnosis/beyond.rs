//! What stands beyond a fix: somebody is added to a group, or given a permission set, and would be kept out further on all
//! the same. Said beside the fix, so that nobody gets more elsewhere and still nothing here.

use crate::evidence::{Evidence, Principal};
use crate::findings::{Confidence, Fix, Gate, Gives};
use crate::model::paths::{self, Entitled};
use crate::model::{Session, SetInAccount, Through};
use crate::rules::Rule;
use crate::verdict::{PathState, Together, judge_before, judge_entitlement, judge_set, judge_user};

/// Says of each fix where the way that it opens is known to be shut; those that let somebody in come first.
pub fn warn(evidence: &Evidence, fixes: &mut [Fix]) {
    let mut is_shut = Vec::new();
    for fix in fixes.iter_mut() {
        let shut = fix.gives.as_ref().and_then(|gives| shut_by(evidence, gives));
        is_shut.push(shut.is_some());
        if let Some((rule, why)) = shut {
            *fix = fix.clone().more_careful(&format!("alone it does not let them in here: {why} ({rule})"));
        }
    }
    // Where each is a choice of its own, and no step of a row.
    if fixes.iter().all(|fix| matches!(fix.gives, Some(Gives::AllOf(_)))) {
        let mut is_shut = is_shut.into_iter();
        fixes.sort_by_cached_key(|_| is_shut.next());
    }
}

/// What shuts all that is given, where all of it is known to be shut: the rule, and what is wrong.
fn shut_by(evidence: &Evidence, gives: &Gives) -> Option<(&'static str, String)> {
    let ways = match gives {
        Gives::AllOf(principal) => ways_of(evidence, principal)?,
        Gives::PermissionSet(set) => vec![assigned(evidence, set)],
    };
    let is_shut = |way: &Together| way.state == PathState::Shut && way.confidence == Some(Confidence::Confirmed);
    if ways.is_empty() || !ways.iter().all(is_shut) {
        return None;
    }
    let first = ways.into_iter().next()?;
    Some((first.rule?, first.why?.trim_end_matches('.').to_owned()))
}

/// The ways that a user or group has into the account, as far as the question is about them; `None` where there may be
/// more.
fn ways_of(evidence: &Evidence, principal: &Principal) -> Option<Vec<Together>> {
    let here = evidence.in_account();
    let asked = paths::asked_permission_sets(evidence.asked()).ok().flatten();
    let is_asked = |arn: &str| asked.as_ref().is_none_or(|asked| asked.contains(&arn));
    let assigned = evidence.account.assignments.iter().filter(|(arn, _)| is_asked(arn));
    let rows = assigned.map(|(_, rows)| rows.known().ok()).collect::<Option<Vec<_>>>()?;
    let rows = rows.into_iter().flatten().filter(|row| row.principal == *principal && is_asked(&row.permission_set));
    let mut ways: Vec<Together> = rows
        .map(|row| {
            let set = SetInAccount::standing(here, &row.permission_set);
            let person = judge_user(here.in_instance(), Some(set.session(None)), evidence.person());
            judge_set(set, Some(principal)).with(&person)
        })
        .collect();
    // Whoever asks about a permission set does not ask about entitlements.
    for (application, rows) in evidence.account.entitlements.iter().filter(|_| asked.is_none()) {
        let rows = rows.known().ok()?.iter().filter(|row| row.principal == *principal);
        ways.extend(rows.map(|row| {
            let (application, role_arn) = (application.clone(), row.role_arn.clone());
            let way = Entitled { application, role_arn, via: principal.clone() };
            let session = Session { in_account: here, person: None, through: Through::Entitlement(&way) };
            judge_entitlement(here, &way).with(&judge_user(here.in_instance(), Some(session), evidence.person()))
        }));
    }
    Some(ways)
}

/// What a permission set would come to that is assigned now: what assigning it does not put right.
fn assigned(evidence: &Evidence, arn: &str) -> Together {
    let standing = SetInAccount::standing(evidence.in_account(), arn);
    let set = SetInAccount { stands: standing.provisioned().in_any_version() == Ok(true), ..standing };
    let stays = |rule: &Rule| matches!(rule.gate, Gate::Policy | Gate::OrganizationPolicy);
    judge_before(set, stays).with(&judge_user(set.in_instance(), Some(set.session(None)), evidence.person()))
}

#[cfg(test)]
mod tests {
    use crate::answers::diagnosis::diagnose;
    use crate::evidence::{Call, Evidence, sample};
    use crate::model::fixes;

    fn caution(evidence: &Evidence) -> String {
        let root = diagnose(evidence).root_cause.expect("a root cause");
        root.fault.fixes[0].caution.clone().unwrap_or_default()
    }

    #[test]
    fn a_way_that_is_open_needs_no_warning() {
        assert_eq!(caution(&sample::not_in_the_group(vec![])), "they get whatever the group has, in every account");
    }

    #[test]
    fn a_way_that_is_shut_further_on_is_said_to_be() {
        let mut evidence = sample::not_in_the_group(vec![]);
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
        let caution = caution(&evidence);
        assert!(
            caution.contains("; alone it does not let them in here: ") && caution.ends_with("(role-missing)"),
            "{caution}"
        );
    }

    #[test]
    fn where_the_group_may_have_more_nothing_is_said() {
        let mut evidence = sample::not_in_the_group(vec![]);
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
        let fixes = |evidence: &Evidence| {
            let mut fixes = vec![fixes::join(evidence.asked(), sample::GROUP, &fixes::Choice::Settled)];
            super::warn(evidence, &mut fixes);
            fixes[0].caution.clone().unwrap_or_default().contains("alone")
        };
        assert!(fixes(&evidence));
        evidence.account.assignments.insert("another".to_owned(), sample::denied(Call::ListAccountAssignments));
        assert!(!fixes(&evidence));
    }

    #[test]
    fn what_was_not_read_warns_of_nothing() {
        let mut evidence = sample::not_in_the_group(vec![]);
        evidence.account.inside.roles = sample::denied(Call::ListRoles);
        assert!(!caution(&evidence).contains("alone"));
    }
}
