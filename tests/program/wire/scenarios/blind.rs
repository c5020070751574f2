//! Everything is in order, but something cannot be read. What could not be looked at is never taken for not there.

use crate::wire::scenario::{Scenario, scenario};
use served::{DELEGATED_KEY, Fault, Kind, MEMBER_KEY, TARGET_KEY};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("blind--no-target-role", |_| {}).without_target_role().inconclusive(),
        scenario("blind--target-role-refused", |_| {})
            .where_aws(|conduct| conduct.with_denied("sts:AssumeRole"))
            .inconclusive(),
        scenario("blind--target-role-absent", |acme| {
            acme.account("prod-data").iam.roles.retain(|role| role.name != served::READ_ROLE);
        })
        .inconclusive(),
        scenario("blind--iam-denied", |_| {}).where_aws(|conduct| conduct.with_denied("iam:*")).inconclusive(),
        scenario("blind--roles-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("iam:ListRoles"))
            .inconclusive(),
        scenario("blind--policies-denied", |_| {}).where_aws(|conduct| conduct.with_denied("iam:ListPolicies")),
        scenario("blind--assignments-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("sso:ListAccountAssignments*"))
            .inconclusive(),
        scenario("blind--second-way-denied", |acme| acme.remove_member("DataAnalysts", "jane.doe"))
            .where_aws(|conduct| conduct.with_denied("sso:ListAccountAssignments"))
            .inconclusive(),
        scenario("blind--requests-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("sso:ListAccountAssignmentCreationStatus")),
        scenario("blind--memberships-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("identitystore:ListGroupMembershipsForMember")),
        scenario("blind--user-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("identitystore:DescribeUser"))
            .inconclusive(),
        scenario("blind--user-look-up-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("identitystore:GetUserId"))
            .inconclusive(),
        scenario("blind--user-status-not-told", |acme| acme.user("jane.doe").status = None).inconclusive(),
        scenario("blind--account-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("organizations:DescribeAccount"))
            .inconclusive(),
        // The retired member alone: an older partition, or an older endpoint.
        scenario("blind--account-state-unknown", |acme| acme.account("prod-data").state = "ON_HOLD".into())
            .inconclusive(),
        scenario("blind--instances-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("sso:ListInstances"))
            .inconclusive(),
        // CloudTrail only corroborates.
        scenario("blind--cloudtrail-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("cloudtrail:LookupEvents")),
        scenario("blind--cloudtrail-denied-by-scp", |_| {})
            .where_aws(|conduct| conduct.with_fault(Fault::on("cloudtrail:LookupEvents", Kind::DeniedByScp))),
        scenario("blind--kms-denied", |_| {})
            .where_aws(|conduct| conduct.with_fault(Fault::on("identitystore:*", Kind::DeniedByKms)))
            .inconclusive(),
        scenario("blind--member-account", |_| {}).called_by(MEMBER_KEY).inconclusive(),
        scenario("blind--affected-account", |_| {}).called_by(TARGET_KEY).without_target_role().inconclusive(),
        // Sets that are provisioned in the management account are hidden from the delegated administrator.
        scenario("blind--delegated-administrator", |_| {}).called_by(DELEGATED_KEY),
        // Something proven shut stays shut, whatever else is hidden.
        scenario("blind--disabled-user-and-no-target-role", |acme| {
            acme.user("jane.doe").status = Some("DISABLED".into());
        })
        .without_target_role()
        .blocked_by("user-disabled"),
        scenario("blind--failed-creation-and-no-target-role", |acme| {
            acme.remove_policy("prod-data", "my-redshift-analyst-policy");
            super::policy::never_provisioned(acme);
        })
        .without_target_role()
        .blocked_by("assignment-creation-failed")
        .likely(),
    ]
}
