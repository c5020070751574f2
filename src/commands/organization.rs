//! `idc scan`, `idc who` and `idc access`: collect or replay, judge, tell.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::outputs::{self, Kind, tell};
use crate::answers::organization::{self as answers, Outcome};
use crate::cli::config;
use crate::cli::organization::{Access, FailOn, Outputs, Reach, Scan, Who};
use crate::error::Error;
use crate::evidence::{About, Evidence, Narrowed, Question, Scope, Snapshot};
use crate::model::organization::{
    account_asked, account_not_found, entitled, evidence, fitting, person, person_not_found,
};
use crate::render::organization::{Answer, Format};
use crate::{input, terraform};

/// The longest file of a review: a million rows.
const LONGEST_REVIEW: u64 = 512 << 20;

/// Finds everything that is broken, and returns the exit code that `--fail-on` asks for.
pub fn scan(scan: &Scan) -> Result<u8, Error> {
    outputs::check(&scan.output, Kind::Scan, &[&scan.record, &scan.replay, &scan.against, &scan.plan])?;
    let given = |values: &[String]| values.iter().filter(|value| !value.is_empty()).cloned().collect();
    let narrowed = Narrowed {
        accounts: given(&scan.account),
        units: given(&scan.ou),
        permission_sets: given(&scan.permission_set),
        full: scan.full,
        exhaustive: scan.exhaustive,
        last_used: scan.last_used,
    };
    let reach = HowToAsk { reach: &scan.aws, output: &scan.output, timeout: scan.timeout, rate: Some(scan.rate) };
    let review = scan.reviewed.as_deref().map(review).transpose()?;
    let planned = scan.plan.as_deref().map(plan).transpose()?;
    let (snapshot, file) = if let Some(path) = &scan.replay {
        let about = |kept: &About| planned.clone().unwrap_or_else(|| narrowed_anew(kept, &narrowed));
        (replay(path, about)?, None)
    } else {
        let about = match planned {
            Some(planned) => planned,
            None if scan.before_assign => About::BeforeAssign(narrowed),
            None => About::Everything(narrowed),
        };
        let scope = scope(about, &scan.aws)?;
        match &scan.record {
            Some(path) => recorded(scope, reach, path, scan.resume)?,
            None => (live(scope, reach)?, None),
        }
    };
    let snapshot = answers::prepare(snapshot);
    fitting(&snapshot)?;
    let mut answer = match &snapshot.scope.about {
        About::Planned(_) => answers::planned(&snapshot),
        _ if scan.before_assign => answers::before_assign(&snapshot),
        _ => answers::scan(&snapshot),
    };
    if let Some(revoked) = &review {
        answers::reviewed(&mut answer, &snapshot, revoked);
    }
    if let Some(path) = &scan.against {
        let older = answers::prepare(replay(path, About::clone)?);
        answers::compare(&mut answer, &answers::scan(&older), (&snapshot, &older));
    }
    answers::accept(&mut answer, &config::find()?.accepted, Offset::UTC.to_datetime(Timestamp::now()).date());
    if scan.only_new {
        answers::only_new(&mut answer);
    }
    answer.relations = outputs::has(&scan.output, Format::Html).then(|| answers::relations(&snapshot));
    tell(&scan.output, &Answer::Scan(&answer))?;
    if let Some(file) = file {
        // Whether or not the file is whole, the answer is there.
        file.finish(&snapshot, &answer)?;
    }
    Ok(exit_code(scan.fail_on, &answer))
}

/// What a plan of Terraform would do.
fn plan(path: &Path) -> Result<About, Error> {
    let read = |source| Error::Read { path: path.to_owned(), source };
    let bytes = if path == Path::new("-") {
        input::standard_input(terraform::LONGEST).map_err(read)?
    } else {
        input::file_or_pipe(path, terraform::LONGEST).map_err(read)?
    };
    let plan = terraform::read(&bytes).map_err(|source| Error::Plan { path: path.to_owned(), source })?;
    Ok(About::Planned(Box::new(plan)))
}

