//! Whether a record is one of those that are looked for.

use std::collections::BTreeSet;

use jiff::Timestamp;
use memchr::memmem::Finder;
use serde_json::Value;

use super::{Branch, Part, Sought, Text, Window, branches};

/// What is looked for, made ready to be held against many records.
#[derive(Debug)]
pub struct Wanted {
    branches: Vec<Branch>,
    window: Window,
    accounts: BTreeSet<String>,
    regions: BTreeSet<String>,
    quick: Vec<Quick>,
}

/// What must stand somewhere in the text of a record of a branch: one of each.
#[derive(Debug)]
struct Quick(Vec<Vec<Finder<'static>>>);

impl Wanted {
    /// What is looked for.
    pub fn new(sought: &Sought) -> Self {
        let branches = branches(sought);
        Self {
            quick: branches.iter().map(Quick::of).collect(),
            branches,
            window: sought.window,
            accounts: sought.accounts.all().into_iter().map(str::to_owned).collect(),
            regions: sought.regions.clone(),
        }
    }

    /// Whether the text of a record may be one of those, told without reading it: most are not, and reading them all takes
    /// seven times as long.
    pub fn may_hold(&self, text: &[u8]) -> bool {
        // A text may be spelt otherwise in JSON. Nobody does it, but then it has to be read.
        let is_escaped = memchr::memmem::find(text, b"\\u00").is_some();
        is_escaped || self.quick.iter().any(|quick| quick.holds(text))
    }

    /// Whether a record is one of those.
    pub fn holds(&self, record: &Value) -> bool {
        let Some(at) = time(record) else { return false };
        let account = account(record);
        let is_elsewhere = |known: &BTreeSet<String>, here: Option<&str>| {
            !known.is_empty() && here.is_some_and(|here| !known.contains(here))
        };
        self.window.holds(at)
            && !is_elsewhere(&self.accounts, account)
            && !is_elsewhere(&self.regions, text(record, "awsRegion"))
            && self.branches.iter().any(|branch| branch.holds(record))
    }
}

/// When a record's event happened.
pub(super) fn time(record: &Value) -> Option<Timestamp> {
    text(record, "eventTime")?.parse().ok()
}

/// The account in which it is logged.
pub(super) fn account(record: &Value) -> Option<&str> {
    text(record, "recipientAccountId").or_else(|| record.pointer("/userIdentity/accountId")?.as_str())
}

/// A member that is a text.
pub(super) fn text<'r>(record: &'r Value, member: &str) -> Option<&'r str> {
    record.get(member)?.as_str()
}

impl Branch {
    /// The texts that a query can ask for: no more than so many, and such as JSON spells in one way only. Where it does not
    /// ask for some, more comes back, and is left out then.
    pub(super) fn plain(&self, most: usize) -> impl Iterator<Item = &Text> {
        let is_plain = |text: &&Text| text.any.iter().all(|text| is_spelt_as_it_is(text));
        self.texts.iter().filter(move |text| text.any.len() <= most).filter(is_plain)
    }

    /// Whether a record is one of these.
    pub fn holds(&self, record: &Value) -> bool {
        let is_one = |all: &[&str], member| text(record, member).is_some_and(|here| all.contains(&here));
        is_one(self.sources, "eventSource")
            && is_one(self.names, "eventName")
            && self.account.as_deref().is_none_or(|owner| account(record) == Some(owner))
            && (!self.failed || text(record, "errorMessage").is_some())
            && self.texts.iter().all(|sought| {
                let speaks_of = |part: &Part| part.of(record).any(|value| speaks(value, &sought.any, 0));
                sought.within.iter().any(speaks_of)
            })
    }
}

impl Part {
    /// What stands there.
    fn of(self, record: &Value) -> impl Iterator<Item = &Value> {
        let (first, second) = match self {
            Self::Request => ("/requestParameters", None),
            Self::Response => ("/responseElements", None),
            Self::Additional => ("/additionalEventData", None),
            Self::Details => ("/serviceEventDetails", None),
            Self::Error => ("/errorMessage", None),
            Self::OnBehalfOf => ("/userIdentity/onBehalfOf/userId", None),
            Self::Principal => ("/userIdentity/principalId", Some("/userIdentity/userName")),
        };
        [Some(first), second].into_iter().flatten().filter_map(|place| record.pointer(place))
    }
}

/// Whether one of the texts stands in a text within a value. Records are shallow; what is not is made to be.
fn speaks(value: &Value, any: &[String], depth: usize) -> bool {
    match value {
        Value::String(here) => any.iter().any(|text| here.contains(text)),
        Value::Array(values) if depth < 64 => values.iter().any(|value| speaks(value, any, depth + 1)),
        Value::Object(members) if depth < 64 => members.values().any(|value| speaks(value, any, depth + 1)),
        Value::Array(_) | Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Quick {
    fn of(branch: &Branch) -> Self {
        let words = |all: &[&str]| all.iter().map(|word| Finder::new(&format!("\"{word}\"")).into_owned()).collect();
        let mut all = vec![words(branch.sources), words(branch.names)];
        for text in branch.plain(usize::MAX) {
            all.push(text.any.iter().map(|text| Finder::new(text).into_owned()).collect());
        }
        Self(all)
    }

    fn holds(&self, text: &[u8]) -> bool {
        self.0.iter().all(|any| any.iter().any(|finder| finder.find(text).is_some()))
    }
}

/// Whether JSON spells a text in one way only, but for escapes that stand for plain letters.
fn is_spelt_as_it_is(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'/') || byte == b' ')
}
