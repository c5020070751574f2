//! The answers about several people, for people: who fares alike, and where to read on.

use std::io;

use super::table::Page;
use super::{Style, hints, line, verdict_tone, verdict_word};
use crate::answers::diagnosis::{Diagnosis, since};
use crate::answers::several::{Alike, alike};
use crate::wording;

/// Writes the groups, the worst first; `quiet` leaves out why.
pub fn write(out: &mut dyn io::Write, answers: &[Diagnosis], style: &Style, quiet: bool) -> io::Result<()> {
    let page = &mut Page { out, style };
    for (index, group) in alike(answers).iter().enumerate() {
        if index > 0 && !quiet {
            page.gap()?;
        }
        let word = verdict_word(group.verdict());
        page.led(
            (word, verdict_tone(group.verdict())),
            &format!("  {}", headline(group, if quiet { usize::MAX - 1 } else { MOST })),
            "  ",
        )?;
        if quiet {
            continue;
        }
        reason(group).iter().try_for_each(|reason| page.text(reason, "  ", "  "))?;
        commands(group).iter().try_for_each(|command| page.command("  ", command))?;
    }
    Ok(())
}

/// Writes them as Markdown.
pub fn write_markdown(out: &mut dyn io::Write, answers: &[Diagnosis]) -> io::Result<()> {
    use super::markdown::escape;
    for (index, group) in alike(answers).iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "## {}: {}", verdict_word(group.verdict()), escape(&headline(group, MOST)))?;
        reason(group).iter().try_for_each(|reason| writeln!(out, "\n{}", escape(reason)))?;
        let commands = commands(group);
        if !commands.is_empty() {
            writeln!(out, "\n```sh\n{}\n```", commands.join("\n"))?;
        }
    }
    Ok(())
}

fn headline(group: &Alike<'_>, most: usize) -> String {
    let users = group.users();
    let account = group.answers.first().map(|answer| answer.account_label.as_str()).unwrap_or_default();
    let who = wording::list(users.iter().map(|user| (*user).to_owned()), most);
    format!("{who} before {account}")
}

/// Why: by name where it is one person's, and else in words that fit all of them; what is missing where that decides, and
/// whom they may be meant to be.
fn reason(group: &Alike<'_>) -> Vec<String> {
    let mut told = Vec::new();
    if let [only] = &group.answers[..] {
        told.extend(only.root_cause.as_ref().map(|root| format!("{} ({})", root.fault.message, root.rule)));
    } else {
        let rule = group.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        told.extend(group.message.as_ref().map(|message| format!("For each of them: {message}{rule}")));
    }
    let mut missing: Vec<String> = group.answers.iter().map(|answer| line::missing(answer).trim().to_owned()).collect();
    missing.sort();
    missing.dedup();
    told.extend(missing.into_iter().filter(|missing| !missing.is_empty()).take(MOST));
    // The same cause may have come to each at another time.
    for answer in group.answers.iter().take(MOST) {
        told.extend(since(answer).map(|since| format!("{}: {since}", answer.user_label)));
    }
    for answer in group.answers.iter().take(MOST) {
        let names = answer.root_cause.as_ref().map(|root| root.fault.suggestions.as_slice()).unwrap_or_default();
        let meant = hints::did_you_mean(names);
        told.extend(
            meant.map(|meant| if group.answers.len() == 1 { meant } else { format!("{}: {meant}", answer.user_label) }),
        );
    }
    told
}

/// Of so many it is told one by one.
const MOST: usize = 8;

/// What tells more about each of them, where there is more to tell.
fn commands(group: &Alike<'_>) -> Vec<String> {
    if group.verdict() == crate::verdict::Verdict::Reachable {
        return Vec::new();
    }
    group.answers.iter().filter_map(|answer| answer.question.typed(&answer.question.user, &answer.account)).collect()
}
