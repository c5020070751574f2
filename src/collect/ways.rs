//! From the user to the account: what still has to be asked once the user's own answers are in. Each step looks at the
//! paths found so far and asks for what they need.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::limiter::Urgency;
use super::requests::{self, Kind};
use super::role_policies::Versions;
use super::target::Target;
use super::{Home, second_way, when};
use crate::evidence::{
    Boundary, Evidence, Fact, Group, InsideFacts, PermissionSetEvidence, PolicyDocument, Principal, PrincipalType,
    Request, RequestLog, RequestStatus, User,
};
use crate::model::SetInAccount;
use crate::model::paths::{self, AskedGroup, Path};

/// How many groups are described for their names.
pub(super) const NAMED_GROUPS: usize = 100;
/// How many permission sets of groups that would help are described for their names.
const NAMED_SETS: usize = 12;
/// How many users that the account is assigned to are described, to see whether any of them still exists.
const DESCRIBED_USERS: usize = 100;
/// How many questions about permission sets are under way at once; their rate is the limiter's business.
pub(super) const PARALLEL: usize = 16;

/// A permission set's inline policy and its permissions boundary.
type Limits = (Fact<Option<PolicyDocument>>, Fact<Option<Boundary>>);
/// Groups, by id.
pub(super) type Groups = BTreeMap<String, Fact<Option<Group>>>;

/// What paths lead through.
struct Described {
    sets: Vec<(String, PermissionSetEvidence)>,
    groups: Groups,
    provisioning: Option<RequestLog>,
    target: InsideFacts,
}

impl Described {
    fn put_into(self, evidence: &mut Evidence) {
        evidence.permission_sets.extend(self.sets);
        evidence.groups.extend(self.groups);
        evidence.account.inside = self.target;
        super::replace(&mut evidence.provisioning, self.provisioning);
    }
}

