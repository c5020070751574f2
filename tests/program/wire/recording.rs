//! Recordings as files: for their owner alone, never over another file, and only where there is an answer.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::wire::sameness::could_not_run;
use crate::wire::scenarios;
use served::{Fault, Kind};

#[test]
fn is_for_its_owner_alone() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.json");
    assert_eq!(healthy.question(&served).recording(&file).ask().code, 0);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn is_refused_before_any_call_where_it_could_not_be_written() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve();
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there.json");
    fs::write(&there, "mine").unwrap();
    let link = folder.path().join("link.json");
    symlink(folder.path().join("nowhere"), &link).unwrap();
    for file in [&there, &link, &folder.path().to_owned()] {
        could_not_run(&healthy.question(&served).recording(file).ask()).unwrap();
    }
    let answer = healthy.question(&served).recording(&folder.path().join("no/such/folder.json")).ask();
    let code = answer.error().map(|error| error["code"].clone());
    assert_eq!((answer.code, code), (1, Some("unwritable-file".into())), "{}", answer.stderr);
    assert_eq!(fs::read_to_string(&there).unwrap(), "mine");
    assert_eq!(served.calls().len(), 0, "nothing was asked");
}

#[test]
fn is_not_made_where_there_is_no_answer() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve_with(|conduct| conduct.with_fault(Fault::on("*", Kind::ExpiredToken)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.json");
    assert_eq!(healthy.question(&served).recording(&file).ask().code, 1);
    assert!(!file.exists());
}

/// Two of the same name at the same time: one of them is written whole, and the other is told.
#[test]
fn is_not_written_over_by_another() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve_with(|conduct| conduct.with_latency(20));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.json");
    let question = healthy.question(&served).recording(&file);
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| question.ask());
        (question.ask(), other.join().unwrap())
    });
    let mut codes = [one.code, other.code];
    codes.sort_unstable();
    assert_eq!(codes, [0, 1], "{}{}", one.stderr, other.stderr);
    idc::evidence::read(&fs::read_to_string(&file).unwrap()).unwrap();
}
