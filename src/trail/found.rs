//! What a source gave, and how far it reaches.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use super::matching::{account, text, time};

/// How many records are kept. The rest is older.
pub const MOST: usize = 5_000;

/// What a source holds of one account in one Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cover {
    /// The account.
    pub account: String,
    /// The Region; `None` for each that was looked for.
    pub region: Option<String>,
    /// From when on.
    pub since: Timestamp,
    /// Up to when.
    pub until: Timestamp,
}

/// A part of the source that could not be read, so that nothing is known of what stands there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// The file, the account, or what else it is.
    pub what: String,
    /// Why.
    pub why: String,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The records as CloudTrail logged them, newest first, each once.
    pub records: Vec<Value>,
    /// How many records were read for it.
    pub read: usize,
    /// Whether older ones were left unread.
    pub capped: bool,
    /// What the source holds. Where nothing is said of an account, that it has no record there means nothing.
    pub covers: Vec<Cover>,
    /// What could not be read of it.
    pub unread: Vec<Unread>,
    /// How many bytes were read for it, where that is told.
    pub scanned: Option<u64>,
}

impl Found {
    /// Whether all that the source holds of this account was read.
    pub fn covers(&self, account: &str) -> bool {
        self.unread.is_empty() && self.covers.iter().any(|cover| cover.account == account)
    }
}

/// Sorts records newest first, each once, and leaves the oldest out of too many; whether it did.
///
/// One event is logged in two accounts with two ids, where it concerns both.
pub(super) fn newest(records: &mut Vec<Value>) -> bool {
    records.sort_by_cached_key(|record| {
        let at = time(record).unwrap_or(Timestamp::MIN);
        // Of two, the one of whoever acted says more of them.
        let is_others = account(record) != record.pointer("/userIdentity/accountId").and_then(Value::as_str);
        (std::cmp::Reverse(at), is_others, text(record, "eventID").map(str::to_owned))
    });
    let (mut ids, mut shared) = (BTreeSet::new(), BTreeSet::new());
    records.retain(|record| {
        let is_new = text(record, "eventID").is_none_or(|id| ids.insert(id.to_owned()));
        is_new && text(record, "sharedEventID").is_none_or(|id| shared.insert(id.to_owned()))
    });
    let is_capped = records.len() > MOST;
    records.truncate(MOST);
    is_capped
}
