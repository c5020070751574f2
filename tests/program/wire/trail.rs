//! Where CloudTrail's records are kept beyond the event histories: a folder, an event data store, a table. Each has to
//! tell the same story, and what goes wrong with one is never taken for nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::wire::home::signed_in;
use crate::wire::run::{Answer, Question};
use served::{
    AthenaTable, By, Conduct, EventDataStore, Fault, Kind, LogGroup, MANAGEMENT_KEY, MEMBER_KEY, Moment, Organization,
    READ_ROLE, Served,
};

const MANAGEMENT: &str = "111122223333";
const DELEGATED: &str = "444455556666";
const TARGET: &str = "123456789012";
const STORE: &str = "0a1b2c3d-0000-4111-8222-333344445555";
const LAKE: &str = "lake:0a1b2c3d-0000-4111-8222-333344445555";
const ATHENA: &str = "athena:logs.trail@idc";
const LOGS: &str = "logs:aws-controltower/CloudTrailLogs";
const MINUTES: fn(i64) -> Moment = Moment::minutes_ago;
/// Who acts, as AWS's documentation has the column made.
const IDENTITY: &str = "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,\
    username:string,onbehalfof:struct<userid:string,identitystorearn:string>,\
    sessioncontext:struct<attributes:struct<mfaauthenticated:string>,sessionissuer:struct<type:string,username:string>>>";

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn table() -> AthenaTable {
    let texts = [
        "eventversion",
        "eventid",
        "sharedeventid",
        "eventtime",
        "eventsource",
        "eventname",
        "eventtype",
        "awsregion",
        "recipientaccountid",
        "sourceipaddress",
        "useragent",
        "errorcode",
        "errormessage",
        "requestid",
        "requestparameters",
        "responseelements",
        "additionaleventdata",
        "serviceeventdetails",
        "sessioncredentialfromconsole",
    ];
    let columns =
        texts.into_iter().map(|name| (name, "string")).chain([("useridentity", IDENTITY)]).collect::<Vec<_>>();
    AthenaTable {
        database: "logs".into(),
        name: "trail".into(),
        columns: map(&columns),
        partitions: map(&[("account", "string"), ("region", "string"), ("timestamp", "string")]),
        parameters: map(&[
            ("location", "s3://trail/AWSLogs/o-abc/"),
            ("projection.enabled", "true"),
            ("projection.account.type", "injected"),
            ("projection.region.type", "enum"),
            ("projection.region.values", "us-east-1,eu-west-1"),
            ("projection.timestamp.type", "date"),
            ("projection.timestamp.format", "yyyy/MM/dd"),
        ]),
    }
}

/// An organization of which a trail, a table and an event data store hold every event.
fn kept(change: impl Fn(&mut Organization)) -> Organization {
    let mut acme = Organization::acme();
    change(&mut acme);
    let store =
        EventDataStore { id: STORE.into(), account: MANAGEMENT.into(), region: "us-east-1".into(), organization: true };
    acme.event_data_stores.push(store);
    acme.log_groups.push(LogGroup {
        name: LOGS.trim_start_matches("logs:").into(),
        account: MANAGEMENT.into(),
        region: "us-east-1".into(),
        organization: true,
        ..LogGroup::default()
    });
    acme.tables.push(table());
    acme
}

/// Somebody taken out of the group by a pipeline, and much that is about others.
fn left_out(acme: &mut Organization) {
    acme.remove_member("DataAnalysts", "jane.doe");
    acme.remove_member("Developers", "jane.doe");
    acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
    acme.removed_in_console("DataAnalysts", "amir.khan", "alex.admin", MINUTES(80));
    acme.removed_in_console("Finance", "jane.doe", "alex.admin", MINUTES(70));
}

fn question(served: &Served, trail: &str) -> Question {
    let question = Question::new("jane.doe 123456789012").with(&["--target-role", READ_ROLE, "--trail", trail]);
    question.environment(served.environment(MANAGEMENT_KEY, "us-east-1"))
}

fn answer(answer: &Answer) -> Value {
    answer.json().unwrap_or_else(|error| panic!("{error}"))
}

fn since(answer: &Value) -> &Value {
    &answer["root_cause"]["since"]
}

/// Writes every event as a trail would have written them.
fn write_files(organization: &Organization, folder: &Path) {
    for (number, events) in organization.events.chunks(5).enumerate() {
        let records: Vec<&Value> = events.iter().map(|event| &event.record).collect();
        fs::write(folder.join(format!("{number}.json")), json!({"Records": records}).to_string()).unwrap();
    }
}

