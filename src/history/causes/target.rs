//! The account's own roles and providers.

use super::Of;
use super::organization;
use crate::evidence::{ActorKind, Change, Evidence, Thing, What, permission_set_of_role};
use crate::history::Certainty::{Confirmed, Likely};
use crate::history::Lane::{self, Home, TargetGlobal};
use crate::history::search::Search;
use crate::model::paths::Path;
use crate::model::sign_in_call::is_identity_center_provider;
use crate::model::{SetInAccount, permission_set_role};

/// The role that Identity Center made is gone; whether Identity Center was asked for it, `roles` tells.
pub(super) fn role_gone(of: Of<'_>) -> Option<Search<'_>> {
    let (evidence, set) = (of.evidence, of.set()?);
    let account = evidence.account.id.clone().unwrap_or_default();
    let names = [(TargetGlobal, "DeleteRole"), (Home, "DeleteAccountAssignment")];
    let search = Search::new(names, move |change| {
        let name = evidence.permission_set_name(&set).ok().flatten()?;
        let role = change.is(Thing::Role).filter(|_| change.what == What::RoleDeleted && change.account == account)?;
        (permission_set_of_role(role) == Some(name)).then_some(Confirmed)
    });
    Some(search.undone_by(|change, later| {
        later.what == What::RoleCreated
            && later.account == change.account
            && later.is(Thing::Role) == change.is(Thing::Role)
    }))
}

/// The name of the role on the way on which the cause was found.
fn role_on_the_way(of: Of<'_>) -> Option<String> {
    let (way, _) = of.judgement.paths.get(of.finding.path?)?;
    match way {
        Path::Assigned(path) => {
            let here = SetInAccount::of(of.evidence.in_account(), path);
            permission_set_role::role_of(here).ok().flatten().map(|role| role.name.clone())
        }
        Path::Entitled(entitled) => Some(entitled.role_name().to_owned()),
    }
}

/// The trust policy was written, or the role was made with one that does not do. What Identity Center writes lets it in.
pub(super) fn trust(of: Of<'_>) -> Option<Search<'_>> {
    let role = role_on_the_way(of)?;
    let account = of.evidence.account.id.as_deref()?;
    let mut names = vec![(TargetGlobal, "UpdateAssumeRolePolicy")];
    let is_entitled = of.finding.rule == "entitlement-role-trust-missing";
    if is_entitled {
        names.push((TargetGlobal, "CreateRole"));
    }
    Some(Search::new(names, move |change| {
        let is_here = change.account == account && change.names(Thing::Role, &role) && is_of_somebody(change);
        match change.what {
            What::RoleTrustChanged if is_here => Some(Confirmed),
            What::RoleCreated if is_here && is_entitled => Some(Confirmed),
            _ => None,
        }
    }))
}

fn is_of_somebody(change: &Change) -> bool {
    change.by.kind != ActorKind::IdentityCenter
}

/// What the role carries is not what Identity Center gave it: changed by somebody else.
pub(super) fn role_policies(of: Of<'_>) -> Option<Search<'_>> {
    let (evidence, set) = (of.evidence, of.set()?);
    let account = evidence.account.id.as_deref()?;
    let names = [
        (TargetGlobal, "AttachRolePolicy"),
        (TargetGlobal, "DetachRolePolicy"),
        (TargetGlobal, "PutRolePolicy"),
        (TargetGlobal, "DeleteRolePolicy"),
        (TargetGlobal, "PutRolePermissionsBoundary"),
        (TargetGlobal, "DeleteRolePermissionsBoundary"),
    ];
    Some(Search::new(names, move |change| {
        let name = evidence.permission_set_name(&set).ok().flatten()?;
        let fits = change.what == What::RolePoliciesChanged
            && change.account == account
            && is_of_somebody(change)
            && change.is(Thing::Role).and_then(permission_set_of_role) == Some(name);
        fits.then_some(Likely)
    }))
}

/// Identity Center's provider is gone from the account.
pub(super) fn provider(of: Of<'_>) -> Option<Search<'_>> {
    let evidence = of.evidence;
    let account = evidence.account.id.as_deref()?;
    let names = [(TargetGlobal, "DeleteSAMLProvider"), (TargetGlobal, "CreateSAMLProvider")];
    let search = Search::new(names, move |change| {
        let fits = change.what == What::SamlProviderDeleted && is_provider_here(evidence, account, change);
        fits.then_some(Confirmed)
    });
    Some(search.undone_by(|change, later| {
        later.what == What::SamlProviderCreated && later.is(Thing::SamlProvider) == change.is(Thing::SamlProvider)
    }))
}

fn is_provider_here(evidence: &Evidence, account: &str, change: &Change) -> bool {
    let partition = evidence.partition();
    change.account == account
        && change.is(Thing::SamlProvider).is_some_and(|arn| is_identity_center_provider(arn, partition, account))
}

/// AWS STS refuses: the trust policy, the provider, or a resource control policy may have been changed.
pub(super) fn refused(of: Of<'_>) -> Option<Search<'_>> {
    let evidence = of.evidence;
    let role = role_on_the_way(of)?;
    let account = evidence.account.id.as_deref()?;
    let in_account: [(Lane, &'static str); 4] = [
        (TargetGlobal, "UpdateAssumeRolePolicy"),
        (TargetGlobal, "UpdateSAMLProvider"),
        (TargetGlobal, "DeleteSAMLProvider"),
        (TargetGlobal, "CreateSAMLProvider"),
    ];
    let names = in_account.into_iter().chain(organization::EFFECTIVE).chain([(Lane::Global, "DetachPolicy")]);
    Some(Search::new(names, move |change| {
        let fits = match change.what {
            What::RoleTrustChanged => {
                change.account == account && change.names(Thing::Role, &role) && is_of_somebody(change)
            }
            What::SamlProviderUpdated | What::SamlProviderDeleted => {
                is_provider_here(evidence, account, change) && is_of_somebody(change)
            }
            _ => organization::may_deny(evidence, change),
        };
        fits.then_some(Likely)
    }))
}
