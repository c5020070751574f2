//! The answer for people at a terminal: the answer first, then why, then what to do.

use std::io;

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

use page::Page;

/// Writes the answer; `verbose` adds every check with its evidence, the timeline and who asked.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis, style: &Style, verbose: bool) -> io::Result<()> {
    let page = &mut Page { out, style };
    story(diagnosis, Reader::AtTerminal { verbose }).iter().try_for_each(|part| section(page, diagnosis, part, verbose))
}

fn section(page: &mut Page<'_>, diagnosis: &Diagnosis, section: &Section<'_>, verbose: bool) -> io::Result<()> {
    match section {
        Section::Verdict(headline) => verdict(page, diagnosis, headline),
        Section::Origin(origin) => page.text(origin, "", "  "),
        Section::Sentence(sentence) => {
            page.gap()?;
            page.text(sentence, "", "")
        }
        Section::Machine(own) => own_machine::write(page, own),
        Section::Settles(gaps) => unread::settle(page, gaps),
        Section::Cause(root) => {
            page.gap()?;
            cause::paragraph(page, diagnosis, root, ("", ""))?;
            let hints = hints::hints(&root.finding.fault, verbose);
            hints.iter().try_for_each(|hint| page.text(hint, "", "  "))
        }
        Section::Ways => chains::write(page, diagnosis),
        Section::Gates(rows) => gates::write(page, diagnosis, rows, verbose),
        Section::Checks => checks::write(page, diagnosis),
        Section::Fixes(fixes) => {
            page.title("Fix")?;
            shell_note(cfg!(windows), fixes).iter().try_for_each(|note| page.text(note, "  ", "  "))?;
            cause::steps(page, *fixes, "  ")
        }
        Section::Also(causes) => cause::also(page, diagnosis, causes, verbose),
        Section::Compared(comparison) => comparison::write(page, comparison, verbose),
        Section::Notes(notes) => {
            page.gap()?;
            notes.iter().try_for_each(|note| page.text(&format!("Note: {note}"), "", "  "))
        }
        Section::Timeline(moments) => timeline(page, moments),
        Section::NotChecked(gaps) => unread::not_checked(page, gaps, verbose),
        Section::Made => provenance(page, diagnosis),
        Section::More(commands) => more(page, commands),
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
    page.title("What happened when")?;
    let line = |moment: &Moment| format!("{}  {} ({})", moment.at, moment.what, moment.call);
    moments.iter().try_for_each(|moment| page.text(&line(moment), "  ", "    "))
}

fn provenance(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    let by = diagnosis.caller.as_ref().map(|caller| format!(" as {}", caller.arn)).unwrap_or_default();
    let calls = wording::count(diagnosis.calls.try_into().unwrap_or(usize::MAX), "call");
    page.gap()?;
    page.text(&format!("Asked{by} with {calls}, the last at {}", diagnosis.collected_at), "", "  ")
}

const MORE: &str = "More:";

/// Tells what to type next.
fn more(page: &mut Page<'_>, commands: &[String]) -> io::Result<()> {
    page.gap()?;
    let line = format!(" {}", commands.join(", "));
    if MORE.len() + line.len() <= page.style.columns() {
        return page.led((MORE, Tone::Strong), &line, "");
    }
    page.led((MORE, Tone::Strong), "", "")?;
    commands.iter().try_for_each(|command| page.line(&format!("  {command}")))
}

#[cfg(test)]
mod tests;
