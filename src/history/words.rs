//! Changes in plain words: who did what to what.

use jiff::{SignedDuration, Timestamp};

use crate::evidence::{Actor, ActorKind, Change, Evidence, Named, Outcome, Thing, What, permission_set_of_role};
use crate::wording;

/// Who called, in a few words: `scim-sync`, `alex.admin as IdentityAdmin`.
pub fn who(actor: &Actor) -> String {
    let name = actor.name.as_deref();
    match (actor.kind, name, actor.role.as_deref()) {
        (ActorKind::IdentityCenter, ..) => "Identity Center".to_owned(),
        (ActorKind::Scim, ..) => "the identity provider through SCIM".to_owned(),
        (ActorKind::Root, Some(account), _) => format!("the root user of {account}"),
        (ActorKind::Root, None, _) => "the root user".to_owned(),
        (ActorKind::Person | ActorKind::Role, Some(name), Some(role)) => format!("{name} as {role}"),
        (ActorKind::Person | ActorKind::Role, None, Some(role)) => role.to_owned(),
        (ActorKind::IamUser, Some(name), _) => format!("IAM user {name}"),
        (ActorKind::IdentityCenterUser, Some(id), _) => format!("user {id}"),
        (_, Some(name), _) => name.to_owned(),
        (_, None, _) => "somebody whom the record does not name".to_owned(),
    }
}

/// The name of a session in what the identity store has of who touched something: `AROA…:alex.admin`.
pub(super) fn session(by: &str) -> String {
    match by.split_once(':') {
        Some((id, session)) if id.starts_with("ARO") && !session.is_empty() => session.to_owned(),
        _ => by.to_owned(),
    }
}

/// A moment as people say it, without the year where that is the present one: `20 November 14:02`.
pub fn day(at: Timestamp, now: Timestamp) -> String {
    let year = |at: Timestamp| at.strftime("%Y").to_string();
    let form = if year(at) == year(now) { "%-d %B %H:%M" } else { "%-d %B %Y %H:%M" };
    at.strftime(form).to_string()
}

/// How far back was looked, in words.
pub(super) fn window(since: SignedDuration) -> String {
    let hours = usize::try_from(since.as_hours()).unwrap_or_default();
    match hours {
        0..48 => wording::count(hours.max(1), "hour"),
        _ => wording::count(hours / 24, "day"),
    }
}

/// A change as a sentence of its own, with when and through whom.
pub(super) fn told_of(evidence: &Evidence, change_told: &Change) -> String {
    let when = change_told.at.strftime("%Y-%m-%d at %H:%M");
    format!("{} on {when} UTC, by {}.", wording::capitalised(&change(evidence, change_told)), who(&change_told.by))
}

/// What was done, for people, with the names that are known now.
pub fn change(evidence: &Evidence, change: &Change) -> String {
    let told = sentence(evidence, change);
    match &change.outcome {
        Outcome::Done | Outcome::Accepted { .. } => told,
        Outcome::Refused { code: Some(code) } => format!("{told}: refused ({code})"),
        Outcome::Refused { code: None } => format!("{told}: refused"),
    }
}

/// The thing's own name where it is known, else what the record has of it.
fn label(evidence: &Evidence, change: &Change, thing: Thing) -> String {
    let Some(value) = change.is(thing) else {
        return match (change.named(thing), thing) {
            (Named::Hidden, Thing::User) => "somebody whom AWS hides".to_owned(),
            (_, Thing::User) => "somebody".to_owned(),
            (_, Thing::Group) => "a group".to_owned(),
            (_, Thing::PermissionSet) => "a permission set".to_owned(),
            (_, Thing::Role) => "a role".to_owned(),
            (_, Thing::Account) => "an account".to_owned(),
            (_, Thing::Policy) => "a policy".to_owned(),
            _ => "something that the record does not name".to_owned(),
        };
    };
    match thing {
        Thing::User => user(evidence, value),
        Thing::Group => format!("group {}", evidence.group_label(value)),
        Thing::Principal => principal(evidence, value),
        Thing::PermissionSet => evidence.permission_set_label(value).to_owned(),
        Thing::Account if evidence.account.id.as_deref() == Some(value) => evidence.account_label(),
        Thing::Role | Thing::SamlProvider => {
            let name = value.rsplit('/').next().unwrap_or(value);
            permission_set_of_role(name).map_or_else(|| name.to_owned(), |set| format!("{name} (of {set})"))
        }
        _ => value.to_owned(),
    }
}

fn user(evidence: &Evidence, id: &str) -> String {
    if evidence.user_id().ok().flatten() == Some(id) {
        return evidence.user_label().to_owned();
    }
    let other = evidence.other_user(id).ok().flatten().and_then(|user| user.user_name.clone());
    other.unwrap_or_else(|| format!("user {id}"))
}

fn principal(evidence: &Evidence, id: &str) -> String {
    if let Ok(Some(group)) = evidence.group(id) {
        return format!("group {}", group.name.as_deref().unwrap_or(id));
    }
    user(evidence, id)
}

