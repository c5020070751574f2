//! Causes of every kind: broken, and changed by somebody. What looks like the change and is about something else, or came
//! too early, dates nothing; beside it, the change itself does.

use super::*;

mod given;

const ALEX: &str = "alex.admin as IdentityAdmin";
const PERSON: By<'static> = By::Person("alex.admin");

/// How a cause came about, and what comes near.
struct Cause {
    rule: &'static str,
    /// What does not work.
    broken: fn(&mut Organization),
    /// What looks like the change.
    near: fn(&mut Organization),
    /// The change, ninety minutes ago.
    change: fn(&mut Organization),
    /// Through whom, in which account, and how sure that is.
    told: [&'static str; 3],
    /// Whether the user can have got in after it, so that it was something else.
    blocks: bool,
}

impl Cause {
    fn holds(&self) {
        let Self { rule, broken, near, change, told, blocks } = self;
        let of_near = ask(|acme| {
            acme.events.clear();
            broken(acme);
            near(acme);
        });
        assert_eq!(of_near["root_cause"]["rule"], *rule, "{of_near:#}");
        assert_eq!(since(&of_near)["event_id"], Value::Null, "{rule}: what is near: {of_near:#}");
        let both = ask(|acme| {
            acme.events.clear();
            broken(acme);
            change(acme);
            near(acme);
        });
        let found = ["by", "account", "certainty"].map(|name| since(&both)[name].clone());
        assert_eq!(found, told.map(|one| json!(one)), "{rule}: {both:#}");
        assert!(is_minutes_ago(&since(&both)["at"], 90), "{rule}: {}", since(&both));
        assert!(!explaining(&both).is_empty(), "{rule}: {}", both["timeline"]);
        if *blocks {
            let early = ask(|acme| {
                acme.events.clear();
                broken(acme);
                change(acme);
                let role = format!("arn:aws:iam::{TARGET}:role/{}", reserved_role(acme));
                acme.saml_event("jane.doe", &role, MINUTES(45), None);
            });
            assert_eq!(since(&early)["event_id"], Value::Null, "{rule}: before she last got in: {early:#}");
        }
    }
}

/// Whether a time is about so long ago: the question takes a while.
fn is_minutes_ago(at: &Value, minutes: i64) -> bool {
    at.as_str()
        .is_some_and(|at| (MINUTES(minutes + 4).rfc3339()..=MINUTES(minutes - 1).rfc3339()).contains(&at.to_owned()))
}

/// The role of the permission set, whether or not it is there yet.
fn reserved_role(acme: &Organization) -> String {
    let name = acme.reserved_role_name("RedshiftAnalyst", "prod-data");
    format!("aws-reserved/sso.amazonaws.com/{name}")
}

fn changed(acme: &mut Organization, account: &str, action: &str, (request, minutes): (Value, i64)) {
    acme.change_event(account, action, PERSON, MINUTES(minutes), (request, Value::Null));
}

fn perimeter(acme: &mut Organization, kind: &str, statement: &Value) -> String {
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    acme.attach_policy(kind, "Guardrails", "ou-acme-prod0001", document).id.clone()
}

fn resource_control(acme: &mut Organization) {
    let statement = json!({
        "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": acme.id}},
    });
    perimeter(acme, "RESOURCE_CONTROL_POLICY", &statement);
}

fn service_control(acme: &mut Organization) {
    perimeter(acme, "SERVICE_CONTROL_POLICY", &json!({"Effect": "Deny", "Action": "*", "Resource": "*"}));
}

fn guardrails(acme: &Organization) -> String {
    acme.policies.iter().find(|policy| policy.name == "Guardrails").expect("attached").id.clone()
}

/// Attached where the account is not, another policy above it, and the policy taken away from elsewhere.
fn other_policies(acme: &mut Organization) {
    let policy = guardrails(acme);
    let elsewhere = json!({"policyId": policy, "targetId": "ou-acme-dev00001"});
    changed(acme, MANAGEMENT, "organizations:AttachPolicy", (elsewhere.clone(), 30));
    changed(acme, MANAGEMENT, "organizations:DetachPolicy", (elsewhere, 28));
    let another = json!({"policyId": "p-another000", "targetId": "ou-acme-prod0001"});
    changed(acme, MANAGEMENT, "organizations:AttachPolicy", (another, 25));
    changed(acme, MANAGEMENT, "organizations:UpdatePolicy", (json!({"policyId": "p-another000"}), 20));
    let moved =
        json!({"accountId": "210987654321", "sourceParentId": "r-acme", "destinationParentId": "ou-acme-prod0001"});
    changed(acme, MANAGEMENT, "organizations:MoveAccount", (moved, 15));
}

