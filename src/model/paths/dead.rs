//! Assignments to users and groups that no longer exist. Deleting either leaves its assignments as they are, and whoever
//! is made anew under the same name has another id: it looks assigned, and is not. AWS tells no name of what is gone, so
//! that which of those who exist took its place can only be told by when they were made.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{AskedGroup, Scope};
use crate::evidence::{Assignment, Evidence, Gaps, Principal, PrincipalType};
use crate::model::{SetInAccount, permission_set_role};

/// What is assigned in the account, with the permission set asked for, to principals that no longer exist.
#[derive(Debug, Default)]
pub struct DeadAssignments<'a> {
    /// The assignments, in the order of permission set and principal.
    pub rows: Vec<&'a Assignment>,
    /// Whether the account is assigned to nobody else, and nobody is entitled there.
    pub nobody_else: bool,
    /// What could hide more of them.
    pub unknown: Gaps,
}

impl<'a> DeadAssignments<'a> {
    /// The principals that are gone, each once.
    pub fn principals(&self) -> BTreeSet<&'a Principal> {
        self.rows.iter().map(|row| &row.principal).collect()
    }
}

/// Finds them.
pub fn dead_assignments(evidence: &Evidence) -> Result<DeadAssignments<'_>, Gaps> {
    let Some(scope) = Scope::new(evidence.asked())? else { return Ok(DeadAssignments::default()) };
    let mut unknown = Gaps::default();
    scope.second_way(&mut unknown);
    let rows: BTreeSet<&Assignment> = scope.second_way_rows().collect();
    let entitled = scope.entitlements(&mut unknown).into_iter().map(|(_, row)| &row.principal);
    let entitled: BTreeSet<&Principal> = entitled.collect();
    let mut living = entitled.into_iter().any(|one| unknown.keep(exists(evidence, one)) != Some(false));
    let mut dead = Vec::new();
    for row in rows {
        match unknown.keep(exists(evidence, &row.principal)) {
            Some(false) => dead.push(row),
            Some(true) => living = true,
            None => {}
        }
    }
    let nobody_else = !living && !dead.is_empty() && unknown.0.is_empty();
    Ok(DeadAssignments { rows: dead, nobody_else, unknown })
}

fn exists(evidence: &Evidence, principal: &Principal) -> Result<bool, Gaps> {
    Ok(match principal.kind {
        PrincipalType::Group => evidence.group(&principal.id)?.is_some(),
        PrincipalType::User if evidence.user_id()? == Some(&principal.id) => true,
        PrincipalType::User => evidence.other_user(&principal.id)?.is_some(),
    })
}

/// Somebody who may have taken the place of a principal that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Successor<'a> {
    /// The user, or a group that they are in.
    pub kind: PrincipalType,
    /// Their id.
    pub id: &'a str,
    /// Whether they are known to be younger than the role that the assignment brought, and not merely not older.
    pub younger: bool,
}

impl Successor<'_> {
    /// As whom they would be assigned.
    pub fn principal(&self) -> Principal {
        Principal { kind: self.kind, id: self.id.to_owned() }
    }
}

/// Who of the user and their groups may have taken the place of a principal that is gone, those known to be younger than
/// the assignment first: whoever is older never did.
pub fn successors_of<'a>(evidence: &'a Evidence, dead: &DeadAssignments<'_>) -> Vec<Successor<'a>> {
    let mut found: Vec<Successor<'a>> = Vec::new();
    for one in dead.rows.iter().flat_map(|row| successors(evidence, row)) {
        match found.iter_mut().find(|known| known.id == one.id) {
            Some(known) => known.younger |= one.younger,
            None => found.push(one),
        }
    }
    found.sort_by_key(|one| (!one.younger, evidence.group_label(one.id), one.id));
    found
}

fn successors<'a>(evidence: &'a Evidence, dead: &Assignment) -> Vec<Successor<'a>> {
    let role = permission_set_role::role_of(SetInAccount::standing(evidence.in_account(), &dead.permission_set))
        .ok()
        .flatten()
        .and_then(|role| role.created);
    let kind = dead.principal.kind;
    let judged = |id: &'a str, created: Option<Timestamp>| match (created, role) {
        (Some(created), Some(role)) if created < role => None,
        (Some(created), Some(role)) => Some(Successor { kind, id, younger: created > role }),
        (None, _) | (_, None) => Some(Successor { kind, id, younger: false }),
    };
    match kind {
        PrincipalType::User => {
            let user = evidence.user.described.known().ok().and_then(Option::as_ref);
            // A stranger who left is as likely: only who is known to be younger counts.
            user.and_then(|user| judged(&user.id, user.created)).filter(|one| one.younger).into_iter().collect()
        }
        PrincipalType::Group => {
            let asked = super::asked_group(evidence.asked()).ok().and_then(AskedGroup::id);
            let own = evidence.user.memberships.known().into_iter().flatten().map(|one| one.group_id.as_str());
            let groups = own.filter(|id| asked.is_none_or(|asked| asked == *id));
            let existing = groups.filter_map(|id| Some((id, evidence.group(id).ok()??.created)));
            existing.filter_map(|(id, created)| judged(id, created)).collect()
        }
    }
}

/// Whether one of the user's own groups, or the user, is known to be younger than what is assigned to somebody who is
/// gone: then that is the likeliest reading of all.
pub fn was_made_anew(evidence: &Evidence) -> Result<bool, Gaps> {
    let dead = dead_assignments(evidence)?;
    Ok(successors_of(evidence, &dead).iter().any(|one| one.younger))
}
