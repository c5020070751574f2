//! Who is in which group once a plan is carried out.

use std::collections::{BTreeMap, BTreeSet};

use super::planned;
use crate::evidence::{Answer, Call, Group, Member, Principal, PrincipalType, Proposed, Snapshot, Touched, User};

/// Makes users and groups that the plan makes, and puts people into groups and takes them out as it does. What was not
/// read of a group stays not known.
pub(super) fn change(after: &mut Snapshot, before: &Snapshot, proposed: &Proposed) {
    let mut touched: BTreeSet<&str> = groups_left(before, proposed).into_keys().collect();
    touched.extend(proposed.joined.iter().filter_map(|one| one.group.sure()));
    for made in &proposed.made_people {
        let (id, name) = (made.principal.id.clone(), made.name.clone());
        match made.principal.kind {
            PrincipalType::Group => {
                let (external_issuers, touched) = (Vec::new(), Touched::default());
                let group = Group { id: id.clone(), name, external_issuers, created: None, touched };
                after.apply(Answer::Group(id.clone(), planned(Call::DescribeGroup, Some(group))));
                after.apply(Answer::Members(id, planned(Call::ListGroupMemberships, Vec::new())));
            }
            PrincipalType::User => {
                let user = User {
                    id: id.clone(),
                    user_name: name,
                    display_name: None,
                    emails: Vec::new(),
                    status: None,
                    external_issuers: Vec::new(),
                    attributes: BTreeMap::new(),
                    extended: false,
                    created: None,
                    touched: Touched::default(),
                };
                after.apply(Answer::User(id, planned(Call::DescribeUser, Some(user))));
            }
        }
    }
    for group in touched {
        let Some(Ok(there)) = after.members.get(group).map(|fact| fact.known()) else { continue };
        let mut members: Vec<Member> =
            there.iter().filter(|one| !leaves(proposed, group, &one.user_id)).cloned().collect();
        let joined = proposed.joined.iter().filter(|one| one.group.sure() == Some(group));
        for user in joined.filter_map(|one| one.member.sure()) {
            if members.iter().all(|one| one.user_id != user) {
                members.push(Member { user_id: user.to_owned(), created: None });
            }
        }
        after.apply(Answer::Members(group.to_owned(), planned(Call::ListGroupMemberships, members)));
    }
}

/// Whether somebody is not in a group any more: their membership ends, or they are deleted.
fn leaves(proposed: &Proposed, group: &str, member: &str) -> bool {
    let user = Principal { kind: PrincipalType::User, id: member.to_owned() };
    proposed.ends(group, member) || proposed.deletes(&user)
}

/// The groups that somebody leaves, by their ids, and the addresses that do it. Of users who are deleted, those groups
/// whose members were read.
pub fn groups_left<'s>(snapshot: &'s Snapshot, proposed: &'s Proposed) -> BTreeMap<&'s str, BTreeSet<&'s str>> {
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for left in &proposed.left {
        groups.entry(&left.group).or_default().insert(&left.address);
    }
    let users = proposed.gone_people.iter().filter(|gone| gone.principal.kind == PrincipalType::User);
    for gone in users {
        for (group, members) in snapshot.members.iter() {
            if members.known().is_ok_and(|members| members.iter().any(|one| one.user_id == gone.principal.id)) {
                groups.entry(group).or_default().insert(&gone.address);
            }
        }
    }
    groups
}

/// Whether the plan puts somebody into a group for certain, whoever that is.
pub fn is_filled(proposed: &Proposed, group: &str) -> bool {
    proposed.joined.iter().any(|one| one.group.sure() == Some(group))
}
