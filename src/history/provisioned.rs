//! A permission set that was changed after it came into the account: the first change that was not carried out there, and
//! not the newest.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::causes::Of;
use super::search::Search;
use super::{Certainty, Dated, Since, Story, is_after, words};
use crate::evidence::{Change, Evidence, Fact, Outcome, Request, RequestRow, RequestStatus, Thing, What};

/// Dates it by the first change after the permission set was last carried out in the account.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let evidence = of.evidence;
    let Some(set) = of.set() else { return Dated::default() };
    let changes: Vec<&Change> = search.fitting(story).map(|(change, _)| change).collect();
    let carried_out = carried_out(story, &set);
    // AWS says that it is outdated: what was asked for after all of the changes did not come to pass, unless AWS says that
    // too. Then the change that counts is none of these.
    let newest = changes.iter().map(|change| change.at).max();
    let counts =
        |(at, is_certain): &(Timestamp, bool)| *is_certain || newest.is_some_and(|newest| is_after(newest, *at));
    let last = carried_out.into_iter().filter(counts).map(|(at, _)| at).max();
    let since = |change: &&&Change| last.is_none_or(|last| is_after(change.at, last));
    let Some(first) = changes.iter().filter(since).min_by_key(|change| change.at) else { return Dated::default() };
    let mut dated = Dated {
        since: Some(Since::of(first, Certainty::Likely)),
        explains: vec![first.id.clone()],
        ..Dated::default()
    };
    if last.is_none() && !evidence.history.is_unasked() {
        dated.notes.push(format!(
            "When {} was last provisioned is not logged as far back as was looked: it may have been outdated before.",
            evidence.permission_set_label(&set)
        ));
    }
    dated.notes.extend(further(&changes, first).map(|newest| words::told_of(evidence, newest)));
    dated
}

/// The newest change beside the first, which is not provisioned either.
fn further<'c>(changes: &[&'c Change], first: &Change) -> Option<&'c Change> {
    changes.iter().copied().filter(|change| is_after(change.at, first.at)).max_by_key(|change| change.at)
}

/// When the permission set was carried out in the account, and whether AWS says that it was: by a request of its own, or
/// with an assignment. What is known to have failed or to run yet is none.
fn carried_out(story: &Story<'_>, set: &str) -> Vec<(Timestamp, bool)> {
    let evidence = story.evidence;
    let account = evidence.account.id.as_deref();
    let asked = story.done.iter().filter_map(|change| {
        let is_here = match change.what {
            // For every account that has it, where none is named.
            What::PermissionSetProvisioned => change.is(Thing::Account).is_none_or(|id| Some(id) == account),
            What::AssignmentCreated => change.is(Thing::Account) == account,
            _ => false,
        };
        let status = requested(evidence, change);
        let may_be = is_here && change.names(Thing::PermissionSet, set) && !has_not_come(status);
        may_be.then_some((change.at, status == Some(RequestStatus::Succeeded)))
    });
    let requests = requests(&evidence.provisioning.described).filter(|request| {
        request.status == Some(RequestStatus::Succeeded)
            && request.permission_set.as_deref() == Some(set)
            && request.account.as_deref() == account
    });
    asked.chain(requests.filter_map(|request| Some((request.created?, true)))).collect()
}

fn has_not_come(status: Option<RequestStatus>) -> bool {
    matches!(status, Some(RequestStatus::Failed | RequestStatus::InProgress))
}

fn requests(described: &BTreeMap<String, Fact<Option<Request>>>) -> impl Iterator<Item = &Request> {
    described.values().filter_map(|fact| fact.known().ok()?.as_ref())
}

/// Where the request stands that a call made, as far as it was read: most are listed, and few described.
fn requested(evidence: &Evidence, change: &Change) -> Option<RequestStatus> {
    let Outcome::Accepted { request: Some(id) } = &change.outcome else { return None };
    [&evidence.provisioning, &evidence.creation].into_iter().find_map(|log| {
        let described = log.described.get(id).and_then(|fact| fact.known().ok()?.as_ref()?.status);
        let lists = [
            (&log.failed, RequestStatus::Failed),
            (&log.in_progress, RequestStatus::InProgress),
            (&log.succeeded, RequestStatus::Succeeded),
        ];
        let is_listed =
            |list: &Fact<Vec<RequestRow>>| list.known().is_ok_and(|rows| rows.iter().any(|row| row.id == *id));
        described.or_else(|| lists.into_iter().find(|(list, _)| is_listed(list)).map(|(_, status)| status))
    })
}
