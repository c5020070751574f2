//! The answer for people at a terminal: the answer first, then why, then what to do.

use std::io;

use textwrap::core::display_width;

use super::story::{Reader, Section, story};
use super::{Style, Tone, hints, verdict_tone, verdict_word};
use crate::answers::diagnosis::{Diagnosis, Moment};
use crate::findings::Fix;
use crate::wording;

mod cause;
mod chains;
mod checks;
mod comparison;
mod gates;
pub mod organization;
mod own_machine;
mod page;
mod unread;

pub(super) use page::Page;

/// Writes the answer; `verbose` adds every check with its evidence, the timeline and who asked.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis, style: &Style, verbose: bool) -> io::Result<()> {
    let told = story(diagnosis, Reader::AtTerminal { verbose });
    let written = |extent: Extent| -> io::Result<String> {
        let mut text = Vec::new();
        let page = &mut Page { out: &mut text, style };
        told.iter().try_for_each(|part| section(page, diagnosis, part, extent))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    };
    // The terminal wraps what is longer than a row, which commands may be.
    let rows = |line: &str| display_width(line).div_ceil(style.width).max(1);
    let over = |text: &str| text.lines().map(rows).sum::<usize>().saturating_sub(style.height);
    let whole = written(Extent { verbose, ..Extent::WHOLE })?;
    if verbose || over(&whole) == 0 || diagnosis.paths.len() > 1 || style.width < COLUMNS {
        return out.write_all(whole.as_bytes());
    }
    // A small terminal shows one fault on one way at a glance: what can be spared goes first, and the steps that would
    // have to be taken in any case go last.
    let steps = diagnosis.root_cause.as_ref().map_or(0, |root| root.fault.fixes.len());
    let spared = [Spared::EmptyLine, Spared::Evidence, Spared::Moments].map(|spared| (spared, usize::MAX));
    let fewer = (1..steps).rev().map(|steps| (Spared::Moments, steps));
    for (spared, steps) in spared.into_iter().chain(fewer).chain([(Spared::Chain, 1)]) {
        let shorter = written(Extent { verbose, spared, steps })?;
        let empty = if spared < Spared::Moments { 0 } else { over(&shorter) };
        let shorter = without_empty_lines(&shorter, empty);
        if over(&shorter) == 0 {
            return out.write_all(shorter.as_bytes());
        }
    }
    out.write_all(whole.as_bytes())
}

/// A text without so many of its empty lines: first those before what is indented, last that before the fix.
fn without_empty_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_empty = |index: &usize| lines[*index].trim().is_empty();
    let worth = |index: &usize| match lines.get(index + 1) {
        Some(line) if line.starts_with(' ') => 0,
        Some(line) if line.contains("Fix") => 2,
        Some(_) | None => 1,
    };
    let mut dropped: Vec<usize> = (0..lines.len()).filter(is_empty).collect();
    dropped.sort_by_key(worth);
    dropped.truncate(count);
    lines.iter().enumerate().filter(|(index, _)| !dropped.contains(index)).map(|(_, line)| *line).collect()
}

/// How much is told.
#[derive(Debug, Clone, Copy)]
struct Extent {
    /// Everything.
    verbose: bool,
    /// What is left out.
    spared: Spared,
    /// How many steps of the fix.
    steps: usize,
}

/// What can be left out for the rows that it takes, each with all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spared {
    Nothing,
    /// The empty line before what to type next.
    EmptyLine,
    /// What shows the root cause beside its own words.
    Evidence,
    /// When it came about, and what else the past tells; and as many empty lines as it takes.
    Moments,
    /// The way as a picture: the words have told it.
    Chain,
}

impl Extent {
    const WHOLE: Self = Self { verbose: false, spared: Spared::Nothing, steps: usize::MAX };

    fn has(self, what: Spared) -> bool {
        self.spared < what
    }
}

/// What a terminal has from of old.
const COLUMNS: usize = 80;

