//! What the view of the instance tells.

use jiff::Timestamp;

use super::{InAccount, InInstance, Terms};
use crate::evidence::{
    AccessControlAttributes, AccountFacts, Call, Caller, Evidence, Fact, Gap, Group, Instance, InstanceDetails,
    InstanceFacts, Organization, PermissionSetEvidence, Reason, User, choose_instance,
};

impl<'e> InInstance<'e> {
    /// What AWS said, and how it was asked.
    pub const fn new(facts: &'e InstanceFacts, terms: Terms<'e>) -> Self {
        Self { facts, terms }
    }

    /// An account of the organization.
    pub const fn account(self, facts: &'e AccountFacts) -> InAccount<'e> {
        InAccount { in_instance: self, facts, typed: None }
    }

    /// The profile of whoever asks, as it was given: commands repeat it.
    pub fn profile(self) -> Option<&'e str> {
        self.terms.profile
    }

    /// When collecting ended.
    pub const fn collected_at(self) -> Timestamp {
        self.terms.collected_at
    }

    /// Who asks.
    pub const fn caller(self) -> &'e Fact<Caller> {
        &self.facts.caller
    }

    /// Their organization.
    pub const fn organization(self) -> &'e Fact<Option<Organization>> {
        &self.facts.organization
    }

    /// The instances that they can see.
    pub const fn instances(self) -> &'e Fact<Vec<Instance>> {
        &self.facts.instances
    }

    /// What only `DescribeInstance` tells.
    pub const fn instance_details(self) -> &'e Fact<InstanceDetails> {
        &self.facts.instance_details
    }

    /// The attributes for access control.
    pub const fn attributes(self) -> &'e Fact<Option<AccessControlAttributes>> {
        &self.facts.attributes
    }

    /// Whether the caller was answered what only the management account and the delegated administrator are.
    pub fn administers(self) -> bool {
        let listed = self.facts.permission_set_arns.known().is_ok();
        let told = |evidence: &Evidence| {
            let AccountFacts { provisioned_latest, provisioned_outdated, .. } = &evidence.account;
            provisioned_latest.known().is_ok() || provisioned_outdated.known().is_ok()
        };
        listed || self.instance_details().known().is_ok() || self.terms.asked.is_some_and(told)
    }

    /// See [`Evidence::instance`].
    pub fn instance(self) -> Result<&'e Instance, Gap> {
        let instances = self.instances().known()?;
        choose_instance(instances, self.organization().known().ok(), self.caller().known().ok()).ok_or_else(|| {
            self.instances().unclear("no instance of the organization is visible here, only account instances")
        })
    }

    /// The partition the organization lives in (`aws`, `aws-us-gov`, …).
    pub fn partition(self) -> &'e str {
        self.instance().map_or("aws", Instance::partition)
    }

    /// What is known of a permission set.
    pub fn permission_set(self, arn: &str) -> Result<&'e PermissionSetEvidence, Gap> {
        self.facts
            .permission_sets
            .get(arn)
            .ok_or_else(|| self.unasked(Call::DescribePermissionSet, format!("permission set {arn} was not described")))
    }

    /// The permission set's name. `Ok(None)`: it does not exist.
    pub fn permission_set_name(self, arn: &str) -> Result<Option<&'e str>, Gap> {
        let set = self.permission_set(arn)?.described.known()?;
        Ok(set.as_ref().map(|set| set.name.as_str()))
    }

    /// The permission set's name, or its ARN where the name could not be read.
    pub fn permission_set_label(self, arn: &'e str) -> &'e str {
        self.permission_set_name(arn).ok().flatten().unwrap_or(arn)
    }

    /// The group. `Ok(None)`: it no longer exists.
    pub fn group(self, id: &str) -> Result<Option<&'e Group>, Gap> {
        match self.facts.groups.get(id) {
            Some(fact) => fact.known().map(Option::as_ref),
            None => Err(self.unasked(Call::DescribeGroup, format!("group {id} was not described"))),
        }
    }

    /// The group's name, or its id where the name could not be read.
    pub fn group_label(self, id: &'e str) -> &'e str {
        let group = self.facts.groups.get(id).and_then(|fact| fact.known().ok()).and_then(Option::as_ref);
        let asked = || {
            let Evidence { question, asked_group, .. } = self.terms.asked?;
            let found = asked_group.as_ref()?.known().ok()?.as_deref();
            question.group.as_deref().filter(|_| found == Some(id))
        };
        group.and_then(|group| group.name.as_deref()).or_else(asked).unwrap_or(id)
    }

    /// The user. `Ok(None)`: they no longer exist.
    pub fn user(self, id: &str) -> Result<Option<&'e User>, Gap> {
        let asked = self.terms.asked.and_then(|evidence| evidence.person().described());
        match (asked, self.facts.users.get(id)) {
            (Some(user), _) if user.id == id => Ok(Some(user)),
            (_, Some(fact)) => fact.known().map(Option::as_ref),
            (_, None) => Err(self.unasked(Call::DescribeUser, format!("user {id} was not described"))),
        }
    }

    /// The user's name, or their id where the name could not be read.
    pub fn user_label(self, id: &'e str) -> &'e str {
        let user = self.user(id).ok().flatten();
        user.and_then(|user| user.user_name.as_deref()).unwrap_or(id)
    }

    /// The gap of a question about the instance that was left out.
    pub fn unasked(self, call: Call, because: String) -> Gap {
        let account = self.caller().known().ok().map(|caller| caller.account.clone());
        Gap { call, account, region: None, reason: Reason::NotAsked, message: because, answered: false, in_vain: false }
    }
}
