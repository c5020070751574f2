//! Service control policies of which nobody can tell from outside whether they leave sessions anything.

use std::collections::BTreeMap;

use super::Note;
use crate::answers::organization::AccountShown;
use crate::cores;
use crate::evidence::Snapshot;
use crate::iam_policy::Reckoned;
use crate::model::organization::Way;
use crate::model::session_policies::doubts_in_account;
use crate::wording;

/// The rule that is not decided by them.
pub(super) const RULE: &str = "service-control-policy-denies-session";

/// How many accounts a note names.
const NAMED: usize = 3;

/// The accounts of which it cannot be told, each with why.
pub(super) fn doubts<'s>(snapshot: &'s Snapshot, ways: &[Way<'s>]) -> Vec<(&'s str, String)> {
    let mut of_accounts: BTreeMap<&str, Way<'s>> = BTreeMap::new();
    for way in ways.iter().filter(|way| way.stands && way.principal.is_none()) {
        of_accounts.entry(way.account).or_insert(*way);
    }
    let of_accounts: Vec<Way<'s>> = of_accounts.into_values().collect();
    let reckoned = Reckoned::default();
    let of_way = |way: &Way<'s>| {
        let here = way.here(snapshot).map(|here| here.reckoning(&reckoned));
        here.map(doubts_in_account).unwrap_or_default().join(" ")
    };
    let told = cores::map(&of_accounts, of_way);
    of_accounts.iter().map(|way| way.account).zip(told).filter(|(_, why)| !why.is_empty()).collect()
}

/// The same where it is the same told once.
pub(super) fn notes(snapshot: &Snapshot, doubts: &[(&str, String)]) -> Vec<Note> {
    let mut same: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (account, why) in doubts {
        // A policy may be attached to each of many accounts.
        let why = why.replace(&format!(", attached to account {account},"), "");
        same.entry(why).or_default().push(AccountShown::of(snapshot, account).label());
    }
    let note = |(why, accounts): (String, Vec<String>)| {
        let places = match &accounts[..] {
            [one] => format!("In account {one}"),
            several => {
                let count = several.len();
                format!("In {count} accounts ({})", wording::list(accounts, NAMED))
            }
        };
        let message = format!("{places}: {why}");
        Note { id: "organization-policies-undecided", message, permission_set: None }
    };
    same.into_iter().map(note).collect()
}
