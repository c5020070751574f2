//! Whom a plan puts into groups and takes out of them: groups that are left without members, memberships that AWS refuses,
//! and who gains and loses what.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{assigned_now, assigned_then, finding, names, not_looked, noun, rows_of};
use super::{name_addresses, told_later};
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::pieces::{Part, Piece, Pieces, Words};
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{Call, Fact, Gap, Principal, PrincipalType, Proposed, ProposedMembership, Snapshot};
use crate::findings::{Effect, Fix, Gate, Subject};
use crate::model::fixes;
use crate::model::organization::{Pair, groups_left, is_filled, people_of, principal_name};
use crate::wording;

mod changed;

use changed::{changed, label, labels};

/// Tells of the memberships of a plan, and of the groups that it assigns something to.
pub(super) fn tell<'s>(foreseen: &mut Foreseen<'s>, before: &'s Snapshot, after: &'s Snapshot, plan: &'s Proposed) {
    for (group, addresses) in weighed(before, plan) {
        empty(foreseen, before, after, plan, &group, &addresses);
    }
    one_of_several(foreseen, after, plan);
    for joined in &plan.joined {
        refused(foreseen, before, after, plan, joined);
    }
    unread_of_deleted(foreseen, before, plan);
    let note = changed(foreseen, after, plan);
    foreseen.notes.extend(note);
}

fn of(kind: PrincipalType, id: &str) -> Principal {
    Principal { kind, id: id.to_owned() }
}

fn group_of(id: &str) -> Principal {
    of(PrincipalType::Group, id)
}

/// The groups that may be without members and have something assigned: those that the plan assigns something to, and those
/// that somebody leaves; with the addresses that do it.
fn weighed<'s>(before: &'s Snapshot, plan: &'s Proposed) -> BTreeMap<Principal, BTreeSet<&'s str>> {
    let mut groups: BTreeMap<Principal, BTreeSet<&str>> = BTreeMap::new();
    for given in &plan.given {
        for principal in given.principal.iter().filter(|one| one.kind == PrincipalType::Group) {
            groups.entry(principal.clone()).or_default().insert(&given.address);
        }
    }
    for (group, addresses) in groups_left(before, plan) {
        groups.entry(group_of(group)).or_default().extend(addresses);
    }
    // What stays assigned to those that are deleted is told already.
    groups.retain(|group, _| !plan.deletes(group));
    groups
}

/// Whether nobody is in a group once the plan is carried out, as far as it tells for certain. `Err`: that was not read.
fn is_empty(after: &Snapshot, plan: &Proposed, group: &Principal) -> Result<bool, Gap> {
    if is_filled(plan, &group.id) {
        return Ok(false);
    }
    Ok(people_of(after, group)?.is_empty())
}

fn empty<'s>(
    foreseen: &mut Foreseen<'s>,
    before: &Snapshot,
    after: &'s Snapshot,
    plan: &'s Proposed,
    group: &Principal,
    addresses: &BTreeSet<&str>,
) {
    if principal_name(after, group) == Ok(None) {
        return;
    }
    match is_empty(after, plan, group) {
        Ok(true) => {}
        Ok(false) => return,
        Err(gap) => return foreseen.unread(gap, true),
    }
    let (now, gaps) = assigned_now(after, group);
    let places = assigned_then(plan, group, now);
    // Where the plan only assigns something to it, what else it has makes no difference.
    let is_given = plan.given.iter().any(|given| given.principal.as_ref() == Some(group));
    for gap in gaps.into_iter().filter(|_| !is_given) {
        let not_looked =
            not_looked(addresses.first().copied().unwrap_or_default(), "takes the last member out of a group");
        foreseen.unread(gap.unwrap_or(not_looked), true);
    }
    // An assignment of which the plan does not tell where, or of what, is one all the same.
    if places.is_empty() && !is_given {
        return;
    }
    let whom = Via::of(after, group);
    let name = whom.name.clone().unwrap_or_else(|| group.id.clone());
    let perhaps: Vec<&ProposedMembership> =
        plan.joined.iter().filter(|one| one.group.sure().is_none() && one.group.may_be(&group.id)).collect();
    if !perhaps.is_empty() {
        let message = format!(
            "group {name} has no members but for whom {} may put into it, and the plan does not tell into which group: {}",
            names(perhaps.iter().map(|one| one.address.clone())),
            labels(after, perhaps.iter().flat_map(|one| &one.group.ids), PrincipalType::Group)
        );
        return foreseen.unread(told_later(Call::ListGroupMemberships, None, message), true);
    }
    let members = before.members.get(&group.id).filter(|fact| fact.known().is_ok());
    let shown =
        members.map(|fact| fact.cite(format!("{} now", wording::count(fact.known().map_or(0, Vec::len), "member"))));
    let external = fixes::is_external(after.in_instance(), group);
    let place =
        if external { "in your identity provider" } else { "in the same plan (aws_identitystore_group_membership)" };
    let put_right = vec![
        Fix::new(format!("Put whoever it is meant for into group {name} {place}"), None),
        Fix::new("Or take the assignments out of the configuration, if nobody is meant to have them", None),
    ];
    let piece = |pair: Option<&Pair<'_>>| {
        let rows = pair.and_then(|pair| rows_of(after, *pair)).map(|rows| rows.cite("who is assigned it"));
        Piece {
            set: pair.map(|pair| SetShown::of(after, pair.1)),
            fixes: put_right.clone(),
            evidence: shown.iter().cloned().chain(rows).filter(|citation| citation.at.is_some()).collect(),
            addresses: addresses.iter().map(|one| (*one).to_owned()).collect(),
            ..Piece::of(pair.map(|pair| AccountShown::of(after, pair.0)))
        }
    };
    let text = |text: &str| Part::Text(text.to_owned());
    let first = Part::Text(format!("Group {name} has no members once the plan is carried out, and "));
    let end = text(": nobody gets in by it.");
    let (list, words) = if places.is_empty() {
        (vec![piece(None)], vec![first, text("a permission set is assigned to it"), end])
    } else {
        let words = vec![first, Part::Sets, text(" is assigned to it in "), Part::Accounts, end];
        (places.iter().map(Some).map(piece).collect(), words)
    };
    let mut found = finding("group-empty", Gate::Assignment, String::new(), Vec::new());
    found.effect = Effect::Degrades;
    found.about = vec![Subject::Principal(group.clone())];
    found.principal = Some(whom);
    found.people = Some(0);
    found.pieces = Pieces { list, words: Words::Parts(words), of_plan: None };
    found.put_together();
    foreseen.findings.push(found);
}

