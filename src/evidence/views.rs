//! What is known, by subject: the instance, one account, one person. A function that takes one of these views says by its
//! type what its answer can hang on; that of a view of the instance or an account never hangs on a person.

use std::collections::BTreeMap;
use std::ops::Deref;

use jiff::Timestamp;

use super::{
    AccessControlAttributes, AccountFacts, AccountRef, ApplicationFacts, Call, Caller, Colleague, Entitlement,
    Evidence, Fact, Gap, Gaps, Group, InsideFacts, Instance, InstanceDetails, InstanceFacts, Organization,
    OrganizationPolicies, PermissionSetEvidence, Question, Reason, RequestLog, Site, User, UserFacts, choose_instance,
};

/// How and when AWS was asked: what commands repeat, and what people typed.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'e> {
    /// The profile of whoever asks, as it was given.
    pub profile: Option<&'e str>,
    /// The profile for the accounts that are entered, as it was given.
    pub target_profile: Option<&'e str>,
    /// When collecting ended.
    pub collected_at: Timestamp,
    /// The one question that was asked, where it was one: names that were typed stand in for those that are not known.
    pub asked: Option<&'e Evidence>,
}

/// What is known of the instance and its organization, whatever the account.
#[derive(Debug, Clone, Copy)]
pub struct InInstance<'e> {
    facts: &'e InstanceFacts,
    terms: Terms<'e>,
}

/// The same, and what is known of one account, whoever wants to get into it.
#[derive(Debug, Clone, Copy)]
pub struct InAccount<'e> {
    in_instance: InInstance<'e>,
    facts: &'e AccountFacts,
    /// The account as it was typed, where it was.
    typed: Option<&'e AccountRef>,
}

/// What is known of one person.
#[derive(Debug, Clone, Copy)]
pub struct Person<'e> {
    /// The user.
    pub user: &'e UserFacts,
    /// What was typed for them.
    pub typed: &'e str,
}

/// One person before one account, and what narrows the question about them.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'e> {
    /// The account.
    in_account: InAccount<'e>,
    /// What is known of the account.
    pub account: &'e AccountFacts,
    /// What is known of the person.
    pub user: &'e UserFacts,
    typed: &'e str,
    /// What was asked.
    pub question: &'e Question,
    /// The id of the group that was asked about.
    pub asked_group: Option<&'e Fact<Option<String>>>,
}

impl<'e> Deref for Asked<'e> {
    type Target = InAccount<'e>;

    /// What is known of the account holds for everybody before it.
    fn deref(&self) -> &InAccount<'e> {
        &self.in_account
    }
}

impl<'e> Deref for InAccount<'e> {
    type Target = InInstance<'e>;

    /// What is known of the instance holds in each of its accounts.
    fn deref(&self) -> &InInstance<'e> {
        &self.in_instance
    }
}

impl Deref for InInstance<'_> {
    type Target = InstanceFacts;

    fn deref(&self) -> &InstanceFacts {
        self.facts
    }
}

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

impl<'e> InAccount<'e> {
    /// The instance, whatever the account.
    pub const fn in_instance(self) -> InInstance<'e> {
        self.in_instance
    }

    /// The account.
    pub const fn account(self) -> &'e AccountFacts {
        self.facts
    }

    /// What is known whatever the account.
    pub const fn shared(self) -> &'e InstanceFacts {
        self.in_instance.facts
    }

    /// The organization's policies.
    pub const fn policies(self) -> &'e OrganizationPolicies {
        &self.shared().policies
    }

    /// Permission sets provisioned to the management account, where that was asked.
    pub const fn provisioned_in_management(self) -> Option<&'e Fact<Vec<String>>> {
        self.shared().provisioned_in_management.as_ref()
    }

    /// Requests to create assignments.
    pub const fn creation(self) -> &'e RequestLog {
        &self.shared().creation
    }

    /// Requests to delete assignments.
    pub const fn deletion(self) -> &'e RequestLog {
        &self.shared().deletion
    }

    /// Requests to provision permission sets.
    pub const fn provisioning(self) -> &'e RequestLog {
        &self.shared().provisioning
    }

    /// The applications of account access manager.
    pub const fn applications(self) -> &'e ApplicationFacts {
        &self.shared().entitlements
    }

    /// Who is entitled to a role in it, by application.
    pub const fn entitlements(self) -> &'e BTreeMap<String, Fact<Vec<Entitlement>>> {
        &self.facts.entitlements
    }

    /// The account from inside.
    pub const fn inside(self) -> &'e InsideFacts {
        &self.facts.inside
    }

    /// The profile for it, as it was given: commands repeat it.
    pub const fn target_profile(self) -> Option<&'e str> {
        self.in_instance.terms.target_profile
    }

    /// The account's id. `Ok(None)`: there is no such account.
    pub fn account_id(self) -> Result<Option<&'e str>, Gap> {
        match (&self.account().id, self.account().described.known()) {
            (Some(_), Ok(None)) => Ok(None),
            (Some(id), _) => Ok(Some(id)),
            (None, _) => self.shared().accounts.known().map(|_| None),
        }
    }

    /// The account for people: `prod-data (123456789012)`, or as much of it as is known.
    pub fn account_label(self) -> String {
        let described = self.account().described.known().ok().and_then(Option::as_ref);
        match (described.and_then(|account| account.name.as_deref()), &self.facts.id, self.typed) {
            (Some(name), Some(id), _) => format!("{name} ({id})"),
            (None, Some(id), Some(AccountRef::Name(name))) => format!("{name} ({id})"),
            (None, Some(id), Some(AccountRef::Id(_)) | None) => id.clone(),
            (_, None, typed) => typed.map_or_else(String::new, |typed| typed.text().to_owned()),
        }
    }

    /// Whether it is the organization's management account.
    pub fn is_management_account(self) -> bool {
        let management = self.organization().known().ok().and_then(Option::as_ref).map(|org| &org.management_account);
        management.is_some() && management == self.account().id.as_ref()
    }

    /// The account that must allow a call, where it is known.
    pub fn account_of(self, call: Call) -> Option<String> {
        match call.site() {
            Site::Home => self.caller().known().ok().map(|caller| caller.account.clone()),
            Site::Trail => None,
            Site::Target | Site::Both => self.account().id.clone(),
        }
    }

    /// The gap of a question that was left out.
    pub fn unasked(self, call: Call, because: impl Into<String>) -> Gap {
        let (account, message) = (self.account_of(call), because.into());
        Gap { call, account, region: None, reason: Reason::NotAsked, message, answered: false, in_vain: false }
    }
}