/// What a review decided to revoke.
fn review(path: &Path) -> Result<Vec<answers::Revocation>, Error> {
    let bytes =
        input::file_or_pipe(path, LONGEST_REVIEW).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let because = |message| Error::Read { path: path.to_owned(), source: std::io::Error::other(message) };
    answers::read_review(&bytes).map_err(because)
}

/// Tells who can get into an account.
pub fn who(who: &Who) -> Result<u8, Error> {
    outputs::check(&who.output, Kind::Ways, &[&who.replay])?;
    let about = About::Account(who.account.account.clone());
    let reach = HowToAsk { reach: &who.aws, output: &who.output, timeout: who.timeout, rate: None };
    let snapshot = match &who.replay {
        Some(path) => replay(path, |_| about.clone())?,
        None => live(scope(about, &who.aws)?, reach)?,
    };
    let typed = who.account.account.text().to_owned();
    if let Err(several) = account_asked(&snapshot) {
        let ids: Vec<String> = several.into_iter().map(str::to_owned).collect();
        return Err(if ids.is_empty() {
            account_not_found(&snapshot, &who.account.account)
        } else {
            Error::AmbiguousAccount { name: typed, ids }
        });
    }
    let snapshot = answers::prepare(snapshot);
    let answer = answers::who(&snapshot);
    tell(&who.output, &Answer::Who(&answer))?;
    Ok(code_of(answer.made.complete))
}

/// Tells where a person can get in.
pub fn access(access: &Access) -> Result<u8, Error> {
    let typed = access.user.trim();
    if typed.is_empty() {
        return Err(Error::Usage("USER is empty: give a user name, an e-mail or a user id".to_owned()));
    }
    outputs::check(&access.output, Kind::Ways, &[&access.replay])?;
    let about = About::Person(typed.to_owned());
    let reach = HowToAsk { reach: &access.aws, output: &access.output, timeout: access.timeout, rate: None };
    let snapshot = match &access.replay {
        Some(path) => {
            let mut snapshot = replay(path, |_| about.clone())?;
            snapshot.user = person(&snapshot, typed).ok_or_else(|| person_not_found(&snapshot, typed))?;
            snapshot.entitlements_of = entitled(&snapshot, &snapshot.user);
            snapshot
        }
        None => live(scope(about, &access.aws)?, reach)?,
    };
    let snapshot = answers::prepare(snapshot);
    let answer = answers::access(&snapshot);
    tell(&access.output, &Answer::Access(&answer))?;
    Ok(code_of(answer.made.complete))
}

/// The exit code of an answer that is no verdict.
const fn code_of(complete: bool) -> u8 {
    if complete { 0 } else { 12 }
}

fn exit_code(fail_on: FailOn, scan: &answers::Scan) -> u8 {
    match (fail_on, scan.outcome) {
        (FailOn::Never, _) => 0,
        (_, Outcome::Broken) => 10,
        (FailOn::Degrades | FailOn::Unread, Outcome::Degraded) => 11,
        (FailOn::Unread, _) if !scan.made.complete => 12,
        (_, Outcome::Inconclusive) => 12,
        (FailOn::Blocks, Outcome::Degraded) | (_, Outcome::Clean) => 0,
    }
}

fn scope(about: About, reach: &Reach) -> Result<Scope, Error> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let target_role = given(&reach.target_role);
    if let Some(role) = target_role.as_deref().filter(|role| role.starts_with("arn:"))
        && !matches!(about, About::Account(_))
    {
        return Err(Error::Usage(format!(
            "--target-role is assumed in each account: give its name, and not the ARN of that of one account ({role})"
        )));
    }
    Ok(Scope { about, profile: given(&reach.profile), target_role, target_profile: given(&reach.target_profile) })
}

