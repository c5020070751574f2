//! What is known, by subject: the instance, one account, one person. A function that takes one of these views says by its
//! type what its answer can hang on; that of a view of the instance or an account never hangs on a person.

use std::collections::BTreeMap;
use std::ops::Deref;

use jiff::Timestamp;

use super::{
    AccessControlAttributes, AccountEvidence, AccountRef, Call, Caller, CustomerPolicy, EntitlementEvidence, Evidence,
    Fact, Gap, Gaps, Group, Instance, InstanceDetails, Organization, OrganizationPolicies, PermissionSetEvidence,
    Quotas, Reason, RequestLog, Role, RolePolicies, SamlProvider, Site, TargetEntry, User, UserEvidence,
    choose_instance,
};

/// What is known of the instance and its organization, whatever the account.
#[derive(Debug, Clone, Copy)]
pub struct InInstance<'e> {
    evidence: &'e Evidence,
}

/// The same, and what is known of one account, whoever wants to get into it.
#[derive(Debug, Clone, Copy)]
pub struct InAccount<'e> {
    in_instance: InInstance<'e>,
}

/// What is known of an account from inside.
#[derive(Debug, Clone, Copy)]
pub struct Inside<'e> {
    /// The profile for it, as it was given: commands repeat it.
    pub profile: Option<&'e str>,
    /// With which identity it is read.
    pub entry: &'e Fact<TargetEntry>,
    /// All customer managed policies.
    pub policies: &'e Fact<Vec<CustomerPolicy>>,
    /// All roles of Identity Center.
    pub roles: &'e Fact<Vec<Role>>,
    /// Roles that somebody is entitled to, by the ARN that the entitlement names.
    pub entitled_roles: &'e BTreeMap<String, Fact<Option<Role>>>,
    /// All SAML providers.
    pub saml_providers: &'e Fact<Vec<SamlProvider>>,
    /// Whether each AWS managed policy exists, by ARN.
    pub aws_managed: &'e BTreeMap<String, Fact<Option<String>>>,
    /// What managed policies say, JSON by ARN.
    pub policy_documents: &'e BTreeMap<String, Fact<Option<String>>>,
    /// What the account allows.
    pub quotas: &'e Fact<Quotas>,
    /// The policies that roles carry, by role ARN.
    pub role_policies: &'e BTreeMap<String, RolePolicies>,
}

/// What is known of one person.
#[derive(Debug, Clone, Copy)]
pub struct Person<'e> {
    /// The user.
    pub user: &'e UserEvidence,
    /// What was typed for them.
    pub typed: &'e str,
}

impl<'e> Deref for InAccount<'e> {
    type Target = InInstance<'e>;

    /// What is known of the instance holds in each of its accounts.
    fn deref(&self) -> &InInstance<'e> {
        &self.in_instance
    }
}

