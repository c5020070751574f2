//! The requests of Identity Center: their lists tell neither account nor permission set, so that every row that might matter
//! has to be described.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Plan;
use crate::evidence::{
    Answer, Call, Evidence, Fact, Principal, PrincipalType, Request, RequestKind, RequestRow, RequestStatus, Want,
};
use crate::model::SetInAccount;
use crate::model::paths::{self, Path};
use crate::model::refusals::{self, Standing};

/// How many requests of one list are described at the most, newest first.
const DESCRIBED: usize = 100;
/// How many failed ones where the user has a way in already, and a failure could only show a second one: all, where they
/// are no more than this.
const FEW: usize = 12;
/// A large organization fails often, and hardly any of that is about this user. The newest must do there, as many as may
/// leave with the rest before the last round is over; and the answer says how many were left.
const BESIDE_ONE_SET: usize = 9;
/// What each permission set more takes of these.
const CALLS_A_SET: usize = 5;

/// How many requests that failed are described beside a way in that leads through so many permission sets.
fn described_beside_a_way_in(failed: usize, sets: usize) -> usize {
    if failed <= FEW { FEW } else { BESIDE_ONE_SET.saturating_sub(CALLS_A_SET * sets.saturating_sub(1)) }
}

/// Of two requests, the newer comes first; a row without its date may be the newest of all.
fn newest_first(row: &RequestRow) -> std::cmp::Reverse<Timestamp> {
    std::cmp::Reverse(row.created.unwrap_or(Timestamp::MAX))
}

impl Plan<'_> {
    /// Describes the requests for assignments that run, and those that failed where they could tell something; whether all
    /// of it is there.
    pub(super) fn of_assignments(&mut self, ways: &[Path]) -> bool {
        let can_be_any = paths::can_be_any(self.evidence);
        let (most, is_essential) = described_requests(self.evidence, ways, can_be_any);
        let deletions = self.describe_open(RequestKind::Deletion, 0, true);
        let creations = self.describe_open(RequestKind::Creation, most, is_essential);
        // A request that was wanted when less was known is waited for too.
        let waits = self.so_far.waits_for(|want| matches!(want, Want::Request(RequestKind::Creation, _)));
        deletions && creations && !waits && self.mended()
    }

    /// Where a request for the user failed, asks whether a later one succeeded; but not where the assignment stands and
    /// works: that outranks the record of an older request.
    fn mended(&mut self) -> bool {
        let evidence = self.evidence;
        let principals = own_principals(evidence);
        let failed = failed_here(evidence, RequestKind::Creation);
        let failed = failed.filter(|request| {
            request.principal.as_ref().is_some_and(|principal| principals.contains(principal))
                && !stands_and_works(evidence, request)
        });
        let since: Vec<Option<Timestamp>> = failed.map(|request| request.created).collect();
        since.iter().min().is_none_or(|oldest| self.succeeded(RequestKind::Creation, *oldest))
    }

    /// The requests that provision permission sets: they matter only where an assigned set is not there in its latest
    /// version.
    pub(super) fn of_provisioning(&mut self, ways: &[Path]) -> bool {
        use RequestStatus::{Failed, InProgress, Succeeded};
        let kind = RequestKind::Provisioning;
        let evidence = self.evidence;
        let standing = ways.iter().filter_map(Path::assigned).filter(|path| path.stands);
        let is_behind = |set: &&str| {
            SetInAccount::standing(evidence.in_account(), set).provisioned().in_latest_version() != Ok(true)
        };
        let behind: BTreeSet<&str> = standing.map(|path| path.permission_set.as_str()).filter(is_behind).collect();
        if behind.is_empty() {
            return true;
        }
        let because = "no failed request of the user's calls for it";
        let list = Fact::not_asked(Call::ListPermissionSetProvisioningStatus, because);
        self.leave(Answer::Requests(kind, Succeeded, list));
        let are_listed = self.want_all([Want::Requests(kind, InProgress), Want::Requests(kind, Failed)]);
        if !are_listed || !self.describe_open(kind, DESCRIBED, true) {
            return false;
        }
        let failed = failed_here(evidence, kind)
            .filter(|request| request.permission_set.as_deref().is_some_and(|set| behind.contains(set)));
        let since: Vec<Option<Timestamp>> = failed.map(|request| request.created).collect();
        since.iter().min().is_none_or(|oldest| self.succeeded(kind, *oldest))
    }

    /// Where STS refused the user a role and nothing read so far says that this is over: whether Identity Center has
    /// written the role anew since.
    pub(super) fn rewritten(&mut self) {
        let Some(since) = oldest_refusal(self.evidence) else { return };
        for kind in [RequestKind::Creation, RequestKind::Provisioning] {
            if !refusals::knows_successes_since(self.evidence.shared.requests(kind), since) {
                self.succeeded(kind, Some(since));
            }
        }
    }

    /// Describes the requests that run, and up to `most` of those that failed, the newest first.
    fn describe_open(&mut self, kind: RequestKind, most: usize, is_essential: bool) -> bool {
        let log = self.evidence.shared.requests(kind);
        let running = log.in_progress.known().into_iter().flatten().take(DESCRIBED);
        let mut failed: Vec<&RequestRow> = log.failed.known().into_iter().flatten().collect();
        failed.sort_by_key(|row| newest_first(row));
        let wants = running.chain(failed.into_iter().take(most)).map(|row| Want::Request(kind, row.id.clone()));
        if is_essential {
            return self.want_all(wants);
        }
        let open: Vec<Want> = wants.filter(|want| !self.so_far.answered.contains(want)).collect();
        let is_all = open.is_empty();
        self.next.refining.extend(open);
        is_all
    }

    /// The requests that succeeded since `since`: one of them may have mended a failure.
    fn succeeded(&mut self, kind: RequestKind, since: Option<Timestamp>) -> bool {
        if !self.want(Want::Requests(kind, RequestStatus::Succeeded)) {
            return false;
        }
        let log = self.evidence.shared.requests(kind);
        let mut rows: Vec<&RequestRow> = log.succeeded.known().into_iter().flatten().collect();
        rows.retain(|row| !matches!((row.created, since), (Some(at), Some(since)) if at < since));
        rows.sort_by_key(|row| newest_first(row));
        self.want_all(rows.into_iter().take(DESCRIBED).map(|row| Want::Request(kind, row.id.clone())))
    }
}

