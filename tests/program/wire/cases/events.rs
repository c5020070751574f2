//! What events may and may not conclude.

mod planted;
mod refusals;
mod sign_ins;

use crate::wire::scenario::{Scenario, scenario};
use planted::{fail_at, refuse};
use served::{Moment, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    [refusals::scenarios(), sign_ins::scenarios(), beside_states()].concat()
}

/// What is shown by events alone never stands before what is shown by the state of things.
fn beside_states() -> Vec<Scenario> {
    fn without_policy(acme: &mut Organization) {
        acme.remove_policy("prod-data", "my-redshift-analyst-policy");
        acme.unprovision("RedshiftAnalyst", "prod-data");
    }
    vec![
        scenario("state-before-events--policy", |acme| {
            without_policy(acme);
            fail_at(acme, &[60, 50, 40]);
        })
        .blocked_by("customer-managed-policy-missing")
        .saying(&["sign-in-failed"]),
        scenario("state-before-events--group", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            fail_at(acme, &[60, 50, 40]);
        })
        .blocked_by("not-in-assigned-group")
        .likely()
        .saying(&["sign-in-failed"]),
        // Two ways: the one that got furthest was only refused once, the other is proven to be shut.
        scenario("state-before-events--another-way", |acme| {
            acme.assign("RedshiftAdmin", "Developers", "prod-data");
            acme.remove_policy("prod-data", "redshift-admin");
            acme.remove_role("RedshiftAdmin", "prod-data");
            refuse(acme, Moment::hours_ago(1));
        })
        .blocked_by("customer-managed-policy-missing")
        .saying(&["assume-role-failed"]),
        // Nothing is proven but that they fail.
        scenario("state-before-events--near-miss-nothing-but-events", |acme| fail_at(acme, &[60, 50, 40]))
            .blocked_by("sign-in-failed")
            .likely(),
        // What would tell whether the refusal is over cannot be read: neither answer is shown.
        scenario("refused--whether-provisioned-since-is-denied", |acme| {
            refuse(acme, Moment::hours_ago(1));
            acme.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "prod-data", Moment::minutes_ago(40));
        })
        .where_aws(|conduct| conduct.with_denied("sso:ListPermissionSetProvisioningStatus"))
        .inconclusive(),
    ]
}
