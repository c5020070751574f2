//! Who gained access, and who lost it, where both files looked: who gets in, and not only who is assigned something.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::sides::Side;
use super::{Changes, Grant};
use crate::answers::organization::relations::{Given, Judged, To, relations};
use crate::answers::organization::{AccountShown, PersonShown, SetShown};
use crate::model::organization::administers;
use crate::verdict::PathState;
use crate::wording;

/// Whom an assignment is for: account, permission set and user.
type Place = (String, String, String);

/// Whether somebody gets in by something that is assigned to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    In,
    Unknown,
    /// They do not, by the rule.
    Out(Option<&'static str>),
}

/// Tells who gained access, and who lost it.
pub(super) fn tell(changes: &mut Changes, after: &Side<'_>, before: &Side<'_>) {
    let (had, has) = (entries(before, after), entries(after, before));
    changes.knows_access = had.is_some() && has.is_some();
    let (Some(had), Some(has)) = (had, has) else { return };
    let mut unclear = BTreeSet::new();
    for (place, gets) in &has {
        match (had.get(place), gets) {
            (None | Some(Gets::Out(_)), Gets::In) => changes.gained.push(grant(after, place, true)),
            (None, Gets::Unknown) => changes.gained.push(grant(after, place, false)),
            (Some(Gets::In), Gets::Out(rule)) => {
                changes.lost.push(Grant { shut_by: *rule, ..grant(after, place, true) });
            }
            (Some(Gets::Unknown), _) | (Some(_), Gets::Unknown) => {
                unclear.insert((&place.0, &place.1));
            }
            (None | Some(Gets::Out(_)), Gets::Out(_)) | (Some(Gets::In), Gets::In) => {}
        }
    }
    for (place, got) in had.iter().filter(|(place, _)| !has.contains_key(*place)) {
        match got {
            Gets::In => changes.lost.push(grant(before, place, true)),
            Gets::Unknown => changes.lost.push(grant(before, place, false)),
            Gets::Out(_) => {}
        }
    }
    changes.gained.sort();
    changes.lost.sort();
    if !unclear.is_empty() {
        let places = wording::count(unclear.len(), "place");
        let message = format!(
            "Whether people gained or lost a way in by a fault in {places}, where not both files tell who gets in."
        );
        changes.not_compared.push(message);
    }
    let alone = before.alone(after) + after.alone(before);
    if alone > 0 {
        let places = wording::count(alone, "place");
        changes.not_compared.push(format!("Who has access in {places} that only one of the two looked at."));
    }
}

fn grant(side: &Side<'_>, (account, set, person): &Place, certain: bool) -> Grant {
    let snapshot = side.snapshot;
    Grant {
        account: AccountShown::of(snapshot, account),
        permission_set: SetShown::of(snapshot, set),
        person: PersonShown::of(snapshot, person),
        administers: administers(snapshot, set),
        certain,
        shut_by: None,
    }
}

/// Everybody who is assigned something where the other looked too, and whether they get in by it; `None` where it was not
/// read who is.
fn entries(side: &Side<'_>, other: &Side<'_>) -> Option<BTreeMap<Place, Gets>> {
    if !side.knows_assignments(other) {
        return None;
    }
    let relations = relations(side.snapshot);
    let mut entries: BTreeMap<Place, Gets> = BTreeMap::new();
    let otherwise: BTreeMap<(usize, usize), &Judged> =
        relations.otherwise.iter().map(|(way, person, judged)| ((*way, *person), judged)).collect();
    for (number, way) in relations.ways.iter().enumerate() {
        let Given::Set(set) = way.grant else { continue };
        let (account, set) = (&relations.accounts[way.account].id, &relations.sets[set].arn);
        if !other.looks_at(account, Some(set)) {
            continue;
        }
        let people: &[usize] = match &way.to {
            To::Person(person) => std::slice::from_ref(person),
            To::Group(group) => relations.groups[*group].members.as_ref()?,
            To::Nobody(_) => &[],
        };
        for place in people {
            let (person, alone) = &relations.people[*place];
            let gets = gets(&way.judged, otherwise.get(&(number, *place)).unwrap_or(&alone));
            // Of several ways to the same the best counts.
            match entries.entry((account.clone(), set.clone(), person.id.clone())) {
                Entry::Vacant(entry) => drop(entry.insert(gets)),
                Entry::Occupied(mut entry) if gets.rank() < entry.get().rank() => drop(entry.insert(gets)),
                Entry::Occupied(_) => {}
            }
        }
    }
    Some(entries)
}

impl Gets {
    const fn rank(self) -> u8 {
        match self {
            Self::In => 0,
            Self::Unknown => 1,
            Self::Out(_) => 2,
        }
    }
}

/// A way together with what is known of the person.
fn gets(way: &Judged, person: &Judged) -> Gets {
    let shut = [way, person].into_iter().find(|judged| judged.state == PathState::Shut);
    match (shut, way.state, person.state) {
        (Some(judged), ..) => Gets::Out(judged.rule),
        (None, PathState::Unknown, _) | (None, _, PathState::Unknown) => Gets::Unknown,
        (None, ..) => Gets::In,
    }
}
