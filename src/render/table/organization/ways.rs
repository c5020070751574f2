//! Who can get in, and where: the ways with the names of those whose they are, so that a long list stays short.

use std::collections::BTreeMap;
use std::io;

use super::{made, unread};
use crate::answers::organization::{Access, AccessRow, Made, Who};
use crate::render::organization::state_word;
use crate::render::table::page::Page;
use crate::render::{Style, Tone};
use crate::verdict::PathState;

/// The first word of an answer to which something is missing.
const INCOMPLETE: &str = "INCOMPLETE";

/// How wide the longest state is.
const WIDEST_STATE: usize = 8;

/// Writes who can get into an account, by way; `verbose` adds the reasons in words.
pub fn who(out: &mut dyn io::Write, who: &Who, style: &Style, verbose: bool) -> io::Result<()> {
    let page = &mut Page { out, style };
    headline(page, &who.made, &who.headline())?;
    let mut ways: BTreeMap<String, Vec<&AccessRow>> = BTreeMap::new();
    for row in &who.access {
        ways.entry(row.way()).or_default().push(row);
    }
    for (way, rows) in &ways {
        heading(page, way)?;
        states(page, rows, verbose)?;
    }
    if !who.dead.is_empty() {
        page.title("Assigned to nobody")?;
        who.dead.iter().try_for_each(|dead| page.text(&format!("{}.", dead.sentence()), "  ", "    "))?;
    }
    rest(page, &who.made, &who.notes, verbose)
}

/// Writes where a person can get in, by account; `verbose` adds the reasons in words.
pub fn access(out: &mut dyn io::Write, access: &Access, style: &Style, verbose: bool) -> io::Result<()> {
    let page = &mut Page { out, style };
    headline(page, &access.made, &access.headline())?;
    let mut accounts: BTreeMap<_, Vec<&AccessRow>> = BTreeMap::new();
    for row in &access.access {
        accounts.entry(&row.account).or_default().push(row);
    }
    for (account, rows) in accounts {
        heading(page, &account.label())?;
        rows.iter().try_for_each(|row| state(page, row.state, &row.way(), reason(row, verbose)))?;
    }
    rest(page, &access.made, &access.notes, verbose)
}

/// Writes the answer about an account on one line.
pub fn who_line(out: &mut dyn io::Write, who: &Who, style: &Style) -> io::Result<()> {
    writeln!(out, "{}{}", lead(style, &who.made), style.text(&who.headline()))
}

/// Writes the answer about a person on one line.
pub fn access_line(out: &mut dyn io::Write, access: &Access, style: &Style) -> io::Result<()> {
    writeln!(out, "{}{}", lead(style, &access.made), style.text(&access.headline()))
}

fn lead(style: &Style, made: &Made) -> String {
    if made.complete { String::new() } else { format!("{}  ", style.paint(INCOMPLETE, Tone::Unsure)) }
}

fn headline(page: &mut Page<'_>, made: &Made, text: &str) -> io::Result<()> {
    if made.complete { page.text(text, "", "  ") } else { super::headline(page, (INCOMPLETE, Tone::Unsure), text) }
}

/// What the lines under it are of.
fn heading(page: &mut Page<'_>, text: &str) -> io::Result<()> {
    page.gap()?;
    page.style.wrap(text, "", "  ").iter().try_for_each(|line| page.line(&page.style.paint(line, Tone::Strong)))
}

/// The state as a word.
const fn painted(state: PathState) -> (&'static str, Tone) {
    let tone = match state {
        PathState::Open => Tone::Good,
        PathState::Shut => Tone::Bad,
        PathState::Degraded | PathState::Unknown => Tone::Unsure,
    };
    (state_word(state), tone)
}

/// Why a way is not open, where it is not.
fn reason(row: &AccessRow, verbose: bool) -> Option<String> {
    match (row.rule, &row.why) {
        (Some(rule), Some(why)) if verbose => Some(format!("{rule}: {why}")),
        (Some(rule), _) => Some(rule.to_owned()),
        // The rest is AWS's own words, and stands under what could not be read.
        (None, Some(why)) if !verbose => why.split(": ").next().map(str::to_owned),
        (None, why) => why.clone(),
    }
}

/// The people of one way, those of one state and reason together.
fn states(page: &mut Page<'_>, rows: &[&AccessRow], verbose: bool) -> io::Result<()> {
    let mut by_state: BTreeMap<(PathState, Option<String>), Vec<&AccessRow>> = BTreeMap::new();
    for row in rows {
        by_state.entry((row.state, reason(row, verbose))).or_default().push(row);
    }
    for ((one, why), rows) in by_state {
        let names: Vec<&str> = rows.iter().map(|row| row.who()).collect();
        let count = if rows.len() > 1 { format!("{}: ", rows.len()) } else { String::new() };
        state(page, one, &format!("{count}{}", names.join(", ")), why)?;
    }
    Ok(())
}

/// One line that begins with a state.
fn state(page: &mut Page<'_>, state: PathState, text: &str, why: Option<String>) -> io::Result<()> {
    let (word, tone) = painted(state);
    let padded = format!("{word:WIDEST_STATE$}");
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    let first = format!("  {padded}  ");
    let rest = " ".repeat(first.len());
    let lines = page.style.wrap(&format!("{text}{why}"), &first, &rest);
    for (index, line) in lines.iter().enumerate() {
        match line.strip_prefix(&first).filter(|_| index == 0) {
            Some(end) => page.line(&format!("  {}  {end}", page.style.paint(&padded, tone)))?,
            None => page.line(line)?,
        }
    }
    Ok(())
}

/// What could not be read, what else is worth knowing, and how it came about.
fn rest(page: &mut Page<'_>, answer: &Made, notes: &[String], verbose: bool) -> io::Result<()> {
    unread(page, &answer.gaps, verbose)?;
    page.gap()?;
    notes.iter().try_for_each(|note| page.text(&format!("Note: {note}."), "", "  "))?;
    made(page, answer, verbose)
}