/// What a file was made for, narrowed as is asked now: what it does not hold is not asked for.
fn narrowed_anew(kept: &About, now: &Narrowed) -> About {
    match kept {
        About::Everything(then) => {
            let pick = |now: &[String], then: &[String]| if now.is_empty() { then.to_vec() } else { now.to_vec() };
            About::Everything(Narrowed {
                accounts: pick(&now.accounts, &then.accounts),
                units: pick(&now.units, &then.units),
                permission_sets: pick(&now.permission_sets, &then.permission_sets),
                full: then.full,
                exhaustive: then.exhaustive,
                last_used: then.last_used,
            })
        }
        other => other.clone(),
    }
}

/// How AWS is to be asked.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "live"), expect(dead_code, reason = "nothing is asked"))]
struct HowToAsk<'a> {
    reach: &'a Reach,
    output: &'a Outputs,
    timeout: Duration,
    rate: Option<u32>,
}

/// Whether a file is one of a whole organization, by its first bytes.
#[cfg(feature = "store")]
pub fn is_file(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 16];
    // To open a pipe that nobody writes to is to wait for ever.
    let is_plain = std::fs::metadata(path).is_ok_and(|found| found.is_file());
    let file = is_plain.then(|| std::fs::File::open(path).ok()).flatten();
    file.is_some_and(|mut file| file.read_exact(&mut head).is_ok()) && &head == crate::store::MAGIC
}

/// Without `SQLite`, none is.
#[cfg(not(feature = "store"))]
pub const fn is_file(_: &Path) -> bool {
    false
}

/// The evidence of one question, from such a file.
pub fn replay_question(path: &Path, question: Question) -> Result<Evidence, Error> {
    let snapshot = answers::prepare(replay(path, About::clone)?);
    let name = question.account.text().to_owned();
    evidence(&snapshot, question).map_err(|ids| Error::AmbiguousAccount { name, ids })
}

/// What a file of an organization holds, asked about something.
#[cfg(feature = "store")]
fn replay(path: &Path, about: impl FnOnce(&About) -> About) -> Result<Snapshot, Error> {
    let kept = crate::store::read(path).map_err(|source| Error::Store { path: path.to_owned(), source })?;
    let scope = Scope { about: about(&kept.scope.about), ..kept.scope };
    let last = kept.answers.iter().filter_map(|answer| answer.head().at).max();
    let mut snapshot = Snapshot::of(scope, kept.answers);
    snapshot.collected_at = kept.finished.or(last).unwrap_or(snapshot.collected_at);
    (snapshot.calls, snapshot.sso_calls) = (kept.calls, kept.sso_calls);
    snapshot.cut_off = kept.finished.is_none();
    Ok(snapshot)
}

#[cfg(not(feature = "store"))]
fn replay(_: &Path, _: impl FnOnce(&About) -> About) -> Result<Snapshot, Error> {
    Err(Error::Usage("this build of idc does not read the files of organizations".to_owned()))
}

/// A file that is being written.
struct File {
    #[cfg(all(feature = "store", feature = "live"))]
    store: crate::store::Store,
    /// What went wrong on the way: the answer comes first.
    #[cfg(all(feature = "store", feature = "live"))]
    failed: Option<crate::store::StoreError>,
}

#[cfg(all(feature = "store", feature = "live"))]
impl crate::collect::Keeper for File {
    fn keep(&mut self, answer: &crate::evidence::Answer) -> Result<(), Error> {
        if self.failed.is_none() {
            self.failed = self.store.keep(answer).err();
        }
        Ok(())
    }
}

#[cfg(all(feature = "store", feature = "live"))]
impl File {
    fn finish(self, snapshot: &Snapshot, scan: &answers::Scan) -> Result<(), Error> {
        let path = self.store.path().to_owned();
        let failed = |source| Error::Store { path: path.clone(), source };
        if let Some(source) = self.failed {
            return Err(failed(source));
        }
        let rows: Vec<crate::store::FindingRow> = scan.findings.iter().map(row).collect();
        self.store.finish(snapshot.calls, snapshot.sso_calls, &rows).map_err(failed)
    }
}

