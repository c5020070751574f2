//! Who and what is not there: deleted by somebody, or never there at all. And what was changed before, and not carried out.

use super::*;

const LEAVERS: By<'static> = By::Pipeline("leavers", "ASIALEAVERS000000001");
const ELSEWHERE: &str = "9067f0c1d2-00000000-0000-0000-0000-000000000000";

/// The answer to another question; however the events are kept, it is the same.
fn ask_about(words: &str, more: &[&str], change: impl Fn(&mut Organization)) -> Value {
    let mut acme = Organization::acme();
    acme.events.clear();
    change(&mut acme);
    let put = |acme: Organization, conduct: Conduct| {
        let served = Served::start(acme, conduct);
        let question = question(&served, MANAGEMENT_KEY).about(words).with(more);
        question.ask().json().unwrap_or_else(|error| panic!("{error}"))
    };
    let json = put(acme.clone(), Conduct::default());
    acme.events.reverse();
    assert_eq!(since(&put(acme, Conduct::default().with_page_size(3))), since(&json));
    json
}

fn deleted(acme: &mut Organization, action: &str, member: &str, (id, minutes): (&str, i64)) {
    let request = json!({"identityStoreId": acme.organization_instance().identity_store_id, member: id});
    acme.change_event(DELEGATED, action, LEAVERS, MINUTES(minutes), (request, Value::Null));
}

fn told(answer: &Value) -> [Value; 3] {
    ["by", "account", "certainty"].map(|name| since(answer)[name].clone())
}

#[test]
fn a_user_who_is_asked_for_by_id_is_deleted_for_certain() {
    let jane = Organization::acme().user_id("jane.doe");
    let words = format!("{jane} 123456789012");
    let story = |of_them: bool| {
        ask_about(&words, &[], |acme| {
            acme.remove_user("jane.doe");
            deleted(acme, "identitystore:DeleteUser", "userId", (ELSEWHERE, 30));
            // Of IAM, and of somebody who was there before.
            deleted(acme, "iam:DeleteUser", "userId", (&jane, 20));
            if of_them {
                deleted(acme, "identitystore:DeleteUser", "userId", (&jane, 60));
            }
        })
    };
    let answer = story(true);
    assert_eq!(answer["root_cause"]["rule"], "user-not-found", "{answer:#}");
    assert_eq!(told(&answer), [json!("leavers"), json!(DELEGATED), json!("confirmed")], "{answer:#}");
    let answer = story(false);
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "No deletion of such a user was logged"), "{}", answer["notes"]);
    assert!(!says(&answer, "it was so before"), "{}", answer["notes"]);
}

#[test]
fn a_user_whose_assignment_is_left_is_the_one_who_was_deleted() {
    let jane = Organization::acme().user_id("jane.doe");
    let story = |of: &str, another: bool| {
        ask_about("jane.doe 123456789012", &[], |acme| {
            acme.assign("RedshiftAnalyst", "jane.doe", "prod-data");
            if another {
                acme.assign("RedshiftAnalyst", "amir.khan", "prod-data");
                acme.remove_user("amir.khan");
            }
            acme.remove_user("jane.doe");
            deleted(acme, "identitystore:DeleteUser", "userId", (of, 60));
        })
    };
    let answer = story(&jane, false);
    assert_eq!(answer["root_cause"]["rule"], "user-not-found", "{answer:#}");
    assert_eq!(told(&answer), [json!("leavers"), json!(DELEGATED), json!("likely")], "{answer:#}");
    // Somebody else was deleted; and of two who are gone, it may be either.
    for answer in [story(ELSEWHERE, false), story(&jane, true)] {
        assert_eq!(since(&answer), &Value::Null);
        assert!(says(&answer, "it may have been jane.doe"), "{}", answer["notes"]);
    }
}

#[test]
fn a_group_whose_assignment_is_left_is_the_one_that_was_deleted() {
    let group = Organization::acme().group_id("DataAnalysts");
    let story = |of: &str| {
        ask_about("jane.doe 123456789012", &["--group", "DataAnalysts"], |acme| {
            acme.remove_group("DataAnalysts");
            deleted(acme, "identitystore:DeleteGroup", "groupId", (of, 60));
        })
    };
    let answer = story(&group);
    assert_eq!(answer["root_cause"]["rule"], "group-not-found", "{answer:#}");
    assert_eq!(told(&answer), [json!("leavers"), json!(DELEGATED), json!("likely")], "{answer:#}");
    let answer = story(ELSEWHERE);
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "it may have been DataAnalysts"), "{}", answer["notes"]);
}

