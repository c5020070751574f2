//! Files of several nights, each compared with the one before: a fault that gets worse is new, and what is told is of the
//! accounts where it is.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::ask;
use crate::wire::run::{Answer, Question};
use served::{Conduct, Organization, Served};

const POLICY: &str = "my-redshift-analyst-policy";
const SET: &str = "RedshiftAnalyst";
const RULE: &str = "customer-managed-policy-missing";

/// Records a night of an organization.
fn night(folder: &Path, name: &str, organization: Organization) -> PathBuf {
    let file = folder.join(name);
    let served = Served::start(organization, Conduct::default());
    let answer = ask(&served, &format!("scan --full --rate 20 --fail-on never --record {}", file.display()));
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    file
}

/// Compares two nights.
fn compared(now: &Path, then: &Path, more: &str) -> Question {
    Question::of_line(&format!("scan --replay {} --against {} {more}", now.display(), then.display()))
}

/// What is found of the policy that is missing.
fn found(answer: &Answer) -> Vec<Value> {
    let json = answer.json().unwrap_or_else(|error| panic!("{error}"));
    let findings = json["findings"].as_array().expect("findings").iter();
    let is_it = |one: &&Value| one["rule"] == RULE && one["permission_set"] == SET;
    findings.filter(is_it).cloned().collect()
}

/// The policy is gone in an account, or the role too.
fn broken(organization: &mut Organization, account: &str, role_too: bool) {
    organization.remove_policy(account, POLICY);
    if role_too {
        organization.unprovision(SET, account);
    }
}

#[test]
fn a_fault_that_gets_worse_fails_the_night() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |name: &str, accounts: &[(&str, bool)]| {
        let mut organization = Organization::acme();
        for (account, role_too) in accounts {
            broken(&mut organization, account, *role_too);
        }
        night(folder.path(), name, organization)
    };
    let first = of("1.db", &[]);
    let second = of("2.db", &[("prod-data", false)]);
    let third = of("3.db", &[("prod-data", true)]);
    let fourth = of("4.db", &[("prod-data", true), ("dev-data", true)]);
    let only_new = "--only-new --fail-on blocks";

    // New, and nobody is kept out.
    let answer = compared(&second, &first, only_new).ask();
    assert_eq!((answer.code, found(&answer).len()), (0, 1), "{}", answer.stdout);
    // It got worse.
    let answer = compared(&third, &second, only_new).ask();
    assert_eq!(answer.code, 10, "{}", answer.stdout);
    let [finding] = &found(&answer)[..] else { panic!("{}", answer.stdout) };
    assert_eq!(
        (&finding["new"], &finding["was"], &finding["effect"]),
        (&json!(true), &json!("degrades"), &json!("blocks"))
    );
    let changes = &answer.json().expect("an answer")["changes"];
    assert_eq!(changes["broke"], 1);
    assert!(changes["worse"][0].as_str().expect("words").contains("now it keeps people out"), "{changes:#}");
    let lost = changes["lost"].as_array().expect("who lost access");
    assert!(
        !lost.is_empty() && lost.iter().all(|one| one["shut_by"] == RULE && one["permission_set"] == SET),
        "{changes:#}"
    );
    // And no worse again.
    assert_eq!(compared(&third, &third, only_new).ask().code, 0);
    // Back to where it was, it is put right in part.
    let answer = compared(&second, &third, only_new).ask();
    let changes = &answer.json().expect("an answer")["changes"];
    assert_eq!(
        (answer.code, changes["broke"].as_u64(), changes["put_right_in_part"].as_array().map(Vec::len)),
        (0, Some(0), Some(1))
    );

    // Another account has it too: all that is told is of that one.
    let outputs = ["csv", "junit", "markdown"].map(|form| (form, folder.path().join(form)));
    let more: Vec<String> = outputs.iter().map(|(form, path)| format!("-o {form}={}", path.display())).collect();
    let answer = compared(&fourth, &third, &format!("{only_new} {}", more.join(" "))).ask();
    assert_eq!(answer.code, 10, "{}", answer.stdout);
    let [finding] = &found(&answer)[..] else { panic!("{}", answer.stdout) };
    let organization = Organization::acme();
    let (old, new) = (organization.account_id("prod-data"), organization.account_id("dev-data"));
    let text = finding.to_string();
    assert!(text.contains(&new) && !text.contains(&old), "{finding:#}");
    assert_eq!(finding["new_in"], json!([new]));
    assert!(finding["people"].is_u64(), "{finding:#}");
    for (form, path) in &outputs {
        let text = fs::read_to_string(path).expect("a file");
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(POLICY) && !line.contains("ANOTHER")).collect();
        assert!(!lines.is_empty() && lines.iter().all(|line| !line.contains(&old)), "{form}: {lines:#?}");
    }
    // The other way round, what is put right is of that one too.
    let answer = compared(&third, &fourth, "").ask();
    let put_right = &answer.json().expect("an answer")["changes"]["put_right"];
    let text = put_right.to_string();
    assert!(text.contains(&new) && !text.contains(&old), "{put_right:#}");

    // An exception leaves what is of the other account.
    let settings = folder.path().join("config.toml");
    let exception =
        format!("[[accept]]\nrule = \"{RULE}\"\naccount = \"{old}\"\nuntil = \"2999-12-31\"\nbecause = \"known\"\n");
    fs::write(&settings, exception).expect("written");
    let environment = [("IDC_CONFIG".to_owned(), settings.display().to_string())];
    let answer = Question::of_line(&format!("scan --replay {}", fourth.display())).environment(environment).ask();
    let [finding] = &found(&answer)[..] else { panic!("{}{}", answer.stdout, answer.stderr) };
    let text = finding.to_string();
    assert!(text.contains(&new) && !text.contains(&old) && finding["people"].is_u64(), "{finding:#}");
}

