use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tempfile::TempDir;

use super::super::corpus;
use super::super::sample::{MANAGEMENT, added, sought};
use super::*;

const DAY: &str = "AWSLogs/o-abc/111122223333/CloudTrail/eu-west-1/2026/11/20";
const FILE: &str = "111122223333_CloudTrail_eu-west-1_20261120T1405Z_a.json.gz";

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn log(records: &[Value]) -> String {
    json!({"Records": records}).to_string()
}

fn put(root: &TempDir, path: &str, bytes: &[u8]) -> PathBuf {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

fn read_all(root: &TempDir) -> Found {
    read(root.path(), &sought(), Instant::now() + Duration::from_mins(1)).unwrap()
}

fn ids(found: &Found) -> Vec<&str> {
    found.records.iter().map(|record| record["eventID"].as_str().unwrap()).collect()
}

#[test]
fn every_form_of_file_gives_its_records_newest_first_and_once() {
    let root = tempfile::tempdir().unwrap();
    let record = |id: &str, minute: u8| added(id, &format!("2026-11-20T14:{minute:02}:00Z"));
    let members = [packed(&log(&[record("a", 1)])), packed(&log(&[record("b", 2)]))].concat();
    put(&root, &format!("{DAY}/{FILE}"), &members);
    put(&root, "more/x.json", log(&[record("c", 3), record("a", 1)]).as_bytes());
    put(&root, "more/unpacked.json.gz", record("d", 4).to_string().as_bytes());
    put(&root, "more/notes.txt", log(&[record("e", 5)]).as_bytes());
    put(&root, "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/20/x.json.gz", b"broken");
    let found = read_all(&root);
    assert_eq!(ids(&found), ["d", "c", "b", "a"]);
    assert_eq!((found.read, found.capped, found.unread.as_slice()), (5, false, &[][..]));
}

#[test]
fn what_is_not_sought_is_left() {
    let root = tempfile::tempdir().unwrap();
    let of = |member: &str, value: Value| {
        let mut record = added(member, "2026-11-20T14:00:00Z");
        record[member] = value;
        record
    };
    let others = [
        of("eventSource", "quicksight.amazonaws.com".into()),
        of("eventName", "ListGroups".into()),
        of("eventTime", "2026-11-13T14:39:59Z".into()),
        of("eventTime", "2026-11-20T14:40:01Z".into()),
        of("recipientAccountId", "999999999999".into()),
        of("awsRegion", "ap-southeast-2".into()),
        of("requestParameters", json!({"groupId": "another"})),
    ];
    put(&root, "x.json", log(&others).as_bytes());
    let found = read_all(&root);
    assert_eq!((ids(&found), found.read), (vec![], 7));
}

#[test]
fn a_damaged_file_is_named_and_the_rest_is_read() {
    let root = tempfile::tempdir().unwrap();
    let record = |id: &str| added(id, "2026-11-20T14:00:00Z");
    let whole = packed(&log(&(0..200).map(|id| record(&format!("c{id}"))).collect::<Vec<_>>()));
    put(&root, "good.json.gz", &packed(&log(&[record("a")])));
    put(&root, "cut.json.gz", &whole[..whole.len() / 2]);
    put(&root, "none.json.gz", &[0x1F, 0x8B, 8, 0, 1]);
    put(&root, "torn.json", log(&[record("b")]).trim_end_matches(['}', ']']).as_bytes());
    put(&root, "words.json", b"this is no log");
    put(&root, "odd.json", br#"{"Records":[{"eventTime":"2026-11-20T14:00:00Z","eventSource":"identitystore.amazonaws.com","eventName":"DeleteGroupMembership",}]}"#);
    let found = read_all(&root);
    assert!(ids(&found).contains(&"a"), "{found:?}");
    let unread: Vec<String> = found.unread.iter().map(ToString::to_string).collect();
    for (name, why) in [
        ("cut.json.gz", "damaged"),
        ("none.json.gz", "damaged"),
        ("torn.json", "not copied whole"),
        ("words.json", "no CloudTrail log file"),
        ("odd.json", "1 record of it"),
    ] {
        assert!(unread.iter().any(|line| line.contains(name) && line.contains(why)), "{name}: {unread:#?}");
    }
    assert_eq!(unread.len(), 5, "{unread:#?}");
    assert!(!found.covers(MANAGEMENT), "something of it may stand in what was not read");
}

#[test]
fn a_path_saves_opening_what_cannot_be_meant() {
    let root = tempfile::tempdir().unwrap();
    put(&root, &format!("{DAY}/{FILE}"), &packed(&log(&[added("a", "2026-11-20T14:00:00Z")])));
    // Opened, each of these would be a gap.
    for path in [
        "AWSLogs/o-abc/111122223333/CloudTrail/eu-west-1/2026/10/20/x.json.gz",
        "AWSLogs/o-abc/111122223333/CloudTrail/eu-west-1/2026/11/20/111122223333_CloudTrail_eu-west-1_20261101T1405Z_a.json.gz",
        "AWSLogs/o-abc/111122223333/CloudTrail/eu-west-1/2026/11/23/x.json.gz",
        "AWSLogs/o-abc/111122223333/CloudTrail/ap-south-1/2026/11/20/x.json.gz",
        "AWSLogs/o-abc/999999999999/CloudTrail/eu-west-1/2026/11/20/x.json.gz",
        "flat/999999999999_CloudTrail_eu-west-1_20261120T1405Z_a.json.gz",
    ] {
        put(&root, path, b"broken");
    }
    let found = read_all(&root);
    assert_eq!((ids(&found), found.unread.as_slice()), (vec!["a"], &[][..]));
    let cover =
        |cover: &Cover| (cover.account.clone(), cover.region.clone(), cover.since.to_string(), cover.until.to_string());
    let home = (MANAGEMENT.to_owned(), Some("eu-west-1".to_owned()));
    let until = "2026-11-20T14:40:00Z".to_owned();
    assert_eq!(
        found.covers.iter().map(cover).collect::<Vec<_>>(),
        [(home.0, home.1, "2026-11-13T14:40:00Z".to_owned(), until)],
        "older and newer files are there, so that nothing of the week is left out"
    );
}

#[test]
fn files_without_such_names_tell_by_their_records_what_they_cover() {
    let root = tempfile::tempdir().unwrap();
    let records = [added("a", "2026-11-19T08:00:00Z"), added("b", "2026-11-20T09:00:00Z")];
    put(&root, "x.json", log(&records).as_bytes());
    let found = read_all(&root);
    let [cover] = found.covers.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (cover.since.to_string(), cover.until.to_string()),
        ("2026-11-19T08:00:00Z".into(), "2026-11-20T09:00:00Z".into())
    );
    assert!(found.covers(MANAGEMENT) && !found.covers("123456789012"));
}

#[test]
fn an_escaped_letter_hides_nothing() {
    let root = tempfile::tempdir().unwrap();
    let text = log(&[added("a", "2026-11-20T14:00:00Z")]);
    put(&root, "x.json", text.replace("AddMemberToGroup", r"Add\u004dember\u0054oGroup").as_bytes());
    assert_eq!(ids(&read_all(&root)), ["a"]);
}

#[cfg(unix)]
#[test]
fn neither_a_pipe_nor_a_loop_of_links_stops_it() {
    use std::os::unix::fs::symlink;

    let root = tempfile::tempdir().unwrap();
    put(&root, "a/x.json", log(&[added("a", "2026-11-20T14:00:00Z")]).as_bytes());
    symlink(root.path(), root.path().join("a/loop")).unwrap();
    symlink("nowhere", root.path().join("gone.json")).unwrap();
    symlink("/dev/zero", root.path().join("endless.json")).unwrap();
    let pipe = root.path().join("pipe.json.gz");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let found = read_all(&root);
    assert_eq!(ids(&found), ["a"]);
    let unread: Vec<&str> = found.unread.iter().map(|unread| unread.what.rsplit('/').next().unwrap()).collect();
    assert_eq!(unread, ["endless.json", "gone.json", "pipe.json.gz"]);
}

#[test]
fn too_many_are_cut_to_the_newest_and_time_that_is_over_is_a_gap() {
    let root = tempfile::tempdir().unwrap();
    let at = |second: usize| format!("2026-11-20T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60);
    let records: Vec<Value> = (0..MOST + 7).map(|second| added(&second.to_string(), &at(second))).collect();
    for (part, records) in records.chunks(900).enumerate() {
        put(&root, &format!("{part}.json.gz"), &packed(&log(records)));
    }
    let found = read_all(&root);
    assert_eq!((found.records.len(), found.capped, found.read), (MOST, true, MOST + 7));
    assert_eq!(ids(&found).last(), Some(&"7"));
    let late = read(root.path(), &sought(), Instant::now()).unwrap();
    assert_eq!((late.records.len(), late.unread.len()), (0, 6));
    assert!(read(&root.path().join("nowhere"), &sought(), Instant::now()).is_err());
}

#[test]
fn the_records_of_all_kinds_make_the_same_changes_as_by_looking_them_up() {
    let root = tempfile::tempdir().unwrap();
    let records = corpus::records();
    for (part, records) in records.chunks(10).enumerate() {
        put(&root, &format!("{part}.json.gz"), &packed(&log(records)));
    }
    let found = read(root.path(), &corpus::sought(), Instant::now() + Duration::from_mins(1)).unwrap();
    assert_eq!(found.unread, []);
    assert_eq!(corpus::changes(&found.records), corpus::expected());
}
