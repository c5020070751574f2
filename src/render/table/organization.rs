//! Answers about an organization for people: what is wrong first, the worst first, with what mends it.

use std::io;

use textwrap::core::display_width;

use super::super::gaps::{Across, across};
use super::super::organization::{effect_word, outcome_word};
use super::super::{Style, Tone, confidence_word};
use super::cause::under_it;
use super::page::Page;
use super::shell_note;
use crate::answers::organization::{Made, Outcome, Scan, ScanFinding};
use crate::answers::pages::page as explained;
use crate::findings::{Effect, Fix};
use crate::verdict::Unread;
use crate::wording;

mod ways;

pub use ways::{access, access_line, who, who_line};

/// How many accounts of a finding are named; with --verbose all.
const NAMED: usize = 3;

/// How many changes are told; with --verbose all.
const CHANGES: usize = 12;

/// Writes what a scan found; `verbose` adds every account, every fix and what shows each fault.
pub fn scan(out: &mut dyn io::Write, scan: &Scan, style: &Style, verbose: bool) -> io::Result<()> {
    let page = &mut Page { out, style };
    headline(page, outcome(scan.outcome), &scan.headline())?;
    let fixes: Vec<Fix> = scan.findings.iter().flat_map(|finding| finding.fixes.iter().cloned()).collect();
    if let Some(note) = shell_note(cfg!(windows), &fixes) {
        page.gap()?;
        page.text(note, "", "")?;
    }
    scan.findings.iter().try_for_each(|one| finding(page, one, verbose))?;
    unread(page, &scan.made.gaps, verbose)?;
    let changed = scan.changed();
    if !changed.is_empty() {
        page.title("Since then, or left out")?;
        let shown = if verbose { changed.len() } else { CHANGES };
        changed.iter().take(shown).try_for_each(|line| page.text(line, "  ", "    "))?;
        if changed.len() > shown {
            page.text(&format!("And {} more; --verbose shows them.", changed.len() - shown), "  ", "    ")?;
        }
    }
    if !scan.notes.is_empty() {
        page.gap()?;
        scan.notes.iter().try_for_each(|note| page.text(&format!("Note: {}", note.message), "", "  "))?;
    }
    page.gap()?;
    page.text(&format!("Read: {}.", scan.coverage.sentence()), "", "  ")?;
    made(page, &scan.made, verbose)?;
    more(page, scan)
}

/// Writes the outcome of a scan on one line.
pub fn scan_line(out: &mut dyn io::Write, scan: &Scan, style: &Style) -> io::Result<()> {
    let (word, tone) = outcome(scan.outcome);
    writeln!(out, "{}  {}", style.paint(word, tone), style.text(&scan.headline()))
}

/// The outcome as the first word of an answer.
const fn outcome(outcome: Outcome) -> (&'static str, Tone) {
    let tone = match outcome {
        Outcome::Clean => Tone::Good,
        Outcome::Broken => Tone::Bad,
        Outcome::Degraded | Outcome::Inconclusive => Tone::Unsure,
    };
    (outcome_word(outcome), tone)
}

/// A word, and what it stands for.
fn headline(page: &mut Page<'_>, (word, tone): (&str, Tone), text: &str) -> io::Result<()> {
    let indent = if page.style.width >= 60 { word.len() + 2 } else { 2 };
    page.led((word, tone), &format!("  {text}"), &" ".repeat(indent))
}

/// What a fault does, as its first word.
const fn effect(effect: Effect) -> (&'static str, Tone) {
    let tone = match effect {
        Effect::Blocks => Tone::Bad,
        Effect::Degrades => Tone::Unsure,
    };
    (effect_word(effect), tone)
}

