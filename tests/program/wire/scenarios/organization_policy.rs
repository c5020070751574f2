//! The organization's policies above the account.

use serde_json::{Value, json};

use crate::wire::scenario::{Scenario, scenario};
use served::{DELEGATED_KEY, Fault, Kind, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    [resource_control(), service_control(), unread()].concat()
}

fn resource_control() -> Vec<Scenario> {
    vec![
        scenario("resource-control-policy-denies", |acme| attach_perimeter(acme, "r-acme", SAML))
            .blocked_by("resource-control-policy-denies"),
        scenario("resource-control-policy-denies--on-the-account", |acme| {
            attach_perimeter(acme, "prod-data", &["sts:*"]);
        })
        .called_by(DELEGATED_KEY)
        .where_aws(|conduct| conduct.with_fault(path_withheld()))
        .blocked_by("resource-control-policy-denies"),
        // Session tags need an action of their own.
        scenario("resource-control-policy-denies--session-tags", |acme| {
            super::session::pass_on_display_names(acme);
            attach_perimeter(acme, "ou-acme-prod0001", &["sts:TagSession"]);
        })
        .blocked_by("resource-control-policy-denies"),
        scenario("resource-control-policy-denies--near-miss", |acme| {
            attach_perimeter(acme, "r-acme", &["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"]);
        }),
        scenario("resource-control-policy-denies--near-miss-other-unit", |acme| {
            attach_perimeter(acme, "ou-acme-dev00001", SAML);
        }),
        // Only callers that carry another organization's id.
        scenario("resource-control-policy-denies--near-miss-guarded", |acme| {
            let condition = json!({
                "StringNotEquals": {"aws:PrincipalOrgID": acme.id},
                "Null": {"aws:PrincipalOrgID": "false"},
            });
            let statement =
                json!({"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*", "Condition": condition});
            attach(acme, "RESOURCE_CONTROL_POLICY", "r-acme", &statement);
        }),
        scenario("resource-control-policy-denies--near-miss-switched-off", |acme| {
            attach_perimeter(acme, "r-acme", SAML);
            acme.root.policy_types.clear();
        }),
    ]
}

fn service_control() -> Vec<Scenario> {
    vec![
        scenario("service-control-policy-denies-session", |acme| {
            attach(acme, "SERVICE_CONTROL_POLICY", "ou-acme-prod0001", &everything(&json!({})));
        })
        .degraded_by("service-control-policy-denies-session"),
        scenario("service-control-policy-denies-session--nothing-allowed", |acme| {
            let everywhere = ["r-acme", "ou-acme-workload", "123456789012"].map(str::to_owned);
            let policy = acme.policies.iter_mut().find(|policy| policy.id == "p-FullAWSAccess");
            policy.expect("AWS's own").targets = everywhere.into();
            let some = json!({"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"});
            attach(acme, "SERVICE_CONTROL_POLICY", "ou-acme-prod0001", &some);
        })
        .degraded_by("service-control-policy-denies-session"),
        scenario("service-control-policy-denies-session--near-miss", |acme| {
            let exempt =
                json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"}});
            attach(acme, "SERVICE_CONTROL_POLICY", "ou-acme-prod0001", &everything(&exempt));
        }),
        // Whoever calls from elsewhere is denied, and that is not everything.
        scenario("service-control-policy-denies-session--near-miss-network", |acme| {
            let elsewhere = json!({"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}});
            attach(acme, "SERVICE_CONTROL_POLICY", "r-acme", &everything(&elsewhere));
        }),
        scenario("user-denied-by-policy", |acme| {
            let jane = json!({"StringEquals": {"identitystore:UserId": acme.user_id("jane.doe")}});
            attach(acme, "SERVICE_CONTROL_POLICY", "r-acme", &everything(&jane));
        })
        .degraded_by("user-denied-by-policy"),
        scenario("user-denied-by-policy--inline", |acme| {
            deny_inline(acme, &json!({"StringLike": {"aws:userId": "*:jane.doe"}}));
        })
        .degraded_by("user-denied-by-policy"),
        // AWS's example as it stands in its documentation, and somebody else.
        scenario("user-denied-by-policy--near-miss", |acme| {
            deny_inline(acme, &json!({"StringEquals": {"identitystore:userId": "Add user ID here"}}));
            let janet = json!({"StringLike": {"aws:userid": "*:janet.doe"}});
            attach(acme, "SERVICE_CONTROL_POLICY", "r-acme", &everything(&janet));
        }),
    ]
}

fn unread() -> Vec<Scenario> {
    vec![
        scenario("blind--policy-types-denied", |_| {})
            .where_aws(|conduct| conduct.with_denied("organizations:ListRoots"))
            .inconclusive(),
        scenario("blind--parents-denied", |_| {})
            .where_aws(|conduct| conduct.with_fault(path_withheld()).with_denied("organizations:ListParents"))
            .inconclusive(),
        // Whose address it is that AWS STS sees cannot be known from outside.
        scenario("blind--policy-undecided", |acme| {
            let elsewhere = json!({"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}});
            let statement = json!({"Sid": "Network", "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*", "Condition": elsewhere});
            attach(acme, "RESOURCE_CONTROL_POLICY", "r-acme", &statement);
        })
        .inconclusive(),
    ]
}

const SAML: &[&str] = &["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// The statement of aws/lza-universal-configuration#25.
fn attach_perimeter(acme: &mut Organization, target: &str, actions: &[&str]) {
    let condition = json!({
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": acme.id},
    });
    let statement = json!({
        "Sid": "GRSTSDPB", "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*", "Condition": condition,
    });
    attach(acme, "RESOURCE_CONTROL_POLICY", target, &statement);
}

fn attach(acme: &mut Organization, kind: &str, target: &str, statement: &Value) {
    acme.attach_policy(kind, "Guardrails", target, json!({"Version": "2012-10-17", "Statement": [statement]}));
}

fn everything(condition: &Value) -> Value {
    json!({"Sid": "DenyAll", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition})
}

/// Puts a statement into the permission set's inline policy, and into the role.
fn deny_inline(acme: &mut Organization, condition: &Value) {
    let policy = json!({"Version": "2012-10-17", "Statement": [everything(condition)]}).to_string();
    acme.permission_set("RedshiftAnalyst").inline_policy = Some(policy);
    acme.provision("RedshiftAnalyst", "prod-data");
}

/// An answer of `DescribeAccount` that does not say where the account stands.
fn path_withheld() -> Fault {
    Fault::on("organizations:DescribeAccount", Kind::MissingField { field: "Paths".into() })
}
