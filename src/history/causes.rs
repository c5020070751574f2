//! What to look for, by the rule that found the cause. A change is the one by the ids of what it is about, never by names
//! that may have been given anew.

use std::collections::BTreeSet;

use super::search::Search;
use super::{Certainty, Lane};
use crate::evidence::{Change, Evidence, PolicyReference, PrincipalType, Thing, What, permission_set_of_role};
use crate::findings::Subject;
use crate::model::paths;
use crate::model::sign_in_call::is_identity_center_provider;
use crate::verdict::{Finding, Judgement};

use Certainty::{Confirmed, Likely};
use Lane::{Global, Home, TargetGlobal};

/// What to look for; nothing where no change that is logged could tell.
pub(super) fn search<'e>(evidence: &'e Evidence, finding: &'e Finding, judgement: &Judgement) -> Option<Search<'e>> {
    let set = set_of(finding, judgement);
    Some(match finding.rule {
        "not-in-assigned-group" => members(),
        "assignment-missing" => assignments(evidence)?,
        "assignment-orphaned-principal" => principals(evidence)?,
        "assignment-creation-failed" | "assignment-creating" => {
            requested(&[(Home, "CreateAccountAssignment"), (Home, "DeleteAccountAssignment")])
        }
        "assignment-deleting" => requested(&[(Home, "DeleteAccountAssignment")]),
        "provisioning-failed" | "provisioning-in-progress" => requested(&[(Home, "ProvisionPermissionSet")]),
        "user-disabled" => users(evidence),
        "user-not-found" => user_gone(evidence)?,
        "permission-set-not-found" => set_gone(evidence)?,
        "customer-managed-policy-missing" | "permissions-boundary-missing" | "aws-managed-policy-missing" => {
            policies(evidence, finding, set?)
        }
        "permission-set-denies-session" | "user-denied-by-policy" => denials(set?),
        "permission-set-outdated" => outdated(set?),
        "role-missing" => roles(evidence, set?),
        "role-trust-altered" | "entitlement-role-trust-missing" => trust(evidence, finding, judgement)?,
        "role-policies-differ" => role_policies(evidence, set?)?,
        "saml-provider-missing" => provider(evidence)?,
        "resource-control-policy-denies" | "service-control-policy-denies-session" => {
            organization_policies(evidence, finding)
        }
        "account-not-active" => {
            account(evidence, &[(Global, "CloseAccount"), (Global, "CloseAccountResult")], What::AccountClosed)?
        }
        "account-not-in-organization" => account(
            evidence,
            &[(Global, "RemoveAccountFromOrganization"), (TargetGlobal, "LeaveOrganization")],
            What::AccountRemoved,
        )?,
        "session-tags-invalid" => Search::new(
            [
                (Home, "UpdateInstanceAccessControlAttributeConfiguration"),
                (Home, "CreateInstanceAccessControlAttributeConfiguration"),
            ],
            |change| (change.what == What::AccessControlAttributesChanged).then_some(Likely),
        ),
        "sign-in-failed" => Search::new(
            [
                (Home, "DisableExternalIdPConfigurationForDirectory"),
                (Home, "ImportExternalIdPCertificate"),
                (Home, "DeleteExternalIdPCertificate"),
                (Home, "PutMfaDeviceManagementForDirectory"),
            ],
            |change| {
                let fits = change.what == What::IdentitySourceChanged
                    || change.event.ends_with(":PutMfaDeviceManagementForDirectory");
                fits.then_some(Likely)
            },
        ),
        _ => return None,
    })
}

/// The permission set of the way on which the cause was found.
fn set_of(finding: &Finding, judgement: &Judgement) -> Option<String> {
    let (way, _) = judgement.paths.get(finding.path?)?;
    way.assigned().map(|path| path.permission_set.clone())
}

/// Which change it is, `membership` tells.
fn members() -> Search<'static> {
    let names = [(Home, "RemoveMemberFromGroup"), (Home, "DeleteGroupMembership"), (Home, "PatchGroup")];
    Search::new(names, |_| None).about_people()
}

