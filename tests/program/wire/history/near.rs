//! What comes near a change and is not it, what is told twice, and what the fix makes of it.

use super::*;

/// Somebody signs in under a name, as the record has it.
fn signed_in(acme: &mut Organization, name: &str, id: &str, time: Moment) {
    let event =
        acme.change_event(MANAGEMENT, "signin:UserAuthentication", By::Person(name), time, (Value::Null, Value::Null));
    event.record["userIdentity"] =
        json!({"type": "IdentityCenterUser", "accountId": MANAGEMENT, "onBehalfOf": {"userId": id}});
    event.record["additionalEventData"] = json!({"UserName": name, "AuthWorkflowID": "w-1"});
    event.record["serviceEventDetails"] = json!({"UserAuthentication": "Success"});
    event.record["eventType"] = "AwsServiceEvent".into();
}

fn deleted(acme: &mut Organization, id: &str, time: Moment) {
    let request = json!({"identityStoreId": acme.organization_instance().identity_store_id, "userId": id});
    let by = By::Pipeline("leavers", "ASIALEAVERS000000001");
    acme.change_event(DELEGATED, "identitystore:DeleteUser", by, time, (request, Value::Null));
}

#[test]
fn a_deleted_user_is_found_by_the_name_that_they_signed_in_with() {
    let story = |name: &'static str, of_them: bool| {
        ask(move |acme| {
            let jane = acme.user_id("jane.doe");
            let john = acme.user_id("john.doe");
            acme.remove_user("jane.doe");
            acme.events.clear();
            signed_in(acme, name, &jane, MINUTES(600));
            signed_in(acme, "john.doe", &john, MINUTES(500));
            deleted(acme, if of_them { &jane } else { "9067f0c1d2-00000000-0000-0000-0000-000000000000" }, MINUTES(60));
        })
    };
    let answer = story("jane.doe", true);
    assert_eq!(answer["root_cause"]["rule"], "user-not-found");
    let told = ["by", "account", "certainty"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!("leavers"), json!(DELEGATED), json!("likely")], "{answer:#}");
    for answer in [story("jane.doe2", true), story("jane.doe", false)] {
        assert_eq!(since(&answer), &Value::Null);
        assert!(
            says(&answer, "A user was deleted on") && says(&answer, "it may have been jane.doe"),
            "{}",
            answer["notes"]
        );
        assert!(!answer.to_string().contains("john.doe was"), "{answer:#}");
    }
}

#[test]
fn whoever_had_the_name_before_is_somebody_else() {
    let answer = ask(|acme| {
        left_out(acme);
        let event = acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
        event.record["requestParameters"]["member"]["memberId"] =
            "9067f0c1d2-00000000-0000-0000-0000-000000000000".into();
    });
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "it was so before"), "{}", answer["notes"]);
}

#[test]
fn what_is_told_twice_happened_once() {
    let answer = ask(|acme| {
        left_out(acme);
        acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
        let Some(event) = acme.events.last().cloned() else { return };
        acme.events.push(event.clone());
        // The same event, as the other account has it.
        let shared = json!("0f0e0d0c-0b0a-4908-8706-050403020100");
        if let Some(own) = acme.events.last_mut() {
            own.record["sharedEventID"] = shared.clone();
        }
        let mut there = event;
        there.record["sharedEventID"] = shared;
        there.record["eventID"] = "11111111-2222-4333-8444-555555555555".into();
        acme.events.push(there);
    });
    assert_eq!(since(&answer)["certainty"], "confirmed");
    let told = answer["timeline"].as_array().into_iter().flatten();
    let removals = told.filter(|moment| moment["what"] == "jane.doe was removed from group DataAnalysts");
    assert_eq!(removals.count(), 1, "{}", answer["timeline"]);
}

#[test]
fn what_was_given_back_and_is_gone_again_was_not_so_before() {
    let answer = ask(|acme| {
        left_out(acme);
        acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
        let request = json!({
            "identityStoreId": acme.organization_instance().identity_store_id,
            "groupId": acme.group_id("DataAnalysts"), "memberId": {"userId": acme.user_id("jane.doe")},
        });
        let by = By::Pipeline("scim-sync", "ASIASYNC000000000001");
        let event = (request, json!({"membershipId": "m-2"}));
        acme.change_event(MANAGEMENT, "identitystore:CreateGroupMembership", by, MINUTES(60), event);
    });
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "what became of that") && !says(&answer, "it was so before"), "{}", answer["notes"]);
}

#[test]
fn the_fix_is_about_the_assignment_that_was_deleted() {
    let answer = ask(|acme| {
        acme.assignments.retain(|one| one.account != TARGET);
        let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
        let by = By::Pipeline("terraform-identity", "ASIATERRAFORM0000001");
        acme.assignment_event("sso:DeleteAccountAssignment", it, DELEGATED, by, MINUTES(50));
    });
    let acme = Organization::acme();
    let fixes = answer["root_cause"]["fixes"].as_array().cloned().unwrap_or_default();
    assert_eq!(fixes.len(), 2, "{fixes:#?}");
    assert!(
        fixes[0]["do"].as_str().is_some_and(|what| what.contains("at the source of terraform-identity")),
        "{fixes:#?}"
    );
    let command = fixes[1]["command"].as_str().unwrap_or_default();
    for part in [acme.permission_set_arn("RedshiftAnalyst"), acme.group_id("DataAnalysts"), TARGET.to_owned()] {
        assert!(command.contains(&part), "{command}");
    }
}

