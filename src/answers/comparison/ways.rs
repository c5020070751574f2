//! Who has which way, and what is known well enough to say that somebody has not.

use crate::evidence::{Asked, Gaps, PrincipalType};
use crate::model::paths::{Path, Paths};

/// Whether what a way of one grants is the other's too, whichever way.
pub(super) fn has(other: Asked<'_>, others: &Paths, way: &Path) -> Result<bool, Gaps> {
    let same_grant = |own: &&Path| match (own, way) {
        (Path::Assigned(own), Path::Assigned(path)) => own.permission_set == path.permission_set,
        (Path::Entitled(own), Path::Entitled(entitled)) => own.role_arn == entitled.role_arn,
        (Path::Assigned(_), Path::Entitled(_)) | (Path::Entitled(_), Path::Assigned(_)) => false,
    };
    if others.list.iter().find(same_grant).is_some() {
        return Ok(true);
    }
    if other.user_id()?.is_none() {
        return Ok(false);
    }
    let memberships = other.user.memberships.known()?;
    if way.via().kind == PrincipalType::Group && memberships.iter().any(|one| one.group_id == way.via().id) {
        return Ok(true);
    }
    told(other, others, way).map(|()| false)
}

/// Whether everything was read that could tell of this grant.
fn told(other: Asked<'_>, others: &Paths, way: &Path) -> Result<(), Gaps> {
    let rows = way.assigned().and_then(|path| other.account.assignments.get(&path.permission_set));
    match rows {
        Some(rows) => rows.known().map(|_| ()).map_err(Into::into),
        None => others.hidden_assignments.clone().none_or_err(),
    }
}