fn gaps(answer: &Value) -> String {
    answer["gaps"].to_string()
}

/// Each source tells it as the event histories do, and is asked once; what it holds is not looked up again.
fn told_alike(change: impl Fn(&mut Organization)) -> Value {
    let acme = kept(change);
    let served = Served::start(acme.clone(), Conduct::default());
    let plain = Question::new("jane.doe 123456789012").with(&["--target-role", READ_ROLE]);
    let looked_up = answer(&plain.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask());
    let folder = tempfile::tempdir().unwrap();
    write_files(&acme, folder.path());
    for trail in [LAKE, LOGS, ATHENA, folder.path().to_str().unwrap()] {
        for conduct in [Conduct::default(), Conduct::default().with_page_size(2)] {
            let served = Served::start(acme.clone(), conduct);
            let told = answer(&question(&served, trail).ask());
            assert_eq!(since(&told), since(&looked_up), "{trail}: {}", gaps(&told));
            let explained = |answer: &Value| {
                let moments = answer["timeline"].as_array().cloned().unwrap_or_default();
                moments.into_iter().filter(|moment| moment["explains"] == true).collect::<Vec<_>>()
            };
            assert_eq!(explained(&told), explained(&looked_up), "{trail}");
            let begun = ["cloudtrail:StartQuery", "logs:StartQuery", "athena:StartQueryExecution"];
            let begun: usize = begun.into_iter().map(|action| served.count(action)).sum();
            assert_eq!(begun, usize::from([LAKE, LOGS, ATHENA].contains(&trail)), "{trail}");
            assert!(served.calls().iter().all(|call| call.known), "{trail}");
        }
    }
    looked_up
}

#[test]
fn a_removal_in_the_console_is_told_alike() {
    let told = told_alike(left_out);
    assert_eq!(since(&told)["certainty"], "confirmed");
}

#[test]
fn a_removal_by_a_pipeline_is_told_alike() {
    let told = told_alike(|acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        acme.remove_member("Developers", "jane.doe");
        let by = By::Pipeline("scim-sync", "ASIASYNC000000000001");
        let request = json!({
            "identityStoreId": acme.organization_instance().identity_store_id,
            "groupId": acme.group_id("DataAnalysts"), "memberId": {"userId": acme.user_id("jane.doe")},
        });
        let looked_up = (request, Value::Null);
        acme.change_event(DELEGATED, "identitystore:GetGroupMembershipId", by, MINUTES(60).plus_seconds(-2), looked_up);
        acme.removed_by_api(DELEGATED, "74c8d4e8-4051-7062-a7b8-c9d0e1f2a3b4", by, MINUTES(60));
    });
    assert_eq!(since(&told)["account"], DELEGATED);
}

/// The membership was made long before the window that is asked about: the event histories are asked for that.
#[test]
fn what_is_older_than_the_window_is_looked_up_all_the_same() {
    let told = told_alike(|acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        acme.remove_member("Developers", "jane.doe");
        let request = json!({
            "identityStoreId": acme.organization_instance().identity_store_id,
            "groupId": acme.group_id("DataAnalysts"), "memberId": {"userId": acme.user_id("jane.doe")},
        });
        let by = By::Pipeline("scim-sync", "ASIASYNC000000000001");
        let event = (request, json!({"membershipId": "m-1"}));
        acme.change_event(MANAGEMENT, "identitystore:CreateGroupMembership", by, Moment::days_ago(60), event);
        acme.removed_by_api(MANAGEMENT, "m-1", By::Pipeline("scim-sync", "ASIASYNC000000000002"), MINUTES(60));
    });
    assert_eq!(since(&told)["certainty"], "confirmed");
}

#[test]
fn what_is_older_than_the_event_history_is_found_in_a_trail_alone() {
    let acme = kept(|acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        acme.remove_member("Developers", "jane.doe");
        // Otherwise they got in since.
        acme.events.clear();
        acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", Moment::days_ago(200));
    });
    for trail in [LAKE, LOGS, ATHENA] {
        let served = Served::start(acme.clone(), Conduct::default());
        let near = answer(&question(&served, trail).ask());
        assert_eq!(since(&near), &Value::Null);
        let far = answer(&question(&served, trail).with(&["--since", "300d"]).ask());
        assert_eq!(since(&far)["by"], "alex.admin as IdentityAdmin", "{trail}: {far}");
        // Within what was read, and nothing in it.
        let nearer = answer(&question(&served, trail).with(&["--since", "150d"]).ask());
        assert_eq!(since(&nearer), &Value::Null);
        let notes = nearer["notes"].to_string();
        if trail == ATHENA {
            // No record came that shows whose it has.
            assert!(gaps(&nearer).contains("not known to hold"), "{}", gaps(&nearer));
        } else {
            assert!(notes.contains("150 days: it was so before"), "{notes}");
        }
    }
    let served = Served::start(acme, Conduct::default());
    let without = Question::new("jane.doe 123456789012").with(&["--since", "300d"]);
    let refused = without.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask_plainly();
    assert!(refused.code == 2 && refused.stderr.contains("--trail"), "{}", refused.brief());
}