#[test]
fn what_was_never_there_was_never_so() {
    for (words, more, rule) in [
        ("jane.dow 123456789012", &[][..], "user-not-found"),
        ("jane.doe 123456789012", &["--group", "DataAnalyst"][..], "group-not-found"),
        ("jane.doe 123456789012", &["-p", "RedshiftAnalyse"][..], "permission-set-not-found"),
    ] {
        let answer = ask_about(words, more, |_| {});
        assert_eq!(answer["root_cause"]["rule"], rule, "{answer:#}");
        assert_eq!(since(&answer), &Value::Null);
        assert!(!says(&answer, "it was so before"), "{rule}: {}", answer["notes"]);
        assert!(says(&answer, "if there was one"), "{rule}: {}", answer["notes"]);
    }
}

/// They got in, and nothing was changed since: how both can be is said.
#[test]
fn who_got_in_lately_was_let_in_by_something() {
    let answer = ask_about("jane.doe 123456789012", &[], |acme| {
        let role = acme.role_arn("RedshiftAnalyst", "prod-data");
        acme.saml_event("jane.doe", &role, MINUTES(120), None);
        left_out(acme);
    });
    assert!(says(&answer, "jane.doe last got in"), "{}", answer["notes"]);
    assert!(says(&answer, "No such change was logged since then. Either"), "{}", answer["notes"]);
    assert!(!says(&answer, "in the last 7 days"), "{}", answer["notes"]);
    let answer = ask_about("jane.doe 123456789012", &[], left_out);
    assert!(says(&answer, "No such change was logged in the last 7 days: it was so before."), "{}", answer["notes"]);
}

fn changed_set(acme: &mut Organization, action: &str, minutes: i64) {
    let set = json!({"permissionSetArn": acme.permission_set_arn("RedshiftAnalyst")});
    acme.change_event(DELEGATED, action, By::Person("alex.admin"), MINUTES(minutes), (set, Value::Null));
}

/// `ProvisionPermissionSet`, which is answered with a request.
fn provisioned(acme: &mut Organization, (account, request): (&str, &str), minutes: i64) {
    let set = acme.permission_set_arn("RedshiftAnalyst");
    let asked = json!({"permissionSetArn": set, "targetType": "AWS_ACCOUNT", "targetId": account});
    let answered = json!({"permissionSetProvisioningStatus": {"status": "IN_PROGRESS", "requestId": request}});
    acme.change_event(DELEGATED, "sso:ProvisionPermissionSet", LEAVERS, MINUTES(minutes), (asked, answered));
}

#[test]
fn a_permission_set_is_outdated_since_the_first_change_that_was_not_provisioned() {
    let story = |change: fn(&mut Organization)| {
        ask_about("jane.doe 123456789012", &[], |acme| {
            acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
            // Before it was provisioned, the first after that, and the newest.
            for minutes in [200, 90, 30] {
                changed_set(acme, "sso:PutInlinePolicyToPermissionSet", minutes);
            }
            change(acme);
        })
    };
    let is_since = |answer: &Value, minutes: i64| {
        let at = since(answer)["at"].as_str().unwrap_or_default().to_owned();
        (MINUTES(minutes + 4).rfc3339()..=MINUTES(minutes - 1).rfc3339()).contains(&at)
    };
    let answer = story(|acme| provisioned(acme, (TARGET, "r-1"), 150));
    assert_eq!(answer["root_cause"]["rule"], "permission-set-outdated", "{answer:#}");
    assert_eq!(told(&answer), [json!("alex.admin as IdentityAdmin"), json!(DELEGATED), json!("likely")], "{answer:#}");
    assert!(is_since(&answer, 90), "{answer:#}");
    // To another account, and one that failed.
    let answer = story(|acme| {
        provisioned(acme, (TARGET, "r-1"), 150);
        provisioned(acme, ("210987654321", "r-2"), 60);
        let request = acme.provisioning_request("FAILED", "RedshiftAnalyst", "prod-data", MINUTES(50));
        let id = request.request_id.clone();
        provisioned(acme, (TARGET, &id), 50);
    });
    assert!(is_since(&answer, 90) || answer["root_cause"]["rule"] == "provisioning-failed", "{answer:#}");
    // With an assignment it comes too.
    let answer = story(|acme| {
        let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
        acme.assignment_event("sso:CreateAccountAssignment", it, DELEGATED, LEAVERS, MINUTES(60));
    });
    assert!(is_since(&answer, 30), "{answer:#}");
    // What is not known to have come is said.
    let answer = story(|_| {});
    assert!(is_since(&answer, 200), "{answer:#}");
    assert!(says(&answer, "it may have been outdated before"), "{}", answer["notes"]);
}
