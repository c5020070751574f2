//! A whole organization for the tests of what is said of it: the healthy evidence of one question, and everybody in it.

use std::collections::BTreeMap;

use crate::evidence::sample::{ACCOUNT, GROUP, SET, USER, assignment, group_principal, healthy, known};
use crate::evidence::{
    About, AccountsOf, Answer, AttachedPolicy, Call, Evidence, Fact, Member, Narrowed, PolicyKind, Principal,
    PrincipalType, Scope, Snapshot,
};

/// Everything was read, and nothing is wrong.
pub(super) fn whole() -> Snapshot {
    whole_of(healthy())
}

/// Everything was read, and this is so.
pub(super) fn whole_of(evidence: Evidence) -> Snapshot {
    let about = About::Everything(Narrowed { full: true, ..Narrowed::default() });
    let mut snapshot = Snapshot::unasked(Scope {
        about,
        profile: None,
        target_role: Some("idc-read".to_owned()),
        target_profile: None,
    });
    snapshot.collected_at = evidence.collected_at;
    snapshot.shared = evidence.shared.into();
    let described = evidence.account.described.known().ok().cloned().flatten();
    let account = snapshot.accounts.entry(ACCOUNT.to_owned()).or_insert(evidence.account);
    account.assignments.insert(SET.to_owned(), assigned(&[group_principal()]));
    let list = |ids: &[&str]| {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        known(Call::ListAccountsForProvisionedPermissionSet, ids)
    };
    let of = AccountsOf { latest: list(&[ACCOUNT]), outdated: list(&[]) };
    snapshot.shared.accounts_of.insert(SET.to_owned(), of);
    let user = evidence.user.described.known().ok().cloned().flatten();
    let group = snapshot.shared.groups.get(GROUP).and_then(|fact| fact.known().ok().cloned().flatten());
    for answer in [
        Answer::Accounts(known(Call::ListAccounts, described.into_iter().collect())),
        Answer::PermissionSets(known(Call::ListPermissionSets, vec![SET.to_owned()])),
        Answer::People(known(Call::ListUsers, user.into_iter().collect())),
        Answer::Groups(known(Call::ListGroups, group.into_iter().collect())),
        Answer::Members(GROUP.to_owned(), members(&[USER])),
    ] {
        snapshot.apply(answer);
    }
    for kind in [PolicyKind::ServiceControl, PolicyKind::ResourceControl] {
        let attached = snapshot.shared.policies.attached.clone();
        let mut policies: BTreeMap<String, (AttachedPolicy, Vec<String>)> = BTreeMap::new();
        for (target, of) in attached {
            for policy in of.of(kind).known().into_iter().flatten() {
                let known = policies.entry(policy.id.clone()).or_insert_with(|| (policy.clone(), Vec::new()));
                known.1.push(target.clone());
            }
        }
        let listed = policies.values().map(|(policy, _)| policy.clone()).collect();
        snapshot.apply(Answer::Policies(kind, known(Call::ListOrganizationPolicies, listed)));
        for (id, (_, targets)) in policies {
            snapshot.apply(Answer::PolicyTargets(id, known(Call::ListTargetsForPolicy, targets)));
        }
    }
    snapshot
}

/// Who is in a group.
pub(super) fn members(people: &[&str]) -> Fact<Vec<Member>> {
    let members = people.iter().map(|id| Member { user_id: (*id).to_owned(), created: None });
    known(Call::ListGroupMemberships, members.collect())
}

/// Who is assigned the sample's permission set in its account.
pub(super) fn assigned(principals: &[Principal]) -> Fact<Vec<crate::evidence::Assignment>> {
    known(Call::ListAccountAssignments, principals.iter().cloned().map(assignment).collect())
}

/// A group by its id.
pub(super) fn group(id: &str) -> Principal {
    Principal { kind: PrincipalType::Group, id: id.to_owned() }
}
