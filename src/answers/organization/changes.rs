//! What is otherwise than in an older file: what broke, what was put right, and who gained or lost access where. Only what
//! both looked at is compared: whatever one of them did not read is told as such.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::outcome_of;
use super::{AccountShown, Outcome, PersonShown, Scan, ScanFinding, SetShown};
use crate::evidence::Snapshot;
use crate::model::organization::administers;
use crate::wording;

mod sides;

use sides::{Seen, Side};

/// What changed between two files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// How many of the findings were not there before.
    pub broke: usize,
    /// How many were, and were left out for that.
    pub left_out: usize,
    /// What was wrong before and is not any more, in words.
    pub put_right: Vec<String>,
    /// What only one of the two looked at, in words.
    pub not_compared: Vec<String>,
    /// Who can get in where they could not before.
    pub gained: Vec<Grant>,
    /// Who no longer can.
    pub lost: Vec<Grant>,
    /// Whether both files hold everybody's access; else nothing is said of it.
    pub knows_access: bool,
}

/// Somebody's access to an account with a permission set, through whichever assignment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The account.
    pub account: AccountShown,
    /// The permission set.
    pub permission_set: SetShown,
    /// The person.
    pub person: PersonShown,
    /// Whether it gives administrator rights.
    pub administers: bool,
}

/// How many accounts are named where something holds for some of a finding's.
const NAMED: usize = 3;

/// Compares a scan with that of an older file, and marks what is new.
pub fn compare(scan: &mut Scan, older: &Scan, (now, then): (&Snapshot, &Snapshot)) {
    let (after, before) = (Side::of(now), Side::of(then));
    let mut changes = Changes::default();
    let had = known(older);
    for finding in &mut scan.findings {
        let known = had.get(&key(finding));
        let is_known = |account: &&AccountShown| known.is_some_and(|known| known.contains(&account.id));
        let others: Vec<&AccountShown> = finding.accounts.iter().filter(|account| !is_known(account)).collect();
        // An account that has it now and had it not is new, wherever else it showed already.
        let (new, unseen) = apart(&before, finding, &others);
        let is_new = !new.is_empty() || finding.accounts.is_empty() && known.is_none();
        if !unseen.is_empty() {
            let message = placed(finding, &unseen);
            changes.not_compared.push(format!("{message} The older file does not tell whether it is new."));
        }
        changes.broke += usize::from(is_new);
        finding.new = if is_new { Some(true) } else { unseen.is_empty().then_some(false) };
    }
    let has = known(scan);
    for finding in &older.findings {
        let still = has.get(&key(finding));
        let is_still = |account: &&AccountShown| still.is_some_and(|still| still.contains(&account.id));
        let others: Vec<&AccountShown> = finding.accounts.iter().filter(|account| !is_still(account)).collect();
        let (over, unseen) = apart(&after, finding, &others);
        if !over.is_empty() || still.is_none() && finding.accounts.is_empty() {
            changes.put_right.push(placed(finding, &over));
        }
        if !unseen.is_empty() {
            let message = placed(finding, &unseen);
            changes.not_compared.push(format!("{message} That was so in the older file, and was not looked at now."));
        }
    }
    access(&mut changes, &after, &before);
    scan.changes = Some(changes);
}

/// By what a finding is the same as another.
type Key = (&'static str, String);

fn key(finding: &ScanFinding) -> Key {
    let set = finding.permission_set.as_ref().map(|set| &set.arn);
    let principal = finding.principal.as_ref().map(|one| &one.id);
    (finding.rule, format!("{:?} {:?} {set:?} {principal:?}", finding.effect, finding.about))
}

/// The accounts in which each finding shows.
fn known(scan: &Scan) -> BTreeMap<Key, BTreeSet<String>> {
    let mut known: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
    for finding in &scan.findings {
        known.entry(key(finding)).or_default().extend(finding.accounts.iter().map(|account| account.id.clone()));
    }
    known
}

/// The accounts in which this side looked and did not find it, and those of which it does not tell.
fn apart<'a>(
    side: &Side<'_>,
    finding: &ScanFinding,
    accounts: &[&'a AccountShown],
) -> (Vec<&'a AccountShown>, Vec<&'a AccountShown>) {
    let (mut clear, mut unseen) = (Vec::new(), Vec::new());
    for account in accounts {
        match side.sees(finding, &account.id) {
            Seen::Clear => clear.push(*account),
            Seen::Unknown => unseen.push(*account),
            // The same fault, told otherwise.
            Seen::Fault => {}
        }
    }
    (clear, unseen)
}

/// What is wrong, and where, if it is not about all of the finding's accounts.
fn placed(finding: &ScanFinding, accounts: &[&AccountShown]) -> String {
    if accounts.len() == finding.accounts.len() {
        return finding.message.clone();
    }
    let names = wording::list(accounts.iter().map(|account| account.label()), NAMED);
    format!("{} This is about {names}.", finding.message)
}

/// Who gained access, and who lost it, where both looked.
fn access(changes: &mut Changes, after: &Side<'_>, before: &Side<'_>) {
    let (had, has) = (before.grants(after), after.grants(before));
    changes.knows_access = had.is_some() && has.is_some();
    let (Some(had), Some(has)) = (had, has) else { return };
    let told = |snapshot: &Snapshot, (account, set, person): &(&str, &str, &str)| Grant {
        account: AccountShown::of(snapshot, account),
        permission_set: SetShown::of(snapshot, set),
        person: PersonShown::of(snapshot, person),
        administers: administers(snapshot, set),
    };
    changes.gained = has.difference(&had).map(|one| told(after.snapshot, one)).collect();
    changes.lost = had.difference(&has).map(|one| told(before.snapshot, one)).collect();
    let alone = before.alone(after) + after.alone(before);
    if alone > 0 {
        let places = wording::count(alone, "place");
        changes.not_compared.push(format!("Who has access in {places} that only one of the two looked at."));
    }
}

/// Leaves out what was there before. What cannot be told from it is not counted, and keeps the whole open.
pub fn only_new(scan: &mut Scan) {
    let is_open = scan.findings.iter().any(|finding| finding.new.is_none());
    if let Some(changes) = &mut scan.changes {
        changes.left_out = scan.findings.iter().filter(|finding| finding.new == Some(false)).count();
    }
    scan.findings.retain(|finding| finding.new == Some(true));
    scan.outcome = match outcome_of(&scan.findings, &scan.made.gaps) {
        Outcome::Clean if is_open => Outcome::Inconclusive,
        outcome => outcome,
    };
}
