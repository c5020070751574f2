//! Gates that shut one way and leave another open, and the statements of a trust policy.

use serde_json::{Value, json};

use super::{READER, deny, document, entitle, only_entitled};
use crate::wire::scenario::{Scenario, scenario};
use served::{Organization, SamlProvider};

const RULE: &str = "resource-control-policy-denies";

pub(super) fn scenarios() -> Vec<Scenario> {
    [resource_control(), instance(), trust()].concat()
}

fn resource_control() -> Vec<Scenario> {
    vec![
        scenario("perimeter-and-the-entitled-role-gone", |acme| {
            entitle(acme);
            acme.account("prod-data").iam.roles.retain(|role| role.name != "DataReader");
            attach(acme, &perimeter("*"));
        })
        .blocked_by(RULE),
        scenario("perimeter-beside-an-entitlement", |acme| {
            entitle(acme);
            attach(acme, &perimeter("*"));
        })
        .degraded_by(RULE),
        scenario("perimeter-and-only-an-entitlement", |acme| {
            only_entitled(acme);
            attach(acme, &perimeter("*"));
        }),
        scenario("everything-of-sts-denied-and-only-an-entitlement", |acme| {
            only_entitled(acme);
            attach(acme, &everybody("sts:*", "*"));
        })
        .blocked_by(RULE)
        .saying(&["denies sts:AssumeRole to account access manager", "aws:PrincipalIsAWSService"]),
        scenario("everything-of-sts-denied-and-both-ways", |acme| {
            entitle(acme);
            attach(acme, &everybody("sts:*", "*"));
        })
        .blocked_by(RULE),
        scenario("context-denied-and-only-an-entitlement", |acme| {
            only_entitled(acme);
            attach(acme, &everybody("sts:SetContext", "*"));
        })
        .blocked_by(RULE),
        scenario("entitled-role-named-as-resource", |acme| {
            only_entitled(acme);
            attach(acme, &everybody("*", READER));
        })
        .blocked_by(RULE),
        scenario("entitled-role-named-as-resource--near-miss", |acme| {
            only_entitled(acme);
            attach(acme, &everybody("*", "arn:aws:iam::123456789012:role/DataReader"));
        }),
        scenario("role-named-as-resource", |acme| {
            let role = acme.role_arn("RedshiftAnalyst", "prod-data");
            attach(acme, &everybody("sts:*", &role));
        })
        .blocked_by(RULE)
        .saying(&["on the role of permission set RedshiftAnalyst"]),
        scenario("role-named-as-resource--by-pattern", |acme| {
            attach(
                acme,
                &everybody("*", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_RedshiftAnalyst_*"),
            );
        })
        .blocked_by(RULE),
        scenario("role-named-as-resource--near-miss", |acme| {
            attach(
                acme,
                &everybody(
                    "sts:*",
                    "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_RedshiftAnalystV2_*",
                ),
            );
        }),
        scenario("role-named-as-resource--another-way-is-open", |acme| {
            acme.assign("ReadOnly", "Developers", "prod-data");
            let role = acme.role_arn("RedshiftAnalyst", "prod-data");
            attach(acme, &everybody("sts:*", &role));
        })
        .degraded_by(RULE),
        scenario("management-account-is-never-shut", |acme| {
            acme.assign("Billing", "DataAnalysts", "acme-management");
            attach(acme, &everybody("*", "*"));
        })
        .asking("jane.doe 111122223333"),
    ]
}

fn instance() -> Vec<Scenario> {
    vec![
        // AWS tells of no assignment then.
        scenario("permission-sets-disabled-beside-an-entitlement", |acme| {
            entitle(acme);
            acme.instance().permission_sets_enabled = Some(false);
        }),
        scenario("permission-sets-disabled-and-the-entitled-role-gone", |acme| {
            entitle(acme);
            acme.account("prod-data").iam.roles.retain(|role| role.name != "DataReader");
            acme.instance().permission_sets_enabled = Some(false);
        })
        .blocked_by("role-missing"),
        scenario("permission-sets-disabled-and-only-an-entitlement", |acme| {
            only_entitled(acme);
            acme.instance().permission_sets_enabled = Some(false);
        }),
        scenario("permission-sets-disabled-and-no-way", |acme| {
            acme.assignments.retain(|assignment| assignment.account != "123456789012");
            acme.instance().permission_sets_enabled = Some(false);
        })
        .blocked_by("permission-sets-disabled"),
    ]
}

fn trust() -> Vec<Scenario> {
    const AUDIENCE: &str = "https://signin.aws.amazon.com/saml";
    vec![
        scenario("trusted-provider-gone-and-the-other-for-another-audience", |acme| {
            let own = own_provider(acme);
            retrust(acme, &[trusting(GONE, &json!(AUDIENCE)), trusting(&own, &json!("https://example.com/saml"))]);
        })
        .blocked_by("saml-provider-missing")
        .saying(&[
            "AWSSSO_0123456789abcdef_DO_NOT_DELETE, which role",
            "which is there, does not let it in: statement 2",
        ]),
        scenario("trusted-provider-gone-and-the-other-for-another-audience--near-miss", |acme| {
            let own = own_provider(acme);
            let audiences = json!(["https://example.com/saml", AUDIENCE]);
            retrust(acme, &[trusting(GONE, &json!(AUDIENCE)), trusting(&own, &audiences)]);
        }),
        scenario("both-providers-there-and-none-for-the-audience", |acme| {
            let own = own_provider(acme);
            let other =
                SamlProvider { name: "AWSSSO_0123456789abcdef_DO_NOT_DELETE".into(), ..SamlProvider::default() };
            acme.account("prod-data").iam.saml_providers.push(other);
            let wrong = json!("https://signin.amazonaws.cn/saml");
            retrust(acme, &[trusting(GONE, &wrong), trusting(&own, &wrong)]);
        })
        .blocked_by("role-trust-altered"),
        scenario("all-but-another-provider-denied", |acme| {
            let own = own_provider(acme);
            let denial =
                json!({"Effect": "Deny", "Action": "sts:AssumeRoleWithSAML", "NotPrincipal": {"Federated": GONE}});
            retrust(acme, &[trusting(&own, &json!(AUDIENCE)), denial]);
        })
        .blocked_by("role-trust-altered")
        .saying(&["denies sts:AssumeRoleWithSAML (statement 2)"]),
        scenario("all-but-another-provider-denied--near-miss", |acme| {
            let own = own_provider(acme);
            let denial = json!({"Effect": "Deny", "Action": "sts:AssumeRoleWithSAML", "NotPrincipal": {"Federated": [GONE, own]}});
            retrust(acme, &[trusting(&own, &json!(AUDIENCE)), denial]);
        }),
    ]
}

const GONE: &str = "arn:aws:iam::123456789012:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE";

fn own_provider(acme: &Organization) -> String {
    format!("arn:aws:iam::123456789012:saml-provider/{}", acme.saml_provider_name("123456789012"))
}

fn trusting(provider: &str, audience: &Value) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": {"StringEquals": {"SAML:aud": audience}},
    })
}

fn retrust(acme: &mut Organization, statements: &[Value]) {
    acme.role("RedshiftAnalyst", "prod-data").trust_policy = document(&json!(statements)).to_string();
}

/// AWS's own sample against strangers, which forgets the call with a SAML assertion.
fn perimeter(resource: &str) -> Value {
    let mut statement = everybody("sts:*", resource);
    statement["Condition"] = json!({
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-acme000001"},
    });
    statement
}

fn everybody(action: &str, resource: &str) -> Value {
    deny(&json!({"Principal": "*", "Action": action, "Resource": resource}))
}

fn attach(acme: &mut Organization, statement: &Value) {
    acme.attach_policy("RESOURCE_CONTROL_POLICY", "Perimeter", "r-acme", document(&json!([statement])));
}
