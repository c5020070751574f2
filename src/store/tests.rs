use super::*;
use crate::evidence::{About, Call, Fact, Narrowed, Observed, Reason};

fn scope() -> Scope {
    Scope { about: About::Everything(Narrowed::default()), profile: None, target_role: None, target_profile: None }
}

fn listed(arns: &[&str]) -> Answer {
    let list = arns.iter().map(|&arn| arn.to_owned()).collect();
    Answer::PermissionSets(Fact { observed: Observed::Known(list), ..Fact::not_asked(Call::ListPermissionSets, "") })
}

fn denied() -> Answer {
    let observed = Observed::missing(Reason::Denied, "no");
    Answer::PermissionSets(Fact { observed, ..Fact::not_asked(Call::ListPermissionSets, "") })
}

#[test]
fn what_was_written_is_read_and_the_later_answer_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.db");
    let mut store = Store::create(&path, &scope()).expect("a file");
    store.keep(&denied()).expect("kept");
    store.keep(&listed(&["a", "b"])).expect("kept");
    assert!(Store::create(&path, &scope()).is_err(), "a file that is there is left alone");
    store.finish(7, 3, &[]).expect("finished");
    let kept = read(&path).expect("a file of ours");
    assert_eq!((kept.answers, kept.calls, kept.sso_calls), (vec![listed(&["a", "b"])], 7, 3));
    assert!(kept.finished.is_some());
    let names: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(names.len(), 1, "it is one file again: {names:?}");
}

#[test]
fn goes_on_where_it_was_cut_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.db");
    let mut store = Store::create(&path, &scope()).expect("a file");
    store.keep(&listed(&["a"])).expect("kept");
    assert!(matches!(Store::resume(&path, &scope()), Err(StoreError::Busy)));
    drop(store);
    let (store, kept) = Store::resume(&path, &scope()).expect("the same file");
    assert_eq!((kept.answers.len(), kept.finished), (1, None));
    drop(store);
    let other = Scope { about: About::Person("jane".to_owned()), ..scope() };
    assert!(matches!(Store::resume(&path, &other), Err(StoreError::OtherQuestion { .. })));
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.db");
    std::fs::write(&path, "no database at all, but long enough to look at its head").expect("written");
    assert!(matches!(read(&path), Err(StoreError::NotOurs)));
    let view = folder.path().join("view.db");
    let db = Connection::open(&view).expect("a database");
    db.pragma_update(None, "application_id", APPLICATION).expect("set");
    db.pragma_update(None, "user_version", FORM).expect("set");
    db.execute_batch("CREATE TABLE meta (key, value); CREATE VIEW fact AS SELECT 1 AS question, 2 AS answer")
        .expect("made");
    drop(db);
    assert!(matches!(read(&view), Err(StoreError::NotOurs)));
}

/// Whatever has come of a file is in a copy of it alone, up to what stands in the log; and nobody who reads leaves a trace.
#[test]
fn a_copy_without_its_log_holds_what_was_moved_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.db");
    let mut store = Store::create(&path, &scope()).expect("a file");
    let copied = |name: &str, with_log: bool| {
        let copy = folder.path().join(name).join("org.db");
        std::fs::create_dir(copy.parent().expect("a folder")).expect("made");
        std::fs::copy(&path, &copy).expect("copied");
        if with_log {
            std::fs::copy(path.with_file_name("org.db-wal"), copy.with_file_name("org.db-wal")).expect("copied");
        }
        let (before, size) = (files(&copy), std::fs::metadata(&copy).expect("there").len());
        let kept = read(&copy).expect("a file of ours");
        assert_eq!((files(&copy), std::fs::metadata(&copy).expect("there").len()), (before, size), "{name}");
        assert_eq!((kept.finished, &kept.scope), (None, &scope()), "{name}");
        kept.answers.len()
    };
    assert_eq!(copied("begun", false), 0);
    store.keep(&listed(&["a"])).expect("kept");
    assert_eq!((copied("alone", false), copied("both", true)), (0, 1));
    store.moved = store.moved.checked_sub(MOVED_EVERY).expect("a moment");
    store.keep(&denied()).expect("kept");
    assert_eq!(copied("moved", false), 1);
    store.finish(1, 1, &[]).expect("finished");
    assert_eq!(files(&path).iter().filter(|name| name.starts_with("org.db")).count(), 1, "{:?}", files(&path));
}

/// What lies beside a file, and itself.
fn files(path: &Path) -> Vec<String> {
    let all = std::fs::read_dir(path.parent().expect("a folder")).expect("a folder");
    let mut names: Vec<String> =
        all.map(|one| one.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Names that mean something in an address are names here.
#[test]
fn a_file_is_found_whatever_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a b.db", "a?immutable=0&x#y.db", "50%.db", "\u{e4}\u{f6}.db", "file:org.db"] {
        let path = folder.path().join(name);
        drop(Store::create(&path, &scope()).expect("a file"));
        assert_eq!(read(&path).expect("a file of ours").scope, scope(), "{name}");
    }
}

