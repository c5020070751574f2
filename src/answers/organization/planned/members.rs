//! Whom a plan puts into groups and takes out of them: groups that are left without members, memberships that AWS refuses,
//! and who gains and loses what.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{assigned_now, assigned_then, finding, names, not_looked, noun, rows_of};
use super::{name_addresses, told_later};
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::scan::Note;
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{
    Call, EndedMembership, Fact, Gap, Principal, PrincipalType, Proposed, ProposedMembership, Snapshot,
};
use crate::findings::{Effect, Fix, Gate, Subject};
use crate::model::fixes;
use crate::model::organization::{Pair, groups_left, is_filled, people_of, principal_name, sets_in};
use crate::wording;

/// Tells of the memberships of a plan, and of the groups that it assigns something to.
pub(super) fn tell<'s>(foreseen: &mut Foreseen<'s>, before: &'s Snapshot, after: &'s Snapshot, plan: &'s Proposed) {
    for (group, addresses) in weighed(before, plan) {
        empty(foreseen, before, after, plan, &group, addresses);
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
    addresses: BTreeSet<&str>,
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
    let sets: BTreeSet<&str> = places.iter().map(|(_, set)| *set).collect();
    let accounts: BTreeSet<&str> = places.iter().map(|(account, _)| *account).collect();
    let what = names(sets.iter().map(|set| SetShown::of(after, set).label().to_owned()));
    let place = match accounts.len() {
        0 => String::new(),
        many => format!(" in {}", wording::count(many, "account")),
    };
    let message = format!(
        "Group {name} has no members once the plan is carried out, and {} is assigned to it{place}: nobody gets in by it.",
        if what.is_empty() { "a permission set".to_owned() } else { what }
    );
    let members = before.members.get(&group.id).filter(|fact| fact.known().is_ok());
    let shown =
        members.map(|fact| fact.cite(format!("{} now", wording::count(fact.known().map_or(0, Vec::len), "member"))));
    let rows = places.iter().filter_map(|pair| rows_of(after, *pair)).map(|rows| rows.cite("who is assigned it"));
    let evidence = shown.into_iter().chain(rows).filter(|citation| citation.at.is_some()).collect();
    let mut found = finding("group-empty", Gate::Assignment, message, evidence);
    found.effect = Effect::Degrades;
    found.about = vec![Subject::Principal(group.clone())];
    found.permission_set = sets.first().filter(|_| sets.len() == 1).map(|set| SetShown::of(after, set));
    found.principal = Some(whom);
    found.accounts = accounts.into_iter().map(|id| AccountShown::of(after, id)).collect();
    found.accounts.sort();
    found.people = Some(0);
    let external = fixes::is_external(after.in_instance(), group);
    let place =
        if external { "in your identity provider" } else { "in the same plan (aws_identitystore_group_membership)" };
    found.fixes = vec![
        Fix::new(format!("Put whoever it is meant for into group {name} {place}"), None),
        Fix::new("Or take the assignments out of the configuration, if nobody is meant to have them", None),
    ];
    found.first_fixes = found.fixes.len();
    name_addresses(&mut found, addresses.into_iter().map(str::to_owned).collect());
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
        name_addresses(&mut found, vec![joined.address.clone()]);
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
    gaps.into_iter().for_each(|(gap, decides)| foreseen.unread(gap, decides));
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

/// Who is put into groups and taken out of them, and what that gives or takes: which may be what is meant.
fn changed(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) -> Option<Note> {
    let is_there = |one: &&ProposedMembership| {
        let (Some(group), Some(member)) = (one.group.sure(), one.member.sure()) else { return true };
        !plan.ends(group, member)
    };
    let joined: Vec<&ProposedMembership> = plan.joined.iter().filter(is_there).collect();
    let is_gone = |one: &&EndedMembership| {
        !plan.joins(&one.group, &one.member) && !plan.deletes(&of(PrincipalType::User, &one.member))
    };
    let left: Vec<&EndedMembership> = plan.left.iter().filter(is_gone).collect();
    let mut said = Vec::new();
    if !joined.is_empty() {
        let told = joined.iter().map(|one| {
            let group = labels(after, &one.group.ids, PrincipalType::Group);
            format!("{} into {group}{}", labels(after, &one.member.ids, PrincipalType::User), gives(after, plan, one))
        });
        said.push(format!("The plan makes {}: {}.", wording::count(joined.len(), "membership"), names(told)));
    }
    if !left.is_empty() {
        let told: Vec<String> = left
            .iter()
            .map(|one| {
                let group = label(after, &group_of(&one.group));
                let member = label(after, &of(PrincipalType::User, &one.member));
                format!("{member} out of {group}{}", loses(foreseen, after, plan, one))
            })
            .collect();
        said.push(format!("The plan ends {}: {}.", wording::count(left.len(), "membership"), names(told)));
    }
    (!said.is_empty()).then(|| Note { id: "plan-changes-members", message: said.join(" "), permission_set: None })
}

fn label(after: &Snapshot, principal: &Principal) -> String {
    let whom = Via::of(after, principal);
    whom.name.filter(|name| !name.is_empty()).unwrap_or(whom.id)
}

/// Who it may be, by name.
fn labels<'a>(after: &Snapshot, ids: impl IntoIterator<Item = &'a String>, kind: PrincipalType) -> String {
    let mut labels: Vec<String> = ids.into_iter().map(|id| label(after, &of(kind, id))).collect();
    labels.dedup();
    match &labels[..] {
        [] if kind == PrincipalType::Group => "a group that it does not tell".to_owned(),
        [] => "a user whom it does not tell".to_owned(),
        [one] => one.clone(),
        _ => format!("one of {}", names(labels)),
    }
}