#[test]
fn what_an_older_file_does_not_tell_is_shown_and_counts_as_not_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut organization = Organization::acme();
    broken(&mut organization, "prod-data", true);
    let now = night(folder.path(), "now.db", organization.clone());
    // Without a way into the accounts.
    let then = folder.path().join("then.db");
    let served = Served::start(organization.clone(), Conduct::default());
    let blind = Question::of_line(&format!("scan --full --rate 20 --fail-on never --record {}", then.display()));
    let answer = blind.environment(served.environment(served::MANAGEMENT_KEY, "us-east-1")).ask();
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let answer = compared(&now, &then, "--only-new").ask();
    assert_eq!(answer.code, 12, "{}", answer.stdout);
    let json = answer.json().expect("an answer");
    let findings = json["findings"].as_array().expect("findings");
    assert!(!found(&answer).is_empty() && findings.iter().all(|one| one["new"].is_null()), "{json:#}");
    assert_eq!(json["changes"]["may_be_new"].as_u64(), Some(findings.len() as u64), "{json:#}");
    let report = folder.path().join("report.xml");
    compared(&now, &then, &format!("--only-new -o junit={}", report.display())).ask();
    let report = fs::read_to_string(report).expect("a file");
    assert!(report.contains("<skipped message=\"The older file does not tell whether it is new: "), "{report}");
    assert!(!report.contains("<failure"), "{report}");
    let told = compared(&now, &then, "--only-new -q").ask_plainly();
    assert!(told.stdout.starts_with("INCONCLUSIVE") && told.stdout.contains("may be new"), "{}", told.stdout);
    // Beside something new that keeps nobody out, what may be new and blocks is what was asked for.
    organization.add_group("Nobody");
    organization.assign("ReadOnly", "Nobody", "prod-web");
    let now = night(folder.path(), "later.db", organization);
    for (fail_on, code) in [("blocks", 12), ("degrades", 11), ("unread", 11), ("never", 0)] {
        let answer = compared(&now, &then, &format!("--only-new --fail-on {fail_on}")).ask();
        let outcome = &answer.json().expect("an answer")["outcome"];
        assert_eq!((outcome, answer.code), (&json!("degraded"), code), "{fail_on}: {}", answer.stdout);
    }
}

/// The file of a night holds what is wrong, and not only what is new in it.
#[test]
fn what_an_answer_leaves_out_stands_in_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut organization = Organization::acme();
    broken(&mut organization, "prod-data", true);
    let then = night(folder.path(), "then.db", organization.clone());
    let now = folder.path().join("now.db");
    let served = Served::start(organization, Conduct::default());
    let command = format!("scan --full --rate 20 --record {} --against {} --only-new", now.display(), then.display());
    let answer = ask(&served, &command);
    assert!(found(&answer).is_empty() && answer.code == 0, "{}{}", answer.stdout, answer.stderr);
    let rows = |file: &Path| {
        let database = rusqlite::Connection::open(file).expect("a database");
        let mut rows = database.prepare("SELECT rule, effect, message FROM finding ORDER BY id").expect("a table");
        let row = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?]);
        let rows = rows.query_map([], row).expect("rows").collect::<Result<Vec<[String; 3]>, _>>();
        rows.expect("texts")
    };
    assert!(rows(&now).len() > 2);
    assert_eq!(rows(&now), rows(&then));
}
