//! Who gets in where, in sentences that more than one form says.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::persons;
use crate::answers::organization::{Access, AccessRow, Dead, Grant, Via, Who};
use crate::evidence::{Principal, PrincipalType};
use crate::verdict::PathState;
use crate::wording;

/// How many people, or accounts, are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Let in by some way.
    pub enter: usize,
    /// Let in by none, and by some it is not known.
    pub unknown: usize,
    /// Let in by none.
    pub kept_out: usize,
}

impl Tally {
    fn of<'r, K: Ord>(rows: &'r [AccessRow], key: impl Fn(&'r AccessRow) -> Option<K>) -> Self {
        let mut best: BTreeMap<K, PathState> = BTreeMap::new();
        for row in rows {
            let Some(key) = key(row) else { continue };
            let rank = |state| match state {
                PathState::Open => 0,
                PathState::Degraded => 1,
                PathState::Unknown => 2,
                PathState::Shut => 3,
            };
            let known = best.entry(key).or_insert(row.state);
            if rank(row.state) < rank(*known) {
                *known = row.state;
            }
        }
        let mut tally = Self::default();
        for state in best.values() {
            *match state {
                PathState::Open | PathState::Degraded => &mut tally.enter,
                PathState::Unknown => &mut tally.unknown,
                PathState::Shut => &mut tally.kept_out,
            } += 1;
        }
        tally
    }
}

impl Who {
    /// How many people get in.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.access, |row| row.person.as_ref().map(|person| &person.id))
    }

    /// The answer in a sentence.
    pub fn headline(&self) -> String {
        let tally = self.tally();
        let account = self.account.label();
        let least = if self.made.complete || tally.enter == 0 { "" } else { "at least " };
        let mut said = match (tally.enter, self.made.complete) {
            (0, true) => format!("Nobody can get into {account}"),
            (0, false) => format!("Nobody is known to get into {account}"),
            (people, _) => format!("{least}{} can get into {account}", persons(people)),
        };
        if tally.kept_out > 0 {
            let _ = write!(said, "; {} with an assignment cannot", tally.kept_out);
        }
        if tally.unknown > 0 {
            let _ = write!(said, "; of {} it is not known", tally.unknown);
        }
        let incomplete = if self.made.complete { "" } else { " Not everything could be read." };
        format!("{}.{incomplete}", wording::capitalised(&said))
    }
}

impl Access {
    /// How many accounts let them in.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.access, |row| Some(&row.account.id))
    }

    /// The answer in a sentence.
    pub fn headline(&self) -> String {
        let tally = self.tally();
        let person = self.person.label();
        let mut said = match (tally.enter, self.made.complete) {
            (0, true) => format!("{person} can get into no account"),
            (0, false) => format!("{person} is not known to get into any account"),
            (accounts, complete) => {
                let least = if complete { "" } else { "at least " };
                format!("{person} can get into {least}{}", wording::count(accounts, "account"))
            }
        };
        if tally.kept_out > 0 {
            let _ = write!(said, "; not into {}, in spite of an assignment", tally.kept_out);
        }
        if tally.unknown > 0 {
            let _ = write!(said, "; of {} it is not known", tally.unknown);
        }
        let incomplete = if self.made.complete { "" } else { " Not everything could be read." };
        format!("{said}.{incomplete}")
    }
}

impl Grant {
    /// Who has what where.
    pub(super) fn sentence(&self) -> String {
        let rights = if self.administers { " (administrator rights)" } else { "" };
        let (person, account) = (self.person.label(), self.account.label());
        let why = match (self.shut_by, self.certain) {
            (Some(rule), _) => format!(", shut by {rule}"),
            (None, true) => String::new(),
            (None, false) => " (assigned; whether it lets them in is not known)".to_owned(),
        };
        format!("{person}, {} in {account}{rights}{why}", self.permission_set.label())
    }
}

impl AccessRow {
    /// What is given: the permission set's name, or the role of an entitlement.
    pub fn grant(&self) -> String {
        match (&self.permission_set, &self.role_arn) {
            (Some(set), _) => set.label().to_owned(),
            (None, Some(arn)) => format!("role {}", arn.rsplit('/').next().unwrap_or(arn)),
            (None, None) => "a role".to_owned(),
        }
    }

    /// What is given and by whom: `RedshiftAnalyst through group DataAnalysts`.
    pub fn way(&self) -> String {
        format!("{} {}", self.grant(), self.through())
    }

    /// By whom it is given: `through group DataAnalysts`, `directly`.
    pub fn through(&self) -> String {
        let entitled = if self.permission_set.is_none() { ", by an entitlement" } else { "" };
        match self.via.kind {
            PrincipalType::User => format!("directly{entitled}"),
            PrincipalType::Group => format!("through group {}{entitled}", self.via.label()),
        }
    }

    /// The person, or that it is not known who is in the group.
    pub fn who(&self) -> &str {
        self.person.as_ref().map_or("whoever is in it", |person| person.label())
    }
}

impl Via {
    /// For people: the name, else the id.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.id)
    }
}

impl Dead {
    /// The assignment in a sentence without its stop.
    pub fn sentence(&self) -> String {
        let Principal { kind, id } = &self.principal;
        format!("{} is assigned to {} {id}, which no longer exists", self.permission_set.label(), noun(*kind))
    }
}

const fn noun(kind: PrincipalType) -> &'static str {
    match kind {
        PrincipalType::User => "user",
        PrincipalType::Group => "group",
    }
}
