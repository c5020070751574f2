//! Where a plan assigns or changes permission sets, and what it makes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::Pair;
use crate::evidence::{
    About, AccountsOf, Answer, Boundary, Call, Edit, Fact, Fate, Observed, PermissionSet, PermissionSetEvidence,
    PolicyReference, Proposed, ProposedSet, Snapshot,
};

mod members;

pub use members::{groups_left, is_filled};

/// The plan that was asked about, where it was one.
pub fn proposed(snapshot: &Snapshot) -> Option<&Proposed> {
    match &snapshot.scope.about {
        About::Planned(proposed) => Some(proposed),
        About::Everything(_) | About::BeforeAssign(_) | About::Account(_) | About::Person(_) => None,
    }
}

/// Where a plan assigns a permission set for certain, or changes one that is there: with the addresses that do it.
pub fn places<'s>(snapshot: &'s Snapshot, proposed: &'s Proposed) -> BTreeMap<Pair<'s>, BTreeSet<&'s str>> {
    let mut places: BTreeMap<Pair<'s>, BTreeSet<&'s str>> = BTreeMap::new();
    for given in &proposed.given {
        if let ([set], Some(account), true) = (&given.sets[..], &given.account, given.certain) {
            places.entry((account, set)).or_default().insert(&given.address);
        }
    }
    let changed = proposed.sets.iter().filter(|set| set.fate == Fate::Stays);
    for set in changed {
        for account in accounts_of(snapshot, &set.key) {
            let addresses = places.entry((account, set.key.as_str())).or_default();
            addresses.extend(set.addresses.iter().map(String::as_str));
        }
    }
    for gone in &proposed.gone_policies {
        for key in naming(snapshot, proposed, &gone.policy) {
            if accounts_of(snapshot, key).contains(gone.account.as_str()) {
                places.entry((&gone.account, key)).or_default().insert(&gone.address);
            }
        }
    }
    // What a permission set that is made consists of stands at other addresses than its assignments.
    for ((_, key), addresses) in &mut places {
        let made = proposed.set(key).filter(|set| set.fate == Fate::Made);
        addresses.extend(made.into_iter().flat_map(|set| &set.addresses).map(String::as_str));
    }
    places
}

/// The permission sets that name a policy, as far as that was read, and stay.
fn naming<'s>(
    snapshot: &'s Snapshot,
    proposed: &'s Proposed,
    policy: &'s PolicyReference,
) -> impl Iterator<Item = &'s str> {
    let names = move |set: &PermissionSetEvidence| {
        let bounds = matches!(set.boundary.known(), Ok(Some(Boundary::CustomerManaged(one))) if one == policy);
        bounds || set.customer_managed.known().is_ok_and(|all| all.contains(policy))
    };
    let is_deleted = |key: &str| proposed.set(key).is_some_and(|set| set.fate == Fate::Deleted);
    let sets = snapshot.shared.permission_sets.iter();
    sets.filter(move |(key, set)| names(set) && !is_deleted(key)).map(|(key, _)| key.as_str())
}

/// The permission sets that a plan deletes and that are there, as far as that was read.
pub fn deleted<'s>(snapshot: &'s Snapshot, proposed: &'s Proposed) -> impl Iterator<Item = &'s str> {
    let listed = snapshot.shared.permission_set_arns.known().map(Vec::as_slice).unwrap_or_default();
    let sets = proposed.sets.iter().filter(|set| set.fate == Fate::Deleted).map(|set| set.key.as_str());
    sets.filter(move |key| listed.iter().any(|one| one == key))
}

/// The accounts that have a permission set, in whatever version, as far as that was read.
pub fn accounts_of<'s>(snapshot: &'s Snapshot, arn: &str) -> BTreeSet<&'s str> {
    let of = snapshot.shared.accounts_of.get(arn);
    let lists = of.into_iter().flat_map(|AccountsOf { latest, outdated }| [latest, outdated]);
    lists.filter_map(|list| list.known().ok()).flatten().map(String::as_str).collect()
}

