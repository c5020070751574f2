//! Answers about a whole organization, in every form.

use std::io;

use clap::ValueEnum;

use super::{Style, json};
use crate::answers::organization::{Access, Scan, Who};

/// A form of an answer about an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// A JSON object for each finding or row
    Jsonl,
    /// For spreadsheets
    Csv,
    /// For tickets and chats
    Markdown,
    /// For pipelines
    Junit,
}

/// An answer.
#[derive(Debug, Clone, Copy)]
pub enum Answer<'a> {
    /// Everything that is broken.
    Scan(&'a Scan),
    /// Who can get into an account.
    Who(&'a Who),
    /// Where a person can get in.
    Access(&'a Access),
}

/// Writes an answer in a form.
pub fn write(out: &mut dyn io::Write, answer: &Answer<'_>, format: Format, style: &Style) -> io::Result<()> {
    let _ = style;
    match (answer, format) {
        (Answer::Scan(scan), Format::Jsonl) => json::organization::write_scan_lines(out, scan),
        (Answer::Who(who), Format::Jsonl) => json::organization::write_row_lines(out, &who.access),
        (Answer::Access(access), Format::Jsonl) => json::organization::write_row_lines(out, &access.access),
        (Answer::Scan(scan), _) => json::organization::write_scan(out, scan),
        (Answer::Who(who), _) => json::organization::write_who(out, who),
        (Answer::Access(access), _) => json::organization::write_access(out, access),
    }
}

/// Writes the outcome in one line.
pub fn line(out: &mut dyn io::Write, answer: &Answer<'_>, style: &Style) -> io::Result<()> {
    let _ = style;
    match answer {
        Answer::Scan(scan) => writeln!(out, "{:?}: {} findings", scan.outcome, scan.findings.len()),
        Answer::Who(who) => writeln!(out, "{} rows", who.access.len()),
        Answer::Access(access) => writeln!(out, "{} rows", access.access.len()),
    }
}
