//! The ways from the user to the account: user or group → permission set → account. A path is an assignment that
//! stands, or a request to create one that still runs or has failed; an entitlement of account access manager is a way
//! too. This module finds the ways and says what might hide others; whether one is open is for the rules to say.

use std::collections::BTreeSet;

use crate::evidence::{Asked, Call, Evidence, Gap, Gaps, Principal, PrincipalType};
use crate::model::denials;

mod dead;
mod elsewhere;
mod entitled;
mod requests;
mod scope;

pub use dead::{DeadAssignments, Successor, dead_assignments, successors_of, was_made_anew};
pub use elsewhere::{close_accounts_elsewhere, elsewhere, permission_sets_to_choose_from};
pub use entitled::{Entitled, Path, entitlements_of, is_entitled, may_be_out_of_sight, roles_entitled_to};
pub use requests::newest_request;
use scope::Scope;

/// A way to the account through a permission set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assigned {
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
    pub list: Vec<Path>,
    /// What could hide an assignment that stands, or an entitlement.
    pub hidden_assignments: Gaps,
    /// What could hide a request, the assignment of a permission set that the account does not have, or an assignment where
    /// none lets anybody in. These never hide an open path.
    pub hidden_requests: Gaps,
    /// What was asked for and did not come to an end, where other lists tell as much: nothing hangs on it.
    pub unread: Gaps,
}

impl Paths {
    /// The ways through a permission set.
    pub fn assigned(&self) -> impl Iterator<Item = &Assigned> {
        self.list.iter().filter_map(Path::assigned)
    }

    /// The ways through an entitlement.
    pub fn entitled(&self) -> impl Iterator<Item = &Entitled> {
        self.list.iter().filter_map(Path::entitled)
    }
}

/// Finds the ways that the question asks about.
pub fn find(evidence: Asked<'_>) -> Paths {
    let mut paths = Paths::default();
    let Some(scope) = paths.hidden_assignments.keep(Scope::new(evidence)) else { return paths };
    let Some(scope) = scope else { return paths };
    let entitled = scope.entitled(&mut paths.hidden_assignments);
    let mut hidden = Gaps::default();
    let standing = scope.standing(!entitled.is_empty(), &mut hidden);
    scope.unread_beside(&mut paths.hidden_requests);
    scope.unfinished(&mut paths.unread);
    let requested = scope.requested(&standing, &mut paths.hidden_requests);
    // Where no way is seen at all, what hides others still decides whether there is one.
    let is_seen = !entitled.is_empty() || !standing.is_empty() || !requested.is_empty();
    if is_seen && is_without_permission_sets(evidence) {
        // AWS then answers no question about assignments, and none is missed.
        paths.hidden_requests = Gaps::default();
    } else if is_seen
        && !hidden.0.is_empty()
        && denials::shut_every_assignment(evidence.in_account(), Some(evidence.person()))
    {
        paths.hidden_requests.0.extend(hidden.0);
    } else {
        paths.hidden_assignments.0.extend(hidden.0);
    }
    let path = |(permission_set, via): (String, Principal), stands| Assigned { permission_set, via, stands };
    let mut assigned: Vec<Assigned> = standing.into_iter().map(|pair| path(pair, true)).collect();
    assigned.extend(requested.into_iter().map(|pair| path(pair, false)));
    assigned.sort_by_cached_key(|path| {
        (evidence.permission_set_label(&path.permission_set).to_owned(), path.via.clone(), !path.stands)
    });
    paths.list = assigned.into_iter().map(Path::Assigned).chain(entitled.into_iter().map(Path::Entitled)).collect();
    paths
}

/// The ways that stand and that the question, about one permission set or one group, leaves out; as far as they were read.
pub fn left_out(evidence: &Evidence) -> Vec<Path> {
    if !evidence.question.is_narrowed() {
        return Vec::new();
    }
    let Some(everything) = Scope::of_everything(evidence.asked()) else { return Vec::new() };
    let (asked, mut unread) = (find(evidence.asked()).list, Gaps::default());
    let standing = everything.standing(true, &mut unread).into_iter();
    let standing = standing.map(|(permission_set, via)| Path::Assigned(Assigned { permission_set, via, stands: true }));
    let entitled = everything.entitled(&mut unread).into_iter().map(Path::Entitled);
    standing.chain(entitled).filter(|way| !asked.contains(way)).collect()
}

