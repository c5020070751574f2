//! Where a person can get in: what AWS lists for them in all accounts, and how each of these permission sets stands there.

use std::collections::BTreeSet;

use super::Plan;
use crate::evidence::{Call, PolicyKind, Principal, PrincipalType, RequestKind, RequestStatus, Version, Want};
use crate::model::organization::{assigned_to_person, is_active};

/// How many accounts are described one by one; more of them are listed.
const FEW: usize = 20;

/// How many of a person's groups are asked what they have where AWS lists nothing for the person.
const FEW_GROUPS: usize = 20;

impl Plan<'_> {
    /// AWS leaves an empty list out of its answer, so that half an answer reads as "none": then the groups are asked too.
    fn doubted_person(&mut self) {
        let user = &self.snapshot.user;
        let is_listed = user.for_principal.call == Call::ListAccountAssignmentsForPrincipal;
        if !is_listed || !user.for_principal.known().is_ok_and(Vec::is_empty) {
            return;
        }
        let groups = user.memberships.known().into_iter().flatten().take(FEW_GROUPS);
        self.wants.extend(groups.map(|one| Want::AssignmentsOfGroup(one.group_id.clone())));
    }

    pub(super) fn access(&mut self) {
        use RequestStatus::{Failed, InProgress};
        let snapshot = self.snapshot;
        let Ok(Some(person)) = snapshot.person().id() else { return };
        self.want(Want::Person(person.to_owned()));
        self.want(Want::Memberships(person.to_owned()));
        self.want(Want::AssignmentsOfPerson(person.to_owned()));
        self.instance();
        self.requests(RequestKind::Deletion, &[InProgress]);
        self.doubted_person();
        let rows = assigned_to_person(snapshot);
        let sets: BTreeSet<&str> = rows.iter().map(|row| row.permission_set.as_str()).collect();
        for arn in sets {
            self.want(Want::PermissionSet(arn.to_owned()));
            self.want(Want::AccountsOf(arn.to_owned(), Version::Latest));
            self.want(Want::AccountsOf(arn.to_owned(), Version::Outdated));
        }
        let memberships = snapshot.user.memberships.known().into_iter().flatten();
        let groups: BTreeSet<&str> = memberships.map(|one| one.group_id.as_str()).collect();
        let through = rows.iter().filter(|row| row.principal.kind == PrincipalType::Group);
        let through = through.map(|row| row.principal.id.as_str());
        let named: BTreeSet<&str> = groups.iter().copied().chain(through).collect();
        self.wants.extend(named.into_iter().map(|id| Want::Group(id.to_owned())));
        let of = |kind, id: &str| Principal { kind, id: id.to_owned() };
        let mut principals = vec![of(PrincipalType::User, person)];
        principals.extend(groups.iter().map(|id| of(PrincipalType::Group, id)));
        for application in self.applications() {
            let each = principals.iter().map(|one| Want::EntitlementsOf(application.to_owned(), one.clone()));
            self.wants.extend(each);
        }
        let entitled = snapshot.entitlements_of.values().filter_map(|rows| rows.known().ok()).flatten();
        let entitled: Vec<_> = entitled.collect();
        let mut accounts: BTreeSet<&str> = rows.iter().map(|row| row.account.as_str()).collect();
        accounts.extend(entitled.iter().map(|row| row.account.as_str()));
        if accounts.len() > FEW {
            self.want(Want::Accounts());
        } else {
            self.wants.extend(accounts.iter().map(|id| Want::Account((*id).to_owned())));
        }
        // Nobody gets into an account that is not active, whatever else is so.
        let open: Vec<&str> = accounts.iter().copied().filter(|id| is_active(snapshot, id)).collect();
        for id in &open {
            self.inside(id, false);
        }
        let is_entered =
            |id: &str| snapshot.accounts.get(id).is_some_and(|account| account.inside.entry.known().is_ok());
        let roles = entitled.iter().filter(|row| is_active(snapshot, &row.account) && is_entered(&row.account));
        self.wants.extend(roles.map(|row| Want::EntitledRole(row.account.clone(), row.role_arn.clone())));
        let entered: Vec<&str> = open.into_iter().filter(|id| is_entered(id)).collect();
        if entered.len() > FEW {
            self.policies(&[PolicyKind::ResourceControl]);
        } else {
            for id in entered {
                self.attached(id);
            }
        }
        let is_behind = |id: &str, arn: &str| {
            let of = snapshot.shared.accounts_of.get(arn);
            let listed = of.is_some_and(|of| of.latest.known().is_ok() && of.outdated.known().is_ok());
            let inside = snapshot.accounts.get(id).map(|account| &account.inside);
            let is_entered = inside.is_some_and(|inside| inside.roles.known().is_ok());
            // Without its name, a permission set has no role that is known: what is asked must not hang on what came first.
            let is_named = self.is_settled(&Want::PermissionSet(arn.to_owned()));
            is_active(snapshot, id) && listed && is_entered && is_named && !self.works(id, arn)
        };
        let pairs = rows.iter().map(|row| (row.account.as_str(), row.permission_set.as_str()));
        let behind: BTreeSet<(&str, &str)> = pairs.filter(|(id, arn)| is_behind(id, arn)).collect();
        if behind.is_empty() {
            return;
        }
        for (id, arn) in &behind {
            self.inside(id, true);
            self.contents(arn);
        }
        self.requests(RequestKind::Creation, &[InProgress, Failed]);
        self.requests(RequestKind::Provisioning, &[InProgress, Failed]);
        self.aws_managed(behind.iter().map(|(_, arn)| *arn));
    }
}
