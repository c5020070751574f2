//! The relations as columns, which compress to little. The page's script reads them, and nothing else does: they may change
//! with it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::answers::organization::{Given, Judged, Relations, To};
use crate::rules::RULES;
use crate::verdict::PathState;
use crate::wording::clean;

/// Everything, with texts that are harmless already.
#[derive(Serialize)]
pub(super) struct Data {
    full: bool,
    /// In causal order: of two rules the earlier explains.
    rules: Vec<&'static str>,
    /// Texts that repeat, by their place.
    words: Vec<String>,
    accounts: Names,
    sets: Names,
    people: People,
    groups: Groups,
    pairs: Pairs,
    ways: Ways,
    otherwise: Otherwise,
    unread: Unread,
}

#[derive(Serialize, Default)]
struct Names {
    id: Vec<String>,
    name: Vec<String>,
}

/// Texts stand by person, since what repeats in one is near. A user name is nobody else's: an id, which compresses to
/// nothing less, stands only for one without.
#[derive(Serialize, Default)]
struct People {
    /// User name or id, name for people, e-mail, status.
    texts: Vec<[String; 4]>,
    state: Vec<u8>,
    rule: Vec<isize>,
    why: Vec<isize>,
}

#[derive(Serialize, Default)]
struct Groups {
    /// Name or id.
    name: Vec<String>,
    /// The people's places in order, each as its distance from the one before it.
    members: Vec<Option<Vec<usize>>>,
}

#[derive(Serialize, Default)]
struct Pairs {
    account: Vec<usize>,
    set: Vec<usize>,
    state: Vec<u8>,
}

/// `kind`: 0 a user, 1 a group, 2 somebody who no longer exists, whom `to` names among the words. `set` is -1 for an
/// entitlement, whose role stands among the words.
#[derive(Serialize, Default)]
struct Ways {
    account: Vec<usize>,
    set: Vec<isize>,
    role: Vec<isize>,
    kind: Vec<u8>,
    to: Vec<usize>,
    state: Vec<u8>,
    rule: Vec<isize>,
    why: Vec<isize>,
}

#[derive(Serialize, Default)]
struct Otherwise {
    way: Vec<usize>,
    person: Vec<usize>,
    state: Vec<u8>,
    rule: Vec<isize>,
    why: Vec<isize>,
}

#[derive(Serialize, Default)]
struct Unread {
    account: Vec<usize>,
    set: Vec<usize>,
}

/// Texts that get a place when they are first met.
#[derive(Default)]
struct Words {
    places: BTreeMap<String, usize>,
    list: Vec<String>,
}

impl Words {
    fn of(&mut self, text: &str) -> usize {
        let next = self.list.len();
        let place = *self.places.entry(text.to_owned()).or_insert(next);
        if place == next {
            self.list.push(harmless(text));
        }
        place
    }
}

/// A place, or -1 where there is none.
fn place(found: Option<usize>) -> isize {
    found.and_then(|place| isize::try_from(place).ok()).unwrap_or(-1)
}

fn harmless(text: &str) -> String {
    clean(text).into_owned()
}

fn shown(text: Option<&String>) -> String {
    text.map(|text| harmless(text)).unwrap_or_default()
}

/// Places in order, each as its distance from the one before it.
fn distances(places: &[usize]) -> Vec<usize> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.dedup();
    let before = std::iter::once(0).chain(places.iter().copied());
    places.iter().zip(before).map(|(place, before)| place - before).collect()
}

/// The higher outranks: a way is as open as the worst of what is known of it.
const fn rank(state: PathState) -> u8 {
    match state {
        PathState::Open => 0,
        PathState::Degraded => 1,
        PathState::Unknown => 2,
        PathState::Shut => 3,
    }
}

/// Adds state, rule and reason to their columns.
fn told(judged: &Judged, words: &mut Words, [rules, reasons]: [&mut Vec<isize>; 2], states: &mut Vec<u8>) {
    let rule = judged.rule.and_then(|id| RULES.iter().position(|rule| rule.id == id));
    states.push(rank(judged.state));
    rules.push(place(rule));
    reasons.push(place(judged.why.as_ref().map(|why| words.of(why))));
}

impl From<&Relations> for Data {
    fn from(relations: &Relations) -> Self {
        let mut words = Words::default();
        let mut people = People::default();
        for (person, judged) in &relations.people {
            let [display, email, status] =
                [&person.display_name, &person.email, &person.status].map(|text| shown(text.as_ref()));
            people.texts.push([harmless(person.label()), display, email, status]);
            told(judged, &mut words, [&mut people.rule, &mut people.why], &mut people.state);
        }
        let mut ways = Ways::default();
        for way in &relations.ways {
            ways.account.push(way.account);
            let (set, role) = match &way.grant {
                Given::Set(set) => (Some(*set), None),
                Given::Role(arn) => (None, Some(words.of(arn))),
            };
            ways.set.push(place(set));
            ways.role.push(place(role));
            let (kind, to) = match &way.to {
                To::Person(person) => (0, *person),
                To::Group(group) => (1, *group),
                To::Nobody(principal) => (2, words.of(&format!("{} (no longer exists)", principal.id))),
            };
            ways.kind.push(kind);
            ways.to.push(to);
            told(&way.judged, &mut words, [&mut ways.rule, &mut ways.why], &mut ways.state);
        }
        let mut otherwise = Otherwise::default();
        for (way, person, judged) in &relations.otherwise {
            otherwise.way.push(*way);
            otherwise.person.push(*person);
            told(judged, &mut words, [&mut otherwise.rule, &mut otherwise.why], &mut otherwise.state);
        }
        Self {
            full: relations.full,
            rules: RULES.iter().map(|rule| rule.id).collect(),
            words: words.list,
            accounts: Names {
                id: relations.accounts.iter().map(|account| harmless(&account.id)).collect(),
                name: relations.accounts.iter().map(|account| shown(account.name.as_ref())).collect(),
            },
            sets: Names {
                id: relations.sets.iter().map(|set| harmless(&set.arn)).collect(),
                name: relations.sets.iter().map(|set| shown(set.name.as_ref())).collect(),
            },
            people,
            groups: Groups {
                name: relations.groups.iter().map(|group| harmless(group.name.as_ref().unwrap_or(&group.id))).collect(),
                members: relations.groups.iter().map(|group| group.members.as_deref().map(distances)).collect(),
            },
            pairs: Pairs {
                account: relations.pairs.iter().map(|pair| pair.account).collect(),
                set: relations.pairs.iter().map(|pair| pair.set).collect(),
                state: relations.pairs.iter().map(|pair| rank(pair.judged.state)).collect(),
            },
            ways,
            otherwise,
            unread: Unread {
                account: relations.unread.iter().map(|(account, _)| *account).collect(),
                set: relations.unread.iter().map(|(_, set)| *set).collect(),
            },
        }
    }
}
