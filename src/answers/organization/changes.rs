//! What is otherwise than in an older file: what broke, what was put right, and who gained or lost access where.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::outcome_of;
use super::{AccountShown, PersonShown, Scan, ScanFinding, SetShown};
use crate::evidence::{PrincipalType, Snapshot};
use crate::model::organization::{administers, pairs};

/// What changed between two files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// How many of the findings were not there before.
    pub broke: usize,
    /// What was wrong before and is not any more, in words.
    pub put_right: Vec<String>,
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

/// Compares a scan with that of an older file, and marks what is new.
pub fn compare(scan: &mut Scan, older: &Scan, (now, then): (&Snapshot, &Snapshot)) {
    let key = |finding: &ScanFinding| {
        let set = finding.permission_set.as_ref().map(|set| set.arn.clone());
        (finding.rule, finding.effect, finding.about.clone(), set, finding.principal.as_ref().map(|one| one.id.clone()))
    };
    let ids = |finding: &ScanFinding| -> BTreeSet<String> {
        finding.accounts.iter().map(|account| account.id.clone()).collect()
    };
    let before: BTreeMap<_, BTreeSet<String>> = older.findings.iter().map(|one| (key(one), ids(one))).collect();
    let mut broke = 0;
    for finding in &mut scan.findings {
        let known = before.get(&key(finding));
        // An account that has it now and had it not is new, wherever else it showed already.
        let is_new = known.is_none_or(|known| !ids(finding).is_subset(known));
        broke += usize::from(is_new);
        finding.new = Some(is_new);
    }
    let after: BTreeMap<_, BTreeSet<String>> = scan.findings.iter().map(|one| (key(one), ids(one))).collect();
    let put_right = older.findings.iter().filter_map(|finding| {
        let still = after.get(&key(finding));
        let over: Vec<&AccountShown> =
            finding.accounts.iter().filter(|account| !still.is_some_and(|still| still.contains(&account.id))).collect();
        let gone = still.is_none() && finding.accounts.is_empty() || !over.is_empty();
        gone.then(|| finding.message.clone())
    });
    let put_right = put_right.collect();
    let (had, has) = (grants(then), grants(now));
    let knows_access = had.is_some() && has.is_some();
    let (had, has) = (had.unwrap_or_default(), has.unwrap_or_default());
    let told = |snapshot: &Snapshot, (account, set, person): &(&str, &str, &str)| Grant {
        account: AccountShown::of(snapshot, account),
        permission_set: SetShown::of(snapshot, set),
        person: PersonShown::of(snapshot, person),
        administers: administers(snapshot, set),
    };
    let gained = if knows_access { has.difference(&had).map(|one| told(now, one)).collect() } else { Vec::new() };
    let lost = if knows_access { had.difference(&has).map(|one| told(then, one)).collect() } else { Vec::new() };
    scan.changes = Some(Changes { broke, put_right, gained, lost, knows_access });
}

/// Leaves out what was there before.
pub fn only_new(scan: &mut Scan) {
    scan.findings.retain(|finding| finding.new != Some(false));
    scan.outcome = outcome_of(&scan.findings, &scan.made.gaps);
}

/// Everybody's access as account, permission set and user; `None` where not all of it was read.
fn grants(snapshot: &Snapshot) -> Option<BTreeSet<(&str, &str, &str)>> {
    if !snapshot.scope.narrowed().is_some_and(|narrowed| narrowed.full) {
        return None;
    }
    let mut grants = BTreeSet::new();
    for (account, set) in pairs(snapshot) {
        let rows = snapshot.accounts.get(account)?.assignments.get(set)?.known().ok()?;
        for row in rows {
            match row.principal.kind {
                PrincipalType::User => drop(grants.insert((account, set, row.principal.id.as_str()))),
                PrincipalType::Group => {
                    // Nobody gets in by a group that is gone; of any other, not to know its members is not to know.
                    if snapshot.in_instance().group(&row.principal.id) == Ok(None) {
                        continue;
                    }
                    let members = snapshot.members.get(&row.principal.id)?.known().ok()?;
                    grants.extend(members.iter().map(|member| (account, set, member.user_id.as_str())));
                }
            }
        }
    }
    Some(grants)
}
