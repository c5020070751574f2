//! The ways from the user to the account: user or group → permission set → account. A path is an assignment that
//! stands, or a request to create one that still runs or has failed; an entitlement of account access manager is a way
//! too. This module finds the ways and says what might hide others; whether one is open is for the rules to say.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::evidence::{
    Assignment, Call, Evidence, Fact, Gap, Gaps, Principal, PrincipalType, Reason, Request, RequestLog, RequestStatus,
};

mod entitled;

pub use entitled::{Entitled, Way, entitlements_of, is_entitled, may_be_out_of_sight, roles_entitled_to};

/// A way to the account through a permission set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// The permission set's ARN.
    pub permission_set: String,
    /// The user, or one of their groups.
    pub via: Principal,
    /// Whether the assignment stands, or has only been requested.
    pub stands: bool,
}

/// All ways found, and what could hide more of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// Assignments in the order of permission set and principal, then entitlements in that of role and principal.
    pub list: Vec<Way>,
    /// What could hide an assignment that stands, or an entitlement.
    pub hidden_assignments: Gaps,
    /// What could hide a request. A request alone lets nobody in, so these never hide an open path.
    pub hidden_requests: Gaps,
}

impl Paths {
    /// The ways through a permission set.
    pub fn assigned(&self) -> impl Iterator<Item = &Path> {
        self.list.iter().filter_map(Way::assigned)
    }

    /// The ways through an entitlement.
    pub fn entitled(&self) -> impl Iterator<Item = &Entitled> {
        self.list.iter().filter_map(Way::entitled)
    }
}

/// Finds the ways that the question asks about.
pub fn find(evidence: &Evidence) -> Paths {
    let mut paths = Paths::default();
    let Some(scope) = paths.hidden_assignments.keep(Scope::new(evidence)) else { return paths };
    let Some(scope) = scope else { return paths };
    let entitled = scope.entitled(&mut paths.hidden_assignments);
    let standing = scope.standing(!entitled.is_empty(), &mut paths.hidden_assignments);
    let requested = scope.requested(&standing, &mut paths.hidden_requests);
    let path = |(permission_set, via): (String, Principal), stands| Path { permission_set, via, stands };
    let mut assigned: Vec<Path> = standing.into_iter().map(|pair| path(pair, true)).collect();
    assigned.extend(requested.into_iter().map(|pair| path(pair, false)));
    assigned.sort_by_cached_key(|path| {
        (evidence.permission_set_label(&path.permission_set).to_owned(), path.via.clone(), !path.stands)
    });
    paths.list = assigned.into_iter().map(Way::Assigned).chain(entitled.into_iter().map(Way::Entitled)).collect();
    paths
}

/// Whether an assignment might stand that has not been seen. Entitlements that could not be read do not count: no other
/// question about assignments would tell more of them.
pub fn is_unsettled(evidence: &Evidence) -> bool {
    let mut hidden = Gaps::default();
    if let Some(Some(scope)) = hidden.keep(Scope::new(evidence)) {
        let entitled = !scope.entitled(&mut Gaps::default()).is_empty();
        scope.standing(entitled, &mut hidden);
    }
    !hidden.0.is_empty()
}

/// The groups assigned to the account, with the permission set asked for, or entitled there, that the user is not in.
/// `Err` where that cannot be said of every permission set.
pub fn groups_assigned_without_user(evidence: &Evidence) -> Result<BTreeSet<&str>, Gaps> {
    let Some(scope) = Scope::new(evidence)? else { return Ok(BTreeSet::new()) };
    let mut gaps = Gaps::default();
    scope.second_way(&mut gaps);
    let memberships = gaps.keep(scope.groups.clone());
    let entitled = scope.entitlements(&mut gaps).into_iter().map(|(_, row)| &row.principal);
    let principals = scope.second_way_rows().map(|row| &row.principal).chain(entitled);
    let groups = principals
        .filter(|principal| principal.kind == PrincipalType::Group)
        .map(|principal| principal.id.as_str())
        .filter(|id| memberships.as_ref().is_some_and(|groups| !groups.contains(id)))
        .filter(|id| scope.group.is_none_or(|asked| asked == *id))
        .collect();
    gaps.none_or_err()?;
    Ok(groups)
}

/// Everybody that the account is assigned to, with the permission set asked for, or who is entitled there. `Err` where
/// that cannot be said of every permission set.
pub fn assigned_principals(evidence: &Evidence) -> Result<BTreeSet<&Principal>, Gaps> {
    let Some(scope) = Scope::new(evidence)? else { return Ok(BTreeSet::new()) };
    let mut gaps = Gaps::default();
    scope.second_way(&mut gaps);
    let entitled = scope.entitlements(&mut gaps).into_iter().map(|(_, row)| &row.principal);
    gaps.none_or_err()?;
    Ok(scope.second_way_rows().map(|row| &row.principal).chain(entitled).collect())
}

