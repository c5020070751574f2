//! Exceptions that somebody accepted until a day: they are counted, and end by themselves.

use jiff::civil::Date;

use super::Scan;
use super::scan::outcome_of;

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

/// Leaves out what was accepted, and counts it.
pub fn accept(scan: &mut Scan, accepted: &[Accepted], today: Date) {
    let live: Vec<&Accepted> = accepted.iter().filter(|one| one.until >= today).collect();
    let mut count = 0;
    let mut over = Vec::new();
    for finding in &mut scan.findings {
        let set = finding.permission_set.clone();
        let of_set = |one: &&&Accepted| match (&one.permission_set, &set) {
            (None, _) => true,
            (Some(asked), Some(set)) => set.name.as_ref() == Some(asked) || set.arn == *asked,
            (Some(_), None) => false,
        };
        let fitting: Vec<&&Accepted> = live.iter().filter(|one| one.rule == finding.rule).filter(of_set).collect();
        let before = finding.accounts.len();
        let is_accepted = |id: &str, name: Option<&str>| {
            fitting.iter().any(|one| one.account.as_deref().is_none_or(|asked| asked == id || Some(asked) == name))
        };
        let had_accounts = !finding.accounts.is_empty();
        finding.accounts.retain(|account| !is_accepted(&account.id, account.name.as_deref()));
        let left_out = before - finding.accounts.len();
        count += left_out;
        if left_out > 0 {
            // How many of the people are in the accounts that stay was not counted.
            finding.people = None;
            finding.kept_out = None;
        }
        // What is about no account, as the instance is, is accepted by its rule alone.
        over.push(had_accounts && finding.accounts.is_empty());
    }
    let mut over = over.into_iter();
    scan.findings.retain(|_| over.next() != Some(true));
    scan.accepted = count;
    scan.outcome = outcome_of(&scan.findings, &scan.made.gaps);
}