/// But for what CloudTrail may still be writing.
#[test]
fn what_a_trail_holds_is_not_looked_up_again() {
    for trail in [LAKE, LOGS, ATHENA] {
        let served = Served::start(kept(left_out), Conduct::default());
        let told = answer(&question(&served, trail).ask());
        assert_eq!(told["gaps"], json!([]), "{trail}");
        let calls = served.calls();
        let removals = calls.iter().filter(|call| call.body.contains("RemoveMemberFromGroup"));
        let looked_up = removals.filter(|call| call.action == "cloudtrail:LookupEvents");
        // A table of which no record of an account came is not known to have any.
        let looked_up: Vec<_> = looked_up.filter(|call| trail != ATHENA || call.account == MANAGEMENT).collect();
        let from = |body: &str| serde_json::from_str::<Value>(body).unwrap()["StartTime"].as_f64().unwrap();
        let recent = MINUTES(45).epoch().as_f64().unwrap();
        assert!(looked_up.iter().all(|call| from(&call.body) >= recent), "{trail}: {looked_up:?}");
    }
    // What CloudTrail has not written yet is there all the same.
    let acme = kept(|acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        acme.remove_member("Developers", "jane.doe");
        acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(5));
    });
    let folder = tempfile::tempdir().unwrap();
    let older = Organization { events: vec![], ..acme.clone() };
    write_files(&older, folder.path());
    fs::write(folder.path().join("x.json"), json!({"Records": [{"eventTime": MINUTES(60).rfc3339()}]}).to_string())
        .unwrap();
    let served = Served::start(acme, Conduct::default());
    let told = answer(&question(&served, folder.path().to_str().unwrap()).ask());
    assert_eq!(since(&told)["by"], "alex.admin as IdentityAdmin");
}

#[test]
fn a_question_without_a_cause_asks_no_trail() {
    for trail in [LAKE, LOGS, ATHENA] {
        let served = Served::start(kept(|_| {}), Conduct::default());
        let told = answer(&question(&served, trail).ask());
        assert_eq!(told["verdict"], "reachable");
        assert!(served.calls().iter().all(|call| !call.action.contains("Query")), "{trail}");
    }
}

/// A query that goes wrong is a gap, and the event histories are looked at instead.
#[test]
fn a_query_that_fails_is_a_gap_and_never_nothing() {
    let set = |action: &str, field: &str, value: &str| {
        Fault::on(action, Kind::UnknownEnum { field: field.into(), value: value.into() })
    };
    for (trail, fault, words) in [
        (LAKE, set("cloudtrail:GetQueryResults", "QueryStatus", "FAILED"), "FAILED"),
        (LAKE, set("cloudtrail:GetQueryResults", "QueryStatus", "CANCELLED"), "CANCELLED"),
        (LAKE, Fault::on("cloudtrail:StartQuery", Kind::Denied), "cloudtrail:StartQuery"),
        (LAKE, Fault::on("cloudtrail:GetEventDataStore", Kind::Denied), "which accounts and Regions it holds"),
        (LAKE, Fault::on("cloudtrail:GetQueryResults", Kind::MissingField { field: "eventJson".into() }), "eventJson"),
        (LOGS, set("logs:GetQueryResults", "status", "Failed"), "Failed"),
        (LOGS, set("logs:GetQueryResults", "status", "Timeout"), "Timeout"),
        (LOGS, Fault::on("logs:StartQuery", Kind::Denied), "logs:StartQuery"),
        (LOGS, Fault::on("logs:GetQueryResults", Kind::MissingField { field: "value".into() }), "@message"),
        (LOGS, Fault::on("logs:DescribeLogGroups", Kind::Denied), "which accounts and Regions it holds"),
        (LOGS, Fault::on("cloudtrail:DescribeTrails", Kind::Denied), "which accounts and Regions it holds"),
        (LOGS, Fault::on("cloudtrail:GetTrailStatus", Kind::Denied), "which accounts and Regions it holds"),
        (LOGS, Fault::on("cloudtrail:GetEventSelectors", Kind::ServerError), "which accounts and Regions it holds"),
        ("logs:trail", Fault::on("x:y", Kind::Denied), "ResourceNotFound"),
        (ATHENA, set("athena:GetQueryExecution", "State", "FAILED"), "FAILED"),
        (ATHENA, set("athena:GetQueryExecution", "State", "CANCELLED"), "CANCELLED"),
        (ATHENA, Fault::on("athena:StartQueryExecution", Kind::Denied), "athena:StartQueryExecution"),
        (ATHENA, Fault::on("athena:GetQueryResults", Kind::Denied), "athena:GetQueryResults"),
        (ATHENA, Fault::on("athena:GetTableMetadata", Kind::ServerError), "CONSTRAINT_VIOLATION"),
        ("lake:00000000-0000-4111-8222-333344445555", Fault::on("x:y", Kind::Denied), "EventDataStoreNotFound"),
        ("athena:logs.other", Fault::on("x:y", Kind::Denied), "TABLE_NOT_FOUND"),
        ("athena:logs.trail@without-place", Fault::on("x:y", Kind::Denied), "@WORKGROUP"),
    ] {
        let served = Served::start(kept(left_out), Conduct::default().with_fault(fault));
        let told = answer(&question(&served, trail).ask());
        assert!(gaps(&told).contains(words), "{trail} {words}: {}", gaps(&told));
        assert_eq!(since(&told)["certainty"], "confirmed", "{trail} {words}: the event histories tell as well");
    }
}

