//! Half an answer: AWS leaves an empty list out, so that `{}` reads as "none". Where something else that was read speaks
//! against it, it is a gap and no "none".

use serde_json::{Value, json};

use super::{ask, json as answer_of};
use served::{Conduct, Fault, Kind, Organization, Served};

/// One answer without what it lists: that to a question which holds this.
fn half(action: &str, question: &str, organization: Organization) -> Served {
    let half = Kind::Body { status: 200, body: "{}".to_owned() };
    Served::start(organization, Conduct::default().with_fault(Fault::on(action, half).containing(question)))
}

fn has_gap(told: &Value, action: &str) -> bool {
    told["gaps"].as_array().is_some_and(|gaps| gaps.iter().any(|gap| gap["call"] == action))
}

#[test]
fn nothing_for_a_person_is_held_against_their_groups() {
    let action = "sso:ListAccountAssignmentsForPrincipal";
    let whole = Served::start(Organization::acme(), Conduct::default());
    let ways = answer_of(&ask(&whole, "access lee.chen")).expect("an answer");
    assert_eq!(ways["complete"], true, "{:#}", ways["gaps"]);
    assert_eq!(whole.count(action), 1, "where something is listed nothing more is asked");
    let served = half(action, "\"USER\"", Organization::acme());
    let answer = ask(&served, "access lee.chen");
    let told = answer_of(&answer).expect("an answer");
    assert_eq!((answer.code, &told["complete"]), (12, &json!(false)), "{told:#}");
    assert!(has_gap(&told, action), "{told:#}");
    // What the groups have is told with its state.
    assert_eq!(told["access"], ways["access"], "{told:#}");
    // Where the groups have nothing either, there is nothing.
    let mut alone = Organization::acme();
    alone.add_user("new.hire");
    alone.add_group("Newcomers");
    alone.add_member("Newcomers", "new.hire");
    let served = Served::start(alone, Conduct::default());
    let told = answer_of(&ask(&served, "access new.hire")).expect("an answer");
    assert_eq!((&told["complete"], &told["access"]), (&json!(true), &json!([])), "{told:#}");
    assert_eq!(served.count(action), 2);
}

#[test]
fn what_an_account_has_is_held_against_its_roles() {
    let action = "sso:ListPermissionSetsProvisionedToAccount";
    // Few permission sets, of which each is asked who is assigned it; and many, of which none is.
    let mut many = Organization::acme();
    for number in 0..24 {
        many.add_permission_set(&format!("Spare-{number:02}")).managed("job-function/ViewOnlyAccess");
    }
    for organization in [Organization::acme(), many] {
        let whole = Served::start(organization.clone(), Conduct::default());
        let ways = answer_of(&ask(&whole, "who prod-data")).expect("an answer");
        assert_eq!(ways["complete"], true, "{:#}", ways["gaps"]);
        let served = half(action, "LATEST_PERMISSION_SET_PROVISIONED", organization.clone());
        let answer = ask(&served, "who prod-data");
        let told = answer_of(&answer).expect("an answer");
        assert_eq!((answer.code, &told["complete"]), (12, &json!(false)), "{told:#}");
        let rows = |answer: &Value| answer["access"].as_array().map_or(0, Vec::len);
        assert_eq!(rows(&told), rows(&ways), "{told:#}");
        let is_shut = |row: &&Value| row["state"] == "shut" && row["rule"] == "permission-set-not-provisioned";
        assert_eq!(told["access"].as_array().unwrap().iter().find(is_shut), None, "{told:#}");
        // Nothing is asked twice where nothing speaks against the lists.
        assert_eq!(whole.count("sso:ListAccountsForProvisionedPermissionSet"), 0);
    }
}

/// The list of a permission set is held against the roles and the assignments that are in accounts.
#[test]
fn where_a_permission_set_is_is_held_against_what_accounts_have() {
    let action = "sso:ListAccountsForProvisionedPermissionSet";
    let other = "sso:ListPermissionSetsProvisionedToAccount";
    for command in ["scan", "scan --full"] {
        let whole = Served::start(Organization::acme(), Conduct::default());
        let found = answer_of(&ask(&whole, command)).expect("an answer");
        assert_eq!(found["complete"], true, "{:#}", found["gaps"]);
        let served = half(action, "LATEST_PERMISSION_SET_PROVISIONED", Organization::acme());
        let told = answer_of(&ask(&served, command)).expect("an answer");
        assert_eq!(told["complete"], false, "{command}: {told:#}");
        assert!(has_gap(&told, action), "{command}: {told:#}");
        let of = |answer: &Value| {
            let all = answer["findings"].as_array().into_iter().flatten();
            all.filter(|one| one["rule"] == "permission-set-not-provisioned").cloned().collect::<Vec<_>>()
        };
        assert_eq!(of(&told), of(&found), "{command}");
        assert_eq!(whole.count(other), 0, "{command}: where nothing speaks against the lists nothing more is asked");
        assert!(served.count(other) > 0, "{command}");
    }
}
