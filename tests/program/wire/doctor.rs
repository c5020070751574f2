//! `idc doctor`: what each caller is told of their own credentials and of the way into an account.

use serde_json::Value;

use crate::wire::run::Answer;
use crate::wire::scenario::{Scenario, scenario};
use served::{DELEGATED_KEY, Fault, Kind, MEMBER_KEY};

fn doctor(scenario: &Scenario, arguments: &str) -> (Answer, Value) {
    let served = scenario.serve();
    let answer = scenario.question(&served).of_command("doctor", arguments).ask();
    let json = answer.json().unwrap();
    (answer, json)
}

fn in_state(json: &Value, state: &str) -> Vec<String> {
    let calls = json["calls"].as_array().unwrap().iter().filter(|call| call["state"] == state);
    calls.map(|call| call["call"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_management_account_lacks_nothing() {
    let plain = scenario("doctor", |_| {});
    let (answer, json) = doctor(&plain, "prod-data");
    assert_eq!((answer.code, &json["outcome"]), (0, &Value::from("ready")), "{json}");
    assert_eq!(json["caller"]["standing"], "management");
    assert_eq!((&json["account"]["id"], &json["account"]["entered_by"]), (&"123456789012".into(), &"role".into()));
    assert_eq!(json["organization"]["management_account"], "111122223333");
    assert!(in_state(&json, "denied").is_empty() && json["allow"]["caller"].is_null(), "{json}");
    // Each call that the program may make is there once for each account in which it is made.
    let mut calls: Vec<&Value> = json["calls"].as_array().unwrap().iter().map(|call| &call["call"]).collect();
    let all = idc::evidence::Call::ALL.iter().filter(|call| call.site() != idc::evidence::Site::Trail).count();
    assert_eq!(calls.len(), all + 1, "CloudTrail is asked in both: {json}");
    calls.dedup();
    assert_eq!(calls.len(), all, "{json}");
    // It is cheap: hardly more requests than calls.
    assert!(json["sent"].as_u64().unwrap() < 66, "{json}");
}

#[test]
fn what_is_denied_is_named_and_comes_as_a_policy() {
    let denied = scenario("doctor", |_| {}).where_aws(|conduct| {
        let faults = ["identitystore:ListUsers", "iam:ListRoles"];
        faults.into_iter().fold(conduct, |conduct, action| conduct.with_fault(Fault::on(action, Kind::Denied)))
    });
    let (answer, json) = doctor(&denied, "123456789012");
    assert_eq!((answer.code, &json["outcome"]), (12, &Value::from("incomplete")), "{json}");
    assert_eq!(in_state(&json, "denied"), ["identitystore:ListUsers", "iam:ListRoles"]);
    let actions = |site: &str| json["allow"][site]["Statement"][0]["Action"].clone();
    assert_eq!(actions("caller"), serde_json::json!(["identitystore:ListUsers"]));
    assert_eq!(actions("target"), serde_json::json!(["iam:ListRoles"]));
}

#[test]
fn a_member_account_is_told_where_to_ask_and_nothing_to_allow() {
    let (answer, json) = doctor(&scenario("doctor", |_| {}).called_by(MEMBER_KEY), "");
    assert_eq!((answer.code, &json["ask_from"]), (12, &Value::from("111122223333")), "{json}");
    assert_eq!(json["caller"]["standing"], "member");
    assert!(json["allow"]["caller"].is_null(), "{json}");
    let summary = json["summary"].as_str().unwrap();
    assert!(summary.starts_with("Ask from 111122223333 (management) or the delegated administrator"), "{summary}");
}

#[test]
fn a_delegated_administrator_is_known_as_one() {
    let clear = scenario("doctor", |acme| {
        for set in ["AdministratorAccess", "Billing"] {
            acme.unprovision(set, "acme-management");
        }
    });
    let (answer, json) = doctor(&clear.called_by(DELEGATED_KEY), "");
    assert_eq!((answer.code, &json["caller"]["standing"]), (0, &Value::from("delegated-administrator")), "{json}");
}

#[test]
fn the_way_in_is_tried_where_an_account_is_named() {
    let plain = scenario("doctor", |_| {}).without_target_role();
    let (answer, json) = doctor(&plain, "123456789012");
    assert_eq!((answer.code, &json["account"]["entered_by"]), (12, &Value::Null), "{json}");
    let (answer, json) = doctor(&plain, "123456789012 --target-role NoSuchRole");
    assert_eq!(answer.code, 12, "{json}");
    assert!(json["account"]["message"].as_str().unwrap().contains("NoSuchRole"), "{json}");
    let (answer, _) = doctor(&plain, "");
    assert_eq!(answer.code, 0);
}

/// Advice follows from what happened: to wait longer gives no permission, and a permission no time.
#[test]
fn what_was_not_refused_is_nothing_to_allow() {
    let advice = |kind: Kind, action: &str| {
        let troubled = scenario("doctor", |_| {});
        let served = troubled.serve_with(|conduct| conduct.with_fault(Fault::on(action, kind)));
        let question = troubled.question(&served).of_command("doctor", "123456789012").with(&["--timeout", "4s"]);
        let answer = question.ask_plainly();
        assert_eq!(answer.code, 12, "{}{}", answer.stdout, answer.stderr);
        answer.stdout
    };
    for action in ["sts:AssumeRole", "sso:ListPermissionSets", "iam:ListRoles"] {
        let late = advice(Kind::Hang, action);
        let command = format!("idc doctor 123456789012 --target-role {} --timeout 60s", served::READ_ROLE);
        assert!(late.contains("Give it longer:") && late.lines().any(|line| line.trim() == command), "{late}");
        assert!(!late.contains("trust policy") && !late.contains("Allow in"), "{late}");
    }
    let failed = advice(Kind::Reset, "sts:AssumeRole");
    assert!(failed.contains("check the network") && !failed.contains("trust policy"), "{failed}");
    let denied = advice(Kind::Denied, "sts:AssumeRole");
    assert!(denied.contains("trust policy") && !denied.contains("check the network"), "{denied}");
}

/// As `idc who` has it.
#[test]
fn an_account_that_is_not_there_is_no_account_to_enter() {
    let plain = scenario("doctor", |_| {});
    let served = plain.serve();
    for (typed, close) in [("prod-dta", true), ("Prod-Data", true), ("123456789013", true), ("zzzzzzzzzzz", false)] {
        let [doctor, who] = ["doctor", "who"].map(|name| plain.question(&served).of_command(name, typed).ask());
        let error = doctor.error().unwrap();
        assert_eq!((doctor.code, &error["code"]), (1, &"account-not-in-organization".into()), "{error}");
        assert_eq!((who.code, Some(&error)), (1, who.error().as_ref()), "{typed}");
        let is_told = error["hint"].as_str().is_some_and(|hint| hint.contains("prod-data (123456789012)"));
        assert_eq!(is_told, close, "{typed}: {error}");
    }
}

#[test]
fn what_cannot_be_asked_at_all_is_an_error() {
    let plain = scenario("doctor", |_| {});
    let served = plain.serve();
    let question = plain.question(&served).of_command("doctor", "");
    for (variable, value, code) in [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "unreachable"),
        ("AWS_ENDPOINT_URL", "nonsense", "bad-endpoint"),
        ("AWS_REGION", "eu west", "bad-region"),
    ] {
        let answer = question.clone().environment([(variable.to_owned(), value.to_owned())]).ask();
        assert_eq!((answer.code, answer.error().unwrap()["code"].as_str()), (1, Some(code)), "{}", answer.brief());
        assert_eq!(answer.stderr.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{}", answer.stderr);
    }
}