#[test]
fn a_query_is_asked_again_where_aws_says_to_slow_down() {
    for (trail, action) in [
        (LOGS, "logs:*"),
        (LAKE, "cloudtrail:StartQuery"),
        (LAKE, "cloudtrail:GetQueryResults"),
        (ATHENA, "athena:Get*"),
    ] {
        let fault = Fault::on(action, Kind::Throttled { retry_after: None }).times(2);
        let served = Served::start(kept(left_out), Conduct::default().with_fault(fault));
        let told = answer(&question(&served, trail).ask());
        assert_eq!(since(&told)["certainty"], "confirmed", "{trail} {action}: {}", gaps(&told));
        assert!(!gaps(&told).contains("Query"), "{trail} {action}: {}", gaps(&told));
    }
}

#[test]
fn a_query_without_an_end_is_ended() {
    for (trail, action, field, stop) in [
        (LAKE, "cloudtrail:GetQueryResults", "QueryStatus", "cloudtrail:CancelQuery"),
        (ATHENA, "athena:GetQueryExecution", "State", "athena:StopQueryExecution"),
        (LOGS, "logs:GetQueryResults", "status", "logs:StopQuery"),
    ] {
        let running = if trail == LOGS { "Running" } else { "RUNNING" };
        let running = Kind::UnknownEnum { field: field.into(), value: running.into() };
        let served = Served::start(kept(left_out), Conduct::default().with_fault(Fault::on(action, running)));
        let told = answer(&question(&served, trail).with(&["--timeout", "8s"]).ask());
        assert!(gaps(&told).contains("did not end in time"), "{trail}: {}", gaps(&told));
        assert_eq!(served.count(stop), 1, "{trail}");
    }
}

/// What a log group cannot have is told, and then the event histories are looked at.
#[test]
fn a_log_group_that_does_not_take_everything_proves_nothing() {
    type Change = (fn(&mut LogGroup), bool);
    let changes: [Change; 5] = [
        (|_| {}, true),
        (|group| group.days = Some(1), false),
        (|group| group.is_infrequent = true, false),
        (|group| group.is_write_only = true, false),
        (|group| group.organization = false, false),
    ];
    for (number, (change, is_whole)) in changes.into_iter().enumerate() {
        // Nobody did it: it was so before.
        let mut acme = kept(|acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.remove_member("Developers", "jane.doe");
            acme.events.clear();
        });
        change(&mut acme.log_groups[0]);
        let served = Served::start(acme, Conduct::default());
        let told = answer(&question(&served, LOGS).with(&["--since", "150d"]).ask());
        let notes = told["notes"].to_string();
        assert_eq!(notes.contains("150 days: it was so before"), is_whole, "{number}: {notes}");
        assert_eq!(gaps(&told).contains("not known to hold"), !is_whole, "{number}: {}", gaps(&told));
    }
}