/// What a group has that somebody is put into, as far as it was read.
fn gives(after: &Snapshot, plan: &Proposed, joined: &ProposedMembership) -> String {
    let Some(group) = joined.group.sure().map(group_of) else { return String::new() };
    let places = assigned_then(plan, &group, assigned_now(after, &group).0);
    let accounts: BTreeSet<&str> = places.iter().map(|(account, _)| *account).collect();
    if accounts.is_empty() {
        return String::new();
    }
    let sets: BTreeSet<&str> = places.iter().map(|(_, set)| *set).collect();
    let what = names(sets.iter().map(|set| SetShown::of(after, set).label().to_owned()));
    format!(" (gives {what} in {})", names(accounts.iter().map(|id| AccountShown::of(after, id).label())))
}

/// The accounts into which nothing else lets somebody who is taken out of a group.
fn loses(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed, left: &EndedMembership) -> String {
    let group = group_of(&left.group);
    let accounts: BTreeSet<&str> = assigned_now(after, &group).0.into_iter().map(|(account, _)| account).collect();
    let mut lost = Vec::new();
    for account in accounts {
        match keeps(after, plan, left, account) {
            Ok(true) => {}
            Ok(false) => lost.push(AccountShown::of(after, account).label()),
            Err(gap) => foreseen.unread(gap, false),
        }
    }
    if lost.is_empty() { String::new() } else { format!(" (nothing else lets them into {})", names(lost)) }
}

/// Whether somebody has another way into an account once the plan is carried out. `Err`: that was not read.
fn keeps(after: &Snapshot, plan: &Proposed, left: &EndedMembership, account: &str) -> Result<bool, Gap> {
    let mut unread = None;
    let mut has = |principal: &Principal| match people_of(after, principal) {
        // Whoever is put into a group and is not told may be this one.
        Ok(people) if !people.contains(&left.member.as_str()) => {
            let perhaps = plan.joined.iter().find(|one| {
                let is_sure = one.group.sure().is_some() && one.member.sure().is_some();
                !is_sure && one.group.may_be(&principal.id) && one.member.may_be(&left.member)
            });
            if let Some(one) = perhaps.filter(|_| principal.kind == PrincipalType::Group) {
                let message = format!("the plan does not tell whom {} puts into which group", one.address);
                unread = Some(told_later(Call::ListGroupMemberships, Some(account), message));
            }
            false
        }
        Ok(_) => true,
        Err(gap) => {
            // Nobody gets in by a group that is gone.
            unread = Some(gap).filter(|_| principal_name(after, principal) != Ok(None)).or(unread.take());
            false
        }
    };
    let given = plan.given.iter().filter(|given| given.account.as_deref().is_none_or(|one| one == account));
    let mut principals: BTreeSet<Principal> =
        given.flat_map(|given| given.principal.iter().chain(&given.may_be_for)).cloned().collect();
    let mut missing = None;
    for set in sets_in(after, account) {
        let pair: Pair<'_> = (account, set);
        match rows_of(after, pair).map(Fact::known) {
            Some(Ok(rows)) => {
                let stays =
                    rows.iter().map(|row| &row.principal).filter(|one| !super::sets::takes(plan, account, set, one));
                principals.extend(stays.filter(|one| !plan.deletes(one)).cloned());
            }
            Some(Err(gap)) => missing = Some(gap),
            None => missing = Some(not_looked(&left.address, "takes somebody out of a group")),
        }
    }
    if principals.iter().any(&mut has) {
        return Ok(true);
    }
    unread.or(missing).map_or(Ok(false), Err)
}
