//! Whom a fault keeps out, and not only out of one way: whoever gets into the account by another way is not kept out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use crate::answers::organization::rows::{facts_of, who_by_id};
use crate::evidence::{About, AccountRef, Person, Scope, Snapshot};
use crate::verdict::{PathState, judge_user};

/// Who gets into each account, as far as that was asked for.
pub(in crate::answers::organization) struct KeptOut<'s> {
    snapshot: &'s Snapshot,
    accounts: BTreeMap<&'s str, Inside>,
    /// Who is kept out of every account by what is wrong with themselves.
    barred: BTreeMap<String, bool>,
}

/// Who gets into one account.
struct Inside {
    enter: BTreeSet<String>,
    /// Of whom it is not known; of everybody else too, where not all was read.
    unknown: BTreeSet<String>,
    complete: bool,
}

impl<'s> KeptOut<'s> {
    pub(in crate::answers::organization) const fn of(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, accounts: BTreeMap::new(), barred: BTreeMap::new() }
    }

    /// How many of these people get into an account of these by no way at all, and would by themselves; `None` where that
    /// is not known.
    pub(in crate::answers::organization) fn count(&mut self, touched: &BTreeSet<Place<'s>>) -> Option<usize> {
        // Who else is assigned where nothing is wrong is read by a full scan alone.
        if !self.snapshot.scope.narrowed().is_some_and(|narrowed| narrowed.full) {
            return None;
        }
        let mut out = BTreeSet::new();
        for (account, person) in touched {
            let snapshot = self.snapshot;
            let inside = self.accounts.entry(account).or_insert_with(|| Inside::of(snapshot, account));
            let enters = inside.enter.contains(person);
            let is_open = !inside.complete || inside.unknown.contains(person);
            if enters || self.is_barred(person) {
                continue;
            }
            if is_open {
                return None;
            }
            out.insert(person);
        }
        Some(out.len())
    }

    /// Whether somebody gets in nowhere, such as a user who is disabled: no fault of a way keeps them out.
    fn is_barred(&mut self, id: &str) -> bool {
        if let Some(known) = self.barred.get(id) {
            return *known;
        }
        let facts = facts_of(self.snapshot, id);
        let judged = judge_user(self.snapshot.in_instance(), None, Person { user: &facts, typed: id });
        let is_barred = judged.state == PathState::Shut;
        self.barred.insert(id.to_owned(), is_barred);
        is_barred
    }
}

impl Inside {
    fn of(snapshot: &Snapshot, id: &str) -> Self {
        let about = About::Account(AccountRef::Id(id.to_owned()));
        let asked = Snapshot { scope: Scope { about, ..snapshot.scope.clone() }, ..snapshot.clone() };
        let (ways, complete) = who_by_id(&asked);
        let (mut enter, mut unknown) = (BTreeSet::new(), BTreeSet::new());
        for (person, state) in ways {
            match state {
                PathState::Open | PathState::Degraded => drop(enter.insert(person)),
                PathState::Unknown => drop(unknown.insert(person)),
                PathState::Shut => {}
            }
        }
        Self { enter, unknown, complete }
    }
}
