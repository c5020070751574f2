//! To whom and where a plan assigns something: whoever does not exist gets nothing, and what is no account of the
//! organization cannot be assigned.

use std::collections::{BTreeMap, BTreeSet};

use super::sets::takes;
use super::{name_addresses, told_later};
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::pieces::{Part, Piece, Pieces, Words};
use crate::answers::organization::scan::ScanFinding;
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{
    Assignment, Call, Fact, Gap, GonePrincipal, Principal, PrincipalType, Proposed, ProposedAssignment, Snapshot,
};
use crate::findings::{Citation, Effect, Fix, Gate, Subject};
use crate::model::organization::{Pair, may_exist, pairs, principal_name};
use crate::wording;

/// Tells of the accounts and of the people that a plan assigns something to.
pub(super) fn tell(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    let mut nowhere: BTreeMap<&str, Vec<&ProposedAssignment>> = BTreeMap::new();
    let mut of_whom: BTreeMap<&Principal, Vec<&ProposedAssignment>> = BTreeMap::new();
    for given in &plan.given {
        if let Some(account) = given.account.as_deref().filter(|account| !may_exist(after, account)) {
            nowhere.entry(account).or_default().push(given);
        }
        if let Some(principal) = &given.principal {
            of_whom.entry(principal).or_default().push(given);
        }
    }
    for (account, given) in nowhere {
        foreseen.findings.push(not_in_organization(after, account, &given));
    }
    for (principal, given) in of_whom {
        match principal_name(after, principal) {
            Ok(Some(_)) => {}
            Ok(None) => foreseen.findings.extend(dead(after, principal, &given)),
            Err(gap) => foreseen.unread(gap, true),
        }
    }
}

/// Tells of whom the plan deletes while something is assigned to them.
pub(super) fn gone(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    if plan.gone_people.is_empty() {
        return;
    }
    for gone in &plan.gone_people {
        let principal = &gone.principal;
        let (now, gaps) = assigned_now(after, principal);
        for gap in gaps {
            let not_looked = not_looked(&gone.address, "is deleted");
            foreseen.unread(gap.unwrap_or(not_looked), true);
        }
        let left = assigned_then(plan, principal, now);
        if !left.is_empty() {
            foreseen.findings.push(deleted(after, gone, &left));
        }
    }
}

/// Who is assigned a permission set in an account, where that was asked.
pub(super) fn rows_of<'s>(after: &'s Snapshot, (account, set): Pair<'_>) -> Option<&'s Fact<Vec<Assignment>>> {
    after.accounts.get(account)?.assignments.get(set)
}

/// Where something is assigned to a user or group now, as far as that was read; and what hides more: `None` is what was
/// not asked.
pub(super) fn assigned_now<'s>(after: &'s Snapshot, principal: &Principal) -> (BTreeSet<Pair<'s>>, Vec<Option<Gap>>) {
    let of_group = after.assignments_of.get(&principal.id).and_then(|rows| rows.known().ok()).into_iter().flatten();
    let mut now: BTreeSet<Pair<'s>> = of_group.map(|row| (row.account.as_str(), row.permission_set.as_str())).collect();
    let is_listed = !now.is_empty();
    let mut gaps = Vec::new();
    for pair in pairs(after) {
        match rows_of(after, pair).map(Fact::known) {
            Some(Ok(rows)) if rows.iter().any(|row| row.principal == *principal) => {
                now.insert(pair);
            }
            Some(Err(gap)) if !is_listed => gaps.push(Some(gap)),
            Some(Ok(_) | Err(_)) => {}
            None if is_listed => {}
            None => gaps.push(None),
        }
    }
    (now, gaps)
}

/// Where something is assigned to them once the plan is carried out.
pub(super) fn assigned_then<'s>(
    plan: &'s Proposed,
    principal: &Principal,
    now: BTreeSet<Pair<'s>>,
) -> BTreeSet<Pair<'s>> {
    let mut then = now;
    then.retain(|(account, set)| !takes(plan, account, set, principal));
    let given = plan.given.iter().filter(|given| given.principal.as_ref() == Some(principal));
    then.extend(given.filter_map(|given| Some((given.account.as_deref()?, given.sets.first()?.as_str()))));
    then
}

/// That not all that is assigned to somebody was read.
pub(super) fn not_looked(address: &str, what: &str) -> Gap {
    let message = format!(
        "{address} {what}, and what is assigned to it was not read everywhere: a full scan's file (--replay) tells"
    );
    told_later(Call::ListAccountAssignments, None, message)
}

