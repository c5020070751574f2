//! The words in which a test tells its scenario: look-ups by name that give the thing to change, and verbs that do to
//! the data what an administrator does to the organization. A name that fits nothing is a mistake in the test, and
//! panics.

#![expect(clippy::panic, reason = "a scenario that names something absent must not run")]

use super::access::{Boundary, PolicyReference};
use super::identifier::{guid, hex};
use super::moment::Moment;
use super::organization::{
    Account, Assignment, AssignmentRequest, Group, Instance, Member, Organization, PermissionSet, Provisioned,
    ProvisioningRequest, User,
};

impl Organization {
    /// The instance that the management account owns.
    pub fn organization_instance(&self) -> &Instance {
        let owned = self.instances.iter().find(|instance| instance.owner_account_id == self.management_account);
        owned.unwrap_or_else(|| panic!("the organization has no instance of its own"))
    }

    /// The instance that the management account owns.
    pub fn instance(&mut self) -> &mut Instance {
        let management = &self.management_account;
        let own = self.instances.iter_mut().find(|instance| instance.owner_account_id == *management);
        own.unwrap_or_else(|| panic!("the organization has no instance of its own"))
    }

    /// An account by id or name.
    pub fn account(&mut self, account: &str) -> &mut Account {
        let found = self.accounts.iter_mut().find(|known| known.id == account || known.name == account);
        found.unwrap_or_else(|| panic!("no account {account}"))
    }

    /// An account's id, by id or name.
    pub fn account_id(&self, account: &str) -> String {
        let found = self.accounts.iter().find(|known| known.id == account || known.name == account);
        found.unwrap_or_else(|| panic!("no account {account}")).id.clone()
    }

    /// A user by user name.
    pub fn user(&mut self, name: &str) -> &mut User {
        let found = self.users.iter_mut().find(|user| user.user_name == name);
        found.unwrap_or_else(|| panic!("no user {name}"))
    }

    /// A user's id, by user name.
    pub fn user_id(&self, name: &str) -> String {
        let found = self.users.iter().find(|user| user.user_name == name);
        found.unwrap_or_else(|| panic!("no user {name}")).id.clone()
    }

    /// A group by display name.
    pub fn group(&mut self, name: &str) -> &mut Group {
        let found = self.groups.iter_mut().find(|group| group.display_name == name);
        found.unwrap_or_else(|| panic!("no group {name}"))
    }

    /// A group's id, by display name.
    pub fn group_id(&self, name: &str) -> String {
        let found = self.groups.iter().find(|group| group.display_name == name);
        found.unwrap_or_else(|| panic!("no group {name}")).id.clone()
    }

    /// A permission set by name.
    pub fn permission_set(&mut self, name: &str) -> &mut PermissionSet {
        let found = self.permission_sets.iter_mut().find(|set| set.name == name);
        found.unwrap_or_else(|| panic!("no permission set {name}"))
    }

    /// A permission set's ARN, by name.
    pub fn permission_set_arn(&self, name: &str) -> String {
        let found = self.permission_sets.iter().find(|set| set.name == name);
        found.unwrap_or_else(|| panic!("no permission set {name}")).arn.clone()
    }

    /// Type and id of a user or group, by name or by id; a GUID that belongs to nobody is taken for a group's.
    pub fn principal(&self, name: &str) -> (String, String) {
        if let Some(user) = self.users.iter().find(|user| user.user_name == name || user.id == name) {
            return ("USER".into(), user.id.clone());
        }
        if let Some(group) = self.groups.iter().find(|group| group.display_name == name || group.id == name) {
            return ("GROUP".into(), group.id.clone());
        }
        assert!(name.len() >= 36, "no user or group {name}");
        ("GROUP".into(), name.into())
    }

    /// Adds an account in the root.
    pub fn add_account(&mut self, id: &str, name: &str) -> &mut Account {
        let account = Account {
            id: id.into(),
            name: name.into(),
            email: format!("aws+{name}@acme.example"),
            parent: self.root.id.clone(),
            ..Account::default()
        };
        add(&mut self.accounts, account)
    }

    /// Adds a user with an id in the form that carries the identity store's prefix, and an e-mail made from the name.
    pub fn add_user(&mut self, name: &str) -> &mut User {
        let prefix = self.organization_instance().identity_store_id.trim_start_matches("d-").to_owned();
        let display_name =
            name.split('@').next().unwrap_or(name).split('.').map(capitalised).collect::<Vec<_>>().join(" ");
        let user = User {
            id: format!("{prefix}-{}", guid(&["user", name])),
            user_name: name.into(),
            display_name,
            emails: vec![if name.contains('@') { name.into() } else { format!("{name}@acme.example") }],
            status: Some("ENABLED".into()),
            ..User::default()
        };
        add(&mut self.users, user)
    }

    /// Deletes a user and their memberships; assignments stay, as they do at AWS.
    pub fn remove_user(&mut self, name: &str) {
        let id = self.user_id(name);
        self.users.retain(|user| user.id != id);
        for group in &mut self.groups {
            group.members.retain(|member| member.user_id != id);
        }
    }

    /// Adds a group with a bare GUID.
    pub fn add_group(&mut self, name: &str) -> &mut Group {
        let group = Group { id: guid(&["group", name]), display_name: name.into(), ..Group::default() };
        add(&mut self.groups, group)
    }

