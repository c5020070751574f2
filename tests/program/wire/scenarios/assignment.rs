//! The account assignment.

use crate::wire::scenario::{Scenario, scenario};
use served::{Moment, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("permission-set-not-found", |_| {})
            .asking("jane.doe 123456789012 -p RedshiftAnalysts")
            .blocked_by("permission-set-not-found"),
        scenario("permission-set-not-found--case", |_| {})
            .asking("jane.doe 123456789012 -p redshiftanalyst")
            .blocked_by("permission-set-not-found"),
        // The role's name is what people see in their terminals.
        scenario("permission-set-not-found--near-miss", |_| {})
            .asking("jane.doe 123456789012 -p AWSReservedSSO_RedshiftAnalyst_d599bbca596a5d25"),
        scenario("assignment-missing", |acme| acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data"))
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-missing"),
        // The set whose name begins the same is hers; the one asked about is nobody's here.
        scenario("assignment-missing--similar-set", |_| {})
            .asking("jane.doe 123456789012 -p RedshiftAnalystV2")
            .blocked_by("assignment-missing"),
        scenario("assignment-missing--empty-account", |_| {})
            .asking("jane.doe log-archive --group Developers")
            .blocked_by("assignment-missing"),
        // Roles are left over, and provisioned is provisioned: neither is an assignment.
        scenario("assignment-missing--role-left-over", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
        })
        .asking("jane.doe 123456789012 --group DataAnalysts")
        .blocked_by("assignment-missing"),
        // The same assignment in another account is gone.
        scenario("assignment-missing--near-miss", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "dev-data");
        }),
        scenario("assignment-orphaned-principal", made_anew)
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-orphaned-principal"),
        // The new group has been assigned as well; the old assignment merely lies about.
        scenario("assignment-orphaned-principal--near-miss", |acme| {
            made_anew(acme);
            acme.assign("RedshiftAnalyst", "DataAnalysts", "prod-data");
        })
        .asking("jane.doe 123456789012 -p RedshiftAnalyst"),
        scenario("assignment-deleting", |acme| {
            let now = Moment::now();
            acme.deletion_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "prod-data", now);
        })
        .blocked_by("assignment-deleting"),
        // Deleted and assigned again; what is being deleted now is her group's in another account, and another's here.
        scenario("assignment-deleting--near-miss", |acme| {
            let (then, now) = (Moment::days_ago(2), Moment::now());
            acme.deletion_request("SUCCEEDED", "RedshiftAnalyst", "DataAnalysts", "prod-data", then);
            acme.deletion_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "dev-data", now);
            acme.deletion_request("IN_PROGRESS", "ReadOnly", "Auditors", "prod-data", now);
        }),
    ]
}

/// Her group was deleted and made anew under the same name, with the same people.
fn made_anew(acme: &mut Organization) {
    let members = acme.group("DataAnalysts").members.clone();
    acme.remove_group("DataAnalysts");
    let group = acme.add_group("DataAnalysts");
    group.id = "7c1f0a52-1c3f-4e1d-8a52-6d6d2b7d9a11".into();
    group.members = members;
}
