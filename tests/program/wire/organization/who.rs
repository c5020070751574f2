//! `idc who` and `idc access` against the truth.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::Value;

use super::{ask, is_enabled, json, people, works};
use crate::wire::chance::{SEED, number};
use crate::wire::parallel;
use crate::wire::truth::Case;
use served::{Conduct, Organization, Served};

/// Some ten seconds of a small machine.
const CASES: usize = 16;

/// A way as both sides tell it: who, by what, through whom, and whether it lets them in.
type Told = (String, String, String, bool);

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

/// What the answer says; a row that says it does not know is told as an error.
fn told(answer: &Value, who: impl Fn(&Value) -> String) -> Result<BTreeSet<Told>, String> {
    let rows = answer["access"].as_array().ok_or("no rows")?;
    let mut told = BTreeSet::new();
    for row in rows {
        let enters = match row["state"].as_str() {
            Some("open" | "degraded") => true,
            Some("shut") => false,
            other => return Err(format!("{other:?} in {row}")),
        };
        told.insert((who(row), text(row, "permission_set_arn"), text(&row["via"], "id"), enters));
    }
    Ok(told)
}

/// What there is: each assignment of each person who exists.
fn truth(organization: &Organization, account: &str) -> BTreeSet<Told> {
    let rows = organization.assignments.iter().filter(|row| row.account == account);
    let each = |row: &served::Assignment| -> Vec<Told> {
        let open = works(organization, account, &row.permission_set);
        let people = people(organization, row).into_iter();
        let told = people.map(|id| {
            let enters = open && is_enabled(organization, &id);
            (id, row.permission_set.clone(), row.principal_id.clone(), enters)
        });
        told.collect()
    };
    rows.flat_map(each).collect()
}

#[test]
fn who_is_the_truth_person_by_person() {
    let mut rng = Rng::with_seed(number("CHANCE_SEED", SEED));
    let cases: Vec<Case> = (0..number("CHANCE_CASES", CASES)).map(|_| Case::random(&mut rng)).collect();
    parallel::each(
        &cases,
        |case| case.changes.clone(),
        |case| {
            let served = Served::start(case.organization.clone(), Conduct::default());
            for account in case.organization.accounts.iter().take(4) {
                let answer = ask(&served, &format!("who {}", account.id));
                let answer = json(&answer)?;
                if answer["complete"] != true {
                    return Err(format!("{} is not complete: {}", account.name, answer["gaps"]));
                }
                let (found, there) =
                    (told(&answer, |row| text(row, "user_id"))?, truth(&case.organization, &account.id));
                if found != there {
                    let missing: Vec<_> = there.difference(&found).collect();
                    let invented: Vec<_> = found.difference(&there).collect();
                    return Err(format!("{}: missing {missing:?}, invented {invented:?}", account.name));
                }
            }
            Ok(())
        },
    );
}

/// AWS's own list for a person leaves out what was never provisioned, which lets nobody in.
#[test]
fn access_is_the_truth_account_by_account() {
    let mut rng = Rng::with_seed(number("CHANCE_SEED", SEED) + 1);
    let cases: Vec<Case> = (0..number("CHANCE_CASES", CASES)).map(|_| Case::random(&mut rng)).collect();
    parallel::each(
        &cases,
        |case| case.changes.clone(),
        |case| {
            let organization = &case.organization;
            let served = Served::start(organization.clone(), Conduct::default());
            for user in organization.users.iter().take(4) {
                let answer = ask(&served, &format!("access {}", user.user_name));
                let answer = json(&answer)?;
                if answer["complete"] != true {
                    return Err(format!("{} is not complete: {}", user.user_name, answer["gaps"]));
                }
                let found = told(&answer, |row| text(row, "account_id"))?;
                let is_provisioned = |row: &&served::Assignment| {
                    let same = |one: &served::Provisioned| {
                        one.account == row.account && one.permission_set == row.permission_set
                    };
                    organization.provisioned.iter().any(same)
                };
                let own = |row: &&served::Assignment| people(organization, row).contains(&user.id);
                let rows = organization.assignments.iter().filter(is_provisioned).filter(own);
                let there: BTreeSet<Told> = rows
                    .map(|row| {
                        let enters = works(organization, &row.account, &row.permission_set)
                            && is_enabled(organization, &user.id);
                        (row.account.clone(), row.permission_set.clone(), row.principal_id.clone(), enters)
                    })
                    .collect();
                if found != there {
                    let missing: Vec<_> = there.difference(&found).collect();
                    let invented: Vec<_> = found.difference(&there).collect();
                    return Err(format!("{}: missing {missing:?}, invented {invented:?}", user.user_name));
                }
            }
            Ok(())
        },
    );
}

#[test]
fn whoever_does_not_exist_is_listed_as_dead() {
    let mut organization = Organization::acme();
    let group = organization.group_id("DataAnalysts");
    organization.remove_group("DataAnalysts");
    let account = organization.account_id("prod-data");
    let served = Served::start(organization, Conduct::default());
    let answer = json(&ask(&served, "who prod-data")).expect("an answer");
    assert_eq!(answer["account"]["id"], *account);
    let dead: Vec<&str> = answer["dead"].as_array().unwrap().iter().filter_map(|one| one["id"].as_str()).collect();
    assert!(dead.contains(&group.as_str()), "{dead:?}");
    assert!(answer["access"].as_array().unwrap().iter().all(|row| row["via"]["id"] != *group));
}

#[test]
fn what_cannot_be_read_is_a_row_that_says_so() {
    let conduct = Conduct::default().with_denied("identitystore:ListGroupMemberships");
    let served = Served::start(Organization::acme(), conduct);
    let answer = ask(&served, "who prod-data");
    assert_eq!(answer.code, 12);
    let answer = json(&answer).expect("an answer");
    let rows = answer["access"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["user_id"].is_null() && row["state"] == "unknown"), "{rows:#?}");
    assert_eq!(answer["complete"], false);
}

#[test]
fn nobody_and_nowhere_are_errors() {
    let served = Served::start(Organization::acme(), Conduct::default());
    for (command, code) in [
        ("who prod-dat", "account-not-in-organization"),
        ("who 999999999999", "account-not-in-organization"),
        ("access jane.do", "user-not-found"),
    ] {
        let answer = ask(&served, command);
        assert_eq!(
            (answer.code, answer.error().map(|error| error["code"].clone())),
            (1, Some(code.into())),
            "{command}"
        );
    }
}
