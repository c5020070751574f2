//! Who is put into groups and taken out of them, and what that gives or takes.

use std::collections::BTreeSet;

use super::{group_of, of};
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::planned::people::{assigned_now, assigned_then, names, not_looked, rows_of};
use crate::answers::organization::planned::sets::takes;
use crate::answers::organization::planned::told_later;
use crate::answers::organization::scan::Note;
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{
    Call, EndedMembership, Fact, Gap, Principal, PrincipalType, Proposed, ProposedMembership, Snapshot,
};
use crate::model::organization::{Pair, people_of, principal_name, sets_in};
use crate::wording;

/// Who is put into groups and taken out of them, and what that gives or takes: which may be what is meant.
pub(super) fn changed(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) -> Option<Note> {
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

pub(super) fn label(after: &Snapshot, principal: &Principal) -> String {
    let whom = Via::of(after, principal);
    whom.name.filter(|name| !name.is_empty()).unwrap_or(whom.id)
}

/// Who it may be, by name.
pub(super) fn labels<'a>(after: &Snapshot, ids: impl IntoIterator<Item = &'a String>, kind: PrincipalType) -> String {
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
                let stays = rows.iter().map(|row| &row.principal).filter(|one| !takes(plan, account, set, one));
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
