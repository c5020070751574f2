//! What is wrong with the people that something is assigned to: groups without members, and whoever no longer exists.

use std::collections::{BTreeMap, BTreeSet};

use super::ScanFinding;
use crate::answers::organization::pieces::{Piece, Pieces, Words};
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{Fact, Principal, PrincipalType, Reason, Snapshot};
use crate::findings::{Citation, Effect, Fix, Gate, Subject};
use crate::model::fixes;
use crate::model::organization::{is_account_asked, principal_name, sets_asked};
use crate::verdict::Unread;

/// Where somebody is assigned something: account and permission set.
pub(in crate::answers::organization) type Places<'s> = BTreeSet<(&'s str, &'s str)>;

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
    let rest = format!(
        "assigned to {} {}, which no longer exists. Whoever is deleted and made anew has a new id: old assignments do not \
         count for them.",
        noun(principal),
        principal.id
    );
    let unassign = |id: &str, arn: &str| {
        snapshot.in_account(id).map(|account| fixes::unassign(account, arn, principal)).into_iter().collect()
    };
    Some(finding(snapshot, "assignment-orphaned-principal", (principal, places), rest, unassign, &shown))
}

/// A group that something is assigned to, and nobody is in.
fn empty(snapshot: &Snapshot, principal: &Principal, name: &str, places: &Places<'_>) -> Option<ScanFinding> {
    let members = snapshot.members.get(&principal.id)?;
    if principal.kind != PrincipalType::Group || !members.known().is_ok_and(Vec::is_empty) {
        return None;
    }
    let name = if name.is_empty() { &principal.id } else { name };
    let rest = format!("assigned to group {name}, which has no members: nobody gets in by it.");
    let external = fixes::is_external(snapshot.in_instance(), principal);
    let place = if external { " in your identity provider" } else { "" };
    let put_right = vec![
        Fix::new(format!("Put whoever it is meant for into group {name}{place}"), None),
        Fix::new("Or remove the assignments, if nobody is meant to have them", None),
    ];
    let shown = members.cite("the group has no members");
    Some(finding(snapshot, "group-empty", (principal, places), rest, |_, _| put_right.clone(), &shown))
}

/// `fixes`: what mends it at a place.
fn finding(
    snapshot: &Snapshot,
    rule: &'static str,
    (principal, places): (&Principal, &Places<'_>),
    rest: String,
    fixes: impl Fn(&str, &str) -> Vec<Fix>,
    shown: &Citation,
) -> ScanFinding {
    let piece = |(id, arn): &(&str, &str)| {
        let rows = snapshot.accounts.get(*id).and_then(|account| account.assignments.get(*arn));
        let assigned =
            rows.map(|fact: &Fact<_>| fact.cite(format!("assigned to {} {}", noun(principal), principal.id)));
        Piece {
            set: Some(SetShown::of(snapshot, arn)),
            principal: Some(principal.clone()),
            fixes: fixes(id, arn),
            evidence: std::iter::once(shown.clone()).chain(assigned).collect(),
            ..Piece::of(Some(AccountShown::of(snapshot, id)))
        }
    };
    let list = places.iter().map(piece).collect();
    let pieces = Pieces { list, words: Words::Assigned(rest), of_plan: None };
    let mut finding = ScanFinding {
        about: vec![Subject::Principal(principal.clone())],
        principal: Some(Via::of(snapshot, principal)),
        people: Some(0),
        ..ScanFinding::of(rule, Gate::Assignment, Effect::Degrades, pieces)
    };
    finding.put_together();
    finding
}
