//! The answers about several people, for people: who fares alike, and where to read on.

use std::io;

use super::table::Page;
use super::{Style, verdict_tone, verdict_word};
use crate::answers::diagnosis::Diagnosis;
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
        page.led((word, verdict_tone(group.verdict())), &format!("  {}", headline(group)), "  ")?;
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
        writeln!(out, "## {}: {}", verdict_word(group.verdict()), escape(&headline(group)))?;
        reason(group).iter().try_for_each(|reason| writeln!(out, "\n{}", escape(reason)))?;
        let commands = commands(group);
        if !commands.is_empty() {
            writeln!(out, "\n```sh\n{}\n```", commands.join("\n"))?;
        }
    }
    Ok(())
}

fn headline(group: &Alike<'_>) -> String {
    let users = group.users();
    let account = group.answers.first().map(|answer| answer.account_label.as_str()).unwrap_or_default();
    let who = wording::list(users.iter().map(|user| (*user).to_owned()), 8);
    format!("{who} before {account}")
}

/// Why: by name where it is one person's, and else in words that fit all of them.
fn reason(group: &Alike<'_>) -> Option<String> {
    let [only] = &group.answers[..] else {
        let rule = group.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        return group.message.as_ref().map(|message| format!("For each of them: {message}{rule}"));
    };
    only.root_cause.as_ref().map(|root| format!("{} ({})", root.fault.message, root.rule))
}

/// What tells more about each of them, where there is more to tell.
fn commands(group: &Alike<'_>) -> Vec<String> {
    if group.verdict() == crate::verdict::Verdict::Reachable {
        return Vec::new();
    }
    group.answers.iter().filter_map(|answer| answer.question.typed(&answer.question.user, &answer.account)).collect()
}