#[cfg(all(feature = "store", feature = "live"))]
fn row(finding: &answers::ScanFinding) -> crate::store::FindingRow {
    use crate::findings::{Confidence, Effect};
    crate::store::FindingRow {
        rule: finding.rule.to_owned(),
        effect: match finding.effect {
            Effect::Blocks => "blocks".to_owned(),
            Effect::Degrades => "degrades".to_owned(),
        },
        confidence: match finding.confidence {
            Confidence::Confirmed => "confirmed".to_owned(),
            Confidence::Likely => "likely".to_owned(),
        },
        message: finding.message.clone(),
        permission_set_arn: finding.permission_set.as_ref().map(|set| set.arn.clone()),
        people: finding.people.and_then(|people| i64::try_from(people).ok()),
        accounts: finding.accounts.iter().map(|account| account.id.clone()).collect(),
    }
}

#[cfg(not(all(feature = "store", feature = "live")))]
#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "there is no file to write")]
impl File {
    fn finish(self, _: &Snapshot, _: &answers::Scan) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(all(feature = "store", feature = "live"))]
fn recorded(scope: Scope, how: HowToAsk<'_>, path: &Path, resume: bool) -> Result<(Snapshot, Option<File>), Error> {
    use crate::store::Store;

    let failed = |source| Error::Store { path: path.to_owned(), source };
    let (store, known, calls) = if resume {
        let (store, kept) = Store::resume(path, &scope).map_err(failed)?;
        (store, kept.answers, (kept.calls, kept.sso_calls))
    } else {
        (Store::create(path, &scope).map_err(failed)?, Vec::new(), (0, 0))
    };
    let mut file = File { store, failed: None };
    let mut snapshot = collected(scope, how, known, &mut file)?;
    snapshot.calls += calls.0;
    snapshot.sso_calls += calls.1;
    Ok((snapshot, Some(file)))
}

#[cfg(not(all(feature = "store", feature = "live")))]
fn recorded(_: Scope, _: HowToAsk<'_>, _: &Path, _: bool) -> Result<(Snapshot, Option<File>), Error> {
    Err(Error::Usage("this build of idc does not write the files of organizations".to_owned()))
}

#[cfg(not(feature = "live"))]
fn live(_: Scope, _: HowToAsk<'_>) -> Result<Snapshot, Error> {
    Err(Error::Usage("this build of idc does not ask AWS".to_owned()))
}

#[cfg(feature = "live")]
fn live(scope: Scope, how: HowToAsk<'_>) -> Result<Snapshot, Error> {
    collected(scope, how, Vec::new(), &mut ())
}

#[cfg(feature = "live")]
fn collected(
    scope: Scope,
    how: HowToAsk<'_>,
    known: Vec<crate::evidence::Answer>,
    keeper: &mut dyn crate::collect::Keeper,
) -> Result<Snapshot, Error> {
    use super::interrupt;
    use crate::aws_files::AwsFiles;
    use crate::cli::terminal;
    use crate::collect::{Progress, Settings, Show, collect_organization};

    let HowToAsk { reach, output, timeout, rate } = how;
    let files = AwsFiles::find();
    files.require_files().map_err(|(path, source)| Error::Read { path, source })?;
    scope.profile.iter().chain(&scope.target_profile).try_for_each(|profile| files.require_profile(profile))?;
    let show = match (output.verbose > 0, output.quiet) {
        (true, _) => Show::Calls,
        (_, true) => Show::Nothing,
        (false, false) => Show::Progress,
    };
    if output.verbose > 1 || std::env::var_os("IDC_LOG").is_some_and(|value| !value.is_empty()) {
        terminal::log_the_sdk();
    }
    let mut settings = Settings::new(timeout);
    settings.region = reach.region.clone().filter(|region| !region.is_empty());
    settings.rate = rate;
    settings.progress = Progress::new(show);
    let shown = settings.progress.clone();
    interrupt::watch(move || shown.finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let collected = runtime.block_on(Box::pin(collect_organization(scope, known, &settings, keeper)));
    runtime.shutdown_background();
    collected
}