#[test]
fn what_a_busy_account_leaves_unread_is_said() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    acme.events.clear();
    acme.busy_history(4_000);
    // Behind all that: nobody gets there.
    acme.removed_by_api(MANAGEMENT, "m-1", By::Pipeline("scim-sync", "ASIASYNC000000000001"), Moment::days_ago(6));
    let (_, answer) = ask_of(acme, Conduct::default());
    let answer = answer.json().unwrap();
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "could not be told") && !says(&answer, "it was so before"), "{}", answer["notes"]);
    let gaps = answer["gaps"].as_array().cloned().unwrap_or_default();
    let cut =
        |gap: &Value| gap["message"].as_str().is_some_and(|it| it.contains("too many DeleteGroupMembership events"));
    assert!(gaps.iter().any(cut), "{gaps:#?}");
}

#[test]
fn names_in_events_steer_no_terminal_wherever_they_stand() {
    let mut acme = Organization::acme();
    acme.assignments.retain(|one| one.account != TARGET);
    let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
    let by = By::Pipeline("pipe\u{1b}]0;x\u{7}\nline`|<b>", "ASIATERRAFORM0000001");
    acme.assignment_event("sso:DeleteAccountAssignment", it, DELEGATED, by, MINUTES(50));
    let event = acme.assignment_event("sso:DeleteAccountAssignment", it, DELEGATED, by, MINUTES(40));
    event.record["requestParameters"]["permissionSetArn"] = "arn\u{1b}[2J\u{202e}:x".into();
    let served = Served::start(acme, Conduct::default());
    for form in ["table", "markdown", "json"] {
        let answer = question(&served, MANAGEMENT_KEY).with(&["-v", "-o", form]).ask_plainly();
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!answer.stdout.chars().any(steers), "{form}: {}", answer.stdout);
        assert!(!answer.stdout.lines().any(|line| line.starts_with("line`")), "{form}: {}", answer.stdout);
    }
}

#[test]
fn the_last_success_and_the_first_refusal_are_told() {
    let answer = ask(|acme| {
        let role = acme.role_arn("RedshiftAnalyst", "prod-data");
        acme.events.clear();
        acme.saml_event("jane.doe", &role, MINUTES(120), None);
        acme.saml_event(
            "jane.doe",
            &role,
            MINUTES(60),
            Some(("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")),
        );
        let policy = json!({"roleName": role.rsplit('/').next(), "policyDocument": "{}"});
        acme.change_event(
            TARGET,
            "iam:UpdateAssumeRolePolicy",
            By::Person("alex.admin"),
            MINUTES(90),
            (policy, Value::Null),
        );
    });
    assert_eq!(answer["root_cause"]["rule"], "assume-role-failed", "{answer:#}");
    let told = ["by", "account", "certainty"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!("alex.admin as IdentityAdmin"), json!(TARGET), json!("likely")], "{answer:#}");
    assert!(says(&answer, "jane.doe last got in ") && says(&answer, "; first refused "), "{}", answer["notes"]);
}

#[test]
fn a_pipeline_that_replaces_an_assignment_is_one_moment() {
    let answer = ask(|acme| {
        acme.assignments.retain(|one| one.account != TARGET);
        let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
        let by = By::Pipeline("terraform-identity", "ASIATERRAFORM0000001");
        acme.assignment_event("sso:DeleteAccountAssignment", it, DELEGATED, by, MINUTES(50));
        acme.assignment_event("sso:CreateAccountAssignment", it, DELEGATED, by, MINUTES(50).plus_seconds(20));
        let other = ("RedshiftAnalyst", "DataAnalysts", "dev-data");
        acme.assignment_event("sso:DeleteAccountAssignment", other, DELEGATED, by, MINUTES(40));
    });
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "what became of that") && !says(&answer, "it was so before"), "{}", answer["notes"]);
    let fixes = answer["root_cause"]["fixes"].as_array().cloned().unwrap_or_default();
    assert!(!fixes.iter().any(|fix| fix["do"].as_str().is_some_and(|what| what.contains("again"))), "{fixes:#?}");
}

#[test]
fn namesakes_of_other_services_say_nothing() {
    let answer = ask(|acme| {
        left_out(acme);
        acme.busy_history(200);
    });
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "it was so before"), "{}", answer["notes"]);
    assert_eq!(explaining(&answer), Vec::<&Value>::new());
}

#[test]
fn who_does_not_want_it_does_not_pay_for_it() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
    let served = Served::start(acme, Conduct::default());
    let with = question(&served, MANAGEMENT_KEY).ask();
    let calls = served.calls().len();
    let without = question(&served, MANAGEMENT_KEY).with(&["--no-history"]).ask();
    let (with, without) = (with.json().unwrap(), without.json().unwrap());
    assert_eq!(since(&without), &Value::Null);
    assert!(served.calls().len() - calls < calls);
    // All else is the same.
    for member in ["verdict", "summary", "also", "paths"] {
        assert_eq!(with[member], without[member], "{member}");
    }
    assert!(served.unknown_actions().is_empty(), "{:?}", served.unknown_actions());
}
