//! Commands that act where their line says, and values that stay what they are.

use crate::wire::scenario::{Scenario, scenario};
use served::{DELEGATED_KEY, ExternalId, Organization};

const MANAGEMENT: &str = "run this in the management account (111122223333)";

pub(super) fn scenarios() -> Vec<Scenario> {
    [places(), memberships(), values()].concat()
}

fn places() -> Vec<Scenario> {
    vec![
        // What is in the management account the delegated administrator is not told.
        scenario("delegated-administrator-provisions", outdated)
            .called_by(DELEGATED_KEY)
            .degraded_by("permission-set-outdated")
            .saying(&[MANAGEMENT, "where the permission set is provisioned in the management account too"])
            .silent_on(&["PROFILE_IN_111122223333"]),
        scenario("delegated-administrator-provisions--near-miss", outdated)
            .degraded_by("permission-set-outdated")
            .silent_on(&[MANAGEMENT, "PROFILE_IN"]),
        // The account is entered through a role: nobody's credentials are in it.
        scenario("target-role-writes", |acme| {
            acme.remove_policy("prod-data", "my-redshift-analyst-policy");
            acme.unprovision("RedshiftAnalyst", "prod-data");
        })
        .blocked_by("customer-managed-policy-missing")
        .saying(&["--policy-document file://policy.json --profile PROFILE_IN_123456789012"]),
    ]
}

fn memberships() -> Vec<Scenario> {
    vec![
        scenario("group-of-a-provider", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.group("DataAnalysts").external_ids = issued();
        })
        .asking("jane.doe 123456789012 --group DataAnalysts")
        .blocked_by("not-in-assigned-group")
        .saying(&[
            "In your identity provider, add jane.doe to group DataAnalysts, directly",
            "a group inside the group",
        ])
        .silent_on(&["create-group-membership"]),
        // Only she comes from it: the group is kept here.
        scenario("group-of-a-provider--near-miss", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.user("jane.doe").external_ids = issued();
        })
        .asking("jane.doe 123456789012 --group DataAnalysts")
        .blocked_by("not-in-assigned-group")
        .saying(&["create-group-membership", "although they come from your identity provider"]),
        scenario("other-group-meant-and-unassigned", |_| {})
            .asking("jane.doe 123456789012 -p RedshiftAnalyst --group Finance")
            .blocked_by("assignment-missing")
            .saying(&["Assign RedshiftAnalyst to group Finance", "Add jane.doe to group Finance", "everybody in group"])
            .silent_on(&["a group that jane.doe is in", "GROUP_ID"]),
        scenario("other-group-meant-and-unassigned--near-miss-of-a-provider", |acme| {
            acme.group("Finance").external_ids = issued();
        })
        .asking("jane.doe 123456789012 -p RedshiftAnalyst --group Finance")
        .blocked_by("assignment-missing")
        .saying(&["In your identity provider, add jane.doe to group Finance, directly"])
        .silent_on(&["create-group-membership"]),
    ]
}

fn values() -> Vec<Scenario> {
    vec![
        scenario("user-that-the-aws-cli-would-load", |_| {})
            .asking("file:///etc/passwd 123456789012")
            .blocked_by("user-not-found")
            .saying(&[r#"\"UserName\":\"file:///etc/passwd\""#])
            .silent_on(&["--user-name"]),
        scenario("user-by-an-e-mail", |_| {})
            .asking("jan@acme.example 123456789012")
            .blocked_by("user-not-found")
            .saying(&["--user-name jan@acme.example", r#"\"Value\":\"jan@acme.example\""#]),
        scenario("user-by-an-id-that-is-gone", |_| {})
            .asking("11111111-1111-4111-8111-111111111111 123456789012")
            .blocked_by("user-not-found")
            .silent_on(&["create-user"]),
        scenario("policy-with-odd-signs", |acme| {
            acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
            acme.permission_set("RedshiftAnalyst").customer_managed("a,b=c", "/");
            acme.add_policy("prod-data", "A,b=c", "/");
            acme.unprovision("RedshiftAnalyst", "prod-data");
        })
        .blocked_by("customer-managed-policy-missing")
        .saying(&[r#"'{\"Name\":\"a,b=c\",\"Path\":\"/\"}'"#]),
    ]
}

/// Nothing of Identity Center's is in the management account, so that it hides nothing.
fn outdated(acme: &mut Organization) {
    for set in ["AdministratorAccess", "Billing"] {
        acme.unprovision(set, "acme-management");
    }
    acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
}

fn issued() -> Vec<ExternalId> {
    vec![ExternalId { issuer: "https://scim.us-east-1.amazonaws.com/acme".into(), id: "00u1".into() }]
}