/// The principals that the account is assigned to, where none of them exists any more: deleted users and groups keep
/// their assignments. `None` where the account is assigned to nobody, or to somebody who exists.
pub fn orphans(evidence: &Evidence) -> Result<Option<Vec<&Principal>>, Gaps> {
    let mut gaps = Gaps::default();
    let mut gone = Vec::new();
    for principal in assigned_principals(evidence)? {
        let exists = match principal.kind {
            PrincipalType::Group => evidence.group(&principal.id).map(|group| group.is_some()),
            PrincipalType::User => evidence.other_user(&principal.id).map(|user| user.is_some()),
        };
        match gaps.keep(exists) {
            Some(true) => return Ok(None),
            Some(false) => gone.push(principal),
            None => {}
        }
    }
    gaps.none_or_err()?;
    Ok(Some(gone).filter(|gone| !gone.is_empty()))
}

/// The ARNs of the permission sets that have the name (or ARN) asked for; `None` where none was asked for.
pub fn asked_permission_sets(evidence: &Evidence) -> Result<Option<Vec<&str>>, Gaps> {
    let Some(asked) = evidence.question.permission_set.as_deref() else { return Ok(None) };
    let sets = &evidence.access.permission_sets;
    if asked.starts_with("arn:") {
        let described = &evidence.permission_set(asked)?.described;
        let (arn, _) = sets.get_key_value(asked).ok_or_else(|| described.unclear("not described"))?;
        return Ok(Some(described.known()?.iter().map(|_| arn.as_str()).collect()));
    }
    let found: Vec<&str> = sets
        .iter()
        .filter(|(_, set)| matches!(set.described.known(), Ok(Some(set)) if set.name == asked))
        .map(|(arn, _)| arn.as_str())
        .collect();
    if !found.is_empty() {
        return Ok(Some(found));
    }
    // No set of that name: known only when every set of the instance told its name.
    let mut gaps = Gaps::default();
    for arn in evidence.access.permission_set_arns.known()? {
        gaps.keep(evidence.permission_set_name(arn));
    }
    gaps.none_or_err()?;
    Ok(Some(Vec::new()))
}

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

