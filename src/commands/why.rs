//! `idc why`: collect or replay, diagnose, tell.

use std::io;
use std::path::Path;

use jiff::Timestamp;

#[cfg(feature = "live")]
use super::interrupt;
use super::live::Live;
use super::{asked, recording_file, several};
use crate::answers::diagnosis::{Diagnosis, Replayed, diagnose};
use crate::answers::links;
use crate::cli::terminal;
use crate::cli::{Form, KEPT, Output, Why};
use crate::error::Error;
use crate::evidence::{self, Evidence, History};
use crate::input;
use crate::redact::redact_or_refuse;
use crate::render;
use crate::verdict::Verdict;

/// The largest recording that is read. Cases of large organizations are of a few MB.
pub(super) const LARGEST: u64 = 64 << 20;

/// What stands for a standard stream in the place of a file.
const STANDARD: &str = "-";

/// Answers, and returns the exit code of the verdict, or 0 where only errors shall count.
pub fn run(why: &Why) -> Result<u8, Error> {
    #[cfg(feature = "live")]
    interrupt::outlive_full_files();
    if let Some(path) = &why.record {
        if path.as_os_str() == STANDARD {
            return Err(Error::Usage(
                "--record takes a file: standard output is for the answer (a file of that name is ./-)".to_owned(),
            ));
        }
        recording_file::check(path).map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    if !why.each.is_empty() || why.users.is_some() {
        return several::run(why);
    }
    let mut evidence = if let Some(path) = &why.replay {
        #[cfg(feature = "live")]
        interrupt::watch(|| ());
        if super::organization::is_file(path) { replay_organization(path, why)? } else { replay_case(path, why)? }
    } else {
        let (question, who) = asked::question(why)?;
        Live::new(why)?.ask(question, who)?
    };
    // Whether or not it can be written, the answer is there.
    let recorded = why.record.as_ref().map_or(Ok(()), |path| record(path, &evidence, why.redact));
    if why.no_history {
        evidence.history = History::unasked();
    }
    let replayed = why.replay.as_ref().map(|path| Replayed { file: name(path), now: Timestamp::now() });
    let diagnosis = Diagnosis { replayed, ..diagnose(&evidence) };
    tell(&diagnosis, &why.output)?;
    if let Err(error) = recorded {
        super::say_error(&error);
        return Ok(error.exit_code());
    }
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

/// A question about somebody, answered from the file of a whole organization.
fn replay_organization(path: &Path, why: &Why) -> Result<Evidence, Error> {
    if why.me || why.like.is_some() {
        return Err(Error::Usage("the file of an organization answers neither --me nor --like".to_owned()));
    }
    let (question, _) = asked::question(why)?;
    super::organization::replay_question(path, question)
}

/// The case of a recording: USER and ACCOUNT come from it.
fn replay_case(path: &Path, why: &Why) -> Result<Evidence, Error> {
    if why.user.is_some() || why.account.is_some() {
        return Err(Error::Usage(
            "--replay takes USER and ACCOUNT from the file: leave them out (the file of an organization, which answers \
             about anybody, is SQLite, and this is not)"
                .to_owned(),
        ));
    }
    if why.since > KEPT {
        return Err(Error::Usage("--since: CloudTrail keeps events for 90d".to_owned()));
    }
    if why.permission_set.is_some() || why.group.is_some() {
        return Err(Error::Usage(
            "--replay answers what was asked when the case was recorded: leave out --permission-set and --group"
                .to_owned(),
        ));
    }
    replay(path)
}

fn replay(path: &Path) -> Result<Evidence, Error> {
    let failed = |source| Error::Read { path: name(path).into(), source };
    let bytes =
        if path.as_os_str() == STANDARD { input::standard_input(LARGEST) } else { input::file_or_pipe(path, LARGEST) };
    let json = String::from_utf8(bytes.map_err(failed)?);
    let json =
        json.map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error().to_string())))?;
    evidence::read(&json).map_err(|source| Error::Recording { path: name(path).into(), source })
}

/// A file for people.
fn name(path: &Path) -> String {
    if path.as_os_str() == STANDARD { "standard input".to_owned() } else { path.display().to_string() }
}

/// The evidence under made-up names. The answer is told with the real ones: whoever asked may know them.
fn redacted(evidence: &Evidence) -> Result<Evidence, Error> {
    super::made_up_names(|seed| redact_or_refuse(evidence, seed))
}

/// Writes the evidence, under made-up names where that is asked for.
fn record(path: &Path, evidence: &Evidence, is_redacted: bool) -> Result<(), Error> {
    let failed = |source: io::Error| Error::Write { path: path.to_owned(), source };
    let made_up = if is_redacted { Some(redacted(evidence)?) } else { None };
    let json = evidence::to_json(made_up.as_ref().unwrap_or(evidence)).map_err(|error| failed(error.into()))?;
    recording_file::write(path, json.as_bytes()).map_err(failed)
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
    let is_painted = style.color && output.output == Form::Table;
    if is_painted && !output.quiet && terminal::takes_links() {
        let found = diagnosis.root_cause.iter().chain(&diagnosis.also);
        let rules: Vec<&str> = found.map(|finding| finding.rule).collect();
        text = links::linked(&String::from_utf8_lossy(&text), &rules).into_bytes();
    }
    super::print(&text, super::painted(is_painted || output.quiet && style.color))
}
