//! What is spelt nearly alike stays nearly alike, and what stands in order stays in order: names that rules compare by
//! more than equality are given their made-up words first.

use std::collections::BTreeSet;

use crate::answers::comparison;
use crate::evidence::{AccountRef, Boundary, Evidence, Machine, User, UserFacts, permission_set_of_role};
use crate::machine::meant;
use crate::model::paths::{self, Path};
use crate::wording::suggest;

use super::dictionary::{Dictionary, fold, is_hex_id};
use super::machine::account_id;
use super::text;

/// How often names are drawn that are to stay in order.
const TRIES: usize = 500;

/// How many pairs of letters are compared at the most. Names beyond that are drawn freely, and whether the answer is the
/// same is looked at in any case.
const MOST_COMPARED: usize = 20_000_000;

/// Following letters from one name to another takes room by the square of its length.
const LONGEST: usize = 1024;

/// What made-up names should keep besides who is who.
#[derive(Debug)]
pub(super) struct Wishes {
    /// Names that are to stay in order.
    ordered: Vec<Vec<String>>,
    /// Names with those that are spelt nearly alike.
    close: Vec<(String, Vec<String>)>,
}

impl Wishes {
    /// What the answer depends on.
    pub(super) fn of(evidence: &Evidence) -> Self {
        Self { ordered: ordered(evidence), ..Self::spelt_alike(compared(evidence)) }
    }

    /// That names go on to be spelt nearly as others, where they are.
    pub(super) fn spelt_alike(compared: Vec<(Vec<String>, Vec<String>)>) -> Self {
        let mut left = MOST_COMPARED;
        let mut close = Vec::new();
        for (typed, names) in compared {
            for typed in &typed {
                let mut near = Vec::new();
                for name in names.iter().filter(|name| *name != typed) {
                    left = left.saturating_sub(typed.len().max(1) * name.len().max(1));
                    if left > 0 && suggest::distance(typed, name).is_some() {
                        near.push(name.clone());
                    }
                }
                if !near.is_empty() {
                    close.push((typed.clone(), near));
                }
            }
        }
        Self { ordered: Vec::new(), close }
    }

    /// Gives words to names whose order decides which of several ways comes first.
    pub(super) fn keep_order(&self, dictionary: &mut Dictionary) {
        self.ordered.iter().for_each(|names| keep_names_in_order(dictionary, names));
    }

    /// Gives words to names that are spelt nearly as one that was typed or referred to.
    pub(super) fn keep_spelling(&self, dictionary: &mut Dictionary) {
        for (typed, names) in &self.close {
            let made_up: Vec<char> = fold(&text::replaced(dictionary, typed)).chars().collect();
            let typed_letters: Vec<char> = fold(typed).chars().collect();
            if made_up.len() != typed_letters.len() {
                continue;
            }
            for name in names {
                let letters: Vec<char> = fold(name).chars().collect();
                if letters.len().max(typed_letters.len()) > LONGEST {
                    continue;
                }
                let from = aligned(&typed_letters, &letters);
                let given: Vec<Option<char>> = from.into_iter().map(|at| at.map(|at| made_up[at])).collect();
                for (start, word) in text::words_of(name) {
                    if dictionary.is_free(word) {
                        dictionary.define_like(word, &given[start..start + word.chars().count()]);
                    }
                }
            }
        }
    }
}

/// Names whose order decides which of several ways comes first, the user's or a colleague's.
fn ordered(evidence: &Evidence) -> Vec<Vec<String>> {
    let mut ways = paths::find(evidence.asked()).list;
    let mut sets: Vec<String> = Vec::new();
    for path in ways.iter().filter_map(Path::assigned) {
        sets.push(evidence.permission_set_label(&path.permission_set).to_owned());
    }
    for colleagues in comparison::compare(evidence, None).into_iter().flat_map(|comparison| comparison.ways) {
        let arn = colleagues.way.assigned().map(|path| path.permission_set.clone());
        sets.extend(colleagues.permission_set.or(arn));
        ways.push(colleagues.way);
    }
    let roles = ways.iter().filter_map(Path::entitled).map(|entitled| entitled.role_arn.clone());
    let principals = ways.iter().map(|way| way.via().id.clone());
    let mut all = [sets, principals.collect(), roles.collect()];
    for names in &mut all {
        names.sort();
        names.dedup();
    }
    all.into()
}

