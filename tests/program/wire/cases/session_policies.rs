//! What the policies of a permission set, its boundary and the organization leave to a session.

use serde_json::{Value, json};

use crate::wire::scenario::{Scenario, scenario};
use served::{AccessControlAttributes, Boundary, Organization, Role};

mod organization;
mod ways;

pub(super) fn scenarios() -> Vec<Scenario> {
    [inline(), managed(), boundary(), emptied(), organization::scenarios(), ways::scenarios()].concat()
}

const RULE: &str = "permission-set-denies-session";

fn inline() -> Vec<Scenario> {
    vec![
        scenario("inline-denies-everything", |acme| only_inline(acme, &json!([deny(&json!({"Action": "*"}))])))
            .degraded_by(RULE)
            .saying(&["The inline policy of permission set RedshiftAnalyst denies everything (statement Cut)"]),
        scenario("inline-only-denies", |acme| only_inline(acme, &json!([deny(&json!({"Action": "s3:*"}))])))
            .degraded_by(RULE)
            .saying(&["its policies only deny (statement Cut of the inline policy"]),
        scenario("inline-denies-what-it-allows", |acme| {
            only_inline(
                acme,
                &json!([allow(&json!({"Action": ["S3:Get*", "s3:List*"]})), deny(&json!({"Action": "s3:*"}))]),
            );
        })
        .degraded_by(RULE)
        .saying(&["statement Cut"]),
        scenario("inline-denies-what-it-allows--near-miss", |acme| {
            only_inline(
                acme,
                &json!([allow(&json!({"Action": ["s3:Get*", "s3:List*"]})), deny(&json!({"Action": "s3:Get*"}))]),
            );
        }),
        scenario("inline-without-a-statement", |acme| only_inline(acme, &json!([])))
            .degraded_by(RULE)
            .saying(&["no statement of its policies allows anything"]),
        // AWS's sample for IAM users who manage their own device.
        scenario("inline-denies-all-but-a-few-without-mfa", |acme| {
            let own_device = json!(["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "sts:GetSessionToken"]);
            let mut denial = deny(&json!({"NotAction": own_device}));
            denial["Condition"] = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
            inline_beside(acme, &json!([allow(&json!({"Action": "*"})), denial]));
        })
        .degraded_by(RULE)
        .saying(&["can do no more than iam:CreateVirtualMFADevice", "statement Cut", "never carry it"]),
        // All that is allowed is excepted.
        scenario("inline-denies-all-but-a-few-without-mfa--near-miss", |acme| {
            let mut denial = deny(&json!({"NotAction": ["redshift:*", "iam:Get*"]}));
            denial["Condition"] = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
            inline_beside(acme, &json!([denial]));
        }),
        scenario("inline-denies-by-age-of-mfa", |acme| {
            let mut denial = deny(&json!({"Action": "*"}));
            denial["Condition"] = json!({"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}});
            inline_beside(acme, &json!([denial]));
        })
        .degraded_by(RULE),
        scenario("inline-denies-by-age-of-mfa--near-miss", |acme| {
            let mut denial = deny(&json!({"Action": "*"}));
            denial["Condition"] = json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}});
            inline_beside(acme, &json!([denial]));
        }),
        scenario("inline-allows-only-with-mfa", |acme| {
            let mut allowance = allow(&json!({"Action": "*"}));
            allowance["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
            only_inline(acme, &json!([allowance]));
        })
        .degraded_by(RULE)
        .saying(&["statement Let of the inline policy", "aws:MultiFactorAuthPresent", "never carry"]),
        scenario("inline-allows-only-with-mfa--near-miss", |acme| {
            let mut allowance = allow(&json!({"Action": "*"}));
            allowance["Condition"] = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}});
            only_inline(acme, &json!([allowance]));
        }),
        scenario("inline-denies-elsewhere", |acme| {
            let mut denial = deny(&json!({"Action": "*"}));
            denial["Condition"] = json!({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}});
            inline_beside(acme, &json!([denial]));
        })
        .saying(&[
            "may leave sessions of permission set RedshiftAnalyst nothing: statement Cut",
            "aws:SourceIp (NotIpAddress)",
        ]),
        scenario("inline-denies-other-regions", |acme| {
            let mut denial = deny(&json!({"Action": "*"}));
            denial["Condition"] = json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}});
            inline_beside(acme, &json!([denial]));
        })
        .silent_on(&["may leave"]),
        // What one statement leaves, another takes.
        scenario("inline-leaves-no-region", |acme| {
            let mut allowance = allow(&json!({"Action": "*"}));
            allowance["Condition"] = json!({"StringLike": {"aws:RequestedRegion": "us-*"}});
            let mut denial = deny(&json!({"Action": "*"}));
            denial["Condition"] = json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}});
            only_inline(acme, &json!([allowance, denial]));
        })
        .degraded_by(RULE),
    ]
}

