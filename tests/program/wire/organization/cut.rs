//! A scan cut off at any call, gone on with, cut off again: in the end it says what it would have said at once, and asks
//! nothing anew whose answer is in the file. `CHANCE_SEED` draws other rounds, `CHANCE_CASES` more of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;

use super::files::said;
use super::{keep, small};
use crate::wire::chance::{SEED, draw, number};
use crate::wire::parallel;
use crate::wire::run::{Answer, Question};
use served::{Conduct, Fault, Kind, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

/// Some thirty seconds of a small machine.
const CASES: usize = 50;
/// No run of so small an organization takes longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is asked in every run: who asks, and where; and no file keeps the keys with which an account was entered.
const EACH_TIME: [&str; 4] =
    ["sts:GetCallerIdentity", "organizations:DescribeOrganization", "sso:ListInstances", "sts:AssumeRole"];

/// How many calls tell who asks, and where.
const FIRST: usize = 3;

/// Calls, by action.
type Counts = BTreeMap<String, usize>;

/// The small organization made so small that many rounds are few seconds.
fn smallest() -> Organization {
    let mut smallest = small();
    let accounts = ["acme-management", "prod-data", "dev-data"].map(|name| smallest.account_id(name));
    let sets = ["RedshiftAnalyst", "ReadOnly"].map(|name| smallest.permission_set_arn(name));
    keep(&mut smallest, &accounts, &sets);
    smallest
}

/// How a run ends too early.
#[derive(Clone, Debug)]
enum Cut {
    /// The program is killed after so many calls.
    Killed(usize),
    /// After so many calls AWS answers nothing but this.
    Failing(u32, Kind),
    /// One call after so many goes wrong, and the others don't.
    Once(u32, Kind),
}

/// One round: what is asked, and how it is cut off each time.
#[derive(Clone, Debug)]
struct Round {
    command: &'static str,
    cuts: Vec<Cut>,
}

fn cut(rng: &mut Rng, calls: usize) -> Cut {
    let after = rng.usize(1..calls);
    // Who asks, and where, are the first three calls: a test of its own has who asks fail.
    let few = u32::try_from(after.max(FIRST)).expect("few calls");
    let error = |status, code: &str| Kind::Error { status, code: code.into(), message: "no".into() };
    let kinds = [Kind::Denied, Kind::ExpiredToken, Kind::ServerError, Kind::Reset, error(400, "ValidationException")];
    match rng.u8(..4) {
        0 | 1 => Cut::Killed(after),
        2 => Cut::Failing(few, draw(rng, &kinds)),
        _ => Cut::Once(few, draw(rng, &kinds)),
    }
}

fn question(served: &Served, command: &str, file: &Path) -> Question {
    let command = format!("{command} --rate 20 --target-role {READ_ROLE} --record {}", file.display());
    // One attempt is enough: what fails is to fail.
    let environment = served.environment(MANAGEMENT_KEY, "us-east-1");
    Question::of_line(&command).environment(environment).environment([("AWS_MAX_ATTEMPTS".into(), "1".into())])
}

fn counts(served: &Served) -> Counts {
    let mut counts = Counts::new();
    for call in served.calls() {
        *counts.entry(call.action).or_default() += 1;
    }
    counts
}

/// The answers in a file, by call; none where nothing was written yet.
fn kept(file: &Path) -> Counts {
    let mut counts = Counts::new();
    let kept = idc::store::read(file).map(|kept| kept.answers).unwrap_or_default();
    for answer in kept.iter().filter(|answer| answer.head().known().is_ok()) {
        *counts.entry(answer.call().action().to_owned()).or_default() += 1;
    }
    counts
}

/// Runs until the cut.
fn run_until(cut: &Cut, organization: &Organization, command: &str, (file, resume): (&Path, bool)) {
    let conduct = match cut {
        Cut::Killed(_) => Conduct::default(),
        Cut::Failing(after, kind) => Conduct::default().with_fault(Fault::on("*", kind.clone()).after(*after)),
        Cut::Once(after, kind) => Conduct::default().with_fault(Fault::on("*", kind.clone()).after(*after).times(1)),
    };
    let served = Served::start(organization.clone(), conduct);
    let question = question(&served, command, file);
    let question = if resume { question.with(&["--resume"]) } else { question };
    let mut command = question.command();
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    let begun = Instant::now();
    while running.try_wait().expect("it can be watched").is_none() {
        let is_over = matches!(cut, Cut::Killed(after) if served.calls().len() >= *after);
        if is_over || begun.elapsed() > PATIENCE {
            running.kill().expect("it is killed");
            running.wait().expect("it ends");
            return;
        }
        sleep(Duration::from_millis(1));
    }
}

/// A run that goes on asks no more than what the whole takes, but for what the file holds.
fn asked_anew(whole: &Counts, kept: &Counts, asked: &Counts) -> Result<(), String> {
    let of = |counts: &Counts, action: &str| counts.get(action).copied().unwrap_or(0);
    for action in whole.keys().chain(asked.keys()).filter(|action| !EACH_TIME.contains(&action.as_str())) {
        let (whole, kept, asked) = (of(whole, action), of(kept, action), of(asked, action));
        // Where a list failed, its rows may have been asked for one by one before.
        if asked > whole.saturating_sub(kept) {
            return Err(format!("{action} takes {whole}, {kept} answers were kept, and {asked} were asked"));
        }
    }
    Ok(())
}

fn go(round: &Round, organization: &Organization, whole: &(Value, Counts)) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    for cut in &round.cuts {
        let resume = file.exists();
        run_until(cut, organization, round.command, (&file, resume));
    }
    let before = kept(&file);
    let resume = file.exists();
    let served = Served::start(organization.clone(), Conduct::default());
    let last = question(&served, round.command, &file);
    let answer: Answer = if resume { last.with(&["--resume"]) } else { last }.ask();
    answer.json()?;
    let told = said(&answer);
    if told != whole.0 {
        return Err(format!("it says {told:#}"));
    }
    asked_anew(&whole.1, &before, &counts(&served))?;
    let replayed = said(&Question::of_line("scan").with(&["--replay", file.to_str().unwrap()]).ask());
    if replayed == whole.0 { Ok(()) } else { Err(format!("from the file it says {replayed:#}")) }
}

