//! What is worth knowing of an organization and is no fault.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::SignedDuration;

use super::Note;
use super::people::Places;
use crate::answers::organization::{AccountShown, SetShown};
use crate::evidence::{Fact, Principal, PrincipalType, Snapshot, User, permission_set_of_role};
use crate::model::organization::{
    accounts_asked, administers, is_account_asked, pairs, people_of, principal_name, units_without_accounts, user,
};
use crate::wording;

/// After how many days without a session a role counts as unused: what reviews ask for.
const UNUSED_DAYS: i64 = 90;

/// How many names a note has.
const NAMED: usize = 3;

/// All of them.
pub(super) fn notes(snapshot: &Snapshot, sets: &[&str], assigned: &BTreeMap<&Principal, Places<'_>>) -> Vec<Note> {
    let mut notes = unassigned(snapshot, sets);
    notes.extend(not_asked(snapshot, sets));
    notes.extend(empty_units(snapshot));
    notes.extend(administrators(snapshot, sets, assigned));
    notes.extend(direct(snapshot, assigned));
    notes.extend(disabled(snapshot, assigned));
    notes.extend(unused_roles(snapshot));
    notes
}

/// Permission sets that are nowhere.
fn unassigned(snapshot: &Snapshot, sets: &[&str]) -> Vec<Note> {
    let mut notes = Vec::new();
    for arn in sets {
        let Some(of) = snapshot.shared.accounts_of.get(*arn) else { continue };
        let is_empty = |fact: &Fact<Vec<String>>| fact.known().is_ok_and(Vec::is_empty);
        let mut rows = snapshot.accounts.values().filter_map(|account| account.assignments.get(*arn));
        let is_assigned = rows.any(|rows| rows.known().is_ok_and(|rows| !rows.is_empty()));
        if is_empty(&of.latest) && is_empty(&of.outdated) && !is_assigned {
            let set = SetShown::of(snapshot, arn);
            let message = format!("Permission set {} is provisioned in no account.", set.label());
            notes.push(Note { id: "permission-set-unused", message, permission_set: Some(set) });
        }
    }
    notes
}

/// In how many places a full scan did not ask who is assigned a permission set that is not provisioned there.
fn not_asked(snapshot: &Snapshot, sets: &[&str]) -> Option<Note> {
    snapshot.scope.narrowed().filter(|narrowed| narrowed.full)?;
    let sets: BTreeSet<&str> = sets.iter().copied().collect();
    let accounts = accounts_asked(snapshot);
    let ids: HashSet<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
    let pairs = pairs(snapshot);
    let is_one = |id: &str, arn: &str| ids.contains(id) && sets.contains(arn);
    let there = pairs.iter().filter(|(id, arn)| is_one(id, arn)).count();
    let asked = snapshot.accounts.iter().flat_map(|(id, account)| {
        let known = account.assignments.iter().filter(|(_, rows)| rows.known().is_ok());
        known.map(move |(arn, _)| (id.as_str(), arn.as_str()))
    });
    let asked = asked.filter(|pair| is_one(pair.0, pair.1) && !pairs.contains(pair)).count();
    let left = (ids.len() * sets.len()).saturating_sub(there + asked);
    (left > 0).then(|| {
        let places = wording::count(left, "place");
        let message = format!(
            "Who is assigned was not asked in {places} where the permission set is not provisioned: an assignment that never \
             worked may stand there. --exhaustive asks in all of them."
        );
        Note { id: "places-not-asked", message, permission_set: None }
    })
}

/// Organizational units that were asked about and hold nothing.
fn empty_units(snapshot: &Snapshot) -> Vec<Note> {
    let units =
        snapshot.scope.narrowed().map(|narrowed| units_without_accounts(snapshot, narrowed)).unwrap_or_default();
    let note = |unit: &str| {
        let message = format!("No account stands under organizational unit {unit}.");
        Note { id: "unit-without-accounts", message, permission_set: None }
    };
    units.into_iter().map(note).collect()
}

/// Who has administrator rights: a note for each permission set that gives them.
fn administrators(snapshot: &Snapshot, sets: &[&str], assigned: &BTreeMap<&Principal, Places<'_>>) -> Vec<Note> {
    let full = snapshot.scope.narrowed().is_some_and(|narrowed| narrowed.full);
    let pairs = pairs(snapshot);
    let mut notes = Vec::new();
    for arn in sets.iter().filter(|arn| administers(snapshot, arn)) {
        let accounts: BTreeSet<&str> = pairs.iter().filter(|(_, one)| one == arn).map(|(id, _)| *id).collect();
        if accounts.is_empty() {
            continue;
        }
        let set = SetShown::of(snapshot, arn);
        let places = match accounts.first() {
            Some(id) if accounts.len() == 1 => format!("account {}", AccountShown::of(snapshot, id).label()),
            _ => wording::count(accounts.len(), "account"),
        };
        let whom = if full {
            let (people, all) = people_with(snapshot, arn, &accounts, assigned);
            let names = people.iter().map(|id| name_of(snapshot, id));
            let listed = if people.is_empty() { String::new() } else { format!(": {}", wording::list(names, NAMED)) };
            let more = if all { "" } else { " at least; not everybody's groups and assignments could be read" };
            format!("{}{more}{listed}", wording::count(people.len(), "user"))
        } else {
            "whoever is assigned it, which --full reads".to_owned()
        };
        let message = format!("Permission set {} gives administrator rights in {places} to {whom}.", set.label());
        notes.push(Note { id: "administrators", message, permission_set: Some(set) });
    }
    notes
}

