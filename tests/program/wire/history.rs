//! What was changed, when and through whom: stories as an organization's event histories hold them, in order and shuffled,
//! each with what comes near it.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

mod causes;
mod gone;
mod near;
mod several;

use crate::wire::run::{Answer, Question};
use served::{By, Conduct, DELEGATED_KEY, Deny, MANAGEMENT_KEY, Moment, Organization, READ_ROLE, Served};

const MANAGEMENT: &str = "111122223333";
const DELEGATED: &str = "444455556666";
const TARGET: &str = "123456789012";
const MINUTES: fn(i64) -> Moment = Moment::minutes_ago;

fn question(served: &Served, key: &str) -> Question {
    let question = Question::new("jane.doe 123456789012").with(&["--target-role", READ_ROLE]);
    question.environment(served.environment(key, "us-east-1"))
}

fn ask_of(organization: Organization, conduct: Conduct) -> (Served, Answer) {
    let served = Served::start(organization, conduct);
    let answer = question(&served, MANAGEMENT_KEY).ask();
    (served, answer)
}

/// The answer about a story; however its events are kept, it is the same.
fn ask(change: impl Fn(&mut Organization)) -> Value {
    let mut acme = Organization::acme();
    change(&mut acme);
    let (_, answer) = ask_of(acme.clone(), Conduct::default());
    let json = answer.json().unwrap_or_else(|error| panic!("{error}"));
    acme.events.reverse();
    let (_, shuffled) = ask_of(acme, Conduct::default().with_page_size(3));
    let shuffled = shuffled.json().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(since(&shuffled), since(&json));
    json
}

fn since(answer: &Value) -> &Value {
    &answer["root_cause"]["since"]
}

/// The moments that explain the cause.
fn explaining(answer: &Value) -> Vec<&Value> {
    answer["timeline"].as_array().into_iter().flatten().filter(|moment| moment["explains"] == true).collect()
}

fn says(answer: &Value, words: &str) -> bool {
    answer["notes"].as_array().into_iter().flatten().any(|note| note.as_str().is_some_and(|it| it.contains(words)))
}

fn left_out(acme: &mut Organization) {
    acme.remove_member("DataAnalysts", "jane.doe");
    acme.remove_member("Developers", "jane.doe");
}

#[test]
fn a_removal_in_the_console_is_certain() {
    let answer = ask(|acme| {
        left_out(acme);
        acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
        acme.removed_in_console("DataAnalysts", "amir.khan", "alex.admin", MINUTES(30));
        acme.removed_in_console("Finance", "jane.doe", "alex.admin", MINUTES(20));
    });
    assert_eq!(answer["root_cause"]["rule"], "not-in-assigned-group");
    let since = since(&answer);
    let told = ["by", "account", "region", "certainty", "not_before"].map(|name| since[name].clone());
    let expected =
        [json!("alex.admin as IdentityAdmin"), json!(MANAGEMENT), json!("us-east-1"), json!("confirmed"), Value::Null];
    assert_eq!(told, expected, "{since}");
    let explaining = explaining(&answer);
    assert_eq!(explaining.len(), 1, "{}", answer["timeline"]);
    assert_eq!((&explaining[0]["event_id"], &explaining[0]["at"]), (&since["event_id"], &since["at"]));
    assert_eq!(explaining[0]["what"], "jane.doe was removed from group DataAnalysts");
    assert_eq!(answer["gaps"], json!([]));
}

/// A pipeline in the delegated administrator's account: the membership's id is tied by what the same session looked up.
fn by_pipeline(acme: &mut Organization, user: &str, minutes: i64) {
    let by = By::Pipeline("scim-sync", "ASIASYNC000000000001");
    let (group, user) = (acme.group_id("DataAnalysts"), acme.user_id(user));
    let store = acme.organization_instance().identity_store_id.clone();
    let looked_up = json!({"identityStoreId": store, "groupId": group, "memberId": {"userId": user}});
    let event = (looked_up, Value::Null);
    acme.change_event(DELEGATED, "identitystore:GetGroupMembershipId", by, MINUTES(minutes).plus_seconds(-2), event);
    acme.removed_by_api(DELEGATED, "74c8d4e8-4051-7062-a7b8-c9d0e1f2a3b4", by, MINUTES(minutes));
}

