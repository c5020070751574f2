//! The machine of the person who asks about themselves.

use std::io;

use super::page::Page;
use crate::own_machine::{Change, LocalFault, OwnMachine};

/// Writes what was looked at, what is wrong with it, and which line to change how.
pub(super) fn write(page: &mut Page<'_>, own: &OwnMachine) -> io::Result<()> {
    page.title("This machine")?;
    for seen in &own.seen {
        page.text(&format!("{}: {}", seen.what, seen.says), "  ", "    ")?;
    }
    for (index, fault) in own.faults.iter().enumerate() {
        page.gap()?;
        one(page, index + 1, fault)?;
    }
    for advice in &own.advice {
        page.gap()?;
        page.text(&advice.message, "  ", "  ")?;
        advice.lines.iter().try_for_each(|line| verbatim(page, "    ", line))?;
        advice.command.iter().try_for_each(|command| page.command("    ", command))?;
    }
    for unread in &own.unread {
        page.gap()?;
        page.text(&format!("Not read: {unread}"), "  ", "    ")?;
    }
    if let Some(alone) = &own.alone {
        page.gap()?;
        page.text(alone, "", "  ")?;
    }
    Ok(())
}

fn one(page: &mut Page<'_>, number: usize, fault: &LocalFault) -> io::Result<()> {
    let number = format!("  {number}. ");
    let under = " ".repeat(number.len());
    page.text(&fault.message, &number, &under)?;
    if let Some(change) = &fault.change {
        changed(page, &under, change)?;
    }
    // A suggestion that the line holds already needs no second word.
    let holds =
        |name: &String| fault.change.iter().flat_map(|change| &change.should_be).any(|line| line.contains(name));
    if !fault.suggestions.is_empty() && !fault.suggestions.iter().all(holds) {
        page.text(&format!("Did you mean: {}?", fault.suggestions.join(", ")), &under, &under)?;
    }
    fault.command.iter().try_for_each(|command| page.command(&under, command))
}

/// Lines for copying, never broken.
fn changed(page: &mut Page<'_>, indent: &str, change: &Change) -> io::Result<()> {
    verbatim(page, indent, &format!("{}:{}", change.path, change.line))?;
    if let Some(is) = &change.is {
        verbatim(page, indent, &format!("  is         {is}"))?;
    }
    for (index, line) in change.should_be.iter().enumerate() {
        let label = if index == 0 { "should be" } else { "" };
        verbatim(page, indent, &format!("  {label:<9}  {line}"))?;
    }
    Ok(())
}

fn verbatim(page: &mut Page<'_>, indent: &str, line: &str) -> io::Result<()> {
    page.line(&format!("{indent}{}", super::super::clean(line)))
}
