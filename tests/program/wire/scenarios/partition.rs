//! The other partitions of AWS: their ARNs, Regions and sign-in addresses are others.

use crate::wire::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("healthy--us-gov-west-1", |_| {}).at_home_in("us-gov-west-1"),
        scenario("healthy--cn-north-1", |_| {}).at_home_in("cn-north-1"),
        scenario("customer-managed-policy-missing--us-gov-west-1", |acme| {
            acme.remove_policy("prod-data", "my-redshift-analyst-policy");
            acme.unprovision("RedshiftAnalyst", "prod-data");
        })
        .at_home_in("us-gov-west-1")
        .blocked_by("customer-managed-policy-missing"),
        scenario("policies-per-role-quota--cn-north-1", |acme| {
            for number in 0..12 {
                let name = format!("extra-{number}");
                acme.add_policy("prod-data", &name, "/");
                acme.permission_set("RedshiftAnalyst").customer_managed(&name, "/");
            }
            acme.unprovision("RedshiftAnalyst", "prod-data");
        })
        .at_home_in("cn-north-1")
        .blocked_by("policies-per-role-quota"),
        // AWS documents no audience for the sign-ins of this partition, so what demands one cannot be judged.
        scenario("blind--eusc-de-east-1", |_| {}).at_home_in("eusc-de-east-1").inconclusive(),
    ]
}