fn section(page: &mut Page<'_>, diagnosis: &Diagnosis, section: &Section<'_>, extent: Extent) -> io::Result<()> {
    let verbose = extent.verbose;
    match section {
        Section::Verdict(headline) => verdict(page, diagnosis, headline),
        Section::Origin(origin) => page.text(origin, "", "  "),
        Section::IfNot(sentence, command) => {
            page.gap()?;
            page.text(sentence, "", "")?;
            command.iter().try_for_each(|command| page.command("  ", command))
        }
        Section::Sentence(sentence) | Section::Refused(sentence) => {
            page.gap()?;
            page.text(sentence, "", "")
        }
        Section::Machine(own) => own_machine::write(page, own),
        Section::NoWayIn(door) => unread::no_way_in(page, diagnosis, door, verbose),
        Section::Settles(gaps) => unread::settle(page, gaps, verbose),
        Section::Cause(root) => {
            page.gap()?;
            cause::paragraph(page, diagnosis, root, ("", ""), verbose)?;
            let hints = hints::hints(&root.finding.fault, verbose);
            let hints = if extent.has(Spared::Evidence) {
                hints
            } else {
                hints.into_iter().filter(|hint| !hints::is_detail(hint)).collect()
            };
            hints.iter().try_for_each(|hint| page.text(hint, "", "  "))?;
            let again = hints::ask_again(diagnosis, &root.finding.fault);
            again.iter().try_for_each(|command| page.command("  ", command))
        }
        Section::Since(since) => page.text(&wording::capitalised(since), "", "  "),
        Section::Moments(_) if !extent.has(Spared::Moments) => Ok(()),
        Section::Moments(moments) => {
            moments.iter().try_for_each(|moment| page.text(&when_to_the_minute(moment), "", "  "))
        }
        Section::Ways if !extent.has(Spared::Chain) => Ok(()),
        Section::Ways => chains::write(page, diagnosis),
        Section::Gates(rows) => gates::write(page, diagnosis, rows, extent),
        Section::Checks => checks::write(page, diagnosis),
        Section::Fixes(fixes) => {
            page.title("Fix")?;
            shell_note(cfg!(windows), fixes).iter().try_for_each(|note| page.text(note, "  ", "  "))?;
            let shown = if verbose { fixes.len() } else { cause::enough(fixes).min(extent.steps) };
            cause::steps(page, fixes.iter().take(shown), "  ")?;
            let more = fixes.len() - shown;
            let more = (more > 0).then(|| {
                let more = wording::count(more, "more step");
                if cause::are_alike(fixes) {
                    format!("and {more} (all with --verbose)")
                } else {
                    // The first of several may do harm without the others.
                    format!("and {more}: read all with --verbose before you begin")
                }
            });
            more.iter().try_for_each(|more| page.text(more, "  ", "  "))
        }
        Section::Also(causes) => cause::also(page, diagnosis, causes, verbose),
        Section::Compared(comparison) => comparison::write(page, comparison, verbose),
        Section::Notes(notes) => {
            let kept = |note: &&String| extent.has(Spared::Moments) || !diagnosis.past.contains(note);
            let notes: Vec<&String> = notes.iter().filter(kept).collect();
            if notes.is_empty() {
                return Ok(());
            }
            page.gap()?;
            notes.iter().try_for_each(|note| page.text(&format!("Note: {note}"), "", "  "))
        }
        Section::Timeline(moments) => timeline(page, moments),
        Section::NotChecked(gaps) => unread::not_checked(page, gaps, verbose),
        Section::Made => provenance(page, diagnosis),
        Section::More(commands) => {
            if extent.has(Spared::EmptyLine) {
                page.gap()?;
            }
            more(page, commands)
        }
    }
}

/// For which shell commands are quoted, where the reader's own may be another.
fn shell_note(is_windows: bool, fixes: &[Fix]) -> Option<&'static str> {
    let has_command = fixes.iter().any(|fix| fix.command.is_some());
    (is_windows && has_command).then_some("The commands are quoted for a POSIX shell, such as Git Bash or that of WSL.")
}

fn verdict(page: &mut Page<'_>, diagnosis: &Diagnosis, headline: &str) -> io::Result<()> {
    let word = verdict_word(diagnosis.verdict);
    // The rest of a long sentence stands under its beginning, where there is room for that.
    let indent = if page.style.width >= 60 { word.len() + 2 } else { 2 };
    let tone = verdict_tone(diagnosis.verdict);
    page.led((word, tone), &format!("  {headline}"), &" ".repeat(indent))
}

fn timeline(page: &mut Page<'_>, moments: &[Moment]) -> io::Result<()> {
    page.title("What happened when, the newest first")?;
    let line = |moment: &Moment| {
        let by = moment.who.as_ref().map(|who| format!(", by {who}")).unwrap_or_default();
        format!("{}{by} ({})", when(moment), moment.call)
    };
    // What explains the cause stands out.
    let first = |moment: &Moment| if moment.explains { "> " } else { "  " };
    moments.iter().rev().try_for_each(|moment| page.text(&line(moment), first(moment), "    "))
}

fn when_to_the_minute(moment: &Moment) -> String {
    format!("{} UTC  {}", moment.at.strftime("%Y-%m-%d %H:%M"), moment.what)
}

/// When something happened, and what. Nobody needs more than the second.
fn when(moment: &Moment) -> String {
    format!("{} UTC  {}", moment.at.strftime("%Y-%m-%d %H:%M:%S"), moment.what)
}

fn provenance(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    let by = diagnosis.caller.as_ref().map(|caller| format!(" as {}", caller.arn)).unwrap_or_default();
    let calls = wording::count(diagnosis.calls.try_into().unwrap_or(usize::MAX), "call");
    page.gap()?;
    page.text(
        &format!("Asked{by} with {calls}, the last at {} UTC", diagnosis.collected_at.strftime("%Y-%m-%d %H:%M:%S")),
        "",
        "  ",
    )
}

const MORE: &str = "More:";

/// Tells what to type next.
fn more(page: &mut Page<'_>, commands: &[String]) -> io::Result<()> {
    let line = format!(" {}", commands.join(", "));
    if MORE.len() + line.len() <= page.style.columns() {
        return page.led((MORE, Tone::Strong), &line, "");
    }
    page.led((MORE, Tone::Strong), "", "")?;
    commands.iter().try_for_each(|command| page.line(&format!("  {command}")))
}

#[cfg(test)]
mod tests;
