//! The calls in the target account.

use futures_util::future::join_all;

use super::super::ask::{Asker, Place};
use super::super::clients::Clients;
use super::{Try, try_once};
use crate::evidence::{Call, Fact, Instance};
use crate::model::permission_set_role::ROLE_PATH;

/// A role that is not there: AWS keeps names with this beginning to itself.
const NO_ROLE: &str = "AWSReservedSSO_idc-doctor_0000000000000000";
const NO_POLICY: &str = "idc-doctor";

/// Each of them, tried once.
pub(super) async fn tries(asker: &Asker, clients: &Clients, account: &str, instance: &Instance) -> Vec<Fact<()>> {
    let region = instance.region();
    let place = &Place { account: Some(account.to_owned()), ..Place::default() };
    let regional = &Place { region: Some(region.to_owned()), ..place.clone() };
    let iam = &clients.iam();
    let trail = &clients.in_region(region).cloud_trail();
    // Every partition has this one.
    let aws_managed = &format!("arn:{}:iam::aws:policy/ReadOnlyAccess", instance.partition());
    let tries: Vec<Try<'_>> = vec![
        try_once(asker, Call::ListPolicies, place, || iam.list_policies().max_items(1).send()),
        try_once(asker, Call::ListRoles, place, || iam.list_roles().path_prefix(ROLE_PATH).max_items(1).send()),
        try_once(asker, Call::GetRole, place, || iam.get_role().role_name(NO_ROLE).send()),
        try_once(asker, Call::GetPolicy, place, || iam.get_policy().policy_arn(aws_managed).send()),
        try_once(asker, Call::GetPolicyVersion, place, || {
            iam.get_policy_version().policy_arn(aws_managed).version_id("v1").send()
        }),
        try_once(asker, Call::GetAccountSummary, place, || iam.get_account_summary().send()),
        try_once(asker, Call::ListAttachedRolePolicies, place, || {
            iam.list_attached_role_policies().role_name(NO_ROLE).send()
        }),
        try_once(asker, Call::ListRolePolicies, place, || iam.list_role_policies().role_name(NO_ROLE).send()),
        try_once(asker, Call::GetRolePolicy, place, || {
            iam.get_role_policy().role_name(NO_ROLE).policy_name(NO_POLICY).send()
        }),
        try_once(asker, Call::ListSamlProviders, place, || iam.list_saml_providers().send()),
        try_once(asker, Call::LookupEvents, regional, || trail.lookup_events().max_results(1).send()),
    ];
    join_all(tries).await
}
