//! A server that is not what it says, that sends what AWS never would, and everything between here and AWS.

use std::time::Duration;

use serde_json::Value;

use crate::wire::run::Answer;
use crate::wire::scenario::{Scenario, scenario};
use crate::wire::scenarios;
use served::{Conduct, Fault, Kind, Served};

const BLOCKED: &str = "<html><head><title>Blocked</title></head><body>Access denied by policy</body></html>";
const EXPIRED: &str = "Signature expired: 20261126T100000Z is now earlier than 20261126T101500Z";
const NOT_YET: &str = "Signature not yet current: 20261126T110000Z is still later than 20261126T101500Z";

fn ask(scenario: &Scenario, conduct: impl FnOnce(Conduct) -> Conduct) -> (Answer, Served) {
    let served = scenario.serve_with(conduct);
    let answer = scenario.question(&served).ask();
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
    (answer, served)
}

fn struck(action: &str, kind: Kind) -> (Answer, Served) {
    ask(&scenarios::named("healthy--group"), |conduct| conduct.with_fault(Fault::on(action, kind)))
}

fn gap<'a>(json: &'a Value, call: &str) -> &'a Value {
    let mut gaps = json["gaps"].as_array().unwrap().iter();
    gaps.find(|gap| gap["call"] == call).unwrap_or_else(|| panic!("no gap of {call}: {json}"))
}

fn failed(action: &str, kind: Kind, words: &str) {
    let (answer, _served) = struck(action, kind);
    let json = answer.json().unwrap();
    let gap = gap(&json, action);
    assert_eq!((&gap["reason"], &gap["allow"]), (&"failed".into(), &Value::Null), "{gap}");
    assert!(gap["message"].as_str().unwrap().contains(words), "{gap}");
    assert_ne!(answer.code, 0);
}

#[test]
fn nothing_is_read_in_an_account_that_was_not_asked_for() {
    let arn = "arn:aws:sts::555566667777:assumed-role/IdcReadOnly/idc-alex.admin";
    let (answer, served) = struck("sts:AssumeRole", Kind::UnknownEnum { field: "Arn".into(), value: arn.into() });
    assert_eq!(served.count("iam:ListRoles"), 0);
    let json = answer.json().unwrap();
    let message = gap(&json, "sts:AssumeRole")["message"].as_str().unwrap();
    assert!(message.contains("555566667777") && message.contains("not in account 123456789012"), "{message}");
    assert_eq!(json["verdict"], "inconclusive");
    let lacking = Kind::MissingField { field: "AssumedRoleUser".into() };
    let (answer, served) = struck("sts:AssumeRole", lacking);
    assert_eq!((served.count("iam:ListRoles"), &answer.json().unwrap()["verdict"]), (0, &"inconclusive".into()));
}

#[test]
fn a_role_of_another_account_is_refused_before_it_is_assumed() {
    for account in ["123456789012", "prod-data"] {
        let scenario = scenarios::named("healthy--group").without_target_role();
        let served = scenario.serve();
        let question =
            scenario.question(&served).with(&["--target-role", "arn:aws:iam::555566667777:role/IdcReadOnly"]);
        let question = if account == "prod-data" { question.about("jane.doe prod-data") } else { question };
        let answer = question.ask();
        let error = answer.error().unwrap();
        assert_eq!((answer.code, &error["code"]), (2, &"usage".into()), "{error}");
        assert!(error["message"].as_str().unwrap().contains("account 123456789012"), "{error}");
        assert_eq!(answer.stderr.lines().count(), 1, "{}", answer.stderr);
        assert_eq!(served.count("sts:AssumeRole"), 0);
    }
}

#[test]
fn no_answer_is_read_without_end() {
    for action in ["iam:ListRoles", "sso:ListPermissionSetsProvisionedToAccount"] {
        failed(action, Kind::Flood(40), "longer than any of AWS's");
    }
}

#[test]
fn no_wait_that_a_server_asks_for_is_past_the_clock() {
    for seconds in [u64::MAX, u64::MAX / 2, 10_000] {
        let (answer, _served) = struck("identitystore:*", Kind::Throttled { retry_after: Some(seconds) });
        assert!(answer.json().is_ok(), "{seconds}: {}", answer.brief());
        assert!(answer.took < Duration::from_mins(1), "{:?}", answer.took);
    }
}

