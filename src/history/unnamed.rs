//! What was deleted and is asked for by a name: AWS logs the id alone. Where nothing ties the two together, what was
//! deleted is told for what it is, and dates nothing.

use super::causes::Of;
use super::search::Search;
use super::{Dated, Story, words};
use crate::evidence::{Change, Thing, What};
use crate::wording;

/// Dates the deletion of a user.
pub(super) fn users(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    told(story, search, (What::UserDeleted, Thing::User), "user", &of.evidence.question.user)
}

/// Dates the deletion of a group.
pub(super) fn groups(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let name = of.evidence.question.group.as_deref().unwrap_or("the one");
    told(story, search, (What::GroupDeleted, Thing::Group), "group", name)
}

/// Dates the deletion of a permission set.
pub(super) fn permission_sets(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let name = of.evidence.question.permission_set.as_deref().unwrap_or("the one");
    told(story, search, (What::PermissionSetDeleted, Thing::PermissionSet), "permission set", name)
}

fn told(story: &Story<'_>, search: &Search<'_>, (what, thing): (What, Thing), noun: &str, name: &str) -> Dated {
    let mut dated = search.newest(story);
    if dated.since.is_some() {
        return dated;
    }
    // Of those whose name is known it was none.
    let made = |change: &Change| {
        let named = |one: &&&Change| one.what == What::PermissionSetCreated && one.is(thing) == change.is(thing);
        story.done.iter().find(named).is_some_and(|made| made.is(Thing::PermissionSetName).is_some())
    };
    let deleted: Vec<&Change> =
        story.done.iter().copied().filter(|change| change.what == what && !made(change)).collect();
    let Some(last) = deleted.iter().max_by_key(|change| change.at).filter(|_| !name.starts_with("arn:")) else {
        return dated;
    };
    let when = last.at.strftime("%Y-%m-%d at %H:%M");
    let by = words::who(&last.by);
    dated.may_be = true;
    dated.notes.push(match deleted.len() {
        1 => format!("A {noun} was deleted on {when} UTC, by {by}: AWS logs its id alone, and it may have been {name}."),
        many => format!(
            "{} were deleted, the last on {when} UTC, by {by}: AWS logs their ids alone, and {name} may have been one of them.",
            wording::count(many, noun)
        ),
    });
    dated
}
