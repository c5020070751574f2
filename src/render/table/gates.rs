//! What each gate comes to: in a few lines, or as a table of them all.

use std::io;

use comfy_table::{Cell, ContentArrangement, Table, presets};
use textwrap::core::display_width;

use super::super::gates::{Mark, Row};
use super::super::{Style, Tone};
use super::page::Page;
use super::{Extent, Spared};
use crate::answers::diagnosis::Diagnosis;
use crate::findings::Gate;
use crate::wording;

const INDENT: u16 = 2;
const GUTTER: u16 = 2;

/// Writes what each gate comes to: a row each where all is wanted. Else those share a line that are clear, and those that
/// are not known; of a fault only that row is there which says more than the answer does.
pub(super) fn write(page: &mut Page<'_>, diagnosis: &Diagnosis, rows: &[Row], extent: Extent) -> io::Result<()> {
    if extent.verbose {
        page.title("Checked")?;
        return table(page, &rows.iter().collect::<Vec<_>>());
    }
    let of = |mark| rows.iter().filter(move |row: &&Row| row.mark == mark);
    let clear: Vec<&Row> = of(Mark::Clear).filter(|row| row.is_just_clear(diagnosis)).collect();
    if !clear.is_empty() {
        together(page, Mark::Clear, &open_gates(page.style, &clear))?;
    }
    let unknown: Vec<&Row> = of(Mark::Unknown).collect();
    if !unknown.is_empty() {
        together(page, Mark::Unknown, &names(&unknown))?;
    }
    let doubted = of(Mark::Clear).filter(|row| !row.is_just_clear(diagnosis));
    let told = of(Mark::Fault).filter(|row| extent.has(Spared::Evidence) && row.adds_to(diagnosis));
    table(page, &told.chain(doubted).collect::<Vec<_>>())
}

/// The gates that are clear, by what is shorter: their names, or those of the others.
fn open_gates(style: &Style, clear: &[&Row]) -> String {
    let others: Vec<&str> =
        Gate::ALL.iter().filter(|gate| clear.iter().all(|row| row.gate != **gate)).map(|gate| gate.name()).collect();
    if others.is_empty() {
        return "all gates".to_owned();
    }
    let named = names(clear);
    let room = style.columns().saturating_sub(usize::from(INDENT) + "ok: ".len());
    if display_width(&named) <= room || others.len() >= clear.len() {
        return named;
    }
    format!("all gates but {}", wording::list(others.into_iter().map(str::to_owned), Gate::ALL.len()))
}

fn names(rows: &[&Row]) -> String {
    rows.iter().map(|row| row.gate.name()).collect::<Vec<_>>().join(", ")
}

/// Several gates of which there is one thing to say.
fn together(page: &mut Page<'_>, mark: Mark, names: &str) -> io::Result<()> {
    let word = mark.word();
    for line in page.style.wrap(&format!("{word}: {names}"), "  ", "    ") {
        match line.trim_start().strip_prefix(word) {
            Some(rest) => page.line(&format!("  {}{rest}", self::word(page.style, mark)))?,
            None => page.line(&line)?,
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