fn managed() -> Vec<Scenario> {
    vec![
        scenario("aws-deny-all-attached", |acme| {
            acme.aws_managed_policies.push("arn:aws:iam::aws:policy/AWSDenyAll".into());
            acme.permission_set("RedshiftAnalyst").managed("AWSDenyAll");
            acme.provision("RedshiftAnalyst", "prod-data");
        })
        .degraded_by(RULE)
        .saying(&["AWS managed policy AWSDenyAll denies everything"]),
        scenario("aws-deny-all-attached--near-miss-not-provisioned", |acme| {
            acme.aws_managed_policies.push("arn:aws:iam::aws:policy/AWSDenyAll".into());
            acme.permission_set("RedshiftAnalyst").managed("AWSDenyAll");
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
        })
        .degraded_by("permission-set-outdated")
        .saying(&[
            "that is not in the account yet leaves its sessions nothing",
            "as the permission set stands now, this leaves its sessions nothing; see the note",
        ]),
        scenario("another-aws-policy-attached", |acme| {
            acme.permission_set("RedshiftAnalyst").managed("AmazonS3ReadOnlyAccess").customer_managed_policies.clear();
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
        // The older version denies everything, and the newer one is not there yet.
        scenario("outdated-role-denies-everything", |acme| {
            only_inline(acme, &json!([deny(&json!({"Action": "*"}))]));
            acme.permission_set("RedshiftAnalyst").inline_policy = None;
            acme.permission_set("RedshiftAnalyst").managed("ReadOnlyAccess");
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
        })
        .degraded_by("permission-set-outdated")
        .saying(&["inline policy AwsSSOInlinePolicy of role"]),
        scenario("customer-managed-policy-denies", |acme| {
            rewrite(acme, "my-redshift-analyst-policy", &json!([deny(&json!({"Action": "*"}))]));
        })
        .degraded_by(RULE)
        .saying(&["Customer managed policy my-redshift-analyst-policy denies everything (statement Cut)"]),
        scenario("customer-managed-policy-denies-others", |acme| {
            let mut denial = deny(&json!({"Action": "*"}));
            denial["Condition"] = json!({"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-reserved/*"}});
            let allowance = allow(&json!({"Action": "redshift:*"}));
            rewrite(acme, "my-redshift-analyst-policy", &json!([denial, allowance]));
        }),
    ]
}

fn boundary() -> Vec<Scenario> {
    vec![
        scenario("boundary-allows-nothing-of-it", |acme| {
            bound(acme, &json!([allow(&json!({"Action": ["s3:*", "iam:*"]}))]));
        })
        .degraded_by(RULE)
        .saying(&["the permissions boundary allows only s3:* and iam:*", "redshift:Describe*"]),
        scenario("boundary-allows-nothing-of-it--near-miss", |acme| {
            bound(acme, &json!([allow(&json!({"Action": ["s3:*", "redshift:DescribeClusters"]}))]));
        }),
        scenario("boundary-denies-everything", |acme| {
            bound(acme, &json!([allow(&json!({"Action": "*"})), deny(&json!({"NotAction": ["s3:*"]}))]));
        })
        .degraded_by(RULE),
        // Its text is AWS's, which allows everything where it is served here.
        scenario("boundary-of-aws", |acme| {
            let arn = "arn:aws:iam::aws:policy/PowerUserAccess".to_owned();
            acme.permission_set("RedshiftAnalyst").permissions_boundary = Some(Boundary::ManagedPolicyArn(arn));
            acme.provision("RedshiftAnalyst", "prod-data");
        }),
    ]
}

fn emptied() -> Vec<Scenario> {
    vec![
        scenario("emptied-and-not-provisioned", |acme| {
            acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
        })
        .degraded_by("permission-set-outdated")
        .saying(&["still carries 1 policy, and once the permission set is provisioned there, everything is denied"])
        .silent_on(&["people get in, and everything is denied"]),
        scenario("emptied-and-pushed", |acme| {
            acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
            acme.provision("RedshiftAnalyst", "prod-data");
        })
        .degraded_by("permission-set-empty")
        .saying(&["people get in, and everything is denied"]),
    ]
}

/// A statement named Let that allows this, on everything unless told otherwise.
fn allow(what: &Value) -> Value {
    statement("Let", "Allow", what)
}

/// A statement named Cut that denies this, on everything unless told otherwise.
fn deny(what: &Value) -> Value {
    statement("Cut", "Deny", what)
}

fn statement(sid: &str, effect: &str, what: &Value) -> Value {
    let mut statement = json!({"Sid": sid, "Effect": effect, "Resource": "*"});
    for (element, value) in what.as_object().into_iter().flatten() {
        statement[element] = value.clone();
    }
    statement
}

fn document(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Her permission set has an inline policy and nothing else, and is provisioned so.
fn only_inline(acme: &mut Organization, statements: &Value) {
    acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
    inline_beside(acme, statements);
}

/// Her permission set has an inline policy beside what else it has, and is provisioned so.
fn inline_beside(acme: &mut Organization, statements: &Value) {
    acme.permission_set("RedshiftAnalyst").inline_policy = Some(document(statements).to_string());
    acme.provision("RedshiftAnalyst", "prod-data");
}

/// What a customer managed policy in her account says.
fn rewrite(acme: &mut Organization, name: &str, statements: &Value) {
    let policies = &mut acme.account("prod-data").iam.policies;
    let policy = policies.iter_mut().find(|policy| policy.name == name);
    policy.expect("the policy").document = document(statements);
}

/// Her permission set has a boundary, and is provisioned with it.
fn bound(acme: &mut Organization, statements: &Value) {
    acme.add_policy("prod-data", "analyst-boundary", "/");
    rewrite(acme, "analyst-boundary", statements);
    acme.permission_set("RedshiftAnalyst").boundary("analyst-boundary", "/");
    acme.provision("RedshiftAnalyst", "prod-data");
}

/// Attributes for access control are on.
fn tag_sessions(acme: &mut Organization) {
    acme.instance().access_control_attributes = Some(AccessControlAttributes {
        status: "ENABLED".into(),
        status_reason: None,
        attributes: [("Login".to_owned(), "${path:userName}".to_owned())].into(),
    });
}

const READER: &str = "arn:aws:iam::123456789012:role/data/DataReader";

/// Her group is entitled to a role, which lets account access manager in.
fn entitle(acme: &mut Organization) {
    acme.entitle("DataAnalysts", READER);
    let trust = document(&json!([{
        "Effect": "Allow",
        "Principal": {"Service": "account-access.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:SetContext"],
        "Condition": {"StringEquals": {"aws:SourceAccount": acme.management_account, "aws:SourceArn": acme.applications[0].arn}},
    }]));
    let role =
        Role { path: "/data/".into(), name: "DataReader".into(), trust_policy: trust.to_string(), ..Role::default() };
    acme.account("prod-data").iam.roles.push(role);
}

/// Nothing is assigned in her account, and her group is entitled.
fn only_entitled(acme: &mut Organization) {
    acme.assignments.retain(|assignment| assignment.account != "123456789012");
    entitle(acme);
}
