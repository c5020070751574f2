//! What one gate means for the ways behind it.

use crate::wire::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("account-suspended", |acme| acme.account("prod-data").state = "SUSPENDED".into())
            .blocked_by("account-not-active")
            .saying(&["is suspended (SUSPENDED)"])
            .silent_on(&["is closed (CLOSED)", "\"state\": \"open\""]),
        // A gate that is shut for everybody shuts every way; one that is not known leaves every way open to doubt.
        scenario("user-disabled--no-way-is-open", |acme| acme.user("jane.doe").status = Some("DISABLED".into()))
            .blocked_by("user-disabled")
            .silent_on(&["\"state\": \"open\""]),
        scenario("user-status-unknown--no-way-is-open", |acme| acme.user("jane.doe").status = None)
            .inconclusive()
            .saying(&["The way that is likely is RedshiftAnalyst", "\"decides\": true"])
            .silent_on(&["\"state\": \"open\""]),
        // What could only have shown that the role is old, or a second way.
        scenario("attached-policies-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("iam:ListAttachedRolePolicies"))
            .saying(&["\"complete\": false", "not everything was read"]),
        scenario("account-summary-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("iam:GetAccountSummary"))
            .saying(&["\"complete\": false"]),
        scenario("policies-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("iam:GetPolicy").with_denied("iam:ListPolicies"))
            .saying(&["\"complete\": false"]),
        scenario("entitlements-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("account-access:*"))
            .saying(&["\"complete\": false"]),
        scenario("creation-requests-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("sso:ListAccountAssignmentCreationStatus"))
            .saying(&["\"complete\": false"]),
        scenario("nothing-denied", |_| {}).saying(&["\"complete\": true", "nothing is wrong on the way"]),
        // A fault on one of two ways is told, whatever else was denied.
        scenario("attached-policies-denied--near-miss", |acme| {
            acme.assign("RedshiftAdmin", "jane.doe", "prod-data");
            acme.account("prod-data").iam.policies.retain(|policy| policy.name != "redshift-admin");
        })
        .where_aws(|conduct| conduct.with_denied("iam:ListAttachedRolePolicies"))
        .degraded_by("customer-managed-policy-missing")
        .saying(&["\"complete\": false"]),
    ]
}
