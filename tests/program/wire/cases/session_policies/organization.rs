//! Service control policies, of all levels together.

use serde_json::{Value, json};

use super::{allow, deny, document, inline_beside, only_entitled, rewrite, tag_sessions};
use crate::wire::scenario::{Scenario, scenario};
use served::Organization;

const RULE: &str = "service-control-policy-denies-session";

pub(super) fn scenarios() -> Vec<Scenario> {
    [levels(), conditions()].concat()
}

fn levels() -> Vec<Scenario> {
    vec![
        scenario("levels-without-anything-in-common", |acme| {
            only(acme, "Storage", "r-acme", &json!({"Action": "s3:*"}));
            only(acme, "Machines", "ou-acme-prod0001", &json!({"Action": "ec2:*"}));
        })
        .degraded_by(RULE)
        .saying(&["at the root r-acme allows only s3:*", "Storage (p-", "Machines (p-", "allows only ec2:*"]),
        scenario("levels-without-anything-in-common--near-miss", |acme| {
            only(acme, "Storage", "r-acme", &json!({"Action": ["s3:*", "redshift:*"]}));
            only(acme, "Machines", "ou-acme-prod0001", &json!({"Action": ["ec2:*", "redshift:Describe*"]}));
        }),
        // Each level leaves something, and none of it is what the permission set grants.
        scenario("level-allows-nothing-that-is-granted", |acme| {
            only(acme, "Storage", "r-acme", &json!({"Action": ["s3:*", "ec2:*"]}));
        })
        .degraded_by(RULE)
        .saying(&["nothing of what permission set RedshiftAnalyst grants", "Storage (p-"]),
        scenario("level-allows-nothing-that-is-granted--resources", |acme| {
            only(acme, "Storage", "r-acme", &json!({"Action": "*", "Resource": "arn:aws:s3:::acme-*"}));
            rewrite(
                acme,
                "my-redshift-analyst-policy",
                &json!([allow(&json!({"Action": "*", "Resource": "arn:aws:s3:::other/*"}))]),
            );
        })
        .degraded_by(RULE),
        scenario("denied-what-is-granted", |acme| {
            attach(acme, "Guardrails", "r-acme", &json!([deny(&json!({"NotAction": ["iam:*", "sts:*"]}))]));
        })
        .degraded_by(RULE)
        .saying(&["Guardrails (p-"]),
        // What AWS managed policies grant is read where it decides.
        scenario("denied-what-is-granted--near-miss-aws-managed", |acme| {
            attach(acme, "Guardrails", "r-acme", &json!([deny(&json!({"NotAction": ["iam:*", "sts:*"]}))]));
            acme.permission_set("RedshiftAnalyst").managed("SecurityAudit");
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
        scenario("management-account-is-bound-by-none", |acme| {
            acme.assign("RedshiftAnalyst", "DataAnalysts", "acme-management");
            acme.add_policy("acme-management", "my-redshift-analyst-policy", "/");
            acme.provision("RedshiftAnalyst", "acme-management");
            attach(acme, "Guardrails", "r-acme", &json!([deny(&json!({"Action": "*"}))]));
        })
        .asking("jane.doe 111122223333"),
        scenario("entitled-session-is-bound", |acme| {
            only_entitled(acme);
            attach(acme, "Guardrails", "r-acme", &json!([deny(&json!({"Action": "*"}))]));
        })
        .degraded_by(RULE)
        .saying(&["sessions of role DataReader"]),
    ]
}

fn conditions() -> Vec<Scenario> {
    vec![
        scenario("denied-all-but-a-few-without-mfa-and-none-of-them-granted", |acme| {
            let few = json!({"NotAction": ["iam:*MFADevice*", "sts:GetSessionToken"]});
            under(acme, &few, &mfa("BoolIfExists", "false"));
        })
        .degraded_by(RULE)
        .saying(&["nothing of what permission set RedshiftAnalyst grants", "never carry it"]),
        scenario("denied-all-but-a-few-without-mfa", |acme| {
            inline_beside(acme, &json!([allow(&json!({"Action": "*"}))]));
            let few = json!({"NotAction": ["iam:*MFADevice*", "sts:GetSessionToken"]});
            under(acme, &few, &mfa("BoolIfExists", "false"));
        })
        .degraded_by(RULE)
        .saying(&["can do no more than iam:*MFADevice* and sts:GetSessionToken", "aws:MultiFactorAuthPresent"]),
        // AWS's own policies are read where such a statement may take away all that they allow.
        scenario("denied-all-but-a-few-without-mfa-to-an-aws-managed-policy", |acme| {
            let set = acme.permission_set("RedshiftAnalyst").managed("SecurityAudit");
            set.customer_managed_policies.clear();
            acme.provision("RedshiftAnalyst", "prod-data");
            under(acme, &json!({"NotAction": ["iam:*MFADevice*"]}), &mfa("BoolIfExists", "false"));
        })
        .degraded_by(RULE)
        .saying(&["can do no more than iam:*MFADevice*"]),
        scenario("denied-all-but-a-few-without-mfa--near-miss", |acme| {
            under(acme, &json!({"NotAction": ["iam:*MFADevice*"]}), &mfa("Bool", "false"));
        })
        .silent_on(&["may leave"]),
        scenario("denied-all-but-a-few-without-mfa--near-miss-excepted", |acme| {
            under(acme, &json!({"NotAction": ["iam:*MFADevice*", "redshift:*"]}), &mfa("BoolIfExists", "false"));
        }),
        scenario("denied-all-but-a-few-elsewhere", |acme| {
            let elsewhere = json!({"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}});
            under(acme, &json!({"NotAction": ["iam:*", "sts:*"]}), &elsewhere);
        })
        .saying(&["may leave sessions of permission set RedshiftAnalyst nothing", "Guardrails (p-", "aws:SourceIp"])
        .silent_on(&["leaves them nothing"]),
        scenario("denied-all-but-a-few-outside-a-network", |acme| {
            let elsewhere =
                json!({"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1"}, "Bool": {"aws:ViaAWSService": "false"}});
            under(acme, &json!({"Action": "*"}), &elsewhere);
        })
        .saying(&["it depends on aws:SourceVpc (StringNotEqualsIfExists)"]),
        scenario("denied-until-a-day", |acme| {
            under(acme, &json!({"Action": "*"}), &json!({"DateLessThan": {"aws:CurrentTime": "2031-01-01T00:00:00Z"}}));
        })
        .saying(&["it depends on aws:CurrentTime (DateLessThan)"]),
        scenario("denied-without-a-tag", |acme| {
            under(acme, &json!({"Action": "*"}), &json!({"StringNotEquals": {"aws:PrincipalTag/team": "data"}}));
        })
        .degraded_by(RULE)
        .saying(&["aws:PrincipalTag/team"]),
        scenario("denied-with-a-tag", |acme| {
            under(acme, &json!({"Action": "*"}), &json!({"StringEquals": {"aws:PrincipalTag/team": "guests"}}));
        })
        .silent_on(&["may leave"]),
        scenario("denied-without-a-tag--near-miss-tags-are-passed", |acme| {
            tag_sessions(acme);
            under(acme, &json!({"Action": "*"}), &json!({"StringNotEquals": {"aws:PrincipalTag/team": "data"}}));
        })
        .saying(&["it depends on aws:PrincipalTag/team"]),
        scenario("denied-by-a-key-of-one-service", |acme| {
            under(acme, &json!({"Action": "*"}), &json!({"StringEquals": {"ec2:Region": "eu-west-1"}}));
        })
        .silent_on(&["may leave"]),
        // The key is absent from all that is granted, and a negated condition holds then.
        scenario("denied-by-the-lack-of-a-key-of-one-service", |acme| {
            under(acme, &json!({"Action": "*"}), &json!({"StringNotEquals": {"ec2:Region": "eu-west-1"}}));
        })
        .degraded_by(RULE),
        scenario("denied-by-an-operator-of-the-future", |acme| {
            under(acme, &json!({"Action": "*"}), &json!({"StringMatches": {"aws:PrincipalArn": ".*"}}));
        })
        .saying(&["condition operator StringMatches is not one that is known here"]),
    ]
}

fn mfa(operator: &str, value: &str) -> Value {
    json!({operator: {"aws:MultiFactorAuthPresent": value}})
}

/// A service control policy at the root that denies this under a condition.
fn under(acme: &mut Organization, what: &Value, condition: &Value) {
    let mut statement = deny(what);
    statement["Condition"] = condition.clone();
    attach(acme, "Guardrails", "r-acme", &json!([statement]));
}

fn attach(acme: &mut Organization, name: &str, target: &str, statements: &Value) {
    acme.attach_policy("SERVICE_CONTROL_POLICY", name, target, document(statements));
}

/// At this level only this is allowed.
fn only(acme: &mut Organization, name: &str, target: &str, what: &Value) {
    let everywhere = ["r-acme", "ou-acme-workload", "ou-acme-prod0001", "123456789012"];
    let full = acme.policies.iter_mut().find(|policy| policy.id == "p-FullAWSAccess").expect("AWS's own");
    if full.targets == ["*"] {
        full.targets = everywhere.map(str::to_owned).into();
    }
    full.targets.retain(|one| one != target);
    attach(acme, name, target, &json!([allow(what)]));
}
