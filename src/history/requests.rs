//! A request that failed or still runs. The state tells when it was made; CloudTrail, by whom.

use super::causes::{Of, is_same_assignment};
use super::search::Search;
use super::{Certainty, Dated, REPLACED, Since, Story, is_after};
use crate::evidence::{Change, Outcome, Request, Thing, What};

/// Dates the request behind the cause.
pub(super) fn date(story: &Story<'_>, _: &Search<'_>, of: Of<'_>) -> Dated {
    let Of { evidence, finding, judgement } = of;
    let log = match finding.rule {
        "assignment-deleting" => &evidence.deletion,
        "provisioning-failed" | "provisioning-in-progress" => &evidence.provisioning,
        _ => &evidence.creation,
    };
    let way = finding.path.and_then(|index| judgement.paths.get(index)).and_then(|(way, _)| way.assigned());
    let here = |request: &&Request| {
        request.account == evidence.account.id
            && way.is_some_and(|path| {
                request.permission_set.as_ref() == Some(&path.permission_set)
                    && request.principal.as_ref().is_none_or(|principal| *principal == path.via)
            })
    };
    let requests = log.described.values().filter_map(|fact| fact.known().ok()?.as_ref());
    let Some(request) = requests.filter(here).max_by_key(|request| request.created) else { return Dated::default() };
    let asked = story.done.iter().find(|change| is_of(change, &request.id));
    let Some(asked) = asked else {
        let since = request.created.map(|at| Since {
            at,
            not_before: None,
            by: None,
            event: None,
            // An earlier deletion may stand behind it.
            certainty: if evidence.history.is_unasked() { Certainty::Likely } else { Certainty::Confirmed },
        });
        return Dated { since, ..Dated::default() };
    };
    // Deleted and made anew by a pipeline: it began with the deletion.
    let replaced = story.done.iter().filter(|change| {
        finding.rule == "assignment-creation-failed"
            && change.what == What::AssignmentDeleted
            && is_same_assignment(change, asked)
            && change.by.name == asked.by.name
            && !is_after(change.at, asked.at)
            && !is_after(asked.at, change.at + REPLACED)
    });
    let explains = vec![asked.id.clone()];
    match replaced.max_by_key(|change| change.at) {
        Some(deleted) => Dated {
            since: Some(Since::of(deleted, Certainty::Confirmed)),
            explains: explains.into_iter().chain([deleted.id.clone()]).collect(),
            notes: vec![
                "The assignment was deleted to be made anew, and making it failed: until then it was there.".to_owned(),
            ],
            ..Dated::default()
        },
        None => Dated { since: Some(Since::of(asked, Certainty::Confirmed)), explains, ..Dated::default() },
    }
}

/// Whether a call made a request.
fn is_of(change: &Change, request: &str) -> bool {
    matches!(&change.outcome, Outcome::Accepted { request: Some(id) } if id == request)
        && change.is(Thing::PermissionSet).is_some()
}
