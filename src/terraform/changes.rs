//! What the resources of a plan would do.

use std::collections::BTreeMap;

use serde_json::Value;

use super::references::{Origin, origin};
use super::values::{Told, after, before, principal, references, text};
use super::{File, Resource};
use crate::evidence::{
    Call, Edit, Fate, GonePolicy, PolicyReference, Proposed, ProposedAssignment, ProposedInstance, ProposedPolicy,
    ProposedSet, TakenAssignment, Untold,
};
use crate::wording;

mod contents;
mod people;

const SET: &str = "aws_ssoadmin_permission_set";
const ASSIGNMENT: &str = "aws_ssoadmin_account_assignment";
const CUSTOMER: &str = "aws_ssoadmin_customer_managed_policy_attachment";
const CUSTOMERS: &str = "aws_ssoadmin_customer_managed_policy_attachments_exclusive";
const MANAGED: &str = "aws_ssoadmin_managed_policy_attachment";
const MANAGEDS: &str = "aws_ssoadmin_managed_policy_attachments_exclusive";
const BOUNDARY: &str = "aws_ssoadmin_permissions_boundary_attachment";
const INLINE: &str = "aws_ssoadmin_permission_set_inline_policy";
const POLICY: &str = "aws_iam_policy";
const GROUP: &str = "aws_identitystore_group";
const USER: &str = "aws_identitystore_user";
const MEMBERSHIP: &str = "aws_identitystore_group_membership";
const ATTRIBUTES: &str = "aws_ssoadmin_instance_access_control_attributes";
const ORGANIZATION_POLICY: &str = "aws_organizations_policy";
const ORGANIZATION_POLICY_ATTACHMENT: &str = "aws_organizations_policy_attachment";
/// Resources of another provider that do the same and are not read.
const NOT_READ: [(&str, Call); 2] =
    [("awscc_sso_", Call::ListPermissionSets), ("awscc_identitystore_", Call::ListGroupMemberships)];

/// A plan being read.
struct Reading<'f> {
    file: &'f File,
    plan: Proposed,
    /// The permission sets by their addresses.
    keys: BTreeMap<&'f str, String>,
    /// Whether something is put into a permission set that is not told at all.
    fills_any: bool,
}

/// What the plan would do.
pub(super) fn proposed(file: &File) -> Proposed {
    let mut reading = Reading { file, plan: Proposed::default(), keys: BTreeMap::new(), fills_any: false };
    let is_managed = |one: &&Resource| one.mode == "managed" || one.mode.is_empty();
    let all: Vec<&Resource> = file.resource_changes.iter().flatten().filter(is_managed).collect();
    reading.whole();
    for resource in &all {
        reading.known(resource);
    }
    // What is taken out at one address may be put in at another, whatever their order.
    for resource in all.iter().filter(|one| one.change.ends()) {
        reading.end(resource);
    }
    for resource in all.iter().filter(|one| one.change.begins() && one.deposed.is_none()) {
        reading.begin(resource);
    }
    if reading.fills_any {
        let plan = &mut reading.plan;
        let given = plan.given.iter().flat_map(|given| &given.sets);
        plan.in_part.extend(plan.sets.iter().map(|set| &set.key).chain(given).cloned());
    }
    reading.plan.untold.sort();
    reading.plan.untold.dedup();
    reading.plan
}

impl<'f> Reading<'f> {
    /// Whether the plan is all that will be done.
    fn whole(&mut self) {
        let file = self.file;
        let mut tell = |message: &str| self.untold_of(Call::ListPermissionSets, message.to_owned());
        if file.errored == Some(true) {
            tell("the plan ended with an error, so that it does not hold everything");
        }
        if file.complete == Some(false) {
            tell("the plan is not complete: after it is applied, another one does the rest");
        }
        if !file.deferred_changes.is_empty() {
            let count = wording::count(file.deferred_changes.len(), "change");
            tell(&format!("the plan puts {count} off to another one"));
        }
    }

    fn untold_of(&mut self, call: Call, message: String) {
        self.plan.untold.push(Untold { call, message });
    }

    /// A value that the plan does not tell.
    fn untold(&mut self, call: Call, resource: &Resource, what: &str) {
        let message = format!("the plan does not tell {what} of {} before it is applied", resource.address);
        self.untold_of(call, message);
    }

