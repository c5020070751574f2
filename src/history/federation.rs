//! AWS STS refuses somebody whom it let in before: what was changed in between. Without that, the refusals themselves tell.

use super::causes::Of;
use super::search::Search;
use super::success;
use super::{A_SECOND, Certainty, Dated, Since, Story, is_after};

/// Dates it by the newest change before the first refusal; without one, by the last success and that refusal.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let sets = success::sets_of(of.evidence, of.finding, of.judgement);
    let last = story.success.as_ref().map(|success| success.at);
    let first = success::first_refusal(of.evidence, &sets, last);
    // What came after the first refusal did not bring it about.
    let dated = search.newest_of(story, |change| first.is_none_or(|first| !is_after(change.at, first + A_SECOND)));
    let dated = Dated { may_be: first.is_some(), ..dated };
    match first {
        Some(first) if dated.since.is_none() => Dated { since: last.map(|last| between(last, first)), ..dated },
        _ => dated,
    }
}

/// Since some moment between the two.
pub(super) const fn between(last: jiff::Timestamp, first: jiff::Timestamp) -> Since {
    Since { at: first, not_before: Some(last), by: None, event: None, certainty: Certainty::Likely }
}