fn keep_names_in_order(dictionary: &mut Dictionary, names: &[String]) {
    let mut words: Vec<String> =
        names.iter().flat_map(|name| text::words_of(name)).map(|(_, word)| fold(word)).collect();
    words.retain(|word| {
        dictionary.is_free(word) && word.len() > 2 && word.starts_with(|c: char| c.is_ascii_alphanumeric())
    });
    words.sort();
    words.dedup();
    let is_id = |word: &String| is_hex_id(word) || word.contains('-');
    let (ids, words): (Vec<String>, Vec<String>) = words.into_iter().partition(is_id);
    let words: Vec<String> =
        words.into_iter().filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    let in_order = |dictionary: &mut Dictionary| {
        for (words, pool) in [(&words, "abcdefghijklmnopqrstuvwxyz"), (&ids, "0123456789abcdef")] {
            let initials = dictionary.initials(pool, words.len());
            words.iter().zip(initials).for_each(|(word, initials)| dictionary.define_from(word, &initials));
        }
        names.iter().map(|name| text::replaced(dictionary, name)).is_sorted()
    };
    // Where there are many, hardly any draw is in order by chance: then a few must do.
    let tries = (TRIES * 20 / names.len().max(1)).clamp(1, TRIES);
    (0..tries).any(|_| dictionary.attempt(in_order));
}

/// Names that rules look at for being close to others, with those that may be.
fn compared(evidence: &Evidence) -> Vec<(Vec<String>, Vec<String>)> {
    let question = &evidence.question;
    let user = |user: &User| {
        user.user_name.iter().chain(&user.display_name).chain(&user.emails).cloned().collect::<Vec<String>>()
    };
    let scan = |of: &UserFacts| {
        of.scan.known().map(|scan| scan.close.iter().flat_map(user).collect::<Vec<String>>()).unwrap_or_default()
    };
    let accounts = evidence.accounts.known().into_iter().flatten();
    let accounts = accounts.flat_map(|account| account.name.iter().chain([&account.id]).cloned()).collect();
    let (AccountRef::Id(account) | AccountRef::Name(account)) = &question.account;
    let mut compared = vec![(vec![question.user.clone()], scan(&evidence.user)), (vec![account.clone()], accounts)];
    compared.extend(evidence.colleague.iter().map(|colleague| (vec![colleague.asked.clone()], scan(&colleague.user))));
    compared.extend(evidence.machine.iter().flat_map(|found| on_machine(evidence, found)));
    if let Some(asked) = &question.group {
        let groups = evidence.groups.values().filter_map(|group| group.known().ok()?.as_ref()?.name.clone());
        compared.push((vec![asked.clone()], groups.collect()));
    }
    let sets = evidence.permission_sets.values();
    if let Some(asked) = &question.permission_set {
        let names = sets.clone().filter_map(|set| set.described.known().ok()?.as_ref()).map(|set| set.name.clone());
        compared.push((vec![asked.clone()], names.collect()));
    }
    let policies = evidence.account.inside.policies.known().into_iter().flatten().map(|policy| policy.name.clone());
    let mut named = Vec::new();
    for set in sets {
        let boundary = set.boundary.known().ok().and_then(Option::as_ref);
        let boundary = boundary.and_then(|boundary| match boundary {
            Boundary::CustomerManaged(reference) => Some(reference),
            Boundary::AwsManaged(_) => None,
        });
        let references = set.customer_managed.known().into_iter().flatten().chain(boundary);
        named.extend(references.map(|reference| reference.name.clone()));
    }
    compared.push((named, policies.collect()));
    compared
}

