//! The answer for people at a terminal: the answer first, then why, then what to do.

use std::io;

use super::{Style, Tone, causes, gaps, headline, reassurance, so_far, verdict_tone, verdict_word};
use crate::answers::diagnosis::Diagnosis;
use crate::evidence::{Reason, Site};
use crate::verdict::Verdict;
use crate::wording;

mod cause;
mod chains;
mod checks;
mod comparison;
mod gates;
mod own_machine;
mod page;
mod unread;

use page::Page;

/// Writes the answer; `verbose` adds every check with its evidence, the timeline and who asked.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis, style: &Style, verbose: bool) -> io::Result<()> {
    let mut page = Page { out, style };
    let causes = causes::causes(diagnosis);
    let (decide, rest) = gaps::deciding(diagnosis);
    verdict(&mut page, diagnosis)?;
    let own = diagnosis.own_machine.as_ref();
    if let Some(own) = own.filter(|own| own.alone.is_some()) {
        page.gap()?;
        page.text(&own.portal, "", "")?;
        own_machine::write(&mut page, own)?;
        if !verbose {
            notes(&mut page, diagnosis)?;
            return more(&mut page, &about_machine(diagnosis));
        }
    }
    let own = own.filter(|own| own.alone.is_none());
    // Where the answer is open, what would settle it is the answer.
    let settles = diagnosis.verdict == Verdict::Inconclusive;
    if let Some(so_far) = so_far(diagnosis) {
        page.gap()?;
        page.text(&so_far, "", "")?;
    }
    if settles {
        unread::settle(&mut page, &decide)?;
    }
    if let Some(root) = &causes.root {
        page.gap()?;
        cause::paragraph(&mut page, diagnosis, root, ("", ""))?;
        cause::hints(&mut page, &root.finding.fault, verbose)?;
    }
    if let Some(own) = own.filter(|_| causes.root.is_none()) {
        own_machine::write(&mut page, own)?;
    }
    if diagnosis.verdict == Verdict::Reachable {
        page.gap()?;
        page.text(&reassurance(diagnosis), "", "")?;
    } else {
        chains::write(&mut page, diagnosis)?;
    }
    gates::write(&mut page, diagnosis, verbose)?;
    if verbose {
        checks::write(&mut page, diagnosis)?;
    }
    if let Some(root) = &causes.root {
        cause::fixes(&mut page, &root.finding.fault)?;
        own.iter().try_for_each(|own| own_machine::write(&mut page, own))?;
    }
    cause::also(&mut page, diagnosis, &causes, verbose)?;
    comparison::write(&mut page, diagnosis, verbose)?;
    notes(&mut page, diagnosis)?;
    if verbose {
        timeline(&mut page, diagnosis)?;
    }
    unread::not_checked(&mut page, &if settles { rest } else { decide.into_iter().chain(rest).collect() }, verbose)?;
    if verbose {
        provenance(&mut page, diagnosis)?;
    }
    more(&mut page, &what_next(diagnosis, &causes))
}

fn verdict(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    let word = verdict_word(diagnosis.verdict);
    // The rest of a long sentence stands under its beginning, where there is room for that.
    let indent = if page.style.width >= 60 { word.len() + 2 } else { 2 };
    let tone = verdict_tone(diagnosis.verdict);
    page.led((word, tone), &format!("  {}", headline(diagnosis)), &" ".repeat(indent))
}

fn notes(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    if !diagnosis.notes.is_empty() {
        page.gap()?;
    }
    diagnosis.notes.iter().try_for_each(|note| page.text(&format!("Note: {note}"), "", "  "))
}

fn timeline(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    if diagnosis.timeline.is_empty() {
        return Ok(());
    }
    page.title("What happened when")?;
    diagnosis
        .timeline
        .iter()
        .try_for_each(|moment| page.text(&format!("{}  {} ({})", moment.at, moment.what, moment.call), "  ", "    "))
}

fn provenance(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    let by = diagnosis.caller.as_ref().map(|caller| format!(" as {}", caller.arn)).unwrap_or_default();
    let calls = wording::count(diagnosis.calls.try_into().unwrap_or(usize::MAX), "call");
    page.gap()?;
    page.text(&format!("Asked{by} with {calls}, the last at {}", diagnosis.collected_at), "", "  ")
}

const MORE: &str = "More:";

/// The pages of what is wrong on the machine.
fn about_machine(diagnosis: &Diagnosis) -> Vec<String> {
    let faults = diagnosis.own_machine.iter().flat_map(|own| &own.faults);
    faults.map(|fault| format!("idc explain {}", fault.kind.id())).collect()
}

/// What to type next.
fn what_next(diagnosis: &Diagnosis, causes: &causes::Causes<'_>) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for told in causes.root.iter().chain(&causes.also) {
        commands.push(format!("idc explain {}", told.finding.rule));
    }
    commands.extend(about_machine(diagnosis));
    for gap in diagnosis.gaps.iter().map(|unread| &unread.gap) {
        let in_target = match gap.call.site() {
            Site::Home => false,
            Site::Target => true,
            Site::Both => gap.account.as_deref() == Some(&diagnosis.account),
        };
        match (gap.reason, in_target) {
            (Reason::Denied, false) if gap.in_vain => {}
            (Reason::Denied, false) => commands.push("idc policy".to_owned()),
            // What is not asked in the target account waits for a way into it.
            (Reason::Denied | Reason::NotAsked, true) => commands.push("idc policy --target".to_owned()),
            (Reason::NotAsked, false) | (Reason::Throttled | Reason::Failed | Reason::TimedOut, _) => {}
        }
    }
    commands
}

/// Tells what to type next, each once.
fn more(page: &mut Page<'_>, commands: &[String]) -> io::Result<()> {
    let mut seen: Vec<&str> = Vec::new();
    for command in commands {
        if !seen.contains(&command.as_str()) {
            seen.push(command);
        }
    }
    if seen.is_empty() {
        return Ok(());
    }
    page.gap()?;
    let line = format!(" {}", seen.join(", "));
    if MORE.len() + line.len() <= page.style.columns() {
        return page.led((MORE, Tone::Strong), &line, "");
    }
    page.led((MORE, Tone::Strong), "", "")?;
    seen.iter().try_for_each(|command| page.line(&format!("  {command}")))
}

#[cfg(test)]
mod tests;
