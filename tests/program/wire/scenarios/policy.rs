//! The policies that the permission set names.

use crate::wire::scenario::{Scenario, scenario};
use served::{Boundary, Moment, Organization};

const POLICY: &str = "my-redshift-analyst-policy";

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("customer-managed-policy-missing", |acme| {
            acme.remove_policy("prod-data", POLICY);
            never_provisioned(acme);
        })
        .blocked_by("customer-managed-policy-missing"),
        // The same is wrong for him, whose access is the same.
        scenario("customer-managed-policy-missing--like-colleague", |acme| {
            acme.remove_policy("prod-data", POLICY);
            never_provisioned(acme);
        })
        .asking("jane.doe 123456789012 --like amir.khan")
        .blocked_by("customer-managed-policy-missing"),
        scenario("customer-managed-policy-missing--case", |acme| {
            acme.remove_policy("prod-data", POLICY);
            acme.add_policy("prod-data", "My-Redshift-Analyst-Policy", "/");
            never_provisioned(acme);
        })
        .blocked_by("customer-managed-policy-missing"),
        scenario("customer-managed-policy-missing--path", |acme| {
            acme.remove_policy("prod-data", POLICY);
            acme.add_policy("prod-data", POLICY, "/data/");
            never_provisioned(acme);
        })
        .blocked_by("customer-managed-policy-missing"),
        // The role was made before the policy went: people get in, with what it has.
        scenario("customer-managed-policy-missing--after-provisioning", |acme| {
            acme.remove_policy("prod-data", POLICY);
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
        })
        .degraded_by("customer-managed-policy-missing"),
        // The assignment itself was never made, since making it provisions the set.
        scenario("customer-managed-policy-missing--no-assignment-stands", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.remove_policy("prod-data", POLICY);
            never_provisioned(acme);
        })
        .blocked_by("customer-managed-policy-missing"),
        // One of two permission sets is broken; asked about the other, nothing is.
        scenario("customer-managed-policy-missing--one-of-two", break_another)
            .degraded_by("customer-managed-policy-missing"),
        scenario("customer-managed-policy-missing--near-miss-other-set", break_another)
            .asking("jane.doe 123456789012 -p RedshiftAnalyst"),
        // Gone from another account, and others of the set's family from this one.
        scenario("customer-managed-policy-missing--near-miss", |acme| {
            acme.remove_policy("dev-data", POLICY);
            acme.remove_policy("prod-data", "my-redshift-analyst-policy-v2");
        }),
        scenario("permissions-boundary-missing", |acme| {
            acme.permission_set("RedshiftAnalyst").boundary("analyst-boundary", "/");
            never_provisioned_because(acme, "Received a 404 status error: Not supported policy analyst-boundary.");
        })
        .blocked_by("permissions-boundary-missing"),
        scenario("permissions-boundary-missing--near-miss", |acme| {
            acme.permission_set("RedshiftAnalyst").boundary("analyst-boundary", "/");
            acme.add_policy("prod-data", "analyst-boundary", "/");
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
        scenario("permissions-boundary-missing--near-miss-aws-managed", |acme| {
            let boundary = Boundary::ManagedPolicyArn("arn:aws:iam::aws:policy/PowerUserAccess".into());
            acme.permission_set("RedshiftAnalyst").permissions_boundary = Some(boundary);
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
        scenario("aws-managed-policy-missing", |acme| {
            acme.permission_set("RedshiftAnalyst").managed("AmazonRedshiftQueryEditor");
            never_provisioned_because(
                acme,
                "Received a 404 status error: Not supported policy AmazonRedshiftQueryEditor.",
            );
        })
        .blocked_by("aws-managed-policy-missing"),
        scenario("aws-managed-policy-missing--other-partition", |acme| {
            let arn = "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess";
            acme.permission_set("RedshiftAnalyst").managed_policies.push(arn.into());
            never_provisioned_because(acme, "Received a 404 status error: Not supported policy ReadOnlyAccess.");
        })
        .blocked_by("aws-managed-policy-missing"),
        // There, under a path of its own.
        scenario("aws-managed-policy-missing--near-miss", |acme| {
            acme.permission_set("RedshiftAnalyst").managed("job-function/DatabaseAdministrator");
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
        scenario("policies-per-role-quota", |acme| {
            carry(acme, 11);
            never_provisioned_because(acme, "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10");
        })
        .blocked_by("policies-per-role-quota"),
        scenario("policies-per-role-quota--near-miss", |acme| {
            carry(acme, 10);
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
        scenario("policies-per-role-quota--near-miss-raised", |acme| {
            carry(acme, 11);
            acme.account("prod-data").iam.summary.insert("AttachedPoliciesPerRoleQuota".into(), 20);
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
    ]
}

/// The set has never been in the account: the request that should have put it there failed.
pub(super) fn never_provisioned(acme: &mut Organization) {
    never_provisioned_because(acme, &format!("Received a 404 status error: Not supported policy {POLICY}."));
}

/// The same, for the reason that AWS gives.
fn never_provisioned_because(acme: &mut Organization, reason: &str) {
    acme.unprovision("RedshiftAnalyst", "prod-data");
    acme.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::hours_ago(2))
        .failure_reason = Some(reason.into());
}

/// Another permission set of hers, whose policy is missing, could not be provisioned.
fn break_another(acme: &mut Organization) {
    acme.assign("RedshiftAdmin", "Developers", "prod-data");
    acme.remove_policy("prod-data", "redshift-admin");
    acme.unprovision("RedshiftAdmin", "prod-data");
    acme.creation_request("FAILED", "RedshiftAdmin", "Developers", "prod-data", Moment::hours_ago(2)).failure_reason =
        Some("Received a 404 status error: Not supported policy redshift-admin.".into());
}

/// Has the set name so many policies, all of them in the account.
fn carry(acme: &mut Organization, policies: usize) {
    for number in 1..policies {
        let name = format!("analyst-{number:02}");
        acme.add_policy("prod-data", &name, "/");
        acme.permission_set("RedshiftAnalyst").customer_managed(&name, "/");
    }
}
