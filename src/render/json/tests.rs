//! The JSON against the contract.

use serde_json::{Value, json};

use super::*;
use crate::evidence::{Reason, sample};
use crate::render::cases;

fn text(diagnosis: &Diagnosis) -> String {
    cases::written(|out| write(out, diagnosis))
}

fn value(diagnosis: &Diagnosis) -> Value {
    serde_json::from_str(&text(diagnosis)).unwrap_or_default()
}

/// The part of an answer at this place.
fn part(diagnosis: &Diagnosis, pointer: &str) -> Value {
    value(diagnosis).pointer(pointer).cloned().unwrap_or_default()
}

#[test]
fn nothing_in_it_steers_a_terminal_and_all_of_it_reads_the_same() {
    let mut diagnosis = cases::healthy();
    diagnosis.summary = "a\u{9b}31m\u{7f}\u{202e}b\u{e0041}\n\"ü\u{1b}".to_owned();
    let text = text(&diagnosis);
    assert!(!text.chars().any(|c| c != '\n' && is_treacherous(c)), "{text}");
    assert!(text.contains("\\u009b31m\\u007f\\u202eb\\udb40\\udc41"), "{text}");
    assert_eq!(part(&diagnosis, "/summary"), json!(diagnosis.summary));
}

#[test]
fn fields_come_in_the_order_of_the_contract() {
    let text = text(&cases::missing_policy());
    let top = text.lines().filter(|line| line.starts_with("  \""));
    let names: Vec<&str> = top.filter_map(|line| line.split('"').nth(1)).collect();
    let expected = "format_version question verdict summary root_cause also paths checks gaps notes timeline complete caller \
                    collected_at calls like own_machine";
    assert_eq!(names, expected.split(' ').collect::<Vec<_>>());
    assert!(text.starts_with("{\n  \"format_version\": \"1.0\",\n") && text.ends_with("}\n"));
    let cause = text.lines().skip_while(|line| !line.contains("root_cause")).filter(|line| line.starts_with("    \""));
    let names: Vec<&str> = cause.filter_map(|line| line.split('"').nth(1)).take(12).collect();
    let expected =
        "rule gate effect confidence path message near_misses suggestions candidates evidence fixes follows_from";
    assert_eq!(names, expected.split(' ').collect::<Vec<_>>());
}

#[test]
fn says_what_was_asked_and_when() {
    let answer = value(&cases::missing_policy());
    let question = json!({"user": "jane.doe", "account": "123456789012", "permission_set": null, "group": null});
    assert_eq!(answer["question"], question);
    assert_eq!(answer["caller"], json!({"account": "111122223333", "arn": "arn:aws:iam::111122223333:user/oncall"}));
    assert_eq!(answer["collected_at"], "2026-11-22T01:02:04Z");
    assert_eq!(answer["calls"], 20);
}

