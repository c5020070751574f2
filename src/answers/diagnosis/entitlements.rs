//! What is worth knowing of account access manager beside the rules.

use super::Moment;
use crate::evidence::{Applications, Call, Evidence, PrincipalType};
use crate::model::paths::{self, Path};
use crate::verdict::PathState;

/// Where nobody could have been entitled, or an entitlement could be out of sight.
pub(super) fn notes(evidence: &Evidence, no_way: bool) -> Vec<String> {
    let applications = &evidence.entitlements.applications;
    let mut notes = Vec::new();
    if let Ok(Applications::NoSuchService { said }) = applications.known() {
        let region = applications.region.as_deref().unwrap_or("this Region");
        notes.push(format!(
            "Account access manager is not available in {region}, so nobody is entitled to a role by it ({said})."
        ));
    }
    if no_way && paths::may_be_out_of_sight(evidence) {
        notes.push(
            "Account access manager shows no application to this account. Only the management account and a delegated \
             administrator of account access manager would see one: ask from there whether the user is entitled to a role."
                .to_owned(),
        );
    }
    notes
}

/// When the user or a group of theirs was entitled.
pub(super) fn moments(evidence: &Evidence, ways: &[(Path, PathState)]) -> Vec<Moment> {
    let mut moments = Vec::new();
    for entitled in ways.iter().filter_map(|(way, _)| way.entitled()) {
        let listed =
            paths::entitlements_of(evidence.asked(), &entitled.application).ok().and_then(|fact| fact.known().ok());
        let rows = listed.into_iter().flatten();
        for row in rows.filter(|row| row.principal == entitled.via && row.role_arn == entitled.role_arn) {
            let who = match entitled.via.kind {
                PrincipalType::User => evidence.user_label().to_owned(),
                PrincipalType::Group => format!("group {}", evidence.group_label(&entitled.via.id)),
            };
            let what = format!("{who} was entitled to role {}", entitled.role_name());
            moments.extend(row.created.map(|at| Moment::new(at, what, Call::ListEntitlements)));
        }
    }
    moments
}
