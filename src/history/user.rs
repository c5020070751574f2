//! A user who is disabled. The state tells when they were last changed, which is when, or after, it happened.

use jiff::SignedDuration;

use super::search::Look;
use super::{Certainty, Dated, Lane, Since, Story, is_after};
use crate::evidence::{Attribute, Change, Evidence, Named, Thing, What};

/// How far around a time that the state tells its event is looked for.
const AROUND: SignedDuration = SignedDuration::from_mins(2);

/// The look-up around the user's last change: a page, however busy the account is.
pub(super) fn window(evidence: &Evidence) -> Option<Look> {
    let user = evidence.user.described.known().ok()?.as_ref()?;
    let updated = user.touched.updated?;
    let oldest = evidence.collected_at - SignedDuration::from_hours(90 * 24);
    is_after(updated, oldest).then(|| Look {
        lane: Lane::Home,
        by: Attribute::ReadOnly,
        value: "false".to_owned(),
        from: Some(updated - AROUND),
        until: Some(updated + AROUND),
    })
}

/// What is to be looked up by name, where the window around the user's last change does not hold it.
pub(super) fn further(story: &Story<'_>) -> Vec<Look> {
    if window(story.evidence).is_none() || !matching(story).is_empty() {
        return Vec::new();
    }
    ["DisableUser", "EnableUser", "PatchUser", "PutUser"].map(|name| Look::named(Lane::Home, name)).into()
}

/// Changes that may have disabled the user since they were last known to be enabled, with how sure that is, oldest first.
/// Sessions outlive it, so that a success afterwards says nothing.
fn matching<'e>(story: &Story<'e>) -> Vec<(&'e Change, Certainty)> {
    let Ok(Some(user)) = story.evidence.user_id() else { return Vec::new() };
    let disables = |change: &&'e Change| {
        if !change.names(Thing::User, user) {
            return None;
        }
        match (change.what, change.named(Thing::Active)) {
            (What::UserDisabled, _) => Some((*change, Certainty::Confirmed)),
            (What::UserActiveSet, Named::Is(active)) if active == "false" => Some((*change, Certainty::Confirmed)),
            (What::UserActiveSet, Named::Hidden | Named::NotLogged) => Some((*change, Certainty::Likely)),
            _ => None,
        }
    };
    let enables = |later: &Change| {
        later.names(Thing::User, user)
            && match later.what {
                What::UserEnabled | What::UserCreated => true,
                What::UserActiveSet => later.names(Thing::Active, "true"),
                _ => false,
            }
    };
    let found = story.done.iter().filter_map(disables);
    found.filter(|(change, _)| !story.is_undone(change, enables)).collect()
}

/// Dates it.
pub(super) fn date(story: &Story<'_>) -> Dated {
    let found = matching(story);
    match found.as_slice() {
        [] => state(story.evidence),
        [(only, certainty)] => told(only, *certainty),
        // Disabled once more, or set to what the state now is: they were disabled before.
        [(first, Certainty::Confirmed), rest @ ..]
            if rest[..rest.len() - 1].iter().all(|(_, certainty)| *certainty == Certainty::Confirmed) =>
        {
            told(first, Certainty::Confirmed)
        }
        // Of those whose value is hidden, some may have enabled them again.
        [(first, _), .., (last, _)] => {
            let since = Since { not_before: Some(first.at), event: None, ..Since::of(last, Certainty::Likely) };
            let explains = found.iter().map(|(change, _)| change.id.clone()).collect();
            Dated { since: Some(since), explains, ..Dated::default() }
        }
    }
}

fn told(change: &Change, certainty: Certainty) -> Dated {
    Dated { since: Some(Since::of(change, certainty)), explains: vec![change.id.clone()], ..Dated::default() }
}

/// As far as the state itself tells: whoever changed the user last need not have disabled them.
fn state(evidence: &Evidence) -> Dated {
    let user = evidence.user.described.known().ok().and_then(Option::as_ref);
    let told = user.and_then(|user| Some((user, user.created?, user.touched.updated?)));
    let Some((user, created, at)) = told else { return Dated::default() };
    let since = Since { at, not_before: Some(created), by: None, event: None, certainty: Certainty::Likely };
    let by = user.touched.updated_by.as_deref().map(super::words::session);
    let notes = by.map(|by| {
        format!(
            "{} was disabled no later than {} UTC; last changed by {by}.",
            evidence.user_label(),
            at.strftime("%Y-%m-%d at %H:%M")
        )
    });
    Dated { since: Some(since), notes: notes.into_iter().collect(), ..Dated::default() }
}
