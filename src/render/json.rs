//! The answer for scripts: version 1 of the JSON format, and its schema. These structs are the promise; what the program
//! uses inside may change, they may only grow.

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use crate::answers::diagnosis::Diagnosis;
use crate::evidence::Call;
use crate::wording::is_treacherous;

mod comparison;
pub mod doctor;
mod from_diagnosis;
pub mod organization;
mod own_machine;
pub mod several;
mod words;

use words::{Confidence, Effect, Outcome, Part, PathKind, PathState, PrincipalType, Reason, Verdict};

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
    write_escaped(out, &serde_json::to_string_pretty(value)?)
}

/// The same on a single line.
fn write_harmless_line(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(out, &serde_json::to_string(value)?)
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
pub const SCHEMA: &str = include_str!("../../docs/answer.schema.json");

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

/// A fault with its proof and its remedy.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Cause<'a> {
    /// The rule's id, which is never used for something else; `idc explain` tells more about it.
    rule: &'static str,
    /// The gate that the rule belongs to.
    gate: Option<&'static str>,
    /// What it does.
    effect: Effect,
    /// How sure it is.
    confidence: Confidence,
    /// The place of the path in `paths`; null for what all paths share.
    path: Option<usize>,
    /// The fault in a sentence or two.
    message: &'a str,
    /// What is there and named nearly like what is missing.
    near_misses: Vec<NearMiss<'a>>,
    /// Names close to the one that fits nothing.
    suggestions: &'a [String],
    /// Users and groups that have what this user lacks.
    candidates: Vec<Candidate<'a>>,
    /// The answers of AWS that prove it; never empty.
    #[cfg_attr(test, schemars(length(min = 1)))]
    evidence: Vec<Citation<'a>>,
    /// What to do about it, in order.
    fixes: Vec<Fix<'a>>,
    /// The rule whose fault, earlier on the same path, has this one as its consequence; null where it stands for itself.
    follows_from: Option<&'static str>,
    /// The names in `suggestions` as parts of a question, each with the command that asks it.
    suggested: Vec<Suggested<'a>>,
    /// AWS's own page about it; null where there is none.
    documentation: Option<String>,
    /// The console's page, where only the console can mend it; else null.
    console: Option<String>,
    /// Since when it is there, and through whom: of the root cause alone, and null where that could not be told.
    since: Option<Since<'a>>,
}

/// Since when something is as it is, and through whom.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Since<'a> {
    /// The moment; where `not_before` is there too, the latest that it can be.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    at: Timestamp,
    /// The earliest that it can be, where no moment is known; else null.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date-time")))]
    not_before: Option<Timestamp>,
    /// Through whom: a person, a pipeline by its role, the identity provider; null where that is not known.
    by: Option<String>,
    /// CloudTrail's id of the event that tells; null where no single one does.
    event_id: Option<&'a str>,
    /// The account in which that is logged.
    account: Option<&'a str>,
    /// The Region in which it is.
    region: Option<&'a str>,
    /// How sure it is: `likely` where it had to be inferred.
    certainty: Confidence,
}

/// What may be meant in the place of what fits nothing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Suggested<'a> {
    /// Which part of the question it would be.
    part: Part,
    /// What to type for it.
    value: &'a str,
    /// The same for people.
    label: &'a str,
    /// AWS's id for it: of a user, group or account, or a permission set's ARN; null where it is not known.
    id: Option<&'a str>,
    /// The command that asks again with it; null where the name cannot be typed.
    command: Option<String>,
}

/// A policy or role that is there, and is nearly the one that is missing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NearMiss<'a> {
    /// Its ARN.
    arn: &'a str,
    /// How it differs: in `case`, in `path`, in `spelling`.
    differs_in: &'static str,
}

/// Somebody who has what this user lacks.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Candidate<'a> {
    /// What it is.
    #[serde(rename = "type")]
    kind: PrincipalType,
    /// The id in the identity store.
    id: &'a str,
    /// Its name; null where it is not known.
    name: Option<&'a str>,
    /// The permission sets that are assigned to it in the account.
    permission_sets: &'a [String],
    /// The roles in the account that it is entitled to.
    roles: &'a [String],
}

/// What AWS answered, and where to find it again.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Citation<'a> {
    /// The action, as IAM names it.
    #[cfg_attr(test, schemars(with = "String"))]
    call: Call,
    /// The account that was asked.
    account: Option<&'a str>,
    /// The Region that was asked; null for global services.
    region: Option<&'a str>,
    /// The id of the request in AWS's own logs.
    request_id: Option<&'a str>,
    /// When it was asked.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date-time")))]
    at: Option<Timestamp>,
    /// What the answer says, in a few words.
    says: &'a str,
}

/// Something to do. It is printed, never run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fix<'a> {
    /// What to do.
    #[serde(rename = "do")]
    what: &'a str,
    /// What else it does: whom it gives more to, what it no longer guards; null where it does nothing else.
    caution: Option<&'a str>,
    /// The command that does it, where there is one.
    command: Option<String>,
    /// The account in which the command acts; null without a command, or where the reader has to choose it.
    account: Option<&'a str>,
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
