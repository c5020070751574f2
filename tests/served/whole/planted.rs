//! What is planted in a whole organization.

use super::{EMPTY_GROUPS, First, group_has};
use crate::access::{Assignment, AssignmentRequest, Boundary};
use crate::builder::add;
use crate::identifier::guid;
use crate::moment::Moment;
use crate::organization::{Organization, PermissionSet, ProvisioningRequest};

/// A fault that was planted, as a scan has to tell it: one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planted {
    /// The rule that finds it.
    pub rule: &'static str,
    /// Whether it keeps people out.
    pub blocks: bool,
    /// The permission set, by name, where it is about one.
    pub permission_set: Option<String>,
    /// The accounts, by id.
    pub accounts: Vec<String>,
}

impl Organization {
    /// Plants what a scan has to find, each in places of its own.
    pub(super) fn plant_faults(&mut self, first: First) -> Vec<Planted> {
        let mut spots = Spots { organization: self, first, taken: Vec::new(), next: first.set };
        let mut planted = Vec::new();
        let mut told = |rule, blocks, set: Option<&str>, accounts: &[String]| {
            let mut accounts = accounts.to_vec();
            accounts.sort();
            planted.push(Planted { rule, blocks, permission_set: set.map(str::to_owned), accounts });
        };
        // It was never there, and the request that assigned the set failed for it.
        let (set, accounts) = spots.next(4, |set| set.customer_managed_policies.len() == 1);
        for account in &accounts {
            let policy = spots.organization.permission_set(&set).customer_managed_policies[0].name.clone();
            spots.organization.remove_policy(account, &policy);
            let reason = format!("Received a 404 status error: Not supported policy {policy}.");
            spots.organization.never_provisioned(&set, account, &reason);
        }
        told("customer-managed-policy-missing", true, Some(&set), &accounts);
        // It was deleted since.
        let (set, accounts) = spots.next(2, |set| set.customer_managed_policies.len() == 1);
        for account in &accounts {
            let policy = spots.organization.permission_set(&set).customer_managed_policies[0].name.clone();
            spots.organization.remove_policy(account, &policy);
        }
        told("customer-managed-policy-missing", false, Some(&set), &accounts);
        let (set, accounts) = spots.next(2, |set| set.permissions_boundary.is_some());
        for account in &accounts {
            if let Some(Boundary::CustomerManagedPolicyReference(policy)) =
                spots.organization.permission_set(&set).permissions_boundary.clone()
            {
                spots.organization.remove_policy(account, &policy.name);
            }
        }
        told("permissions-boundary-missing", false, Some(&set), &accounts);
        let (set, accounts) = spots.next(3, |_| true);
        for account in &accounts {
            spots.organization.provisioned(&set, account).latest = false;
        }
        told("permission-set-outdated", false, Some(&set), &accounts);
        let (set, accounts) = spots.next(1, |_| true);
        for account in &accounts {
            spots.organization.provisioned(&set, account).latest = false;
            let request = spots.organization.failed_provisioning(&set, account);
            spots.organization.provisioning_requests.push(request);
        }
        told("provisioning-failed", false, Some(&set), &accounts);
        let (set, accounts) = spots.next(2, |_| true);
        for account in &accounts {
            spots.organization.remove_role(&set, account);
        }
        told("role-missing", true, Some(&set), &accounts);
        let (set, accounts) = spots.next(1, |_| true);
        for account in &accounts {
            let role = spots.organization.role(&set, account);
            role.trust_policy = role.trust_policy.replace("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity");
        }
        told("role-trust-altered", true, Some(&set), &accounts);
        let account = spots.account();
        spots.organization.account(&account).iam.saml_providers.clear();
        told("saml-provider-missing", true, None, &[account]);
        let account = spots.account();
        spots.organization.account(&account).state = "SUSPENDED".into();
        told("account-not-active", true, None, &[account]);
        planted.extend(self.plant_people(first));
        planted.sort();
        planted
    }

