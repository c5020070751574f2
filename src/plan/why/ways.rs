//! What the user's ways to the account lead through; and where there is none, what would help.

use std::collections::{BTreeMap, BTreeSet};

use super::{NAMED_GROUPS, Plan};
use crate::evidence::{Answer, Call, Fact, PrincipalType, Want};
use crate::model::paths::{self, AskedGroup, Path};
use crate::model::{SetInAccount, permission_set_role};

/// How many permission sets of groups that would help are described for their names.
const NAMED_SETS: usize = 12;
/// How many of them are read whole where the account has no role for them.
const WITHOUT_ROLE: usize = 3;
/// How many users that the account is assigned to are described, to see whether any of them still exists.
const DESCRIBED_USERS: usize = 100;
/// How many of the other accounts are asked for their names, each with one of the permission sets there.
const NAMED_ELSEWHERE: usize = 5;

impl Plan<'_> {
    /// Everything from the user's ways on.
    pub(super) fn ways(&mut self, account: &str) {
        let ways = paths::find(self.evidence.asked()).list;
        self.through(&ways);
        let are_requests_there = self.of_assignments(&ways) & self.of_provisioning(&ways);
        self.carried(account);
        let is_settled = self.second_way(account);
        self.groups_that_turn_up();
        if ways.is_empty() {
            self.own_groups();
            let is_elsewhere_there = self.elsewhere();
            if is_settled && are_requests_there && is_elsewhere_there {
                self.what_would_help();
            }
        }
        self.leave_the_rest_of_sets();
    }

    /// The permission sets and the groups of these ways.
    fn through(&mut self, ways: &[Path]) {
        let sets: BTreeSet<&str> =
            ways.iter().filter_map(Path::assigned).map(|path| path.permission_set.as_str()).collect();
        let mut are_named = true;
        for arn in sets {
            let policies = [Want::PermissionSet, Want::AwsManaged, Want::CustomerManaged];
            are_named &= self.want_all(policies.map(|part| part(arn.to_owned())));
            self.whole_set(arn);
        }
        let groups = ways.iter().map(Path::via).filter(|via| via.kind == PrincipalType::Group);
        self.want_all(groups.map(|via| Want::Group(via.id.clone())));
        // Until it is known which policies they name, more may seem to be called for than is.
        if let (true, Some(account)) = (are_named, &self.evidence.account.id) {
            self.documents(account, true);
        }
    }

    /// What a permission set consists of.
    pub(super) fn whole_set(&mut self, arn: &str) {
        let parts = [Want::AwsManaged, Want::CustomerManaged, Want::Inline, Want::Boundary];
        self.want_all(parts.map(|part| part(arn.to_owned())));
    }

    /// What AWS lists for the user in all accounts: it shows a mistyped account, and the permission sets that are probably
    /// meant. Whether it is there, as far as it can be asked for.
    pub(super) fn elsewhere(&mut self) -> bool {
        match self.evidence.user_id() {
            Ok(Some(user)) => self.want(Want::AssignmentsOfPerson(user.to_owned())),
            Ok(None) | Err(_) => true,
        }
    }

    /// The groups that the user is in, and the one that was asked about: where it comes from decides where somebody is
    /// added to it.
    fn own_groups(&mut self) {
        let own = self.evidence.user.memberships.known().into_iter().flatten();
        let own = own.map(|membership| membership.group_id.as_str()).take(NAMED_GROUPS);
        let asked = paths::asked_group(self.evidence.asked()).ok().and_then(AskedGroup::id);
        self.want_all(own.chain(asked).map(|id| Want::Group(id.to_owned())));
    }

    /// Where nothing leads to the account: who it is assigned to and whether they still exist, through which permission
    /// sets, and where else the user gets in.
    fn what_would_help(&mut self) {
        let evidence = self.evidence;
        let groups = paths::groups_assigned_without_user(evidence).unwrap_or_default();
        let rows = evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
        let rows = rows.filter(|row| groups.contains(row.principal.id.as_str()));
        let sets: BTreeSet<&str> = rows.map(|row| row.permission_set.as_str()).collect();
        self.want_all(sets.iter().take(NAMED_SETS).map(|arn| Want::PermissionSet((*arn).to_owned())));
        self.what_would_be_shut(&sets);

        let assigned = paths::assigned_principals(evidence).unwrap_or_default();
        let of_kind = |kind| assigned.iter().filter(move |one| one.kind == kind).map(|one| one.id.as_str());
        let is_known = |id: &&str| evidence.groups.contains_key(*id);
        let (known, unknown): (Vec<&str>, Vec<&str>) = of_kind(PrincipalType::Group).partition(is_known);
        let groups = unknown.into_iter().take(NAMED_GROUPS.saturating_sub(known.len()));
        self.want_all(groups.map(|id| Want::Group(id.to_owned())));
        let own = evidence.user_id().ok().flatten();
        let users = of_kind(PrincipalType::User).filter(|id| Some(*id) != own).take(DESCRIBED_USERS);
        self.want_all(users.map(|id| Want::User(id.to_owned())));

        let rows = evidence.user.elsewhere.iter().flat_map(|one| one.assignments.known()).flatten();
        let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in rows {
            accounts.entry(row.account.as_str()).or_default().insert(row.permission_set.as_str());
        }
        let accounts = || accounts.iter().take(NAMED_ELSEWHERE);
        self.want_all(accounts().map(|(id, _)| Want::Account((*id).to_owned())));
        let sets: BTreeSet<&str> = accounts().filter_map(|(_, sets)| sets.first().copied()).collect();
        self.want_all(sets.into_iter().map(|arn| Want::PermissionSet(arn.to_owned())));
    }

    /// A way that is shut further on helps nobody. What could shut it is read of the permission set that was asked about, and
    /// of the few of those that would help for which the account has no role.
    fn what_would_be_shut(&mut self, would_help: &BTreeSet<&str>) {
        let evidence = self.evidence;
        let has_no_role = |arn: &&str| {
            let set = SetInAccount::standing(evidence.in_account(), arn);
            matches!(permission_set_role::role_of(set), Ok(None))
        };
        let asked = paths::asked_permission_sets(evidence.asked()).ok().flatten();
        let asked = asked.as_deref().and_then(<[_]>::first).copied();
        let without_role = would_help.iter().copied().filter(has_no_role).take(WITHOUT_ROLE);
        for arn in without_role.chain(asked).collect::<BTreeSet<&str>>() {
            self.whole_set(arn);
        }
    }

    /// Of a permission set that is named only, nothing else is asked.
    fn leave_the_rest_of_sets(&mut self) {
        for (arn, set) in &self.evidence.permission_sets {
            if !set.customer_managed.is_not_asked() || self.so_far.asked.contains(&Want::CustomerManaged(arn.clone())) {
                continue;
            }
            let arn = || arn.clone();
            self.leave(Answer::AwsManaged(arn(), unasked(Call::ListManagedPoliciesInPermissionSet)));
            self.leave(Answer::Inline(arn(), unasked(Call::GetInlinePolicyForPermissionSet)));
            let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
            self.leave(Answer::CustomerManaged(arn(), unasked(call)));
            self.leave(Answer::Boundary(arn(), unasked(Call::GetPermissionsBoundaryForPermissionSet)));
        }
    }
}

fn unasked<T>(call: Call) -> Fact<T> {
    Fact::not_asked(call, "no path of the user's leads through this permission set")
}