/// The requests about the account that failed.
fn failed_here(evidence: &Evidence, kind: RequestKind) -> impl Iterator<Item = &Request> {
    let log = evidence.shared.requests(kind);
    log.described
        .values()
        .filter_map(|fact| fact.known().ok()?.as_ref())
        .filter(|request| request.status == Some(RequestStatus::Failed) && request.account == evidence.account.id)
}

/// How many of the requests that failed are described, and whether the verdict hangs on it: where nothing stands, they
/// tell why, and the second way tells whether.
fn described_requests(evidence: &Evidence, ways: &[Path], can_be_any: bool) -> (usize, bool) {
    // An assignment alone is no way in: why it was never provisioned stands in a request that failed.
    let is_way_in = |way: &Path| match way {
        Path::Assigned(path) => {
            path.stands && SetInAccount::of(evidence.in_account(), path).provisioned().in_any_version() == Ok(true)
        }
        Path::Entitled(_) => true,
    };
    if can_be_any && !ways.iter().any(is_way_in) {
        return (DESCRIBED, !ways.is_empty());
    }
    let sets: BTreeSet<&str> =
        ways.iter().filter_map(Path::assigned).map(|path| path.permission_set.as_str()).collect();
    let failed = evidence.creation.failed.known().map_or(0, Vec::len);
    (described_beside_a_way_in(failed, sets.len()), false)
}

/// Whether the assignment that a request was to create stands, and its permission set is in the account.
fn stands_and_works(evidence: &Evidence, request: &Request) -> bool {
    let rows = evidence.user.for_principal.known().into_iter().flatten();
    let stands = rows.into_iter().any(|row| {
        Some(&row.permission_set) == request.permission_set.as_ref()
            && Some(&row.principal) == request.principal.as_ref()
    });
    let set = request.permission_set.as_deref();
    stands
        && set.is_some_and(|set| {
            SetInAccount::standing(evidence.in_account(), set).provisioned().in_any_version() == Ok(true)
        })
}

/// The user and the groups they are known to be in.
fn own_principals(evidence: &Evidence) -> BTreeSet<Principal> {
    let user = evidence.user_id().ok().flatten().map(|id| Principal { kind: PrincipalType::User, id: id.to_owned() });
    let groups = evidence.user.memberships.known().into_iter().flatten();
    let groups = groups.map(|membership| Principal { kind: PrincipalType::Group, id: membership.group_id.clone() });
    user.into_iter().chain(groups).collect()
}

/// When the oldest refusal happened that stands and is not put in doubt by what was left unread.
fn oldest_refusal(evidence: &Evidence) -> Option<Timestamp> {
    let found = paths::find(evidence.asked());
    let refused = found.assigned().filter_map(|path| match refusals::standing(evidence, path) {
        Ok(Standing::Refused(seen, role)) => {
            let hidden = refusals::hidden_since(evidence, seen.event.at, Some(&role.arn));
            hidden.none_or_err().is_ok().then_some(seen.event.at)
        }
        Ok(Standing::Nothing | Standing::Over | Standing::Passing(_) | Standing::PutRight(_)) | Err(_) => None,
    });
    refused.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_few_failures_whole_and_of_many_what_holds_nothing_up() {
        assert!((0..=3).all(|sets| described_beside_a_way_in(12, sets) == 12));
        assert_eq!([1, 2, 3, 4].map(|sets| described_beside_a_way_in(80, sets)), [9, 4, 0, 0]);
    }
}
