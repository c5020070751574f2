//! What is wrong with the people that something is assigned to: groups without members, and whoever no longer exists.

use std::collections::{BTreeMap, BTreeSet};

use super::ScanFinding;
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{Fact, Principal, PrincipalType, Reason, Snapshot};
use crate::findings::{Citation, Confidence, Effect, Fix, Gate, Subject};
use crate::model::fixes;
use crate::model::organization::{is_account_asked, principal_name, sets_asked};
use crate::verdict::Unread;
use crate::wording;

/// Where somebody is assigned something: account and permission set.
pub(in crate::answers::organization) type Places<'s> = BTreeSet<(&'s str, &'s str)>;

/// How many assignments get a fix of their own.
const FIXES: usize = 20;

/// Everybody that something is assigned to, as far as it was read, and where.
pub(in crate::answers::organization) fn assigned(snapshot: &Snapshot) -> BTreeMap<&Principal, Places<'_>> {
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

/// The rules of these findings.
pub(in crate::answers::organization) const RULES: [&str; 2] = ["assignment-orphaned-principal", "group-empty"];

/// The findings about people.
pub(in crate::answers::organization) fn findings(
    snapshot: &Snapshot,
    assigned: &BTreeMap<&Principal, Places<'_>>,
    gaps: &mut Vec<Unread>,
) -> Vec<ScanFinding> {
    let mut findings = Vec::new();
    for (principal, places) in assigned {
        match principal_name(snapshot, principal) {
            Ok(None) => findings.extend(dead(snapshot, principal, places)),
            Ok(Some(name)) => findings.extend(empty(snapshot, principal, name, places)),
            // Who has what is not broken is asked in a full scan alone; what was wanted and not asked tells itself.
            Err(gap) if gap.reason == Reason::NotAsked => {}
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
        kept_out: None,
        follows: Vec::new(),
        fixes,
        first_fixes,
        evidence: std::iter::once(shown).chain(assigned).collect(),
        addresses: Vec::new(),
        new: None,
    }
}
