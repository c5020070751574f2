//! The answer for a ticket or a chat, in Markdown. What comes from AWS is escaped, so that a group's name is never a
//! heading, a link or a column.

use std::io;

use super::causes::{Causes, Told};
use super::gaps::{self, Door, Group};
use super::gates::Row;
use super::story::{Reader, Section, story};
use super::{Style, chain, clean, confidence_word, hints, more_ways, verdict_word};
use crate::answers::comparison::Comparison;
use crate::answers::diagnosis::sentences::way;
use crate::answers::diagnosis::{Diagnosis, Moment, sentences};
use crate::answers::links;
use crate::evidence::Gap;
use crate::findings::Fix;
use crate::verdict::{Unread, Verdict};
use crate::wording;

mod escape;
pub mod organization;
mod own_machine;

pub(super) use escape::{cell, escape};

/// Writes the answer as Markdown.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis) -> io::Result<()> {
    story(diagnosis, Reader::OfTicket).iter().try_for_each(|part| section(out, diagnosis, part))
}

fn section(out: &mut dyn io::Write, diagnosis: &Diagnosis, section: &Section<'_>) -> io::Result<()> {
    match section {
        Section::Verdict(headline) => writeln!(out, "## {}: {}", verdict_word(diagnosis.verdict), escape(headline)),
        Section::Origin(sentence) | Section::Sentence(sentence) | Section::Refused(sentence) => {
            writeln!(out, "\n{}", escape(sentence))
        }
        Section::Machine(own) => own_machine::write(out, own),
        Section::NoWayIn(door) => no_way_in(out, diagnosis, door),
        Section::IfNot(sentence, command) => {
            writeln!(out, "\n{}", escape(sentence))?;
            block(out, "", "sh", &command.iter().cloned().collect::<Vec<_>>())
        }
        Section::Moments(moments) => {
            writeln!(out)?;
            let line = |moment: &Moment| {
                format!("- {} UTC: {}", moment.at.strftime("%Y-%m-%d %H:%M:%S"), escape(&moment.what))
            };
            moments.iter().try_for_each(|moment| writeln!(out, "{}", line(moment)))
        }
        Section::Since(since) => {
            writeln!(out, "\n**Since:** {}", escape(since.strip_prefix("since ").unwrap_or(since)))
        }
        Section::Settles(gaps) => unread(out, gaps::title(gaps), gaps),
        Section::Cause(root) => {
            writeln!(out, "\n**Cause:** {}", told(diagnosis, root))?;
            let hints = hints::hints(&root.finding.fault, true);
            hints.iter().try_for_each(|hint| writeln!(out, "\n{}", escape(hint)))?;
            block(out, "", "sh", &hints::ask_again(diagnosis, &root.finding.fault))?;
            let console = links::console(root.finding).map(|address| format!(" Console: <{address}>"));
            let page = links::documentation(root.finding.rule);
            page.iter().try_for_each(|page| writeln!(out, "\nAWS: <{page}>{}", console.as_deref().unwrap_or_default()))
        }
        Section::Ways => ways(out, diagnosis),
        Section::Gates(rows) => {
            writeln!(out, "\n### Checked\n\n| Gate | Outcome | Evidence |\n|---|---|---|")?;
            let line = |row: &Row| format!("| {} | {} | {} |", row.gate.name(), row.mark.word(), cell(&row.evidence));
            rows.iter().try_for_each(|row| writeln!(out, "{}", line(row)))
        }
        Section::Fixes(fixes) => {
            writeln!(out, "\n### Fix\n")?;
            steps(out, *fixes, "")
        }
        Section::Also(causes) => also(out, diagnosis, causes),
        Section::Compared(comparison) => compared(out, comparison),
        Section::Notes(notes) => notes.iter().try_for_each(|note| writeln!(out, "\n**Note:** {}", escape(note))),
        Section::Timeline(moments) => timeline(out, moments),
        Section::NotChecked(gaps) => unread(out, "Not checked", gaps),
        Section::Made => made(out, diagnosis),
        // For a terminal alone.
        Section::Checks | Section::More(_) => Ok(()),
    }
}

/// What happened when, the newest first; what explains the cause stands out.
fn timeline(out: &mut dyn io::Write, moments: &[Moment]) -> io::Result<()> {
    writeln!(out, "\n### What happened when\n")?;
    let line = |moment: &Moment| {
        let by = moment.who.as_ref().map(|who| format!(", by {}", escape(who))).unwrap_or_default();
        let mark = if moment.explains { "**" } else { "" };
        let at = moment.at.strftime("%Y-%m-%d %H:%M:%S");
        format!("- {at} UTC: {mark}{}{by}{mark}", escape(&moment.what))
    };
    let shown = moments.iter().rev().take(MOMENTS);
    shown.clone().try_for_each(|moment| writeln!(out, "{}", line(moment)))?;
    // However long it is, what explains the cause is told.
    let explaining = moments.iter().rev().skip(MOMENTS).filter(|moment| moment.explains);
    explaining.clone().try_for_each(|moment| writeln!(out, "{}", line(moment)))?;
    match moments.len() - shown.count() - explaining.count() {
        0 => Ok(()),
        more => writeln!(out, "- and {} (all with `--output json`)", wording::count(more, "earlier moment")),
    }
}

/// How many moments a ticket is told.
const MOMENTS: usize = 15;

/// How the answer was made.
fn made(out: &mut dyn io::Write, diagnosis: &Diagnosis) -> io::Result<()> {
    let calls = wording::count(diagnosis.calls.try_into().unwrap_or(usize::MAX), "call");
    writeln!(out, "\n`idc`, {calls} to AWS, the last at {}", diagnosis.collected_at.strftime("%Y-%m-%d %H:%M:%S UTC"))
}