/// Assignments to one of several groups that the plan makes: where none of them is empty, it makes no difference to which.
fn one_of_several(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    for given in plan.given.iter().filter(|given| !given.may_be_for.is_empty()) {
        let may_be_empty =
            |one: &Principal| one.kind == PrincipalType::Group && is_empty(after, plan, one) != Ok(false);
        if given.may_be_for.iter().any(may_be_empty) {
            let which = names(given.may_be_for.iter().map(|one| label(after, one)));
            let message = format!(
                "the plan does not tell to which of {which} {} assigns something, and not all of them have members then",
                given.address
            );
            foreseen.unread(told_later(Call::ListGroupMemberships, None, message), true);
        }
    }
}

/// AWS makes no membership of whom or in what it does not have, and none that is there.
fn refused<'s>(
    foreseen: &mut Foreseen<'s>,
    before: &'s Snapshot,
    after: &Snapshot,
    plan: &Proposed,
    joined: &ProposedMembership,
) {
    let group = joined.group.sure().map(group_of);
    let member = joined.member.sure().map(|id| of(PrincipalType::User, id));
    let mut tell = |effect: Effect, about: &Principal, shown, message: String, what: String| {
        let mut found = finding("membership-refused", Gate::Membership, message, Vec::from_iter(shown));
        found.effect = effect;
        found.about = vec![Subject::Principal(about.clone())];
        found.principal = Some(Via::of(after, about));
        found.fixes = vec![Fix::new(what, None)];
        found.first_fixes = 1;
        name_addresses(&mut found, [joined.address.clone()]);
        foreseen.findings.push(found);
    };
    let mut gaps = Vec::new();
    let mut all_there = true;
    for one in group.iter().chain(&member) {
        match principal_name(after, one) {
            Ok(Some(_)) => {}
            Ok(None) => {
                all_there = false;
                let noun = noun(one);
                let says = format!("{noun} {} does not exist", one.id);
                let shown = match one.kind {
                    PrincipalType::Group => after.shared.groups.get(&one.id).map(|fact| fact.cite(says)),
                    PrincipalType::User => after.shared.users.get(&one.id).map(|fact| fact.cite(says)),
                };
                let message = format!(
                    "The plan makes a membership of {noun} {}, which does not exist in the identity store: the request will \
                     fail.",
                    one.id
                );
                let what = format!(
                    "Look the {noun} up by name, as aws_identitystore_{noun} does: whoever is made anew has a new id"
                );
                tell(Effect::Blocks, one, shown, message, what);
            }
            Err(gap) => gaps.push((gap, true)),
        }
    }
    if let (Some(group), Some(member), true) = (&group, &member, all_there)
        && !plan.makes(group)
        && !plan.ends(&group.id, &member.id)
    {
        let fact = before.members.get(&group.id);
        match fact.map(Fact::known) {
            Some(Ok(there)) if there.iter().any(|one| one.user_id == member.id) => {
                let message = format!(
                    "{} is in group {} already: AWS refuses to make the membership, and what depends on it is not made.",
                    label(after, member),
                    label(after, group)
                );
                let shown = fact.map(|fact| fact.cite("the membership is there"));
                let what = "Import the membership (terraform import), or take it out of the configuration".to_owned();
                tell(Effect::Degrades, member, shown, message, what);
            }
            Some(Ok(_)) | None => {}
            Some(Err(gap)) => gaps.push((gap, false)),
        }
    }
    for (gap, decides) in gaps {
        foreseen.unread(gap, decides);
    }
}

/// Of whom the plan deletes, it is not known in which groups they are the last where the members of one were not read.
fn unread_of_deleted(foreseen: &mut Foreseen<'_>, before: &Snapshot, plan: &Proposed) {
    if plan.gone_people.iter().all(|gone| gone.principal.kind != PrincipalType::User) {
        return;
    }
    let rows = before.accounts.values().flat_map(|account| account.assignments.values());
    let rows = rows.filter_map(|rows| rows.known().ok()).flatten().map(|row| &row.principal);
    let groups: BTreeSet<&Principal> = rows.filter(|one| one.kind == PrincipalType::Group).collect();
    for group in groups.into_iter().filter(|group| !plan.deletes(group)) {
        let is_gone = principal_name(before, group) == Ok(None);
        if let Some(gap) = people_of(before, group).err().filter(|_| !is_gone) {
            foreseen.unread(gap, true);
        }
    }
}
