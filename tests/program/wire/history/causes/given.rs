//! What was given to people and taken from them: policies of permission sets, what is passed on of them, entitlements.

use super::*;

use served::{AccessControlAttributes, Role};

const TERRAFORM: By<'static> = By::Pipeline("terraform-identity", "ASIATERRAFORM0000001");
const READER: &str = "arn:aws:iam::123456789012:role/data/DataReader";

fn reference(acme: &Organization, set: &str, number: usize) -> Value {
    let policy = json!({"name": format!("analyst-{number:02}"), "path": "/"});
    json!({"permissionSetArn": acme.permission_set_arn(set), "customerManagedPolicyReference": policy})
}

const REFERS: &str = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet";
const REFERS_NO_LONGER: &str = "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet";

#[test]
fn the_policy_that_was_one_too_many() {
    Cause {
        rule: "policies-per-role-quota",
        // Twelve, where a role takes ten.
        broken: |acme| {
            for number in 1..12 {
                let name = format!("analyst-{number:02}");
                acme.add_policy("prod-data", &name, "/");
                acme.permission_set("RedshiftAnalyst").customer_managed(&name, "/");
            }
            acme.unprovision("RedshiftAnalyst", "prod-data");
            let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.creation_request("FAILED", it.0, it.1, it.2, MINUTES(10)).failure_reason =
                Some("LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10".into());
        },
        near: |acme| {
            // The twelfth, one of another permission set, and one that came and went.
            changed(acme, DELEGATED, REFERS, (reference(acme, "RedshiftAnalyst", 11), 60));
            changed(acme, DELEGATED, REFERS, (reference(acme, "RedshiftAdmin", 10), 50));
            changed(acme, DELEGATED, REFERS, (reference(acme, "RedshiftAnalyst", 20), 45));
            changed(acme, DELEGATED, REFERS_NO_LONGER, (reference(acme, "RedshiftAnalyst", 20), 40));
        },
        change: |acme| changed(acme, DELEGATED, REFERS, (reference(acme, "RedshiftAnalyst", 10), 90)),
        told: [ALEX, DELEGATED, "likely"],
        blocks: true,
    }
    .holds();
}

#[test]
fn the_last_policy_taken_from_a_permission_set() {
    Cause {
        rule: "permission-set-empty",
        broken: |acme| {
            acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
            acme.provision("RedshiftAnalyst", "prod-data");
        },
        near: |acme| {
            changed(acme, DELEGATED, REFERS_NO_LONGER, (reference(acme, "RedshiftAdmin", 1), 30));
            // A boundary grants nothing.
            let set = json!({"permissionSetArn": acme.permission_set_arn("RedshiftAnalyst")});
            changed(acme, DELEGATED, "sso:DeletePermissionsBoundaryFromPermissionSet", (set.clone(), 25));
            changed(acme, DELEGATED, "sso:UpdatePermissionSet", (set, 20));
        },
        change: |acme| changed(acme, DELEGATED, REFERS_NO_LONGER, (reference(acme, "RedshiftAnalyst", 1), 90)),
        told: [ALEX, DELEGATED, "confirmed"],
        blocks: false,
    }
    .holds();
}

fn of_user(acme: &Organization, user: &str) -> Value {
    json!({"identityStoreId": acme.organization_instance().identity_store_id, "userId": acme.user_id(user)})
}

const PASSED_ON: &str = "sso:UpdateInstanceAccessControlAttributeConfiguration";

#[test]
fn what_is_passed_on_of_people_was_changed_or_they_were() {
    let of = |change| Cause {
        rule: "session-tags-invalid",
        broken: |acme| {
            acme.instance().access_control_attributes = Some(AccessControlAttributes {
                status: "ENABLED".into(),
                status_reason: None,
                attributes: [("Person".to_owned(), "${path:displayName}".to_owned())].into(),
            });
            acme.user("jane.doe").display_name = "Jane Doe (Data)".into();
        },
        near: |acme| {
            changed(acme, MANAGEMENT, "identitystore:UpdateUser", (of_user(acme, "john.doe"), 30));
            let own = json!({"instanceArn": acme.organization_instance().arn});
            changed(acme, MANAGEMENT, "sso:DeleteInstanceAccessControlAttributeConfiguration", (own.clone(), 150));
            changed(acme, MANAGEMENT, "sso:UpdateInstance", (own, 20));
        },
        change,
        told: [ALEX, MANAGEMENT, "likely"],
        blocks: true,
    };
    of(|acme| {
        let own = json!({"instanceArn": acme.organization_instance().arn});
        changed(acme, MANAGEMENT, PASSED_ON, (own, 90));
    })
    .holds();
    of(|acme| changed(acme, MANAGEMENT, "identitystore:UpdateUser", (of_user(acme, "jane.doe"), 90))).holds();
}

