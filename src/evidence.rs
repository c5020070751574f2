//! What was asked of AWS and what it answered: plain values, no conclusions. A recording is this, written as JSON.

mod access;
mod call;
mod colleague;
mod entitlements;
mod fact;
mod identity;
mod key_sources;
mod machine;
mod older;
mod policies;
mod question;
mod recording;
#[cfg(test)]
pub(crate) mod sample;
mod sign_in;
mod target;
mod user_attributes;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use access::{
    AccessEvidence, Assignment, Boundary, Elsewhere, PermissionSet, PermissionSetEvidence, PolicyReference, Principal,
    PrincipalType, Request, RequestLog, RequestRow, RequestStatus,
};
pub use call::{Call, Site};
pub use colleague::ColleagueEvidence;
pub use entitlements::{Application, Applications, Entitlement, EntitlementEvidence};
pub use fact::{Fact, Gap, Gaps, Missing, Observed, Reason};
pub use identity::{
    AccessControlAttributes, Account, AccountEvidence, Caller, Group, Instance, InstanceDetails, InstanceRegion,
    LookupBy, Membership, Organization, User, UserEvidence, UserLookup, UserScan,
};
pub use key_sources::{KeyEnvironment, KeyProfile, KeySources};
pub use machine::{
    Content, Flaw, FlawKind, LocalFile, Machine, Oneself, PortalAccount, PortalAnswer, Setting, SignIn, SsoConfig,
    SsoSection, Swallowed, Token,
};
pub use older::{later_parts, unrecorded_parts};
pub use policies::{AttachedPolicy, OrganizationPolicies, PolicyKind, Root, TargetPolicies};
pub use question::{
    AccountRef, Pasted, Question, YOURSELF, is_user_id, permission_set_of_role, session_of_permission_set,
};
use recording::required;
pub use recording::{FORMAT, FORMAT_VERSION, RecordingError, read, to_json};
pub use sign_in::{Anybody, FURTHER_SUCCESSES, SUCCESSES, SignInEvent, SignInEvidence, SignInLog, Unattributed};
pub use target::{
    AssumeRoleEvent, CustomerPolicy, EntryMethod, EventLog, Quotas, Role, RolePolicies, SamlProvider, TargetEntry,
    TargetEvidence,
};
pub use user_attributes::ENTRIES;

/// Everything known about one question, and everything that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was asked.
    pub question: Question,
    /// When collecting ended, by the clock of the machine that asked.
    pub collected_at: Timestamp,
    /// How many requests AWS was sent, repeated ones included.
    pub calls: u32,
    /// Who asked.
    pub caller: Fact<Caller>,
    /// The caller's organization; `None` where the caller's account is in none.
    pub organization: Fact<Option<Organization>>,
    /// The Identity Center instances that the caller can see.
    pub instances: Fact<Vec<Instance>>,
    /// What only `DescribeInstance` tells of the organization's instance.
    pub instance_details: Fact<InstanceDetails>,
    /// The attributes for access control; `None` where none are configured.
    pub attributes: Fact<Option<AccessControlAttributes>>,
    /// The account.
    pub account: AccountEvidence,
    /// The organization's policies above the account.
    pub policies: OrganizationPolicies,
    /// The user.
    pub user: UserEvidence,
    /// The id of the group named by `--group`; `None` where there is no such group.
    #[serde(deserialize_with = "required")]
    pub asked_group: Option<Fact<Option<String>>>,
    /// Groups, by id; `None` where a group no longer exists.
    pub groups: BTreeMap<String, Fact<Option<Group>>>,
    /// Other users that the account is assigned to, by id; `None` where a user no longer exists.
    pub users: BTreeMap<String, Fact<Option<User>>>,
    /// Permission sets, assignments and requests.
    pub access: AccessEvidence,
    /// What the user reaches in other accounts; asked for only where no way into this one was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
    /// Account access manager: the way to an account without a permission set.
    pub entitlements: EntitlementEvidence,
    /// The user's sign-ins.
    pub sign_ins: SignInEvidence,
    /// The target account from inside.
    pub target: TargetEvidence,
    /// The colleague to compare the user with, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colleague: Option<ColleagueEvidence>,
    /// The machine of the person who asks; only where they ask about themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
}

impl Evidence {
    /// The instance that rules over the organization's accounts: the management account's, told from account
    /// instances by its owner (AWS has no field that says which it is). Where the organization cannot be read, an
    /// instance of another account is taken before the caller's own, since that is how a shared one appears.
    pub fn instance(&self) -> Result<&Instance, Gap> {
        let instances = self.instances.known()?;
        choose_instance(instances, self.organization.known().ok(), self.caller.known().ok()).ok_or_else(|| {
            self.instances.unclear("no instance of the organization is visible here, only account instances")
        })
    }

