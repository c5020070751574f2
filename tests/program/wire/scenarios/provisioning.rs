//! The permission set's copy in the account.

use crate::wire::scenario::{Scenario, scenario};
use served::{Moment, Organization};

const INTERNAL: &str = "An unexpected internal service exception was encountered";

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("assignment-creating", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.unprovision("RedshiftAnalyst", "prod-data");
            acme.creation_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::now());
        })
        .blocked_by("assignment-creating"),
        // For others, and for her group elsewhere.
        scenario("assignment-creating--near-miss", |acme| {
            let now = Moment::now();
            acme.creation_request("IN_PROGRESS", "RedshiftAnalyst", "Finance", "prod-data", now);
            acme.creation_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "prod-data-archive", now);
        }),
        scenario("assignment-creation-failed", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.unprovision("RedshiftAnalyst", "prod-data");
            failed_creation(acme, Moment::hours_ago(2));
        })
        .blocked_by("assignment-creation-failed"),
        scenario("assignment-creation-failed--assignment-stands", |acme| {
            acme.unprovision("RedshiftAnalyst", "prod-data");
            failed_creation(acme, Moment::hours_ago(2));
        })
        .blocked_by("assignment-creation-failed"),
        // A third request is running while the second has failed.
        scenario("assignment-creating--after-a-failure", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.unprovision("RedshiftAnalyst", "prod-data");
            failed_creation(acme, Moment::hours_ago(2));
            acme.creation_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::now());
        })
        .blocked_by("assignment-creating"),
        // An hour later the same request succeeded.
        scenario("assignment-creation-failed--near-miss", |acme| {
            failed_creation(acme, Moment::hours_ago(2));
            acme.creation_request("SUCCEEDED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::hours_ago(1));
        }),
        // It failed after the one that succeeded, and yet what stands works.
        scenario("assignment-creation-failed--near-miss-provisioned", |acme| {
            failed_creation(acme, Moment::hours_ago(2));
        }),
        scenario("provisioning-in-progress", |acme| {
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
            acme.provisioning_request("IN_PROGRESS", "RedshiftAnalyst", "prod-data", Moment::now());
        })
        .degraded_by("provisioning-in-progress"),
        scenario("provisioning-in-progress--first-time", |acme| {
            acme.unprovision("RedshiftAnalyst", "prod-data");
            acme.provisioning_request("IN_PROGRESS", "RedshiftAnalyst", "prod-data", Moment::now());
        })
        .blocked_by("provisioning-in-progress"),
        scenario("provisioning-in-progress--near-miss", |acme| {
            acme.provisioning_request("IN_PROGRESS", "RedshiftAnalyst", "dev-data", Moment::now());
            acme.provisioning_request("IN_PROGRESS", "RedshiftAdmin", "prod-data", Moment::now());
        }),
        scenario("provisioning-failed", |acme| {
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
            failed_provisioning(acme, Moment::hours_ago(3));
        })
        .degraded_by("provisioning-failed"),
        scenario("provisioning-failed--first-time", |acme| {
            acme.unprovision("RedshiftAnalyst", "prod-data");
            failed_provisioning(acme, Moment::hours_ago(3));
        })
        .blocked_by("provisioning-failed"),
        // Mended an hour later.
        scenario("provisioning-failed--near-miss", |acme| {
            failed_provisioning(acme, Moment::hours_ago(3));
            acme.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "prod-data", Moment::hours_ago(2));
        }),
        // Mended, but changed again since: the failure is not why.
        scenario("permission-set-outdated--changed-after-a-mended-failure", |acme| {
            failed_provisioning(acme, Moment::hours_ago(3));
            acme.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "prod-data", Moment::hours_ago(2));
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
        })
        .degraded_by("permission-set-outdated"),
        scenario("permission-set-not-provisioned", |acme| acme.unprovision("RedshiftAnalyst", "prod-data"))
            .blocked_by("permission-set-not-provisioned"),
        // The list of provisioned sets leaves it out, though the role of an earlier copy is still there.
        scenario("permission-set-not-provisioned--role-left-over", |acme| {
            let role = acme.role("RedshiftAnalyst", "prod-data").clone();
            acme.unprovision("RedshiftAnalyst", "prod-data");
            acme.account("prod-data").iam.roles.push(role);
        })
        .blocked_by("permission-set-not-provisioned"),
        scenario("permission-set-not-provisioned--near-miss", |acme| acme.unprovision("RedshiftAnalyst", "dev-data")),
        scenario("permission-set-outdated", |acme| {
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
        })
        .degraded_by("permission-set-outdated"),
        // Another's set in this account, and hers in another account.
        scenario("permission-set-outdated--near-miss", |acme| {
            acme.provisioned("RedshiftAdmin", "prod-data").latest = false;
            acme.provisioned("RedshiftAnalyst", "dev-data").latest = false;
        }),
        scenario("permission-set-empty", |acme| {
            acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
            acme.provision("RedshiftAnalyst", "prod-data");
        })
        .degraded_by("permission-set-empty"),
        scenario("permission-set-empty--near-miss", |acme| {
            let set = acme.permission_set("RedshiftAnalyst");
            set.customer_managed_policies.clear();
            set.inline_policy = Some(r#"{"Statement":{"Effect":"Allow","Action":"s3:List*","Resource":"*"}}"#.into());
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
    ]
}

fn failed_creation(acme: &mut Organization, when: Moment) {
    let request = acme.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", when);
    request.failure_reason = Some(INTERNAL.into());
}

fn failed_provisioning(acme: &mut Organization, when: Moment) {
    acme.provisioning_request("FAILED", "RedshiftAnalyst", "prod-data", when).failure_reason = Some(INTERNAL.into());
}
