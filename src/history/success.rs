//! When the user last got in: before that, nothing can have kept them out.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::evidence::{Evidence, Thing, What, permission_set_of_role};
use crate::findings::Candidate;
use crate::model::refusals;
use crate::verdict::{Finding, Judgement};

/// A success of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Success {
    /// When.
    pub at: Timestamp,
}

/// The names of the permission sets that the cause is about; none where it may be any.
pub(super) fn sets_of(evidence: &Evidence, finding: &Finding, judgement: &Judgement) -> BTreeSet<String> {
    if let Some(asked) = &evidence.question.permission_set {
        return BTreeSet::from([asked.clone()]);
    }
    let way = finding.path.and_then(|index| judgement.paths.get(index)).and_then(|(way, _)| way.assigned());
    if let Some(path) = way {
        return BTreeSet::from([evidence.permission_set_label(&path.permission_set).to_owned()]);
    }
    finding.fault.candidates.iter().flat_map(|candidate: &Candidate| candidate.permission_sets.clone()).collect()
}

/// When the user last took a role of these permission sets in the account, or of any.
pub fn last_success(evidence: &Evidence, sets: &BTreeSet<String>) -> Option<Success> {
    let fits = |set: Option<&str>| sets.is_empty() || set.is_some_and(|set| sets.contains(set));
    let of_role = |arn: &str| arn.rsplit('/').next().and_then(permission_set_of_role).map(str::to_owned);
    let account = evidence.account.id.as_deref();
    let seen = refusals::of_user(evidence)
        .map(|seen| seen.event)
        .filter(|event| event.error_code.is_none() && fits(of_role(&event.role_arn).as_deref()))
        .map(|event| event.at);
    let user = evidence.user_id().ok().flatten();
    let name = evidence.user_label();
    let logged = evidence.history.changes().into_iter().filter(|change| !change.is_refused());
    let logged = logged.filter(|change| match change.what {
        What::RoleAssumed => {
            Some(change.account.as_str()) == account
                && change.is(Thing::UserName).is_some_and(|session| session.eq_ignore_ascii_case(name))
                && fits(change.is(Thing::Role).and_then(of_role).as_deref())
        }
        What::RoleOpened => {
            user.is_some_and(|user| change.names(Thing::User, user))
                && change.is(Thing::Account) == account
                && fits(change.is(Thing::PermissionSetName))
        }
        _ => false,
    });
    seen.chain(logged.map(|change| change.at)).max().map(|at| Success { at })
}

/// The ARNs of the roles that the account has of these permission sets.
pub fn candidate_roles(evidence: &Evidence, finding: &Finding, judgement: &Judgement) -> Vec<String> {
    let sets = sets_of(evidence, finding, judgement);
    let roles = evidence.account.inside.roles.known().into_iter().flatten();
    let of_sets = roles.filter(|role| permission_set_of_role(&role.name).is_some_and(|set| sets.contains(set)));
    of_sets.map(|role| role.arn.clone()).collect()
}
