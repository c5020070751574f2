//! Answers about a whole organization, in every form.

use std::io;

use clap::ValueEnum;

use super::{Style, csv, html, json, junit, markdown, table};
use crate::answers::organization::{Access, Outcome, Relations, Scan, Source, Who};
use crate::findings::{Effect, Subject};
use crate::verdict::PathState;

#[cfg(test)]
pub(super) mod cases;

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
    /// For eyes: one page that needs nothing else
    Html,
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

/// Writes an answer in a form; `verbose` has the table tell more.
pub fn write(
    out: &mut dyn io::Write,
    answer: &Answer<'_>,
    format: Format,
    style: &Style,
    verbose: bool,
) -> io::Result<()> {
    match format {
        Format::Table => match answer {
            Answer::Scan(scan) => table::organization::scan(out, scan, style, verbose),
            Answer::Who(who) => table::organization::who(out, who, style, verbose),
            Answer::Access(access) => table::organization::access(out, access, style, verbose),
        },
        Format::Jsonl => match answer {
            Answer::Scan(scan) => json::organization::write_scan_lines(out, scan),
            Answer::Who(who) => json::organization::write_row_lines(out, &who.access, &who.made),
            Answer::Access(access) => json::organization::write_row_lines(out, &access.access, &access.made),
        },
        Format::Json => match answer {
            Answer::Scan(scan) => json::organization::write_scan(out, scan),
            Answer::Who(who) => json::organization::write_who(out, who),
            Answer::Access(access) => json::organization::write_access(out, access),
        },
        Format::Csv => match answer {
            Answer::Scan(scan) => csv::scan(out, scan),
            Answer::Who(who) => csv::who(out, who),
            Answer::Access(access) => csv::access(out, access),
        },
        Format::Markdown => match answer {
            Answer::Scan(scan) => markdown::organization::scan(out, scan),
            Answer::Who(who) => markdown::organization::who(out, who),
            Answer::Access(access) => markdown::organization::access(out, access),
        },
        Format::Junit => match answer {
            Answer::Scan(scan) => junit::write(out, scan),
            Answer::Who(_) | Answer::Access(_) => Err(io::ErrorKind::Unsupported.into()),
        },
        Format::Html => match answer {
            Answer::Scan(scan) => match &scan.relations {
                Some(relations) => html::write(out, scan, relations),
                None => html::write(out, scan, &Relations::default()),
            },
            Answer::Who(who) => html::who(out, who),
            Answer::Access(access) => html::access(out, access),
        },
    }
}

/// Writes the outcome in one line.
pub fn line(out: &mut dyn io::Write, answer: &Answer<'_>, style: &Style) -> io::Result<()> {
    match answer {
        Answer::Scan(scan) => table::organization::scan_line(out, scan, style),
        Answer::Who(who) => table::organization::who_line(out, who, style),
        Answer::Access(access) => table::organization::access_line(out, access, style),
    }
}

/// The outcome of a scan as the first word of an answer.
pub(super) const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Clean => "CLEAN",
        Outcome::Degraded => "DEGRADED",
        Outcome::Broken => "BROKEN",
        Outcome::Inconclusive => "INCONCLUSIVE",
    }
}

/// What a fault does, in a word.
pub(super) const fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocks => "blocks",
        Effect::Degrades => "degrades",
    }
}

/// The state of a way, in a word.
pub(super) const fn state_word(state: PathState) -> &'static str {
    match state {
        PathState::Open => "open",
        PathState::Degraded => "degraded",
        PathState::Shut => "shut",
        PathState::Unknown => "unknown",
    }
}

/// Where a user comes from, in a word.
pub(super) const fn source_word(source: Source) -> &'static str {
    match source {
        Source::Scim => "scim",
        Source::Local => "local",
    }
}

/// What a fault is about, by its name.
pub(super) fn subject_label(subject: &Subject) -> String {
    match subject {
        Subject::Policy(policy) => policy.label(),
        Subject::AwsManagedPolicy(arn) => arn.clone(),
        Subject::OrganizationPolicy { id, name } => name.clone().unwrap_or_else(|| id.clone()),
        Subject::Principal(principal) => principal.id.clone(),
    }
}
