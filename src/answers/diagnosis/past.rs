//! The past of an answer: since when its cause is there, what was changed meanwhile, and what of that could not be read.

use super::{Diagnosis, Moment};
use crate::evidence::{Actor, Call, Change, Evidence, Thing, What};
use crate::history::{self, Certainty, Dated, Since};
use crate::verdict::Unread;

/// What was changed, as moments.
pub(super) fn moments(evidence: &Evidence, dated: &Dated) -> Vec<Moment> {
    let changes = evidence.history.changes();
    let last = changes.iter().filter(|change| is_success(evidence, change)).max_by_key(|change| change.at);
    let told = changes.iter().filter(|change| change.what.changes() || last.is_some_and(|last| last.id == change.id));
    let known: Vec<&str> = evidence
        .user
        .role_events
        .iter()
        .filter_map(|log| log.known().ok())
        .flat_map(|log| &log.events)
        .map(|event| event.id.as_str())
        .collect();
    let moment = |change: &&Change| Moment {
        who: Some(history::who(&change.by)).filter(|_| change.what.changes()),
        account: Some(change.account.clone()),
        region: Some(change.region.clone()),
        event_id: Some(change.id.clone()).filter(|id| !id.is_empty()),
        explains: dated.explains.contains(&change.id),
        ..Moment::new(change.at, history::change(evidence, change), Call::LookupEvents)
    };
    told.filter(|change| !known.contains(&change.id.as_str())).map(moment).collect()
}

/// Whether the user got in.
fn is_success(evidence: &Evidence, change: &Change) -> bool {
    !change.is_refused()
        && match change.what {
            What::RoleAssumed => {
                change.is(Thing::UserName).is_some_and(|name| name.eq_ignore_ascii_case(evidence.user_label()))
            }
            What::RoleOpened => evidence.user_id().ok().flatten().is_some_and(|user| change.names(Thing::User, user)),
            _ => false,
        }
}

/// The gaps, with those of the past. No verdict hangs on these.
pub(super) fn with_gaps(gaps: impl Iterator<Item = Unread>, dated: &Dated) -> Vec<Unread> {
    let past = dated.gaps.iter().map(|gap| Unread { gap: gap.clone(), decides: false });
    let mut all: Vec<Unread> = gaps.chain(past).collect();
    all.sort_by(|a, b| (&a.gap, !a.decides).cmp(&(&b.gap, !b.decides)));
    all.dedup_by(|later, first| later.gap == first.gap);
    all
}

/// Since when the root cause is there, and through whom: `since 20 November 14:02 UTC, by scim-sync (198.51.100.17)`.
pub fn since(diagnosis: &Diagnosis) -> Option<String> {
    let Since { at, not_before, by, certainty, .. } = diagnosis.since.as_ref()?;
    let day = |at: &jiff::Timestamp| history::day(*at, diagnosis.collected_at);
    let probably = if *certainty == Certainty::Likely { "probably " } else { "" };
    let when = match not_before {
        None => format!("{probably}since {} UTC", day(at)),
        Some(first) => format!("{probably}since between {} and {} UTC", day(first), day(at)),
    };
    Some(match by {
        Some(by) => format!("{when}, by {}", through(by)),
        None => when,
    })
}

/// Who it was, with the address that they called from.
fn through(by: &Actor) -> String {
    match &by.address {
        Some(address) => format!("{} ({address})", history::who(by)),
        None => history::who(by),
    }
}