impl Home<'_> {
    /// Asks for what the user's paths need, and where nothing is proven yet, the second way. Hands on the versions of
    /// policies that it came across.
    pub(super) async fn follow_the_ways(&self, evidence: &mut Evidence, inside: Option<&Target<'_>>) -> Versions {
        let mut versions = Versions::default();
        let Some(account) = evidence.account.id.clone() else { return versions };
        let mut elsewhere = None;
        if evidence.question.permission_set.is_some() {
            elsewhere = self.find_asked_set(evidence, &account).await;
        }
        let ways_in = paths::find(evidence.asked()).list;
        let can_be_any = paths::can_be_any(evidence);
        let none_stands = can_be_any && !second_way::any_stands(evidence);
        let needs_second_way = none_stands || paths::is_unsettled(evidence);
        let (most, urgency) = described_requests(evidence, &ways_in, can_be_any);
        let mut creation = evidence.creation.clone();
        let mut deletion = evidence.deletion.clone();
        let mut seen = evidence.clone();
        let asks_elsewhere = ways_in.is_empty() && elsewhere.is_none();
        let (groups, (), (), described, other) = tokio::join!(
            when(needs_second_way, self.second_way(&mut seen, &account)),
            Box::pin(self.describe_open(Kind::Deletion, &mut deletion, 0, Urgency::Essential)),
            Box::pin(self.describe_open(Kind::Creation, &mut creation, most, urgency)),
            Box::pin(self.describe(evidence, &ways_in, &account, (inside, &mut versions), Groups::new())),
            when(asks_elsewhere, self.elsewhere(evidence, &account)),
        );
        described.put_into(evidence);
        evidence.creation = creation;
        evidence.deletion = deletion;
        second_way::take(evidence, seen);
        self.mended_requests(evidence, &account).await;
        let found = paths::find(evidence.asked()).list;
        if found.is_empty() || found != ways_in {
            let groups = groups.unwrap_or_default();
            let describe = Box::pin(self.describe(evidence, &found, &account, (inside, &mut versions), groups));
            let users = when(found.is_empty(), self.assigned_users(evidence));
            let other = elsewhere.or(other.flatten());
            let other = when(found.is_empty(), self.named_elsewhere(evidence, other, &account));
            let (described, users, other) = tokio::join!(describe, users, other);
            described.put_into(evidence);
            evidence.users.extend(users.into_iter().flatten());
            if let Some((sets, elsewhere)) = other.flatten() {
                for (arn, set) in sets {
                    evidence.permission_sets.entry(arn).or_insert(set);
                }
                evidence.user.elsewhere = Some(elsewhere);
            }
        }
        versions
    }

    /// Asks for what these paths lead through, and for what their roles carry as soon as their names are known.
    async fn describe(
        &self,
        evidence: &Evidence,
        found: &[Path],
        account: &str,
        (inside, versions): (Option<&Target<'_>>, &mut Versions),
        known_groups: Groups,
    ) -> Described {
        let sets = async {
            let sets = self.sets_of(evidence, found).await;
            let mut early = evidence.clone();
            early.permission_sets.extend(sets.iter().cloned());
            if let Some(inside) = inside {
                inside.read_what_roles_carry(&mut early, versions).await;
            }
            (sets, early.account.inside)
        };
        let ((mut sets, target), mut limits, groups, provisioning) = tokio::join!(
            Box::pin(sets),
            Box::pin(self.limits_of(evidence, found)),
            Box::pin(self.groups_of(evidence, found, known_groups)),
            Box::pin(self.provisioning_requests(evidence, found, account)),
        );
        for (arn, set) in &mut sets {
            if let Some((inline, boundary)) = limits.remove(arn) {
                (set.inline, set.boundary) = (inline, boundary);
            }
        }
        Described { sets, groups, provisioning, target }
    }

    /// Whether the users that the account is assigned to exist: whoever is gone keeps their assignments.
    async fn assigned_users(&self, evidence: &Evidence) -> Vec<(String, Fact<Option<User>>)> {
        let principals = paths::assigned_principals(evidence).unwrap_or_default();
        let own = evidence.user_id().ok().flatten();
        let users = principals.into_iter().filter(|one| one.kind == PrincipalType::User && Some(&*one.id) != own);
        let ids: Vec<String> = users.map(|principal| principal.id.clone()).take(DESCRIBED_USERS).collect();
        let facts = join_all(ids.iter().map(|id| self.user(id))).await;
        ids.into_iter().zip(facts).collect()
    }

    /// Where a request for the user failed, asks whether a later one succeeded; but not where the assignment stands and
    /// works: that outranks the record of an older request.
    async fn mended_requests(&self, evidence: &mut Evidence, account: &str) {
        let principals = own_principals(evidence);
        let mut log = evidence.creation.clone();
        let failed = log.described.values().filter_map(|fact| fact.known().ok()?.as_ref()).filter(|request| {
            request.status == Some(RequestStatus::Failed)
                && request.account.as_deref() == Some(account)
                && request.principal.as_ref().is_some_and(|principal| principals.contains(principal))
                && !stands_and_works(evidence, request)
        });
        let since: Vec<Option<Timestamp>> = failed.map(|request| request.created).collect();
        if let Some(oldest) = since.iter().min() {
            self.add_succeeded(Kind::Creation, *oldest, &mut log).await;
            evidence.creation = log;
        }
    }

    /// The permission sets of the paths that are not read yet.
    fn unread_sets<'a>(evidence: &Evidence, found: &'a [Path]) -> BTreeSet<&'a str> {
        let sets = &evidence.permission_sets;
        let unread = |arn: &&str| sets.get(*arn).is_none_or(|set| set.customer_managed.is_not_asked());
        found.iter().filter_map(Path::assigned).map(|path| path.permission_set.as_str()).filter(unread).collect()
    }

    /// The permission sets of the paths, but for what nothing else waits for; and where there is no path, the names of
    /// those that a group of the account carries.
    async fn sets_of(&self, evidence: &Evidence, found: &[Path]) -> Vec<(String, PermissionSetEvidence)> {
        let sets = &evidence.permission_sets;
        let whole = Self::unread_sets(evidence, found);
        let mut named: BTreeSet<&str> = BTreeSet::new();
        if found.is_empty() {
            let groups = paths::groups_assigned_without_user(evidence).unwrap_or_default();
            let rows = evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
            let rows = rows.filter(|row| groups.contains(row.principal.id.as_str()));
            let unnamed = rows.map(|row| row.permission_set.as_str()).filter(|arn| !sets.contains_key(*arn));
            named.extend(unnamed.collect::<BTreeSet<&str>>().into_iter().take(NAMED_SETS));
        }
        let asking = whole.into_iter().map(|arn| (arn, true)).chain(named.into_iter().map(|arn| (arn, false)));
        let asking: Vec<_> = asking
            .map(|(arn, whole)| async move {
                let set = match (whole, sets.get(arn)) {
                    (true, Some(known)) => {
                        PermissionSetEvidence { described: known.described.clone(), ..self.policies_of(arn).await }
                    }
                    (true, None) => self.permission_set(arn).await,
                    (false, _) => self.named_permission_set(arn).await,
                };
                (arn.to_owned(), set)
            })
            .collect();
        stream::iter(asking).buffer_unordered(PARALLEL).collect().await
    }

    /// What limits the permission sets of the paths: nothing that is asked for next hangs on it.
    async fn limits_of(&self, evidence: &Evidence, found: &[Path]) -> BTreeMap<String, Limits> {
        let asking: Vec<_> = Self::unread_sets(evidence, found)
            .into_iter()
            .map(|arn| async move { (arn.to_owned(), tokio::join!(self.inline_policy(arn), self.boundary(arn))) })
            .collect();
        stream::iter(asking).buffer_unordered(PARALLEL).collect().await
    }

    /// The groups of the paths; and where there is no path, those that would make one and the user's own. Some may be
    /// known already.
    async fn groups_of(&self, evidence: &Evidence, found: &[Path], mut known: Groups) -> Groups {
        let via = found.iter().map(Path::via).filter(|via| via.kind == PrincipalType::Group).map(|via| via.id.as_str());
        let mut ids: BTreeSet<&str> = via.collect();
        if found.is_empty() {
            let assigned = paths::assigned_principals(evidence).unwrap_or_default().into_iter();
            let groups = assigned.filter(|principal| principal.kind == PrincipalType::Group);
            let groups: Vec<&str> = groups.map(|principal| principal.id.as_str()).collect();
            let (first, rest): (Vec<&str>, Vec<&str>) = groups.into_iter().partition(|id| known.contains_key(*id));
            ids.extend(first.into_iter().chain(rest).take(NAMED_GROUPS));
            let own = evidence.user.memberships.known().into_iter().flatten();
            ids.extend(own.map(|membership| membership.group_id.as_str()).take(NAMED_GROUPS));
            // Where the group that was meant comes from decides where somebody is added to it.
            ids.extend(paths::asked_group(evidence.asked()).ok().and_then(AskedGroup::id));
        }
        let ids: BTreeSet<&str> = ids.into_iter().filter(|id| !evidence.groups.contains_key(*id)).collect();
        known.retain(|id, _| ids.contains(id.as_str()));
        let unknown: Vec<&str> = ids.into_iter().filter(|id| !known.contains_key(*id)).collect();
        let asking = unknown.into_iter().map(|id| async move { (id.to_owned(), self.group(id).await) });
        known.extend(join_all(asking).await);
        known
    }

    /// The requests that provision permission sets: they matter only where an assigned set is not there in its latest
    /// version.
    async fn provisioning_requests(&self, evidence: &Evidence, found: &[Path], account: &str) -> Option<RequestLog> {
        let behind: BTreeSet<&str> = found
            .iter()
            .filter_map(Path::assigned)
            .filter(|path| path.stands)
            .map(|path| path.permission_set.as_str())
            .filter(|set| {
                SetInAccount::standing(evidence.in_account(), set).provisioned().in_latest_version() != Ok(true)
            })
            .collect();
        if behind.is_empty() {
            return None;
        }
        let mut log = evidence.provisioning.clone();
        if log.failed.is_not_asked() {
            log = self.list_requests(Kind::Provisioning).await;
            self.describe_open(Kind::Provisioning, &mut log, requests::DESCRIBED, Urgency::Essential).await;
        }
        let failed = log.described.values().filter_map(|fact| fact.known().ok()?.as_ref()).filter(|request| {
            request.status == Some(RequestStatus::Failed)
                && request.account.as_deref() == Some(account)
                && request.permission_set.as_deref().is_some_and(|set| behind.contains(set))
        });
        let since: Vec<Option<Timestamp>> = failed.map(|request| request.created).collect();
        if let Some(oldest) = since.iter().min().filter(|_| log.succeeded.is_not_asked()) {
            self.add_succeeded(Kind::Provisioning, *oldest, &mut log).await;
        }
        Some(log)
    }
}

/// How many of the requests that failed are described, and whether the verdict hangs on it: where nothing stands, they
/// tell why, and the second way tells whether.
fn described_requests(evidence: &Evidence, ways: &[Path], can_be_any: bool) -> (usize, Urgency) {
    // An assignment alone is no way in: why it was never provisioned stands in a request that failed.
    let is_way_in = |way: &Path| match way {
        Path::Assigned(path) => {
            path.stands && SetInAccount::of(evidence.in_account(), path).provisioned().in_any_version() == Ok(true)
        }
        Path::Entitled(_) => true,
    };
    if can_be_any && !ways.iter().any(is_way_in) {
        let urgency = if ways.is_empty() { Urgency::Refining } else { Urgency::Essential };
        return (requests::DESCRIBED, urgency);
    }
    let sets: BTreeSet<&str> =
        ways.iter().filter_map(Path::assigned).map(|path| path.permission_set.as_str()).collect();
    let failed = evidence.creation.failed.known().map_or(0, Vec::len);
    (requests::described_beside_a_way_in(failed, sets.len()), Urgency::Refining)
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