#[test]
fn an_older_table_is_asked_once_more_without_what_it_lacks() {
    let mut acme = kept(left_out);
    let older = IDENTITY.replace("onbehalfof:struct<userid:string,identitystorearn:string>,", "");
    acme.tables[0].columns.insert("useridentity".into(), older);
    // Described, it is asked for what it has.
    let served = Served::start(acme.clone(), Conduct::default());
    let told = answer(&question(&served, ATHENA).ask());
    assert_eq!(
        (served.count("athena:StartQueryExecution"), since(&told)["certainty"].as_str()),
        (1, Some("confirmed"))
    );
    assert!(gaps(&told).contains("onbehalfof"), "{}", gaps(&told));
    // Not described, the first statement names what it lacks.
    acme.tables[0].parameters.clear();
    acme.tables[0].partitions.clear();
    let served = Served::start(acme, Conduct::default().with_denied("athena:GetTableMetadata"));
    let told = answer(&question(&served, ATHENA).ask());
    assert_eq!(
        (served.count("athena:StartQueryExecution"), since(&told)["certainty"].as_str()),
        (2, Some("confirmed"))
    );
}

#[test]
fn a_damaged_file_is_named_and_the_others_tell() {
    let acme = kept(left_out);
    let folder = tempfile::tempdir().unwrap();
    write_files(&acme, folder.path());
    fs::write(folder.path().join("cut.json.gz"), [0x1F, 0x8B, 8, 0, 0, 1]).unwrap();
    let served = Served::start(acme, Conduct::default().with_denied("cloudtrail:LookupEvents"));
    let told = answer(&question(&served, folder.path().to_str().unwrap()).ask());
    assert_eq!(since(&told)["by"], "alex.admin as IdentityAdmin");
    assert_eq!(since(&told)["certainty"], "likely", "what happened since was not read");
    assert!(gaps(&told).contains("cut.json.gz"), "{}", gaps(&told));
    let empty = tempfile::tempdir().unwrap();
    let told = answer(&question(&served, empty.path().to_str().unwrap()).ask());
    assert!(gaps(&told).contains("no record of CloudTrail"), "{}", gaps(&told));
    assert_eq!(since(&told), &Value::Null);
}

#[test]
fn credentials_of_their_own_are_taken_for_it() {
    let mut acme = kept(left_out);
    acme.event_data_stores[0].account = TARGET.into();
    let member = acme.credentials[MEMBER_KEY].account.clone();
    acme.event_data_stores[0].account.clone_from(&member);
    let served = Served::start(acme, Conduct::default());
    let home = signed_in("[default]\nregion = us-east-1\n[profile archive]\nregion = us-east-1\n");
    home.write(".aws/credentials", format!("[archive]\naws_access_key_id = {MEMBER_KEY}\naws_secret_access_key = x\n"));
    let ask = |profile: &str| {
        let asked = home.ask_as(&served, MANAGEMENT_KEY, "jane.doe 123456789012");
        asked.with(&["--target-role", READ_ROLE, "--trail", LAKE, "--trail-profile", profile])
    };
    let told = answer(&ask("archive").ask());
    assert_eq!(since(&told)["certainty"], "confirmed", "{}", gaps(&told));
    assert!(served.calls().iter().any(|call| call.action == "cloudtrail:StartQuery" && call.account == member));
    let unknown = ask("archiv").ask_plainly();
    assert!(unknown.code == 1 && unknown.stderr.contains("Did you mean: archive?"), "{}", unknown.brief());
    let gone = question(&served, "/nowhere/at/all").ask_plainly();
    assert!(gone.code == 1 && gone.stderr.contains("cannot read /nowhere/at/all"), "{}", gone.brief());
}

#[test]
fn the_query_is_shown_where_each_request_is() {
    for (trail, words) in [(LAKE, "SELECT eventJson FROM"), (LOGS, "| filter"), (ATHENA, "FROM \"logs\".\"trail\"")] {
        let served = Served::start(kept(left_out), Conduct::default());
        let shown = question(&served, trail).with(&["-v"]).ask_plainly();
        assert!(shown.stderr.contains(words) && shown.stderr.contains("bytes were scanned"), "{}", shown.stderr);
    }
}

/// What a trail held is in the recording, and the answer from it is the same.
#[test]
fn a_recording_holds_what_was_found() {
    let served = Served::start(kept(left_out), Conduct::default());
    let file = tempfile::tempdir().unwrap();
    let file = file.path().join("case.json");
    let told = answer(&question(&served, LAKE).recording(&file).ask());
    let replayed = answer(&Question::replay(&file).ask());
    assert_eq!(since(&replayed), since(&told));
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        !text.contains("Mozilla") && !text.contains("amir.khan"),
        "what is about others, or of no use, is not kept"
    );
}
