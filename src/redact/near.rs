//! What is spelt nearly alike stays nearly alike, and what stands in order stays in order: names that rules compare by
//! more than equality are given their made-up words first.

use std::collections::BTreeSet;

use crate::answers::comparison;
use crate::evidence::{AccountRef, Boundary, Evidence, Machine, User, UserFacts, permission_set_of_role};
use crate::machine::meant;
use crate::model::paths::{self, Way};
use crate::wording::suggest;

use super::dictionary::{Dictionary, fold, is_hex_id};
use super::machine::account_id;
use super::text;

/// How often names are drawn that are to stay in order.
const TRIES: usize = 500;

/// Gives words to names whose order decides which of several ways comes first, the user's or a colleague's.
pub(super) fn keep_order(dictionary: &mut Dictionary, evidence: &Evidence) {
    let mut ways = paths::find(evidence.asked()).list;
    let mut sets: Vec<String> = Vec::new();
    for path in ways.iter().filter_map(Way::assigned) {
        sets.push(evidence.permission_set_label(&path.permission_set).to_owned());
    }
    for colleagues in comparison::compare(evidence, None).into_iter().flat_map(|comparison| comparison.ways) {
        let arn = colleagues.way.assigned().map(|path| path.permission_set.clone());
        sets.extend(colleagues.permission_set.or(arn));
        ways.push(colleagues.way);
    }
    let roles = ways.iter().filter_map(Way::entitled).map(|entitled| entitled.role_arn.clone());
    let principals = ways.iter().map(|way| way.via().id.clone());
    for mut names in [sets, principals.collect(), roles.collect()] {
        names.sort();
        names.dedup();
        keep_names_in_order(dictionary, &names);
    }
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
    for _ in 0..TRIES {
        let mut tried = dictionary.clone();
        for (words, pool) in [(&words, "abcdefghijklmnopqrstuvwxyz"), (&ids, "0123456789abcdef")] {
            let initials = tried.initials(pool, words.len());
            words.iter().zip(initials).for_each(|(word, initials)| tried.define_from(word, &initials));
        }
        let given: Vec<String> = names.iter().map(|name| text::replaced(&mut tried, name)).collect();
        if given.is_sorted() {
            *dictionary = tried;
            return;
        }
        // The next try has to draw on from here.
        dictionary.draw_on(&tried);
    }
}

/// Following letters takes time by the square of their number: names that are longer are not followed.
const LONGEST: usize = 256;

/// Gives words to names that are spelt nearly as one that was typed or referred to.
pub(super) fn keep_spelling(dictionary: &mut Dictionary, evidence: &Evidence) {
    for (typed, names) in compared(evidence) {
        let made_up: Vec<char> = fold(&text::replaced(dictionary, &typed)).chars().collect();
        let typed_letters: Vec<char> = fold(&typed).chars().collect();
        if made_up.len() != typed_letters.len() {
            continue;
        }
        for name in names.iter().filter(|name| **name != typed && suggest::distance(&typed, name).is_some()) {
            let letters: Vec<char> = fold(name).chars().collect();
            if letters.len() > LONGEST {
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

/// Names that rules look at for being close to another, each with those that may be.
fn compared(evidence: &Evidence) -> Vec<(String, Vec<String>)> {
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
    let mut compared = vec![(question.user.clone(), scan(&evidence.user)), (account.clone(), accounts)];
    compared.extend(evidence.colleague.iter().map(|colleague| (colleague.asked.clone(), scan(&colleague.user))));
    compared.extend(evidence.machine.iter().flat_map(|found| on_machine(evidence, found)));
    if let Some(asked) = &question.group {
        let groups = evidence.groups.values().filter_map(|group| group.known().ok()?.as_ref()?.name.clone());
        compared.push((asked.clone(), groups.collect()));
    }
    let sets = evidence.permission_sets.values();
    if let Some(asked) = &question.permission_set {
        let names = sets.clone().filter_map(|set| set.described.known().ok()?.as_ref()).map(|set| set.name.clone());
        compared.push((asked.clone(), names.collect()));
    }
    let policies = evidence.account.inside.policies.known().into_iter().flatten().map(|policy| policy.name.clone());
    let policies: Vec<String> = policies.collect();
    for set in sets {
        let boundary = set.boundary.known().ok().and_then(Option::as_ref);
        let boundary = boundary.and_then(|boundary| match boundary {
            Boundary::CustomerManaged(reference) => Some(reference),
            Boundary::AwsManaged(_) => None,
        });
        let references = set.customer_managed.known().into_iter().flatten().chain(boundary);
        compared.extend(references.map(|reference| (reference.name.clone(), policies.clone())));
    }
    compared
}

/// What the files of the machine say, each beside what is there to be named: permission sets, sessions, start URLs and
/// the account.
fn on_machine(evidence: &Evidence, machine: &Machine) -> Vec<(String, Vec<String>)> {
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
        let all: Vec<String> = named.into_iter().chain(there.iter().copied().cloned()).collect();
        compared.extend(there.into_iter().map(|one| (one.clone(), all.clone())));
    }
    if let Some(id) = &evidence.account.id {
        compared.push((id.clone(), settings("sso_account_id").filter_map(account_id).collect()));
    }
    if let Some(keys) = &machine.keys {
        let profiles = || keys.config.iter().chain(keys.credentials.content.read().into_iter().flatten());
        let names: BTreeSet<&String> = profiles().map(|one| &one.name).collect();
        let sources = profiles().filter_map(|one| Some(meant(&one.settings.get("source_profile")?.value).to_owned()));
        let all: Vec<String> = sources.chain(names.iter().copied().cloned()).collect();
        compared.extend(names.into_iter().map(|one| (one.clone(), all.clone())));
    }
    let names = accounts.filter_map(|account| account.name.clone());
    compared.push((evidence.question.account.text().to_owned(), names.collect()));
    compared
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
