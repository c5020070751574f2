//! Permission sets that are newer than the session of the access portal: the portal lists the old ones, and the line that
//! names the new one is right.

use crate::wire::home::{CACHED, CONFIG, Home, signed_in};
use crate::wire::run::Answer;
use crate::wire::scenario::scenario;
use serde_json::{Value, json};
use served::{MANAGEMENT_KEY, MEMBER_KEY, Moment, Organization, READ_ROLE, Served};

/// When the session began, which is before the newer group and after the older.
const BEGAN: &str = "jane.doe since 2026-01-01T00:00:00Z";

/// jane.doe is in an older group with the permission set `old` in prod-data, and was put later into the one that has
/// `RedshiftAnalyst` there.
fn newer_group(acme: &mut Organization) {
    acme.remove_member("DataAnalysts", "jane.doe");
    acme.add_member("DataAnalysts", "jane.doe").created = Moment::minutes_ago(30);
    acme.provision("RedshiftAnalystV2", "prod-data");
    for set in ["ReadOnly", "RedshiftAnalystV2"] {
        acme.assign(set, "Developers", "prod-data");
    }
}

fn served() -> Served {
    scenario("a newer group", newer_group).serve()
}

fn since_before(config: &str) -> Home {
    signed_in(config).sign_in(CACHED, BEGAN, "2099-01-01T00:00:00Z")
}

fn naming(set: &str) -> Home {
    since_before(&CONFIG.replace("= RedshiftAnalyst", &format!("= {set}")))
}

fn ask(home: &Home, served: &Served, arguments: &str) -> Answer {
    home.ask_as(served, MANAGEMENT_KEY, arguments).with(&["--target-role", READ_ROLE]).ask()
}

fn faults(answer: &Answer) -> Vec<(Value, Value)> {
    let json = answer.json().unwrap();
    let faults = json["own_machine"]["faults"].as_array().unwrap();
    faults.iter().map(|fault| (fault["kind"].clone(), fault["change"].clone())).collect()
}

fn says_to_sign_in_again(answer: &Answer) {
    let json = answer.json().unwrap();
    let fault = &json["own_machine"]["faults"][0];
    assert_eq!(fault["command"], "aws sso logout\naws sso login --profile prod", "{fault}");
    let message = fault["message"].as_str().unwrap_or_default().to_lowercase();
    assert!(message.contains("sign out of the access portal in the browser"), "{message}");
}

#[test]
fn the_line_stays_where_identity_center_assigns_the_set() {
    let served = served();
    let answer = ask(&since_before(CONFIG), &served, "--me jane.doe 123456789012");
    assert_eq!(faults(&answer), [(json!("permission-set-not-listed"), Value::Null)], "{}", answer.brief());
    assert_eq!(answer.code, 11, "{}", answer.brief());
    says_to_sign_in_again(&answer);
    // The same question, as people read it.
    let home = since_before(CONFIG);
    let question = home.ask_as(&served, MANAGEMENT_KEY, "--me jane.doe 123456789012");
    let text = question.with(&["--target-role", READ_ROLE]).ask_plainly().stdout;
    assert!(text.contains("aws sso logout\n") && text.contains("idc explain permission-set-not-listed"), "{text}");
    assert!(!text.contains("should be") && !text.contains("Did you mean"), "{text}");
}

#[test]
fn with_a_session_that_knows_the_group_nothing_is_wrong() {
    let served = served();
    let answer = ask(&signed_in(CONFIG), &served, "--me jane.doe 123456789012");
    assert_eq!(faults(&answer), [], "{}", answer.brief());
}

/// Neither the portal lists it nor does Identity Center assign it.
#[test]
fn a_set_that_is_not_assigned_is_wrong_as_before() {
    let served = served();
    for (set, line) in [("RedshiftAdmin", json!([])), ("Redshiftanalyst", json!(["sso_role_name = RedshiftAnalyst"]))] {
        let answer = ask(&naming(set), &served, "--me jane.doe 123456789012");
        let [(kind, change)] = &faults(&answer)[..] else { panic!("{}", answer.brief()) };
        assert_eq!((kind, &change["line"]), (&json!("sso-role-name-wrong"), &json!(7)), "{set}");
        assert!(line == json!([]) || change["should_be"] == line, "{change}");
    }
}

#[test]
fn where_identity_center_cannot_be_read_no_line_is_to_change_that_may_be_right() {
    let served = served();
    for set in ["RedshiftAnalyst", "Billing"] {
        let answer = naming(set).ask(&served, "--me 123456789012").ask();
        assert_eq!(faults(&answer), [(json!("permission-set-not-listed"), Value::Null)], "{set}: {}", answer.brief());
        assert_eq!(answer.code, 12);
        says_to_sign_in_again(&answer);
        // With credentials that may not read it, too.
        let home = naming(set);
        let answer = home.ask_as(&served, MEMBER_KEY, "--me jane.doe 123456789012").ask();
        assert_eq!(faults(&answer), [(json!("permission-set-not-listed"), Value::Null)], "{set}: {}", answer.brief());
    }
    // A slip is one all the same.
    let answer = naming("redshiftanalystv2").ask(&served, "--me 123456789012").ask();
    let [(kind, change)] = &faults(&answer)[..] else { panic!("{}", answer.brief()) };
    assert_eq!(
        (kind, &change["should_be"][0]),
        (&json!("sso-role-name-wrong"), &json!("sso_role_name = RedshiftAnalystV2"))
    );
}

/// Nothing at all is listed to the old session.
#[test]
fn an_account_that_is_new_to_the_session_is_told_with_both_commands() {
    let served = scenario("only a newer group", |acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        acme.add_member("DataAnalysts", "jane.doe").created = Moment::minutes_ago(30);
    })
    .serve();
    let answer = ask(&since_before(CONFIG), &served, "--me jane.doe 123456789012");
    assert_eq!(faults(&answer), [(json!("portal-lists-nothing"), Value::Null)], "{}", answer.brief());
    says_to_sign_in_again(&answer);
}
