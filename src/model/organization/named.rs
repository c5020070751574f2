//! Whether what was typed fits anything: a name that fits nothing is no organization in which nothing is wrong.

use std::collections::BTreeSet;

use super::mistaken::{instead_of_account, instead_of_person};
use crate::error::Error;
use crate::evidence::{Account, AccountRef, Gap, Narrowed, Reason, Snapshot, User};
use crate::wording::suggest;

/// How many people are suggested at the most.
pub const CLOSE: usize = 5;

/// Refuses accounts, organizational units and permission sets that fit nothing, as far as the lists of them were read:
/// where they were not, that is a gap.
pub fn fitting(snapshot: &Snapshot) -> Result<(), Error> {
    let Some(narrowed) = snapshot.scope.narrowed() else { return Ok(()) };
    accounts_fit(snapshot, narrowed)?;
    sets_fit(snapshot, narrowed)
}

/// The same of accounts and units alone.
pub fn accounts_fit(snapshot: &Snapshot, narrowed: &Narrowed) -> Result<(), Error> {
    let Ok(accounts) = snapshot.shared.accounts.known() else { return Ok(()) };
    for typed in &narrowed.accounts {
        let fits = |account: &&Account| account.id == *typed || account.name.as_deref() == Some(typed);
        let ids: Vec<String> = accounts.iter().filter(fits).map(|account| account.id.clone()).collect();
        match ids.len() {
            0 => return Err(no_such_account(typed, accounts)),
            1 => {}
            _ => return Err(Error::AmbiguousAccount { name: typed.clone(), ids }),
        }
    }
    let is_told = accounts.iter().all(|account| account.path.is_some());
    let paths = accounts.iter().filter_map(|account| account.path.as_deref());
    let units: BTreeSet<&str> = paths.flat_map(|path| path.split('/')).filter(|part| is_unit(part)).collect();
    // AWS may have been asked about a unit of which no account tells.
    let parents = &snapshot.shared.policies.parents;
    let is_there = |unit: &str| units.contains(unit) || parents.get(unit).is_some_and(|parent| parent.known().is_ok());
    match narrowed.units.iter().find(|unit| !is_there(unit)) {
        Some(typed) if is_told => {
            let close = suggest::closest(typed, units.into_iter().map(|unit| (unit, unit.to_owned())));
            Err(Error::NoSuchUnit { typed: typed.clone(), close })
        }
        Some(_) | None => Ok(()),
    }
}

/// The units asked about under which no account stands, by all that the accounts tell.
pub fn units_without_accounts<'n>(snapshot: &Snapshot, narrowed: &'n Narrowed) -> Vec<&'n str> {
    let Ok(accounts) = snapshot.shared.accounts.known() else { return Vec::new() };
    if accounts.iter().any(|account| account.path.is_none()) {
        return Vec::new();
    }
    let parts = |account: &Account| account.path.clone().unwrap_or_default();
    let paths: Vec<String> = accounts.iter().map(parts).collect();
    let has = |unit: &String| paths.iter().any(|path| path.split('/').any(|part| part == unit));
    narrowed.units.iter().filter(|unit| !has(unit)).map(String::as_str).collect()
}

/// What keeps from knowing which accounts stand under the units asked about.
pub fn units_untold(snapshot: &Snapshot) -> Option<Gap> {
    let narrowed = snapshot.scope.narrowed().filter(|narrowed| !narrowed.units.is_empty())?;
    let listed = &snapshot.shared.accounts;
    let untold = listed.known().ok()?.iter().filter(|account| account.path.is_none());
    let untold: Vec<&Account> = untold.filter(|account| !narrowed.accounts.contains(&account.id)).collect();
    let first = untold.first()?;
    Some(listed.unclear(format!("it does not tell under which organizational unit account {} stands", first.id)))
}

fn is_unit(part: &str) -> bool {
    part.starts_with("r-") || part.starts_with("ou-")
}

fn sets_fit(snapshot: &Snapshot, narrowed: &Narrowed) -> Result<(), Error> {
    let Ok(arns) = snapshot.shared.permission_set_arns.known() else { return Ok(()) };
    let instance = snapshot.in_instance();
    let mut names: Vec<&str> = Vec::new();
    for arn in arns {
        match instance.permission_set_name(arn) {
            Ok(name) => names.extend(name),
            // It may be that one.
            Err(_) => return Ok(()),
        }
    }
    let fits = |typed: &&String| names.contains(&typed.as_str()) || arns.contains(typed);
    match narrowed.permission_sets.iter().find(|typed| !fits(typed)) {
        Some(typed) => {
            let close = suggest::closest(typed, names.into_iter().map(|name| (name, name.to_owned())));
            Err(Error::NoSuchPermissionSet { typed: typed.clone(), close })
        }
        None => Ok(()),
    }
}

/// No account of these is named so.
pub fn no_such_account(typed: &str, accounts: &[Account]) -> Error {
    let keys = accounts.iter().flat_map(|account| {
        let name = account.name.as_deref().unwrap_or_default();
        let label = format!("{} ({})", if name.is_empty() { "unnamed" } else { name }, account.id);
        [(account.id.as_str(), label.clone()), (name, label)]
    });
    let close = suggest::closest(typed, keys);
    Error::NoSuchAccount { typed: typed.to_owned(), close }
}

/// Why the account asked about was not found among the accounts: there is none, or they were not read.
pub fn account_not_found(snapshot: &Snapshot, account: &AccountRef) -> Error {
    match snapshot.shared.accounts.known() {
        Ok(accounts) => {
            let instead = || instead_of_account(snapshot, account.text());
            instead().unwrap_or_else(|| no_such_account(account.text(), accounts))
        }
        Err(gap) => unanswered(gap),
    }
}

/// The same of a person in the file of an organization.
pub fn person_not_found(snapshot: &Snapshot, typed: &str) -> Error {
    if let Some(instead) = instead_of_person(snapshot, typed) {
        return instead;
    }
    let people = match snapshot.people.known() {
        Ok(people) => people,
        Err(gap) => return unanswered(gap),
    };
    let mut close: Vec<(usize, String)> =
        people.iter().filter_map(|user| Some((closeness(typed, user)?, user.user_name.clone()?))).collect();
    close.sort();
    close.dedup();
    let close = close.into_iter().map(|(_, name)| name).take(CLOSE).collect();
    Error::NoSuchUser { typed: typed.to_owned(), close }
}

/// How near a user's names are to what was typed; `None` where none of them is close.
pub fn closeness(typed: &str, user: &User) -> Option<usize> {
    let names = user.user_name.iter().chain(&user.display_name).chain(&user.emails);
    names.filter_map(|name| suggest::distance_to_name(typed, name)).min()
}

/// Not to have been asked is no answer; what allows the call is told only where it was put.
fn unanswered(gap: Gap) -> Error {
    let gap = if gap.reason == Reason::NotAsked && gap.account.is_none() {
        let message = "the file does not hold it; idc scan --full --record FILE makes one that does".to_owned();
        Gap { message, in_vain: true, ..gap }
    } else {
        gap
    };
    Error::Unanswered { gap: Box::new(gap) }
}