    /// The permission set of each address, and what no reader of this one is for.
    fn known(&mut self, resource: &'f Resource) {
        let change = &resource.change;
        let does_something = change.ends() || change.begins();
        let other = NOT_READ.iter().find(|(kind, _)| resource.r#type.starts_with(kind));
        if let Some((_, call)) = other.filter(|_| does_something) {
            let message = format!("{} is of another provider than aws, which is not read", resource.address);
            self.untold_of(*call, message);
        }
        if let Some((call, what)) = not_read(resource) {
            self.untold_of(
                call,
                format!("what the plan does with {} is not read: it changes {what}", resource.address),
            );
        }
        let known = ["create", "read", "update", "delete", "no-op", "forget"];
        if ["aws_ssoadmin_", "aws_identitystore_"].iter().any(|kind| resource.r#type.starts_with(kind))
            && let Some(other) = change.actions.iter().find(|one| !known.contains(&one.as_str()))
        {
            let message = format!("what the plan does with {} is a word that is not known: {other}", resource.address);
            self.untold_of(Call::ListPermissionSets, message);
        }
        if resource.r#type.starts_with("aws_ssoadmin_")
            && does_something
            && let Told::Value(Value::String(arn)) =
                after(resource, "instance_arn").or(before(resource, "instance_arn"))
            && self.plan.instances.iter().all(|one| one.arn != *arn)
        {
            self.plan.instances.push(ProposedInstance { arn: arn.clone(), address: resource.address.clone() });
        }
        self.known_principal(resource);
        if resource.r#type != SET || resource.deposed.is_some() {
            return;
        }
        let there = text(after(resource, "arn")).or_else(|| text(before(resource, "arn")));
        let key = if change.does("create") { Some(resource.address.clone()) } else { there.map(str::to_owned) };
        if let Some(key) = key {
            self.keys.insert(&resource.address, key);
        }
    }

    /// The permission set of a key, as the plan leaves it.
    fn set(&mut self, key: &str, address: &str) -> &mut ProposedSet {
        let place = self.plan.sets.iter().position(|set| set.key == key).unwrap_or_else(|| {
            let is_made = self.keys.get(key).is_some_and(|one| one == key);
            self.plan.sets.push(ProposedSet::new(key.to_owned(), if is_made { Fate::Made } else { Fate::Stays }));
            self.plan.sets.len() - 1
        });
        let set = &mut self.plan.sets[place];
        if set.addresses.iter().all(|one| one != address) {
            set.addresses.push(address.to_owned());
        }
        set
    }

    /// The permission sets that a resource is of after the plan: their keys.
    fn sets_of(&mut self, resource: &Resource) -> Origin {
        if let Told::Value(Value::String(arn)) = after(resource, "permission_set_arn") {
            return Origin { addresses: vec![arn.clone()], certain: true };
        }
        let may = |address: &str| self.keys.get(address).is_some_and(|key| key == address);
        let found = origin(self.file, resource, "permission_set_arn", SET, &may);
        if found.addresses.is_empty() {
            self.untold(Call::DescribePermissionSet, resource, "the permission set");
        }
        found
    }

    /// What is there before and not after.
    fn end(&mut self, resource: &Resource) {
        let address = &resource.address;
        let is_deleted = resource.change.does("delete");
        if resource.r#type == SET {
            if let Some(arn) = text(before(resource, "arn")).filter(|_| is_deleted).map(str::to_owned) {
                let name = text(before(resource, "name")).map(str::to_owned);
                let set = self.set(&arn, address);
                (set.fate, set.name) = (Fate::Deleted, name);
            }
            return;
        }
        if is_deleted {
            self.end_of_its_own(resource);
        }
        let Some(arn) = text(before(resource, "permission_set_arn")).map(str::to_owned) else { return };
        match resource.r#type.as_str() {
            ASSIGNMENT if is_deleted => {
                let principal = principal(before(resource, "principal_type"), before(resource, "principal_id"));
                let account = text(before(resource, "target_id")).map(str::to_owned);
                if let (Some(account), Some(principal)) = (account, principal) {
                    let address = address.clone();
                    self.plan.taken.push(TakenAssignment { address, permission_set: arn, account, principal });
                }
            }
            CUSTOMER => {
                let named = references(before(resource, "customer_managed_policy_reference"), None);
                self.set(&arn, address).customer_managed.removed.extend(named.known);
            }
            MANAGED => {
                let named = text(before(resource, "managed_policy_arn")).map(str::to_owned);
                self.set(&arn, address).aws_managed.removed.extend(named);
            }
            BOUNDARY if is_deleted => {
                self.set(&arn, address).boundary = Edit { only: Some(Vec::new()), ..Edit::default() }
            }
            INLINE if is_deleted => self.set(&arn, address).inline = Edit { only: Some(Vec::new()), ..Edit::default() },
            // What a list of its own kind is taken away from keeps what it has.
            _ => {}
        }
    }

    /// What is deleted and may be named elsewhere: policies of accounts, and whoever something is assigned to.
    fn end_of_its_own(&mut self, resource: &Resource) {
        let address = resource.address.clone();
        match resource.r#type.as_str() {
            POLICY => {
                let arn = text(before(resource, "arn")).or_else(|| text(before(resource, "id")));
                let account = arn.and_then(|arn| arn.split(':').nth(4)).map(str::to_owned);
                match (account, arn.and_then(PolicyReference::of_arn)) {
                    (Some(account), Some(policy)) if made_policy(resource).as_ref() != Some(&policy) => {
                        self.plan.gone_policies.push(GonePolicy { address, account, policy });
                    }
                    (Some(_), Some(_)) => {}
                    _ => self.untold(Call::ListPolicies, resource, "which policy is deleted by the change"),
                }
            }
            GROUP | USER => self.end_principal(resource),
            MEMBERSHIP => self.end_membership(resource),
            _ => {}
        }
    }

    /// What is there after and was not before.
    fn begin(&mut self, resource: &Resource) {
        match resource.r#type.as_str() {
            SET => self.begin_set(resource),
            ASSIGNMENT => self.begin_assignment(resource),
            POLICY if resource.change.does("create") => {
                if let Some(policy) = made_policy(resource) {
                    self.plan.policies.push(ProposedPolicy { address: resource.address.clone(), policy });
                }
            }
            MEMBERSHIP => self.begin_membership(resource),
            CUSTOMER | CUSTOMERS | MANAGED | MANAGEDS | BOUNDARY | INLINE => self.begin_content(resource),
            _ => {}
        }
    }

    fn begin_set(&mut self, resource: &Resource) {
        let Some(key) = self.keys.get(resource.address.as_str()).cloned() else { return };
        let name = text(after(resource, "name")).map(str::to_owned);
        if name.is_none() {
            self.untold(Call::DescribePermissionSet, resource, "the name");
        }
        self.set(&key, &resource.address).name = name;
    }

    fn begin_assignment(&mut self, resource: &Resource) {
        let Origin { addresses, certain } = self.sets_of(resource);
        let account = text(after(resource, "target_id")).map(str::to_owned);
        if account.is_none() {
            self.untold(Call::DescribeAccount, resource, "the account");
        }
        let (principal, may_be_for) = self.assigned_to(resource);
        if principal.is_none() && may_be_for.is_empty() {
            self.untold(Call::DescribeGroup, resource, "the user or group");
        }
        for key in &addresses {
            // What only has assignments is not changed by them.
            if self.keys.get(key.as_str()) == Some(key) {
                self.set(key, key);
            }
        }
        let address = resource.address.clone();
        let given = ProposedAssignment { address, sets: addresses, certain, account, principal, may_be_for };
        self.plan.given.push(given);
    }
}

