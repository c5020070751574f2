//! What a plan would come to: what its permission sets need, what its accounts have of it, and whether those exist whom it
//! assigns something to.

use std::collections::BTreeSet;

use super::Plan;
use super::scan::FEW_PAIRS;
use crate::evidence::{
    Assignment, Boundary, Fate, PolicyKind, Principal, PrincipalType, Proposed, Snapshot, Version, Want,
};
use crate::model::organization::{Pair, accounts_of, deleted, is_active, pairs, places, sets_in};

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

    /// What else those have there from whom something is taken, so that it can be told whom that leaves without an
    /// assignment.
    pub(super) fn losses(&mut self, proposed: &Proposed) {
        let snapshot = self.snapshot;
        let shared = &snapshot.shared;
        let listed = shared.permission_set_arns.known().ok();
        let pairs = pairs(snapshot);
        let is_gone = |row: &Assignment| proposed.deletes(&row.principal);
        let mut accounts: BTreeSet<&str> = proposed.taken.iter().map(|taken| taken.account.as_str()).collect();
        let rows = |(account, set): &Pair<'_>| snapshot.accounts.get(*account)?.assignments.get(*set)?.known().ok();
        accounts.extend(
            pairs.iter().filter(|pair| rows(pair).is_some_and(|rows| rows.iter().any(is_gone))).map(|pair| pair.0),
        );
        let known = shared.accounts.known().ok();
        let is_there =
            |id: &&str| known.is_some_and(|all| all.iter().any(|one| one.id == *id)) && is_active(snapshot, id);
        accounts.retain(is_there);
        // Where each permission set is tells the same, and a file of everything has that.
        let is_told = |arn: &String| shared.accounts_of.get(arn).is_some_and(|of| !of.latest.is_not_asked());
        let all_told = !proposed.gone_people.is_empty()
            || !proposed.gone_policies.is_empty()
            || listed.is_some_and(|all| all.iter().all(is_told));
        if !all_told {
            for id in &accounts {
                self.want(Want::SetsOf((*id).to_owned(), Version::Latest));
                self.want(Want::SetsOf((*id).to_owned(), Version::Outdated));
            }
        }
        let there: Vec<Pair<'_>> =
            accounts.iter().flat_map(|id| sets_in(snapshot, id).into_iter().map(|arn| (*id, arn))).collect();
        if there.iter().filter(|pair| !is_read(snapshot, pair)).count() <= FEW_PAIRS {
            self.wants.extend(there.iter().map(|(id, arn)| Want::Assignments((*id).to_owned(), (*arn).to_owned())));
        }
        let principals: BTreeSet<&Principal> =
            there.iter().filter_map(rows).flatten().map(|row| &row.principal).collect();
        self.principals(principals);
    }

    /// Whoever is assigned something, and what is assigned already where something is made or deleted.
    fn people_of_plan(&mut self, proposed: &Proposed) {
        let snapshot = self.snapshot;
        let listed = snapshot.shared.permission_set_arns.known().ok();
        // Whom the plan makes is not there yet.
        let is_there = |principal: &&Principal| !proposed.makes(principal);
        for given in &proposed.given {
            // A group without members lets nobody in.
            self.principals(given.principal.iter().filter(is_there));
            if let ([arn], Some(account)) = (&given.sets[..], &given.account)
                && listed.is_some_and(|all| all.contains(arn))
            {
                self.want(Want::Assignments(account.clone(), arn.clone()));
            }
        }
        self.principals_by_name(proposed.taken.iter().map(|taken| &taken.principal));
        let groups = proposed.joined.iter().flat_map(|one| &one.group.ids);
        let groups: Vec<Principal> = groups.map(|id| group(id)).chain(groups_that_lose(proposed)).collect();
        self.principals(groups.iter().filter(is_there));
        let users = proposed.joined.iter().flat_map(|one| &one.member.ids);
        let users = users.chain(proposed.left.iter().map(|one| &one.member));
        let users: Vec<Principal> = users.map(|id| Principal { kind: PrincipalType::User, id: id.clone() }).collect();
        self.principals_by_name(users.iter().filter(is_there));
        // What a group gives to whoever is put into it: one request tells, where not all assignments were read anyway.
        if !all_assignments_read(snapshot) {
            let joined = proposed.joined.iter().flat_map(|one| &one.group.ids).map(|id| group(id));
            let joined: Vec<Principal> = joined.filter(|one| is_there(&one)).collect();
            self.wants.extend(joined.into_iter().map(|group| Want::AssignmentsOfGroup(group.id)));
        }
        self.assignments_of_deleted(proposed);
    }

    /// Who is assigned what is deleted: where it is provisioned, and elsewhere too, where that is not too much to ask.
    fn assignments_of_deleted(&mut self, proposed: &Proposed) {
        let snapshot = self.snapshot;
        let all = snapshot.shared.accounts.known().ok();
        let all: BTreeSet<&str> = all.into_iter().flatten().map(|account| account.id.as_str()).collect();
        let mut there = BTreeSet::new();
        let mut elsewhere = BTreeSet::new();
        for set in deleted(snapshot, proposed) {
            let accounts = accounts_of(snapshot, set);
            elsewhere.extend(all.difference(&accounts).map(|id| (*id, set)));
            there.extend(accounts.into_iter().map(|id| (id, set)));
        }
        if elsewhere.iter().filter(|pair| !is_read(snapshot, pair)).count() <= FEW_PAIRS {
            there.extend(elsewhere);
        }
        self.wants.extend(there.into_iter().map(|(id, arn)| Want::Assignments(id.to_owned(), arn.to_owned())));
    }

    /// Where what is deleted may be needed: policies by whatever names them, people wherever something is assigned to them.
    fn gone(&mut self, proposed: &Proposed) {
        let gone = proposed.gone_people.iter().map(|gone| gone.principal.clone());
        let people: BTreeSet<Principal> = gone.chain(groups_that_lose(proposed)).collect();
        if proposed.gone_policies.is_empty() && people.is_empty() {
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
        self.principals_by_name(&people);
        if people.is_empty() {
            return;
        }
        let pairs = pairs(snapshot);
        // Those that were read, as in a file of everything, cost nothing, however many they are.
        let is_few = pairs.iter().filter(|pair| !is_read(snapshot, pair)).count() <= FEW_PAIRS;
        if is_few {
            self.wants.extend(pairs.iter().map(|(id, arn)| Want::Assignments((*id).to_owned(), (*arn).to_owned())));
        }
        for Principal { kind, id } in &people {
            // Of so many, AWS's own list of what a group has is asked; that it is empty proves nothing.
            if *kind == PrincipalType::Group && !is_few {
                self.want(Want::AssignmentsOfGroup(id.clone()));
            }
        }
        self.others_there(proposed, &pairs, &people);
    }

    /// Who else is let in where somebody loses a way: whoever is in another group there keeps one. A user who is deleted
    /// may be the last member of any group.
    fn others_there(&mut self, proposed: &Proposed, pairs: &BTreeSet<Pair<'_>>, people: &BTreeSet<Principal>) {
        let snapshot = self.snapshot;
        let rows = |(account, set): &Pair<'_>| snapshot.accounts.get(*account)?.assignments.get(*set)?.known().ok();
        let is_user = |one: &Principal| one.kind == PrincipalType::User;
        let all = people.iter().any(is_user);
        let loses = |row: &Assignment| proposed.left.iter().any(|left| group(&left.group) == row.principal);
        let accounts: BTreeSet<&str> = pairs
            .iter()
            .filter(|pair| rows(pair).is_some_and(|rows| rows.iter().any(loses)))
            .map(|pair| pair.0)
            .collect();
        let there = pairs.iter().filter(|pair| all || accounts.contains(pair.0)).filter_map(rows).flatten();
        let principals: BTreeSet<&Principal> = there.map(|row| &row.principal).filter(|one| !is_user(one)).collect();
        self.principals(principals);
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

fn group(id: &str) -> Principal {
    Principal { kind: PrincipalType::Group, id: id.to_owned() }
}

/// The groups that somebody is taken out of.
fn groups_that_lose(proposed: &Proposed) -> impl Iterator<Item = Principal> {
    proposed.left.iter().map(|left| group(&left.group))
}

/// Whether it was asked who is assigned a permission set in an account.
fn is_read(snapshot: &Snapshot, (account, set): &Pair<'_>) -> bool {
    snapshot.accounts.get(*account).is_some_and(|account| account.assignments.contains_key(*set))
}

/// Whether it was read of every permission set where it is, and who is assigned it there.
fn all_assignments_read(snapshot: &Snapshot) -> bool {
    let shared = &snapshot.shared;
    let is_listed = |arn: &String| {
        shared.accounts_of.get(arn).is_some_and(|of| of.latest.known().is_ok() && of.outdated.known().is_ok())
    };
    let rows = |(account, set): &Pair<'_>| snapshot.accounts.get(*account)?.assignments.get(*set);
    shared.permission_set_arns.known().is_ok_and(|all| all.iter().all(is_listed))
        && pairs(snapshot).iter().all(|pair| rows(pair).is_some_and(|rows| rows.known().is_ok()))
}
