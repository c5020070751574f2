//! Rule documentation on a terminal: the little Markdown that it is written in (headings, paragraphs, lists, commands)
//! wrapped to the width, with emphasis only where colours are wanted.

use std::io;

use super::Style;
use crate::answers::organization::OWN_RULES;
use crate::answers::word_search::{Found, Place};
use crate::findings::Gate;
use crate::findings::failure_reasons::FailureReason;
use crate::machine;
use crate::rules::RULES;

/// Prose wider than this is hard to read.
const WIDEST: usize = 100;

/// How many matches of a search are shown.
const MOST_FOUND: usize = 10;

/// What a line has to have room for, beside a name, to say anything.
const LEAST_ROOM: usize = 24;
/// Over the faults that are no rules.
const ORGANIZATION: &str = "organization (idc scan)";
/// What stands over the faults of somebody's own machine.
const OWN_MACHINE: &str = "own machine (idc why --me)";

/// Writes one document.
pub fn write(out: &mut dyn io::Write, markdown: &str, style: &Style) -> io::Result<()> {
    let width = style.width.clamp(24, WIDEST);
    let mut in_code = false;
    let mut paragraph: Vec<&str> = Vec::new();
    let mut command = String::new();
    for line in markdown.lines().chain([""]) {
        let fence = line.trim_start().starts_with("```");
        let starts_item = is_item(line);
        let ends = line.trim().is_empty() || line.starts_with('#') || fence || starts_item;
        if ends && !in_code {
            flush(out, &mut paragraph, width, style)?;
        }
        if fence {
            in_code = !in_code;
        } else if in_code {
            // Commands stay on one line: a wrapped one cannot be pasted, and a terminal wraps it by itself.
            let begun = if command.is_empty() { line.trim_end() } else { line.trim() };
            command.push_str(begun);
            match command.strip_suffix('\\') {
                Some(so_far) => command = format!("{} ", so_far.trim_end()),
                None => writeln!(out, "    {}", std::mem::take(&mut command))?,
            }
        } else if let Some(heading) = line.strip_prefix('#') {
            writeln!(out, "{}", strong(&style.text(heading.trim_start_matches('#').trim()), style))?;
        } else if line.trim().is_empty() {
            writeln!(out)?;
        } else {
            paragraph.push(line);
        }
    }
    flush(out, &mut paragraph, width, style)
}