/// What the whole says at once, and what it takes.
fn at_once(command: &str, organization: &Organization) -> (Value, Counts) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let served = Served::start(organization.clone(), Conduct::default());
    let answer = question(&served, command, &file).ask();
    let told = said(&answer);
    assert_eq!(told["complete"], true, "{:#}", told["gaps"]);
    assert_ne!(told["findings"], serde_json::json!([]), "there is something to lose");
    let counts = counts(&served);
    asked_anew(&counts, &kept(&file), &Counts::new()).expect("no answer is there without a call");
    (told, counts)
}

#[test]
fn cut_off_at_any_call_it_goes_on_and_says_the_same() {
    let organization = smallest();
    let commands = ["scan", "scan --full"];
    let whole = commands.map(|command| (command, at_once(command, &organization)));
    let seed = number("CHANCE_SEED", SEED);
    let mut rng = Rng::with_seed(seed + 3);
    let rounds: Vec<Round> = (0..number("CHANCE_CASES", CASES))
        .map(|_| {
            let (command, (_, counts)) = draw(&mut rng, &whole.each_ref());
            let calls = counts.values().sum();
            let cuts = (0..draw(&mut rng, &[1, 1, 1, 2])).map(|_| cut(&mut rng, calls)).collect();
            Round { command, cuts }
        })
        .collect();
    parallel::each(
        &rounds,
        |round| format!("{seed}: {round:?}"),
        |round| {
            let whole = whole.iter().find(|(command, _)| *command == round.command).expect("a command");
            go(round, &organization, &whole.1)
        },
    );
}

/// Evidence without the account in which it was asked.
fn without_places(answer: &Value) -> Value {
    let mut answer = answer.clone();
    for finding in answer["findings"].as_array_mut().into_iter().flatten() {
        for citation in finding["evidence"].as_array_mut().into_iter().flatten() {
            citation["account"] = Value::Null;
        }
    }
    answer
}

/// Where the run that was cut off did not know who asked, its answers name no account: the one that goes on may ask from
/// another, and does not guess. All else is the same.
#[test]
fn who_asked_before_is_not_guessed() {
    let organization = smallest();
    let (whole, _) = at_once("scan --full", &organization);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let denied = Conduct::default().with_fault(Fault::on("sts:GetCallerIdentity", Kind::Denied));
    let served = Served::start(organization.clone(), denied);
    question(&served, "scan --full", &file).ask();
    let served = Served::start(organization.clone(), Conduct::default());
    let told = said(&question(&served, "scan --full", &file).with(&["--resume"]).ask());
    assert_ne!(told, whole, "it is told where they were asked: then nothing need be left out here");
    assert_eq!(without_places(&told), without_places(&whole));
}
