//! Who is put into groups and taken out of them, and what that gives or takes.

use std::collections::BTreeSet;

use super::{group_of, of};
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::planned::people::{assigned_now, assigned_then, names};
use crate::answers::organization::planned::taken::Left;
use crate::answers::organization::scan::Note;
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{EndedMembership, Principal, PrincipalType, Proposed, ProposedMembership, Snapshot};
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

/// The accounts in which somebody who is taken out of a group has no other assignment.
fn loses(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed, left: &EndedMembership) -> String {
    let group = group_of(&left.group);
    let accounts: BTreeSet<&str> = assigned_now(after, &group).0.into_iter().map(|(account, _)| account).collect();
    let mut lost = Vec::new();
    for account in accounts {
        match Left::of(after, plan, account, None, &left.address).has(plan, &left.member, account) {
            Ok(true) => {}
            Ok(false) => lost.push(AccountShown::of(after, account).label()),
            Err(gap) => foreseen.unread(gap, false),
        }
    }
    if lost.is_empty() { String::new() } else { format!(" (no other assignment lets them into {})", names(lost)) }
}