    /// The user's id, from the first look-up that found one. `Ok(None)`: there is no such user.
    pub fn user_id(&self) -> Result<Option<&str>, Gaps> {
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

    /// The account's id. `Ok(None)`: there is no such account.
    pub fn account_id(&self) -> Result<Option<&str>, Gap> {
        match (&self.account.id, self.account.described.known()) {
            (Some(_), Ok(None)) => Ok(None),
            (Some(id), _) => Ok(Some(id)),
            (None, _) => self.account.listed.known().map(|_| None),
        }
    }

    /// The user's name for people: their user name, else what was typed.
    pub fn user_label(&self) -> &str {
        self.user
            .described
            .known()
            .ok()
            .and_then(Option::as_ref)
            .and_then(|user| user.user_name.as_deref())
            .unwrap_or(&self.question.user)
    }

    /// Whether people ask about themselves whose name is not known.
    pub fn is_of_somebody_unnamed(&self) -> bool {
        self.machine.as_ref().is_some_and(|machine| match machine.oneself {
            Some(Oneself::Unnamed) => true,
            Some(Oneself::Named) => false,
            None => self.question.user == YOURSELF,
        })
    }

    /// The account for people: `prod-data (123456789012)`, or as much of it as is known.
    pub fn account_label(&self) -> String {
        let described = self.account.described.known().ok().and_then(Option::as_ref);
        match (described.and_then(|account| account.name.as_deref()), &self.account.id) {
            (Some(name), Some(id)) => format!("{name} ({id})"),
            (None, Some(id)) => match &self.question.account {
                AccountRef::Name(name) => format!("{name} ({id})"),
                AccountRef::Id(_) => id.clone(),
            },
            (_, None) => self.question.account.text().to_owned(),
        }
    }

    /// The permission set's name, or its ARN where the name could not be read.
    pub fn permission_set_label<'a>(&'a self, arn: &'a str) -> &'a str {
        self.permission_set_name(arn).ok().flatten().unwrap_or(arn)
    }

    /// The permission set's name. `Ok(None)`: it does not exist.
    pub fn permission_set_name(&self, arn: &str) -> Result<Option<&str>, Gap> {
        let set = self.permission_set(arn)?.described.known()?;
        Ok(set.as_ref().map(|set| set.name.as_str()))
    }

    /// What is known of a permission set.
    pub fn permission_set(&self, arn: &str) -> Result<&PermissionSetEvidence, Gap> {
        self.access
            .permission_sets
            .get(arn)
            .ok_or_else(|| self.unasked(Call::DescribePermissionSet, format!("permission set {arn} was not described")))
    }

    /// The group's name, or its id where the name could not be read.
    pub fn group_label<'a>(&'a self, id: &'a str) -> &'a str {
        let group = self.groups.get(id).and_then(|fact| fact.known().ok()).and_then(Option::as_ref);
        let asked = || {
            let found = self.asked_group.as_ref()?.known().ok()?.as_deref();
            self.question.group.as_deref().filter(|_| found == Some(id))
        };
        group.and_then(|group| group.name.as_deref()).or_else(asked).unwrap_or(id)
    }

    /// The group. `Ok(None)`: it no longer exists.
    pub fn group(&self, id: &str) -> Result<Option<&Group>, Gap> {
        match self.groups.get(id) {
            Some(fact) => fact.known().map(Option::as_ref),
            None => Err(self.unasked(Call::DescribeGroup, format!("group {id} was not described"))),
        }
    }

    /// Another user that the account is assigned to. `Ok(None)`: they no longer exist.
    pub fn other_user(&self, id: &str) -> Result<Option<&User>, Gap> {
        match self.users.get(id) {
            Some(fact) => fact.known().map(Option::as_ref),
            None => Err(self.unasked(Call::DescribeUser, format!("user {id} was not described"))),
        }
    }

    /// The gap of a question that was left out.
    pub fn unasked(&self, call: Call, because: impl Into<String>) -> Gap {
        let account = self.account_of(call);
        Gap { call, account, region: None, reason: Reason::NotAsked, message: because.into() }
    }

    /// The account that must allow a call, where it is known.
    pub fn account_of(&self, call: Call) -> Option<String> {
        match call.site() {
            Site::Home => self.caller.known().ok().map(|caller| caller.account.clone()),
            Site::Target | Site::Both => self.account.id.clone(),
        }
    }

    /// The partition the organization lives in (`aws`, `aws-us-gov`, …).
    pub fn partition(&self) -> &str {
        self.instance().map_or("aws", Instance::partition)
    }

    /// Whether the account asked about is the organization's management account.
    pub fn is_management_account(&self) -> bool {
        let management = self.organization.known().ok().and_then(Option::as_ref).map(|org| &org.management_account);
        management.is_some() && management == self.account.id.as_ref()
    }
}

/// See [`Evidence::instance`].
pub fn choose_instance<'a>(
    instances: &'a [Instance],
    organization: Option<&Option<Organization>>,
    caller: Option<&Caller>,
) -> Option<&'a Instance> {
    let owned_by = |account: &str| instances.iter().find(|i| i.owner_account.as_deref() == Some(account));
    match organization {
        Some(Some(organization)) => owned_by(&organization.management_account)
            // An instance without an owner cannot be told apart: take it only where it is the only one.
            .or_else(|| instances.first().filter(|i| instances.len() == 1 && i.owner_account.is_none())),
        Some(None) | None => instances
            .iter()
            .find(|i| i.owner_account.is_some() && i.owner_account.as_deref() != caller.map(|c| c.account.as_str()))
            .or_else(|| instances.first()),
    }
}
