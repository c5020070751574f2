//! Rows on their way out, and what is said of all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use csv::{Writer, WriterBuilder};
use sha2::{Digest, Sha256};

use crate::answers::organization::Made;
use crate::render::clean;

/// For whoever reviews: who, what they decided (keep, revoke, change) and why.
pub(super) const SIGN_OFF: [&str; 6] = ["reviewer", "decision", "reason", "ticket", "decided_by", "decided_at"];

/// What begins a formula for some spreadsheet; the last four are what Japanese ones take for the first.
pub(super) const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A column's name, and what stands in it.
pub(super) type Cell = (&'static str, String);

/// Rows on their way out.
pub(super) struct Sheet<'o> {
    out: &'o mut dyn io::Write,
    columns: Vec<&'static str>,
    /// The rows, before what is said of all of them.
    rows: Writer<Vec<u8>>,
    counts: BTreeMap<String, usize>,
}

impl<'o> Sheet<'o> {
    /// Begins with the columns' names.
    pub(super) fn begun(out: &'o mut dyn io::Write, columns: &[Cell]) -> Self {
        let names = columns.iter().map(|(name, _)| *name);
        let columns = names.chain(["collected_at", "collected_by"]).chain(SIGN_OFF).collect();
        Self { out, columns, rows: WriterBuilder::new().from_writer(Vec::new()), counts: BTreeMap::new() }
    }

    pub(super) fn row(&mut self, cells: &[Cell], made: &Made) -> io::Result<()> {
        let by = made.caller.as_ref().map(|caller| caller.arn.clone()).unwrap_or_default();
        let kind = cells.first().map(|(_, kind)| kind.clone()).unwrap_or_default();
        *self.counts.entry(kind).or_default() += 1;
        let cells = cells.iter().map(|(_, text)| cell(text)).chain([made.collected_at.to_string(), cell(&by)]);
        Ok(self.rows.write_record(cells.chain(SIGN_OFF.map(|_| String::new())))?)
    }

    /// Writes all of it: the names, what is said of all rows, and the rows, whose sum is part of that.
    pub(super) fn end(self, what: &str, made: &Made) -> io::Result<()> {
        let rows = self.rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        let counts = self.counts.iter().map(|(kind, count)| format!("{count} {kind}"));
        let message = format!(
            "idc {}: {what}; rows: {}; {}; {} calls; SHA-256 of the rows after this one: {}",
            env!("CARGO_PKG_VERSION"),
            if self.counts.is_empty() { "none".to_owned() } else { counts.collect::<Vec<_>>().join(", ") },
            if made.complete { "complete" } else { "not complete, see the rows of the kind unread" },
            made.calls,
            sum(&rows)
        );
        let by = made.caller.as_ref().map(|caller| caller.arn.as_str()).unwrap_or_default();
        let head = self.columns.iter().map(|column| match *column {
            "kind" => "head".to_owned(),
            "message" => cell(&message),
            "collected_at" => made.collected_at.to_string(),
            "collected_by" => cell(by),
            _ => String::new(),
        });
        let mut writer = WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        writer.write_record(head)?;
        self.out.write_all(&writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?)?;
        self.out.write_all(&rows)?;
        self.out.flush()
    }
}

/// SHA-256, as `sha256sum` writes it.
fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A text as a cell. What a spreadsheet would take for a formula (CWE-1236) gets an apostrophe before it; a tab, a line
/// break and whatever else cannot be seen is written out. Where a comma is the decimal point, a semicolon begins a cell too.
pub(super) fn cell(text: &str) -> String {
    let part = |part: &str| {
        let is_formula = part.trim_start().starts_with(FORMULA);
        let text = clean(part);
        if is_formula { format!("'{text}") } else { text.into_owned() }
    };
    text.split(';').map(part).collect::<Vec<_>>().join(";")
}
