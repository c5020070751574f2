//! What people type: understood, or answered with the command to paste; never a verdict about words in the wrong place.

use std::collections::BTreeMap;

use crate::wire::run::Answer;
use crate::wire::scenario::scenario;
use serde_json::{Value, json};
use served::{Fault, Kind, READ_ROLE};

fn ask(words: &[&str]) -> Answer {
    let plain = scenario("typed", |_| {}).without_target_role();
    let served = plain.serve();
    plain.question(&served).of_command("why", "").with(words).with(&["--target-role", READ_ROLE]).ask()
}

#[test]
fn words_in_the_wrong_place_are_answered_with_what_to_type() {
    for (words, code, command) in [
        (["123456789012", "jane.doe"], "swapped-arguments", "idc why jane.doe 123456789012"),
        (["1234-5678-9012", "jane.doe"], "swapped-arguments", "idc why jane.doe 123456789012"),
        (["prod-data", "jane.doe"], "swapped-arguments", "idc why jane.doe 123456789012"),
        (["PROD-DATA", "jane.doe"], "swapped-arguments", "idc why jane.doe 123456789012"),
        (["jane.doe", "jane.doe"], "user-as-account", "idc why jane.doe ACCOUNT"),
        (["DataAnalysts", "123456789012"], "group-as-user", "idc why USER 123456789012 --group DataAnalysts"),
        (["prod-data", "123456789012"], "account-as-user", "idc why USER 123456789012"),
        (["Prod-Data", "prod-data"], "account-as-user", "idc why USER 123456789012"),
    ] {
        let answer = ask(&words);
        let error = answer.error().unwrap_or_default();
        assert_eq!((answer.code, error["code"].as_str()), (2, Some(code)), "{words:?}: {}", answer.brief());
        let hint = error["hint"].as_str().unwrap_or_default();
        assert!(hint.starts_with(command), "{words:?}: {hint}");
        assert!(answer.stderr.lines().any(|line| line.trim().starts_with(command)), "{}", answer.stderr);
    }
}

#[test]
fn a_session_of_a_permission_set_is_user_account_and_set_at_once() {
    let arn = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_RedshiftAnalyst_d599bbca596a5d25/jane.doe";
    let error = format!("User: {arn} is not authorized to perform: s3:ListAllMyBuckets");
    for words in [vec![arn], vec![error.as_str()], vec![arn, "123456789012"]] {
        let answer = ask(&words);
        let json = answer.json().unwrap();
        assert_eq!(json["question"]["user"], "jane.doe", "{words:?}");
        assert_eq!(json["question"]["account"], "123456789012");
        assert_eq!((answer.code, &json["question"]["permission_set"]), (0, &"RedshiftAnalyst".into()));
    }
    let answer = ask(&[arn, "210987654321"]);
    assert_eq!(answer.code, 2, "{}", answer.brief());
}

#[test]
fn a_permission_set_may_be_named_by_its_role() {
    let role =
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_RedshiftAnalyst_d599bbca596a5d25";
    for words in [vec!["jane.doe", "123456789012", "-p", role], vec!["jane.doe", "-p", role]] {
        let json = ask(&words).json().unwrap();
        assert_eq!(
            (&json["verdict"], &json["question"]["permission_set"]),
            (&"reachable".into(), &"RedshiftAnalyst".into())
        );
    }
    for wrong in
        ["arn:aws:iam::123456789012:role/Admin", "arn:aws:iam::210987654321:role/AWSReservedSSO_X_d599bbca596a5d25"]
    {
        let answer = ask(&["jane.doe", "123456789012", "-p", wrong]);
        assert_eq!(answer.code, 2, "{}", answer.brief());
    }
}