#[test]
fn a_certificate_of_the_identity_provider_before_the_first_failure() {
    let certificate = |acme: &mut Organization, name: &str, minutes| {
        let request = json!({"directoryId": acme.organization_instance().identity_store_id, "idpId": "idp-1"});
        changed(acme, MANAGEMENT, &format!("sso-directory:{name}"), (request, minutes));
    };
    let story = |changes: &[(&str, i64)]| {
        ask(|acme| {
            acme.events.clear();
            acme.sign_in_event("UserAuthentication", "jane.doe", "Success", "EXTERNAL_IDP", "last", MINUTES(120));
            for (attempt, minutes) in [("first", 60), ("second", 50), ("third", 40)] {
                acme.sign_in_event(
                    "CredentialVerification",
                    "jane.doe",
                    "Failure",
                    "PASSWORD",
                    attempt,
                    MINUTES(minutes),
                );
            }
            for (name, minutes) in changes {
                certificate(acme, name, *minutes);
            }
        })
    };
    // Before she last got in, and after she could not any more.
    let near = &[("ImportExternalIdPCertificate", 200), ("ImportExternalIdPCertificate", 20)];
    let answer = story(near);
    assert_eq!(answer["root_cause"]["rule"], "sign-in-failed", "{answer:#}");
    let range = ["by", "event_id"].map(|name| since(&answer)[name].clone());
    assert_eq!(range, [Value::Null, Value::Null], "{}", since(&answer));
    assert!(is_minutes_ago(&since(&answer)["not_before"], 120), "{}", since(&answer));
    let answer = story(&[near[0], ("DeleteExternalIdPCertificate", 90), near[1]]);
    let told = ["by", "account", "certainty"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!(ALEX), json!(MANAGEMENT), json!("likely")], "{answer:#}");
    assert!(is_minutes_ago(&since(&answer)["at"], 90), "{}", since(&answer));
}

/// The entitlement of a group to a role, whose making alone says whom and what it is for.
fn entitlement(acme: &mut Organization, (id, principal, role): (&str, &str, &str), gone: i64) {
    let (kind, principal) = acme.principal(principal);
    let member = if kind == "GROUP" { "groupId" } else { "userId" };
    let application = acme.applications[0].arn.clone();
    let whom = json!({"principal": {"identityCenter": {member: principal}}, "roleArn": role});
    let request = json!({"applicationArn": application, "entitlement": {"principalRole": whom}});
    let made = (request, json!({"entitlementId": id}));
    acme.change_event(MANAGEMENT, "account-access:CreateEntitlement", TERRAFORM, Moment::days_ago(60), made);
    let request = json!({"applicationArn": application, "entitlementId": id});
    changed(acme, MANAGEMENT, "account-access:DeleteEntitlement", (request, gone));
}

#[test]
fn an_entitlement_that_was_deleted() {
    Cause {
        rule: "assignment-missing",
        broken: |acme| {
            acme.assignments.retain(|one| one.account != TARGET);
            acme.entitle("Finance", "arn:aws:iam::210987654321:role/Ledger");
        },
        near: |acme| {
            entitlement(acme, ("e-2", "Finance", READER), 30);
            entitlement(acme, ("e-3", "DataAnalysts", "arn:aws:iam::210987654321:role/Ledger"), 20);
        },
        change: |acme| entitlement(acme, ("e-1", "DataAnalysts", READER), 90),
        told: [ALEX, MANAGEMENT, "confirmed"],
        blocks: true,
    }
    .holds();
}

#[test]
fn a_trust_policy_that_lets_account_access_manager_in_no_longer() {
    fn trust(name: &str) -> Value {
        json!({"roleName": name, "policyDocument": "{}"})
    }
    Cause {
        rule: "entitlement-role-trust-missing",
        broken: |acme| {
            acme.assignments.retain(|one| one.account != TARGET);
            acme.entitle("DataAnalysts", READER);
            let trust_policy = r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned();
            let role = Role { path: "/data/".into(), name: "DataReader".into(), trust_policy, ..Role::default() };
            acme.account("prod-data").iam.roles.push(role);
        },
        near: |acme| {
            changed(acme, TARGET, "iam:UpdateAssumeRolePolicy", (trust("DataWriter"), 30));
            changed(acme, TARGET, "iam:AttachRolePolicy", (json!({"roleName": "DataReader", "policyArn": "x"}), 20));
        },
        change: |acme| changed(acme, TARGET, "iam:UpdateAssumeRolePolicy", (trust("DataReader"), 90)),
        told: [ALEX, TARGET, "confirmed"],
        blocks: false,
    }
    .holds();
}