impl<'e> Asked<'e> {
    /// The account, whoever wants to get into it.
    pub const fn in_account(self) -> InAccount<'e> {
        self.in_account
    }

    /// What is known of the instance and its organization.
    pub const fn shared(self) -> &'e InstanceFacts {
        self.in_account.shared()
    }

    /// The person.
    pub const fn person(self) -> Person<'e> {
        Person { user: self.user, typed: self.typed }
    }

    /// The person as they were typed.
    pub const fn typed(self) -> &'e str {
        self.typed
    }

    /// The person's id. `Ok(None)`: there is no such user.
    pub fn user_id(self) -> Result<Option<&'e str>, Gaps> {
        self.person().id()
    }

    /// The person's name for people.
    pub fn user_label(self) -> &'e str {
        self.person().label()
    }
}

impl<'e> Person<'e> {
    /// Their id, from the first look-up that found one. `Ok(None)`: there is no such user.
    pub fn id(self) -> Result<Option<&'e str>, Gaps> {
        let mut gaps = Gaps::default();
        for lookup in &self.user.lookups {
            if let Some(Some(id)) = gaps.keep(lookup.found.known()) {
                // An earlier look-up that could not be made would have had precedence.
                gaps.none_or_err()?;
                return Ok(Some(id));
            }
        }
        if self.user.lookups.is_empty() {
            gaps.0.extend(self.user.described.known().err());
        }
        gaps.none_or_err()?;
        Ok(None)
    }

    /// They, where AWS described them.
    pub fn described(self) -> Option<&'e User> {
        self.user.described.known().ok().and_then(Option::as_ref)
    }

    /// Their name for people: the user name, else what was typed.
    pub fn label(self) -> &'e str {
        self.described().and_then(|user| user.user_name.as_deref()).unwrap_or(self.typed)
    }
}

impl Evidence {
    fn terms(&self) -> Terms<'_> {
        Terms {
            profile: self.question.profile.as_deref(),
            target_profile: self.question.target_profile.as_deref(),
            collected_at: self.collected_at,
            asked: Some(self),
        }
    }

    /// The instance, whatever the account.
    pub fn in_instance(&self) -> InInstance<'_> {
        InInstance::new(&self.shared, self.terms())
    }

    /// The account asked about, whoever wants to get into it.
    pub fn in_account(&self) -> InAccount<'_> {
        InAccount { typed: Some(&self.question.account), ..self.in_instance().account(&self.account) }
    }

    /// The person asked about.
    pub fn person(&self) -> Person<'_> {
        Person { user: &self.user, typed: &self.question.user }
    }

    /// The person before the account.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            in_account: self.in_account(),
            account: &self.account,
            user: &self.user,
            typed: &self.question.user,
            question: &self.question,
            asked_group: self.asked_group.as_ref(),
        }
    }

    /// The colleague before the account, where one was named.
    pub fn asked_of_colleague(&self) -> Option<Asked<'_>> {
        let Colleague { asked, user } = self.colleague.as_ref()?;
        Some(Asked { user, typed: asked, ..self.asked() })
    }
}
