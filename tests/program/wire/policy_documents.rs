//! Which policies are read to tell what a session is left with: as few as it takes, in a round that is there already.

use serde_json::json;

use crate::wire::run::Question;
use served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

/// Serves the organization, and how often policies are asked for and read.
fn read(organization: Organization) -> (usize, usize) {
    let served = Served::start(organization, Conduct::default());
    let question = Question::new("jane.doe 123456789012").with(&["--target-role", READ_ROLE]);
    let answer = question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask();
    assert_eq!(answer.code, 0, "{}", answer.brief());
    (served.count("iam:GetPolicy"), served.count("iam:GetPolicyVersion"))
}

/// Her permission set names one policy of AWS's beside that of the account.
fn with_aws_managed(name: &str) -> Organization {
    let mut acme = Organization::acme();
    acme.permission_set("RedshiftAnalyst").managed(name);
    acme.provision("RedshiftAnalyst", "prod-data");
    acme
}

#[test]
fn those_of_the_account_once_each() {
    assert_eq!(read(Organization::acme()), (0, 1));
}

#[test]
fn those_of_aws_only_where_what_they_allow_may_be_taken_away() {
    assert_eq!(read(with_aws_managed("ReadOnlyAccess")), (1, 1));
    let mut acme = with_aws_managed("ReadOnlyAccess");
    let statement = json!({"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"});
    let guard = json!({"Version": "2012-10-17", "Statement": [statement]});
    acme.attach_policy("SERVICE_CONTROL_POLICY", "Guardrails", "r-acme", guard);
    assert_eq!(read(acme.clone()), (1, 2));
    // It is known by its name.
    acme.permission_set("RedshiftAnalyst").managed_policies.clear();
    acme.permission_set("RedshiftAnalyst").managed("AdministratorAccess");
    acme.provision("RedshiftAnalyst", "prod-data");
    assert_eq!(read(acme), (1, 1));
}

#[test]
fn what_the_role_carries_beside_is_read_too() {
    let mut acme = Organization::acme();
    let other = "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy-v2";
    acme.role("RedshiftAnalyst", "prod-data").attached_policies.push(other.into());
    let served = Served::start(acme, Conduct::default());
    let question = Question::new("jane.doe 123456789012").with(&["--target-role", READ_ROLE]);
    let answer = question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask();
    assert_eq!(answer.json().unwrap()["root_cause"]["rule"], "role-policies-differ", "{}", answer.brief());
    assert_eq!((served.count("iam:GetPolicy"), served.count("iam:GetPolicyVersion")), (0, 2));
}
