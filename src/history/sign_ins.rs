//! Sign-ins that keep failing: what was changed before the first of them.

use super::causes::Of;
use super::federation::between;
use super::search::Search;
use super::{A_SECOND, Dated, Story, is_after};
use crate::model::sign_ins;

/// Dates it by the newest change between the last success and the first failure; without one, by these two.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let failing = sign_ins::failing(of.evidence);
    let Some((_, first)) = failing.first() else { return Dated::default() };
    let last = sign_ins::last_success(of.evidence);
    let is_between = |at| !is_after(at, first.at + A_SECOND) && last.is_none_or(|last| !is_after(last, at));
    let dated = Dated { may_be: true, ..search.newest_of(story, |change| is_between(change.at)) };
    match last {
        Some(last) if dated.since.is_none() => Dated { since: Some(between(last, first.at)), ..dated },
        _ => dated,
    }
}
