//! The table of gates.

use std::io;

use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::super::gates::{Mark, Row};
use super::super::{Style, Tone};
use super::page::Page;

const INDENT: u16 = 2;
const GUTTER: u16 = 2;

/// Writes one row for each gate.
pub(super) fn write(page: &mut Page<'_>, rows: &[Row]) -> io::Result<()> {
    page.title("Checked")?;
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
