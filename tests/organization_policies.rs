//! The organization's policies over the wire: how the chain above an account is found, what is asked, and what is said.

#![cfg(feature = "live")]
#![expect(clippy::expect_used, reason = "a test that cannot run the program has to stop")]

mod served;

use std::process::Command;

use serde_json::{Value, json};
use served::{Conduct, Fault, Kind, MANAGEMENT_KEY, Organization, Served};

const RESOURCE_CONTROL: &str = "RESOURCE_CONTROL_POLICY";

/// acme with the statement of aws/lza-universal-configuration#25 attached somewhere.
fn perimeter(target: &str, actions: &[&str]) -> Organization {
    let mut acme = Organization::acme();
    let condition = json!({
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": acme.id},
    });
    let statement = json!({
        "Sid": "GRSTSDPB", "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*", "Condition": condition,
    });
    let content = json!({"Version": "2012-10-17", "Statement": [statement]});
    acme.attach_policy(RESOURCE_CONTROL, "Guardrails", target, content);
    acme
}

fn ask(served: &Served, account: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_idc"))
        .args(["why", "jane.doe", account, "--output", "json", "--target-role", served::acme::READ_ROLE])
        .envs(served.environment(MANAGEMENT_KEY, "us-east-1"))
        .output()
        .expect("idc runs");
    assert_eq!(served.unknown_actions(), Vec::<String>::new());
    serde_json::from_slice(&output.stdout).expect("an answer in JSON")
}

const SAML: &[&str] = &["sts:AssumeRole", "sts:AssumeRoleWithSAML"];

#[test]
fn a_perimeter_at_the_root_that_forgets_saml_is_the_root_cause() {
    let served = Served::start(perimeter("r-acme", SAML), Conduct::default());
    let answer = ask(&served, "123456789012");
    assert_eq!(answer["verdict"], "blocked", "{answer:#}");
    assert_eq!(answer["root_cause"]["rule"], "resource-control-policy-denies");
    let message = answer["root_cause"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("GRSTSDPB") && message.contains("the root r-acme"), "{message}");
    // DescribeAccount tells the path, and AWS's own policies need not be read.
    assert_eq!(served.count("organizations:ListParents"), 0);
    assert_eq!(served.count("organizations:ListPoliciesForTarget"), 8);
    assert_eq!(served.count("organizations:DescribePolicy"), 2);
}

#[test]
fn another_unit_s_policy_and_another_action_s_do_not_count() {
    for acme in [perimeter("ou-acme-dev00001", SAML), perimeter("r-acme", &["sts:AssumeRole"])] {
        let served = Served::start(acme, Conduct::default().with_page_size(1));
        assert_eq!(ask(&served, "123456789012")["verdict"], "reachable");
    }
}

#[test]
fn without_the_path_the_chain_is_walked_parent_by_parent() {
    let missing = Fault::on("organizations:DescribeAccount", Kind::MissingField { field: "Paths".into() });
    let conduct = || Conduct::default().with_fault(missing.clone());
    let served = Served::start(perimeter("r-acme", SAML), conduct());
    assert_eq!(ask(&served, "123456789012")["root_cause"]["rule"], "resource-control-policy-denies");
    assert_eq!(served.count("organizations:ListParents"), 3);
    // Halfway up is not enough to say that nothing is wrong, but enough where something is.
    for (target, verdict) in [("r-acme", "inconclusive"), ("ou-acme-prod0001", "blocked")] {
        let denied = Fault::on("organizations:ListParents", Kind::Denied).after(1);
        let served = Served::start(perimeter(target, SAML), conduct().with_fault(denied));
        assert_eq!(ask(&served, "123456789012")["verdict"], verdict, "{target}");
    }
}

#[test]
fn the_management_account_and_what_is_switched_off_are_not_asked_about() {
    let served = Served::start(perimeter("r-acme", SAML), Conduct::default());
    let answer = ask(&served, "111122223333");
    assert!(!answer.to_string().contains("GRSTSDPB"), "{answer:#}");
    assert_eq!(served.count("organizations:ListRoots"), 0);
    let mut acme = perimeter("r-acme", SAML);
    acme.root.policy_types.clear();
    let served = Served::start(acme, Conduct::default());
    assert_eq!(ask(&served, "123456789012")["verdict"], "reachable");
    assert_eq!(served.count("organizations:ListPoliciesForTarget"), 0);
}
