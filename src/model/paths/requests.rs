//! Requests to create or delete assignments and to provision: which is the newest, and which make a path where no
//! assignment stands.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Scope;
use crate::evidence::{Fact, Gap, Gaps, Principal, Reason, Request, RequestLog, RequestRow, RequestStatus};

/// The newest request of a log for one account, permission set and (where the log is about assignments) principal.
/// `Err` where a request that might be newer could not be read, or where nothing tells which of several is the newest.
pub fn newest_request<'a>(
    log: &'a RequestLog,
    account: &str,
    permission_set: &str,
    principal: Option<&Principal>,
) -> Result<Option<Found<'a>>, Gaps> {
    let about = |request: &Request| {
        request.account.as_deref() == Some(account)
            && request.permission_set.as_deref() == Some(permission_set)
            && principal.is_none_or(|principal| request.principal.as_ref() == Some(principal))
    };
    let mut gaps = Gaps::default();
    let mut unread = Vec::new();
    let mut newest: Option<Found<'a>> = None;
    for list in [&log.failed, &log.in_progress] {
        for (row, described) in rows(log, list, &mut gaps) {
            match described {
                Ok(request) if about(request.request) => {
                    newest = Some(newest.map_or(request, |other| other.newer(request)));
                }
                Ok(_) => {}
                Err(gap) => unread.push((row.created, gap)),
            }
        }
    }
    let older =
        |created: Option<Timestamp>| matches!((newest.and_then(Found::at), created), (Some(n), Some(at)) if at < n);
    gaps.0.extend(unread.into_iter().filter(|(created, _)| !older(*created)).map(|(_, gap)| gap));
    if let Some(failed) = newest.filter(|n| n.request.status == Some(RequestStatus::Failed)) {
        for (row, described) in rows(log, &log.succeeded, &mut gaps) {
            if matches!((row.created, failed.at()), (Some(at), Some(then)) if at < then) {
                continue;
            }
            let Some(found) = gaps.keep(described).filter(|found| about(found.request)) else { continue };
            match (found.at(), failed.at()) {
                (Some(at), Some(then)) if at < then => {}
                (Some(_), Some(_)) => newest = Some(found),
                (None, _) | (_, None) => {
                    gaps.0.push(found.fact.unclear(format!("AWS did not say when request {} was made", row.id)));
                }
            }
        }
    }
    gaps.none_or_err()?;
    Ok(newest)
}

/// The rows of a list, each with what the request was about. A row that is listed and was not described is not known,
/// whatever the reason for which it was left out.
fn rows<'a>(
    log: &'a RequestLog,
    list: &'a Fact<Vec<RequestRow>>,
    gaps: &mut Gaps,
) -> impl Iterator<Item = (&'a RequestRow, Result<Found<'a>, Gap>)> + use<'a> {
    let rows: &'a [RequestRow] = gaps.keep(list.known()).map_or(&[], Vec::as_slice);
    let undescribed = rows.iter().filter(|row| !log.described.contains_key(&row.id)).count();
    rows.iter().map(move |row| {
        let described = log.described.get(&row.id).ok_or_else(|| {
            let because = format!("{undescribed} of the {} requests that it lists were not described", rows.len());
            list.gap(Reason::NotAsked, because)
        });
        let described = described.and_then(|fact| match fact.known()? {
            Some(request) if log.is_whole(request) => Ok(Found { fact, request, listed: row.created }),
            Some(_) => Err(fact.unclear(format!("request {} does not say what it is about", row.id))),
            None => Err(fact.unclear(format!("request {} is listed, and then there is none", row.id))),
        });
        (row, described)
    })
}

/// A request, and the fact that holds it.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The answer it comes from.
    pub fact: &'a Fact<Option<Request>>,
    /// The request.
    pub request: &'a Request,
    /// When it was made, as the list has it.
    listed: Option<Timestamp>,
}

impl Found<'_> {
    /// When it was made: lists may leave it out, and so may descriptions.
    pub fn at(self) -> Option<Timestamp> {
        self.request.created.or(self.listed)
    }

    /// The newer of two. A request that still runs is newer than one that has ended, where their dates do not tell.
    fn newer(self, other: Self) -> Self {
        let runs = |found: Self| found.request.status == Some(RequestStatus::InProgress);
        let dated = self.at().zip(other.at()).filter(|(a, b)| a != b);
        let later = dated.map_or_else(|| runs(other) || !runs(self), |(a, b)| b > a);
        if later { other } else { self }
    }
}

impl Scope<'_> {
    /// Requests about the user or one of their groups, where no assignment stands: to create one, running or failed, or
    /// to delete one, still running.
    pub(super) fn requested(
        &self,
        standing: &BTreeSet<(String, Principal)>,
        hidden: &mut Gaps,
    ) -> BTreeSet<(String, Principal)> {
        let log = &self.evidence.creation;
        let mut wanted: BTreeSet<(&str, &Principal)> = BTreeSet::new();
        for list in [&log.failed, &log.in_progress] {
            wanted.extend(self.own(log, list, hidden));
        }
        let mut requested = BTreeSet::new();
        let deletions = &self.evidence.deletion;
        for (set, via) in self.own(deletions, &deletions.in_progress, hidden) {
            let pair = (set.to_owned(), via.clone());
            if !standing.contains(&pair) && hidden.keep(self.told_of(set)).is_some() {
                requested.insert(pair);
            }
        }
        for (set, via) in wanted {
            let pair = (set.to_owned(), via.clone());
            if standing.contains(&pair) || hidden.keep(self.told_of(set)).is_none() {
                continue;
            }
            let newest = hidden.keep(newest_request(log, self.account, set, Some(via))).flatten();
            if newest.is_some_and(|found| found.request.status != Some(RequestStatus::Succeeded)) {
                requested.insert(pair);
            }
        }
        requested
    }

    /// What the requests of a list are about, as far as they are about the user or one of their groups.
    fn own<'b>(
        &self,
        log: &'b RequestLog,
        list: &'b Fact<Vec<RequestRow>>,
        hidden: &mut Gaps,
    ) -> BTreeSet<(&'b str, &'b Principal)> {
        let mut own = BTreeSet::new();
        for (_, described) in rows(log, list, hidden) {
            let Some(Found { request, .. }) = hidden.keep(described) else { continue };
            let Request { account: Some(account), permission_set: Some(set), principal: Some(via), .. } = request
            else {
                continue;
            };
            if self.concerns(account, set, via) && hidden.keep(self.includes_user(via)) == Some(true) {
                own.insert((set.as_str(), via));
            }
        }
        own
    }
}
