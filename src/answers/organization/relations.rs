//! Who gets in where, of a whole organization: as what is assigned to whom and who is in which group. Spelt out as rows it
//! would be a million; each row follows from these, as `who` and `access` tell it.

use std::collections::{BTreeMap, HashMap};

use super::{AccountShown, PersonShown, SetShown};
use crate::evidence::{Applications, Assignment, Entitlement, Principal, PrincipalType, Snapshot};
use crate::model::organization::{self, accounts_asked, pairs, principal_name, user};
use crate::model::paths::Entitled;
use crate::verdict::{PathState, SetJudged, WayJudged, judge_each, judge_entitlement};

mod people;

/// Who gets in where. Places in the lists stand for what is in them.
#[derive(Debug, Default)]
pub struct Relations {
    /// Whether it was asked everywhere who is assigned.
    pub full: bool,
    /// The accounts.
    pub accounts: Vec<AccountShown>,
    /// The permission sets.
    pub sets: Vec<SetShown>,
    /// The people, with what is known of them wherever they want to get in.
    pub people: Vec<(PersonShown, Judged)>,
    /// The groups.
    pub groups: Vec<GroupShown>,
    /// Permission sets in accounts, whoever has them.
    pub pairs: Vec<Pair>,
    /// What is given to whom.
    pub ways: Vec<Way>,
    /// People for whom a way is otherwise than their own state has it: way, person, and what is known of them on it.
    pub otherwise: Vec<(usize, usize, Judged)>,
    /// Accounts and permission sets of which it is not known who is assigned.
    pub unread: Vec<(usize, usize)>,
}

/// What is known of a way, or of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Whether it lets them in.
    pub state: PathState,
    /// The fault that shuts or degrades it.
    pub rule: Option<&'static str>,
    /// Where it is not known, why not.
    pub why: Option<String>,
}

/// A group.
#[derive(Debug)]
pub struct GroupShown {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Its id.
    pub id: String,
    /// The places of those who are in it; `None` where that is not known.
    pub members: Option<Vec<usize>>,
}

/// A permission set in an account.
#[derive(Debug)]
pub struct Pair {
    /// The account's place.
    pub account: usize,
    /// The permission set's place.
    pub set: usize,
    /// What is known of it.
    pub judged: Judged,
}

/// What is given to a user or group.
#[derive(Debug)]
pub struct Way {
    /// The account's place.
    pub account: usize,
    /// What is given.
    pub grant: Given,
    /// To whom.
    pub to: To,
    /// What is known of it.
    pub judged: Judged,
}

/// What a way gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A permission set, by its place.
    Set(usize),
    /// A role, by an entitlement.
    Role(String),
}

/// To whom a way is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A user, by their place.
    Person(usize),
    /// A group, by its place.
    Group(usize),
    /// Somebody who no longer exists.
    Nobody(Principal),
}

/// Things that get a place when they are first met.
struct Places<T> {
    places: HashMap<String, usize>,
    list: Vec<T>,
}

impl<T> Places<T> {
    fn new() -> Self {
        Self { places: HashMap::new(), list: Vec::new() }
    }

    fn of(&mut self, id: &str, make: impl FnOnce() -> T) -> usize {
        if let Some(place) = self.places.get(id) {
            return *place;
        }
        let place = self.list.len();
        self.places.insert(id.to_owned(), place);
        self.list.push(make());
        place
    }
}

impl From<&WayJudged> for Judged {
    fn from(judged: &WayJudged) -> Self {
        let why = judged.gaps.first().filter(|_| judged.state == PathState::Unknown);
        let rule = judged.cause.as_ref().map(|cause| cause.rule);
        Self { state: judged.state, rule, why: why.map(|gap| format!("{}: {}", gap.call, gap.message)) }
    }
}

/// Relations in the making.
struct Making<'s> {
    snapshot: &'s Snapshot,
    accounts: Places<AccountShown>,
    sets: Places<SetShown>,
    people: Places<PersonShown>,
    groups: Places<GroupShown>,
    ways: Vec<Way>,
    /// The ways through a permission set by whom they are given to, for those that a person's session decides.
    of_person: BTreeMap<usize, Vec<usize>>,
    of_group: BTreeMap<usize, Vec<usize>>,
}

/// What is known of a permission set in an account, and of each assignment of it; `None` where it is not known who is
/// assigned.
pub(super) type PairJudged = (Judged, Option<Vec<Judged>>);

/// The same of a way, by what was judged of it.
pub(super) fn pair_judged(
    snapshot: &Snapshot,
    way: organization::Way<'_>,
    of_set: &SetJudged<'_>,
    judged: &WayJudged,
) -> PairJudged {
    let all = Judged::from(judged);
    let rows = snapshot.accounts.get(way.account).and_then(|account| account.assignments.get(way.set));
    let of_row = |row: &Assignment| {
        let apart = of_set.apart(&row.principal);
        apart.map_or_else(|| all.clone(), |judged| Judged::from(&judged))
    };
    let of_rows = rows.and_then(|rows| Some(rows.known().ok()?.iter().map(of_row).collect()));
    (all, of_rows)
}