/// Which change it is, `requests` tells.
fn requested(names: &[(Lane, &'static str)]) -> Search<'static> {
    Search::new(names.iter().copied(), |_| None)
}

/// Which change it is, `user` tells.
fn users(evidence: &Evidence) -> Search<'_> {
    let names = [(Home, "DisableUser"), (Home, "EnableUser"), (Home, "PatchUser"), (Home, "PutUser")];
    let mut search = Search::new(names, |_| None).about_people();
    if let Some(window) = super::user::window(evidence) {
        search.looks = vec![window];
    }
    search
}

fn assignments(evidence: &Evidence) -> Option<Search<'_>> {
    let account = evidence.account.id.as_deref()?;
    let user = evidence.user_id().ok().flatten()?;
    let asked = paths::asked_permission_sets(evidence.asked()).ok().flatten();
    let asked: Option<BTreeSet<&str>> = asked.map(|sets| sets.into_iter().collect());
    let group = paths::asked_group(evidence.asked()).ok().and_then(paths::AskedGroup::id);
    let own: BTreeSet<&str> = if let Some(group) = group {
        BTreeSet::from([group])
    } else {
        let groups = evidence.user.memberships.known().ok()?.iter().map(|row| row.group_id.as_str());
        groups.chain([user]).collect()
    };
    let names = [(Home, "DeleteAccountAssignment"), (Home, "CreateAccountAssignment")];
    let search = Search::new(names, move |change| {
        let fits = change.what == What::AssignmentDeleted
            && change.names(Thing::Account, account)
            && change.is(Thing::Principal).is_some_and(|id| own.contains(id))
            && change.is(Thing::PermissionSet).is_some_and(|set| asked.as_ref().is_none_or(|sets| sets.contains(set)));
        fits.then_some(Confirmed)
    });
    Some(search.undone_by(|change, later| later.what == What::AssignmentCreated && is_same_assignment(change, later)))
}

/// Whether two records are about one assignment.
pub(super) fn is_same_assignment(one: &Change, other: &Change) -> bool {
    let things = [Thing::Account, Thing::PermissionSet, Thing::Principal];
    things.into_iter().all(|thing| one.is(thing).is_some() && one.is(thing) == other.is(thing))
}

/// Users and groups that are assigned here, and gone.
fn principals(evidence: &Evidence) -> Option<Search<'_>> {
    let dead = paths::dead_assignments(evidence).ok()?;
    let dead: BTreeSet<_> = dead.principals();
    let is_of = |kind| dead.iter().any(|principal| principal.kind == kind);
    let mut names = Vec::new();
    if is_of(PrincipalType::Group) {
        names.push((Home, "DeleteGroup"));
    }
    if is_of(PrincipalType::User) {
        names.push((Home, "DeleteUser"));
    }
    let gone: BTreeSet<(PrincipalType, String)> =
        dead.iter().map(|principal| (principal.kind, principal.id.clone())).collect();
    let search = Search::new(names, move |change| {
        let (kind, thing) = match change.what {
            What::GroupDeleted => (PrincipalType::Group, Thing::Group),
            What::UserDeleted => (PrincipalType::User, Thing::User),
            _ => return None,
        };
        gone.contains(&(kind, change.is(thing)?.to_owned())).then_some(Confirmed)
    });
    Some(search.about_people())
}

/// A user that was asked for by id. Of a name, CloudTrail does not tell.
fn user_gone(evidence: &Evidence) -> Option<Search<'_>> {
    let ids: BTreeSet<&str> = evidence
        .user
        .lookups
        .iter()
        .filter(|lookup| lookup.by == crate::evidence::LookupBy::UserId)
        .map(|lookup| lookup.value.as_str())
        .collect();
    if ids.is_empty() {
        return None;
    }
    Some(Search::new([(Home, "DeleteUser")], move |change| {
        let fits = change.what == What::UserDeleted && change.is(Thing::User).is_some_and(|user| ids.contains(user));
        fits.then_some(Confirmed)
    }))
}

/// A permission set that was asked for: by its ARN, or by the name that it was made with.
fn set_gone(evidence: &Evidence) -> Option<Search<'_>> {
    let asked = evidence.question.permission_set.as_deref()?;
    let named: BTreeSet<String> = evidence
        .history
        .changes()
        .into_iter()
        .filter(|change| change.what == What::PermissionSetCreated && change.names(Thing::PermissionSetName, asked))
        .filter_map(|change| change.is(Thing::PermissionSet).map(str::to_owned))
        .collect();
    let both = [(Home, "DeletePermissionSet"), (Home, "CreatePermissionSet")];
    let wanted = if asked.starts_with("arn:") { &both[..1] } else { &both[..] };
    Some(Search::new(wanted.iter().copied(), move |change| {
        let set = change.is(Thing::PermissionSet).filter(|_| change.what == What::PermissionSetDeleted)?;
        (set == asked || named.contains(set)).then_some(Confirmed)
    }))
}

