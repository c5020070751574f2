//! A word that is another kind of thing than was asked about: told as what it is, with what to type.

use crate::error::Error;
use crate::evidence::{Account, Group, Snapshot};
use crate::wording::clean;
use crate::wording::shell::{option, shell};

use super::person;

/// A user where an account was asked about.
pub fn user_as_account(name: &str, profile: Option<&str>) -> Error {
    Error::UserAsAccount { name: name.to_owned(), command: command("access", name, profile) }
}

/// An account where a person was asked about; `accounts`: all, so that a name that several have is not suggested.
pub fn account_as_person(typed: &str, accounts: &[Account], profile: Option<&str>) -> Option<Error> {
    let same = |name: &Option<String>| name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(typed));
    let fitting: Vec<&Account> = accounts.iter().filter(|one| one.id == typed || same(&one.name)).collect();
    let first = fitting.first()?;
    let is_only = fitting.len() == 1;
    let named = first.name.as_deref().filter(|name| is_only && !name.is_empty() && first.id != typed);
    let command = if is_only { command("who", named.unwrap_or(&first.id), profile) } else { None };
    Some(Error::AccountAsPerson { name: typed.to_owned(), command })
}

/// A group where a person was asked about.
pub fn group_as_person(name: &str) -> Error {
    Error::GroupAsUser { name: name.to_owned(), command: Some("idc access USER".to_owned()) }
}

/// What an account that was not found is instead, by what a file holds.
pub(super) fn instead_of_account(snapshot: &Snapshot, typed: &str) -> Option<Error> {
    if person(snapshot, typed).is_some() {
        return Some(user_as_account(typed, None));
    }
    is_group(snapshot, typed).then(|| Error::GroupAsAccount { name: typed.to_owned() })
}

/// The same of a person.
pub(super) fn instead_of_person(snapshot: &Snapshot, typed: &str) -> Option<Error> {
    let accounts = snapshot.shared.accounts.known().ok().map(Vec::as_slice).unwrap_or_default();
    account_as_person(typed, accounts, None).or_else(|| is_group(snapshot, typed).then(|| group_as_person(typed)))
}

fn is_group(snapshot: &Snapshot, typed: &str) -> bool {
    let groups = snapshot.groups.known().into_iter().flatten();
    let same =
        |group: &Group| group.id == typed || group.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(typed));
    groups.into_iter().any(same)
}

/// What to type; `None` where a word would not be read as it stands.
fn command(command: &str, word: &str, profile: Option<&str>) -> Option<String> {
    let mut words: Vec<String> = ["idc", command, word].map(str::to_owned).into();
    words.extend(profile.map(|profile| option("--profile", profile)).into_iter().flatten());
    (!word.starts_with('-') && words.iter().all(|word| clean(word) == word.as_str())).then(|| shell(&words))
}
