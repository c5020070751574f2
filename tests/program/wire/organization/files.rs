//! The file of a whole organization: cut off and gone on with, answered from without AWS, and queried by others.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::{ask, json};
use crate::wire::run::{Answer, Question};
use served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

fn in_folder(run: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path());
}

/// Asks without any AWS.
fn replay(command: &str, file: &Path) -> Answer {
    Question::of_line(command).with(&["--replay", file.to_str().unwrap()]).ask()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// What an answer says, without how and when it came about.
pub(super) fn said(answer: &Answer) -> Value {
    let mut answer = json(answer).expect("an answer");
    for key in ["calls", "collected_at", "floor_seconds", "caller"] {
        answer[key] = Value::Null;
    }
    let mut without_times = answer.clone();
    strip(&mut without_times);
    without_times
}

/// Request ids and times differ from run to run.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("request_id");
            members.remove("at");
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn answers_from_the_file_are_those_of_the_scan_and_of_why() {
    in_folder(|folder| {
        let file = folder.join("org.db");
        let organization = Organization::acme();
        let served = Served::start(organization.clone(), Conduct::default());
        let scan = ask(&served, &format!("scan --full --record {}", text(&file)));
        assert!(json(&scan).is_ok(), "{}", scan.stderr);
        let again = replay("scan", &file);
        assert_eq!((said(&again), again.code), (said(&scan), scan.code));
        for account in organization.accounts.iter().take(4) {
            let (live, kept) =
                (ask(&served, &format!("who {}", account.id)), replay(&format!("who {}", account.id), &file));
            let rows = |answer: &Answer| said(answer)["access"].as_array().map(Vec::len);
            assert_eq!(rows(&kept), rows(&live), "{}", account.name);
            assert_eq!(json(&kept).unwrap()["complete"], true, "{}: {}", account.name, said(&kept)["gaps"]);
        }
        for user in organization.users.iter().take(4) {
            let kept = json(&replay(&format!("access {}", user.user_name), &file)).expect("an answer");
            let live = json(&ask(&served, &format!("access {}", user.user_name))).expect("an answer");
            let ways = |answer: &Value| -> Vec<String> {
                let rows = answer["access"].as_array().unwrap().iter();
                rows.map(|row| format!("{} {} {}", row["account_id"], row["permission_set"], row["state"])).collect()
            };
            assert_eq!(ways(&kept), ways(&live), "{}", user.user_name);
            let account = organization.account_id("prod-data");
            let (live, kept) = (
                ask(&served, &format!("why {} {account}", user.user_name)),
                replay(&format!("why {} {account}", user.user_name), &file),
            );
            let verdict = |answer: &Answer| {
                let answer = json(answer).expect("an answer");
                (answer["verdict"].clone(), answer["root_cause"]["rule"].clone())
            };
            let (live, kept) = (verdict(&live), verdict(&kept));
            // What the file does not hold, the events, may keep it open; it never says something else.
            assert!(kept == live || kept.0 == "inconclusive", "{}: {kept:?} and not {live:?}", user.user_name);
        }
        let unknown = replay("access nobody.here", &file);
        assert_eq!(
            (unknown.code, unknown.error().map(|error| error["code"].clone())),
            (1, Some("user-not-found".into()))
        );
    });
}

#[test]
fn killed_at_any_moment_it_goes_on_and_says_the_same() {
    let served = Served::start(Organization::acme(), Conduct::default().with_latency(15));
    let whole = said(&ask(&served, "scan --full"));
    for wait in [80, 250, 600, 1_100] {
        in_folder(|folder| {
            let file = folder.join("org.db");
            let scan = Question::of_line(&format!("scan --full --target-role {READ_ROLE} --record {}", text(&file)))
                .environment(served.environment(MANAGEMENT_KEY, "us-east-1"));
            let mut running = scan.command().stdout(std::process::Stdio::null()).spawn().expect("the program runs");
            std::thread::sleep(Duration::from_millis(wait));
            running.kill().expect("it is killed");
            running.wait().expect("it ends");
            if !file.exists() {
                return;
            }
            let resumed = scan.with(&["--resume"]).ask();
            assert_eq!(said(&resumed), whole, "after {wait} ms: {}", resumed.stderr);
            let again = json(&replay("scan", &file)).expect("an answer");
            assert_eq!(again["outcome"], whole["outcome"]);
        });
    }
}

/// A copy of the file alone, while it is written or after that was cut off, is a file of ours.
#[test]
fn the_file_alone_answers_what_it_has() {
    let served = Served::start(Organization::acme(), Conduct::default().with_latency(30));
    in_folder(|folder| {
        let file = folder.join("org.db");
        let scan =
            Question::of_line(&format!("scan --full --rate 9 --target-role {READ_ROLE} --record {}", text(&file)))
                .environment(served.environment(MANAGEMENT_KEY, "us-east-1"));
        let mut running = scan.command().stdout(std::process::Stdio::null()).spawn().expect("the program runs");
        let begun = std::time::Instant::now();
        let moved = || idc::store::read(&folder.join("copy.db")).is_ok_and(|kept| !kept.answers.is_empty());
        let copied = || std::fs::copy(&file, folder.join("copy.db")).is_ok() && moved();
        while !copied() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(100));
        }
        running.kill().expect("it is killed");
        running.wait().expect("it ends");
        let alone = json(&replay("scan --fail-on never", &folder.join("copy.db"))).expect("an answer");
        assert!(alone["complete"] == false && alone["notes"].to_string().contains("file-cut-off"), "{alone:#}");
        let names = |folder: &Path| {
            let all = std::fs::read_dir(folder).expect("a folder").map(|one| one.expect("a file").file_name());
            all.collect::<std::collections::BTreeSet<_>>()
        };
        let before = names(folder);
        assert!(json(&replay("scan --fail-on never", &file)).is_ok());
        assert_eq!(names(folder), before, "to read it leaves something behind");
    });
}