/// Everybody who has a permission set in any of these accounts, and whether that is all of them.
fn people_with<'s>(
    snapshot: &'s Snapshot,
    arn: &str,
    accounts: &BTreeSet<&str>,
    assigned: &BTreeMap<&'s Principal, Places<'_>>,
) -> (BTreeSet<&'s str>, bool) {
    let is_read = |id: &&str| {
        let rows = snapshot.accounts.get(*id).and_then(|account| account.assignments.get(arn));
        rows.is_some_and(|rows| rows.known().is_ok())
    };
    let mut all = accounts.iter().all(is_read);
    let mut people = BTreeSet::new();
    for (principal, _) in assigned.iter().filter(|(_, places)| places.iter().any(|(_, one)| *one == arn)) {
        // Nobody is in what does not exist any more.
        if principal_name(snapshot, principal) == Ok(None) {
            continue;
        }
        match people_of(snapshot, principal) {
            Ok(of) => people.extend(of),
            Err(_) => all = false,
        }
    }
    people.retain(|id| user(snapshot, id) != Ok(None));
    (people, all)
}

fn name_of(snapshot: &Snapshot, id: &str) -> String {
    let user = user(snapshot, id).ok().flatten();
    user.and_then(|user| user.user_name.clone()).unwrap_or_else(|| id.to_owned())
}

/// Assignments past any group.
fn direct(snapshot: &Snapshot, assigned: &BTreeMap<&Principal, Places<'_>>) -> Option<Note> {
    let mut direct: BTreeMap<&str, usize> = BTreeMap::new();
    for (principal, places) in assigned {
        if principal.kind == PrincipalType::User && principal_name(snapshot, principal) != Ok(None) {
            *direct.entry(&principal.id).or_default() += places.len();
        }
    }
    (!direct.is_empty()).then(|| {
        let times = wording::count(direct.values().sum(), "assignment");
        let names = wording::list(direct.keys().map(|id| name_of(snapshot, id)), NAMED);
        let message = format!("{times} to users directly, past any group: {names}.");
        Note { id: "assigned-directly", message, permission_set: None }
    })
}

/// Disabled users who still have assignments.
fn disabled(snapshot: &Snapshot, assigned: &BTreeMap<&Principal, Places<'_>>) -> Option<Note> {
    let is_disabled = |user: &&User| user.status.as_deref() == Some("DISABLED");
    let described = snapshot.shared.users.values().filter_map(|fact| fact.known().ok()?.as_ref());
    let all = described.chain(snapshot.person().described()).chain(snapshot.people.known().into_iter().flatten());
    // Most organizations have few: nobody else need be looked up.
    let any: HashSet<&str> = all.filter(is_disabled).map(|user| user.id.as_str()).collect();
    if any.is_empty() {
        return None;
    }
    let people = assigned.keys().filter_map(|principal| people_of(snapshot, principal).ok()).flatten();
    let people: BTreeSet<&str> = people.filter(|id| any.contains(id)).collect();
    let described = people.into_iter().filter_map(|id| user(snapshot, id).ok().flatten());
    let disabled = described.filter(is_disabled);
    let names: Vec<String> = disabled.map(|user| user.user_name.clone().unwrap_or_else(|| user.id.clone())).collect();
    (!names.is_empty()).then(|| {
        let users = wording::count(names.len(), "disabled user");
        let message = format!("{users} with assignments: {}.", wording::list(names, NAMED));
        Note { id: "assigned-while-disabled", message, permission_set: None }
    })
}

/// Roles of Identity Center without a session for long, where it was asked when they were used last.
fn unused_roles(snapshot: &Snapshot) -> Option<Note> {
    let before = snapshot.collected_at.checked_sub(SignedDuration::from_hours(24 * UNUSED_DAYS)).ok()?;
    let mut unused: Vec<String> = Vec::new();
    for ((account, name), fact) in snapshot.last_used.iter().filter(|((id, _), _)| is_account_asked(snapshot, id)) {
        let Ok(Some(used)) = fact.known() else { continue };
        // AWS tells nothing of a role that was not used for 400 days, or never: then the day on which it was made counts.
        let Some(since) = used.at.or(used.created) else { continue };
        if since < before {
            let set = permission_set_of_role(name).unwrap_or(name);
            unused.push(format!("{set} in {}", AccountShown::of(snapshot, account).label()));
        }
    }
    (!unused.is_empty()).then(|| {
        let roles = wording::count(unused.len(), "role");
        let message = format!("{roles} that nobody has used for {UNUSED_DAYS} days: {}.", wording::list(unused, NAMED));
        Note { id: "role-unused", message, permission_set: None }
    })
}
