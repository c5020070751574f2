//! Account access manager: the way in that has no permission set.

use serde_json::json;

use crate::wire::scenario::{Scenario, scenario};
use served::{DELEGATED_KEY, Organization, Role};

const ROLE: &str = "arn:aws:iam::123456789012:role/data/DataReader";

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("healthy--entitled", only_entitled),
        // Both ways at once, and an entitlement of hers in another account.
        scenario("healthy--entitled-and-assigned", |acme| {
            entitle(acme, "DataAnalysts");
            acme.entitle("jane.doe", "arn:aws:iam::210987654321:role/gone");
        }),
        // A permission set is asked about, and an entitlement has none.
        scenario("assignment-missing--entitled", only_entitled)
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-missing"),
        scenario("not-in-assigned-group--entitled", |acme| {
            unassign(acme);
            entitle(acme, "Finance");
        })
        .blocked_by("not-in-assigned-group")
        .likely(),
        // Neither the service nor the delegated administrator of Identity Center says that there is an application.
        scenario("blind--delegated-administrator-and-no-way", |acme| acme.remove_member("DataAnalysts", "jane.doe"))
            .called_by(DELEGATED_KEY)
            .where_aws(|conduct| conduct.with_denied("sso:ListAccountAssignmentsForPrincipal"))
            .inconclusive(),
        scenario("blind--entitlements-denied", unassign)
            .where_aws(|conduct| conduct.with_denied("account-access:*"))
            .inconclusive(),
        scenario("blind--entitled-role-denied", only_entitled)
            .where_aws(|conduct| conduct.with_denied("iam:GetRole"))
            .inconclusive(),
        scenario("entitlement-application-not-active", |acme| {
            only_entitled(acme);
            acme.applications[0].status = "DELETE_IN_PROGRESS".into();
        })
        .blocked_by("entitlement-application-not-active"),
        // Another instance's application is none of hers.
        scenario("entitlement-application-not-active--near-miss", |acme| {
            entitle(acme, "DataAnalysts");
            acme.applications[0].status = "CREATE_FAILED".into();
            acme.applications[0].instance_arn = "arn:aws:sso:::instance/ssoins-0000000000000000".into();
        }),
        scenario("role-missing--entitled", |acme| {
            only_entitled(acme);
            acme.account("prod-data").iam.roles.retain(|role| role.name != "DataReader");
        })
        .blocked_by("role-missing"),
        // There is a role of that name, under another path.
        scenario("role-missing--entitled-elsewhere", |acme| {
            only_entitled(acme);
            reader(acme).path = "/".into();
        })
        .blocked_by("role-missing"),
        // The account of the role, where the application's has to be.
        scenario("entitlement-role-trust-missing", |acme| {
            only_entitled(acme);
            let trust = &mut reader(acme).trust_policy;
            *trust = trust.replace("\"111122223333\"", "\"123456789012\"");
        })
        .blocked_by("entitlement-role-trust-missing"),
        scenario("entitlement-role-trust-missing--action", |acme| {
            only_entitled(acme);
            let trust = &mut reader(acme).trust_policy;
            *trust = trust.replace("sts:SetContext", "sts:TagSession");
        })
        .blocked_by("entitlement-role-trust-missing"),
        // Wider than AWS recommends it.
        scenario("entitlement-role-trust-missing--near-miss", |acme| {
            only_entitled(acme);
            let trust = json!({"Statement": [
                {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com", "account-access.amazonaws.com"]}, "Action": "sts:*"},
                {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}},
            ]});
            reader(acme).trust_policy = trust.to_string();
        }),
        // She gets in by her permission set, and the entitlement leads nowhere.
        scenario("entitlement-role-trust-missing--beside-an-assignment", |acme| {
            entitle(acme, "DataAnalysts");
            reader(acme).trust_policy = r#"{"Version":"2012-10-17","Statement":[]}"#.into();
        })
        .degraded_by("entitlement-role-trust-missing"),
    ]
}

/// Nothing is assigned in the account, and her group is entitled.
fn only_entitled(acme: &mut Organization) {
    unassign(acme);
    entitle(acme, "DataAnalysts");
}

fn unassign(acme: &mut Organization) {
    acme.assignments.retain(|assignment| assignment.account != "123456789012");
}

/// Entitles a user or group to the role, which lets account access manager in as AWS documents it.
fn entitle(acme: &mut Organization, principal: &str) {
    acme.entitle(principal, ROLE);
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "account-access.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:SetContext"],
            "Condition": {"StringEquals": {
                "aws:SourceAccount": acme.management_account,
                "aws:SourceArn": acme.applications[0].arn,
            }},
        }],
    });
    let role =
        Role { path: "/data/".into(), name: "DataReader".into(), trust_policy: trust.to_string(), ..Role::default() };
    acme.account("prod-data").iam.roles.push(role);
}

fn reader(acme: &mut Organization) -> &mut Role {
    acme.account("prod-data").iam.roles.iter_mut().find(|role| role.name == "DataReader").expect("the role")
}
