//! Who can get into an account, and where a person can get in, as one page without scripts.

use std::io::{self, Write};

use askama::Template;

use super::{Unread, hash, style, tone, unread};
use crate::answers::organization::{Access, AccessRow, Made, Who};
use crate::render::clean;
use crate::render::organization::state_word;
use crate::wording;

/// What the template takes: texts that are harmless already.
#[derive(Template)]
#[template(path = "ways.html")]
struct Ways {
    policy: String,
    style: &'static str,
    headline: String,
    asked_by: String,
    calls: String,
    collected_at: String,
    program: &'static str,
    unread: Vec<Unread>,
    columns: [&'static str; 6],
    rows: Vec<Row>,
    dead: Vec<String>,
    notes: Vec<String>,
}

/// One way.
struct Row {
    first: String,
    second: String,
    grant: String,
    through: String,
    state: &'static str,
    tone: &'static str,
    why: String,
}

/// Writes who can get into an account.
pub(in crate::render) fn who(out: &mut dyn Write, who: &Who) -> io::Result<()> {
    let row = |row: &AccessRow| {
        let name = row.person.as_ref().and_then(|person| person.display_name.as_deref()).unwrap_or_default();
        Row::of(row, row.who(), name)
    };
    let rows = who.access.iter().map(row).collect();
    let dead = who.dead.iter().map(|dead| harmless(&dead.sentence())).collect();
    let first = ["User", "Name"];
    write(out, &Ways { dead, ..Ways::of(&who.headline(), first, rows, &who.made, &who.notes) })
}

/// Writes where a person can get in.
pub(in crate::render) fn access(out: &mut dyn Write, access: &Access) -> io::Result<()> {
    let row = |row: &AccessRow| Row::of(row, row.account.name.as_deref().unwrap_or(&row.account.id), &row.account.id);
    let rows = access.access.iter().map(row).collect();
    write(out, &Ways::of(&access.headline(), ["Account", "Id"], rows, &access.made, &access.notes))
}

fn write(out: &mut dyn Write, page: &Ways) -> io::Result<()> {
    let html = page.render().map_err(io::Error::other)?;
    writeln!(out, "{html}")
}

fn harmless(text: &str) -> String {
    clean(text).into_owned()
}

impl Ways {
    fn of(headline: &str, first: [&'static str; 2], rows: Vec<Row>, made: &Made, notes: &[String]) -> Self {
        let [one, two] = first;
        Self {
            policy: format!("default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'", hash(style())),
            style: style(),
            headline: harmless(headline),
            asked_by: made.caller.as_ref().map(|caller| harmless(&caller.arn)).unwrap_or_default(),
            calls: wording::count(made.calls.try_into().unwrap_or(usize::MAX), "call"),
            collected_at: format!("{:.0}", made.collected_at),
            program: super::PROGRAM,
            unread: unread(&made.gaps),
            columns: [one, two, "Permission set", "Through", "State", "Why"],
            rows,
            dead: Vec::new(),
            notes: notes.iter().map(|note| harmless(note)).collect(),
        }
    }
}

impl Row {
    fn of(row: &AccessRow, first: &str, second: &str) -> Self {
        let why = match (row.rule, &row.why) {
            (Some(rule), Some(why)) => format!("{rule}: {why}"),
            (Some(rule), None) => rule.to_owned(),
            (None, why) => why.clone().unwrap_or_default(),
        };
        Self {
            first: harmless(first),
            second: harmless(second),
            grant: harmless(&row.grant()),
            through: harmless(&row.through()),
            state: state_word(row.state),
            tone: tone(row.state),
            why: harmless(&why),
        }
    }
}
