//! The table of gates.

use std::io;

use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::super::gates::{Mark, Row};
use super::super::{Style, Tone};
use super::page::Page;
use crate::answers::diagnosis::Diagnosis;

const INDENT: u16 = 2;
const GUTTER: u16 = 2;

/// Writes what each gate comes to: a row each. Where not all is wanted, those share a line that are clear, and those that
/// tell nothing.
pub(super) fn write(page: &mut Page<'_>, diagnosis: &Diagnosis, rows: &[Row], all: bool) -> io::Result<()> {
    page.title("Checked")?;
    let (clear, rows): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| !all && row.is_just_clear(diagnosis));
    if !clear.is_empty() {
        together(page, Mark::Clear.word(), Some(Mark::Clear), &clear)?;
    }
    let (silent, rows): (Vec<&Row>, Vec<&Row>) =
        rows.into_iter().partition(|row| !all && row.mark == Mark::NotApplicable);
    table(page, &rows)?;
    silent.chunk_by(|one, next| one.evidence == next.evidence).try_for_each(|alike| {
        let why = alike.first().map(|row| row.evidence.as_str()).unwrap_or_default();
        together(page, why, None, alike)
    })
}

/// Several gates of which there is one thing to say.
fn together(page: &mut Page<'_>, word: &str, mark: Option<Mark>, rows: &[&Row]) -> io::Result<()> {
    let names: Vec<&str> = rows.iter().map(|row| row.gate.name()).collect();
    let lines = page.style.wrap(&format!("{word}: {}", names.join(", ")), "  ", "    ");
    for line in lines {
        match (mark, line.trim_start().strip_prefix(word)) {
            (Some(mark), Some(rest)) => page.line(&format!("  {}{rest}", self::word(page.style, mark)))?,
            (Some(_), None) | (None, _) => page.line(&line)?,
        }
    }
    Ok(())
}

fn table(page: &mut Page<'_>, rows: &[&Row]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    // The evidence is wrapped here: the table would cut ids in two to make them fit.
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let gates = rows.iter().map(|row| row.gate.name().len()).max().unwrap_or_default();
    let words = rows.iter().map(|row| row.mark.word().chars().count()).max().unwrap_or_default();
    let room = page.style.columns().saturating_sub(usize::from(INDENT + 2 * GUTTER) + gates + words);
    for row in rows {
        let evidence = page.style.wrap_within(room, &row.evidence, "", "").join("\n");
        table.add_row([Cell::new(row.gate.name()), Cell::new(word(page.style, row.mark)), Cell::new(evidence)]);
    }
    for (column, left) in table.column_iter_mut().zip([INDENT, 0, 0]) {
        column.set_padding((left, GUTTER));
    }
    table.lines().collect::<Vec<_>>().iter().try_for_each(|line| page.line(line))
}

/// The outcome as a word, in its colour.
pub(super) fn word(style: &Style, mark: Mark) -> String {
    let word = style.text(mark.word());
    match mark {
        Mark::NotApplicable => word,
        Mark::Clear => style.paint(&word, Tone::Good),
        Mark::Unknown => style.paint(&word, Tone::Unsure),
        Mark::Fault => style.paint(&word, Tone::Bad),
    }
}
