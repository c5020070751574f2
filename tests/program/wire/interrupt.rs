//! Whoever interrupts a program that hangs gets rid of it at once, and of all its traces.

use std::fs;
#[cfg(target_os = "linux")]
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::wire::scenarios;
use served::{Fault, Kind};

const SOON: Duration = Duration::from_secs(5);

/// Waits until something holds.
fn until(mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_mins(1), "waited too long");
        thread::sleep(Duration::from_millis(20));
    }
}

fn interrupt(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn ends_a_program_that_hangs() {
    let healthy = scenarios::named("healthy--group");
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let served = healthy.serve_with(|conduct| conduct.with_fault(Fault::on("sso:*", Kind::Hang)));
        let folder = tempfile::tempdir().unwrap();
        let question = healthy.question(&served).recording(&folder.path().join("case.json"));
        let child = question.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until(|| served.count("sso:ListInstances") > 0);
        let interrupted = Instant::now();
        interrupt(&child, signal);
        let output = child.wait_with_output().unwrap();
        assert!(interrupted.elapsed() < SOON, "took {:?}", interrupted.elapsed());
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something is left");
    }
}

/// The answer is there, but nobody reads it: the program waits for room in the pipe.
#[cfg(target_os = "linux")]
#[test]
fn ends_a_program_whose_answer_nobody_reads() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve();
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("case.json");
    let (_reader, mut writer) = std::io::pipe().unwrap();
    // As much as a pipe takes.
    writer.write_all(&vec![b' '; 1 << 16]).unwrap();
    let question = healthy.question(&served).recording(&recording);
    let mut child = question.command().stdout(writer).spawn().unwrap();
    until(|| recording.exists());
    thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it waits for nobody");
    interrupt(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["case.json"]);
    assert!(idc::evidence::read(&fs::read_to_string(recording).unwrap()).is_ok());
}
