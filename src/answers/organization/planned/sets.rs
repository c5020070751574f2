//! What a plan does to permission sets that cannot be done.

use std::collections::{BTreeMap, BTreeSet};

use super::name_addresses;
use super::people::finding;
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::{AccountShown, ScanFinding, SetShown, Via};
use crate::evidence::{Assignment, Fact, Fate, Principal, Proposed, ProposedSet, Snapshot};
use crate::findings::{Effect, Fix, Gate};
use crate::wording::shell::shell;

mod deleted;

/// Tells of the permission sets of a plan.
pub(super) fn tell(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    let listed = after.shared.permission_set_arns.known();
    if let Err(gap) = &listed {
        foreseen.unread(gap.clone(), true);
    }
    let listed = listed.map(Vec::as_slice).unwrap_or_default();
    for set in plan.sets.iter().filter(|set| set.fate == Fate::Made) {
        taken_name(foreseen, after, plan, set, listed);
    }
    if after.shared.permission_set_arns.known().is_ok() {
        not_there(foreseen, after, plan, listed);
    }
    deleted::tell(foreseen, after, plan);
    there_already(foreseen, after, plan);
    twice(foreseen, after, plan);
}

/// What was not read of which permission sets name what, and where they are: one of them may need what the plan deletes.
pub(super) fn unread(foreseen: &mut Foreseen<'_>, after: &Snapshot) {
    let shared = &after.shared;
    for arn in shared.permission_set_arns.known().into_iter().flatten() {
        let set = match after.in_instance().permission_set(arn) {
            Ok(set) => set,
            Err(gap) => {
                foreseen.unread(gap, true);
                continue;
            }
        };
        let contents = [set.customer_managed.known().err(), set.boundary.known().err()];
        let of = shared.accounts_of.get(arn);
        let places = of.into_iter().flat_map(|of| [of.latest.known().err(), of.outdated.known().err()]);
        contents.into_iter().chain(places).flatten().for_each(|gap| foreseen.unread(gap, true));
    }
}

/// The provider makes a permission set without looking whether the name is there, and hangs where it is.
fn taken_name(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed, set: &ProposedSet, listed: &[String]) {
    let Some(name) = &set.name else { return };
    for arn in listed {
        let Some(there) = after.shared.permission_sets.get(arn) else { continue };
        let described = match there.described.known() {
            Ok(described) => described.as_ref(),
            Err(gap) => {
                foreseen.unread(gap, true);
                continue;
            }
        };
        let goes = plan.set(arn).is_some_and(|one| one.fate == Fate::Deleted);
        if goes || described.is_none_or(|described| described.name != *name) {
            continue;
        }
        let shown = there.described.cite(format!("permission set {name} is there"));
        let message = format!("Permission set {name} is there already, so that the plan cannot make it.");
        let mut found = finding("permission-set-exists", Gate::Assignment, message, vec![shown]);
        found.permission_set = Some(SetShown::of(after, arn));
        let import = import(after, &set.key, arn);
        let what = format!("If it is the same one, import it: {import}; else give the new one another name");
        foresee(foreseen, found, what, vec![set.key.clone()]);
    }
}

/// What is assigned or changed, and is no permission set of the instance.
fn not_there(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed, listed: &[String]) {
    let of_given = plan
        .given
        .iter()
        .filter(|given| given.certain)
        .flat_map(|given| given.sets.iter().map(|set| (set.as_str(), given.address.as_str())));
    let stays = plan.sets.iter().filter(|set| set.fate == Fate::Stays);
    let of_sets = stays.flat_map(|set| set.addresses.iter().map(|address| (set.key.as_str(), address.as_str())));
    let named: BTreeSet<(&str, &str)> = of_given.chain(of_sets).collect();
    let keys: BTreeSet<&str> = named.iter().map(|(key, _)| *key).collect();
    for key in keys {
        let fate = plan.set(key).map(|set| set.fate);
        let is_deleted = fate == Some(Fate::Deleted);
        if fate == Some(Fate::Made) || !is_deleted && listed.iter().any(|arn| arn == key) {
            continue;
        }
        let all = &after.shared.permission_set_arns;
        let (shown, message) = if is_deleted {
            let label = SetShown::of(after, key).label().to_owned();
            let message =
                format!("The plan assigns permission set {label}, which it deletes: one of the two will fail.");
            (all.cite(format!("{key} is there now")), message)
        } else {
            let shown = all.cite(format!("none of the instance's {} permission sets is {key}", listed.len()));
            (shown, format!("There is no permission set {key} in the instance."))
        };
        let mut found = finding("permission-set-not-found", Gate::Assignment, message, vec![shown]);
        found.permission_set = Some(SetShown::of(after, key));
        let addresses = named.iter().filter(|(one, _)| *one == key).map(|(_, address)| (*address).to_owned());
        let what = if is_deleted {
            "Assign another permission set, or keep this one"
        } else {
            "Refresh the state (terraform plan -refresh-only), and plan again"
        };
        foresee(foreseen, found, what, addresses.collect());
    }
}

