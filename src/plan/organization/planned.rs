//! What a plan would come to: what its permission sets need, what its accounts have of it, and whether those exist whom it
//! assigns something to.

use std::collections::BTreeSet;

use super::Plan;
use super::scan::FEW_PAIRS;
use crate::evidence::{Boundary, Fate, PolicyKind, Principal, PrincipalType, Proposed, Version, Want};
use crate::model::organization::{accounts_of, is_active, pairs, places};

impl Plan<'_> {
    pub(super) fn planned(&mut self, proposed: &Proposed) {
        let snapshot = self.snapshot;
        self.want(Want::Accounts());
        self.want(Want::PermissionSets());
        self.instance();
        self.policies(&[PolicyKind::ServiceControl, PolicyKind::ResourceControl]);
        // A name that is there already is found by the names of all.
        if proposed.sets.iter().any(|set| set.fate == Fate::Made) {
            let all = snapshot.shared.permission_set_arns.known().into_iter().flatten();
            self.wants.extend(all.map(|arn| Want::PermissionSet(arn.clone())));
        }
        self.gone(proposed);
        let is_made = |key: &str| proposed.set(key).is_some_and(|set| set.fate == Fate::Made);
        let named = proposed.given.iter().flat_map(|given| &given.sets).chain(proposed.sets.iter().map(|set| &set.key));
        let named = named.chain(proposed.taken.iter().map(|taken| &taken.permission_set));
        let there: BTreeSet<&str> = named.map(String::as_str).filter(|key| !is_made(key)).collect();
        let listed = snapshot.shared.permission_set_arns.known().ok();
        // AWS is not asked about what it does not have.
        for arn in there.into_iter().filter(|arn| listed.is_some_and(|all| all.iter().any(|one| one == arn))) {
            self.want(Want::PermissionSet(arn.to_owned()));
            self.want(Want::AccountsOf(arn.to_owned(), Version::Latest));
            self.want(Want::AccountsOf(arn.to_owned(), Version::Outdated));
            self.contents(arn);
        }
        self.people_of_plan(proposed);
        let mut accounts: BTreeSet<&str> = places(snapshot, proposed).into_keys().map(|(account, _)| account).collect();
        accounts.extend(proposed.given.iter().filter_map(|given| given.account.as_deref()));
        let known = snapshot.shared.accounts.known().ok();
        let is_listed = |id: &&str| known.is_some_and(|all| all.iter().any(|account| account.id == *id));
        for id in accounts.into_iter().filter(is_listed).filter(|id| is_active(snapshot, id)) {
            self.inside(id, true);
        }
        self.aws_managed(snapshot.shared.permission_sets.keys().map(String::as_str));
        self.aws_managed_of_plan(proposed);
    }

    /// Whoever is assigned something, and what is assigned already where something is made or deleted.
    fn people_of_plan(&mut self, proposed: &Proposed) {
        let snapshot = self.snapshot;
        let listed = snapshot.shared.permission_set_arns.known().ok();
        for given in &proposed.given {
            self.principals_by_name(&given.principal);
            if let ([arn], Some(account)) = (&given.sets[..], &given.account)
                && listed.is_some_and(|all| all.contains(arn))
            {
                self.want(Want::Assignments(account.clone(), arn.clone()));
            }
        }
        self.principals_by_name(proposed.taken.iter().map(|taken| &taken.principal));
        for set in proposed.sets.iter().filter(|set| set.fate == Fate::Deleted) {
            let accounts = accounts_of(snapshot, &set.key);
            self.wants.extend(accounts.iter().map(|id| Want::Assignments((*id).to_owned(), set.key.clone())));
        }
    }

    /// Where what is deleted may be needed: policies by whatever names them, people wherever something is assigned to them.
    fn gone(&mut self, proposed: &Proposed) {
        if proposed.gone_policies.is_empty() && proposed.gone_people.is_empty() {
            return;
        }
        let snapshot = self.snapshot;
        for arn in snapshot.shared.permission_set_arns.known().into_iter().flatten() {
            self.want(Want::PermissionSet(arn.clone()));
            self.want(Want::AccountsOf(arn.clone(), Version::Latest));
            self.want(Want::AccountsOf(arn.clone(), Version::Outdated));
            if !proposed.gone_policies.is_empty() {
                self.contents(arn);
            }
        }
        self.principals_by_name(proposed.gone_people.iter().map(|gone| &gone.principal));
        if proposed.gone_people.is_empty() {
            return;
        }
        let pairs = pairs(snapshot);
        if pairs.len() <= FEW_PAIRS {
            self.wants.extend(pairs.iter().map(|(id, arn)| Want::Assignments((*id).to_owned(), (*arn).to_owned())));
        }
        for Principal { kind, id } in proposed.gone_people.iter().map(|gone| &gone.principal) {
            // Of so many, AWS's own list of what a group has is asked; that it is empty proves nothing.
            if *kind == PrincipalType::Group && pairs.len() > FEW_PAIRS {
                self.want(Want::AssignmentsOfGroup(id.clone()));
            }
        }
    }

    /// Whether they exist, and their names.
    fn principals_by_name<'a>(&mut self, principals: impl IntoIterator<Item = &'a Principal>) {
        self.wants.extend(principals.into_iter().map(|principal| match principal.kind {
            PrincipalType::User => Want::User(principal.id.clone()),
            PrincipalType::Group => Want::Group(principal.id.clone()),
        }));
    }

    /// Whether AWS has the policies of its own that the plan names: one account that was entered tells.
    fn aws_managed_of_plan(&mut self, proposed: &Proposed) {
        let snapshot = self.snapshot;
        if !snapshot.accounts.values().any(|account| account.inside.entry.known().is_ok()) {
            return;
        }
        let Some(partition) = snapshot.instance().map(|instance| instance.partition().to_owned()) else { return };
        for set in &proposed.sets {
            let lists = set.aws_managed.only.iter().flatten().chain(&set.aws_managed.added);
            let bounds = set.boundary.only.iter().flatten().filter_map(|boundary| match boundary {
                Boundary::AwsManaged(arn) => Some(arn),
                Boundary::CustomerManaged(_) => None,
            });
            let own = |arn: &&String| arn.split(':').nth(1) == Some(partition.as_str());
            self.wants.extend(lists.chain(bounds).filter(own).map(|arn| Want::AwsManagedPolicy(arn.clone())));
        }
    }
}