#[test]
fn a_removal_through_the_api_is_told_by_what_the_session_looked_up() {
    let answer = ask(|acme| {
        left_out(acme);
        by_pipeline(acme, "jane.doe", 60);
    });
    let told = ["by", "account", "certainty"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!("scim-sync"), json!(DELEGATED), json!("likely")], "{}", answer["notes"]);
    // Of somebody else.
    let answer = ask(|acme| {
        left_out(acme);
        by_pipeline(acme, "amir.khan", 60);
    });
    assert_eq!(since(&answer), &Value::Null);
    assert!(says(&answer, "it was so before"), "{}", answer["notes"]);
}

#[test]
fn a_removal_through_the_api_is_certain_where_the_membership_is_known() {
    let answer = ask(|acme| {
        left_out(acme);
        let request = json!({
            "identityStoreId": acme.organization_instance().identity_store_id,
            "groupId": acme.group_id("DataAnalysts"), "memberId": {"userId": acme.user_id("jane.doe")},
        });
        let by = By::Pipeline("scim-sync", "ASIASYNC000000000001");
        let answered = json!({"membershipId": "m-1"});
        // Long before the window that is asked about.
        acme.change_event(
            MANAGEMENT,
            "identitystore:CreateGroupMembership",
            by,
            Moment::days_ago(60),
            (request, answered),
        );
        acme.removed_by_api(MANAGEMENT, "m-1", By::Pipeline("scim-sync", "ASIASYNC000000000002"), MINUTES(45));
    });
    assert_eq!(since(&answer)["certainty"], "confirmed", "{}", answer["notes"]);
}

#[test]
fn an_account_that_cannot_be_read_is_a_gap_and_never_silence() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    by_pipeline(&mut acme, "jane.doe", 60);
    let deny = Deny { action: "cloudtrail:LookupEvents".into(), account: Some(DELEGATED.into()), by_scp: false };
    let mut conduct = Conduct::default();
    conduct.deny.push(deny);
    let (_, answer) = ask_of(acme.clone(), conduct);
    let answer = answer.json().unwrap();
    assert_eq!((since(&answer), &answer["verdict"]), (&Value::Null, &json!("blocked")));
    let gaps: Vec<&Value> =
        answer["gaps"].as_array().unwrap().iter().filter(|gap| gap["account"] == DELEGATED).collect();
    assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap["decides"] == false), "{}", answer["gaps"]);
    assert!(!says(&answer, "it was so before") && says(&answer, "could not be told"), "{}", answer["notes"]);

    // Who administers is not told: then nobody knows where else to look.
    let (_, answer) = ask_of(acme.clone(), Conduct::default().with_denied("organizations:ListDelegatedAdministrators"));
    let answer = answer.json().unwrap();
    assert!(!says(&answer, "it was so before"), "{}", answer["notes"]);

    // Asked from the delegated administrator, its own account is read, and the management account is a gap.
    let served = Served::start(acme, Conduct { delegated_lists_for_principal: true, ..Conduct::default() });
    let asked = question(&served, DELEGATED_KEY).with(&["--permission-set", "RedshiftAnalyst"]);
    let answer = asked.ask().json().unwrap();
    assert_eq!(since(&answer)["account"], DELEGATED, "{answer:#}");
}

#[test]
fn one_change_through_scim_since_they_got_in_is_likely() {
    let story = |patches: &'static [i64]| {
        ask(move |acme| {
            let role = acme.role_arn("RedshiftAnalyst", "prod-data");
            left_out(acme);
            acme.events.clear();
            acme.saml_event("jane.doe", &role, MINUTES(120), None);
            for minutes in patches {
                acme.patched_by_scim("DataAnalysts", "REMOVE", MINUTES(*minutes));
            }
            acme.patched_by_scim("Finance", "REMOVE", MINUTES(10));
            acme.patched_by_scim("DataAnalysts", "ADD", MINUTES(5));
        })
    };
    let answer = story(&[300, 60]);
    let told = ["by", "certainty", "not_before"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!("the identity provider through SCIM"), json!("likely"), Value::Null], "{answer:#}");
    let answer = story(&[60, 30]);
    assert!(since(&answer)["not_before"].is_string(), "{}", since(&answer));
    assert_eq!(since(&answer)["event_id"], Value::Null);
}

