//! Which role in the account is the permission set's own, and whether there is one at all.

use crate::evidence::{Gaps, InAccount, Role, permission_set_of_role};
use crate::findings::Effect;
use crate::model::SetInAccount;
use crate::model::inside_target;

/// Where Identity Center keeps its roles; a home Region other than us-east-1 adds its name.
pub const ROLE_PATH: &str = "/aws-reserved/sso.amazonaws.com/";

/// How much stands before a permission set's name in its role's: `AWSReservedSSO_`.
const BEFORE: usize = 15;
/// How much stands around it: that, `_` and 16 hex digits.
const AROUND: usize = 32;

/// Where Identity Center keeps the roles of an account. `None` where that is not known, or may be either of two places:
/// the management account is known to keep them under the bare path too, whatever the Region.
pub fn role_path(here: InAccount<'_>) -> Option<String> {
    match here.instance().ok()?.primary_region.as_deref()? {
        "us-east-1" => Some(ROLE_PATH.to_owned()),
        _ if here.organization().known().is_err() || here.is_management_account() => None,
        region => Some(format!("{ROLE_PATH}{region}/")),
    }
}

/// The role that Identity Center made of the path's permission set. `Ok(None)`: the account has none.
pub fn role_of(here: SetInAccount<'_>) -> Result<Option<&Role>, Gaps> {
    // Deleting the last assignment deletes the role, and the next one has a new suffix: the newest counts.
    Ok(own_roles(here)?.max_by_key(|role| role.created))
}

/// Whether the account has several roles that may be the permission set's: Identity Center may well use another than the
/// newest.
pub fn is_one_of_several(here: SetInAccount<'_>) -> bool {
    own_roles(here).is_ok_and(|roles| roles.count() > 1)
}

fn own_roles(here: SetInAccount<'_>) -> Result<impl Iterator<Item = &Role>, Gaps> {
    let roles = inside_target(here.in_account, &here.inside().roles)?;
    let name = here.permission_set_name(here.arn)?;
    let region = here.instance()?.primary_region.as_deref();
    let own = move |name: &str, role: &Role| {
        // An earlier instance in another Region leaves roles of the same name under that Region's path. The
        // management account is known to keep Identity Center's roles under the bare path, whatever the Region.
        let path_fits = || match region {
            Some("us-east-1") => role.path == ROLE_PATH,
            Some(region) => {
                role.path == format!("{ROLE_PATH}{region}/") || (role.path == ROLE_PATH && here.is_management_account())
            }
            None => role.path.starts_with(ROLE_PATH),
        };
        // Of a thousand accounts' roles most are told apart by their length or by how they begin.
        role.name.len() == name.len() + AROUND
            && role.name.get(BEFORE..).is_some_and(|rest| rest.starts_with(name))
            && permission_set_of_role(&role.name) == Some(name)
            && path_fits()
    };
    Ok(name.into_iter().flat_map(move |name| roles.iter().filter(move |role| own(name, role))))
}

/// What a missing policy or a failed provisioning does: it keeps people out where there is no role yet, and leaves
/// them with old policies where the role still works. Nobody gets in by an assignment that does not stand.
pub fn effect(here: SetInAccount<'_>) -> Result<Effect, Gaps> {
    if !here.stands {
        return Ok(Effect::Blocks);
    }
    let listed = here.provisioned().in_any_version();
    if listed == Ok(false) {
        return Ok(Effect::Blocks);
    }
    match (listed, role_of(here)) {
        (_, Ok(None)) => Ok(Effect::Blocks),
        (Ok(_), _) | (Err(_), Ok(Some(_))) => Ok(Effect::Degrades),
        (Err(mut gaps), Err(more)) => {
            gaps.0.extend(more.0);
            Err(gaps)
        }
    }
}