/// The account does not have a policy that the permission set names: since the one was deleted, or the other named it.
fn policies<'e>(evidence: &'e Evidence, finding: &'e Finding, set: String) -> Search<'e> {
    let mut names = match finding.rule {
        "permissions-boundary-missing" => vec![(Home, "PutPermissionsBoundaryToPermissionSet")],
        "aws-managed-policy-missing" => vec![(Home, "AttachManagedPolicyToPermissionSet")],
        _ => vec![(Home, "AttachCustomerManagedPolicyReferenceToPermissionSet")],
    };
    let own = finding.fault.about.iter().any(|about| matches!(about, Subject::Policy(_)));
    if own {
        names.extend([(TargetGlobal, "DeletePolicy"), (TargetGlobal, "CreatePolicy")]);
    }
    let account = evidence.account.id.clone().unwrap_or_default();
    let search = Search::new(names, move |change| {
        let policy = change.is(Thing::Policy)?;
        let fits = finding.fault.about.iter().any(|about| match (change.what, about) {
            (What::PolicyDeleted, Subject::Policy(reference)) => {
                change.account == account && PolicyReference::of_arn(policy).as_ref() == Some(reference)
            }
            (What::PermissionSetPolicyAdded, Subject::Policy(reference)) => {
                change.names(Thing::PermissionSet, &set) && policy == reference.name
            }
            (What::PermissionSetPolicyAdded, Subject::AwsManagedPolicy(arn)) => {
                change.names(Thing::PermissionSet, &set) && policy == arn
            }
            _ => false,
        });
        fits.then_some(Confirmed)
    });
    search.undone_by(|change, later| match change.what {
        What::PolicyDeleted => later.what == What::PolicyCreated && later.is(Thing::Policy) == change.is(Thing::Policy),
        _ => {
            later.what == What::PermissionSetPolicyRemoved
                && later.is(Thing::PermissionSet) == change.is(Thing::PermissionSet)
                && later.is(Thing::Policy) == change.is(Thing::Policy)
        }
    })
}

/// A policy of the permission set denies: the newest that it was given.
fn denials(set: String) -> Search<'static> {
    let names = [
        (Home, "PutInlinePolicyToPermissionSet"),
        (Home, "AttachManagedPolicyToPermissionSet"),
        (Home, "AttachCustomerManagedPolicyReferenceToPermissionSet"),
    ];
    Search::new(names, move |change| {
        (change.what == What::PermissionSetPolicyAdded && change.names(Thing::PermissionSet, &set)).then_some(Likely)
    })
}

/// The permission set was changed after it came into the account.
fn outdated(set: String) -> Search<'static> {
    let names = [
        (Home, "UpdatePermissionSet"),
        (Home, "PutInlinePolicyToPermissionSet"),
        (Home, "AttachManagedPolicyToPermissionSet"),
        (Home, "DetachManagedPolicyFromPermissionSet"),
        (Home, "AttachCustomerManagedPolicyReferenceToPermissionSet"),
    ];
    Search::new(names, move |change| {
        let changes = [What::PermissionSetUpdated, What::PermissionSetPolicyAdded, What::PermissionSetPolicyRemoved];
        (changes.contains(&change.what) && change.names(Thing::PermissionSet, &set)).then_some(Likely)
    })
}

/// The role that Identity Center made is gone; whether Identity Center was asked for it, `roles` tells.
fn roles(evidence: &Evidence, set: String) -> Search<'_> {
    let account = evidence.account.id.clone().unwrap_or_default();
    let names = [(TargetGlobal, "DeleteRole"), (Home, "DeleteAccountAssignment")];
    let search = Search::new(names, move |change| {
        let name = evidence.permission_set_name(&set).ok().flatten()?;
        let role = change.is(Thing::Role).filter(|_| change.what == What::RoleDeleted && change.account == account)?;
        (permission_set_of_role(role) == Some(name)).then_some(Confirmed)
    });
    search.undone_by(|change, later| {
        later.what == What::RoleCreated
            && later.account == change.account
            && later.is(Thing::Role) == change.is(Thing::Role)
    })
}

/// The name of the role on the way on which the cause was found.
fn role_on_the_way(evidence: &Evidence, finding: &Finding, judgement: &Judgement) -> Option<String> {
    use crate::model::paths::Path;
    use crate::model::{SetInAccount, permission_set_role};

    let (way, _) = judgement.paths.get(finding.path?)?;
    match way {
        Path::Assigned(path) => {
            let here = SetInAccount::of(evidence.in_account(), path);
            permission_set_role::role_of(here).ok().flatten().map(|role| role.name.clone())
        }
        Path::Entitled(entitled) => Some(entitled.role_name().to_owned()),
    }
}

