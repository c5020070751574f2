//! A large organization: the healthy one, grown until an answer that needs every page takes many calls. It grows the
//! same way every time, and leaves jane.doe's own way into prod-data as it is.

use super::acme::READ_ROLE;
use super::builder::add;
use super::identifier::{guid, hash};
use super::moment::Moment;
use super::organization::{Assignment, AssignmentRequest, Group, Member, Organization, User};

const GIVEN: [&str; 16] = [
    "ana", "ben", "carla", "david", "elena", "farid", "grace", "hugo", "ines", "jane", "kofi", "lena", "mateo", "nora",
    "omar", "priya",
];
const FAMILY: [&str; 16] = [
    "abe", "baker", "costa", "doe", "evans", "fischer", "garcia", "haddad", "ito", "jensen", "kim", "lopez", "meyer",
    "nguyen", "okafor", "patel",
];

/// How many of the sets are provisioned in an ordinary account.
const SETS_PER_ACCOUNT: usize = 4;

impl Organization {
    /// The healthy organization, grown to at least so many users, groups, accounts and permission sets.
    pub fn large(users: usize, groups: usize, accounts: usize, permission_sets: usize) -> Self {
        let mut large = Self::acme();
        large.grow_groups(groups);
        large.grow_users(users);
        large.grow_sets(permission_sets);
        large.grow_accounts(accounts);
        large.crowd("prod-data", (permission_sets / 5).min(100));
        large
    }

    fn grow_groups(&mut self, groups: usize) {
        for number in self.groups.len()..groups {
            let name = format!("Team {number:05}");
            self.groups.push(Group { id: guid(&["group", &name]), display_name: name, ..Group::default() });
        }
    }

    /// Each user is in three of the grown groups.
    fn grow_users(&mut self, users: usize) {
        let prefix = self.organization_instance().identity_store_id.trim_start_matches("d-").to_owned();
        let teams = 7..self.groups.len();
        for number in self.users.len()..users {
            let name = format!("{}.{}{number}", GIVEN[number % 16], FAMILY[number / 16 % 16]);
            let id = format!("{prefix}-{}", guid(&["user", &name]));
            for step in [1, 7, 31].into_iter().filter(|_| !teams.is_empty()) {
                let place = teams.start + number * step % teams.len();
                let members = &mut self.groups[place].members;
                if members.last().is_none_or(|last| last.user_id != id) {
                    let membership_id = guid(&["membership", &name, &place.to_string()]);
                    members.push(Member { user_id: id.clone(), membership_id, created: Moment::default() });
                }
            }
            self.users.push(User {
                id,
                display_name: name.replace('.', " "),
                emails: vec![format!("{name}@acme.example")],
                user_name: name,
                status: Some("ENABLED".into()),
                ..User::default()
            });
        }
    }

    fn grow_sets(&mut self, permission_sets: usize) {
        for number in self.permission_sets.len()..permission_sets {
            self.add_permission_set(&format!("Duty-{number:04}")).managed("job-function/ViewOnlyAccess");
        }
    }

    fn grow_accounts(&mut self, accounts: usize) {
        let unit = self.units.last().map(|unit| unit.id.clone()).unwrap_or_default();
        let reader = self.accounts[0].iam.roles.iter().find(|role| role.name == READ_ROLE).cloned();
        for number in self.accounts.len()..accounts {
            let (id, name) = (format!("9{:011}", number * 7919), format!("workload-{number:04}"));
            let account = self.add_account(&id, &name);
            account.parent.clone_from(&unit);
            account.iam.roles.extend(reader.clone());
            for step in 0..SETS_PER_ACCOUNT {
                self.grant(number * SETS_PER_ACCOUNT + step, &id);
            }
        }
    }

    /// Gives many teams their duties in one account, with the requests that did it.
    pub fn crowd(&mut self, account: &str, sets: usize) {
        let account = self.account_id(account);
        for number in 0..sets {
            self.grant(number, &account);
        }
    }

    /// Gives a user three permission sets in an account, each through two groups.
    pub fn give_three_sets(&mut self, user: &str, account: &str) {
        for (number, set) in ["RedshiftAnalyst", "ReadOnly", "RedshiftAdmin"].into_iter().enumerate() {
            for shift in ["day", "night"] {
                let group = format!("{set} {shift} {number}");
                self.add_group(&group);
                self.add_member(&group, user);
                self.assign(set, &group, account);
            }
        }
    }

    /// Lets so many people of other teams into an account through its roles, but for that of one permission set, in the
    /// last hours.
    pub fn let_others_in(&mut self, account: &str, sessions: usize, but_for: &str) {
        let id = self.account_id(account);
        let spared = self.role_arn(but_for, account);
        let provisioned = self.provisioned.iter().filter(|one| one.account == id).map(|one| &one.permission_set);
        let names: Vec<String> = self
            .permission_sets
            .iter()
            .filter(|set| provisioned.clone().any(|arn| *arn == set.arn))
            .map(|set| set.name.clone())
            .collect();
        let roles: Vec<String> =
            names.iter().map(|name| self.role_arn(name, account)).filter(|arn| *arn != spared).collect();
        for number in 0..sessions {
            let (user, role) = (format!("somebody.{number}"), roles[number % roles.len()].clone());
            let ago = i64::try_from(number).unwrap_or_default();
            self.saml_event(&user, &role, Moment::hours_ago(1).plus_seconds(-10 * ago), None);
        }
    }

    /// Assigns the set of a number to the team of that number; every fiftieth request failed before it succeeded.
    fn grant(&mut self, number: usize, account: &str) {
        let (own_sets, own_groups) = (6, 7);
        if self.permission_sets.len() <= own_sets || self.groups.len() <= own_groups {
            return;
        }
        let set = &self.permission_sets[own_sets + number % (self.permission_sets.len() - own_sets)];
        let group = self.groups[own_groups + number % (self.groups.len() - own_groups)].id.clone();
        let (set, name) = (set.arn.clone(), set.name.clone());
        let days = i64::try_from(hash(&[account, &set]) % 80).unwrap_or_default();
        let statuses: &[&str] = if number.is_multiple_of(50) { &["FAILED", "SUCCEEDED"] } else { &["SUCCEEDED"] };
        for status in statuses {
            add(
                &mut self.creation_requests,
                AssignmentRequest {
                    request_id: guid(&["creation", status, account, &set]),
                    status: (*status).into(),
                    failure_reason: (*status == "FAILED")
                        .then(|| "An unexpected internal service exception was encountered".into()),
                    account: account.into(),
                    permission_set: set.clone(),
                    principal_type: "GROUP".into(),
                    principal_id: group.clone(),
                    created: Moment::days_ago(days + 1).plus_seconds(if *status == "FAILED" { -3600 } else { 0 }),
                },
            );
        }
        let assignment = Assignment {
            account: account.into(),
            permission_set: set,
            principal_type: "GROUP".into(),
            principal_id: group,
        };
        self.assignments.push(assignment);
        self.provision(&name, account);
    }
}
