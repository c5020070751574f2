//! A role that is gone. Identity Center deletes it with the last assignment: then whoever deleted that is to be named.

use jiff::SignedDuration;

use super::causes::Of;
use super::search::Search;
use super::{Certainty, Dated, Since, Story, is_after};
use crate::evidence::{ActorKind, Thing, What};

/// How long Identity Center takes from a deleted assignment to the role.
const MEANWHILE: SignedDuration = SignedDuration::from_mins(1);

/// Dates the deletion of the role.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let Of { finding, judgement, .. } = of;
    let dated = search.newest(story);
    let Some(since) = &dated.since else { return dated };
    if since.by.as_ref().is_none_or(|by| by.kind != ActorKind::IdentityCenter) {
        return dated;
    }
    let way = finding.path.and_then(|index| judgement.paths.get(index)).and_then(|(way, _)| way.assigned());
    let account = story.evidence.account.id.as_deref().unwrap_or_default();
    let before = story.done.iter().filter(|change| {
        change.what == What::AssignmentDeleted
            && change.names(Thing::Account, account)
            && way.is_some_and(|path| change.names(Thing::PermissionSet, &path.permission_set))
            && !is_after(change.at, since.at)
            && !is_after(since.at, change.at + MEANWHILE)
    });
    // Identity Center only carries out what somebody asked for.
    let Some(cause) = before.max_by_key(|change| change.at) else {
        return Dated { since: Some(Since { by: None, ..since.clone() }), ..dated };
    };
    let explains = dated.explains.iter().cloned().chain([cause.id.clone()]).collect();
    Dated { since: Some(Since::of(cause, Certainty::Likely)), explains, ..Dated::default() }
}