impl<'e> InInstance<'e> {
    /// The profile of whoever asks, as it was given: commands repeat it.
    pub fn profile(self) -> Option<&'e str> {
        self.evidence.question.profile.as_deref()
    }

    /// When collecting ended.
    pub const fn collected_at(self) -> Timestamp {
        self.evidence.collected_at
    }

    /// Who asks.
    pub const fn caller(self) -> &'e Fact<Caller> {
        &self.evidence.caller
    }

    /// Their organization.
    pub const fn organization(self) -> &'e Fact<Option<Organization>> {
        &self.evidence.organization
    }

    /// The instances that they can see.
    pub const fn instances(self) -> &'e Fact<Vec<Instance>> {
        &self.evidence.instances
    }

    /// What only `DescribeInstance` tells.
    pub const fn instance_details(self) -> &'e Fact<InstanceDetails> {
        &self.evidence.instance_details
    }

    /// The attributes for access control.
    pub const fn attributes(self) -> &'e Fact<Option<AccessControlAttributes>> {
        &self.evidence.attributes
    }

    /// Whether the caller was answered what only the management account and the delegated administrator are.
    pub fn administers(self) -> bool {
        let access = &self.evidence.access;
        let lists = [&access.provisioned_latest, &access.provisioned_outdated, &access.permission_set_arns];
        self.instance_details().known().is_ok() || lists.iter().any(|list| list.known().is_ok())
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
        self.evidence
            .access
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
        match self.evidence.groups.get(id) {
            Some(fact) => fact.known().map(Option::as_ref),
            None => Err(self.unasked(Call::DescribeGroup, format!("group {id} was not described"))),
        }
    }

    /// The group's name, or its id where the name could not be read.
    pub fn group_label(self, id: &'e str) -> &'e str {
        let group = self.evidence.groups.get(id).and_then(|fact| fact.known().ok()).and_then(Option::as_ref);
        let asked = || {
            let found = self.evidence.asked_group.as_ref()?.known().ok()?.as_deref();
            self.evidence.question.group.as_deref().filter(|_| found == Some(id))
        };
        group.and_then(|group| group.name.as_deref()).or_else(asked).unwrap_or(id)
    }

    /// The user. `Ok(None)`: they no longer exist.
    pub fn user(self, id: &str) -> Result<Option<&'e User>, Gap> {
        match (self.evidence.user.described.known(), self.evidence.users.get(id)) {
            (Ok(Some(user)), _) if user.id == id => Ok(Some(user)),
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
    fn unasked(self, call: Call, because: String) -> Gap {
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
    pub const fn account(self) -> &'e AccountEvidence {
        &self.in_instance.evidence.account
    }

    /// The organization's policies above it.
    pub const fn policies(self) -> &'e OrganizationPolicies {
        &self.in_instance.evidence.policies
    }

    /// Permission sets provisioned to it in their latest version.
    pub const fn provisioned_latest(self) -> &'e Fact<Vec<String>> {
        &self.in_instance.evidence.access.provisioned_latest
    }

    /// Permission sets provisioned to it in an older version.
    pub const fn provisioned_outdated(self) -> &'e Fact<Vec<String>> {
        &self.in_instance.evidence.access.provisioned_outdated
    }

    /// Permission sets provisioned to the management account, where that was asked.
    pub const fn provisioned_in_management(self) -> Option<&'e Fact<Vec<String>>> {
        self.in_instance.evidence.access.provisioned_in_management.as_ref()
    }

    /// Requests to create assignments.
    pub const fn creation(self) -> &'e RequestLog {
        &self.in_instance.evidence.access.creation
    }

    /// Requests to delete assignments.
    pub const fn deletion(self) -> &'e RequestLog {
        &self.in_instance.evidence.access.deletion
    }

    /// Requests to provision permission sets.
    pub const fn provisioning(self) -> &'e RequestLog {
        &self.in_instance.evidence.access.provisioning
    }

    /// Account access manager.
    pub const fn entitlements(self) -> &'e EntitlementEvidence {
        &self.in_instance.evidence.entitlements
    }

    /// The account from inside.
    pub fn inside(self) -> Inside<'e> {
        let Evidence { target, question, .. } = self.in_instance.evidence;
        Inside {
            profile: question.target_profile.as_deref(),
            entry: &target.entry,
            policies: &target.policies,
            roles: &target.roles,
            entitled_roles: &target.entitled_roles,
            saml_providers: &target.saml_providers,
            aws_managed: &target.aws_managed,
            policy_documents: &target.policy_documents,
            quotas: &target.quotas,
            role_policies: &target.role_policies,
        }
    }

    /// The account as it was typed.
    const fn typed(self) -> &'e AccountRef {
        &self.in_instance.evidence.question.account
    }

    /// The account's id. `Ok(None)`: there is no such account.
    pub fn account_id(self) -> Result<Option<&'e str>, Gap> {
        match (&self.account().id, self.account().described.known()) {
            (Some(_), Ok(None)) => Ok(None),
            (Some(id), _) => Ok(Some(id)),
            (None, _) => self.account().listed.known().map(|_| None),
        }
    }

    /// The account for people: `prod-data (123456789012)`, or as much of it as is known.
    pub fn account_label(self) -> String {
        let described = self.account().described.known().ok().and_then(Option::as_ref);
        match (described.and_then(|account| account.name.as_deref()), &self.account().id) {
            (Some(name), Some(id)) => format!("{name} ({id})"),
            (None, Some(id)) => match self.typed() {
                AccountRef::Name(name) => format!("{name} ({id})"),
                AccountRef::Id(_) => id.clone(),
            },
            (_, None) => self.typed().text().to_owned(),
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
            Site::Target | Site::Both => self.account().id.clone(),
        }
    }

    /// The gap of a question that was left out.
    pub fn unasked(self, call: Call, because: impl Into<String>) -> Gap {
        let (account, message) = (self.account_of(call), because.into());
        Gap { call, account, region: None, reason: Reason::NotAsked, message, answered: false, in_vain: false }
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
    /// The instance, whatever the account.
    pub const fn in_instance(&self) -> InInstance<'_> {
        InInstance { evidence: self }
    }

    /// The account asked about, whoever wants to get into it.
    pub const fn in_account(&self) -> InAccount<'_> {
        InAccount { in_instance: self.in_instance() }
    }

    /// The person asked about.
    pub fn person(&self) -> Person<'_> {
        Person { user: &self.user, typed: &self.question.user }
    }
}
