//! Reviews: the rows that are decided on, and whether what was to be revoked is gone.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::ask;
use crate::wire::run::{Answer, Question};
use served::{Conduct, MANAGEMENT_KEY, Moment, Organization, READ_ROLE, Served};

/// Who can get into prod-data, as CSV.
fn rows(served: &Served) -> String {
    let question = Question::of_line(&format!("who prod-data -o csv --target-role {READ_ROLE}"));
    question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask_plainly().stdout
}

/// Decides on each row of a user.
fn decided(csv: &str, user: &str, decision: &str) -> String {
    let mut lines = csv.lines();
    let head = lines.next().expect("names");
    let place = head.split(',').position(|name| name == "decision").expect("a column");
    let from_the_end = head.split(',').count() - place;
    let decide = |line: &str| {
        let mut cells: Vec<&str> = line.rsplitn(from_the_end + 1, ',').collect();
        if line.split(',').nth(2) == Some(user) {
            cells[from_the_end - 1] = decision;
        }
        cells.reverse();
        cells.join(",")
    };
    [head.to_owned()].into_iter().chain(lines.map(decide)).collect::<Vec<_>>().join("\n")
}

fn scanned(served: &Served, review: &str, more: &str) -> Answer {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.csv");
    fs::write(&path, review).expect("written");
    ask(served, &format!("scan --reviewed {} {more}", path.display()))
}

fn not_carried_out(answer: &Answer) -> Vec<Value> {
    let json = answer.json().unwrap_or_else(|error| panic!("{error}: {}", answer.stderr));
    let findings = json["findings"].as_array().expect("findings").iter();
    findings.filter(|finding| finding["rule"] == "review-not-carried-out").cloned().collect()
}

#[test]
fn what_was_to_be_revoked_and_stands_is_found() {
    let organization = Organization::acme();
    let served = Served::start(organization.clone(), Conduct::default());
    let review = decided(&rows(&served), "jane.doe", "Revoke");
    let stands = scanned(&served, &review, "--full --fail-on never");
    let found = not_carried_out(&stands);
    assert!(!found.is_empty(), "{}", stands.stdout);
    assert!(found.iter().all(|one| one["message"].as_str().unwrap().contains("jane.doe")), "{found:?}");
    assert_eq!((&found[0]["people"], &found[0]["accounts"][0]["name"]), (&json!(1), &json!("prod-data")));
    // Kept, she is no finding.
    assert!(not_carried_out(&scanned(&served, &decided(&rows(&served), "jane.doe", "keep"), "--full")).is_empty());
    // Out of the groups, she has it no more.
    let mut left = organization.clone();
    for group in ["DataAnalysts", "Developers"] {
        left.remove_member(group, "jane.doe");
    }
    let gone = scanned(&Served::start(left, Conduct::default()), &review, "--full");
    assert!(not_carried_out(&gone).is_empty(), "{}", gone.stdout);
    assert!(gone.json().unwrap()["notes"].to_string().contains("were carried out"), "{}", gone.stdout);
}

/// What was not read is never taken for carried out.
#[test]
fn what_was_not_read_may_still_stand() {
    let served = Served::start(Organization::acme(), Conduct::default());
    let review = decided(&rows(&served), "jane.doe", "revoke");
    for (denied, more) in [("identitystore:ListGroupMemberships", "--full"), ("sso:ListAccountAssignments", "--full")] {
        let served = Served::start(Organization::acme(), Conduct::default().with_denied(denied));
        let answer = scanned(&served, &review, more);
        let json = answer.json().expect("an answer");
        assert!(json["complete"] == false && !json["notes"].to_string().contains("1 were carried out"), "{json:#}");
        assert!(json["notes"].to_string().contains("is not known"), "{denied}: {}", json["notes"]);
    }
}

#[test]
fn a_file_that_is_no_review_is_refused() {
    let served = Served::start(Organization::acme(), Conduct::default());
    let review = rows(&served);
    let calls = served.calls().len();
    for (text, said) in [
        ("a,b\n1,2\n".to_owned(), "has no column"),
        (decided(&review, "jane.doe", "revok"), "is none of keep, revoke and change"),
    ] {
        let answer = scanned(&served, &text, "");
        assert_eq!(
            (answer.code, answer.error().map(|error| error["code"].clone())),
            (1, Some("unreadable-file".into()))
        );
        assert!(answer.stdout.contains(said), "{}", answer.stdout);
    }
    assert_eq!(served.calls().len(), calls, "AWS was asked before the file was read");
}

#[test]
fn notes_tell_administrators_and_roles_that_nobody_uses() {
    let mut organization = Organization::acme();
    organization.permission_set("RedshiftAnalyst").managed("AdministratorAccess");
    let region = "us-east-1".to_owned();
    organization.role("RedshiftAnalyst", "prod-data").last_used = Some((Moment::days_ago(120), region));
    let served = Served::start(organization, Conduct::default());
    let notes = |line: &str| -> Vec<(String, String)> {
        let json = ask(&served, line).json().expect("an answer");
        let notes = json["notes"].as_array().expect("notes").iter();
        let text = |note: &Value, key: &str| note[key].as_str().unwrap_or_default().to_owned();
        notes.map(|note| (text(note, "rule"), text(note, "message"))).collect()
    };
    let told = notes("scan --full --last-used");
    let of = |rule: &str| told.iter().find(|(one, _)| one == rule).map(|(_, message)| message.as_str());
    let administrators: Vec<&String> =
        told.iter().filter(|(rule, _)| rule == "administrators").map(|(_, message)| message).collect();
    let is_of_analysts = |message: &&&String| message.contains("RedshiftAnalyst") && message.contains("users: ");
    assert!(administrators.iter().any(|one| is_of_analysts(&one)), "{administrators:?}");
    assert_eq!(
        of("role-unused"),
        Some("1 role that nobody has used for 90 days: RedshiftAnalyst in prod-data (123456789012).")
    );
    // Not asked is not unused.
    assert!(notes("scan --full").iter().all(|(rule, _)| rule != "role-unused"));
    assert!(served.count("iam:GetRole") > 0);
}

/// The columns that reviews ask for, from a file in which everything was read.
#[test]
fn a_review_has_what_it_asks_for() {
    let mut organization = Organization::acme();
    organization.user("jane.doe").enterprise = Some(json!({"department": "Data", "manager": {"value": "u-9"}}));
    let served = Served::start(organization, Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let path = |path: &Path| path.display().to_string();
    ask(&served, &format!("scan --full --last-used --record {}", path(&file)));
    let line = format!("who prod-data -o csv --replay {}", path(&file));
    let csv = Question::of_line(&line).ask_plainly().stdout;
    let names: Vec<&str> = csv.lines().next().expect("names").split(',').collect();
    let row = csv.lines().find(|line| line.split(',').nth(2) == Some("jane.doe")).expect("a row");
    let cell =
        |name: &str| row.split(',').nth(names.iter().position(|one| *one == name).expect(name)).unwrap_or_default();
    assert_eq!((cell("department"), cell("manager"), cell("privileged")), ("Data", "u-9", "no"), "{row}");
    assert!(cell("ou_path").contains("ou-acme-prod0001") && !cell("role_last_used").is_empty(), "{row}");
}
