//! How much of what was asked about was read.

use std::collections::BTreeSet;

use crate::evidence::Snapshot;
use crate::model::organization::{Pair, accounts_asked, pairs, sets_asked};

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

impl Coverage {
    pub(in crate::answers::organization) fn of(snapshot: &Snapshot, unknown: &BTreeSet<Pair<'_>>) -> Self {
        let shared = &snapshot.shared;
        let accounts = shared.accounts.known().ok().map(|_| accounts_asked(snapshot).len());
        let pairs = pairs(snapshot);
        let (sets, _) = sets_asked(snapshot);
        let listed = |arn: &&&str| {
            let of = shared.accounts_of.get(**arn);
            of.is_some_and(|of| of.latest.known().is_ok() && of.outdated.known().is_ok())
        };
        let all_listed = shared.permission_set_arns.known().is_ok() && sets.iter().filter(listed).count() == sets.len();
        let with_sets: BTreeSet<&str> = pairs.iter().map(|(id, _)| *id).collect();
        let is_active = |id: &&&str| {
            let described = snapshot.accounts.get(**id).and_then(|account| account.described.known().ok());
            let state = described.and_then(Option::as_ref).and_then(|account| account.state.as_deref());
            state.is_none_or(|state| state == "ACTIVE")
        };
        let entered = |id: &&&str| snapshot.accounts.get(**id).is_some_and(|one| one.inside.roles.known().is_ok());
        let active: Vec<&&str> = with_sets.iter().filter(is_active).collect();
        let is_read = |arn: &&&str| {
            shared.permission_sets.get(**arn).is_some_and(|set| {
                set.described.known().is_ok()
                    && set.aws_managed.known().is_ok()
                    && set.customer_managed.known().is_ok()
                    && set.inline.known().is_ok()
                    && set.boundary.known().is_ok()
            })
        };
        let full = snapshot.scope.narrowed().is_some_and(|narrowed| narrowed.full);
        let assigned = |pair: &&Pair<'_>| {
            let rows = snapshot.accounts.get(pair.0).and_then(|account| account.assignments.get(pair.1));
            rows.is_some_and(|rows| rows.known().is_ok())
        };
        let part = |of, read| Part { of, read: Some(read) };
        Self {
            accounts: part(accounts, accounts.unwrap_or(0)),
            entered: part(all_listed.then_some(active.len()), active.iter().copied().filter(entered).count()),
            permission_sets: part(
                shared.permission_set_arns.known().ok().map(|_| sets.len()),
                sets.iter().filter(is_read).count(),
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
}