fn sentence(evidence: &Evidence, change: &Change) -> String {
    let it = |thing| label(evidence, change, thing);
    let policy = || change.is(Thing::Policy).map_or_else(|| "its inline policy or boundary".to_owned(), str::to_owned);
    match change.what {
        What::MemberAdded => format!("{} was added to {}", it(Thing::User), it(Thing::Group)),
        What::MemberRemoved => format!("{} was removed from {}", it(Thing::User), it(Thing::Group)),
        What::MembersPatched => format!("members of {} were changed; AWS hides whose", it(Thing::Group)),
        What::MembershipLookedUp => format!("{}'s membership in {} was looked up", it(Thing::User), it(Thing::Group)),
        What::MembershipsListed => format!("the groups of {} were looked up", it(Thing::User)),
        What::GroupCreated => format!("{} was made", it(Thing::Group)),
        What::GroupUpdated => format!("{} was changed", it(Thing::Group)),
        What::GroupDeleted => format!("{} was deleted", it(Thing::Group)),
        What::UserCreated => format!("{} was made", it(Thing::User)),
        What::UserUpdated => format!("{} was changed", it(Thing::User)),
        What::UserDisabled => format!("{} was disabled", it(Thing::User)),
        What::UserEnabled => format!("{} was enabled", it(Thing::User)),
        What::UserActiveSet => match change.is(Thing::Active) {
            Some("false") => format!("{} was deactivated", it(Thing::User)),
            Some(_) => format!("{} was activated", it(Thing::User)),
            None => format!("whether {} is active was set; AWS hides to what", it(Thing::User)),
        },
        What::UserDeleted => format!("{} was deleted", it(Thing::User)),
        What::AssignmentCreated => format!(
            "{} was to be assigned to {} in {}",
            it(Thing::PermissionSet),
            it(Thing::Principal),
            it(Thing::Account)
        ),
        What::AssignmentDeleted => format!(
            "the assignment of {} to {} in {} was deleted",
            it(Thing::PermissionSet),
            it(Thing::Principal),
            it(Thing::Account)
        ),
        What::ProfileChanged => format!("what is assigned to {} was changed", it(Thing::Principal)),
        What::PermissionSetCreated => format!("permission set {} was made", it(Thing::PermissionSet)),
        What::PermissionSetUpdated => format!("permission set {} was changed", it(Thing::PermissionSet)),
        What::PermissionSetDeleted => format!("permission set {} was deleted", it(Thing::PermissionSet)),
        What::PermissionSetPolicyAdded => format!("permission set {} was given {}", it(Thing::PermissionSet), policy()),
        What::PermissionSetPolicyRemoved => {
            format!("permission set {} was left without {}", it(Thing::PermissionSet), policy())
        }
        What::PermissionSetProvisioned => format!("permission set {} was to be provisioned", it(Thing::PermissionSet)),
        What::AccessControlAttributesChanged => "the attributes for access control were changed".to_owned(),
        What::InstanceChanged => "the settings of the instance were changed".to_owned(),
        What::IdentitySourceChanged => "the identity source or its provider was changed".to_owned(),
        What::ScimTokenCreated => "a token for SCIM was made".to_owned(),
        What::ScimTokenDeleted => "a token for SCIM was deleted".to_owned(),
        What::RoleCreated => format!("role {} was made", it(Thing::Role)),
        What::RoleDeleted => format!("role {} was deleted", it(Thing::Role)),
        What::RolePoliciesChanged => format!("the policies of role {} were changed", it(Thing::Role)),
        What::RoleTrustChanged => format!("the trust policy of role {} was changed", it(Thing::Role)),
        What::SamlProviderCreated => format!("SAML provider {} was made", it(Thing::SamlProvider)),
        What::SamlProviderUpdated => format!("SAML provider {} was changed", it(Thing::SamlProvider)),
        What::SamlProviderDeleted => format!("SAML provider {} was deleted", it(Thing::SamlProvider)),
        What::PolicyCreated | What::OrganizationPolicyCreated => format!("policy {} was made", it(Thing::Policy)),
        What::PolicyUpdated | What::OrganizationPolicyUpdated => format!("policy {} was changed", it(Thing::Policy)),
        What::PolicyDeleted | What::OrganizationPolicyDeleted => format!("policy {} was deleted", it(Thing::Policy)),
        What::OrganizationPolicyAttached => {
            format!("policy {} was attached to {}", it(Thing::Policy), it(Thing::Target))
        }
        What::OrganizationPolicyDetached => {
            format!("policy {} was detached from {}", it(Thing::Policy), it(Thing::Target))
        }
        What::PolicyTypeEnabled => "a kind of policy was switched on in the organization".to_owned(),
        What::PolicyTypeDisabled => "a kind of policy was switched off in the organization".to_owned(),
        What::AccountMoved => {
            format!("account {} was moved from {} to {}", it(Thing::Account), it(Thing::From), it(Thing::To))
        }
        What::AccountClosed => format!("account {} was closed", it(Thing::Account)),
        What::AccountRemoved => format!("account {} left the organization", it(Thing::Account)),
        What::EntitlementCreated => format!("{} was entitled to {}", it(Thing::Principal), it(Thing::Role)),
        What::EntitlementDeleted => "an entitlement was deleted".to_owned(),
        What::KeyChanged => format!("KMS key {} was changed", it(Thing::Key)),
        What::SignedIn => format!("{} signed in", it(Thing::User)),
        What::RoleOpened => format!("{} opened {}", it(Thing::User), it(Thing::PermissionSetName)),
        What::RoleAssumed => format!("{} took role {}", it(Thing::UserName), it(Thing::Role)),
    }
}