/// What the question is about, once every name in it has led to an id.
struct Scope<'a> {
    evidence: &'a Evidence,
    account: &'a str,
    user: &'a str,
    /// The groups the user is in.
    groups: Result<BTreeSet<&'a str>, Gap>,
    /// Only these permission sets, where `--permission-set` was given.
    sets: Option<Vec<&'a str>>,
    /// Only this group, where `--group` was given.
    group: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// `Ok(None)`: what was asked about does not exist, so that there can be no path.
    fn new(evidence: &'a Evidence) -> Result<Option<Self>, Gaps> {
        let mut gaps = Gaps::default();
        let account = gaps.keep(evidence.account_id());
        let user = gaps.keep(evidence.user_id());
        let sets = gaps.keep(asked_permission_sets(evidence));
        let group = gaps.keep(asked_group(evidence));
        gaps.none_or_err()?;
        let (Some(Some(account)), Some(Some(user)), Some(sets), Some(group)) = (account, user, sets, group) else {
            return Ok(None);
        };
        if sets.as_ref().is_some_and(Vec::is_empty) || group == Some(None) {
            return Ok(None);
        }
        let groups = evidence.user.memberships.known();
        let groups = groups.map(|list| list.iter().map(|membership| membership.group_id.as_str()).collect());
        Ok(Some(Self { evidence, account, user, groups, sets, group: group.flatten() }))
    }

    /// Whether an assignment is one that the question is about, whoever it is for.
    fn concerns(&self, account: &str, permission_set: &str, principal: &Principal) -> bool {
        account == self.account
            && self.sets.as_ref().is_none_or(|sets| sets.contains(&permission_set))
            && self.group.is_none_or(|group| principal.kind == PrincipalType::Group && principal.id == group)
    }

    /// Whether the principal is the user or a group they are in.
    fn includes_user(&self, principal: &Principal) -> Result<bool, Gap> {
        match principal.kind {
            PrincipalType::User => Ok(principal.id == self.user),
            PrincipalType::Group => {
                self.groups.as_ref().map(|groups| groups.contains(principal.id.as_str())).map_err(Clone::clone)
            }
        }
    }

    /// Assignments that stand for the user. Two ways are asked, because the first is silent about a permission set
    /// that was assigned but never provisioned: its silence alone never means that there is nothing. Where the user is
    /// entitled to a role there is something, and such a permission set would not let them in any better.
    fn standing(&self, entitled: bool, hidden: &mut Gaps) -> BTreeSet<(String, Principal)> {
        let mut found = BTreeSet::new();
        let first = &self.evidence.access.for_principal;
        let mut first_gaps = Gaps::default();
        for row in first_gaps.keep(first.known()).into_iter().flatten() {
            if !self.concerns(&row.account, &row.permission_set, &row.principal) {
                continue;
            }
            // AWS lists the user's own rows, so that one through a group shows the membership too. Where the
            // identity store says otherwise, something has changed in between and neither can be trusted.
            match self.includes_user(&row.principal) {
                Ok(true) | Err(_) => {
                    found.insert((row.permission_set.clone(), row.principal.clone()));
                }
                Ok(false) => hidden.0.push(first.unclear(format!(
                    "it names group {}, which the user is not in by ListGroupMembershipsForMember: ask again in a minute",
                    self.evidence.group_label(&row.principal.id)
                ))),
            }
        }
        let mut second_gaps = Gaps::default();
        for row in self.second_way_rows() {
            if self.group.is_some_and(|group| row.principal.id != group) {
                continue;
            }
            if second_gaps.keep(self.includes_user(&row.principal)) == Some(true) {
                found.insert((row.permission_set.clone(), row.principal.clone()));
            }
        }
        if found.is_empty() && !entitled {
            self.second_way(&mut second_gaps);
            if !second_gaps.0.is_empty() {
                hidden.0.extend(first_gaps.0);
                hidden.0.extend(second_gaps.0);
            }
        } else if !first_gaps.0.is_empty() {
            self.provisioned_way(&mut second_gaps);
            if !second_gaps.0.is_empty() {
                hidden.0.extend(first_gaps.0);
                hidden.0.extend(second_gaps.0);
            }
        }
        found
    }

    /// Rows of `ListAccountAssignments` that the question is about, for whomever they are.
    fn second_way_rows(&self) -> impl Iterator<Item = &'a Assignment> {
        let rows = self.evidence.access.by_permission_set.values().filter_map(|fact| fact.known().ok()).flatten();
        rows.filter(|row| {
            row.account == self.account
                && self.sets.as_ref().is_none_or(|sets| sets.contains(&row.permission_set.as_str()))
        })
    }

    /// What is missing for the second way to have covered every permission set that matters.
    fn second_way(&self, gaps: &mut Gaps) {
        if self.sets.is_none() {
            self.assignments_of(
                gaps.keep(self.evidence.access.permission_set_arns.known()).into_iter().flatten(),
                gaps,
            );
        }
        self.provisioned_way(gaps);
    }

    /// What is missing for the second way to have covered the permission sets that are provisioned to the account.
    fn provisioned_way(&self, gaps: &mut Gaps) {
        gaps.keep(self.groups.as_ref().map_err(Clone::clone));
        let access = &self.evidence.access;
        match &self.sets {
            Some(sets) => self.assignments_of(sets.iter().copied(), gaps),
            None => {
                for list in [&access.provisioned_latest, &access.provisioned_outdated] {
                    self.assignments_of(gaps.keep(list.known()).into_iter().flatten(), gaps);
                }
            }
        }
    }

    fn assignments_of(&self, sets: impl Iterator<Item = impl AsRef<str>>, gaps: &mut Gaps) {
        for arn in sets {
            let arn = arn.as_ref();
            match self.evidence.access.by_permission_set.get(arn) {
                Some(fact) => {
                    gaps.keep(fact.known());
                }
                None => gaps.0.push(self.evidence.unasked(
                    Call::ListAccountAssignments,
                    format!(
                        "assignments of permission set {} were not asked for",
                        self.evidence.permission_set_label(arn)
                    ),
                )),
            }
        }
    }

    /// Whether either way has told of the user's assignments with this permission set. While neither has, an assignment
    /// may stand that outranks the record of a request.
    fn told_of(&self, set: &str) -> Result<(), Gap> {
        match self.evidence.access.by_permission_set.get(set) {
            Some(rows) if rows.known().is_ok() => Ok(()),
            Some(_) | None => self.evidence.access.for_principal.known().map(|_| ()),
        }
    }

    /// Requests about the user or one of their groups, where no assignment stands: to create one, running or failed, or
    /// to delete one, still running.
    fn requested(&self, standing: &BTreeSet<(String, Principal)>, hidden: &mut Gaps) -> BTreeSet<(String, Principal)> {
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

/// The id of the group asked about: `None` where none was, `Some(None)` where there is no such group.
pub fn asked_group(evidence: &Evidence) -> Result<Option<Option<&str>>, Gap> {
    match (&evidence.question.group, &evidence.asked_group) {
        (None, _) => Ok(None),
        (Some(_), Some(fact)) => fact.known().map(|id| Some(id.as_deref())),
        (Some(name), None) => Err(evidence.unasked(Call::GetGroupId, format!("group {name} was not looked up"))),
    }
}
