//! Who can get into an account: the permission sets that it has, who is assigned each, and who that is.

use std::collections::{BTreeSet, HashSet};

use super::Plan;
use crate::evidence::{
    Principal, PrincipalType, RequestKind, RequestStatus, Role, Snapshot, Version, Want, permission_set_of_role,
};
use crate::model::organization::{account_asked, is_active, people_of, sets_in};
use crate::model::{SetInAccount, permission_set_role};

/// How many people are described one by one; more of them are listed.
const FEW: usize = 40;
/// How many permission sets that the account does not have are asked about all the same: a second's worth of questions.
pub(crate) const FEW_SETS: usize = 18;

impl Plan<'_> {
    pub(super) fn who(&mut self) {
        use RequestStatus::{Failed, InProgress};
        let snapshot = self.snapshot;
        let Some((id, account)) = account_asked(snapshot).ok().and_then(|id| snapshot.accounts.get_key_value(id))
        else {
            return;
        };
        if account.described.known().is_ok_and(Option::is_none) {
            return;
        }
        self.want(Want::Account(id.clone()));
        self.instance();
        self.want(Want::SetsOf(id.clone(), Version::Latest));
        self.want(Want::SetsOf(id.clone(), Version::Outdated));
        self.want(Want::PermissionSets());
        self.requests(RequestKind::Deletion, &[InProgress]);
        // Nobody gets into an account that is not active, whatever else is so.
        let is_open = is_active(snapshot, id);
        if is_open {
            self.attached(id);
        }
        let listed = account.provisioned_latest.known().is_ok() && account.provisioned_outdated.known().is_ok();
        let sets = sets_in(snapshot, id);
        let all = snapshot.shared.permission_set_arns.known().into_iter().flatten();
        let others: Vec<&String> = all.filter(|arn| !sets.contains(arn.as_str())).collect();
        let many = others.len() > FEW_SETS;
        if listed && !many {
            self.wants.extend(others.into_iter().map(|arn| Want::Assignments(id.clone(), arn.clone())));
        }
        for arn in &sets {
            self.want(Want::Assignments(id.clone(), (*arn).to_owned()));
            self.want(Want::PermissionSet((*arn).to_owned()));
        }
        // A role there speaks against a list that lacks its permission set; elsewhere the sets themselves are asked.
        if is_open && self.is_settled(&Want::Account(id.clone())) && (!sets.is_empty() || listed && many) {
            self.inside(id, false);
        }
        self.doubted_account(id, &sets, listed);
        let is_answered = |version| snapshot.answered(&Want::SetsOf(id.clone(), version)).is_ok();
        let settled =
            account.inside.roles.known().is_ok() && is_answered(Version::Latest) && is_answered(Version::Outdated);
        // Without its name, a permission set has no role that is known: what is asked must not hang on what came first.
        let is_behind =
            |arn: &str| settled && self.is_settled(&Want::PermissionSet(arn.to_owned())) && !self.works(id, arn);
        let behind: Vec<&str> = sets.iter().copied().filter(|arn| is_behind(arn)).collect();
        if !behind.is_empty() {
            self.inside(id, true);
            self.requests(RequestKind::Creation, &[InProgress, Failed]);
            self.requests(RequestKind::Provisioning, &[InProgress, Failed]);
            for arn in &behind {
                self.contents(arn);
            }
            self.aws_managed(behind.iter().copied());
        }
        self.entitled(id);
        let principals = assigned(snapshot, id);
        self.principals(principals.iter().copied().filter(|one| one.kind == PrincipalType::Group));
        let of_all = principals.iter().filter_map(|one| people_of(snapshot, one).ok()).flatten();
        let people: BTreeSet<&str> = of_all.collect();
        if people.len() > FEW {
            self.want(Want::People());
            // Whoever is not in the list may be gone, which their id alone tells.
            if let Ok(listed) = snapshot.people.known() {
                let mut unlisted: HashSet<&str> = people.into_iter().collect();
                for user in listed {
                    unlisted.remove(user.id.as_str());
                }
                let unlisted: BTreeSet<&str> = unlisted.into_iter().collect();
                self.wants.extend(unlisted.into_iter().map(|id| Want::User(id.to_owned())));
            }
        } else {
            self.wants.extend(people.into_iter().map(|id| Want::User(id.to_owned())));
        }
    }

    /// AWS leaves an empty list out of its answer, so that half an answer reads as "none". Where the account has the role of
    /// a permission set that its lists lack, the accounts of that set are asked; where a role is of none of its sets, who is
    /// assigned each of the others.
    fn doubted_account(&mut self, id: &str, sets: &BTreeSet<&str>, listed: bool) {
        let Some(here) = self.snapshot.in_account(id).filter(|_| listed) else { return };
        let Ok(roles) = here.account().inside.roles.known() else { return };
        for arn in sets {
            let set = SetInAccount::standing(here, arn);
            let has_role = || matches!(permission_set_role::role_of(set), Ok(Some(_)));
            if set.provisioned().in_any_version() != Ok(true) && has_role() {
                self.want(Want::AccountsOf((*arn).to_owned(), Version::Latest));
                self.want(Want::AccountsOf((*arn).to_owned(), Version::Outdated));
            }
        }
        let names: Vec<Option<&str>> =
            sets.iter().map(|arn| here.in_instance().permission_set_name(arn).ok().flatten()).collect();
        if names.contains(&None) {
            return;
        }
        let is_of_none = |role: &Role| {
            let set = permission_set_of_role(&role.name);
            set.is_some_and(|set| !names.contains(&Some(set)))
        };
        if roles.iter().any(is_of_none) {
            let all = self.snapshot.shared.permission_set_arns.known().into_iter().flatten();
            let others = all.filter(|arn| !sets.contains(arn.as_str()));
            self.wants.extend(others.map(|arn| Want::Assignments(id.to_owned(), arn.clone())));
        }
    }

    /// Who is entitled to a role in one account, and those roles.
    fn entitled(&mut self, id: &str) {
        for application in self.applications() {
            self.want(Want::Entitlements(application.to_owned(), id.to_owned()));
        }
        self.entitled_roles(id);
    }

    /// The roles to which somebody is entitled in one account.
    pub(super) fn entitled_roles(&mut self, id: &str) {
        let Some(account) = self.snapshot.accounts.get(id) else { return };
        let rows = account.entitlements.values().filter_map(|rows| rows.known().ok()).flatten();
        let roles: BTreeSet<&str> = rows.map(|row| row.role_arn.as_str()).collect();
        if roles.is_empty() || !is_active(self.snapshot, id) || !self.is_settled(&Want::Account(id.to_owned())) {
            return;
        }
        self.want(Want::Entry(id.to_owned()));
        if account.inside.entry.known().is_ok() {
            self.wants.extend(roles.into_iter().map(|arn| Want::EntitledRole(id.to_owned(), arn.to_owned())));
        }
    }
}

/// Everybody that an account is assigned to, or who is entitled there.
fn assigned<'s>(snapshot: &'s Snapshot, id: &str) -> BTreeSet<&'s Principal> {
    let Some(account) = snapshot.accounts.get(id) else { return BTreeSet::new() };
    let rows = account.assignments.values().filter_map(|rows| rows.known().ok()).flatten();
    let entitled = account.entitlements.values().filter_map(|rows| rows.known().ok()).flatten();
    rows.map(|row| &row.principal).chain(entitled.map(|row| &row.principal)).collect()
}