    /// Deletes a group; assignments stay, as they do at AWS.
    pub fn remove_group(&mut self, name: &str) {
        let id = self.group_id(name);
        self.groups.retain(|group| group.id != id);
    }

    /// Puts a user into a group.
    pub fn add_member(&mut self, group: &str, user: &str) -> &mut Member {
        let user_id = self.user_id(user);
        let group = self.group(group);
        let membership_id = guid(&["membership", &group.id, &user_id]);
        add(&mut group.members, Member { user_id, membership_id, created: Moment::default() })
    }

    /// Takes a user out of a group.
    pub fn remove_member(&mut self, group: &str, user: &str) {
        let id = self.user_id(user);
        self.group(group).members.retain(|member| member.user_id != id);
    }

    /// Adds a permission set that grants nothing yet.
    pub fn add_permission_set(&mut self, name: &str) -> &mut PermissionSet {
        let instance = self.organization_instance().arn.rsplit('/').next().unwrap_or_default().to_owned();
        let arn =
            format!("arn:{}:sso:::permissionSet/{instance}/ps-{}", self.partition, hex(&["permission set", name]));
        add(&mut self.permission_sets, PermissionSet { arn, name: name.into(), ..PermissionSet::default() })
    }

    /// Assigns a permission set to a user or group in an account, without provisioning it.
    pub fn assign(&mut self, set: &str, principal: &str, account: &str) -> &mut Assignment {
        let (principal_type, principal_id) = self.principal(principal);
        let (account, permission_set) = (self.account_id(account), self.permission_set_arn(set));
        add(&mut self.assignments, Assignment { account, permission_set, principal_type, principal_id })
    }

    /// Takes an assignment away; what was provisioned stays.
    pub fn unassign(&mut self, set: &str, principal: &str, account: &str) {
        let (_, principal_id) = self.principal(principal);
        let (account, arn) = (self.account_id(account), self.permission_set_arn(set));
        self.assignments
            .retain(|one| (&one.account, &one.permission_set, &one.principal_id) != (&account, &arn, &principal_id));
    }

    /// The record that a set is provisioned in an account, for making it an outdated one.
    pub fn provisioned(&mut self, set: &str, account: &str) -> &mut Provisioned {
        let (account, arn) = (self.account_id(account), self.permission_set_arn(set));
        let found = self.provisioned.iter_mut().find(|one| one.account == account && one.permission_set == arn);
        found.unwrap_or_else(|| panic!("{set} is not provisioned in {account}"))
    }

    /// Records a request to create an assignment.
    pub fn creation_request(
        &mut self,
        status: &str,
        set: &str,
        principal: &str,
        account: &str,
        created: Moment,
    ) -> &mut AssignmentRequest {
        let request = self.assignment_request("creation", [status, set, principal, account], created);
        add(&mut self.creation_requests, request)
    }

    /// Records a request to delete an assignment.
    pub fn deletion_request(
        &mut self,
        status: &str,
        set: &str,
        principal: &str,
        account: &str,
        created: Moment,
    ) -> &mut AssignmentRequest {
        let request = self.assignment_request("deletion", [status, set, principal, account], created);
        add(&mut self.deletion_requests, request)
    }

    /// Records a request to provision a permission set.
    pub fn provisioning_request(
        &mut self,
        status: &str,
        set: &str,
        account: &str,
        created: Moment,
    ) -> &mut ProvisioningRequest {
        let request = ProvisioningRequest {
            request_id: guid(&["provisioning", status, set, account, &self.provisioning_requests.len().to_string()]),
            status: status.into(),
            failure_reason: None,
            account: self.account_id(account),
            permission_set: self.permission_set_arn(set),
            created,
        };
        add(&mut self.provisioning_requests, request)
    }

    fn assignment_request(
        &self,
        kind: &str,
        [status, set, principal, account]: [&str; 4],
        created: Moment,
    ) -> AssignmentRequest {
        let (principal_type, principal_id) = self.principal(principal);
        let count = self.creation_requests.len() + self.deletion_requests.len();
        AssignmentRequest {
            request_id: guid(&[kind, status, set, principal, account, &count.to_string()]),
            status: status.into(),
            failure_reason: None,
            account: self.account_id(account),
            permission_set: self.permission_set_arn(set),
            principal_type,
            principal_id,
            created,
        }
    }
}

impl PermissionSet {
    /// Attaches an AWS managed policy, by name and path, as `job-function/ViewOnlyAccess`.
    pub fn managed(&mut self, name: &str) -> &mut Self {
        let partition = self.arn.split(':').nth(1).unwrap_or("aws");
        self.managed_policies.push(format!("arn:{partition}:iam::aws:policy/{name}"));
        self
    }

    /// Refers to a customer managed policy.
    pub fn customer_managed(&mut self, name: &str, path: &str) -> &mut Self {
        self.customer_managed_policies.push(PolicyReference::new(name, path));
        self
    }

    /// Sets a customer managed policy as the permissions boundary.
    pub fn boundary(&mut self, name: &str, path: &str) -> &mut Self {
        self.permissions_boundary = Some(Boundary::CustomerManagedPolicyReference(PolicyReference::new(name, path)));
        self
    }
}

/// Pushes, and gives what was pushed.
pub(crate) fn add<T>(list: &mut Vec<T>, item: T) -> &mut T {
    let place = list.len();
    list.push(item);
    &mut list[place]
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