#[test]
fn an_assignment_that_was_deleted_is_told_with_who_deleted_it() {
    let terraform = By::Pipeline("terraform-identity", "ASIATERRAFORM0000001");
    let story = |change: fn(&mut Organization)| {
        ask(move |acme| {
            acme.assignments.retain(|one| one.account != TARGET);
            acme.assignment_event(
                "sso:DeleteAccountAssignment",
                ("RedshiftAnalyst", "DataAnalysts", "prod-data"),
                DELEGATED,
                terraform,
                MINUTES(50),
            );
            change(acme);
        })
    };
    let answer = story(|_| {});
    assert_eq!(answer["root_cause"]["rule"], "assignment-missing");
    let told = ["by", "account", "certainty"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!("terraform-identity"), json!(DELEGATED), json!("confirmed")]);
    // Made anew since, and of another account.
    let answer = story(|acme| {
        let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
        let terraform = By::Pipeline("terraform-identity", "ASIATERRAFORM0000001");
        acme.assignment_event("sso:CreateAccountAssignment", it, DELEGATED, terraform, MINUTES(40));
        let other = ("RedshiftAnalyst", "DataAnalysts", "dev-data");
        acme.assignment_event("sso:DeleteAccountAssignment", other, DELEGATED, terraform, MINUTES(30));
    });
    assert_eq!(since(&answer), &Value::Null);
}

#[test]
fn a_user_who_was_disabled_is_told_by_the_state_and_by_the_event() {
    let disabled = |acme: &mut Organization| {
        let user = acme.user("jane.doe");
        user.status = Some("DISABLED".into());
        user.updated = Some((MINUTES(70), "AROAEXAMPLE:alex.admin".into()));
    };
    let answer = ask(disabled);
    assert_eq!(answer["root_cause"]["rule"], "user-disabled");
    assert!(since(&answer)["not_before"].is_string() && since(&answer)["by"].is_null(), "{}", since(&answer));
    assert!(
        says(&answer, "disabled no later than") && says(&answer, "last changed by alex.admin"),
        "{}",
        answer["notes"]
    );
    let answer = ask(|acme| {
        disabled(acme);
        let store = acme.organization_instance().identity_store_id.clone();
        for (user, minutes) in [("jane.doe", 70), ("john.doe", 69)] {
            let request = json!({"identityStoreId": store, "userId": acme.user_id(user)});
            let time = MINUTES(minutes);
            acme.change_event(
                MANAGEMENT,
                "sso-directory:DisableUser",
                By::Person("alex.admin"),
                time,
                (request, Value::Null),
            );
        }
    });
    let told = ["by", "certainty", "not_before"].map(|name| since(&answer)[name].clone());
    assert_eq!(told, [json!("alex.admin as IdentityAdmin"), json!("confirmed"), Value::Null], "{answer:#}");
}

/// 50,000 events in the window, at AWS's rates: a few pages, within the rates, and in a few seconds.
#[test]
fn a_busy_account_costs_no_more_than_a_few_pages() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    acme.busy_history(50_000);
    acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
    let (served, answer) = ask_of(acme, Conduct::default().with_rates());
    let json = answer.json().unwrap();
    assert_eq!(since(&json)["certainty"], "confirmed", "{}", json["notes"]);
    assert!(answer.took < Duration::from_secs(20), "{:?}", answer.took);
    // On a machine that has much else to do, requests may come together that left apart.
    assert!(served.refused_by_rate() <= 2, "{} came too fast", served.refused_by_rate());
    let lookups = served.calls().into_iter().filter(|call| call.action == "cloudtrail:LookupEvents");
    let mut lanes: std::collections::BTreeMap<(String, String), usize> = std::collections::BTreeMap::new();
    lookups.for_each(|call| *lanes.entry((call.account, call.region)).or_default() += 1);
    // Beside the sign-ins, which are read in any case.
    assert!(lanes.values().all(|count| *count <= 12 + 4), "{lanes:?}");
}