/// The organization as it is, with the permission sets as the plan makes them, without the policies that it deletes, and
/// with whom it puts into groups or takes out of them.
pub fn carried_out(snapshot: &Snapshot, proposed: &Proposed) -> Snapshot {
    let mut after = snapshot.clone();
    for set in proposed.sets.iter().filter(|set| set.fate != Fate::Deleted) {
        change(&mut after, snapshot, set);
    }
    for gone in &proposed.gone_policies {
        let there = after.accounts.get(&gone.account).and_then(|account| account.inside.policies.known().ok());
        if let Some(mut left) = there.cloned() {
            left.retain(|one| (&one.name, &one.path) != (&gone.policy.name, &gone.policy.path));
            after.apply(Answer::PoliciesIn(gone.account.clone(), planned(Call::ListPolicies, left)));
        }
    }
    members::change(&mut after, snapshot, proposed);
    after
}

fn change(after: &mut Snapshot, before: &Snapshot, set: &ProposedSet) {
    let key = || set.key.clone();
    let there = before.shared.permission_sets.get(&set.key);
    if set.fate == Fate::Made {
        let described = set.name.as_ref().map(|name| PermissionSet { arn: key(), name: name.clone() });
        if described.is_some() {
            after.apply(Answer::PermissionSet(key(), planned(Call::DescribePermissionSet, described)));
        }
    }
    let call = Call::ListManagedPoliciesInPermissionSet;
    if let Some(list) = edited(&set.aws_managed, set, there.map(|one| &one.aws_managed)) {
        after.apply(Answer::AwsManaged(key(), planned(call, list)));
    }
    let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
    if let Some(list) = edited(&set.customer_managed, set, there.map(|one| &one.customer_managed)) {
        after.apply(Answer::CustomerManaged(key(), planned(call, list)));
    }
    let boundary = there.map(|one| one.boundary.clone().map(|boundary| boundary.into_iter().collect::<Vec<_>>()));
    if let Some(list) = edited(&set.boundary, set, boundary.as_ref()) {
        let call = Call::GetPermissionsBoundaryForPermissionSet;
        after.apply(Answer::Boundary(key(), planned(call, list.into_iter().next())));
    }
    let inline = there.map(|one| one.inline.clone().map(|inline| inline.into_iter().collect::<Vec<_>>()));
    if let Some(list) = edited(&set.inline, set, inline.as_ref()) {
        let call = Call::GetInlinePolicyForPermissionSet;
        after.apply(Answer::Inline(key(), planned(call, list.into_iter().next())));
    }
}

/// A list as the plan leaves it; `None` where that is not known, or where nothing becomes of it.
fn edited<T: Clone + PartialEq>(edit: &Edit<T>, set: &ProposedSet, there: Option<&Fact<Vec<T>>>) -> Option<Vec<T>> {
    if set.fate == Fate::Made {
        return Some(edit.applied_to(&[]));
    }
    if edit.is_none() {
        return None;
    }
    match (&edit.only, there.map(Fact::known)) {
        (_, Some(Ok(present))) => Some(edit.applied_to(present)),
        (Some(_), _) => Some(edit.applied_to(&[])),
        // What is there beside what is put in was not read.
        (None, Some(Err(_)) | None) => None,
    }
}

/// What the plan says, in the place of what AWS will answer: it was not asked, so that nothing cites it.
fn planned<T>(call: Call, value: T) -> Fact<T> {
    Fact { observed: Observed::Known(value), ..Fact::not_asked(call, "") }
}

/// Whether the organization may have such an account: where all are listed, one of them.
pub fn may_exist(snapshot: &Snapshot, account: &str) -> bool {
    snapshot.shared.accounts.known().map_or(true, |all| all.iter().any(|one| one.id == account))
}
