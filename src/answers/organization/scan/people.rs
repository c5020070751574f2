//! What is wrong with the people that something is assigned to: groups without members, and whoever no longer exists. And
//! what is worth knowing of permission sets.

use std::collections::{BTreeMap, BTreeSet};

use super::{Note, ScanFinding};
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{Fact, Principal, PrincipalType, Snapshot};
use crate::findings::{Citation, Confidence, Effect, Fix, Gate, Subject};
use crate::model::fixes;
use crate::model::organization::{is_account_asked, principal_name, sets_asked};
use crate::verdict::Unread;
use crate::wording;

/// Where somebody is assigned something: account and permission set.
type Places<'s> = BTreeSet<(&'s str, &'s str)>;

/// How many assignments get a fix of their own.
const FIXES: usize = 20;

/// Everybody that something is assigned to, as far as it was read, and where.
fn assigned(snapshot: &Snapshot) -> BTreeMap<&Principal, Places<'_>> {
    let sets: BTreeSet<&str> = sets_asked(snapshot).0.into_iter().collect();
    let mut found: BTreeMap<&Principal, Places<'_>> = BTreeMap::new();
    for (id, account) in snapshot.accounts.iter().filter(|(id, _)| is_account_asked(snapshot, id)) {
        for (arn, rows) in account.assignments.iter().filter(|(arn, _)| sets.contains(arn.as_str())) {
            for row in rows.known().into_iter().flatten() {
                found.entry(&row.principal).or_default().insert((id, arn));
            }
        }
    }
    found
}

/// The findings about people.
pub(super) fn findings(snapshot: &Snapshot, gaps: &mut Vec<Unread>) -> Vec<ScanFinding> {
    let mut findings = Vec::new();
    for (principal, places) in assigned(snapshot) {
        match principal_name(snapshot, principal) {
            Ok(None) => findings.extend(dead(snapshot, principal, &places)),
            Ok(Some(name)) => findings.extend(empty(snapshot, principal, name, &places)),
            Err(gap) => gaps.push(Unread { gap, decides: false }),
        }
    }
    findings
}

fn noun(principal: &Principal) -> &'static str {
    match principal.kind {
        PrincipalType::User => "user",
        PrincipalType::Group => "group",
    }
}

/// An assignment to somebody who no longer exists.
fn dead(snapshot: &Snapshot, principal: &Principal, places: &Places<'_>) -> Option<ScanFinding> {
    let says = format!("{} {} does not exist", noun(principal), principal.id);
    let shown = match principal.kind {
        PrincipalType::Group => snapshot.shared.groups.get(&principal.id)?.cite(says),
        PrincipalType::User => snapshot.shared.users.get(&principal.id)?.cite(says),
    };
    let what = told(snapshot, places);
    let message = format!(
        "{what} assigned to {} {}, which no longer exists. Whoever is deleted and made anew has a new id: old assignments \
         do not count for them.",
        noun(principal),
        principal.id
    );
    let unassign = |(id, arn): &(&str, &str)| Some(fixes::unassign(snapshot.in_account(id)?, arn, principal));
    let removals = places.iter().take(FIXES).filter_map(unassign);
    Some(finding(snapshot, "assignment-orphaned-principal", principal, places, message, removals.collect(), shown))
}

/// A group that something is assigned to, and nobody is in.
fn empty(snapshot: &Snapshot, principal: &Principal, name: &str, places: &Places<'_>) -> Option<ScanFinding> {
    let members = snapshot.members.get(&principal.id)?;
    if principal.kind != PrincipalType::Group || !members.known().is_ok_and(Vec::is_empty) {
        return None;
    }
    let name = if name.is_empty() { &principal.id } else { name };
    let what = told(snapshot, places);
    let message = format!("{what} assigned to group {name}, which has no members: nobody gets in by it.");
    let external = fixes::is_external(snapshot.in_instance(), principal);
    let place = if external { " in your identity provider" } else { "" };
    let put_right = vec![
        Fix::new(format!("Put whoever it is meant for into group {name}{place}"), None),
        Fix::new("Or remove the assignments, if nobody is meant to have them", None),
    ];
    Some(finding(
        snapshot,
        "group-empty",
        principal,
        places,
        message,
        put_right,
        members.cite("the group has no members"),
    ))
}

/// `Permission set X is`, or `3 permission sets are`, in so many accounts.
fn told(snapshot: &Snapshot, places: &Places<'_>) -> String {
    let sets: BTreeSet<&str> = places.iter().map(|(_, arn)| *arn).collect();
    let accounts: BTreeSet<&str> = places.iter().map(|(id, _)| *id).collect();
    let labels: Vec<SetShown> = sets.iter().map(|arn| SetShown::of(snapshot, arn)).collect();
    let which = match &labels[..] {
        [one] => format!("Permission set {}", one.label()),
        several => wording::count(several.len(), "permission set"),
    };
    let verb = if labels.len() == 1 { "is" } else { "are" };
    match accounts.first() {
        Some(id) if accounts.len() == 1 => {
            format!("In account {}, {} {verb}", AccountShown::of(snapshot, id).label(), lower(&which))
        }
        _ => format!("In {}, {} {verb}", wording::count(accounts.len(), "account"), lower(&which)),
    }
}

