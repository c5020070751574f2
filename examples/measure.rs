//! Measures what a verdict costs against the loopback server: requests, seconds, rounds (seconds ÷ injected latency)
//! and peak memory, in an organization of 100,000 users, 1,000 accounts and 500 permission sets. The server enforces
//! AWS's rates. The minimum is six rounds, or what those rates let through, whichever takes longer.
//!
//! `cargo build && cargo run --example measure`

#![expect(clippy::print_stdout, reason = "the table it prints is what it is for")]
#![expect(clippy::expect_used, reason = "a measurement that cannot be taken has to stop")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use served::READ_ROLE;
use served::{Conduct, MANAGEMENT_KEY, Organization, Served};

/// The longest chain of questions of which each needs the answer to the one before: the instance, the user, what is
/// assigned to them, the permission set, the role's policies, what an inline policy says.
const ROUNDS: f64 = 6.0;
/// Each row is the middle one of this many runs, or the first where that takes long.
const RUNS: usize = 3;
const LONG: Duration = Duration::from_secs(10);

/// How many requests a second AWS allows: for the whole service, for each operation, for each event history.
const RATES: [(&str, usize); 3] = [("sso:", 20), ("identitystore:ListUsers", 20), ("cloudtrail:", 2)];

struct Case {
    name: &'static str,
    user: &'static str,
    account: &'static str,
}

const CASES: [Case; 4] = [
    Case { name: "healthy", user: "jane.doe", account: "123456789012" },
    Case { name: "three permission sets", user: "olga.petrova", account: "123456789012" },
    Case { name: "no such user", user: "jane.dough", account: "123456789012" },
    Case { name: "nothing assigned", user: "jane.doe", account: "666677778888" },
];

fn main() {
    let program = program();
    println!("| case | latency | page size | requests | refused | seconds | rounds | ÷ minimum | peak memory |");
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut organization = Organization::large(100_000, 2_000, 1_000, 500);
    organization.add_member("DataAnalysts", "olga.petrova");
    for case in &CASES {
        for (latency, page_size) in [(0, None), (20, None), (100, None), (20, Some(10))] {
            let mut conduct = Conduct::default().with_latency(latency).with_rates();
            if let Some(size) = page_size {
                conduct = conduct.with_page_size(size);
            }
            let served = Served::start(organization.clone(), conduct);
            let mut runs: Vec<(Duration, u64)> = Vec::new();
            while runs.len() < RUNS && runs.iter().all(|(elapsed, _)| *elapsed < LONG) {
                // The rates are counted by the second: let the last run's pass.
                if !runs.is_empty() {
                    std::thread::sleep(Duration::from_millis(1_100));
                }
                runs.push(measure(&program, case, &served));
            }
            let requests = served.calls().len() / runs.len();
            let least = (ROUNDS * latency_of(latency)).max(held_by_rates(&served, runs.len()));
            runs.sort_unstable();
            let (elapsed, memory) = runs[runs.len() / 2];
            let seconds = elapsed.as_secs_f64();
            let told = |value: f64| if value.is_finite() { format!("{value:.1}") } else { "-".to_owned() };
            println!(
                "| {} | {latency} ms | {} | {requests} | {} | {seconds:.2} | {} | {} | {} MiB |",
                case.name,
                page_size.map_or_else(|| "AWS's".to_owned(), |size| size.to_string()),
                served.refused_by_rate() / runs.len(),
                told(seconds / latency_of(latency)),
                told(seconds / least),
                memory / 1024
            );
        }
    }
}

fn latency_of(milliseconds: u64) -> f64 {
    Duration::from_millis(milliseconds).as_secs_f64()
}

/// How many seconds AWS's rates alone hold up the requests of one run.
fn held_by_rates(served: &Served, runs: usize) -> f64 {
    let calls = served.calls();
    let seconds = RATES.iter().map(|(limited, rate)| {
        let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
        for call in calls.iter().filter(|call| call.action.starts_with(limited)) {
            *counts.entry((&call.account, &call.region)).or_default() += 1;
        }
        counts.values().map(|count| (count / runs).saturating_sub(1) / rate).max().unwrap_or(0)
    });
    seconds.max().and_then(|seconds| u32::try_from(seconds).ok()).map_or(0.0, f64::from)
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