/// What the files of the machine say, each beside what is there to be named: permission sets, sessions, start URLs and
/// the account.
fn on_machine(evidence: &Evidence, machine: &Machine) -> Vec<(Vec<String>, Vec<String>)> {
    let config = machine.config.content.read();
    let sections = config.into_iter().flat_map(|config| config.profiles.iter().chain(&config.sessions));
    let credentials = machine.keys.iter().filter_map(|keys| keys.credentials.content.read()).flatten();
    let settings = |key| {
        let others = credentials.clone().filter_map(move |one| Some(one.settings.get(key)?.value.as_str()));
        sections.clone().filter_map(move |one| one.value(key)).chain(others).map(meant)
    };
    let roles = settings("sso_role_name").map(|role| {
        let name = role.rsplit('/').next().unwrap_or(role);
        permission_set_of_role(name).unwrap_or(role).to_owned()
    });
    let accounts = machine.portal.iter().filter_map(|answer| answer.accounts.as_ref()?.known().ok()).flatten();
    let described = evidence.permission_sets.values();
    let described = described.filter_map(|set| Some(&set.described.known().ok()?.as_ref()?.name));
    let sets: BTreeSet<&String> = machine
        .portal
        .iter()
        .filter_map(|answer| answer.permission_sets.known().ok())
        .flatten()
        .chain(described)
        .collect();
    let sessions: BTreeSet<&String> =
        config.into_iter().flat_map(|config| &config.sessions).map(|session| &session.name).collect();
    let tokens = machine.sign_ins.iter().filter_map(|one| one.file.content.read());
    let urls: BTreeSet<&String> = tokens.filter_map(|token| token.start_url.as_ref()).collect();
    let mut compared = Vec::new();
    for (there, named) in [
        (sets, roles.collect::<Vec<_>>()),
        (sessions, settings("sso_session").map(str::to_owned).collect()),
        (urls, settings("sso_start_url").map(str::to_owned).collect()),
    ] {
        // What is there may be spelt alike too, and then both are suggested.
        let there: Vec<String> = there.into_iter().cloned().collect();
        compared.push((there.clone(), without_doubles(named.into_iter().chain(there))));
    }
    if let Some(id) = &evidence.account.id {
        compared.push((vec![id.clone()], settings("sso_account_id").filter_map(account_id).collect()));
    }
    if let Some(keys) = &machine.keys {
        let profiles = || keys.config.iter().chain(keys.credentials.content.read().into_iter().flatten());
        let names: BTreeSet<&String> = profiles().map(|one| &one.name).collect();
        let sources = profiles().filter_map(|one| Some(meant(&one.settings.get("source_profile")?.value).to_owned()));
        let names: Vec<String> = names.into_iter().cloned().collect();
        compared.push((names.clone(), without_doubles(sources.chain(names))));
    }
    let names = accounts.filter_map(|account| account.name.clone());
    compared.push((vec![evidence.question.account.text().to_owned()], names.collect()));
    compared
}

/// Each name once, in the order in which they come.
fn without_doubles(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// For each letter of `name`, the letter of `model` that it is, by the fewest changes from one to the other; two letters
/// that changed places are one change.
fn aligned(model: &[char], name: &[char]) -> Vec<Option<usize>> {
    let mut cost = vec![vec![0_usize; name.len() + 1]; model.len() + 1];
    for i in 0..=model.len() {
        for j in 0..=name.len() {
            cost[i][j] = match (i, j) {
                (0, changes) | (changes, 0) => changes,
                _ => {
                    let same = cost[i - 1][j - 1] + usize::from(model[i - 1] != name[j - 1]);
                    let swapped = if is_swap(model, name, i, j) { cost[i - 2][j - 2] + 1 } else { usize::MAX };
                    same.min(swapped).min(cost[i - 1][j] + 1).min(cost[i][j - 1] + 1)
                }
            };
        }
    }
    let mut from = vec![None; name.len()];
    let (mut i, mut j) = (model.len(), name.len());
    while i > 0 && j > 0 {
        if model[i - 1] == name[j - 1] && cost[i][j] == cost[i - 1][j - 1] {
            from[j - 1] = Some(i - 1);
            (i, j) = (i - 1, j - 1);
        } else if is_swap(model, name, i, j) && cost[i][j] == cost[i - 2][j - 2] + 1 {
            (from[j - 1], from[j - 2]) = (Some(i - 2), Some(i - 1));
            (i, j) = (i - 2, j - 2);
        } else if cost[i][j] == cost[i - 1][j - 1] + 1 {
            (i, j) = (i - 1, j - 1);
        } else if cost[i][j] == cost[i - 1][j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    from
}

fn is_swap(model: &[char], name: &[char], i: usize, j: usize) -> bool {
    i > 1 && j > 1 && model[i - 1] == name[j - 2] && model[i - 2] == name[j - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_followed_through_changes() {
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        let follow = |model: &str, name: &str| {
            let letter = |at: Option<usize>| at.and_then(|at| model.chars().nth(at)).unwrap_or('?');
            aligned(&letters(model), &letters(name)).into_iter().map(letter).collect::<String>()
        };
        assert_eq!(follow("prod-data", "prod-dta"), "prod-dta");
        assert_eq!(follow("jane.do", "jane.doe"), "jane.do?");
        assert_eq!(follow("jane", "jnae"), "jnae");
        assert_eq!(follow("jane", "jade"), "ja?e");
    }
}
