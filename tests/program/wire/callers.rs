//! Who asks, and from where: what each caller can learn, and what they are told of where to ask instead.

use crate::wire::run::Answer;
use crate::wire::scenario::{Scenario, scenario};
use served::{DELEGATED_KEY, MEMBER_KEY, Organization, READ_ROLE, TARGET_KEY};

fn ask(scenario: &Scenario) -> Answer {
    let served = scenario.serve();
    scenario.question(&served).ask()
}

fn notes(answer: &Answer) -> String {
    answer.json().unwrap()["notes"].to_string()
}

/// Nothing of Identity Center's is in the management account, so nothing is hidden from the delegated administrator.
fn clear_the_management_account(acme: &mut Organization) {
    for set in ["AdministratorAccess", "Billing"] {
        acme.unprovision(set, "acme-management");
    }
}

#[test]
fn a_delegated_administrator_gets_the_same_answers_the_second_way() {
    let healthy = scenario("healthy", clear_the_management_account).called_by(DELEGATED_KEY);
    let served = healthy.serve();
    let answer = healthy.question(&served).ask();
    healthy.expected.matches(&answer).unwrap();
    assert!(notes(&answer).contains("ListAccountAssignmentsForPrincipal was refused"), "{}", notes(&answer));
    assert!(served.count("sso:ListAccountAssignments") > 0);

    let left_out = scenario("not in the group", |acme| {
        clear_the_management_account(acme);
        acme.remove_member("DataAnalysts", "jane.doe");
    })
    .called_by(DELEGATED_KEY)
    .blocked_by("not-in-assigned-group")
    .likely();
    left_out.expected.matches(&ask(&left_out)).unwrap();

    let unassigned = scenario("not assigned", |acme| {
        clear_the_management_account(acme);
        acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
    })
    .asking("jane.doe 123456789012 -p RedshiftAnalyst")
    .called_by(DELEGATED_KEY)
    .blocked_by("assignment-missing");
    unassigned.expected.matches(&ask(&unassigned)).unwrap();
}

#[test]
fn a_delegated_administrator_concludes_nothing_about_the_management_account() {
    let hidden = scenario("hidden", |_| {}).asking("alex.admin 111122223333").called_by(DELEGATED_KEY).inconclusive();
    hidden.expected.matches(&ask(&hidden)).unwrap();
    let others = scenario("hidden", |_| {}).asking("jane.doe 111122223333").called_by(DELEGATED_KEY).inconclusive();
    others.expected.matches(&ask(&others)).unwrap();
}

#[test]
fn a_member_account_is_told_where_to_ask() {
    for key in [MEMBER_KEY, TARGET_KEY] {
        let member = scenario("member", |_| {}).called_by(key).inconclusive();
        let answer = ask(&member);
        member.expected.matches(&answer).unwrap();
        assert!(notes(&answer).contains("management account (111122223333)"), "{}", notes(&answer));
    }
}

/// The affected account reads its own IAM without a role, but learns nothing about assignments.
#[test]
fn the_affected_account_reads_itself() {
    let own = scenario("own", |_| {}).called_by(TARGET_KEY).without_target_role().inconclusive();
    let served = own.serve();
    let answer = own.question(&served).ask();
    own.expected.matches(&answer).unwrap();
    assert_eq!(served.count("sts:AssumeRole"), 0);
    assert!(served.count("iam:ListRoles") > 0);
}

#[test]
fn a_caller_outside_any_organization_learns_that() {
    let stranger = scenario("stranger", |acme| {
        let credential = acme.credentials.get_mut(MEMBER_KEY).unwrap();
        credential.account = "999900001111".into();
        credential.arn = "arn:aws:sts::999900001111:assumed-role/Admin/stranger".into();
    })
    .called_by(MEMBER_KEY);
    let answer = ask(&stranger);
    assert_eq!(answer.code, 1, "{}", answer.brief());
}

#[test]
fn the_target_role_may_be_given_in_every_form() {
    let arn = format!("arn:aws:iam::123456789012:role/{READ_ROLE}");
    for role in [READ_ROLE, arn.as_str(), "OrganizationAccountAccessRole"] {
        let plain = scenario("role", |_| {}).without_target_role();
        let served = plain.serve();
        let answer = plain.question(&served).with(&["--target-role", role]).ask();
        plain.expected.matches(&answer).unwrap();
        let environment = [("IDC_TARGET_ROLE".to_owned(), role.to_owned())];
        plain.expected.matches(&plain.question(&served).environment(environment).ask()).unwrap();
    }
}

/// A role of another account says nothing about this one, and nobody assumes it for that.
#[test]
fn a_role_of_another_account_is_refused() {
    let plain = scenario("role", |_| {}).without_target_role();
    let served = plain.serve();
    let arn = format!("arn:aws:iam::210987654321:role/{READ_ROLE}");
    let answer = plain.question(&served).with(&["--target-role", &arn]).ask();
    assert_eq!(answer.code, 2, "{}", answer.brief());
    assert!(answer.stdout.contains("has to be a role of account 123456789012"), "{}", answer.brief());
    assert!(served.calls().is_empty(), "nothing was asked");
}

#[test]
fn what_the_session_may_do_is_only_reading() {
    let plain = scenario("session", |_| {});
    let served = plain.serve();
    plain.expected.matches(&plain.question(&served).ask()).unwrap();
    let assumed = served.calls().into_iter().find(|call| call.action == "sts:AssumeRole").unwrap();
    assert!(assumed.body.contains("Policy=") && assumed.body.contains("DurationSeconds=900"), "{}", assumed.body);
    let inside = served.calls().into_iter().filter(|call| call.caller.contains(&format!("assumed-role/{READ_ROLE}")));
    let refused: Vec<_> = inside.filter(|call| call.error.is_some()).collect();
    assert!(refused.is_empty(), "the session policy forbids what the program asks for: {refused:?}");
}
