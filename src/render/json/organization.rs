//! Answers about a whole organization for scripts: version 1 of the JSON format.

use std::io;

use serde::Serialize;

use super::{OpenGap, write_harmless, write_harmless_line};
use crate::answers::organization::{Access, AccessRow, AccountShown, Made, Scan, Who};
use crate::packed::packed;

mod finding;
mod scan;
mod ways;

use finding::Finding;
use scan::ScanAnswer;
use ways::{AccessAnswer, WhoAnswer, WholeRow};

/// Writes everything that is broken as one JSON object and a line break.
pub fn write_scan(out: &mut dyn io::Write, scan: &Scan) -> io::Result<()> {
    write_harmless(out, &ScanAnswer::from(scan))
}

/// Writes who can get into an account.
pub fn write_who(out: &mut dyn io::Write, who: &Who) -> io::Result<()> {
    write_harmless(out, &WhoAnswer::from(who))
}

/// Writes where a person can get in.
pub fn write_access(out: &mut dyn io::Write, access: &Access) -> io::Result<()> {
    write_harmless(out, &AccessAnswer::from(access))
}

/// Writes each finding of a scan as a JSON object on a line of its own, and then what was accepted and what could not be
/// read.
pub fn write_scan_lines(out: &mut dyn io::Write, scan: &Scan) -> io::Result<()> {
    scan.findings.iter().try_for_each(|finding| write_harmless_line(out, &Finding::from(finding)))?;
    if let Some(message) = scan.accepted_sentence() {
        write_harmless_line(out, &AcceptedLine { kind: "accepted", count: scan.accepted, message })?;
    }
    write_unread_lines(out, &scan.made)
}

/// What could not be read, on lines of their own: without them a list says less than it seems to.
fn write_unread_lines(out: &mut dyn io::Write, made: &Made) -> io::Result<()> {
    made.gaps
        .iter()
        .try_for_each(|gap| write_harmless_line(out, &UnreadLine { kind: "unread", gap: OpenGap::from(gap) }))
}

/// How many findings were left out as accepted exceptions.
#[derive(Serialize)]
struct AcceptedLine {
    kind: &'static str,
    count: usize,
    message: String,
}

#[derive(Serialize)]
struct UnreadLine<'a> {
    kind: &'static str,
    #[serde(flatten)]
    gap: OpenGap<'a>,
}

/// Writes each row as a JSON object on a line of its own.
pub fn write_row_lines(out: &mut dyn io::Write, rows: &[AccessRow], made: &Made) -> io::Result<()> {
    rows.iter().try_for_each(|row| write_harmless_line(out, &WholeRow::from(row)))?;
    write_unread_lines(out, made)
}

/// The schema of what a scan answers.
pub fn scan_schema() -> &'static str {
    packed!("docs/scan.schema.json")
}

/// The schema of who can get into an account.
pub fn who_schema() -> &'static str {
    packed!("docs/who.schema.json")
}

/// The schema of where a person can get in.
pub fn access_schema() -> &'static str {
    packed!("docs/access.schema.json")
}

/// An account.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Account<'a> {
    /// 12 digits.
    id: &'a str,
    /// Its name, where known.
    name: Option<&'a str>,
}

impl<'a> From<&'a AccountShown> for Account<'a> {
    fn from(account: &'a AccountShown) -> Self {
        Self { id: &account.id, name: account.name.as_deref() }
    }
}

#[cfg(test)]
mod schema;