/// The customer managed policy that is there after a change, where it is told.
fn made_policy(resource: &Resource) -> Option<PolicyReference> {
    let name = text(after(resource, "name"))?.to_owned();
    let path = text(after(resource, "path")).unwrap_or("/").to_owned();
    Some(PolicyReference { name, path })
}

/// What a change of something does that has a say in who gets in and is not read; and the call that tells it afterwards.
fn not_read(resource: &Resource) -> Option<(Call, &'static str)> {
    let change = &resource.change;
    if !change.ends() && !change.begins() {
        return None;
    }
    let policies = (Call::ListOrganizationPolicies, "what policies of the organization allow and deny");
    match resource.r#type.as_str() {
        ORGANIZATION_POLICY_ATTACHMENT => Some(policies),
        // One that is made binds nothing until it is attached, and one that is deleted was detached before.
        ORGANIZATION_POLICY if change.does("update") => {
            let is_same = match (before(resource, "content"), after(resource, "content")) {
                (Told::Value(old), Told::Value(new)) => old == new,
                _ => false,
            };
            (!is_same).then_some(policies)
        }
        ATTRIBUTES => Some((
            Call::DescribeInstanceAccessControlAttributeConfiguration,
            "the attributes for access control that sessions carry",
        )),
        _ => None,
    }
}
