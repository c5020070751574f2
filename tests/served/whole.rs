//! A whole organization to be scanned: every account can be entered, and everything works but for what is planted. What is
//! planted is told with it, so that a scan can be held against the truth: every fault found, none invented. It grows the
//! same way every time.

mod planted;

pub use planted::Planted;

use super::access::{Assignment, Boundary, Group, Member, PolicyReference, User};
use super::account::CustomerPolicy;
use super::acme::READ_ROLE;
use super::identifier::guid;
use super::moment::Moment;
use super::organization::Organization;

/// How large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Accounts; at least 40.
    pub accounts: usize,
    /// Permission sets; at least 20.
    pub permission_sets: usize,
    /// How many of them an account has.
    pub sets_per_account: usize,
    /// Groups; at least 20.
    pub groups: usize,
    /// People.
    pub users: usize,
    /// Memberships of all groups together.
    pub memberships: usize,
    /// Customer managed policies in each account.
    pub policies_per_account: usize,
}

impl Size {
    /// The least in which everything that is planted has its place.
    pub const SMALL: Self = Self {
        accounts: 40,
        permission_sets: 24,
        sets_per_account: 8,
        groups: 60,
        users: 120,
        memberships: 400,
        policies_per_account: 4,
    };
    /// What a scan is measured with.
    pub const LARGE: Self = Self {
        accounts: 1_000,
        permission_sets: 200,
        sets_per_account: 15,
        groups: 2_000,
        users: 20_000,
        memberships: 90_000,
        policies_per_account: 25,
    };
    /// The most that AWS's quotas allow.
    pub const QUOTAS: Self = Self {
        accounts: 7_000,
        permission_sets: 500,
        sets_per_account: 14,
        groups: 10_000,
        users: 200_000,
        memberships: 900_000,
        policies_per_account: 25,
    };
}

/// Groups that nobody is put into before the others have their members.
const EMPTY_GROUPS: usize = 2;

impl Organization {
    /// A whole organization of this size, with what is planted in it.
    pub fn whole(size: Size) -> (Self, Vec<Planted>) {
        let mut whole = Self::acme();
        // What is wrong with the small one is not part of the truth that is told.
        whole.creation_requests.clear();
        whole.provisioned.iter_mut().for_each(|one| one.latest = true);
        whole.account("old-sandbox").state = "ACTIVE".into();
        whole.account("old-sandbox").status = Some("ACTIVE".into());
        whole.events.clear();
        let first =
            First { set: whole.permission_sets.len(), group: whole.groups.len(), account: whole.accounts.len() };
        whole.hire_everybody(size, first);
        whole.make_duties(size, first);
        whole.give_duties(size, first);
        let planted = whole.plant_faults(first);
        (whole, planted)
    }

    fn hire_everybody(&mut self, size: Size, first: First) {
        for number in first.group..size.groups.max(first.group + 20) {
            let name = format!("Team {number:05}");
            self.groups.push(Group { id: guid(&["group", &name]), display_name: name, ..Group::default() });
        }
        let prefix = self.organization_instance().identity_store_id.trim_start_matches("d-").to_owned();
        let teams = self.groups.len() - first.group - EMPTY_GROUPS;
        let (there, joined) = (self.users.len(), self.groups.iter().map(|group| group.members.len()).sum::<usize>());
        let new = size.users.saturating_sub(there);
        let wanted = size.memberships.saturating_sub(joined);
        for number in 0..new {
            let name = format!("person.{number:06}");
            let id = format!("{prefix}-{}", guid(&["user", &name]));
            // As many for each, and one more for the first of them; never twice the same team.
            let own = (wanted / new + usize::from(number < wanted % new)).min(teams);
            for step in 0..own {
                let place = first.group + (number * 7 + step * (teams / own).max(1)) % teams;
                let membership_id = guid(&["membership", &name, &step.to_string()]);
                self.groups[place].members.push(Member {
                    user_id: id.clone(),
                    membership_id,
                    created: Moment::default(),
                });
            }
            self.users.push(User {
                id,
                display_name: format!("Person {number}"),
                emails: vec![format!("{name}@acme.example")],
                user_name: name,
                status: Some("ENABLED".into()),
                enterprise: Some(serde_json::json!({"department": format!("Department {}", number % 40)})),
                ..User::default()
            });
        }
    }

    /// Every third permission set names a policy that each of its accounts has to have, every fifth a boundary too.
    fn make_duties(&mut self, size: Size, first: First) {
        for number in first.set..size.permission_sets {
            let name = format!("Duty-{number:04}");
            let set = self.add_permission_set(&name).managed("job-function/ViewOnlyAccess");
            if number.is_multiple_of(3) {
                set.customer_managed(&format!("duty-{number:04}-access"), "/teams/");
            }
            if number.is_multiple_of(5) {
                set.boundary(&format!("duty-{number:04}-boundary"), "/");
            }
            if number.is_multiple_of(2) {
                let inline = serde_json::json!({"Version": "2012-10-17", "Statement": [{"Sid": name, "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}]});
                set.inline_policy = Some(inline.to_string());
            }
        }
    }

    fn give_duties(&mut self, size: Size, first: First) {
        let units: Vec<String> = self.units.iter().map(|unit| unit.id.clone()).collect();
        let reader = self.accounts[0].iam.roles.iter().find(|role| role.name == READ_ROLE).cloned();
        let duties = self.permission_sets.len() - first.set;
        for number in first.account..size.accounts {
            let id = format!("9{:011}", number * 7919);
            let account = self.add_account(&id, &format!("workload-{number:04}"));
            account.parent.clone_from(&units[number % units.len()]);
            account.iam.roles.extend(reader.clone());
            for policy in 0..size.policies_per_account {
                let name = format!("local-{policy:02}");
                account.iam.policies.push(CustomerPolicy { name, path: "/teams/".into(), ..CustomerPolicy::default() });
            }
            for step in 0..size.sets_per_account.min(duties) {
                self.give_duty(first, first.set + (number * size.sets_per_account + step) % duties, &id, number + step);
            }
        }
    }

    /// What a permission set needs, the set, and who has it: one group, and in three of four places another.
    fn give_duty(&mut self, first: First, duty: usize, id: &str, number: usize) {
        let set = &self.permission_sets[duty];
        let (name, arn) = (set.name.clone(), set.arn.clone());
        let mut needs: Vec<PolicyReference> = set.customer_managed_policies.clone();
        if let Some(Boundary::CustomerManagedPolicyReference(policy)) = &set.permissions_boundary {
            needs.push(policy.clone());
        }
        for policy in needs {
            let there = &mut self.account(id).iam.policies;
            there.push(CustomerPolicy { name: policy.name, path: policy.path, ..CustomerPolicy::default() });
        }
        self.put(&name, id);
        let teams = self.groups.len() - first.group - EMPTY_GROUPS;
        let mut groups = vec![first.group + (duty * 11 + number) % teams];
        if !number.is_multiple_of(4) {
            groups.push(first.group + (duty * 11 + number + 1) % teams);
        }
        for group in groups {
            let principal_id = self.groups[group].id.clone();
            self.assignments.push(group_has(id, &arn, principal_id));
        }
    }
}

/// Where what was added begins.
#[derive(Clone, Copy)]
struct First {
    set: usize,
    group: usize,
    account: usize,
}

fn group_has(account: &str, arn: &str, principal_id: String) -> Assignment {
    Assignment { account: account.into(), permission_set: arn.into(), principal_type: "GROUP".into(), principal_id }
}
