//! Whom a fault keeps out, and not only out of one way: whoever gets into the account by another way is not kept out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use crate::answers::organization::who;
use crate::evidence::{About, AccountRef, Snapshot};
use crate::verdict::PathState;

/// Who gets into each account, as far as that was asked for.
pub(super) struct KeptOut<'s> {
    snapshot: &'s Snapshot,
    accounts: BTreeMap<&'s str, Inside>,
}

/// Who gets into one account.
struct Inside {
    enter: BTreeSet<String>,
    /// Of whom it is not known; of everybody else too, where not all was read.
    unknown: BTreeSet<String>,
    complete: bool,
}

impl<'s> KeptOut<'s> {
    pub(super) const fn of(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, accounts: BTreeMap::new() }
    }

    /// How many of these people get into an account of these by no way at all; `None` where that is not known.
    pub(super) fn count(&mut self, touched: &BTreeSet<Place<'s>>) -> Option<usize> {
        // Who else is assigned where nothing is wrong is read by a full scan alone.
        if !self.snapshot.scope.narrowed().is_some_and(|narrowed| narrowed.full) {
            return None;
        }
        let mut out = BTreeSet::new();
        for (account, person) in touched {
            let snapshot = self.snapshot;
            let inside = self.accounts.entry(account).or_insert_with(|| Inside::of(snapshot, account));
            if inside.enter.contains(person) {
                continue;
            }
            if !inside.complete || inside.unknown.contains(person) {
                return None;
            }
            out.insert(person);
        }
        Some(out.len())
    }
}

impl Inside {
    fn of(snapshot: &Snapshot, id: &str) -> Self {
        let only = alone(snapshot, id);
        let who = who(&only);
        let of = |is_wanted: fn(PathState) -> bool| {
            let rows = who.access.iter().filter(|row| is_wanted(row.state));
            rows.filter_map(|row| row.person.as_ref().map(|person| person.id.clone())).collect()
        };
        Self {
            enter: of(|state| matches!(state, PathState::Open | PathState::Degraded)),
            unknown: of(|state| state == PathState::Unknown),
            complete: who.made.complete,
        }
    }
}

/// What is known of one account, asked who gets in there.
fn alone(snapshot: &Snapshot, id: &str) -> Snapshot {
    let mut only = Snapshot::unasked(snapshot.scope.clone());
    only.scope.about = About::Account(AccountRef::Id(id.to_owned()));
    only.collected_at = snapshot.collected_at;
    only.shared = snapshot.shared.clone();
    for of in only.shared.accounts_of.values_mut() {
        for list in [&mut of.latest, &mut of.outdated] {
            *list = list.clone().map(|ids| ids.into_iter().filter(|one| one == id).collect());
        }
    }
    only.accounts =
        snapshot.accounts.get_key_value(id).map(|(id, one)| (id.clone(), one.clone())).into_iter().collect();
    only.people = snapshot.people.clone();
    only.groups = snapshot.groups.clone();
    only.members = snapshot.members.clone();
    only.policy_lists = snapshot.policy_lists.clone();
    only.policy_targets = snapshot.policy_targets.clone();
    only
}
