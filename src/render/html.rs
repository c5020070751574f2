//! What a scan found as one page, for whoever reviews: an auditor, a manager. What is wrong, what could not be read and
//! the state of each account are plain HTML, complete without scripts; who gets in where is made by a script from
//! relations that the page carries, compressed. It asks nothing of anybody: its policy allows its own style and its own
//! script alone. askama escapes whatever is written into it, and the script sets text, never markup.

use std::io::{self, Write};

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::gaps::{Across, across};
use super::organization::{effect_word, outcome_word, state_word};
use super::{Style, clean, confidence_word, explain};
use crate::answers::organization::{AccountJudged, Outcome, Relations, Scan, ScanFinding};
use crate::answers::pages::page;
use crate::findings::{Citation, Effect, Fix};
use crate::json;
use crate::packed::packed;
use crate::verdict::{PathState, Unread as OpenGap};
use crate::wording;

mod data;
mod ways;

pub(super) use ways::{access, who};

fn style() -> &'static str {
    packed!("templates/organization.css")
}

fn script() -> &'static str {
    packed!("templates/organization.js")
}

/// What the page is made by.
const PROGRAM: &str = concat!("idc ", env!("CARGO_PKG_VERSION"));

/// How wide a rule's page is.
const PAGE_WIDTH: usize = 96;

/// What the template takes: texts that are harmless already.
#[derive(Template)]
#[template(path = "organization.html")]
struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    outcome: &'static str,
    tone: &'static str,
    headline: String,
    blocking: usize,
    degrading: usize,
    unread_count: usize,
    coverage: String,
    asked_by: String,
    calls: String,
    collected_at: String,
    program: &'static str,
    unread: Vec<Unread>,
    findings: Vec<Finding>,
    pages: Vec<Explained>,
    notes: Vec<String>,
    changes: Vec<String>,
    accounts: Vec<Account>,
    limits: &'static str,
    relations: String,
}

/// What could not be read.
struct Unread {
    decides: bool,
    heading: String,
    calls: Vec<String>,
    said: Option<String>,
}

/// A finding.
struct Finding {
    tone: &'static str,
    effect: &'static str,
    message: String,
    rule: &'static str,
    confidence: &'static str,
    novelty: Option<&'static str>,
    people: String,
    follows: String,
    accounts: Vec<String>,
    first: Vec<Step>,
    rest: Vec<Step>,
    evidence: Vec<String>,
    is_explained: bool,
}

/// Something to do.
struct Step {
    what: String,
    caution: Option<String>,
    command: Option<String>,
}

/// A rule's page.
struct Explained {
    rule: &'static str,
    text: String,
}

/// An account.
struct Account {
    name: String,
    id: String,
    state: &'static str,
    tone: &'static str,
    open: usize,
    degraded: usize,
    shut: usize,
    unknown: usize,
}

/// Writes the page.
pub(super) fn write(out: &mut dyn Write, scan: &Scan, relations: &Relations) -> io::Result<()> {
    let mut html = Page::of(scan, relations)?.render().map_err(io::Error::other)?;
    html.push('\n');
    out.write_all(html.as_bytes())
}

impl Page {
    fn of(scan: &Scan, relations: &Relations) -> io::Result<Self> {
        let of = |effect| scan.findings.iter().filter(|finding| finding.effect == effect).count();
        let harmless = |text: &str| clean(text).into_owned();
        let mut rules: Vec<&'static str> = scan.findings.iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let tone = match scan.outcome {
            Outcome::Clean => "good",
            Outcome::Broken => "bad",
            Outcome::Degraded | Outcome::Inconclusive => "unsure",
        };
        Ok(Self {
            policy: format!(
                "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
                hash(style()),
                hash(script())
            ),
            style: style(),
            script: script(),
            outcome: outcome_word(scan.outcome),
            tone,
            headline: harmless(&scan.headline()),
            blocking: of(Effect::Blocks),
            degrading: of(Effect::Degrades),
            unread_count: scan.made.gaps.len(),
            coverage: scan.coverage.sentence(),
            asked_by: scan.made.caller.as_ref().map(|caller| harmless(&caller.arn)).unwrap_or_default(),
            calls: wording::count(scan.made.calls.try_into().unwrap_or(usize::MAX), "call"),
            collected_at: format!("{:.0}", scan.made.collected_at),
            program: PROGRAM,
            unread: unread(&scan.made.gaps),
            findings: scan.findings.iter().map(Finding::of).collect(),
            pages: rules.into_iter().filter_map(explained).collect(),
            notes: scan.notes.iter().map(|note| harmless(&note.message)).collect(),
            changes: scan.changed().iter().map(|line| harmless(line)).collect(),
            accounts: scan.accounts.iter().map(Account::of).collect(),
            limits: if relations.full {
                "Open says that somebody gets in; what their role then lets them do, idc why tells."
            } else {
                "Who is assigned was read only where something is broken: idc scan --full reads it everywhere. Open says \
                 that somebody gets in; what their role then lets them do, idc why tells."
            },
            relations: packed(relations)?,
        })
    }
}

