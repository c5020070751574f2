//! What the user reaches in other accounts, as a sentence and as names to choose from: where there is no way into this
//! account, it tells a mistyped account from a missing assignment.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::Evidence;
use crate::findings::{Citation, Suggestion};
use crate::model::provisioned;
use crate::wording::{self, suggest};

/// How many accounts are named.
const NAMED: usize = 4;

/// Where the user does get in, and what shows it. `None` where that was not read.
pub fn elsewhere(evidence: &Evidence) -> Option<(String, Citation)> {
    let listed = &evidence.user.elsewhere.as_ref()?.assignments;
    let mut by_account: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in listed.known().ok()? {
        let set = evidence.permission_set_label(&row.permission_set);
        by_account.entry(row.account.as_str()).or_default().insert(set);
    }
    let user = evidence.user_label();
    if by_account.is_empty() {
        let says = format!("lists nothing for {user} in any other account");
        // Where only a part was asked about, there may well be something here.
        let either = if evidence.question.is_narrowed() { "" } else { " either" };
        return Some((format!("AWS lists nothing for {user} in any other account{either}."), listed.cite(says)));
    }
    let mut accounts: Vec<String> = by_account
        .iter()
        .map(|(account, sets)| {
            let sets = wording::list(sets.iter().map(|set| (*set).to_owned()), 2);
            format!("{} with {sets}", account_label(evidence, account))
        })
        .collect();
    // Accounts whose names are known say more to a reader.
    accounts.sort_by_key(|account| (account.starts_with(|c: char| c.is_ascii_digit()), account.clone()));
    let count = wording::count(by_account.len(), "other account");
    let sentence = format!("Elsewhere {user} is assigned in {}.", wording::list(accounts, NAMED));
    Some((sentence, listed.cite(format!("lists assignments of {user} in {count}"))))
}

/// Accounts that the user is assigned in and whose name or id is close to the one asked about.
pub fn close_accounts_elsewhere(evidence: &Evidence) -> Vec<Suggestion> {
    let Some(elsewhere) = &evidence.user.elsewhere else { return Vec::new() };
    let rows = elsewhere.assignments.known().into_iter().flatten();
    let ids: BTreeSet<&str> = rows.map(|row| row.account.as_str()).collect();
    let typed = evidence.question.account.text();
    // Twelve digits differ in a few of them by chance: only one that is wrong, or two that are swapped, are a mistake.
    let is_slip = |id: &&str| suggest::distance(typed, id).is_some_and(|distance| distance <= 2);
    let keys = ids.into_iter().flat_map(|id| {
        let meant = Suggestion::account(id, account_label(evidence, id));
        let name = account_name(evidence, id).unwrap_or_default();
        [(Some(id).filter(is_slip).unwrap_or_default(), meant.clone()), (name, meant)]
    });
    Suggestion::closest(typed, keys)
}

/// The permission sets that are probably meant where none was named: those that the user has elsewhere, and those that
/// the account has, as far as their names are known, each with its ARN.
pub fn permission_sets_to_choose_from(evidence: &Evidence) -> Vec<(&str, &str)> {
    let rows = evidence.user.elsewhere.iter().flat_map(|one| one.assignments.known()).flatten();
    let had = rows.map(|row| row.permission_set.as_str());
    let of_account = provisioned::permission_sets(&evidence.account);
    let mut chosen: Vec<(&str, &str)> = Vec::new();
    for arn in had.chain(of_account) {
        if let Ok(Some(name)) = evidence.permission_set_name(arn)
            && !chosen.iter().any(|(_, known)| *known == arn)
        {
            chosen.push((name, arn));
        }
    }
    // Whoever pastes in a hurry should not make an administrator.
    chosen.sort_by_key(|(name, _)| name.to_lowercase().contains("admin"));
    chosen
}

fn account_name<'a>(evidence: &'a Evidence, id: &str) -> Option<&'a str> {
    evidence.user.elsewhere.as_ref()?.accounts.get(id)?.known().ok()?.as_ref()?.name.as_deref()
}

fn account_label(evidence: &Evidence, id: &str) -> String {
    account_name(evidence, id).map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}
