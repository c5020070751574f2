//! What is so new that it may not count everywhere yet: AWS takes a while to spread what was changed, and the access portal
//! knows what somebody had when they signed in.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::replayed;
use crate::evidence::{Change, Evidence, Principal, PrincipalType, RequestStatus, Thing, What};
use crate::history;
use crate::model::paths::{Assigned, Path};
use crate::model::{SetInAccount, permission_set_role};
use crate::verdict::PathState;
use crate::wording;

/// How long the access portal may show what was before.
const PORTAL: SignedDuration = SignedDuration::from_mins(10);
/// How long IAM takes to spread a role and its trust policy.
const ROLE: SignedDuration = SignedDuration::from_mins(2);
/// How long AWS Organizations takes to spread a policy.
const POLICY: SignedDuration = SignedDuration::from_mins(5);

/// What is new, each once.
pub(super) fn notes(evidence: &Evidence, ways: &[(Path, PathState)]) -> Vec<String> {
    let mut notes = memberships(evidence);
    let assigned: Vec<&Assigned> = ways.iter().filter_map(|(way, _)| way.assigned()).collect();
    notes.extend(assigned.iter().filter(|path| path.stands).filter_map(|path| assignment(evidence, path)));
    notes.extend(roles(evidence, &assigned));
    notes.extend(changes(evidence, ways));
    let mut told = BTreeSet::new();
    notes.retain(|note| told.insert(note.clone()));
    notes
}

/// How long ago something was that is no older than this. Clocks differ: what lies ahead is of now.
fn age(evidence: &Evidence, at: Timestamp, limit: SignedDuration) -> Option<String> {
    let age = evidence.collected_at.duration_since(at);
    (age < limit && age > -limit).then(|| replayed::age(age.max(SignedDuration::ZERO)))
}

fn memberships(evidence: &Evidence) -> Vec<String> {
    let fresh = evidence.user.memberships.known().into_iter().flatten().filter_map(|membership| {
        let age = evidence.collected_at.duration_since(membership.created?);
        (age < PORTAL).then(|| (&membership.group_id, replayed::age(age)))
    });
    let told = fresh.map(|(group, age)| {
        format!(
            "{} was added to group {} {age}: they should sign out of the access portal and in again.",
            evidence.user_label(),
            evidence.group_label(group)
        )
    });
    told.collect()
}

/// An assignment that was asked for a moment ago, by its request or by who asked.
fn assignment(evidence: &Evidence, path: &Assigned) -> Option<String> {
    let account = evidence.account.id.as_deref()?;
    let requests = evidence.creation.described.values().filter_map(|fact| fact.known().ok()?.as_ref());
    let requested = requests.filter(|request| {
        request.status != Some(RequestStatus::Failed)
            && request.account.as_deref() == Some(account)
            && request.permission_set.as_ref() == Some(&path.permission_set)
            && request.principal.as_ref() == Some(&path.via)
    });
    let logged = evidence.history.changes().into_iter().filter(|change| {
        change.what == What::AssignmentCreated
            && !change.is_refused()
            && change.names(Thing::Account, account)
            && change.names(Thing::PermissionSet, &path.permission_set)
            && change.names(Thing::Principal, &path.via.id)
    });
    let at = requested.filter_map(|request| request.created).chain(logged.map(|change| change.at)).max()?;
    let age = age(evidence, at, PORTAL)?;
    let to = match &path.via {
        Principal { kind: PrincipalType::User, .. } => evidence.user_label().to_owned(),
        Principal { kind: PrincipalType::Group, id } => format!("group {}", evidence.group_label(id)),
    };
    Some(format!(
        "{} was assigned to {to} {age}: they should sign out of the access portal and in again.",
        evidence.permission_set_label(&path.permission_set)
    ))
}

fn roles(evidence: &Evidence, assigned: &[&Assigned]) -> Vec<String> {
    let role = |path: &&Assigned| {
        let role = permission_set_role::role_of(SetInAccount::of(evidence.in_account(), path)).ok().flatten()?;
        let age = age(evidence, role.created?, ROLE)?;
        Some(format!(
            "Role {} was made {age}: it may not have spread yet. They should try again in two minutes.",
            role.name
        ))
    };
    assigned.iter().filter_map(role).collect()
}

/// Changes that CloudTrail tells of: of the trust policies of the roles, and of the organization's policies.
fn changes(evidence: &Evidence, ways: &[(Path, PathState)]) -> Vec<String> {
    let roles: BTreeSet<String> = ways.iter().filter_map(|(way, _)| role_name(evidence, way)).collect();
    let account = evidence.account.id.as_deref();
    let limit = |change: &Change| match change.what {
        What::RoleTrustChanged => {
            let is_here = Some(change.account.as_str()) == account;
            (is_here && change.is(Thing::Role).is_some_and(|role| roles.contains(role))).then_some(ROLE)
        }
        What::OrganizationPolicyAttached | What::OrganizationPolicyDetached => {
            let target = change.is(Thing::Target)?;
            evidence.policies.attached.contains_key(target).then_some(POLICY)
        }
        What::OrganizationPolicyUpdated => {
            let id = change.is(Thing::Policy)?;
            let lists = evidence.policies.attached.values().flat_map(|of| [&of.service_control, &of.resource_control]);
            let mut attached = lists.filter_map(|list| list.known().ok()).flatten();
            attached.any(|policy| policy.id == id).then_some(POLICY)
        }
        What::AccountMoved => (change.is(Thing::Account) == account).then_some(POLICY),
        What::PolicyTypeEnabled | What::PolicyTypeDisabled => Some(POLICY),
        _ => None,
    };
    let changes = evidence.history.changes().into_iter().filter(|change| !change.is_refused());
    let told = changes.filter_map(|change| {
        let age = age(evidence, change.at, limit(change)?)?;
        let what = wording::capitalised(&history::change(evidence, change));
        Some(format!("{what} {age}: that may not have spread yet. They should try again in a few minutes."))
    });
    told.collect()
}

fn role_name(evidence: &Evidence, way: &Path) -> Option<String> {
    match way {
        Path::Assigned(path) => {
            let role = permission_set_role::role_of(SetInAccount::of(evidence.in_account(), path)).ok().flatten();
            role.map(|role| role.name.clone())
        }
        Path::Entitled(entitled) => Some(entitled.role_name().to_owned()),
    }
}

#[cfg(test)]
mod tests;
