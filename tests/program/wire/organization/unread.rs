//! What could not be read, was never asked, or fits nothing: it is never told as "nothing is wrong" or "nobody".

use std::collections::BTreeSet;
use std::path::Path;

use idc::answers::organization::{Outcome, Scan, prepare, scan, who};
use idc::evidence::{About, AccountRef, Answer, Snapshot};
use idc::store::{Kept, Store, read};
use serde_json::{Value, json};

use super::{ask, json as answer_of};
use crate::wire::run::Question;
use served::{Conduct, Fault, Kind, Organization, Served};

/// The file of a full scan of the sample organization.
fn recorded(run: impl FnOnce(&Path, Kept)) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let served = Served::start(Organization::acme(), Conduct::default());
    let scan = ask(&served, &format!("scan --full --record {}", file.display()));
    assert_eq!(answer_of(&scan).expect("an answer")["complete"], true, "{}", scan.stdout);
    let kept = read(&file).expect("a file of ours");
    run(folder.path(), kept);
}

/// The same answer, refused.
pub(super) fn refused(answer: &Answer) -> Answer {
    let mut value = serde_json::to_value(answer).expect("JSON");
    let fact = value.as_object_mut().and_then(|one| one.values_mut().next()).expect("an answer");
    let fact = match fact {
        Value::Array(parts) => parts.last_mut().expect("a fact"),
        fact => fact,
    };
    fact["observed"] = json!({"Denied": {"message": "no"}});
    serde_json::from_value(value).expect("an answer")
}

/// What is found, so that nothing can vanish unnoticed.
fn found(scan: &Scan) -> BTreeSet<String> {
    let each = scan.findings.iter().flat_map(|finding| {
        let set = finding.permission_set.as_ref().map(|set| set.arn.clone());
        let principal = finding.principal.as_ref().map(|one| one.id.clone());
        finding.accounts.iter().map(move |account| format!("{} {set:?} {principal:?} {}", finding.rule, account.id))
    });
    each.collect()
}

/// Of a whole organization one fact is hidden, refused or left out: no answer is complete without it.
#[test]
fn no_fact_is_hidden_unnoticed() {
    recorded(|_, kept| {
        let snapshot = |answers: Vec<Answer>| prepare(Snapshot::of(kept.scope.clone(), answers));
        let whole = snapshot(kept.answers.clone());
        let all = found(&scan(&whole));
        let account = |snapshot: &Snapshot| {
            let mut asked = snapshot.clone();
            let id = asked.shared.accounts.known().unwrap().iter().find(|one| one.name.as_deref() == Some("prod-data"));
            asked.scope.about = About::Account(AccountRef::Id(id.unwrap().id.clone()));
            asked
        };
        let ways = |asked: &Snapshot| {
            let who = who(asked);
            (who.made.complete, who.access.len(), who.tally().enter)
        };
        let (complete, rows, enter) = ways(&account(&whole));
        assert!(complete && rows > 0);
        let mut unnoticed = BTreeSet::new();
        for (number, hidden) in kept.answers.iter().enumerate() {
            for left_out in [true, false] {
                let mut answers = kept.answers.clone();
                if left_out {
                    answers.remove(number);
                } else {
                    answers[number] = refused(hidden);
                }
                let snapshot = snapshot(answers);
                let scan = scan(&snapshot);
                // Who asks is named, and judges nothing.
                let bears_on_nothing = matches!(hidden, Answer::Caller(_));
                let has_lost = !all.is_subset(&found(&scan));
                if scan.made.complete && (has_lost || !bears_on_nothing) || scan.outcome == Outcome::Clean {
                    unnoticed.insert(format!("scan: {:?}", hidden.want()));
                }
                if snapshot.shared.accounts.known().is_ok() {
                    let (complete, some, let_in) = ways(&account(&snapshot));
                    if complete && (some, let_in) != (rows, enter) {
                        unnoticed.insert(format!("who: {:?}", hidden.want()));
                    }
                }
            }
        }
        assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    });
}