/// Where nothing may be written, a whole file is read, and of one that was cut off it is said what to copy.
#[cfg(unix)]
#[test]
fn it_is_read_where_nothing_may_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let may = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    in_folder(|folder| {
        let file = folder.join("org.db");
        let served = Served::start(Organization::acme(), Conduct::default());
        ask(&served, &format!("scan --record {}", text(&file)));
        may(&file, 0o444);
        may(folder, 0o555);
        // To root all is permitted.
        let is_bound = std::fs::write(folder.join("probe"), "").is_err();
        let whole = replay("scan --fail-on never", &file);
        may(folder, 0o755);
        assert!(json(&whole).is_ok(), "{}", whole.stderr);
        if is_bound {
            std::fs::write(folder.join("org.db-wal"), "a log that cannot be read").unwrap();
            may(folder, 0o555);
            let apart = replay("scan", &file);
            may(folder, 0o755);
            assert_eq!(apart.error().map(|error| error["code"].clone()), Some("unusable-file".into()));
            assert!(apart.stderr.contains("org.db-wal"), "{}", apart.stderr);
        }
    });
}

#[test]
fn resumed_it_asks_only_for_what_is_missing() {
    in_folder(|folder| {
        let file = folder.join("org.db");
        let denied = Conduct::default().with_denied("identitystore:ListGroups");
        let served = Served::start(Organization::acme(), denied);
        let first = ask(&served, &format!("scan --full --record {}", text(&file)));
        assert_eq!(json(&first).expect("an answer")["complete"], false);
        let served = Served::start(Organization::acme(), Conduct::default());
        let second = json(&ask(&served, &format!("scan --full --record {} --resume", text(&file)))).expect("an answer");
        assert_eq!(second["complete"], true, "{}", second["gaps"]);
        assert_eq!(served.count("sso:ListAccountAssignments"), 0);
        assert_eq!(served.count("identitystore:ListGroups"), 1);
        let over = ask(&served, &format!("scan --record {}", text(&file)));
        assert_eq!((over.code, over.error().map(|error| error["code"].clone())), (1, Some("unusable-file".into())));
    });
}

#[test]
fn others_query_it() {
    if Command::new("sqlite3").arg("-version").output().is_err() {
        return;
    }
    in_folder(|folder| {
        let file = folder.join("org.db");
        let served = Served::start(Organization::acme(), Conduct::default());
        ask(&served, &format!("scan --full --record {}", text(&file)));
        let query = |sql: &str| {
            let out = Command::new("sqlite3").args([text(&file), sql]).output().expect("sqlite3 runs");
            assert!(out.status.success(), "{sql}: {}", String::from_utf8_lossy(&out.stderr));
            String::from_utf8(out.stdout).expect("UTF-8").trim().to_owned()
        };
        assert_eq!(query("SELECT count(*) FROM account"), "9");
        assert!(query("SELECT user_name FROM access WHERE account_name = 'prod-data'").contains("jane.doe"));
        assert_eq!(query("SELECT count(*) FROM unread"), "0");
        assert_ne!(query("SELECT count(*) FROM finding"), "0");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    });
}

/// The questions that the document shows, each as it stands there.
#[cfg(feature = "store")]
#[test]
fn the_documented_queries_answer() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/organization-file.md")).unwrap();
    let questions =
        document.split("## Ten questions").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a part");
    let queries: Vec<&str> = questions.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(queries.len(), 10);
    in_folder(|folder| {
        let file = folder.join("org.db");
        let mut organization = Organization::acme();
        // Something for each of them to find.
        organization
            .permission_set("RedshiftAnalyst")
            .managed("AdministratorAccess")
            .customer_managed("not-there", "/");
        organization.user("amir.khan").status = Some("DISABLED".into());
        organization.assign("ReadOnly", "break-glass", "prod-data");
        organization.provision("ReadOnly", "prod-data");
        organization.add_group("Nobody");
        organization.assign("ReadOnly", "Nobody", "prod-data");
        organization.assign("ReadOnly", "00000000-0000-4000-8000-000000000000", "prod-data");
        let mut left = organization.role("ReadOnly", "prod-data").clone();
        left.name = "AWSReservedSSO_LeftOver_0123456789abcdef".into();
        organization.account("prod-data").iam.roles.push(left);
        let served = Served::start(organization, Conduct::default());
        ask(&served, &format!("scan --full --record {}", text(&file)));
        let db = rusqlite::Connection::open(&file).expect("a database");
        for query in queries {
            let mut statement = db.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
            let rows = statement.query_map([], |_| Ok(())).expect("an answer").count();
            assert!(rows > 0, "nothing is found by {query}");
        }
    });
}