/// What could not be read, in many accounts.
fn unread(gaps: &[OpenGap]) -> Vec<Unread> {
    let harmless = |text: &str| clean(text).into_owned();
    let told = |one: Across| Unread {
        decides: one.decides,
        heading: harmless(&one.heading),
        calls: one.calls.iter().map(|call| harmless(call)).collect(),
        said: one.said.as_deref().map(harmless),
    };
    across(gaps).into_iter().map(told).collect()
}

/// How a policy of the page names a text that it allows.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// The relations as the script reads them.
fn packed(relations: &Relations) -> io::Result<String> {
    // All at once: each number by itself costs more than to compress it.
    let text = json::line(&data::Data::from(relations))?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes())?;
    Ok(STANDARD.encode(packed.finish()?))
}

/// The page of a rule.
fn explained(id: &'static str) -> Option<Explained> {
    let mut text = Vec::new();
    let style = Style { width: PAGE_WIDTH, color: false, unicode: true, height: 24 };
    explain::write(&mut text, (page(id)?.text)(), &style).ok()?;
    Some(Explained { rule: id, text: String::from_utf8(text).ok()?.trim_end().to_owned() })
}

impl Finding {
    fn of(finding: &ScanFinding) -> Self {
        let step = |fix: &Fix| Step {
            what: clean(&fix.what).into_owned(),
            caution: fix.caution.as_deref().map(|caution| clean(caution).into_owned()),
            command: fix.command.as_ref().map(|command| clean(&command.shell()).into_owned()),
        };
        let (first, rest) = finding.fixes.split_at(finding.first_fixes.min(finding.fixes.len()));
        Self {
            tone: match finding.effect {
                Effect::Blocks => "bad",
                Effect::Degrades => "unsure",
            },
            effect: effect_word(finding.effect),
            message: clean(&finding.message).into_owned(),
            rule: finding.rule,
            confidence: confidence_word(finding.confidence),
            novelty: finding.novelty(),
            people: finding.people_touched(),
            follows: finding.follows.join(", "),
            accounts: finding.accounts.iter().map(|account| clean(&account.label()).into_owned()).collect(),
            first: first.iter().map(step).collect(),
            rest: rest.iter().map(step).collect(),
            evidence: finding.evidence.iter().map(cited).collect(),
            is_explained: page(finding.rule).is_some(),
        }
    }
}

/// What AWS answered that shows it.
fn cited(citation: &Citation) -> String {
    let place = citation.account.as_ref().map(|account| format!(" in {account}")).unwrap_or_default();
    let at = citation.at.map(|at| format!(", {at:.0}")).unwrap_or_default();
    let request = citation.request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
    clean(&format!("{}{place}: {}{at}{request}", citation.call, citation.says)).into_owned()
}

impl Account {
    fn of(judged: &AccountJudged) -> Self {
        let (state, tone) = match judged.state() {
            None => ("nothing assigned", ""),
            Some(state) => (state_word(state), tone(state)),
        };
        let AccountJudged { account, open, degraded, shut, unknown, undecided: _ } = judged;
        Self {
            name: clean(account.name.as_deref().unwrap_or(&account.id)).into_owned(),
            id: clean(&account.id).into_owned(),
            state,
            tone,
            open: *open,
            degraded: *degraded,
            shut: *shut,
            unknown: *unknown,
        }
    }
}

const fn tone(state: PathState) -> &'static str {
    match state {
        PathState::Open => "good",
        PathState::Shut => "bad",
        PathState::Degraded | PathState::Unknown => "unsure",
    }
}

#[cfg(test)]
mod tests;
