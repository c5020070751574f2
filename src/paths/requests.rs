//! Requests to create or delete assignments and to provision: which is the newest, and which make a path where no
//! assignment stands.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Scope;
use crate::evidence::{Fact, Gaps, Principal, Reason, Request, RequestLog, RequestStatus};

/// The newest request of a log for one account, permission set and (where the log is about assignments) principal.
/// `Err` where a request that might be newer could not be read.
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
    for row in
        [&log.failed, &log.in_progress].into_iter().flat_map(|list| gaps.keep(list.known()).into_iter().flatten())
    {
        // A row without description was left out on purpose: the answer states the cap.
        let Some(fact) = log.described.get(&row.id) else { continue };
        match fact.known() {
            Ok(Some(request)) if about(request) && newest.is_none_or(|n| n.request.created <= request.created) => {
                newest = Some(Found { fact, request });
            }
            Ok(_) => {}
            Err(gap) => unread.push((row.created, gap)),
        }
    }
    let older =
        |created: Option<Timestamp>| matches!((newest, created), (Some(n), Some(at)) if Some(at) < n.request.created);
    gaps.0.extend(unread.into_iter().filter(|(created, _)| !older(*created)).map(|(_, gap)| gap));
    if let Some(failed) = newest.filter(|n| n.request.status == Some(RequestStatus::Failed)) {
        for row in gaps.keep(log.succeeded.known()).into_iter().flatten() {
            if matches!((row.created, failed.request.created), (Some(at), Some(then)) if at < then) {
                continue;
            }
            let fact = log.described.get(&row.id).ok_or_else(|| {
                log.succeeded.gap(Reason::NotAsked, format!("request {} was not described: too many are newer", row.id))
            });
            let Some(fact) = gaps.keep(fact) else { continue };
            if let Some(Some(request)) = gaps.keep(fact.known()).map(Option::as_ref)
                && about(request)
            {
                if request.created.is_none() || failed.request.created.is_none() {
                    gaps.0.push(fact.unclear(format!("AWS did not say when request {} was made", row.id)));
                }
                newest = Some(Found { fact, request });
            }
        }
    }
    gaps.none_or_err()?;
    Ok(newest)
}

/// A request, and the fact that holds it.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The answer it comes from.
    pub fact: &'a Fact<Option<Request>>,
    /// The request.
    pub request: &'a Request,
}

impl Scope<'_> {
    /// Requests about the user or one of their groups, where no assignment stands: to create one, running or failed, or
    /// to delete one, still running.
    pub(super) fn requested(
        &self,
        standing: &BTreeSet<(String, Principal)>,
        hidden: &mut Gaps,
    ) -> BTreeSet<(String, Principal)> {
        let log = &self.evidence.access.creation;
        let mut wanted: BTreeSet<(&str, &Principal)> = BTreeSet::new();
        for list in [&log.failed, &log.in_progress] {
            for row in hidden.keep(list.known()).into_iter().flatten() {
                let Some(request) = log.described.get(&row.id).and_then(|fact| hidden.keep(fact.known())) else {
                    continue;
                };
                let Some(Request { account: Some(account), permission_set: Some(set), principal: Some(via), .. }) =
                    request
                else {
                    continue;
                };
                if self.concerns(account, set, via) && hidden.keep(self.includes_user(via)) == Some(true) {
                    wanted.insert((set, via));
                }
            }
        }
        let mut requested = BTreeSet::new();
        let deletions = &self.evidence.access.deletion;
        for row in hidden.keep(deletions.in_progress.known()).into_iter().flatten() {
            let Some(found) = deletions.described.get(&row.id).and_then(|fact| hidden.keep(fact.known())) else {
                continue;
            };
            let Some(Request { account: Some(account), permission_set: Some(set), principal: Some(via), .. }) = found
            else {
                continue;
            };
            let pair = (set.clone(), via.clone());
            let own = self.concerns(account, set, via) && hidden.keep(self.includes_user(via)) == Some(true);
            if own && !standing.contains(&pair) && hidden.keep(self.told_of(set)).is_some() {
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
}
