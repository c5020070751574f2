//! The words of a finding, made of what shows at each of its places.

use std::collections::{BTreeMap, BTreeSet};

use super::{NAMED, Piece, Pieces};
use crate::answers::organization::{AccountShown, SetShown};
use crate::wording;

/// How the words of a finding are made of its pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::answers::organization) enum Words {
    /// Those of the first, and in how many more accounts it is the same; the people who are assigned it are counted.
    #[default]
    Ways,
    /// The same of what nobody has yet.
    Foreseen,
    /// The same words, whatever the places.
    Same,
    /// Which permission sets are assigned in how many accounts, and then this.
    Assigned(String),
    /// These parts, one after another.
    Parts(Vec<Part>),
    /// What a review decided to revoke from whom; whether that is a group.
    Revoked { what: String, name: String, of_group: bool },
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::answers::organization) enum Part {
    /// These words.
    Text(String),
    /// The names of the permission sets.
    Sets,
    /// In how many accounts it shows.
    Accounts,
    /// How many assignments there are, as `A permission set is` or `2 permission sets are`.
    Assignments,
}

impl Words {
    fn said(&self, list: &[&Piece]) -> String {
        let mut accounts: Vec<&AccountShown> = list.iter().filter_map(|piece| piece.account.as_ref()).collect();
        accounts.sort();
        accounts.dedup();
        let first = || list.first().map(|piece| piece.message.clone()).unwrap_or_default();
        match self {
            Self::Same => first(),
            Self::Ways | Self::Foreseen if accounts.len() < 2 => first(),
            Self::Ways | Self::Foreseen => {
                format!("{} The same in {}.", first(), wording::count(accounts.len() - 1, "more account"))
            }
            Self::Parts(parts) => parts.iter().map(|part| part.said(list, accounts.len())).collect(),
            Self::Assigned(rest) => format!("{} {rest}", assigned(list, &accounts)),
            Self::Revoked { what, name, of_group } => {
                let people: BTreeMap<&String, &String> = list.iter().flat_map(|piece| &piece.people).collect();
                let whose = match (of_group, people.is_empty()) {
                    (false, _) => format!("from {name}"),
                    (true, true) => format!("from group {name}"),
                    (true, false) => {
                        let users = people.into_values().cloned();
                        format!("through group {name} from {}", wording::list(users, NAMED))
                    }
                };
                let place = match &accounts[..] {
                    [one] => format!("account {}", one.label()),
                    several => wording::count(several.len(), "account"),
                };
                format!("The review decided to revoke {what} {whose} in {place}, and it still stands.")
            }
        }
    }
}

impl Part {
    fn said(&self, list: &[&Piece], accounts: usize) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Sets => {
                let sets: BTreeSet<&SetShown> = list.iter().filter_map(|piece| piece.set.as_ref()).collect();
                wording::list(sets.into_iter().map(|set| set.label().to_owned()), NAMED)
            }
            Self::Accounts => wording::count(accounts, "account"),
            Self::Assignments if list.len() == 1 => "A permission set is".to_owned(),
            Self::Assignments => format!("{} permission sets are", list.len()),
        }
    }
}

impl Pieces {
    /// What is wrong at these places; of a plan, with where it stands there.
    pub(super) fn said(&self, list: &[&Piece]) -> String {
        let mut said = self.words.said(list);
        let addresses: BTreeSet<&String> = list.iter().flat_map(|piece| &piece.addresses).collect();
        if !addresses.is_empty() {
            let named = wording::list(addresses.into_iter().cloned(), NAMED);
            said = format!("{said} In the plan: {named}.");
        }
        if let Some(more) = &self.of_plan {
            said = format!("{said} {more}");
        }
        let deleted: BTreeSet<&String> = list.iter().flat_map(|piece| &piece.deleted_at).collect();
        if !deleted.is_empty() {
            let all = list.iter().all(|piece| !piece.deleted_at.is_empty());
            let place = if all { "there" } else { "in some of these accounts" };
            let named = wording::list(deleted.into_iter().cloned(), NAMED);
            said = format!("{said} The plan deletes it {place} ({named}).");
        }
        said
    }
}

/// `In account X, permission set Y is`, or `In 2 accounts, 3 permission sets are`.
fn assigned(list: &[&Piece], accounts: &[&AccountShown]) -> String {
    let sets: BTreeMap<&str, &SetShown> =
        list.iter().filter_map(|piece| piece.set.as_ref()).map(|set| (set.arn.as_str(), set)).collect();
    let which = match sets.values().next() {
        Some(one) if sets.len() == 1 => format!("permission set {} is", one.label()),
        _ => format!("{} are", wording::count(sets.len(), "permission set")),
    };
    match accounts {
        [one] => format!("In account {}, {which}", one.label()),
        several => format!("In {}, {which}", wording::count(several.len(), "account")),
    }
}