/// Refused live, in the forms that people and pipelines read.
#[test]
fn what_is_refused_is_in_every_form() {
    for action in [
        "sso:DescribeAccountAssignmentCreationStatus",
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
        "sso:GetPermissionsBoundaryForPermissionSet",
        "organizations:DescribePolicy",
        "iam:GetAccountSummary",
        "iam:GetPolicy",
        "sso:ListManagedPoliciesInPermissionSet",
        "sso:GetInlinePolicyForPermissionSet",
        "sso:ListAccountAssignmentDeletionStatus",
        "account-access:ListApplications",
    ] {
        for kind in [Kind::Denied, Kind::ServerError] {
            let conduct = Conduct::default().with_fault(Fault::on(action, kind.clone()));
            let served = Served::start(Organization::acme(), conduct);
            let folder = tempfile::tempdir().expect("a folder");
            let to = |name: &str| format!("{name}={}", folder.path().join(name).display());
            let forms = ["jsonl", "csv", "junit", "markdown", "html", "table"].map(|form| format!(" -o {}", to(form)));
            let command = format!("scan --full --account dev-data --fail-on unread{}", forms.concat());
            let answer = ask(&served, &command);
            let told = answer_of(&answer).expect("an answer");
            assert_eq!(told["complete"], false, "{action} {kind:?}: {told:#}");
            assert_ne!(answer.code, 0, "{action} {kind:?}");
            assert!(
                told["gaps"].as_array().is_some_and(|gaps| gaps.iter().any(|gap| gap["call"] == action)),
                "{told:#}"
            );
            for form in ["jsonl", "csv", "junit", "markdown", "html", "table"] {
                let text = std::fs::read_to_string(folder.path().join(form)).expect("a file");
                assert!(text.contains(action), "{action} {kind:?} {form}: {text}");
            }
        }
    }
}