/// The provider refuses to make an assignment that is there.
fn there_already(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    for given in &plan.given {
        let ([key], Some(account), Some(principal)) = (&given.sets[..], &given.account, &given.principal) else {
            continue;
        };
        let Some((rows, there)) = assigned(foreseen, after, account, key) else { continue };
        if takes(plan, account, key, principal) || !there.iter().any(|row| row.principal == *principal) {
            continue;
        }
        let set = SetShown::of(after, key);
        let place = AccountShown::of(after, account);
        let whom = Via::of(after, principal);
        let message = format!(
            "Permission set {} is assigned to {} in account {} already: the provider refuses to make the assignment, and \
             what depends on it is not made.",
            set.label(),
            whom.name.as_deref().unwrap_or(&whom.id),
            place.label()
        );
        let mut found =
            finding("assignment-exists", Gate::Assignment, message, vec![rows.cite("the assignment is there")]);
        found.effect = Effect::Degrades;
        found.permission_set = Some(set);
        found.principal = Some(whom);
        found.accounts = vec![place];
        let id = format!("{},{},{account},AWS_ACCOUNT,{key}", principal.id, principal.kind.as_str());
        let what = format!("Import it: {}", import(after, &given.address, &id));
        foresee(foreseen, found, what, vec![given.address.clone()]);
    }
}

/// What the plan itself makes twice: AWS takes the first, and refuses the other.
fn twice(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    let mut sets: BTreeMap<&str, Vec<&ProposedSet>> = BTreeMap::new();
    for set in plan.sets.iter().filter(|set| set.fate == Fate::Made) {
        if let Some(name) = &set.name {
            sets.entry(name).or_default().push(set);
        }
    }
    for (name, sets) in sets.into_iter().filter(|(_, sets)| sets.len() > 1) {
        let message = format!(
            "The plan makes {} permission sets named {name}: the name is taken once the first is there, and the provider \
             hangs on the others until it is killed.",
            sets.len()
        );
        let found = finding("permission-set-exists", Gate::Assignment, message, Vec::new());
        let addresses = sets.iter().flat_map(|set| set.addresses.iter().cloned()).collect();
        foresee(foreseen, found, "Give each of them a name of its own", addresses);
    }
    let mut rows: BTreeMap<(&str, &str, &Principal), Vec<&str>> = BTreeMap::new();
    for given in plan.given.iter().filter(|given| given.certain) {
        if let ([key], Some(account), Some(principal)) = (&given.sets[..], &given.account, &given.principal) {
            rows.entry((key, account, principal)).or_default().push(&given.address);
        }
    }
    for ((key, account, principal), addresses) in rows.into_iter().filter(|(_, addresses)| addresses.len() > 1) {
        let (set, place, whom) =
            (SetShown::of(after, key), AccountShown::of(after, account), Via::of(after, principal));
        let message = format!(
            "The plan assigns permission set {} to {} in account {} at {} addresses: AWS makes it once, and the provider \
             refuses the others.",
            set.label(),
            whom.name.as_deref().unwrap_or(&whom.id),
            place.label(),
            addresses.len()
        );
        let mut found = finding("assignment-exists", Gate::Assignment, message, Vec::new());
        found.effect = Effect::Degrades;
        found.permission_set = Some(set);
        found.principal = Some(whom);
        found.accounts = vec![place];
        let addresses = addresses.into_iter().map(str::to_owned).collect();
        foresee(foreseen, found, "Take all but one of them out of the configuration", addresses);
    }
}

/// Who is assigned a permission set in an account, where that was read.
fn assigned<'a>(
    foreseen: &mut Foreseen<'_>,
    after: &'a Snapshot,
    account: &str,
    set: &str,
) -> Option<(&'a Fact<Vec<Assignment>>, &'a [Assignment])> {
    let rows = after.accounts.get(account)?.assignments.get(set)?;
    match rows.known() {
        Ok(there) => Some((rows, there)),
        Err(gap) => {
            foreseen.unread(gap, false);
            None
        }
    }
}

/// Whether the plan takes an assignment away.
pub(super) fn takes(plan: &Proposed, account: &str, set: &str, principal: &Principal) -> bool {
    plan.taken.iter().any(|one| one.account == account && one.permission_set == set && one.principal == *principal)
}

/// Tells what will go wrong, what to do about it, and where it stands in the plan.
fn foresee(foreseen: &mut Foreseen<'_>, mut found: ScanFinding, what: impl Into<String>, addresses: Vec<String>) {
    found.fixes = vec![Fix::new(what, None)];
    found.first_fixes = 1;
    name_addresses(&mut found, addresses);
    foreseen.findings.push(found);
}

/// What brings something into the state that is there; `id`: what the provider knows it by within the instance.
fn import(after: &Snapshot, address: &str, id: &str) -> String {
    let instance = after.instance().map_or("INSTANCE_ARN", |instance| instance.arn.as_str());
    shell(&["terraform".to_owned(), "import".to_owned(), address.to_owned(), format!("{id},{instance}")])
}
