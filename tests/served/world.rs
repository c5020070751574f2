//! The organization with the indexes that keep every answer quick, however large it is. Built once, when the server
//! starts; nothing here changes afterwards.

use std::collections::HashMap;

use super::access::{Group, Member, PermissionSet, User};
use super::organization::{Account, Event, Instance, Organization};

type Places = HashMap<String, Vec<usize>>;

/// An organization and where everything is in it.
#[derive(Debug)]
pub(crate) struct World {
    /// The data.
    pub organization: Organization,
    accounts: HashMap<String, usize>,
    users: HashMap<String, usize>,
    user_names: Places,
    emails: Places,
    groups: HashMap<String, usize>,
    group_names: Places,
    memberships: HashMap<String, Vec<(usize, usize)>>,
    sets: HashMap<String, usize>,
    assignments: HashMap<String, Places>,
    principals: Places,
    provisioned_in: Places,
    provisioned_of: Places,
    events: HashMap<String, Places>,
}

impl World {
    /// Indexes an organization.
    pub(crate) fn new(organization: Organization) -> Self {
        let lower = |name: &String| name.to_lowercase();
        let mut memberships: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (group, members) in organization.groups.iter().map(|group| &group.members).enumerate() {
            for (place, member) in members.iter().enumerate() {
                memberships.entry(member.user_id.clone()).or_default().push((group, place));
            }
        }
        let mut assignments: HashMap<String, Places> = HashMap::new();
        for (place, one) in organization.assignments.iter().enumerate() {
            let sets = assignments.entry(one.account.clone()).or_default();
            sets.entry(one.permission_set.clone()).or_default().push(place);
        }
        let mut events: HashMap<String, Places> = HashMap::new();
        for (place, event) in organization.events.iter().enumerate() {
            events.entry(event.account.clone()).or_default().entry(event.region.clone()).or_default().push(place);
        }
        for places in events.values_mut().flat_map(HashMap::values_mut) {
            places.sort_by_key(|place| std::cmp::Reverse(organization.events[*place].time));
        }
        Self {
            accounts: single(organization.accounts.iter().map(|account| &account.id)),
            users: single(organization.users.iter().map(|user| &user.id)),
            user_names: several(organization.users.iter().map(|user| lower(&user.user_name))),
            emails: several(organization.users.iter().map(|user| user.emails.first().map(lower).unwrap_or_default())),
            groups: single(organization.groups.iter().map(|group| &group.id)),
            group_names: several(organization.groups.iter().map(|group| lower(&group.display_name))),
            memberships,
            sets: single(organization.permission_sets.iter().map(|set| &set.arn)),
            assignments,
            principals: several(organization.assignments.iter().map(|one| one.principal_id.clone())),
            provisioned_in: several(organization.provisioned.iter().map(|one| one.account.clone())),
            provisioned_of: several(organization.provisioned.iter().map(|one| one.permission_set.clone())),
            events,
            organization,
        }
    }

    /// An account by id.
    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id).map(|place| &self.organization.accounts[*place])
    }

    /// A user by id.
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id).map(|place| &self.organization.users[*place])
    }

    /// Users whose user name is this one but for case.
    pub(crate) fn users_named(&self, name: &str) -> impl Iterator<Item = &User> {
        self.user_names.get(&name.to_lowercase()).into_iter().flatten().map(|place| &self.organization.users[*place])
    }

    /// Users whose primary e-mail is this one but for case.
    pub(crate) fn users_mailed(&self, email: &str) -> impl Iterator<Item = &User> {
        self.emails.get(&email.to_lowercase()).into_iter().flatten().map(|place| &self.organization.users[*place])
    }

    /// A group by id.
    pub(crate) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.get(id).map(|place| &self.organization.groups[*place])
    }

    /// Groups whose display name is this one but for case.
    pub(crate) fn groups_named(&self, name: &str) -> impl Iterator<Item = &Group> {
        self.group_names.get(&name.to_lowercase()).into_iter().flatten().map(|place| &self.organization.groups[*place])
    }

    /// The groups a user is in, each with the membership.
    pub(crate) fn memberships(&self, user_id: &str) -> impl Iterator<Item = (&Group, &Member)> {
        self.memberships.get(user_id).into_iter().flatten().map(|(group, place)| {
            let group = &self.organization.groups[*group];
            (group, &group.members[*place])
        })
    }

    /// Whether a user is in a group.
    pub(crate) fn is_member(&self, group_id: &str, user_id: &str) -> bool {
        let group = self.groups.get(group_id);
        self.memberships.get(user_id).into_iter().flatten().any(|(place, _)| Some(place) == group)
    }

    /// A permission set by ARN.
    pub(crate) fn permission_set(&self, arn: &str) -> Option<&PermissionSet> {
        self.sets.get(arn).map(|place| &self.organization.permission_sets[*place])
    }

    /// Places of the assignments of a permission set in an account.
    pub(crate) fn assignments(&self, account: &str, set: &str) -> &[usize] {
        self.assignments.get(account).and_then(|sets| sets.get(set)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Places of the assignments that name a user or group.
    pub(crate) fn assignments_of(&self, principal: &str) -> &[usize] {
        self.principals.get(principal).map(Vec::as_slice).unwrap_or_default()
    }

    /// Places of what is provisioned in an account.
    pub(crate) fn provisioned_in(&self, account: &str) -> &[usize] {
        self.provisioned_in.get(account).map(Vec::as_slice).unwrap_or_default()
    }

    /// Places of where a permission set is provisioned.
    pub(crate) fn provisioned_of(&self, set: &str) -> &[usize] {
        self.provisioned_of.get(set).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a permission set is provisioned in an account.
    pub(crate) fn is_provisioned(&self, set: &str, account: &str) -> bool {
        self.provisioned_in(account).iter().any(|place| self.organization.provisioned[*place].permission_set == set)
    }

    /// The event history of an account in a Region, newest first.
    pub(crate) fn events(&self, account: &str, region: &str) -> impl Iterator<Item = &Event> {
        let places = self.events.get(account).and_then(|regions| regions.get(region));
        places.into_iter().flatten().map(|place| &self.organization.events[*place])
    }

    /// An instance by ARN.
    pub(crate) fn instance(&self, arn: &str) -> Option<&Instance> {
        self.organization.instances.iter().find(|instance| instance.arn == arn)
    }

    /// The instance that an identity store belongs to, by the store's id or ARN.
    pub(crate) fn instance_of_store(&self, store: &str) -> Option<&Instance> {
        let id = store.rsplit('/').next().unwrap_or(store);
        self.organization.instances.iter().find(|instance| instance.identity_store_id == id)
    }

    /// Whether an instance is the organization's, not an account's own.
    pub(crate) fn is_organization_instance(&self, instance: &Instance) -> bool {
        instance.owner_account_id == self.organization.management_account
    }
}

/// The first place of each key.
fn single<'a>(keys: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (place, key) in keys.enumerate() {
        places.entry(key.clone()).or_insert(place);
    }
    places
}

/// All places of each key.
fn several(keys: impl Iterator<Item = String>) -> Places {
    let mut places = Places::new();
    for (place, key) in keys.enumerate() {
        places.entry(key).or_default().push(place);
    }
    places
}
