//! Exceptions that somebody accepted until a day: they are counted, and end by themselves.

use jiff::civil::Date;

use super::changes::settle;
use super::pieces::{Narrowing, Piece};
use super::scan::{outcome_of, rank};
use super::{AccountShown, Scan};
use crate::evidence::Snapshot;

/// An accepted exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The rule's id.
    pub rule: String,
    /// The account, by id or name; `None`: any.
    pub account: Option<String>,
    /// The permission set, by name or ARN; `None`: any.
    pub permission_set: Option<String>,
    /// The last day on which it counts.
    pub until: Date,
    /// Why.
    pub because: String,
}

/// Leaves out what was accepted, and counts it. What stays of a finding is told of the accounts that stay alone.
pub fn accept(scan: &mut Scan, snapshot: &Snapshot, accepted: &[Accepted], today: Date) {
    let live: Vec<&Accepted> = accepted.iter().filter(|one| one.until >= today).collect();
    let mut narrowing = Narrowing::of(snapshot);
    let mut count = 0;
    let mut stay = Vec::new();
    for finding in std::mem::take(&mut scan.findings) {
        let set = finding.permission_set.clone();
        let of_set = |one: &&&Accepted| match (&one.permission_set, &set) {
            (None, _) => true,
            (Some(asked), Some(set)) => set.name.as_ref() == Some(asked) || set.arn == *asked,
            (Some(_), None) => false,
        };
        let fitting: Vec<&&Accepted> = live.iter().filter(|one| one.rule == finding.rule).filter(of_set).collect();
        let is_accepted = |account: &AccountShown| {
            let is_it = |asked: &str| asked == account.id || Some(asked) == account.name.as_deref();
            fitting.iter().any(|one| one.account.as_deref().is_none_or(is_it))
        };
        let before = finding.accounts.len();
        let left = finding.accounts.iter().filter(|account| !is_accepted(account)).count();
        count += before - left;
        if left == before {
            // What is about no account, as the instance is, stays too.
            stay.push(finding);
        } else if left > 0 {
            let stays = |piece: &Piece| piece.account.as_ref().is_none_or(|account| !is_accepted(account));
            stay.extend(narrowing.narrowed(finding, stays));
        }
    }
    stay.sort_by(|a, b| rank(a).cmp(&rank(b)));
    scan.findings = stay;
    scan.accepted = count;
    settle(scan);
    scan.outcome = outcome_of(&scan.findings, &scan.made.gaps);
}