fn lower(text: &str) -> String {
    text.strip_prefix('P').map_or_else(|| text.to_owned(), |rest| format!("p{rest}"))
}

fn finding(
    snapshot: &Snapshot,
    rule: &'static str,
    principal: &Principal,
    places: &Places<'_>,
    message: String,
    fixes: Vec<Fix>,
    shown: Citation,
) -> ScanFinding {
    let sets: BTreeSet<&str> = places.iter().map(|(_, arn)| *arn).collect();
    let accounts: BTreeSet<&str> = places.iter().map(|(id, _)| *id).collect();
    // A fix with a command is of one place; one in words of all.
    let first_fixes = if fixes.iter().any(|fix| fix.command.is_some()) { 1 } else { fixes.len() };
    let only = sets.first().filter(|_| sets.len() == 1);
    let mut accounts: Vec<AccountShown> = accounts.into_iter().map(|id| AccountShown::of(snapshot, id)).collect();
    accounts.sort();
    let rows = places.iter().filter_map(|(id, arn)| snapshot.accounts.get(*id)?.assignments.get(*arn));
    let assigned =
        rows.take(FIXES).map(|fact: &Fact<_>| fact.cite(format!("assigned to {} {}", noun(principal), principal.id)));
    ScanFinding {
        rule,
        gate: Gate::Assignment,
        effect: Effect::Degrades,
        confidence: Confidence::Confirmed,
        message,
        about: vec![Subject::Principal(principal.clone())],
        permission_set: only.map(|arn| SetShown::of(snapshot, arn)),
        principal: Some(Via::of(snapshot, principal)),
        accounts,
        people: Some(0),
        follows: Vec::new(),
        fixes,
        first_fixes,
        evidence: std::iter::once(shown).chain(assigned).collect(),
        addresses: Vec::new(),
        new: None,
    }
}

/// What is worth knowing and is no fault.
pub(super) fn notes(snapshot: &Snapshot, sets: &[&str]) -> Vec<Note> {
    let mut notes = Vec::new();
    for arn in sets {
        let Some(of) = snapshot.shared.accounts_of.get(*arn) else { continue };
        let is_empty = |fact: &Fact<Vec<String>>| fact.known().is_ok_and(Vec::is_empty);
        let mut rows = snapshot.accounts.values().filter_map(|account| account.assignments.get(*arn));
        let is_assigned = rows.any(|rows| rows.known().is_ok_and(|rows| !rows.is_empty()));
        if is_empty(&of.latest) && is_empty(&of.outdated) && !is_assigned {
            let set = SetShown::of(snapshot, arn);
            let message = format!("Permission set {} is in no account.", set.label());
            notes.push(Note { id: "permission-set-unused", message, permission_set: Some(set) });
        }
    }
    let assigned = assigned(snapshot);
    let mut direct: BTreeMap<&str, usize> = BTreeMap::new();
    for (principal, places) in &assigned {
        if principal.kind == PrincipalType::User && principal_name(snapshot, principal) != Ok(None) {
            *direct.entry(principal_name(snapshot, principal).ok().flatten().unwrap_or_default()).or_default() +=
                places.len();
        }
    }
    if !direct.is_empty() {
        let times = wording::count(direct.values().sum(), "assignment");
        let names = wording::list(direct.keys().map(|name| (*name).to_owned()), 3);
        let message = format!("{times} to users directly, past any group: {names}.");
        notes.push(Note { id: "assigned-directly", message, permission_set: None });
    }
    notes.extend(disabled(snapshot, &assigned));
    notes
}

/// Disabled users who still have assignments.
fn disabled(snapshot: &Snapshot, assigned: &BTreeMap<&Principal, Places<'_>>) -> Option<Note> {
    let mut people: BTreeSet<&str> = BTreeSet::new();
    for principal in assigned.keys() {
        match principal.kind {
            PrincipalType::User => drop(people.insert(&principal.id)),
            PrincipalType::Group => {
                let members = snapshot.members.get(&principal.id).and_then(|fact| fact.known().ok());
                people.extend(members.into_iter().flatten().map(|member| member.user_id.as_str()));
            }
        }
    }
    let described = people.into_iter().filter_map(|id| snapshot.shared.users.get(id)?.known().ok()?.as_ref());
    let disabled = described.filter(|user| user.status.as_deref() == Some("DISABLED"));
    let names: Vec<String> = disabled.map(|user| user.user_name.clone().unwrap_or_else(|| user.id.clone())).collect();
    (!names.is_empty()).then(|| {
        let users = wording::count(names.len(), "disabled user");
        let message = format!("{users} with assignments: {}.", wording::list(names, 3));
        Note { id: "assigned-while-disabled", message, permission_set: None }
    })
}