    /// What is wrong with whom something is assigned to: groups that nobody is in, and whoever no longer exists.
    fn plant_people(&mut self, first: First) -> Vec<Planted> {
        let (set, arn) = (self.permission_sets[first.set].name.clone(), self.permission_sets[first.set].arn.clone());
        let places: Vec<String> =
            self.provisioned.iter().filter(|one| one.permission_set == arn).map(|one| one.account.clone()).collect();
        let mut planted = Vec::new();
        let mut told = |rule, account: &str| {
            let (permission_set, accounts) = (Some(set.clone()), vec![account.to_owned()]);
            planted.push(Planted { rule, blocks: false, permission_set, accounts });
        };
        for number in 0..EMPTY_GROUPS {
            let (group, place) = (self.groups.len() - 1 - number, &places[number % places.len()]);
            let row = group_has(place, &arn, self.groups[group].id.clone());
            self.assignments.push(row);
            told("group-empty", place);
        }
        let (place, gone) = (&places[0], guid(&["group", "one that was deleted"]));
        self.assignments.push(group_has(place, &arn, gone));
        told("assignment-orphaned-principal", place);
        let row = group_has(place, &arn, guid(&["user", "one who left"]));
        self.assignments.push(Assignment { principal_type: "USER".into(), ..row });
        told("assignment-orphaned-principal", place);
        planted
    }

    /// Takes a permission set out of an account as if it had never been there; its assignments stand, and their requests
    /// failed.
    fn never_provisioned(&mut self, set: &str, account: &str, reason: &str) {
        self.unprovision(set, account);
        let arn = self.permission_set_arn(set);
        let rows = self.assignments.iter().filter(|row| row.account == account && row.permission_set == arn);
        let requests: Vec<AssignmentRequest> = rows
            .map(|row| AssignmentRequest {
                request_id: guid(&["creation", account, &arn, &row.principal_id]),
                status: "FAILED".into(),
                failure_reason: Some(reason.into()),
                account: row.account.clone(),
                permission_set: row.permission_set.clone(),
                principal_type: row.principal_type.clone(),
                principal_id: row.principal_id.clone(),
                created: Moment::days_ago(3),
            })
            .collect();
        self.creation_requests.extend(requests);
    }

    fn failed_provisioning(&self, set: &str, account: &str) -> ProvisioningRequest {
        ProvisioningRequest {
            request_id: guid(&["provisioning", set, account]),
            status: "FAILED".into(),
            failure_reason: Some("An unexpected internal service exception was encountered".into()),
            account: account.into(),
            permission_set: self.permission_set_arn(set),
            created: Moment::days_ago(1),
        }
    }
}

/// Places that nothing was planted in yet.
struct Spots<'o> {
    organization: &'o mut Organization,
    first: First,
    taken: Vec<String>,
    next: usize,
}

impl Spots<'_> {
    /// The next permission set that fits, and so many of its accounts.
    #[expect(clippy::panic, reason = "an organization in which the truth has no place must not be served")]
    fn next(&mut self, accounts: usize, fits: impl Fn(&PermissionSet) -> bool) -> (String, Vec<String>) {
        while self.next + 1 < self.organization.permission_sets.len() {
            // The first is left to what is wrong with people.
            self.next += 1;
            let set = &self.organization.permission_sets[self.next];
            let there = self.organization.provisioned.iter().filter(|one| one.permission_set == set.arn);
            let free = there.map(|one| one.account.clone()).filter(|id| !self.taken.contains(id));
            let free: Vec<String> = free.filter(|id| id.starts_with('9')).take(accounts).collect();
            if fits(set) && free.len() == accounts {
                self.taken.extend(free.iter().cloned());
                return (set.name.clone(), free);
            }
        }
        panic!("no permission set is in {accounts} accounts of its own")
    }

    /// The last account that nothing was planted in.
    #[expect(clippy::panic, reason = "an organization in which the truth has no place must not be served")]
    fn account(&mut self) -> String {
        let own = self.organization.accounts.iter().skip(self.first.account).rev();
        let first_set = &self.organization.permission_sets[self.first.set].arn;
        let of_people = |id: &str| {
            let places = &self.organization.provisioned;
            places.iter().any(|one| one.account == id && one.permission_set == *first_set)
        };
        let free = own.map(|account| account.id.clone()).find(|id| !self.taken.contains(id) && !of_people(id));
        let free = free.unwrap_or_else(|| panic!("something is planted in every account"));
        add(&mut self.taken, free).clone()
    }
}