/// What the SDK cannot read is asked again as any other, and is known for what it is.
#[test]
fn a_wait_that_nobody_means_is_not_believed() {
    for seconds in [u64::MAX, 1 << 40, 10_000] {
        let fault = |times| Fault {
            times,
            ..Fault::on("identitystore:GetUserId", Kind::Throttled { retry_after: Some(seconds) })
        };
        let healthy = scenarios::named("healthy--group");
        let (answer, _served) = ask(&healthy, |conduct| conduct.with_fault(fault(Some(2))));
        assert_eq!(answer.code, 0, "{seconds}: {}", answer.brief());
        let served = healthy.serve_with(|conduct| conduct.with_fault(fault(None)));
        let json = healthy.question(&served).with(&["--timeout", "4s"]).ask().json().unwrap();
        let gap = gap(&json, "identitystore:GetUserId");
        assert!(gap["reason"] == "throttled" || gap["reason"] == "timed-out", "{gap}");
        assert!(served.count("identitystore:GetUserId") > 2, "{seconds}: asked once");
    }
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let refused = [
        (403, "SignatureDoesNotMatch", EXPIRED),
        (400, "InvalidSignatureException", NOT_YET),
        (403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
        (400, "RequestExpired", "Request has expired."),
    ];
    for (status, code, message) in refused {
        let kind = Kind::Error { status, code: code.into(), message: message.into() };
        let (answer, _served) = struck("*", kind.clone());
        let error = answer.error().unwrap();
        assert_eq!((answer.code, &error["code"]), (1, &"wrong-clock".into()), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("clock"), "{error}");
        failed("iam:ListRoles", kind, "clock");
    }
    let wrong_key = "The request signature we calculated does not match the signature you provided.";
    let kind = Kind::Error { status: 403, code: "SignatureDoesNotMatch".into(), message: wrong_key.into() };
    assert_eq!(struck("*", kind).0.error().unwrap()["code"], "expired-credentials");
}

#[test]
fn a_page_of_a_proxy_is_no_word_of_aws() {
    for status in [403, 407] {
        let kind = Kind::Body { status, body: BLOCKED.into() };
        let (answer, _served) = struck("*", kind.clone());
        let error = answer.error().unwrap();
        assert_eq!((answer.code, &error["code"]), (1, &"not-from-aws".into()), "{error}");
        assert!(error["message"].as_str().unwrap().contains("web proxy"), "{error}");
        failed("sts:AssumeRole", kind.clone(), "web proxy");
        failed("iam:ListRoles", kind, "web proxy");
    }
}

/// So does a network that one has to sign in to, with a page that looks like success.
#[test]
fn a_page_in_the_place_of_every_answer_is_told_as_one() {
    let (answer, _served) = struck("*", Kind::Body { status: 200, body: BLOCKED.into() });
    let error = answer.error().unwrap();
    assert_eq!((answer.code, &error["code"]), (1, &"not-from-aws".into()), "{error}");
    failed("iam:ListRoles", Kind::Body { status: 200, body: BLOCKED.into() }, "not one of AWS's");
}

#[test]
fn an_answer_about_something_else_is_no_answer() {
    let other = |field: &str, value: &str| Kind::UnknownEnum { field: field.into(), value: value.into() };
    for (action, kind) in [
        ("identitystore:DescribeUser", other("UserId", "906712ab34-00000000-0000-0000-0000-000000000000")),
        (
            "identitystore:ListGroupMembershipsForMember",
            other("UserId", "906712ab34-00000000-0000-0000-0000-000000000000"),
        ),
        ("identitystore:ListGroupMembershipsForMember", other("IdentityStoreId", "d-0000000000")),
        ("organizations:DescribeAccount", other("Id", "999999999999")),
        ("sso:DescribePermissionSet", other("PermissionSetArn", "arn:aws:sso:::permissionSet/ssoins-1/ps-1")),
        ("sso:ListAccountAssignmentsForPrincipal", other("AccountId", "999999999999")),
        ("iam:ListRoles", other("Arn", "arn:aws:iam::999999999999:role/x")),
        ("iam:ListPolicies", other("Arn", "arn:aws:iam::999999999999:policy/x")),
        ("iam:ListSAMLProviders", other("Arn", "arn:aws:iam::999999999999:saml-provider/x")),
    ] {
        let (answer, served) = struck(action, kind);
        assert!(served.count(action) > 0, "{action} was not asked");
        let json = answer.json().unwrap();
        assert!(gap(&json, action)["message"].as_str().unwrap().contains("was asked"), "{action}: {json}");
        assert!(["reachable", "inconclusive"].contains(&json["verdict"].as_str().unwrap()), "{action}: {json}");
        assert_eq!(json["root_cause"], Value::Null, "{action}: {json}");
    }
}

#[test]
fn half_a_list_is_not_the_whole() {
    let list = |operation: &str, inside: &str| Kind::Body {
        status: 200,
        body: format!(
            "<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><{operation}Result>{inside}"
        ),
    };
    for (action, kind) in [
        ("iam:ListRoles", list("ListRoles", "<Roles>")),
        ("iam:ListPolicies", list("ListPolicies", "<Policies>")),
        ("iam:ListAttachedRolePolicies", list("ListAttachedRolePolicies", "<AttachedPolicies>")),
        ("iam:ListSAMLProviders", list("ListSAMLProviders", "<SAMLProviderList>")),
        (
            "identitystore:ListGroupMembershipsForMember",
            Kind::Body { status: 200, body: "{\"GroupMemberships\":null}".into() },
        ),
    ] {
        let (answer, _served) = struck(action, kind);
        let json = answer.json().unwrap();
        gap(&json, action);
        assert_eq!(json["root_cause"], Value::Null, "{action}: {json}");
    }
}

#[test]
fn an_empty_list_beside_the_role_of_what_it_lacks_takes_a_second_witness() {
    let provisioned = "sso:ListPermissionSetsProvisionedToAccount";
    let (answer, _served) = struck(provisioned, Kind::Body { status: 200, body: "{}".into() });
    let json = answer.json().unwrap();
    assert_eq!((&json["verdict"], &json["root_cause"]), (&"inconclusive".into(), &Value::Null), "{json}");
    let message = gap(&json, "sso:ListAccountsForProvisionedPermissionSet")["message"].to_string();
    assert!(message.contains("do not fit together"), "{message}");

    let accounts = "sso:ListAccountsForProvisionedPermissionSet";
    let beside = scenario("beside", |acme| {
        let arn = acme.permission_set_arn("RedshiftAnalyst");
        acme.provisioned.retain(|one| one.account != "123456789012" || one.permission_set != arn);
    });
    let (answer, _served) = ask(&beside, |conduct| conduct.with_fault(Fault::on(accounts, Kind::Denied)));
    let json = answer.json().unwrap();
    assert_eq!(json["verdict"], "inconclusive", "{json}");
    assert_eq!(gap(&json, accounts)["reason"], "denied");

    let (answer, served) = ask(&beside, |conduct| conduct);
    assert_eq!((&answer.json().unwrap()["verdict"], served.count(accounts)), (&"blocked".into(), 2));
}
