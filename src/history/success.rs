//! When the user last got in: before that, nothing can have kept them out.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::causes::Of;
use super::{Story, words};
use crate::evidence::{Change, Evidence, Thing, What, permission_set_of_role};
use crate::findings::{Candidate, Effect};
use crate::model::{refusals, sign_ins};
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
    let seen = refusals::of_user(evidence)
        .map(|seen| seen.event)
        .filter(|event| event.error_code.is_none() && fits(of_role(&event.role_arn).as_deref()))
        .map(|event| event.at);
    let logged = evidence.history.changes().into_iter().filter(|change| !change.is_refused());
    let logged = logged.filter(|change| is_of_user(evidence, change) && fits(set_of(change).as_deref()));
    seen.chain(logged.map(|change| change.at)).max().map(|at| Success { at })
}

/// When the user was first refused a role of these permission sets in the account, or of any, since they last got in.
pub fn first_refusal(evidence: &Evidence, sets: &BTreeSet<String>, since: Option<Timestamp>) -> Option<Timestamp> {
    let of_role = |arn: &str| arn.rsplit('/').next().and_then(permission_set_of_role).map(str::to_owned);
    let fits = |set: Option<&str>| sets.is_empty() || set.is_some_and(|set| sets.contains(set));
    let seen = refusals::of_user(evidence).map(|seen| seen.event).filter(|event| {
        let lasting = |code: &str| !refusals::passes_by_itself(code);
        event.error_code.as_deref().is_some_and(lasting) && fits(of_role(&event.role_arn).as_deref())
    });
    let changes = evidence.history.changes().into_iter().filter(|change| change.is_refused());
    let logged = changes.filter(|change| is_of_user(evidence, change) && fits(set_of(change).as_deref()));
    let all = seen.map(|event| event.at).chain(logged.map(|change| change.at));
    all.filter(|at| since.is_none_or(|since| *at > since)).min()
}

/// When the user last got in, and was first refused since; what lies between is the timeline.
pub(super) fn told(story: &Story<'_>, of: Of<'_>) -> Option<String> {
    let Of { evidence, finding, judgement } = of;
    if finding.fault.effect != Effect::Blocks {
        return None;
    }
    let (last, first) = if finding.rule == "sign-in-failed" {
        let failing = sign_ins::failing(evidence);
        (super::sign_ins::last_success(evidence)?, failing.first().map(|(_, event)| event.at))
    } else {
        let last = story.success.as_ref()?.at;
        (last, first_refusal(evidence, &sets_of(evidence, finding, judgement), Some(last)))
    };
    let day = |at: Timestamp| words::day(at, evidence.collected_at);
    let user = evidence.user_label();
    let got_in = format!("{user} last got in {} UTC", day(last));
    Some(match first {
        None => format!("{got_in}."),
        Some(first) if first.strftime("%F").to_string() == last.strftime("%F").to_string() => {
            format!("{got_in}; first refused {}.", first.strftime("%H:%M"))
        }
        Some(first) => format!("{got_in}; first refused {} UTC.", day(first)),
    })
}

/// The permission set that a record of a session is about.
fn set_of(change: &Change) -> Option<String> {
    let role = change.is(Thing::Role).and_then(|arn| arn.rsplit('/').next()).and_then(permission_set_of_role);
    role.or_else(|| change.is(Thing::PermissionSetName)).map(str::to_owned)
}

/// Whether a record is of a session of the user's in the account, or of a try to get one.
fn is_of_user(evidence: &Evidence, change: &Change) -> bool {
    match change.what {
        What::RoleAssumed => {
            evidence.account.id.as_deref() == Some(&change.account)
                && change.is(Thing::UserName).is_some_and(|name| name.eq_ignore_ascii_case(evidence.user_label()))
        }
        What::RoleOpened => {
            evidence.user_id().ok().flatten().is_some_and(|user| change.names(Thing::User, user))
                && change.is(Thing::Account) == evidence.account.id.as_deref()
        }
        _ => false,
    }
}

/// The ARNs of the roles that the account has of these permission sets.
pub fn candidate_roles(evidence: &Evidence, finding: &Finding, judgement: &Judgement) -> Vec<String> {
    let sets = sets_of(evidence, finding, judgement);
    let roles = evidence.account.inside.roles.known().into_iter().flatten();
    let of_sets = roles.filter(|role| permission_set_of_role(&role.name).is_some_and(|set| sets.contains(set)));
    of_sets.map(|role| role.arn.clone()).collect()
}