fn attached(acme: &mut Organization) {
    let request = json!({"policyId": guardrails(acme), "targetId": "ou-acme-prod0001"});
    changed(acme, MANAGEMENT, "organizations:AttachPolicy", (request, 90));
}

fn updated(acme: &mut Organization) {
    let request = json!({"policyId": guardrails(acme), "content": "{}"});
    changed(acme, MANAGEMENT, "organizations:UpdatePolicy", (request, 90));
}

#[test]
fn a_resource_control_policy_attached_above_the_account_or_changed() {
    let of = |change, certainty| Cause {
        rule: "resource-control-policy-denies",
        broken: resource_control,
        near: other_policies,
        change,
        told: [ALEX, MANAGEMENT, certainty],
        blocks: true,
    };
    of(attached, "confirmed").holds();
    of(updated, "likely").holds();
}

#[test]
fn a_service_control_policy_attached_above_the_account_or_changed() {
    let of = |change, certainty| Cause {
        rule: "service-control-policy-denies-session",
        broken: service_control,
        near: other_policies,
        change,
        told: [ALEX, MANAGEMENT, certainty],
        // Whoever has no rights still gets in.
        blocks: false,
    };
    of(attached, "confirmed").holds();
    of(updated, "likely").holds();
}

fn provider(acme: &Organization, name: Option<&str>) -> Value {
    let own = acme.saml_provider_name(TARGET);
    json!({"sAMLProviderArn": format!("arn:aws:iam::{TARGET}:saml-provider/{}", name.unwrap_or(&own))})
}

#[test]
fn a_saml_provider_that_was_deleted() {
    Cause {
        rule: "saml-provider-missing",
        broken: |acme| acme.account("prod-data").iam.saml_providers.clear(),
        near: |acme| {
            changed(acme, TARGET, "iam:DeleteSAMLProvider", (provider(acme, Some("Okta")), 30));
            changed(acme, TARGET, "iam:UpdateSAMLProvider", (provider(acme, None), 25));
        },
        change: |acme| changed(acme, TARGET, "iam:DeleteSAMLProvider", (provider(acme, None), 90)),
        told: [ALEX, TARGET, "confirmed"],
        blocks: true,
    }
    .holds();
}

fn refused(acme: &mut Organization) {
    let role = acme.role_arn("RedshiftAnalyst", "prod-data");
    acme.saml_event("jane.doe", &role, MINUTES(120), None);
    let message = "Not authorized to perform sts:AssumeRoleWithSAML";
    acme.saml_event("jane.doe", &role, MINUTES(40), Some(("AccessDenied", message)));
}

#[test]
fn a_saml_provider_that_was_changed() {
    Cause {
        rule: "assume-role-failed",
        broken: refused,
        near: |acme| {
            changed(acme, TARGET, "iam:UpdateSAMLProvider", (provider(acme, Some("Okta")), 80));
            // Before she last got in, after she was refused, and by Identity Center itself.
            for (minutes, by) in [(200, PERSON), (20, PERSON), (70, By::IdentityCenter)] {
                let event = (provider(acme, None), Value::Null);
                acme.change_event(TARGET, "iam:UpdateSAMLProvider", by, MINUTES(minutes), event);
            }
        },
        change: |acme| changed(acme, TARGET, "iam:UpdateSAMLProvider", (provider(acme, None), 90)),
        told: [ALEX, TARGET, "likely"],
        blocks: true,
    }
    .holds();
}

#[test]
fn an_instance_that_was_deleted() {
    Cause {
        rule: "instance-not-active",
        broken: |acme| acme.instance().status = "DELETE_IN_PROGRESS".into(),
        near: |acme| {
            // An account of its own instance, and a setting.
            let other = json!({"instanceArn": "arn:aws:sso:::instance/ssoins-0000000000000000"});
            changed(acme, DELEGATED, "sso:DeleteInstance", (other, 30));
            let own = json!({"instanceArn": acme.organization_instance().arn});
            changed(acme, MANAGEMENT, "sso:UpdateInstance", (own, 20));
        },
        change: |acme| {
            let own = json!({"instanceArn": acme.organization_instance().arn});
            changed(acme, MANAGEMENT, "sso:DeleteInstance", (own, 90));
        },
        told: [ALEX, MANAGEMENT, "likely"],
        blocks: true,
    }
    .holds();
}