/// A fault as a sentence, with its rule and what belongs to it.
fn told(diagnosis: &Diagnosis, told: &Told<'_>) -> String {
    let fault = &told.finding.fault;
    let tag = format!("(`{}`, {})", told.finding.rule, confidence_word(fault.confidence));
    let same = told.same.iter().filter_map(|index| diagnosis.paths.get(*index)).map(way);
    let same = Some(wording::list(same, 3)).filter(|same| !same.is_empty());
    let same = same.map(|same| format!(" The same on the way by {}.", escape(&same))).unwrap_or_default();
    let mut follows: Vec<String> = told.follows.iter().map(|rule| format!("`{rule}`")).collect();
    follows.dedup();
    let words = told.follows_in_words().unwrap_or_default();
    let follows =
        if follows.is_empty() { String::new() } else { format!(" {} ({})", escape(&words), follows.join(", ")) };
    format!("{} {tag}{same}{follows}", escape(&fault.message))
}

fn ways(out: &mut dyn io::Write, diagnosis: &Diagnosis) -> io::Result<()> {
    let style = Style { width: usize::MAX, color: false, unicode: true, height: 24 };
    let (chains, rest) = chain::chains(diagnosis);
    writeln!(out, "\n### Path to the account\n")?;
    for line in chains.iter().map(|chain| chain.line(&style)).chain(rest) {
        writeln!(out, "- {}", escape(&line))?;
    }
    Ok(())
}

fn steps<'a>(out: &mut dyn io::Write, fixes: impl IntoIterator<Item = &'a Fix>, indent: &str) -> io::Result<()> {
    for (index, fix) in fixes.into_iter().enumerate() {
        let number = format!("{indent}{}. ", index + 1);
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{number}{}", escape(&fix.what))?;
        let under = " ".repeat(number.len());
        if let Some(caution) = &fix.caution {
            writeln!(out, "{under}**Careful:** {}", escape(caution))?;
        }
        if let Some(command) = &fix.command {
            block(out, &under, "sh", &[command.shell()])?;
        }
    }
    Ok(())
}

/// Lines for copying.
fn block(out: &mut dyn io::Write, indent: &str, language: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    // Some readers end a block at a fence in the middle of a line.
    let longest = lines.iter().map(|line| escape::longest_run(line, '`')).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    writeln!(out, "\n{indent}{fence}{language}")?;
    lines.iter().try_for_each(|line| writeln!(out, "{indent}{}", clean(line)))?;
    writeln!(out, "{indent}{fence}")
}

fn also(out: &mut dyn io::Write, diagnosis: &Diagnosis, causes: &Causes<'_>) -> io::Result<()> {
    let open = diagnosis.verdict == Verdict::Inconclusive;
    writeln!(out, "\n### {}\n", if open { "Found so far" } else { "Also" })?;
    for item in &causes.also {
        writeln!(out, "- {}", told(diagnosis, item))?;
        steps(out, &item.finding.fault.fixes, "  ")?;
    }
    causes.more.iter().try_for_each(|(rule, count)| writeln!(out, "- and {} with `{rule}`", more_ways(*count)))
}

fn compared(out: &mut dyn io::Write, comparison: &Comparison) -> io::Result<()> {
    writeln!(out, "\n### Compared with {}\n\n{}", escape(&comparison.colleague), escape(&comparison.summary))?;
    let suggestions = hints::did_you_mean(&comparison.suggestions);
    suggestions.iter().try_for_each(|close| writeln!(out, "\n{}", escape(close)))?;
    if !comparison.differences.is_empty() {
        writeln!(out)?;
    }
    for difference in &comparison.differences {
        writeln!(out, "- {}", escape(&difference.message))?;
        steps(out, &difference.fix, "  ")?;
    }
    if comparison.gaps.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let gaps: Vec<&Gap> = comparison.gaps.iter().collect();
    gaps::group(&gaps).iter().try_for_each(|group| calls(out, group))
}

fn unread(out: &mut dyn io::Write, title: &str, gaps: &[&Gap]) -> io::Result<()> {
    writeln!(out, "\n### {title}\n")?;
    gaps::group(gaps).iter().try_for_each(|group| calls(out, group))
}

fn no_way_in(out: &mut dyn io::Write, diagnosis: &Diagnosis, door: &Door) -> io::Result<()> {
    let said = sentences::no_way_in(diagnosis);
    writeln!(out, "\n{}", escape(&said.why))?;
    block(out, "", "sh", &said.command.iter().cloned().collect::<Vec<_>>())?;
    writeln!(out, "\n{}", escape(&said.otherwise))?;
    if door.behind.is_empty() {
        Ok(())
    } else {
        writeln!(out, "\nIt would read {}.", escape(&gaps::names(&door.behind)))
    }
}

/// What could not be read in many accounts, what may hide something first.
fn unread_across(out: &mut dyn io::Write, gaps: &[Unread]) -> io::Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Not read\n")?;
    for one in gaps::across(gaps) {
        let hides = if one.decides { "**Could hide something:** " } else { "" };
        writeln!(out, "- {hides}{} {}", escape(&one.heading), escape(&one.calls.join(", ")))?;
        one.said.iter().try_for_each(|said| writeln!(out, "  - For example: {}", escape(said)))?;
    }
    Ok(())
}

fn calls(out: &mut dyn io::Write, group: &Group<'_>) -> io::Result<()> {
    writeln!(out, "- {}", escape(&group.heading()))?;
    for unread in &group.calls {
        let said = if group.heading_tells() { String::new() } else { format!(": {}", escape(unread.message)) };
        writeln!(out, "  - {}{said}", escape(&unread.line()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