/// Whether all that was asked about exists, so that there can be a way at all.
pub fn can_be_any(evidence: &Evidence) -> bool {
    matches!(Scope::new(evidence.asked()), Ok(Some(_)))
}

/// Whether the instance is known to take no permission sets.
fn is_without_permission_sets(evidence: Asked<'_>) -> bool {
    evidence.instance_details.known().is_ok_and(|details| details.permission_sets_enabled == Some(false))
}

/// Whether an assignment might stand that has not been seen. Entitlements that could not be read do not count: no other
/// question about assignments would tell more of them.
pub fn is_unsettled(evidence: &Evidence) -> bool {
    let mut hidden = Gaps::default();
    if let Some(Some(scope)) = hidden.keep(Scope::new(evidence.asked())) {
        let entitled = !scope.entitled(&mut Gaps::default()).is_empty();
        scope.standing(entitled, &mut hidden);
    }
    !hidden.0.is_empty()
}

/// The groups assigned to the account, with the permission set asked for, or entitled there, that the user is not in.
/// `Err` where that cannot be said of every permission set.
pub fn groups_assigned_without_user(evidence: &Evidence) -> Result<BTreeSet<&str>, Gaps> {
    let Some(scope) = Scope::new(evidence.asked())? else { return Ok(BTreeSet::new()) };
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
    let Some(scope) = Scope::new(evidence.asked())? else { return Ok(BTreeSet::new()) };
    let mut gaps = Gaps::default();
    scope.second_way(&mut gaps);
    let entitled = scope.entitlements(&mut gaps).into_iter().map(|(_, row)| &row.principal);
    gaps.none_or_err()?;
    Ok(scope.second_way_rows().map(|row| &row.principal).chain(entitled).collect())
}

/// How many permission sets of the instance were not asked about, since the account has none of them.
pub fn unasked_permission_sets(evidence: &Evidence) -> usize {
    let all = evidence.permission_set_arns.known().into_iter().flatten();
    let unasked = all.filter(|arn| !evidence.account.assignments.contains_key(*arn)).count();
    if evidence.question.permission_set.is_none() && evidence.user.for_principal.known().is_ok() { unasked } else { 0 }
}

/// The ARNs of the permission sets that have the name (or ARN) asked for; `None` where none was asked for.
pub fn asked_permission_sets(evidence: Asked<'_>) -> Result<Option<Vec<&str>>, Gaps> {
    let Some(asked) = evidence.question.permission_set.as_deref() else { return Ok(None) };
    let sets = &evidence.shared().permission_sets;
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
    for arn in evidence.shared().permission_set_arns.known()? {
        gaps.keep(evidence.permission_set_name(arn));
    }
    gaps.none_or_err()?;
    Ok(Some(Vec::new()))
}

/// The group that a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedGroup<'e> {
    /// It is about no group.
    Unasked,
    /// There is no such group.
    Missing,
    /// The group of this id.
    Found(&'e str),
}

impl<'e> AskedGroup<'e> {
    /// Its id, where there is one.
    pub const fn id(self) -> Option<&'e str> {
        match self {
            Self::Found(id) => Some(id),
            Self::Unasked | Self::Missing => None,
        }
    }
}

/// The group that the question is about.
pub fn asked_group(evidence: Asked<'_>) -> Result<AskedGroup<'_>, Gap> {
    match (&evidence.question.group, evidence.asked_group) {
        (None, _) => Ok(AskedGroup::Unasked),
        (Some(_), Some(fact)) => fact.known().map(|id| id.as_deref().map_or(AskedGroup::Missing, AskedGroup::Found)),
        (Some(name), None) => Err(evidence.unasked(Call::GetGroupId, format!("group {name} was not looked up"))),
    }
}