/// Writes the list of all rules, gate by gate, and of what can be wrong on somebody's own machine.
pub fn write_list(out: &mut dyn io::Write, style: &Style) -> io::Result<()> {
    for gate in Gate::ALL {
        let rules: Vec<_> = RULES.iter().filter(|rule| rule.gate == *gate).collect();
        if rules.is_empty() {
            continue;
        }
        writeln!(out, "{}", strong(gate.name(), style))?;
        rules.iter().try_for_each(|rule| listed(out, rule.id, rule.summary, style))?;
        writeln!(out)?;
    }
    writeln!(out, "{}", strong(ORGANIZATION, style))?;
    OWN_RULES.iter().try_for_each(|rule| listed(out, rule.id, rule.summary, style))?;
    writeln!(out)?;
    writeln!(out, "{}", strong(OWN_MACHINE, style))?;
    machine::RULES.iter().try_for_each(|rule| listed(out, rule.id, rule.summary, style))?;
    writeln!(out)?;
    let more = "idc explain RULE tells more about one; idc explain WORD finds rules and error texts by a word.";
    textwrap::wrap(more, style.width.clamp(24, WIDEST)).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes what a known error text means, and what to do.
pub fn write_known_text(out: &mut dyn io::Write, known: &FailureReason, style: &Style) -> io::Result<()> {
    let mut markdown = format!("# {}\n\n{}\n\n{}\n", known.pattern.join(" … "), known.means, known.advice);
    if let Some(rule) = &known.rule {
        markdown.push_str("\nMore: idc explain ");
        markdown.push_str(rule);
        markdown.push('\n');
    }
    write(out, &markdown, style)
}

/// Writes what a search found, one line each, best match first.
pub fn write_found(out: &mut dyn io::Write, found: &[Found], style: &Style) -> io::Result<()> {
    let width = style.width.clamp(24, WIDEST);
    for one in found.iter().take(MOST_FOUND) {
        let name = match one.place {
            Place::Page(page) => page.id.to_owned(),
            Place::Text(text) => format!("\"{}\"", text.name()),
        };
        let name = style.text(&name);
        let (taken, says) = (name.chars().count() + 4, style.text(&one.says));
        if taken + LEAST_ROOM <= width {
            writeln!(out, "  {}: {}", strong(&name, style), cut(&says, width - taken, style))?;
        } else {
            writeln!(out, "  {}", strong(&name, style))?;
            writeln!(out, "      {}", cut(&says, width - 6, style))?;
        }
    }
    let rest = found.len().saturating_sub(MOST_FOUND);
    let many = if rest > 0 { format!(" {rest} more have what you look for: add a word.") } else { String::new() };
    let more = format!("idc explain NAME tells more about one; a text has to be put in quotes.{many}");
    writeln!(out)?;
    textwrap::wrap(&more, width).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// As much of a sentence as fits, in whole words.
fn cut(sentence: &str, room: usize, style: &Style) -> String {
    let sentence = sentence.trim_end_matches('.');
    if sentence.chars().count() <= room {
        return sentence.to_owned();
    }
    let mark = if style.unicode { "…" } else { "..." };
    let mut short = String::new();
    for word in sentence.split_whitespace() {
        if short.chars().count() + word.chars().count() + mark.chars().count() + 1 > room {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short.trim_end_matches([',', ':', ';', '(']).to_owned() + mark
}

/// One line of the list, and what it stands for.
fn listed(out: &mut dyn io::Write, id: &str, summary: &str, style: &Style) -> io::Result<()> {
    writeln!(out, "  {id}")?;
    let options = textwrap::Options::new(style.width.clamp(24, WIDEST));
    let options = options.initial_indent("      ").subsequent_indent("      ");
    textwrap::wrap(&style.text(summary), options).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes the paragraph or list item gathered so far.
fn flush(out: &mut dyn io::Write, paragraph: &mut Vec<&str>, width: usize, style: &Style) -> io::Result<()> {
    let Some(first) = paragraph.first() else { return Ok(()) };
    let indent = first.len() - first.trim_start().len();
    let marker = if is_item(first) { first.trim_start().find(' ').map_or(0, |at| at + 1) } else { 0 };
    let text = paragraph.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    let text = style.text(&text).replace('`', "");
    let (initial, subsequent) = (" ".repeat(indent), " ".repeat(indent + marker));
    let options = textwrap::Options::new(width).initial_indent(&initial).subsequent_indent(&subsequent);
    for line in textwrap::wrap(&text, options.break_words(false)) {
        writeln!(out, "{line}")?;
    }
    paragraph.clear();
    Ok(())
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line
        .split_once(". ")
        .is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()));
    line.starts_with("- ") || numbered
}

fn strong(text: &str, style: &Style) -> String {
    if style.color { owo_colors::Style::new().bold().style(text).to_string() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { width: 40, color: false, unicode: true, height: 24 };

    fn told(markdown: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, markdown, &PLAIN).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn wraps_prose_and_never_commands() {
        let text = told(
            "# a-rule\n\nSome `prose` that is longer than\nforty columns for sure.\n\n- an item that goes on and on and on and on\n\n```sh\naws sso-admin a-command that is longer than forty columns\n```\n",
        );
        assert_eq!(
            text,
            "a-rule\n\nSome prose that is longer than forty\ncolumns for sure.\n\n- an item that goes on and on and on and\n  on\n\n    aws sso-admin a-command that is longer than forty columns\n\n"
        );
    }

    #[test]
    fn a_command_over_several_lines_is_one() {
        let text = told("```sh\naws iam x \\\n  --y z \\\n  > file\naws next\n```\n");
        assert_eq!(text, "    aws iam x --y z > file\n    aws next\n\n");
        for rule in RULES {
            assert!(!told((rule.explain)()).lines().any(|line| line.ends_with('\\')), "{}", rule.id);
        }
    }

    #[test]
    fn lists_every_rule() {
        let mut out = Vec::new();
        write_list(&mut out, &PLAIN).expect("written");
        let text = String::from_utf8(out).expect("text");
        for id in RULES.iter().map(|rule| rule.id).chain(machine::RULES.iter().map(|rule| rule.id)) {
            assert!(text.contains(&format!("  {id}\n")), "{id}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 40));
    }
}
