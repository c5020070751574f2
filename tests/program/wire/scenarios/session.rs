//! What Identity Center passes on into the session.

use serde_json::{Value, json};

use crate::wire::scenario::{Scenario, scenario};
use served::{AccessControlAttributes, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    [tags(), own_policies()].concat()
}

fn own_policies() -> Vec<Scenario> {
    vec![
        scenario("permission-set-denies-session", |acme| {
            rewrite(
                acme,
                &json!([
                    {"Effect": "Allow", "Action": "redshift:*", "Resource": "*"},
                    without_mfa(&json!({"Action": "*"})),
                ]),
            );
        })
        .degraded_by("permission-set-denies-session"),
        // What federated sessions carry is enough, and only some is denied without MFA.
        scenario("permission-set-denies-session--near-miss", |acme| {
            rewrite(
                acme,
                &json!([
                    {"Effect": "Allow", "Action": "redshift:*", "Resource": "*"},
                    without_mfa(&json!({"Action": "redshift:Delete*"})),
                    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
                ]),
            );
        }),
    ]
}

/// What the customer managed policy of the permission set says.
fn rewrite(acme: &mut Organization, statements: &Value) {
    let policies = &mut acme.account("prod-data").iam.policies;
    let policy = policies.iter_mut().find(|policy| policy.name == "my-redshift-analyst-policy");
    policy.expect("the policy").document = json!({"Version": "2012-10-17", "Statement": statements});
}

/// A statement that denies this without MFA.
fn without_mfa(what: &Value) -> Value {
    let mut statement = json!({
        "Sid": "DenyWithoutMFA", "Effect": "Deny", "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    });
    for (element, names) in what.as_object().into_iter().flatten() {
        statement[element] = names.clone();
    }
    statement
}

fn tags() -> Vec<Scenario> {
    vec![
        scenario("session-tags-invalid", |acme| {
            pass_on_display_names(acme);
            acme.user("jane.doe").display_name = "Jane Doe (Data)".into();
        })
        .blocked_by("session-tags-invalid"),
        // Letters of any script are as good as ASCII; the parentheses are somebody else's.
        scenario("session-tags-invalid--near-miss", |acme| {
            pass_on_display_names(acme);
            acme.user("jane.doe").display_name = "Žané Dœ-Łukasz".into();
            acme.user("janet.doe").display_name = "Janet Doe (Web)".into();
        }),
        // Nothing is passed on while it is not switched on.
        scenario("session-tags-invalid--near-miss-not-enabled", |acme| {
            pass_on_display_names(acme);
            if let Some(attributes) = &mut acme.instance().access_control_attributes {
                attributes.status = "CREATION_FAILED".into();
            }
            acme.user("jane.doe").display_name = "Jane Doe (Data)".into();
        }),
    ]
}

pub(super) fn pass_on_display_names(acme: &mut Organization) {
    acme.instance().access_control_attributes = Some(AccessControlAttributes {
        status: "ENABLED".into(),
        status_reason: None,
        attributes: [("Person", "${path:displayName}"), ("Login", "${path:userName}")]
            .map(|(key, source)| (key.to_owned(), source.to_owned()))
            .into(),
    });
}
