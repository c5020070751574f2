//! Answers about an organization for a ticket, a merge request or a pipeline's summary.

use std::io;

use super::escape::{cell, escape};
use super::{steps, unread_across};
use crate::answers::organization::{Access, AccessRow, Made, Scan, ScanFinding, Who};
use crate::render::confidence_word;
use crate::render::organization::{effect_word, outcome_word, state_word};
use crate::wording;

/// How many accounts of a finding are named.
const NAMED: usize = 20;

/// Writes what a scan found.
pub fn scan(out: &mut dyn io::Write, scan: &Scan) -> io::Result<()> {
    writeln!(out, "## {}: {}", outcome_word(scan.outcome), escape(&scan.headline()))?;
    for (index, one) in scan.findings.iter().enumerate() {
        finding(out, index + 1, one)?;
    }
    unread_across(out, &scan.made.gaps)?;
    let changed = scan.changed();
    if !changed.is_empty() {
        writeln!(out, "\n### Since then, or left out\n")?;
        changed.iter().try_for_each(|line| writeln!(out, "- {}", escape(line)))?;
    }
    if !scan.notes.is_empty() {
        writeln!(out, "\n### Notes\n")?;
        scan.notes.iter().try_for_each(|note| writeln!(out, "- {}", escape(&note.message)))?;
    }
    writeln!(out, "\n### Read\n\n{}.", escape(&wording::capitalised(&scan.coverage.sentence())))?;
    made(out, &scan.made)
}

fn finding(out: &mut dyn io::Write, number: usize, finding: &ScanFinding) -> io::Result<()> {
    let new = finding.novelty().map(|word| format!(", {word}")).unwrap_or_default();
    let (effect, sure) = (effect_word(finding.effect), confidence_word(finding.confidence));
    writeln!(out, "\n### {number}. `{}` ({effect}, {sure}{new})\n\n{}\n", finding.rule, escape(&finding.message))?;
    writeln!(out, "- {}", escape(&finding.places(NAMED)))?;
    writeln!(out, "- {}", escape(&finding.people_touched()))?;
    if !finding.follows.is_empty() {
        let follows: Vec<String> = finding.follows.iter().map(|rule| format!("`{rule}`")).collect();
        writeln!(out, "- Follows from it: {}", follows.join(", "))?;
    }
    let (first, rest) = finding.fixes.split_at(finding.first_fixes.min(finding.fixes.len()));
    if !first.is_empty() {
        writeln!(out, "\nFix:\n")?;
        steps(out, first, "")?;
    }
    if !rest.is_empty() {
        let all = wording::count(rest.len(), "step");
        writeln!(out, "\nAnd {all} for the other places, which `-o json` has.")?;
    }
    Ok(())
}

/// Writes who can get into an account.
pub fn who(out: &mut dyn io::Write, who: &Who) -> io::Result<()> {
    writeln!(out, "## {}", escape(&who.headline()))?;
    if !who.access.is_empty() {
        writeln!(out, "\n| Person | Name | Permission set | Through | State | Why |\n|---|---|---|---|---|---|")?;
        for row in &who.access {
            let name = row.person.as_ref().and_then(|person| person.display_name.as_deref()).unwrap_or_default();
            writeln!(out, "| {} | {} |{}", cell(row.who()), cell(name), way(row))?;
        }
    }
    if !who.dead.is_empty() {
        writeln!(out, "\n### Assigned to nobody\n")?;
        who.dead.iter().try_for_each(|dead| writeln!(out, "- {}", escape(&dead.sentence())))?;
    }
    rest(out, &who.made, &who.notes)
}

/// Writes where a person can get in.
pub fn access(out: &mut dyn io::Write, access: &Access) -> io::Result<()> {
    writeln!(out, "## {}", escape(&access.headline()))?;
    if !access.access.is_empty() {
        writeln!(out, "\n| Account | Permission set | Through | State | Why |\n|---|---|---|---|---|")?;
        for row in &access.access {
            writeln!(out, "| {} |{}", cell(&row.account.label()), way(row))?;
        }
    }
    rest(out, &access.made, &access.notes)
}

/// The columns that both have.
fn way(row: &AccessRow) -> String {
    let why = match (row.rule, &row.why) {
        (Some(rule), _) => format!("`{rule}`"),
        (None, why) => cell(why.as_deref().unwrap_or_default()),
    };
    format!(" {} | {} | {} | {why} |", cell(&row.grant()), cell(&row.through()), state_word(row.state))
}

fn rest(out: &mut dyn io::Write, answer: &Made, notes: &[String]) -> io::Result<()> {
    unread_across(out, &answer.gaps)?;
    notes.iter().try_for_each(|note| writeln!(out, "\n**Note:** {}.", escape(note)))?;
    made(out, answer)
}

/// How the answer was made.
fn made(out: &mut dyn io::Write, made: &Made) -> io::Result<()> {
    let calls = wording::count(made.calls.try_into().unwrap_or(usize::MAX), "call");
    let by = made.caller.as_ref().map(|caller| format!(" as {}", escape(&caller.arn))).unwrap_or_default();
    writeln!(out, "\n`idc`, {calls} to AWS{by}, the last at {}", made.collected_at)
}

#[cfg(test)]
mod tests;
