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
