//! What a source that gives records as texts holds, by what it says of itself.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::found::newest;
use super::{Cover, Found, Sought, Unread, Wanted};
use crate::wording::count;

/// How far an event data store, or a log group with the trail that writes to it, reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The account that owns it.
    pub account: Option<String>,
    /// The Region in which it is.
    pub region: Option<String>,
    /// Whether it takes the events of the whole organization.
    pub of_organization: bool,
    /// Whether it takes those of every Region.
    pub of_every_region: bool,
    /// Since when it takes events.
    pub since: Option<Timestamp>,
    /// How many days it keeps them; for ever without.
    pub days: Option<i32>,
    /// Whether it takes every management event, now too.
    pub is_whole: bool,
}

/// The answer of a query.
pub(super) struct Rows<'a> {
    /// The record of each row.
    pub texts: &'a [String],
    /// How many rows there are at most: where there are as many, older ones were left out.
    pub most: usize,
    /// How many bytes were scanned for it.
    pub scanned: Option<u64>,
    /// What was asked.
    pub of: &'static str,
}

impl Rows<'_> {
    /// Which of the records are sought, and what the source is known to hold.
    pub(super) fn found(&self, sought: &Sought, reach: Option<&Reach>) -> Found {
        let wanted = Wanted::new(sought);
        let (read, capped) = (self.texts.len(), self.texts.len() >= self.most);
        let mut found = Found { read, capped, scanned: self.scanned, ..Found::default() };
        let mut unreadable = 0;
        for text in self.texts {
            match serde_json::from_str::<Value>(text) {
                Ok(record) if wanted.holds(&record) => found.records.push(record),
                Ok(_) => {}
                Err(_) => unreadable += 1,
            }
        }
        let mut unread = |why: String| found.unread.push(Unread { what: self.of.to_owned(), why });
        if unreadable > 0 {
            unread(format!("{} cannot be read", count(unreadable, "record")));
        }
        if reach.is_none() {
            unread("which accounts and Regions it holds was not read".to_owned());
        }
        found.capped |= newest(&mut found.records);
        found.covers = reach.map(|reach| reach.covers(sought)).unwrap_or_default();
        found
    }
}

impl Reach {
    fn covers(&self, sought: &Sought) -> Vec<Cover> {
        if !self.is_whole {
            return Vec::new();
        }
        let window = sought.window;
        let kept = |days: i32| window.until.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).ok();
        let kept = self.days.and_then(kept);
        let Some(since) = self.since.map(|since| kept.map_or(since, |kept| since.max(kept)).max(window.since)) else {
            return Vec::new();
        };
        let accounts = sought.accounts.all().into_iter();
        let accounts = accounts.filter(|account| self.of_organization || self.account.as_deref() == Some(account));
        let region = if self.of_every_region { None } else { self.region.clone() };
        let is_known = self.of_every_region || region.is_some();
        let cover =
            |account: &str| Cover { account: account.to_owned(), region: region.clone(), since, until: window.until };
        accounts.filter(|_| is_known && since <= window.until).map(cover).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_a_source_does_not_hold_is_not_covered() {
        let sought = sample::sought();
        let found = |texts: &[String], reach: Option<&Reach>| {
            Rows { texts, most: 10, scanned: None, of: "it" }.found(&sought, reach)
        };
        let covered = |reach: Reach| found(&[], Some(&reach)).covers;
        let whole = sample::whole;
        assert_eq!(covered(whole()).len(), 3);
        let own = covered(Reach { of_organization: false, of_every_region: false, ..whole() });
        assert_eq!(
            (own.len(), own[0].account.as_str(), own[0].region.as_deref()),
            (1, sample::MANAGEMENT, Some("eu-west-1"))
        );
        assert_eq!(covered(Reach { is_whole: false, ..whole() }), []);
        assert_eq!(covered(Reach { since: None, ..whole() }), []);
        let late = covered(Reach { days: Some(1), ..whole() });
        assert_eq!(late[0].since.to_string(), "2026-11-19T14:40:00Z");
        let unknown = found(&["no json".to_owned()], None);
        assert_eq!((unknown.covers.len(), unknown.unread.len()), (0, 2));
        assert!(found(&vec!["{}".to_owned(); 10], Some(&whole())).capped, "as many as there can be");
    }
}