fn deleted(after: &Snapshot, gone: &GonePrincipal, left: &BTreeSet<Pair<'_>>) -> ScanFinding {
    let principal = &gone.principal;
    let whom = Via::of(after, principal);
    let noun = noun(principal);
    let name = whom.name.as_deref().unwrap_or(&whom.id);
    let fix = Fix::new(format!("Take the assignments away in the same plan, or keep the {noun}"), None);
    let piece = |pair: &Pair<'_>| Piece {
        set: Some(SetShown::of(after, pair.1)),
        fixes: vec![fix.clone()],
        evidence: rows_of(after, *pair).map(|rows| rows.cite("it is assigned")).into_iter().collect(),
        addresses: vec![gone.address.clone()],
        ..Piece::of(Some(AccountShown::of(after, pair.0)))
    };
    let text = |text: String| Part::Text(text);
    let words = Words::Parts(vec![
        text(format!("The plan deletes {noun} {name}, and ")),
        Part::Sets,
        text(" stays assigned to it in ".to_owned()),
        Part::Accounts,
        text(": these assignments give nobody anything then, and whoever is made anew has a new id.".to_owned()),
    ]);
    let mut finding = finding("assignment-orphaned-principal", Gate::Assignment, String::new(), Vec::new());
    finding.effect = Effect::Degrades;
    finding.about = vec![Subject::Principal(principal.clone())];
    finding.principal = Some(whom);
    finding.pieces = Pieces { list: left.iter().map(piece).collect(), words, of_plan: None };
    finding.put_together();
    finding
}

pub(super) fn noun(principal: &Principal) -> &'static str {
    match principal.kind {
        PrincipalType::User => "user",
        PrincipalType::Group => "group",
    }
}

fn not_in_organization(after: &Snapshot, account: &str, given: &[&ProposedAssignment]) -> ScanFinding {
    let all = &after.shared.accounts;
    let count = all.known().map_or(0, Vec::len);
    let shown = all.cite(format!("none of the organization's {count} accounts is {account}"));
    let message =
        format!("Account {account} is not in this organization, so Identity Center cannot assign anything there.");
    let mut finding = finding("account-not-in-organization", Gate::Account, message, vec![shown]);
    finding.accounts = vec![AccountShown::of(after, account)];
    finding.fixes = vec![Fix::new("Check the account id: digits are easily lost or swapped", None)];
    close(finding, after, given)
}

fn dead(after: &Snapshot, principal: &Principal, given: &[&ProposedAssignment]) -> Option<ScanFinding> {
    let noun = noun(principal);
    let says = format!("{noun} {} does not exist", principal.id);
    let shown = match principal.kind {
        PrincipalType::Group => after.shared.groups.get(&principal.id)?.cite(says),
        PrincipalType::User => after.shared.users.get(&principal.id)?.cite(says),
    };
    let what =
        format!("Look the {noun} up by name, as aws_identitystore_{noun} does: whoever is made anew has a new id");
    let piece = |given: &&ProposedAssignment| Piece {
        set: given.sets.first().filter(|_| given.sets.len() == 1).map(|key| SetShown::of(after, key)),
        fixes: vec![Fix::new(what.clone(), None)],
        evidence: vec![shown.clone()],
        addresses: vec![given.address.clone()],
        ..Piece::of(given.account.as_deref().map(|id| AccountShown::of(after, id)))
    };
    let rest = format!(
        " assigned to {noun} {}, which does not exist in the identity store: the request will fail.",
        principal.id
    );
    let words = Words::Parts(vec![Part::Assignments, Part::Text(rest)]);
    let mut finding = finding("assignment-orphaned-principal", Gate::Assignment, String::new(), Vec::new());
    finding.about = vec![Subject::Principal(principal.clone())];
    finding.principal = Some(Via::of(after, principal));
    finding.pieces = Pieces { list: given.iter().map(piece).collect(), words, of_plan: None };
    finding.put_together();
    Some(finding)
}

/// What all findings about a plan's assignments have.
fn close(mut finding: ScanFinding, after: &Snapshot, given: &[&ProposedAssignment]) -> ScanFinding {
    let sets: BTreeSet<&str> = given.iter().flat_map(|one| &one.sets).map(String::as_str).collect();
    finding.permission_set = sets.first().filter(|_| sets.len() == 1).map(|key| SetShown::of(after, key));
    finding.first_fixes = finding.fixes.len();
    name_addresses(&mut finding, given.iter().map(|one| one.address.clone()));
    finding
}

/// Something that keeps the plan from being carried out.
pub(super) fn finding(rule: &'static str, gate: Gate, message: String, evidence: Vec<Citation>) -> ScanFinding {
    ScanFinding { message, evidence, ..ScanFinding::of(rule, gate, Effect::Blocks, Pieces::default()) }
}

/// Names for people, of so many things.
pub(super) fn names(list: impl IntoIterator<Item = String>) -> String {
    wording::list(list, super::NAMED)
}
