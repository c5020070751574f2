//! From the user to the account: what still has to be asked once the user's own answers are in. Each step looks at the
//! paths found so far and asks for what they need.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::requests::{DESCRIBED, DESCRIBED_BESIDE_A_WAY_IN, Kind};
use super::{Home, second_way};
use crate::evidence::{
    Evidence, Fact, Group, PermissionSetEvidence, Principal, PrincipalType, Request, RequestLog, RequestStatus, User,
};
use crate::model::paths::{self, Way};
use crate::model::{SetInAccount, permission_set_role};

/// How many groups are described for their names.
const NAMED_GROUPS: usize = 100;
/// How many permission sets of groups that would help are described for their names.
const NAMED_SETS: usize = 20;
/// How many users that the account is assigned to are described, to see whether any of them still exists.
const DESCRIBED_USERS: usize = 100;
/// How many questions about permission sets are under way at once; their rate is the limiter's business.
pub(super) const PARALLEL: usize = 16;

impl Home<'_> {
    /// Asks for what the user's paths need, and where nothing is proven yet, the second way.
    pub(super) async fn follow_the_ways(&self, evidence: &mut Evidence) {
        let Some(account) = evidence.account.id.clone() else { return };
        if evidence.question.permission_set.is_some() {
            self.find_asked_set(evidence).await;
        }
        let ways_in = paths::find(evidence).list;
        // An assignment alone is no way in: why it was never provisioned stands in a request that failed.
        let is_way_in = |way: &Way| match way {
            Way::Assigned(path) => {
                path.stands
                    && permission_set_role::is_provisioned(SetInAccount::of(evidence.in_account(), path)) == Ok(true)
            }
            Way::Entitled(_) => true,
        };
        let most = if ways_in.iter().any(is_way_in) { DESCRIBED_BESIDE_A_WAY_IN } else { DESCRIBED };
        let mut creation = evidence.access.creation.clone();
        let mut deletion = evidence.access.deletion.clone();
        let ((), (), ()) = tokio::join!(
            Box::pin(self.describe_open(Kind::Creation, &mut creation, most)),
            Box::pin(self.describe_open(Kind::Deletion, &mut deletion, 0)),
            Box::pin(self.describe(evidence, &ways_in, &account)),
        );
        evidence.access.creation = creation;
        evidence.access.deletion = deletion;
        self.mended_requests(evidence, &account).await;
        let none_stands = paths::can_be_any(evidence) && !second_way::any_stands(evidence);
        if none_stands || paths::is_unsettled(evidence) {
            self.second_way(evidence, &account).await;
        }
        let found = paths::find(evidence).list;
        if found.is_empty() || found != ways_in {
            self.describe(evidence, &found, &account).await;
        }
        if found.is_empty() {
            let (users, elsewhere) =
                tokio::join!(Box::pin(self.assigned_users(evidence)), Box::pin(self.elsewhere(evidence, &account)));
            evidence.users.extend(users);
            self.name_elsewhere(evidence, elsewhere).await;
        }
    }

    /// Asks for what these paths lead through.
    async fn describe(&self, evidence: &mut Evidence, found: &[Way], account: &str) {
        let (sets, groups, log) = tokio::join!(
            Box::pin(self.sets_of(evidence, found)),
            Box::pin(self.groups_of(evidence, found)),
            Box::pin(self.provisioning_requests(evidence, found, account)),
        );
        evidence.access.permission_sets.extend(sets);
        evidence.groups.extend(groups);
        if let Some(log) = log {
            evidence.access.provisioning = log;
        }
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

    /// Finds the permission set that was asked about: among those of the user's rows, then among those of the account,
    /// then among all.
    async fn find_asked_set(&self, evidence: &mut Evidence) {
        let Some(asked) = evidence.question.permission_set.clone() else { return };
        if asked.starts_with("arn:") {
            let set = self.permission_set(&asked).await;
            evidence.access.permission_sets.insert(asked, set);
            return;
        }
        let access = &evidence.access;
        let rows = access.for_principal.known().into_iter().flatten();
        let own: BTreeSet<String> = rows.map(|row| row.permission_set.clone()).collect();
        self.name_until_found(evidence, own, &asked).await;
        let lists = [&evidence.access.provisioned_latest, &evidence.access.provisioned_outdated];
        let of_account: BTreeSet<String> = lists.into_iter().flat_map(|list| list.known()).flatten().cloned().collect();
        self.name_until_found(evidence, of_account, &asked).await;
        if is_found(evidence) {
            return;
        }
        evidence.access.permission_set_arns = self.permission_set_arns().await;
        let all = evidence.access.permission_set_arns.known().into_iter().flatten().cloned().collect();
        self.name_until_found(evidence, all, &asked).await;
    }

    /// Describes permission sets, in the order of their ARNs, until one has the name: in that order, so that the same
    /// organization makes the same recording.
    async fn name_until_found(&self, evidence: &mut Evidence, arns: BTreeSet<String>, name: &str) {
        if is_found(evidence) {
            return;
        }
        let unnamed = arns.into_iter().filter(|arn| !evidence.access.permission_sets.contains_key(arn));
        let unnamed: Vec<String> = unnamed.collect();
        let asking = unnamed.into_iter().map(|arn| async move {
            let set = self.named_permission_set(&arn).await;
            (arn, set)
        });
        let mut answers = stream::iter(asking).buffered(PARALLEL);
        while let Some((arn, set)) = answers.next().await {
            let found = matches!(set.described.known(), Ok(Some(set)) if set.name == name);
            evidence.access.permission_sets.insert(arn, set);
            if found {
                return;
            }
        }
    }

    /// Where a request for the user failed, asks whether a later one succeeded; but not where the assignment stands and
    /// works: that outranks the record of an older request.
    async fn mended_requests(&self, evidence: &mut Evidence, account: &str) {
        let principals = own_principals(evidence);
        let mut log = evidence.access.creation.clone();
        let failed = log.described.values().filter_map(|fact| fact.known().ok()?.as_ref()).filter(|request| {
            request.status == Some(RequestStatus::Failed)
                && request.account.as_deref() == Some(account)
                && request.principal.as_ref().is_some_and(|principal| principals.contains(principal))
                && !stands_and_works(evidence, request)
        });
        let since: Vec<Option<Timestamp>> = failed.map(|request| request.created).collect();
        if let Some(oldest) = since.iter().min() {
            self.add_succeeded(Kind::Creation, *oldest, &mut log).await;
            evidence.access.creation = log;
        }
    }

    /// The permission sets of the paths with all that they need; and where there is no path, the names of those that
    /// a group of the account carries.
    async fn sets_of(&self, evidence: &Evidence, found: &[Way]) -> Vec<(String, PermissionSetEvidence)> {
        let sets = &evidence.access.permission_sets;
        let unread = |arn: &&str| sets.get(*arn).is_none_or(|set| set.customer_managed.is_not_asked());
        let whole: BTreeSet<&str> =
            found.iter().filter_map(Way::assigned).map(|path| path.permission_set.as_str()).filter(unread).collect();
        let mut named: BTreeSet<&str> = BTreeSet::new();
        if found.is_empty() {
            let groups = paths::groups_assigned_without_user(evidence).unwrap_or_default();
            let rows = evidence.access.by_permission_set.values().filter_map(|fact| fact.known().ok()).flatten();
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

    /// The groups of the paths; and where there is no path, those that would make one and the user's own.
    async fn groups_of(&self, evidence: &Evidence, found: &[Way]) -> Vec<(String, Fact<Option<Group>>)> {
        let via = found.iter().map(Way::via).filter(|via| via.kind == PrincipalType::Group).map(|via| via.id.as_str());
        let mut ids: BTreeSet<&str> = via.collect();
        if found.is_empty() {
            let assigned = paths::assigned_principals(evidence).unwrap_or_default().into_iter();
            let groups = assigned.filter(|principal| principal.kind == PrincipalType::Group);
            ids.extend(groups.map(|principal| principal.id.as_str()).take(NAMED_GROUPS));
            let own = evidence.user.memberships.known().into_iter().flatten();
            ids.extend(own.map(|membership| membership.group_id.as_str()).take(NAMED_GROUPS));
            // Where the group that was meant comes from decides where somebody is added to it.
            ids.extend(paths::asked_group(evidence).ok().flatten().flatten());
        }
        let asking = ids.into_iter().filter(|id| !evidence.groups.contains_key(*id)).map(|id| async move {
            let group = self.group(id).await;
            (id.to_owned(), group)
        });
        join_all(asking).await
    }

    /// The requests that provision permission sets: they matter only where an assigned set is not there in its latest
    /// version.
    async fn provisioning_requests(&self, evidence: &Evidence, found: &[Way], account: &str) -> Option<RequestLog> {
        let behind: BTreeSet<&str> = found
            .iter()
            .filter_map(Way::assigned)
            .filter(|path| path.stands)
            .map(|path| path.permission_set.as_str())
            .filter(|set| {
                permission_set_role::is_provisioned_latest(SetInAccount::standing(evidence.in_account(), set))
                    != Ok(true)
            })
            .collect();
        if behind.is_empty() {
            return None;
        }
        let mut log = evidence.access.provisioning.clone();
        if log.failed.is_not_asked() {
            log = self.list_requests(Kind::Provisioning).await;
            self.describe_open(Kind::Provisioning, &mut log, DESCRIBED).await;
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

/// Whether the assignment that a request was to create stands, and its permission set is in the account.
fn stands_and_works(evidence: &Evidence, request: &Request) -> bool {
    let rows = evidence.access.for_principal.known().into_iter().flatten();
    let stands = rows.into_iter().any(|row| {
        Some(&row.permission_set) == request.permission_set.as_ref()
            && Some(&row.principal) == request.principal.as_ref()
    });
    let set = request.permission_set.as_deref();
    stands
        && set.is_some_and(|set| {
            permission_set_role::is_provisioned(SetInAccount::standing(evidence.in_account(), set)) == Ok(true)
        })
}

fn is_found(evidence: &Evidence) -> bool {
    matches!(paths::asked_permission_sets(evidence), Ok(Some(found)) if !found.is_empty())
}

/// The user and the groups they are known to be in.
fn own_principals(evidence: &Evidence) -> BTreeSet<Principal> {
    let user = evidence.user_id().ok().flatten().map(|id| Principal { kind: PrincipalType::User, id: id.to_owned() });
    let groups = evidence.user.memberships.known().into_iter().flatten();
    let groups = groups.map(|membership| Principal { kind: PrincipalType::Group, id: membership.group_id.clone() });
    user.into_iter().chain(groups).collect()
}
