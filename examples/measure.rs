//! Measures what a verdict costs against the loopback server: requests, seconds, rounds (seconds ÷ injected latency)
//! and peak memory, in an organization of 100,000 users, 1,000 accounts and 500 permission sets.
//!
//! `cargo build && cargo run --example measure`

#![expect(clippy::print_stdout, reason = "the table it prints is what it is for")]
#![expect(clippy::expect_used, reason = "a measurement that cannot be taken has to stop")]

#[path = "../tests/served/mod.rs"]
mod served;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use served::acme::READ_ROLE;
use served::{Conduct, MANAGEMENT_KEY, Organization, Served};

/// The longest chain of questions of which each needs the answer to the one before: the instance, the user, what is
/// assigned to them, the permission set, the role's policies, what an inline policy says.
const ROUNDS: f64 = 6.0;
/// Each row is the middle one of this many runs.
const RUNS: usize = 3;

struct Case {
    name: &'static str,
    user: &'static str,
    account: &'static str,
}

const CASES: [Case; 3] = [
    Case { name: "healthy", user: "jane.doe", account: "123456789012" },
    Case { name: "no such user", user: "jane.dough", account: "123456789012" },
    Case { name: "nothing assigned", user: "jane.doe", account: "666677778888" },
];

fn main() {
    let program = program();
    println!("| case | latency | page size | requests | seconds | rounds | ÷ minimum | peak memory |");
    println!("|---|---|---|---|---|---|---|---|");
    let organization = Organization::large(100_000, 2_000, 1_000, 500);
    for case in &CASES {
        for (latency, page_size) in [(0, None), (20, None), (100, None), (20, Some(10))] {
            let mut conduct = Conduct::default().with_latency(latency);
            if let Some(size) = page_size {
                conduct = conduct.with_page_size(size);
            }
            let served = Served::start(organization.clone(), conduct);
            let mut runs: Vec<(Duration, u64)> = Vec::new();
            for run in 0..RUNS {
                // The rates are counted by the second: let the last run's pass.
                if run > 0 {
                    std::thread::sleep(Duration::from_millis(1_100));
                }
                runs.push(measure(&program, case, &served));
            }
            let requests = served.calls().len() / RUNS;
            runs.sort_unstable();
            let (elapsed, memory) = runs[RUNS / 2];
            let latency_seconds = Duration::from_millis(latency).as_secs_f64();
            let rounds = (latency > 0).then(|| elapsed.as_secs_f64() / latency_seconds);
            let (rounds, ratio) = rounds.map_or(("-".to_owned(), "-".to_owned()), |rounds| {
                (format!("{rounds:.1}"), format!("{:.1}", rounds / ROUNDS))
            });
            let size = page_size.map_or_else(|| "AWS's".to_owned(), |size| size.to_string());
            println!(
                "| {} | {latency} ms | {size} | {requests} | {:.2} | {rounds} | {ratio} | {} MiB |",
                case.name,
                elapsed.as_secs_f64(),
                memory / 1024
            );
        }
    }
}

/// The program beside this example: `target/<profile>/idc`.
fn program() -> PathBuf {
    let example = std::env::current_exe().expect("this program's own path");
    let folder = example.parent().and_then(Path::parent).expect("target/<profile>");
    let program = folder.join("idc");
    assert!(program.exists(), "{} is not there: run cargo build first", program.display());
    program
}

/// Runs the program once: how long it took, and its peak memory in KiB.
fn measure(program: &Path, case: &Case, served: &Served) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["why", case.user, case.account, "--target-role", READ_ROLE, "--quiet"])
        .env_clear()
        .envs(served.environment(MANAGEMENT_KEY, "us-east-1"))
        .stdout(Stdio::null())
        .spawn()
        .expect("idc runs");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    while child.try_wait().expect("idc is there").is_none() {
        let now = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = now.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    (start.elapsed(), memory)
}
