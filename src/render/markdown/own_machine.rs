//! The machine of the person who asks about themselves, in Markdown.

use std::io;

use super::super::clean;
use super::escape;
use crate::fixes;
use crate::own_machine::OwnMachine;

/// Writes what was looked at, what is wrong with it, and which line to change how.
pub(super) fn write(out: &mut dyn io::Write, own: &OwnMachine) -> io::Result<()> {
    writeln!(out, "\n### This machine\n")?;
    for seen in &own.seen {
        writeln!(out, "- {}: {}", escape(&seen.what), escape(&seen.says))?;
    }
    for fault in &own.faults {
        writeln!(out, "\n**{}:** {}", fault.kind, escape(&fault.message))?;
        if let Some(change) = &fault.change {
            writeln!(out, "\n{}:{}", escape(&change.path), change.line)?;
            let is = change.is.iter().map(|line| format!("-{line}"));
            let lines: Vec<String> = is.chain(change.should_be.iter().map(|line| format!("+{line}"))).collect();
            block(out, "diff", &lines)?;
        }
        if !fault.suggestions.is_empty() {
            writeln!(out, "\nDid you mean: {}?", escape(&fault.suggestions.join(", ")))?;
        }
        block(out, "sh", &fault.command.iter().map(|words| fixes::shell(words)).collect::<Vec<_>>())?;
    }
    for advice in &own.advice {
        writeln!(out, "\n{}", escape(&advice.message))?;
        block(out, "ini", &advice.lines)?;
        block(out, "sh", &advice.command.iter().map(|words| fixes::shell(words)).collect::<Vec<_>>())?;
    }
    for unread in &own.unread {
        writeln!(out, "\n**Not read:** {}", escape(unread))?;
    }
    own.alone.iter().try_for_each(|alone| writeln!(out, "\n{}", escape(alone)))
}

fn block(out: &mut dyn io::Write, language: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    // Some readers end a block at a fence in the middle of a line.
    let fence = if lines.iter().any(|line| line.contains("```")) { "````" } else { "```" };
    writeln!(out, "\n{fence}{language}")?;
    lines.iter().try_for_each(|line| writeln!(out, "{}", clean(line)))?;
    writeln!(out, "{fence}")
}
