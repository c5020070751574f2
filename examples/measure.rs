//! Measures what an answer costs against the loopback server: requests, seconds, round trips (seconds ÷ injected
//! latency) and peak memory, in an organization of 100,000 users, 1,000 accounts and 500 permission sets. The server
//! enforces AWS's rates, and each answer takes 60 ms.
//!
//! `cargo build --release && cargo run --release --example measure`, with words of a case's name to measure only that; with
//! `IDC_NO_HISTORY=1` the past is left out, and with `CALLS=1` in the environment it shows what was asked, and when.

#![expect(clippy::print_stdout, reason = "the table it prints is what it is for")]
#![expect(clippy::expect_used, reason = "a measurement that cannot be taken has to stop")]

use std::collections::BTreeMap;
use std::env;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use served::READ_ROLE;
use served::{Conduct, MANAGEMENT_KEY, Organization, Served};

/// How long each answer takes.
const LATENCY: u64 = 60;
/// Each row is the quickest of this many runs, or the first where that takes long: what else the machine does only adds.
const RUNS: usize = 5;
const LONG: Duration = Duration::from_secs(10);
/// How many requests a second Identity Center takes, and how many at once.
const RATE: f64 = 20.0;

/// Something to ask, and how long it may take.
struct Case {
    name: &'static str,
    /// What the organization is like.
    change: fn(&mut Organization),
    question: &'static str,
    goal: Goal,
    verdict: &'static str,
}

/// What is to be reached.
enum Goal {
    /// So many round trips.
    RoundTrips(f64),
    /// So many seconds.
    Seconds(f64),
    /// The time that Identity Center's rate demands of so many requests, and so many seconds.
    Floor(usize, f64),
    /// So many seconds after the time that was given.
    After(f64, f64),
}

impl Goal {
    fn seconds(&self) -> f64 {
        match self {
            Self::RoundTrips(trips) => trips * Duration::from_millis(LATENCY).as_secs_f64(),
            Self::Seconds(seconds) => *seconds,
            Self::Floor(requests, more) => f64::from(u32::try_from(*requests).unwrap_or(u32::MAX)) / RATE + more,
            Self::After(given, more) => given + more,
        }
    }

    fn told(&self) -> String {
        match self {
            Self::RoundTrips(trips) => format!("{trips} round trips"),
            Self::Seconds(seconds) => format!("{seconds} s"),
            Self::Floor(requests, more) => format!("{requests} requests' own time, and {more} s"),
            Self::After(given, more) => format!("{given} s, and {more} s"),
        }
    }
}

const CASES: [Case; 13] = [
    Case {
        name: "healthy, one permission set",
        change: |_| {},
        question: "jane.doe 123456789012",
        goal: Goal::RoundTrips(7.0),
        verdict: "reachable",
    },
    Case {
        name: "healthy, three permission sets through six groups",
        change: |large| large.give_three_sets("break-glass", "prod-data"),
        question: "break-glass 123456789012",
        goal: Goal::RoundTrips(7.0),
        verdict: "reachable",
    },
    Case {
        name: "healthy, 3,000 sessions of others in the account",
        change: |large| large.let_others_in("prod-data", 3_000, "RedshiftAnalyst"),
        question: "jane.doe 123456789012",
        goal: Goal::Seconds(1.2),
        verdict: "reachable",
    },
    Case {
        name: "no session of theirs, 3,000 of others",
        change: |large| {
            large.let_others_in("prod-data", 3_000, "RedshiftAnalyst");
            large.events.retain(|event| event.username.as_deref() != Some("jane.doe"));
        },
        question: "jane.doe 123456789012",
        goal: Goal::Seconds(1.2),
        verdict: "reachable",
    },
    Case {
        name: "nothing assigned, 20 permission sets in the account",
        change: few_sets,
        question: "break-glass 666677778888",
        goal: Goal::Seconds(2.0),
        verdict: "blocked",
    },
    Case {
        name: "the same where 85 requests have failed",
        change: |large| large.crowd("log-archive", 19),
        question: "break-glass 666677778888",
        goal: Goal::Floor(85, 2.0),
        verdict: "blocked",
    },
    Case {
        name: "nothing assigned, 500 permission sets in the account",
        change: provision_all,
        question: "break-glass 666677778888",
        goal: Goal::Floor(500, 1.0),
        verdict: "blocked",
    },
    Case {
        name: "the same with --timeout 5s",
        change: provision_all,
        question: "break-glass 666677778888 --timeout 5s",
        goal: Goal::After(5.0, 0.1),
        verdict: "inconclusive",
    },
    Case {
        name: "-p NAME, not theirs; the account has a role of that name",
        change: few_sets,
        question: "jane.doe 666677778888 -p Duty-0020",
        goal: Goal::Seconds(2.0),
        verdict: "blocked",
    },
    Case {
        name: "-p NAME, not theirs here; they have it elsewhere",
        change: |large| {
            few_sets(large);
            large.assign("Duty-0300", "jane.doe", "legacy");
            large.provision("Duty-0300", "legacy");
        },
        question: "jane.doe 666677778888 -p Duty-0300",
        goal: Goal::Seconds(2.0),
        verdict: "blocked",
    },
    Case {
        name: "-p NAME, of which neither a role nor a row tells",
        change: few_sets,
        question: "jane.doe 666677778888 -p Duty-0300",
        goal: Goal::Floor(500, 1.0),
        verdict: "blocked",
    },
    Case {
        name: "-p NAME, which no permission set has",
        change: few_sets,
        question: "jane.doe 666677778888 -p Duty-9999",
        goal: Goal::Floor(500, 1.0),
        verdict: "blocked",
    },
    Case {
        name: "no such user",
        change: |_| {},
        question: "jane.dough 123456789012",
        goal: Goal::Seconds(1.5),
        verdict: "blocked",
    },
];

