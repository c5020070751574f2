//! How much of what was asked about was read.

use std::collections::BTreeSet;

use crate::evidence::Snapshot;
use crate::model::organization::{Pair, accounts_asked, is_active, pairs, sets_asked};

/// How much of what was asked about was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Accounts, as listed.
    pub accounts: Part,
    /// Accounts with permission sets, read from inside.
    pub entered: Part,
    /// Permission sets, with all that they name.
    pub permission_sets: Part,
    /// Permission sets in accounts, of which it is known whether they work.
    pub pairs: Part,
    /// Of which it was asked who is assigned: all of them in a full scan.
    pub assignments: Part,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many there are; `None` where that is not known, or was not asked.
    pub of: Option<usize>,
    /// How many were read.
    pub read: Option<usize>,
}

/// Whether it is known where these permission sets are, and that they are all that were asked about.
pub(super) fn all_listed(snapshot: &Snapshot, sets: &[&str]) -> bool {
    let shared = &snapshot.shared;
    let is_listed = |arn: &&str| {
        let of = shared.accounts_of.get(*arn);
        of.is_some_and(|of| of.latest.known().is_ok() && of.outdated.known().is_ok())
    };
    shared.permission_set_arns.known().is_ok() && sets.iter().all(is_listed)
}

impl Coverage {
    pub(in crate::answers::organization) fn of(snapshot: &Snapshot, unknown: &BTreeSet<Pair<'_>>) -> Self {
        let shared = &snapshot.shared;
        let accounts = shared.accounts.known().ok().map(|_| accounts_asked(snapshot).len());
        let pairs = pairs(snapshot);
        let (sets, _) = sets_asked(snapshot);
        let all_listed = all_listed(snapshot, &sets);
        let (active, entered) = entered(snapshot, &pairs);
        let full = snapshot.scope.narrowed().is_some_and(|narrowed| narrowed.full);
        let assigned = |pair: &&Pair<'_>| {
            let rows = snapshot.accounts.get(pair.0).and_then(|account| account.assignments.get(pair.1));
            rows.is_some_and(|rows| rows.known().is_ok())
        };
        let part = |of, read| Part { of, read: Some(read) };
        Self {
            accounts: part(accounts, accounts.unwrap_or(0)),
            entered: part(all_listed.then_some(active), entered),
            permission_sets: part(
                shared.permission_set_arns.known().ok().map(|_| sets.len()),
                sets.iter().filter(|arn| is_read(snapshot, arn)).count(),
            ),
            pairs: part(
                all_listed.then_some(pairs.len()),
                pairs.iter().filter(|pair| !unknown.contains(*pair)).count(),
            ),
            assignments: if full {
                part(all_listed.then_some(pairs.len()), pairs.iter().filter(assigned).count())
            } else {
                Part { of: None, read: None }
            },
        }
    }

    /// The same of permission sets in accounts that do not have them yet, or not as they will be.
    pub(in crate::answers::organization) fn of_places(
        snapshot: &Snapshot,
        places: &BTreeSet<Pair<'_>>,
        unknown: &BTreeSet<Pair<'_>>,
    ) -> Self {
        let part = |of, read| Part { of: Some(of), read: Some(read) };
        let accounts: BTreeSet<&str> = places.iter().map(|(id, _)| *id).collect();
        let sets: BTreeSet<&str> = places.iter().map(|(_, arn)| *arn).collect();
        let (active, entered) = entered(snapshot, places);
        Self {
            accounts: match snapshot.shared.accounts.known() {
                Ok(_) => part(accounts.len(), accounts.len()),
                Err(_) => Part { of: None, read: Some(0) },
            },
            entered: part(active, entered),
            permission_sets: part(sets.len(), sets.iter().filter(|arn| is_read(snapshot, arn)).count()),
            pairs: part(places.len(), places.difference(unknown).count()),
            assignments: Part { of: None, read: None },
        }
    }
}

/// How many accounts of these places are active, and how many of those were read from inside.
fn entered(snapshot: &Snapshot, places: &BTreeSet<Pair<'_>>) -> (usize, usize) {
    let accounts: BTreeSet<&str> = places.iter().map(|(id, _)| *id).collect();
    let active: Vec<&str> = accounts.into_iter().filter(|id| is_active(snapshot, id)).collect();
    let is_entered = |id: &&&str| snapshot.accounts.get(**id).is_some_and(|one| one.inside.roles.known().is_ok());
    (active.len(), active.iter().filter(is_entered).count())
}

/// Whether a permission set was read with all that it names.
fn is_read(snapshot: &Snapshot, arn: &str) -> bool {
    snapshot.shared.permission_sets.get(arn).is_some_and(|set| {
        set.described.known().is_ok()
            && set.aws_managed.known().is_ok()
            && set.customer_managed.known().is_ok()
            && set.inline.known().is_ok()
            && set.boundary.known().is_ok()
    })
}