#[test]
fn what_is_not_whole_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.db");
    let mut store = Store::create(&path, &scope()).expect("a file");
    let many: Vec<String> = (0..4_000).map(|number| format!("arn:{number}")).collect();
    store.keep(&listed(&many.iter().map(String::as_str).collect::<Vec<_>>())).expect("kept");
    store.finish(1, 1, &[]).expect("finished");
    let whole = std::fs::read(&path).expect("bytes");
    let of = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        read(&path).expect_err("it is refused")
    };
    assert!(matches!(of(&[]), StoreError::Blank));
    assert!(matches!(of(&whole[..50]), StoreError::Broken));
    for part in [4_096, whole.len() / 2, whole.len() - 1] {
        assert!(matches!(of(&whole[..part]), StoreError::Broken), "{part}");
    }
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&3_i32.to_be_bytes());
    assert!(matches!(of(&newer), StoreError::OtherForm { found: 3 }));
    let mut shuffled = whole.clone();
    shuffled[4_096..8_192].fill(0x5a);
    assert!(matches!(of(&shuffled), StoreError::Broken | StoreError::Damaged { .. }));
    std::fs::remove_file(&path).expect("removed");
    std::fs::write(&path, "").expect("written");
    drop(Store::open_to_write(&path).expect("a file"));
    assert!(matches!(read(&path), Err(StoreError::Blank)));
    let other = folder.path().join("other.db");
    Connection::open(&other).and_then(|db| db.execute_batch("CREATE TABLE mine (x)")).expect("made");
    assert!(matches!(read(&other), Err(StoreError::NotOurs)));
}

#[test]
fn a_copy_of_what_was_collected_is_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.db");
    let finished = Some("2026-01-02T03:04:05Z".parse().expect("a moment"));
    let answers = vec![listed(&["a"])];
    let kept = Kept { scope: scope(), answers, finished, calls: 5, sso_calls: 2 };
    std::fs::write(&path, Store::whole(&kept, &[]).expect("a file")).expect("written");
    let again = read(&path).expect("a file of ours");
    assert_eq!((again.answers, again.finished, again.calls), (kept.answers.clone(), finished, 5));
    let cut_off = folder.path().join("cut.db");
    std::fs::write(&cut_off, Store::whole(&Kept { finished: None, ..kept }, &[]).expect("a file")).expect("written");
    assert_eq!(read(&cut_off).expect("a file of ours").finished, None);
}

/// Killed before it was made ours, it is made then.
#[test]
fn goes_on_with_a_file_that_is_still_blank() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").expect("written");
    // What is there once the way of writing is set, and nothing else.
    let begun = folder.path().join("begun.db");
    std::fs::write(&begun, "").expect("written");
    drop(Store::open_to_write(&begun).expect("a file"));
    for path in [empty, begun] {
        let (mut store, kept) = Store::resume(&path, &scope()).expect("ours now");
        assert!(kept.answers.is_empty());
        store.keep(&listed(&["a"])).expect("kept");
        store.finish(1, 1, &[]).expect("finished");
        assert_eq!(read(&path).expect("a file of ours").answers, [listed(&["a"])]);
    }
    let other = folder.path().join("other.db");
    Connection::open(&other).and_then(|db| db.execute_batch("CREATE TABLE mine (x)")).expect("made");
    assert!(matches!(Store::resume(&other, &scope()), Err(StoreError::NotOurs)));
}

/// A file of the first form, in which every answer is text, is read, and gone on with in the form of today.
#[test]
fn the_form_before_this_one_is_read_and_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.db");
    drop(Store::create(&path, &scope()).expect("a file"));
    let many: Vec<String> = (0..100).map(|number| format!("arn:{number}")).collect();
    let many = listed(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let db = Connection::open(&path).expect("a database");
    let older = tables::LOG.replace("answer ANY NOT NULL,\n    size INTEGER", "answer TEXT NOT NULL");
    db.execute_batch(&format!("DROP TABLE fact; {older}; PRAGMA user_version = {OLDER_FORM}")).expect("made");
    let row = ["\"PermissionSets\"", &json(&many).expect("JSON")];
    db.execute("INSERT INTO fact (question, call, state, answer) VALUES (?1, 'sso', 'known', ?2)", row).expect("kept");
    drop(db);
    assert_eq!(read(&path).expect("read").answers, std::slice::from_ref(&many));
    let (mut store, kept) = Store::resume(&path, &scope()).expect("gone on with");
    assert_eq!(kept.answers, std::slice::from_ref(&many));
    let caller = Answer::Caller(Fact::not_asked(Call::GetCallerIdentity, "no"));
    store.keep(&caller).expect("kept");
    store.finish(1, 1, &[]).expect("finished");
    assert_eq!(read(&path).expect("read").answers, [many, caller]);
    let (_store, kept) = Store::resume(&path, &scope()).expect("once more");
    assert_eq!(kept.answers.len(), 2);
}
