//! The answer for scripts: version 1 of the JSON format, and its schema. These structs are the promise; what the program
//! uses inside may change, they may only grow.

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use crate::answers::diagnosis::Diagnosis;
use crate::evidence::Call;
use crate::packed::packed;
use crate::wording::is_treacherous;

mod cause;
mod comparison;
pub mod doctor;
mod from_diagnosis;
pub mod organization;
mod own_machine;
pub mod several;
mod words;

use cause::{Candidate, Cause, Citation, Fix, NearMiss, Since, Suggested};
use words::{Outcome, PathKind, PathState, PrincipalType, Reason, Verdict};

/// The version of this format.
const FORMAT_VERSION: &str = "1.0";

/// Writes the answer as one JSON object and a line break.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis) -> io::Result<()> {
    write_harmless(out, &Answer::from(diagnosis))
}

/// Writes what ended the program before there was an answer.
pub fn write_error(out: &mut dyn io::Write, error: &crate::error::Error) -> io::Result<()> {
    let (message, hint) = (error.to_string(), error.hint());
    let error = Ended { code: error.code(), message: &message, hint: hint.as_deref() };
    write_harmless(out, &Failure { format_version: FORMAT_VERSION, error })
}

/// Writes what would steer a terminal as escapes, which mean the same to whoever reads JSON; serde leaves some as it is.
pub fn write_harmless(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(out, &crate::json::pretty(value)?)
}

/// The same on a single line.
fn write_harmless_line(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(out, &crate::json::line(value)?)
}

fn write_escaped(out: &mut dyn io::Write, text: &str) -> io::Result<()> {
    for c in text.chars() {
        // A line break here is between the parts: within a string it is an escape already.
        if c == '\n' || !is_treacherous(c) {
            write!(out, "{c}")?;
        } else {
            c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))?;
        }
    }
    writeln!(out)
}

/// The schema of what [`write()`] writes, as JSON Schema 2020-12. It allows more fields than it names, as the format does.
pub fn schema() -> &'static str {
    packed!("docs/answer.schema.json")
}

/// The answer of `idc why --output json`. New fields may appear at any time; readers ignore what they do not know.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Answer of idc why"))]
struct Answer<'a> {
    /// The version of this format. The first number changes only when a field goes or changes its meaning.
    #[cfg_attr(test, schemars(regex(pattern = r"^1\.[0-9]+$")))]
    format_version: &'static str,
    /// What was asked.
    question: Question<'a>,
    /// The answer in a word.
    verdict: Verdict,
    /// The answer in one or two sentences.
    summary: &'a str,
    /// The earliest fault that explains the verdict; null where there is none.
    root_cause: Option<Cause<'a>>,
    /// Every other fault, in causal order.
    also: Vec<Cause<'a>>,
    /// The ways from the user to the account.
    paths: Vec<Path<'a>>,
    /// What every rule said, in causal order.
    checks: Vec<Check>,
    /// What could not be read, each once.
    gaps: Vec<OpenGap<'a>>,
    /// What else is worth knowing: caps that were reached, circumstances.
    notes: &'a [String],
    /// What happened when, oldest first.
    timeline: Vec<Event<'a>>,
    /// Whether everything that was asked about could be read; what could not stands in `gaps`.
    complete: bool,
    /// Who asked; null where AWS did not say.
    caller: Option<Caller<'a>>,
    /// When collecting ended.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    collected_at: Timestamp,
    /// How many requests AWS was sent.
    calls: u32,
    /// Where the user and the colleague named by `--like` differ; null without.
    like: Option<comparison::Like<'a>>,
    /// What was found on the machine of the person who asks about themselves with `--me`; null without.
    own_machine: Option<own_machine::OwnMachine<'a>>,
}

/// What stands in the place of an answer where there is none.
#[derive(Serialize)]
struct Failure<'a> {
    format_version: &'static str,
    error: Ended<'a>,
}

/// What ended the program.
#[derive(Serialize)]
struct Ended<'a> {
    code: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
}

/// What was asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Question<'a> {
    /// The user as typed: a name, an e-mail or an id.
    user: &'a str,
    /// The account's id where it is known, else what was typed.
    account: &'a str,
    /// The permission set asked about; null for all of them.
    permission_set: Option<&'a str>,
    /// The group that was meant to give access; null for all of them.
    group: Option<&'a str>,
}

/// A way from the user to the account.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Path<'a> {
    /// What it consists of.
    kind: PathKind,
    /// The permission set's name, where known; null for an entitlement.
    permission_set: Option<&'a str>,
    /// The permission set's ARN; null for an entitlement.
    permission_set_arn: Option<&'a str>,
    /// To whom it is given: the user or one of their groups.
    via: Via<'a>,
    /// The role in the account, where known.
    role_arn: Option<&'a str>,
    /// What is known of it.
    state: PathState,
    /// Whether the assignment stands, or was only requested.
    stands: bool,
}

/// A user or group.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Via<'a> {
    /// What it is.
    #[serde(rename = "type")]
    kind: PrincipalType,
    /// The id in the identity store.
    id: &'a str,
    /// Its name; null where it is not known.
    name: Option<&'a str>,
}

/// What one rule said.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Check {
    /// The gate that the rule belongs to.
    gate: &'static str,
    /// The rule's id.
    rule: &'static str,
    /// The place of the path in `paths`; null for what all paths share.
    path: Option<usize>,
    /// What it said.
    outcome: Outcome,
}

/// What could not be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OpenGap<'a> {
    /// The action, as IAM names it.
    #[cfg_attr(test, schemars(with = "String"))]
    call: Call,
    /// The account whose permissions the call needs.
    account: Option<&'a str>,
    /// The Region that was asked; null for global services.
    region: Option<&'a str>,
    /// Why not.
    reason: Reason,
    /// AWS's own text, or why it was not asked.
    message: &'a str,
    /// The action to allow; null where allowing it would change nothing.
    allow: Option<&'static str>,
    /// Whether it keeps the verdict open.
    decides: bool,
}

/// Something that happened.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Event<'a> {
    /// When it happened.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    at: Timestamp,
    /// What happened, in a few words.
    what: &'a str,
    /// The action that told, as IAM names it.
    #[cfg_attr(test, schemars(with = "String"))]
    call: Call,
    /// Through whom; null where no record of CloudTrail tells.
    who: Option<&'a str>,
    /// The account in which it is logged; null where it comes from no event of CloudTrail.
    account: Option<&'a str>,
    /// The Region in which it is.
    region: Option<&'a str>,
    /// CloudTrail's id of the event.
    #[serde(rename = "event_id")]
    id: Option<&'a str>,
    /// Whether it explains the root cause.
    explains: bool,
}

/// Who asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Caller<'a> {
    /// The account that the credentials are of.
    account: &'a str,
    /// The identity's ARN.
    arn: &'a str,
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod schema;