/// Who gets in where.
pub fn relations(snapshot: &Snapshot) -> Relations {
    let pairs = pairs(snapshot);
    let ways: Vec<organization::Way<'_>> = pairs
        .into_iter()
        .map(|(account, set)| organization::Way { account, set, principal: None, stands: true })
        .collect();
    let mut judged = Vec::with_capacity(ways.len());
    judge_each(
        snapshot,
        &ways,
        |way, of_set, judged| pair_judged(snapshot, way, of_set, judged),
        |way, found| judged.extend(found.map(|(_, pair)| ((way.account, way.set), pair))),
    );
    relations_of(snapshot, judged)
}

/// The same of pairs that were judged already, in order.
pub(super) fn relations_of<'s>(
    snapshot: &'s Snapshot,
    judged: impl IntoIterator<Item = (organization::Pair<'s>, PairJudged)>,
) -> Relations {
    let mut making = Making {
        snapshot,
        accounts: Places::new(),
        sets: Places::new(),
        people: Places::new(),
        groups: Places::new(),
        ways: Vec::new(),
        of_person: BTreeMap::new(),
        of_group: BTreeMap::new(),
    };
    for account in accounts_asked(snapshot) {
        making.account(&account.id);
    }
    let (mut told, mut unread) = (Vec::new(), Vec::new());
    for ((id, arn), (of_set, of_rows)) in judged {
        let (account, set) = (making.account(id), making.set(arn));
        told.push(Pair { account, set, judged: of_set });
        let rows = snapshot.accounts.get(id).and_then(|account| account.assignments.get(arn));
        let rows = rows.and_then(|rows| rows.known().ok()).into_iter().flatten();
        if of_rows.is_none() {
            unread.push((account, set));
        }
        for (row, judged) in rows.zip(of_rows.into_iter().flatten()) {
            making.way(account, Given::Set(set), &row.principal, judged);
        }
    }
    making.entitlements();
    let otherwise = making.judge_people();
    Relations {
        full: snapshot.scope.narrowed().is_none_or(|narrowed| narrowed.full),
        accounts: making.accounts.list,
        sets: making.sets.list,
        people: making.people.list.into_iter().zip(otherwise.0).collect(),
        groups: making.groups.list,
        pairs: told,
        ways: making.ways,
        otherwise: otherwise.1,
        unread,
    }
}

impl Making<'_> {
    fn account(&mut self, id: &str) -> usize {
        self.accounts.of(id, || AccountShown::of(self.snapshot, id))
    }

    fn set(&mut self, arn: &str) -> usize {
        self.sets.of(arn, || SetShown::of(self.snapshot, arn))
    }

    fn person(&mut self, id: &str) -> usize {
        self.people.of(id, || PersonShown::of(self.snapshot, id))
    }

    /// A group, with those who are in it.
    fn group(&mut self, id: &str) -> usize {
        if let Some(place) = self.groups.places.get(id) {
            return *place;
        }
        let snapshot = self.snapshot;
        let members = snapshot.members.get(id).and_then(|fact| fact.known().ok()).map(|members| {
            // Whoever has a place exists.
            let exists = |id: &str| user(snapshot, id) != Ok(None);
            let place = |making: &mut Self, id: &str| {
                let known = making.people.places.get(id).copied();
                known.or_else(|| exists(id).then(|| making.person(id)))
            };
            members.iter().filter_map(|member| place(self, &member.user_id)).collect()
        });
        let principal = Principal { kind: PrincipalType::Group, id: id.to_owned() };
        let name = principal_name(snapshot, &principal).ok().flatten().filter(|name| !name.is_empty());
        self.groups.of(id, || GroupShown { name: name.map(str::to_owned), id: id.to_owned(), members })
    }

    fn way(&mut self, account: usize, grant: Given, principal: &Principal, judged: Judged) {
        let is_dead = principal_name(self.snapshot, principal) == Ok(None);
        let place = self.ways.len();
        let to = match principal.kind {
            _ if is_dead => To::Nobody(principal.clone()),
            PrincipalType::User => To::Person(self.person(&principal.id)),
            PrincipalType::Group => To::Group(self.group(&principal.id)),
        };
        match to {
            To::Person(person) => self.of_person.entry(person).or_default().push(place),
            To::Group(group) => self.of_group.entry(group).or_default().push(place),
            To::Nobody(_) => {}
        }
        self.ways.push(Way { account, grant, to, judged });
    }

    fn entitlements(&mut self) {
        let facts = &self.snapshot.shared.entitlements;
        let Ok(Applications::Listed(_)) = facts.applications.known() else { return };
        let of_accounts = self.snapshot.accounts.values().flat_map(|account| &account.entitlements);
        for (application, rows) in of_accounts {
            let Ok(rows) = rows.known() else { continue };
            for row in rows {
                self.entitled(application, row);
            }
        }
    }

    fn entitled(&mut self, application: &str, row: &Entitlement) {
        let Some(in_account) = self.snapshot.in_account(&row.account) else { return };
        let entitled = Entitled {
            application: application.to_owned(),
            role_arn: row.role_arn.clone(),
            via: row.principal.clone(),
        };
        let judged = Judged::from(&judge_entitlement(in_account, &entitled));
        let account = self.account(&row.account);
        self.way(account, Given::Role(row.role_arn.clone()), &row.principal, judged);
    }
}