#[test]
fn a_cause_has_its_evidence_and_its_fixes() {
    let cause = part(&cases::near_miss(), "/root_cause");
    assert_eq!(cause["rule"], "customer-managed-policy-missing");
    assert_eq!(
        (&cause["gate"], &cause["effect"], &cause["confidence"]),
        (&json!("policy"), &json!("blocks"), &json!("confirmed"))
    );
    assert_eq!(cause["path"], 0);
    let near = json!([{"arn": "arn:aws:iam::123456789012:policy/My-Redshift-Analyst-Policy", "differs_in": "case"}]);
    assert_eq!(cause["near_misses"], near);
    let evidence = json!({
        "call": "iam:ListPolicies", "account": "123456789012", "region": "us-east-1",
        "request_id": "request-iam:ListPolicies", "at": "2026-11-22T01:02:03Z",
        "says": "1 policy in the account, none of them my-redshift-analyst-policy",
    });
    assert_eq!(cause["evidence"][0], evidence);
    let fixes = cause["fixes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let commands: Vec<&str> = fixes.iter().map(|fix| fix["command"].as_str().unwrap_or_default()).collect();
    let [detach, attach, "", provision] = commands[..] else { panic!("{commands:?}") };
    assert!(detach.contains("--customer-managed-policy-reference Name=my-redshift-analyst-policy,Path=/ "), "{detach}");
    assert!(attach.contains("--customer-managed-policy-reference Name=My-Redshift-Analyst-Policy,Path=/ "), "{attach}");
    assert!(provision.starts_with("aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/"));
    assert!(fixes[0]["caution"].as_str().is_some_and(|caution| caution.contains("every account")), "{fixes:?}");
    assert_eq!((&fixes[0]["account"], &fixes[2]["account"]), (&json!("111122223333"), &Value::Null));
    let also = part(&cases::near_miss(), "/also");
    let follow: Vec<&Value> = also.as_array().into_iter().flatten().map(|also| &also["rule"]).collect();
    assert_eq!(follow, ["permission-set-not-provisioned", "role-missing"]);
}

#[test]
fn groups_and_close_names_are_data() {
    let candidates = part(&cases::forty_groups(), "/root_cause/candidates");
    assert_eq!(candidates.as_array().map(Vec::len), Some(40));
    let first = json!({
        "type": "GROUP", "id": "9067f0c1d2-00000000-2222-3333-4444-555555555555", "name": "Team00",
        "permission_sets": ["RedshiftAnalyst"], "roles": [],
    });
    assert_eq!(candidates[0], first);
    let suggestions = part(&cases::unknown_user(), "/root_cause/suggestions");
    assert_eq!(suggestions, json!(["jane.doe (Jane Doe)", "jan.doe (Jan Doe)"]));
}

#[test]
fn an_entitlement_is_a_path_without_a_permission_set() {
    let expected = json!([{
        "kind": "entitlement", "permission_set": null, "permission_set_arn": null,
        "via": {"type": "GROUP", "id": "9067f0c1d2-aaaaaaaa-2222-3333-4444-555555555555", "name": "DataAnalysts"},
        "role_arn": "arn:aws:iam::123456789012:role/data/DataReader", "state": "open", "stands": true,
    }]);
    assert_eq!(part(&cases::entitled(), "/paths"), expected);
    assert_eq!(part(&cases::healthy(), "/paths/0/kind"), "assignment");
}

#[test]
fn paths_tell_their_state() {
    let paths = part(&cases::degraded(), "/paths");
    let states: Vec<&Value> = paths.as_array().into_iter().flatten().map(|path| &path["state"]).collect();
    assert_eq!(states, ["shut", "open"]);
    let role =
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5";
    let expected = json!({
        "kind": "assignment", "permission_set": "RedshiftAnalyst",
        "permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336",
        "via": {"type": "GROUP", "id": "9067f0c1d2-aaaaaaaa-2222-3333-4444-555555555555", "name": "DataAnalysts"},
        "role_arn": role, "state": "open", "stands": true,
    });
    assert_eq!(paths[1], expected);
}

#[test]
fn a_gap_says_what_to_allow() {
    let answer = value(&cases::locked_out());
    assert_eq!((&answer["verdict"], &answer["root_cause"]), (&json!("inconclusive"), &Value::Null));
    let gaps = answer["gaps"].as_array().cloned().unwrap_or_default();
    let gap = |call: &str| gaps.iter().find(|gap| gap["call"] == call).cloned().unwrap_or_default();
    let expected = json!({
        "call": "sts:AssumeRole", "account": "111122223333", "region": "us-east-1", "reason": "denied",
        "message": "not authorized to perform: sts:AssumeRole", "allow": "sts:AssumeRole", "decides": true,
    });
    assert_eq!(gap("sts:AssumeRole"), expected);
    assert_eq!(
        (&gap("iam:ListRoles")["reason"], &gap("iam:ListRoles")["allow"]),
        (&json!("not-asked"), &json!("iam:ListRoles"))
    );
    let outcome = |rule: &str| {
        let checks = answer["checks"].as_array().into_iter().flatten();
        checks.filter(|check| check["rule"] == rule).map(|check| check["outcome"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(outcome("permission-set-not-provisioned"), ["fault", "clear"]);
    assert_eq!(outcome("role-missing"), ["unknown", "unknown"]);
    assert_eq!(outcome("group-not-found"), ["not-applicable"]);
}

#[test]
fn only_what_was_refused_or_left_out_needs_allowing() {
    let mut diagnosis = cases::inconclusive();
    for (reason, allow) in [(Reason::Throttled, Value::Null), (Reason::Denied, json!("iam:ListRoles"))] {
        diagnosis.gaps.truncate(1);
        diagnosis.gaps[0].gap.reason = reason;
        assert_eq!(part(&diagnosis, "/gaps/0/allow"), allow);
    }
}

#[test]
fn names_are_as_they_are_and_still_cannot_steer_a_terminal() {
    let diagnosis = cases::malicious();
    assert!(!text(&diagnosis).contains(['\u{1b}', '\u{7}']));
    let name = "Data\u{1b}]0;owned\u{7}\u{2066}| #x";
    assert_eq!(part(&diagnosis, "/paths/0/via/name"), name);
}

#[test]
fn a_comparison_is_null_unless_a_colleague_was_named() {
    assert_eq!(value(&cases::missing_policy()).get("like"), Some(&Value::Null));
    let like = part(&cases::unlike_a_colleague(), "/like");
    let (user, outcome) = (&like["user"], &like["outcome"]);
    assert_eq!((user, outcome), (&json!("john.roe"), &json!("differs")));
    let path = json!({
        "kind": "assignment", "permission_set": "RedshiftAnalyst", "permission_set_arn": sample::SET,
        "via": {"type": "GROUP", "id": sample::GROUP, "name": "DataAnalysts"}, "role_arn": null, "shared": false,
    });
    assert_eq!(like["paths"], json!([path]));
    let command = like["differences"][0]["fix"]["command"].as_str().unwrap_or_default();
    assert!(command.starts_with("aws identitystore create-group-membership "), "{command}");
    assert_eq!(part(&cases::like_nobody(), "/like/suggestions"), json!(["john.roe"]));
    let unread = part(&cases::like_somebody_unread(), "/like");
    assert_eq!((&unread["outcome"], &unread["paths"]), (&json!("unknown"), &json!([])));
    assert_eq!(unread["gaps"][0]["reason"], "denied");
}