/// Twenty permission sets are in the account, and none is the user's. What fails elsewhere is measured by itself.
fn few_sets(large: &mut Organization) {
    large.crowd("log-archive", 19);
    large.creation_requests.retain(|request| request.status != "FAILED");
}

/// Every permission set is in the account, and none is the user's.
fn provision_all(large: &mut Organization) {
    large.crowd("log-archive", 494);
    large.creation_requests.retain(|request| request.status != "FAILED");
    for set in ["ReadOnly", "RedshiftAnalyst", "RedshiftAdmin", "RedshiftAnalystV2", "Billing"] {
        large.assign(set, "Administrators", "log-archive");
        large.provision(set, "log-archive");
    }
}

/// One run.
struct Run {
    elapsed: Duration,
    memory: u64,
    answer: Value,
}

fn main() {
    let program = program();
    let wanted: Vec<String> = env::args().skip(1).collect();
    let large = Organization::large(100_000, 2_000, 1_000, 500);
    println!("| case | requests | refused | seconds | round trips | goal | reached | answer | peak memory |");
    println!("|---|---|---|---|---|---|---|---|---|");
    let is_wanted = |case: &&Case| wanted.iter().all(|word| case.name.contains(word.as_str()));
    for case in CASES.iter().filter(is_wanted) {
        let mut organization = large.clone();
        (case.change)(&mut organization);
        let served = Served::start(organization, Conduct::default().with_latency(LATENCY).with_rates());
        let mut runs: Vec<Run> = Vec::new();
        while runs.len() < RUNS && runs.iter().all(|run| run.elapsed < LONG) {
            // The server's buckets are empty after a run: let them fill up.
            if !runs.is_empty() {
                thread::sleep(Duration::from_millis(1_100));
            }
            runs.push(measure(&program, case, &served));
        }
        let (requests, refused) = (served.calls().len() / runs.len(), served.refused_by_rate() / runs.len());
        if env::var_os("CALLS").is_some() {
            show_calls(&served, runs.len());
        }
        runs.sort_by_key(|run| run.elapsed);
        let run = runs.swap_remove(0);
        let seconds = run.elapsed.as_secs_f64();
        let (verdict, root) = (&run.answer["verdict"], &run.answer["root_cause"]);
        let reached = seconds <= case.goal.seconds() && verdict == case.verdict;
        let answer = [verdict, &root["rule"], &root["confidence"]];
        let answer: Vec<&str> = answer.iter().filter_map(|value| value.as_str()).collect();
        println!(
            "| {} | {requests} | {refused} | {seconds:.2} | {:.1} | {} | {} | {} | {} MiB |",
            case.name,
            seconds / Duration::from_millis(LATENCY).as_secs_f64(),
            case.goal.told(),
            if reached { "yes" } else { "no" },
            answer.join(", "),
            run.memory / 1024
        );
    }
}

/// What was asked how often, and how long after the first question the last of it came.
fn show_calls(served: &Served, runs: usize) {
    let calls = served.calls();
    let calls = &calls[calls.len() - calls.len() / runs..];
    let first = calls.iter().map(|call| call.at).min().unwrap_or_default();
    let mut counts: BTreeMap<&str, (usize, Duration)> = BTreeMap::new();
    for call in calls {
        let (count, last) = counts.entry(&call.action).or_default();
        (*count, *last) = (*count + 1, call.at.saturating_sub(first).max(*last));
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (_, last))| *last);
    for (action, (count, last)) in counts {
        println!("    {:>6} ms  {action}: {count}", last.as_millis());
    }
}

/// The program beside this example: `target/<profile>/idc`.
fn program() -> PathBuf {
    let example = env::current_exe().expect("this program's own path");
    let folder = example.parent().and_then(Path::parent).expect("target/<profile>");
    let program = folder.join("idc");
    assert!(program.exists(), "{} is not there: run cargo build first", program.display());
    program
}

/// Runs the program once: how long it took, its peak memory in KiB, and what it said.
fn measure(program: &Path, case: &Case, served: &Served) -> Run {
    let start = Instant::now();
    let mut child = Command::new(program)
        .arg("why")
        .args(case.question.split(' '))
        .args(["--target-role", READ_ROLE, "--output", "json"])
        .env_clear()
        .envs(served.environment(MANAGEMENT_KEY, "us-east-1"))
        .envs(env::var_os("IDC_NO_HISTORY").map(|set| ("IDC_NO_HISTORY", set)))
        .stdout(Stdio::piped())
        .spawn()
        .expect("idc runs");
    let mut stdout = child.stdout.take().expect("its output");
    let reading = thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    while child.try_wait().expect("idc is there").is_none() {
        let now = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = now.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    }
    let elapsed = start.elapsed();
    let text = reading.join().expect("read").expect("UTF-8");
    let answer = serde_json::from_str(&text).expect(&text);
    Run { elapsed, memory, answer }
}
