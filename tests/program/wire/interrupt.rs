//! Whoever interrupts a program that hangs gets rid of it at once, and of all its traces.

use std::fs;
#[cfg(target_os = "linux")]
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::wire::scenarios;
use served::{Fault, Kind};

const SOON: Duration = Duration::from_secs(20);

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

/// Interrupted at any moment, while it collects, writes and answers: the whole recording is there, or nothing.
#[test]
fn whenever_it_is_interrupted_it_leaves_nothing_half_done() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve();
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("case.json");
    let question = healthy.question(&served).recording(&recording);
    let run = || question.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    assert_eq!(run().wait().unwrap().code(), Some(0));
    let whole = started.elapsed();
    fs::remove_file(&recording).unwrap();
    let (mut whole_ones, mut none) = (0, 0);
    for (round, signal) in ["-HUP", "-TERM", "-INT"].into_iter().cycle().take(45).enumerate() {
        let mut child = run();
        // Spread over all of the time that it takes, and as much again for a machine that has other work meanwhile.
        thread::sleep(whole * u32::try_from(round).unwrap() / 25);
        let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        let interrupted = Instant::now();
        let status = child.wait().unwrap();
        assert!(interrupted.elapsed() < SOON, "{signal} in round {round}: {:?}", interrupted.elapsed());
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "case.json"), "{signal} in round {round} leaves {left:?}");
        if let Ok(text) = fs::read_to_string(&recording) {
            assert!(idc::evidence::read(&text).is_ok(), "{signal} in round {round} leaves half a recording");
            fs::remove_file(&recording).unwrap();
            whole_ones += 1;
        } else {
            assert_ne!(status.code(), Some(0), "{signal} in round {round}: an answer without the recording");
            none += 1;
        }
    }
    assert!(whole_ones > 0 && none > 0, "{whole_ones} whole, {none} without: the moments are not spread");
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
