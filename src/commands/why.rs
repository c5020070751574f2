//! `idc why`: collect or replay, diagnose, tell.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

#[cfg(feature = "live")]
use super::interrupt;
use crate::answers::diagnosis::{Diagnosis, diagnose};
#[cfg(feature = "live")]
use crate::aws_files::AwsFiles;
use crate::cli::terminal;
use crate::cli::{Form, Output, Why};
use crate::error::Error;
#[cfg(feature = "live")]
use crate::evidence::Pasted;
use crate::evidence::{self, Evidence};
use crate::redact::redact;
use crate::render;
use crate::verdict::Verdict;

/// Answers, and returns the exit code of the verdict, or 0 where only errors shall count.
pub fn run(why: &Why) -> Result<u8, Error> {
    if let Some(path) = &why.record {
        check_writable(path)?;
    }
    let evidence = match &why.replay {
        Some(path) => replay(path)?,
        None => live(why)?,
    };
    if let Some(path) = &why.record {
        if why.redact {
            record(path, &redacted(&evidence)?)?;
        } else {
            record(path, &evidence)?;
        }
    }
    let diagnosis = diagnose(&evidence);
    tell(&diagnosis, &why.output)?;
    Ok(if why.exit_zero { 0 } else { exit_code(diagnosis.verdict) })
}

/// The exit code of a verdict.
pub const fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Reachable => 0,
        Verdict::Blocked => 10,
        Verdict::Degraded => 11,
        Verdict::Inconclusive => 12,
    }
}

fn replay(path: &Path) -> Result<Evidence, Error> {
    let json = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    evidence::read(&json).map_err(|source| Error::Recording { path: path.to_owned(), source })
}

#[cfg(not(feature = "live"))]
fn live(_: &Why) -> Result<Evidence, Error> {
    Err(Error::Usage("this build of idc reads recordings only: give one with --replay FILE".to_owned()))
}

#[cfg(feature = "live")]
fn live(why: &Why) -> Result<Evidence, Error> {
    use crate::collect::{Progress, Settings, Show, collect, collect_myself};

    let question = question(why)?;
    let files = AwsFiles::find();
    question.profile.iter().chain(&question.target_profile).try_for_each(|profile| files.require_profile(profile))?;
    let like = why.like.as_deref().map(str::trim).filter(|colleague| !colleague.is_empty());
    let show = match (why.output.verbose > 0, why.output.quiet) {
        (true, _) => Show::Calls,
        (_, true) => Show::Nothing,
        (false, false) => Show::Progress,
    };
    if why.output.verbose > 1 || std::env::var_os("IDC_LOG").is_some_and(|value| !value.is_empty()) {
        terminal::log_the_sdk();
    }
    let mut settings = Settings::new(why.aws.timeout);
    settings.region = why.aws.region.clone().filter(|region| !region.is_empty());
    settings.progress = Progress::new(show);
    let shown = settings.progress.clone();
    interrupt::watch(move || shown.finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let collected = if why.me {
        let who = if why.account.is_some() { evidence::Oneself::Named } else { evidence::Oneself::Unnamed };
        runtime.block_on(Box::pin(collect_myself(question, who, like, &settings)))
    } else {
        runtime.block_on(Box::pin(collect(question, like, &settings)))
    };
    // What still looks up a name has no say any more.
    runtime.shutdown_background();
    collected
}

#[cfg(feature = "live")]
fn question(why: &Why) -> Result<evidence::Question, Error> {
    let (user, account) = whom_and_where(why)?;
    let user = user.map_or(evidence::YOURSELF, str::trim);
    if user.is_empty() {
        return Err(Error::Usage("USER is empty: give a user name, an e-mail or a user id".to_owned()));
    }
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let asked = given(&why.permission_set);
    let asked = asked.map(|name| evidence::permission_set_of_role(&name).map_or(name.clone(), str::to_owned));
    let permission_set = match (asked, account.permission_set.clone()) {
        (Some(asked), Some(pasted)) if asked != pasted => {
            return Err(Error::Usage(format!(
                "--permission-set asks about {asked}, but the role or link given as ACCOUNT is of {pasted}"
            )));
        }
        (asked, pasted) => asked.or(pasted),
    };
    Ok(evidence::Question {
        user: user.to_owned(),
        account: account.account.clone(),
        permission_set,
        group: given(&why.group),
        since: why.since,
        profile: given(&why.aws.profile),
        target_profile: given(&why.aws.target_profile),
        target_role: given(&why.aws.target_role),
    })
}

/// USER, if one is given, and ACCOUNT. With --me a single word is the account.
#[cfg(feature = "live")]
fn whom_and_where(why: &Why) -> Result<(Option<&str>, Pasted), Error> {
    match (&why.user, &why.account) {
        (Some(user), Some(account)) => Ok((Some(user), account.clone())),
        (Some(account), None) if why.me => {
            let wrong = |reason| Error::Usage(format!("ACCOUNT {account:?} cannot be meant: {reason}"));
            Ok((None, account.parse().map_err(wrong)?))
        }
        _ if why.me => Err(Error::Usage("ACCOUNT is required: idc why --me ACCOUNT".to_owned())),
        _ => Err(Error::Usage("USER and ACCOUNT are required".to_owned())),
    }
}

/// Finds out before any call is made whether the recording could be written.
fn check_writable(path: &Path) -> Result<(), Error> {
    let refuse = |kind: io::ErrorKind| Err(Error::Write { path: path.to_owned(), source: kind.into() });
    if path.symlink_metadata().is_ok() {
        return refuse(io::ErrorKind::AlreadyExists);
    }
    if folder(path).is_dir() { Ok(()) } else { refuse(io::ErrorKind::NotFound) }
}

/// The evidence under made-up names. The answer is told with the real ones: whoever asked may know them.
fn redacted(evidence: &Evidence) -> Result<Evidence, Error> {
    let seed = getrandom::u64().map_err(|error| Error::Random(error.to_string()))?;
    redact(evidence, seed).ok_or(Error::Unredactable)
}

/// Writes a recording in one step, readable by its owner alone, never over another file.
fn record(path: &Path, evidence: &Evidence) -> Result<(), Error> {
    let failed = |source: io::Error| Error::Write { path: path.to_owned(), source };
    let json = evidence::to_json(evidence).map_err(|error| failed(error.into()))?;
    #[cfg(feature = "live")]
    let _whole = interrupt::hold_off();
    let mut file = tempfile::NamedTempFile::new_in(folder(path)).map_err(failed)?;
    file.write_all(json.as_bytes()).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    Ok(())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Prints the answer in the form asked for.
fn tell(diagnosis: &Diagnosis, output: &Output) -> Result<(), Error> {
    let style = terminal::style(output.color);
    let mut text = Vec::new();
    match (output.quiet, output.output) {
        (true, Form::Table | Form::Markdown) => render::line::write(&mut text, diagnosis, &style)?,
        (false, Form::Table) => render::table::write(&mut text, diagnosis, &style, output.verbose > 0)?,
        (false, Form::Markdown) => render::markdown::write(&mut text, diagnosis)?,
        (_, Form::Json) => render::json::write(&mut text, diagnosis)?,
    }
    super::print(&text)
}