#[test]
fn names_that_are_nearly_right_come_with_the_command_for_each() {
    for (words, part, id, command) in [
        (["Jane Doe", "123456789012"], "user", None, "idc why jane.doe 123456789012"),
        (["jane.dow", "123456789012"], "user", None, "idc why jane.doe 123456789012"),
        (["jane.doe", "Prod-Data"], "account", Some("123456789012"), "idc why jane.doe 123456789012"),
    ] {
        let json = ask(&words).json().unwrap();
        let first = &json["root_cause"]["suggested"][0];
        assert_eq!(first["part"], part, "{words:?}: {json}");
        assert!(first["command"].as_str().unwrap_or_default().starts_with(command), "{first}");
        assert!(id.is_none_or(|id| first["id"] == id) && first["id"].is_string(), "{first}");
    }
}

#[test]
fn why_is_hinted_at_where_it_was_forgotten() {
    let plain = scenario("typed", |_| {});
    let served = plain.serve();
    let answer = plain.question(&served).of_command("jane.doe", "123456789012").ask_plainly();
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("idc why jane.doe 123456789012"), "{}", answer.stderr);
}

#[test]
fn several_people_share_what_they_have_in_common() {
    let left_out = scenario("several", |acme| acme.remove_member("DataAnalysts", "jane.doe"));
    let served = left_out.serve();
    let question = |words: &str| left_out.question(&served).of_command("why", words);
    let json = question("-u jane.dow -u jane.do -u jane.doe -u jane.doe 123456789012").ask().json().unwrap();
    let groups = json["groups"].as_array().unwrap();
    let told: Vec<String> = groups.iter().map(|one| format!("{} {}", one["rule"], one["users"])).collect();
    assert_eq!((told.len(), json["answers"].as_array().unwrap().len()), (2, 3), "{told:?}");
    assert!(told.iter().any(|one| one == "\"user-not-found\" [\"jane.dow\",\"jane.do\"]"), "{told:?}");
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("users");
    std::fs::write(&list, "jane.doe # on call\n\njohn.doe\n").unwrap();
    let answer = question(&format!("--users {} 123456789012", list.display())).ask();
    assert_eq!((answer.code, answer.json().unwrap()["answers"].as_array().unwrap().len()), (10, 2));
    assert_eq!(question("-u jane.doe john.doe 123456789012").ask().code, 2);
}

/// What is the same for each of them AWS is asked once; what it refused, or what passed by, is no answer and is asked again.
#[test]
fn what_several_people_have_in_common_is_asked_once() {
    let plain = scenario("several", |_| {});
    let sent = |words: &str, fault: Option<Fault>| {
        let served = plain.serve_with(|conduct| match &fault {
            Some(fault) => conduct.with_fault(fault.clone()),
            None => conduct,
        });
        let json = plain.question(&served).of_command("why", words).ask().json().unwrap();
        let mut each: BTreeMap<String, usize> = BTreeMap::new();
        for call in served.calls() {
            *each.entry(call.action).or_default() += 1;
        }
        (each, json)
    };
    let (one, _) = sent("jane.doe 123456789012", None);
    // What is asked of the past of those who do not get in is none of it.
    let (three, json) = sent("-u jane.doe -u john.doe -u jane.dow 123456789012 --no-history", None);
    for shared in ["organizations:DescribeOrganization", "sso:ListInstances", "sts:AssumeRole", "iam:ListRoles"] {
        assert_eq!((three.get(shared), one.contains_key(shared)), (one.get(shared), true), "{shared}");
    }
    assert!(three["identitystore:GetUserId"] >= 3, "{three:?}");
    let alone: Vec<Value> = ["jane.doe", "john.doe", "jane.dow"]
        .map(|user| sent(&format!("-u {user} 123456789012"), None).1["answers"][0].clone())
        .into();
    let without_clock = |answer: &Value| json!([answer["verdict"], answer["root_cause"]["rule"], answer["paths"]]);
    let together: Vec<Value> = json["answers"].as_array().unwrap().iter().map(without_clock).collect();
    assert_eq!(together, alone.iter().map(without_clock).collect::<Vec<_>>());
    let passing = Fault { times: Some(1), ..Fault::on("iam:ListRoles", Kind::ServerError) };
    let (three, json) = sent("-u jane.doe -u john.doe 123456789012", Some(passing));
    assert_eq!((three["iam:ListRoles"], json["answers"][0]["verdict"].as_str()), (2, Some("reachable")));
}
