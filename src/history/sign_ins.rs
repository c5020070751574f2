//! Sign-ins that keep failing: what was changed before the first of them.

use jiff::Timestamp;

use super::causes::Of;
use super::federation::between;
use super::search::{Look, Search};
use super::{A_SECOND, Dated, Lane, Story, is_after};
use crate::evidence::{Change, Evidence, Thing, What};
use crate::model::sign_ins;

/// Dates it by the newest change between the last success and the first failure; without one, by these two.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let failing = sign_ins::failing(of.evidence);
    let Some((_, first)) = failing.first() else { return Dated::default() };
    let last = last_success(of.evidence);
    let is_between = |at| !is_after(at, first.at + A_SECOND) && last.is_none_or(|last| !is_after(last, at));
    let dated = Dated { may_be: true, ..search.newest_of(story, |change| is_between(change.at)) };
    match last {
        Some(last) if dated.since.is_none() => Dated { since: Some(between(last, first.at)), ..dated },
        _ => dated,
    }
}

/// The look-up of when the user last signed in before it began to fail: the state asks for what came since alone. Whoever
/// else signed in stands in the same pages, the newest first.
pub(super) fn before_the_first_failure(evidence: &Evidence) -> Option<Look> {
    let failing = sign_ins::failing(evidence);
    let (_, first) = failing.first()?;
    Some(Look { until: Some(first.at), ..Look::named(Lane::Home, "UserAuthentication") })
}

/// When the user last signed in, or got into an account, as far as is known.
pub(super) fn last_success(evidence: &Evidence) -> Option<Timestamp> {
    let changes = evidence.history.changes().into_iter().filter(|change| !change.is_refused());
    let logged = changes.filter(|change| change.what == What::SignedIn && is_by_user(evidence, change));
    logged.map(|change| change.at).chain(sign_ins::last_success(evidence)).max()
}

/// By the id, where the record has one: a name may have been somebody else's.
fn is_by_user(evidence: &Evidence, change: &Change) -> bool {
    match (change.is(Thing::User), evidence.user_id()) {
        (Some(id), Ok(Some(user))) => id == user,
        _ => change.is(Thing::UserName).is_some_and(|name| name.eq_ignore_ascii_case(evidence.user_label())),
    }
}