#[test]
fn a_name_that_fits_nothing_is_an_error_everywhere() {
    let served = Served::start(Organization::acme(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    ask(&served, &format!("scan --full --record {}", file.display()));
    let names = [
        ("scan -p nosuch", "permission-set-not-found"),
        ("scan -p ReadOnly -p nosuch", "permission-set-not-found"),
        ("scan --ou ou-none-11111111", "unit-not-in-organization"),
        ("scan --account nosuch", "account-not-in-organization"),
        ("scan --account prod-data --account nosuch", "account-not-in-organization"),
        ("who nosuch", "account-not-in-organization"),
        ("access nosuch", "user-not-found"),
    ];
    let before = [
        ("scan --before-assign -p nosuch --account prod-web", "permission-set-not-found"),
        ("scan --before-assign -p ReadOnly --ou ou-none-11111111", "unit-not-in-organization"),
    ];
    let live = names.iter().chain(&before).map(|(command, code)| (*command, *code, ask(&served, command)));
    let replayed = names.iter().map(|(command, code)| {
        let replay = Question::of_line(command).with(&["--replay", file.to_str().unwrap()]);
        (*command, *code, replay.ask())
    });
    for (command, code, answer) in live.chain(replayed) {
        let told = answer.error().map(|error| error["code"].clone());
        assert_eq!((answer.code, told), (1, Some(code.into())), "{command}: {}", answer.stdout);
    }
}

/// A name that fits nothing is told as soon as the names are there, and no file of it stays that would be in the way.
#[test]
fn a_mistyped_name_costs_little_and_leaves_nothing() {
    let served = Served::start(Organization::acme(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let mistyped = ask(&served, &format!("scan --full -p ReadOlny --record {}", file.display()));
    let told = mistyped.error().expect("an error");
    assert_eq!((mistyped.code, &told["code"]), (1, &json!("permission-set-not-found")), "{told}");
    assert!(told["hint"].as_str().is_some_and(|hint| hint.contains("ReadOnly")), "{told}");
    assert_eq!(served.count("sso:ListAccountAssignments") + served.count("iam:ListRoles"), 0);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "something is left");
}

/// An organizational unit without accounts is none that does not exist, nor one that could not be looked up.
#[test]
fn an_empty_unit_is_told_from_none() {
    let mut organization = Organization::acme();
    let root = organization.root.id.clone();
    let unit = served::OrganizationalUnit { id: "ou-ab12-9e9e9e9e".into(), name: "Empty".into(), parent: root };
    organization.units.push(unit);
    let served = Served::start(organization.clone(), Conduct::default());
    let empty = ask(&served, "scan --ou ou-ab12-9e9e9e9e");
    let told = answer_of(&empty).expect("an answer");
    assert_eq!((empty.code, &told["findings"], &told["complete"]), (0, &json!([]), &json!(true)), "{told:#}");
    assert!(told["notes"].to_string().contains("unit-without-accounts"), "{told:#}");
    let code = |answer: &crate::wire::run::Answer| answer.error().map(|error| error["code"].clone());
    assert_eq!(code(&ask(&served, "scan --ou ou-ab12-8e8e8e8e")), Some("unit-not-in-organization".into()));
    let denied = Served::start(organization, Conduct::default().with_denied("organizations:ListParents"));
    for unit in ["ou-ab12-9e9e9e9e", "ou-ab12-8e8e8e8e"] {
        assert_eq!(code(&ask(&denied, &format!("scan --ou {unit}"))), Some("unanswered".into()), "{unit}");
    }
}

/// What was meant is suggested, by whichever name it was typed, live and from a file.
#[test]
fn near_misses_are_suggested() {
    recorded(|folder, _| {
        let file = folder.join("org.db");
        let served = Served::start(Organization::acme(), Conduct::default());
        let prod = Organization::acme().account_id("prod-data");
        let off = format!("{}{}", &prod[..11], if prod.ends_with('7') { '8' } else { '7' });
        for (command, meant) in [
            ("who prod-dta", "prod-data"),
            (&*format!("who {off}"), "prod-data"),
            ("access jane.do", "jane.doe"),
            ("access jane", "jane.doe"),
            ("access jane.doe@acme.exmaple", "jane.doe"),
        ] {
            for answer in
                [ask(&served, command), Question::of_line(command).with(&["--replay", file.to_str().unwrap()]).ask()]
            {
                let hint = answer.error().map(|error| error["hint"].to_string()).unwrap_or_default();
                assert!(hint.contains(meant), "{command}: {}", answer.stdout);
            }
        }
    });
}

/// A list that has no end, and what is no answer at all, is never told as "none".
#[test]
fn what_is_no_answer_is_a_gap() {
    let error = r#"{"__type":"InternalServerException","message":"x"}"#;
    let bodies = [error, "", r#"{"message":"x"}"#, "<html></html>"];
    let bodies = bodies.map(|body| Kind::Body { status: 200, body: body.to_owned() });
    for (action, commands) in [
        ("sso:ListAccountAssignmentsForPrincipal", &["why jane.doe prod-data", "access jane.doe"][..]),
        ("sso:ListPermissionSetsProvisionedToAccount", &["why jane.doe prod-data", "who prod-data"]),
        ("sso:ListAccountsForProvisionedPermissionSet", &["scan --full", "access jane.doe"]),
        ("sso:ListAccountAssignmentCreationStatus", &["scan"]),
    ] {
        for kind in bodies.iter().cloned().chain([Kind::RepeatedToken, Kind::TokenCycle]) {
            let conduct = Conduct::default().with_fault(Fault::on(action, kind.clone()));
            let served = Served::start(Organization::acme(), conduct);
            for command in commands {
                let answer = ask(&served, command);
                let told = answer_of(&answer).expect("an answer");
                let gaps = told["gaps"].as_array().is_some_and(|gaps| gaps.iter().any(|gap| gap["call"] == action));
                assert!(told["complete"] == false && gaps, "{action} {kind:?} {command}: {told:#}");
            }
        }
    }
}

#[test]
fn lists_that_were_not_read_are_no_nobody_and_nowhere() {
    for action in ["sso:ListInstances", "organizations:ListAccounts", "*"] {
        for kind in [Kind::Denied, Kind::ServerError, Kind::Reset] {
            let served = Served::start(Organization::acme(), Conduct::default().with_fault(Fault::on(action, kind)));
            let answer = ask(&served, "who prod-data");
            let code = answer.error().map(|error| error["code"].clone());
            assert_ne!(code, Some("account-not-in-organization".into()), "{action}: {}", answer.stdout);
            assert_ne!(answer.code, 0, "{action}: {}", answer.stdout);
        }
    }
    let served = Served::start(Organization::acme(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("narrow.db");
    ask(&served, &format!("scan --account prod-data --record {}", file.display()));
    let access = Question::of_line("access lee.chen").with(&["--replay", file.to_str().unwrap()]).ask();
    assert_eq!(access.error().map(|error| error["code"].clone()), Some("unanswered".into()), "{}", access.stdout);
}

/// A file that was cut off says so, and shows what it holds.
#[test]
fn a_file_that_was_cut_off_shows_what_it_holds() {
    recorded(|folder, kept| {
        for (number, less) in [kept.answers.len() / 4, kept.answers.len() * 3 / 4].into_iter().enumerate() {
            let file = folder.join(format!("cut-{number}.db"));
            let mut store = Store::create(&file, &kept.scope).expect("a file");
            kept.answers.iter().take(less).for_each(|answer| store.keep(answer).expect("kept"));
            drop(store);
            let file = file.to_str().unwrap();
            let scan = Question::of_line("scan --fail-on unread --account prod-data").with(&["--replay", file]).ask();
            let told = answer_of(&scan).expect("an answer");
            assert_eq!(told["complete"], false, "{told:#}");
            assert_ne!(scan.code, 0);
            assert!(told["notes"].to_string().contains("file-cut-off"), "{}", told["notes"]);
        }
        // All but who is assigned one permission set in another account.
        let prod = Organization::acme().account_id("prod-data");
        let file = folder.join("nearly.db");
        let mut store = Store::create(&file, &kept.scope).expect("a file");
        let last = kept.answers.iter().rposition(|answer| matches!(answer, Answer::Assignments(id, _, rows) if *id != prod && rows.known().is_ok_and(|rows| !rows.is_empty())));
        let last = last.expect("an assignment");
        let answers = kept.answers.iter().enumerate().filter(|(number, _)| *number != last);
        answers.for_each(|(_, answer)| store.keep(answer).expect("kept"));
        drop(store);
        let access = Question::of_line("access jane.doe").with(&["--replay", file.to_str().unwrap()]).ask();
        let told = answer_of(&access).expect("an answer");
        assert_eq!((access.code, told["complete"].as_bool()), (12, Some(false)));
        assert!(
            told["access"].as_array().is_some_and(|rows| rows.iter().any(|row| row["state"] == "open")),
            "{told:#}"
        );
    });
}

#[test]
fn only_what_both_looked_at_is_compared() {
    recorded(|folder, _| {
        let file = folder.join("org.db");
        let file = file.to_str().unwrap();
        for narrowed in ["--account prod-data", "-p ReadOnly"] {
            let command = format!("scan {narrowed} --replay {file} --against {file}");
            let told = answer_of(&Question::of_line(&command).ask()).expect("an answer");
            let changes = &told["changes"];
            assert_eq!((&changes["put_right"], &changes["lost"]), (&json!([]), &json!([])), "{narrowed}: {changes:#}");
            assert_ne!(changes["not_compared"], json!([]), "{narrowed}");
        }
        let told = answer_of(&Question::of_line(&format!("scan --replay {file} --against {file}")).ask()).unwrap();
        assert_eq!(told["changes"]["not_compared"], json!([]), "{:#}", told["changes"]);
        let served = Served::start(Organization::acme(), Conduct::default().with_denied("sts:AssumeRole"));
        let blind = answer_of(&ask(&served, &format!("scan --full --against {file}"))).expect("an answer");
        assert_eq!(blind["changes"]["put_right"], json!([]), "{:#}", blind["changes"]);
    });
}

/// Whoever gets into the account by another way is not kept out of it.
#[test]
fn only_whoever_gets_in_by_no_way_is_kept_out() {
    let served = Served::start(Organization::acme(), Conduct::default());
    let told = answer_of(&ask(&served, "scan --full")).expect("an answer");
    for finding in told["findings"].as_array().unwrap().iter().filter(|one| one["effect"] == "blocks") {
        let (Some(out), Some(people)) = (finding["kept_out"].as_u64(), finding["people"].as_u64()) else { continue };
        assert!(out <= people, "{finding:#}");
    }
    let missing = told["findings"].as_array().unwrap().iter();
    let missing = missing.filter(|one| one["rule"] == "customer-managed-policy-missing").map(|one| &one["kept_out"]);
    assert!(missing.eq([&json!(1)]), "{:#}", told["findings"]);
    let failed = told["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "assignment-creation-failed");
    assert_eq!(failed.map(|one| one["kept_out"].clone()), Some(json!(0)), "{:#}", told["findings"]);
}