fn trust<'e>(evidence: &'e Evidence, finding: &Finding, judgement: &Judgement) -> Option<Search<'e>> {
    let role = role_on_the_way(evidence, finding, judgement)?;
    let account = evidence.account.id.as_deref()?;
    Some(Search::new([(TargetGlobal, "UpdateAssumeRolePolicy")], move |change| {
        let fits =
            change.what == What::RoleTrustChanged && change.account == account && change.names(Thing::Role, &role);
        fits.then_some(Confirmed)
    }))
}

/// What the role carries is not what Identity Center gave it: changed by somebody else.
fn role_policies(evidence: &Evidence, set: String) -> Option<Search<'_>> {
    let account = evidence.account.id.as_deref()?;
    let names = [
        (TargetGlobal, "AttachRolePolicy"),
        (TargetGlobal, "DetachRolePolicy"),
        (TargetGlobal, "PutRolePolicy"),
        (TargetGlobal, "DeleteRolePolicy"),
    ];
    Some(Search::new(names, move |change| {
        let name = evidence.permission_set_name(&set).ok().flatten()?;
        let fits = change.what == What::RolePoliciesChanged
            && change.account == account
            && change.by.kind != crate::evidence::ActorKind::IdentityCenter
            && change.is(Thing::Role).and_then(permission_set_of_role) == Some(name);
        fits.then_some(Likely)
    }))
}

fn provider(evidence: &Evidence) -> Option<Search<'_>> {
    let account = evidence.account.id.as_deref()?;
    let partition = evidence.partition();
    let names = [(TargetGlobal, "DeleteSAMLProvider")];
    let search = Search::new(names, move |change| {
        let fits = change.what == What::SamlProviderDeleted
            && change.account == account
            && change.is(Thing::SamlProvider).is_some_and(|arn| is_identity_center_provider(arn, partition, account));
        fits.then_some(Confirmed)
    });
    Some(search.undone_by(|change, later| {
        later.what == What::SamlProviderCreated && later.is(Thing::SamlProvider) == change.is(Thing::SamlProvider)
    }))
}

/// A policy of the organization denies: since it was attached above the account, changed, or the account came under it.
fn organization_policies<'e>(evidence: &'e Evidence, finding: &'e Finding) -> Search<'e> {
    let names =
        [(Global, "AttachPolicy"), (Global, "UpdatePolicy"), (Global, "MoveAccount"), (Global, "EnablePolicyType")];
    let account = evidence.account.id.as_deref().unwrap_or_default();
    let described = evidence.account.described.known().ok().and_then(Option::as_ref);
    let path = described.and_then(|account| account.path.as_deref()).unwrap_or_default();
    let above: BTreeSet<&str> = path.split('/').chain([account]).filter(|part| !part.is_empty()).collect();
    let above_or_listed = move |target: &str| {
        above.contains(target)
            || evidence.policies.parents.contains_key(target)
            || evidence.policies.attached.contains_key(target)
    };
    let search = Search::new(names, move |change| {
        let is_it = change.is(Thing::Policy).is_some_and(|policy| {
            finding
                .fault
                .about
                .iter()
                .any(|about| matches!(about, Subject::OrganizationPolicy { id, .. } if id == policy))
        });
        match change.what {
            What::OrganizationPolicyAttached if is_it => {
                change.is(Thing::Target).is_some_and(above_or_listed.clone()).then_some(Confirmed)
            }
            What::OrganizationPolicyUpdated if is_it => Some(Likely),
            What::AccountMoved => change.names(Thing::Account, account).then_some(Likely),
            What::PolicyTypeEnabled => Some(Likely),
            _ => None,
        }
    });
    search.undone_by(|change, later| {
        change.what == What::OrganizationPolicyAttached
            && later.what == What::OrganizationPolicyDetached
            && later.is(Thing::Policy) == change.is(Thing::Policy)
            && later.is(Thing::Target) == change.is(Thing::Target)
    })
}

fn account<'e>(evidence: &'e Evidence, names: &[(Lane, &'static str)], what: What) -> Option<Search<'e>> {
    let account = evidence.account.id.as_deref()?;
    Some(Search::new(names.iter().copied(), move |change| {
        (change.what == what && change.names(Thing::Account, account)).then_some(Confirmed)
    }))
}