fn finding(page: &mut Page<'_>, finding: &ScanFinding, verbose: bool) -> io::Result<()> {
    page.gap()?;
    let (word, tone) = effect(finding.effect);
    page.led((word, tone), &format!("  {}", finding.message), "  ")?;
    let most = if verbose { usize::MAX - 1 } else { NAMED };
    let new = finding.novelty().map(|word| format!("{word} · ")).unwrap_or_default();
    let tag = format!("{new}{} · {}", finding.rule, confidence_word(finding.confidence));
    tagged(page, &format!("{}. {}.", finding.places(most), finding.people_touched()), &tag)?;
    if !finding.follows.is_empty() {
        page.text(&format!("Follows from it: {}.", finding.follows.join(", ")), "  ", "    ")?;
    }
    if verbose {
        for citation in &finding.evidence {
            let account = citation.account.as_ref().map(|account| format!(" in {account}")).unwrap_or_default();
            page.text(&format!("Shown by {}{account}: {}", citation.call, citation.says), "  ", "    ")?;
        }
    }
    fixes(page, finding, verbose)
}

/// The fixes of the first place; the others' only where they are asked for.
fn fixes(page: &mut Page<'_>, finding: &ScanFinding, verbose: bool) -> io::Result<()> {
    let shown = if verbose { finding.fixes.len() } else { finding.first_fixes };
    let (shown, rest) = finding.fixes.split_at(shown.min(finding.fixes.len()));
    match shown {
        [] => {}
        [only] => {
            page.text(&format!("Fix: {}", only.what), "  ", "       ")?;
            under_it(page, only, "       ")?;
        }
        several => {
            for (index, fix) in several.iter().enumerate() {
                let number = format!("  {}{}. ", if index == 0 { "Fix: " } else { "     " }, index + 1);
                let under = " ".repeat(number.len());
                page.text(&fix.what, &number, &under)?;
                under_it(page, fix, &under)?;
            }
        }
    }
    if rest.is_empty() {
        return Ok(());
    }
    let steps = wording::count(rest.len(), "step");
    page.text(&format!("And {steps} for the other places; --verbose shows them."), "       ", "       ")
}

/// A text with what a script or `idc explain` knows it by at the end of its last line, where that has room.
fn tagged(page: &mut Page<'_>, text: &str, tag: &str) -> io::Result<()> {
    let tag = page.style.text(tag);
    let mut lines = page.style.wrap(text, "  ", "  ");
    let last = lines.pop().unwrap_or_default();
    lines.iter().try_for_each(|line| page.line(line))?;
    let (columns, wide) = (page.style.columns(), display_width(&tag));
    let room = columns.saturating_sub(display_width(&last));
    if room >= wide + 2 {
        return page.line(&format!("{last}{}{tag}", " ".repeat(room - wide)));
    }
    page.line(&last)?;
    page.line(&format!("{}{tag}", " ".repeat(columns.saturating_sub(wide))))
}

/// What could not be read: what could hide something first.
fn unread(page: &mut Page<'_>, gaps: &[Unread], verbose: bool) -> io::Result<()> {
    let (deciding, rest): (Vec<Across>, Vec<Across>) = across(gaps).into_iter().partition(|one| one.decides);
    for (title, list) in [("Not read, and could hide something", deciding), ("Not read", rest)] {
        if list.is_empty() {
            continue;
        }
        page.title(title)?;
        for one in &list {
            page.text(&format!("{} {}", one.heading, one.calls.join(", ")), "  ", "    ")?;
            let words = one.said.as_ref().filter(|_| verbose || one.decides);
            words.into_iter().try_for_each(|said| page.text(&format!("For example: {said}"), "    ", "    "))?;
        }
    }
    Ok(())
}

/// How the answer came about.
fn made(page: &mut Page<'_>, made: &Made, verbose: bool) -> io::Result<()> {
    let calls = wording::count(made.calls.try_into().unwrap_or(usize::MAX), "call");
    let by = made.caller.as_ref().filter(|_| verbose).map(|caller| format!(" as {}", caller.arn)).unwrap_or_default();
    page.text(&format!("Asked{by} with {calls}, the last at {:.0}.", made.collected_at), "", "  ")
}

/// Where the worst is explained.
fn more(page: &mut Page<'_>, scan: &Scan) -> io::Result<()> {
    let worst = scan.findings.iter().find(|finding| explained(finding.rule).is_some());
    let Some(finding) = worst else { return Ok(()) };
    page.gap()?;
    super::more(page, &[format!("idc explain {}", finding.rule)])
}

#[cfg(test)]
mod tests;