#[test]
fn what_events_hold_steers_no_terminal_and_leaves_no_secret() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    let event = acme.removed_in_console("DataAnalysts", "jane.doe", "a\u{1b}[2J\u{202e}b|`<b>", MINUTES(90));
    event.record["additionalEventData"] = json!({"auth_code": "the-code", "LoginTo": "https://x/?auth_code=the-code"});
    event.record["userAgent"] = "the-agent \u{1b}]8;;".into();
    event.record["responseElements"] = json!({"token": "the-token"});
    let served = Served::start(acme, Conduct::default());
    let folder = tempfile::tempdir().unwrap();
    for (number, form) in ["table", "markdown", "json"].into_iter().enumerate() {
        let file = folder.path().join(format!("{number}.json"));
        let answer = question(&served, MANAGEMENT_KEY).recording(&file).with(&["-v", "-o", form]).ask_plainly();
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!answer.stdout.chars().any(steers), "{form}: {}", answer.stdout);
        assert!(answer.stdout.contains("2J"), "{form}: {}", answer.stdout);
        for text in [answer.stdout, fs::read_to_string(&file).unwrap()] {
            assert!(!["the-code", "the-agent", "the-token"].iter().any(|secret| text.contains(secret)), "{form}");
        }
    }
}

#[test]
fn a_recording_answers_alike_under_its_own_names_and_under_made_up_ones() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    by_pipeline(&mut acme, "jane.doe", 60);
    acme.removed_in_console("Finance", "jane.doe", "alex.admin", MINUTES(20));
    let served = Served::start(acme, Conduct::default());
    let folder = tempfile::tempdir().unwrap();
    let (own, made_up) = (folder.path().join("own.json"), folder.path().join("made-up.json"));
    let answer = question(&served, MANAGEMENT_KEY).recording(&own).ask().json().unwrap();
    question(&served, MANAGEMENT_KEY).recording(&made_up).with(&["--redact"]).ask().json().unwrap();
    assert_eq!(since(&Question::replay(&own).ask().json().unwrap()), since(&answer));
    let replayed = Question::replay(&made_up).ask().json().unwrap();
    for member in ["at", "certainty", "not_before"] {
        assert_eq!(since(&replayed)[member], since(&answer)[member]);
    }
    let text = fs::read_to_string(&made_up).unwrap();
    for name in [
        "scim-sync",
        "alex.admin",
        "198.51.100.17",
        "203.0.113.24",
        "ASIASYNC000000000001",
        "ASIAPERSON",
        "IdentityAdmin",
    ] {
        assert!(!text.contains(name), "{name} is in the recording");
        assert!(!replayed.to_string().contains(name), "{name} is in the answer");
    }
}

#[test]
fn people_are_told_when_and_by_whom_the_newest_first() {
    let mut acme = Organization::acme();
    left_out(&mut acme);
    acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
    let served = Served::start(acme, Conduct::default());
    let table = question(&served, MANAGEMENT_KEY).ask_plainly().stdout;
    let line = table.lines().find(|line| line.starts_with("Since ")).unwrap_or_else(|| panic!("{table}"));
    assert!(line.ends_with("by alex.admin as IdentityAdmin (203.0.113.24)"), "{line}");
    assert!(table.lines().count() <= 24, "{table}");
    let verbose = question(&served, MANAGEMENT_KEY).with(&["-v"]).ask_plainly().stdout;
    let marked: Vec<&str> = verbose.lines().filter(|line| line.starts_with("> ")).collect();
    assert_eq!(marked.len(), 1, "{verbose}");
    let markdown = question(&served, MANAGEMENT_KEY).with(&["-o", "markdown"]).ask_plainly().stdout;
    assert!(markdown.contains("**Since:** ") && markdown.contains("### What happened when"), "{markdown}");
}
