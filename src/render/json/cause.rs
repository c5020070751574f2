//! A cause in the answer for scripts: what is wrong, what shows it, and what puts it right.

use jiff::Timestamp;
use serde::Serialize;

use super::words::{Confidence, Effect, Part, PrincipalType};
use crate::evidence::Call;

/// A fault with its proof and its remedy.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Cause<'a> {
    /// The rule's id, which is never used for something else; `idc explain` tells more about it.
    pub(super) rule: &'static str,
    /// The gate that the rule belongs to.
    pub(super) gate: Option<&'static str>,
    /// What it does.
    pub(super) effect: Effect,
    /// How sure it is.
    pub(super) confidence: Confidence,
    /// The place of the path in `paths`; null for what all paths share.
    pub(super) path: Option<usize>,
    /// The fault in a sentence or two.
    pub(super) message: &'a str,
    /// What is there and named nearly like what is missing.
    pub(super) near_misses: Vec<NearMiss<'a>>,
    /// Names close to the one that fits nothing.
    pub(super) suggestions: &'a [String],
    /// Users and groups that have what this user lacks.
    pub(super) candidates: Vec<Candidate<'a>>,
    /// The answers of AWS that prove it; never empty.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(super) evidence: Vec<Citation<'a>>,
    /// What to do about it, in order.
    pub(super) fixes: Vec<Fix<'a>>,
    /// The rule whose fault, earlier on the same path, has this one as its consequence; null where it stands for itself.
    pub(super) follows_from: Option<&'static str>,
    /// The names in `suggestions` as parts of a question, each with the command that asks it.
    pub(super) suggested: Vec<Suggested<'a>>,
    /// AWS's own page about it; null where there is none.
    pub(super) documentation: Option<String>,
    /// The console's page, where only the console can mend it; else null.
    pub(super) console: Option<String>,
    /// Since when it is there, and through whom: of the root cause alone, and null where that could not be told.
    pub(super) since: Option<Since<'a>>,
}

/// Since when something is as it is, and through whom.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Since<'a> {
    /// The moment; where `not_before` is there too, the latest that it can be.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    pub(super) at: Timestamp,
    /// The earliest that it can be, where no moment is known; else null.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub(super) not_before: Option<Timestamp>,
    /// Through whom: a person, a pipeline by its role, the identity provider; null where that is not known.
    pub(super) by: Option<String>,
    /// CloudTrail's id of the event that tells; null where no single one does.
    pub(super) event_id: Option<&'a str>,
    /// The account in which that is logged.
    pub(super) account: Option<&'a str>,
    /// The Region in which it is.
    pub(super) region: Option<&'a str>,
    /// How sure it is: `likely` where it had to be inferred.
    pub(super) certainty: Confidence,
}

/// What may be meant in the place of what fits nothing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Suggested<'a> {
    /// Which part of the question it would be.
    pub(super) part: Part,
    /// What to type for it.
    pub(super) value: &'a str,
    /// The same for people.
    pub(super) label: &'a str,
    /// AWS's id for it: of a user, group or account, or a permission set's ARN; null where it is not known.
    pub(super) id: Option<&'a str>,
    /// The command that asks again with it; null where the name cannot be typed.
    pub(super) command: Option<String>,
}

/// A policy or role that is there, and is nearly the one that is missing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct NearMiss<'a> {
    /// Its ARN.
    pub(super) arn: &'a str,
    /// How it differs: in `case`, in `path`, in `spelling`.
    pub(super) differs_in: &'static str,
}

/// Somebody who has what this user lacks.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Candidate<'a> {
    /// What it is.
    #[serde(rename = "type")]
    pub(super) kind: PrincipalType,
    /// The id in the identity store.
    pub(super) id: &'a str,
    /// Its name; null where it is not known.
    pub(super) name: Option<&'a str>,
    /// The permission sets that are assigned to it in the account.
    pub(super) permission_sets: &'a [String],
    /// The roles in the account that it is entitled to.
    pub(super) roles: &'a [String],
}

/// What AWS answered, and where to find it again.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Citation<'a> {
    /// The action, as IAM names it.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) call: Call,
    /// The account that was asked.
    pub(super) account: Option<&'a str>,
    /// The Region that was asked; null for global services.
    pub(super) region: Option<&'a str>,
    /// The id of the request in AWS's own logs.
    pub(super) request_id: Option<&'a str>,
    /// When it was asked.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub(super) at: Option<Timestamp>,
    /// What the answer says, in a few words.
    pub(super) says: &'a str,
}

/// Something to do. It is printed, never run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Fix<'a> {
    /// What to do.
    #[serde(rename = "do")]
    pub(super) what: &'a str,
    /// What else it does: whom it gives more to, what it no longer guards; null where it does nothing else.
    pub(super) caution: Option<&'a str>,
    /// The command that does it, where there is one.
    pub(super) command: Option<String>,
    /// The account in which the command acts; null without a command, or where the reader has to choose it.
    pub(super) account: Option<&'a str>,
}
