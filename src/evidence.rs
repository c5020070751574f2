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
mod views;

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
pub(crate) use recording::read_bare;
use recording::required;
pub use recording::{FORMAT, FORMAT_VERSION, RecordingError, read, to_json};
pub use sign_in::{Anybody, FURTHER_SUCCESSES, SUCCESSES, SignInEvent, SignInEvidence, SignInLog, Unattributed};
pub use target::{
    AssumeRoleEvent, CustomerPolicy, EntryMethod, EventLog, Quotas, Role, RolePolicies, SamlProvider, TargetEntry,
    TargetEvidence,
};
pub use user_attributes::ENTRIES;
pub use views::{InAccount, InInstance, Inside, Person};

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
        self.in_instance().instance()
    }

    /// The user's id, from the first look-up that found one. `Ok(None)`: there is no such user.
    pub fn user_id(&self) -> Result<Option<&str>, Gaps> {
        self.person().id()
    }

    /// The account's id. `Ok(None)`: there is no such account.
    pub fn account_id(&self) -> Result<Option<&str>, Gap> {
        self.in_account().account_id()
    }

    /// The user's name for people: their user name, else what was typed.
    pub fn user_label(&self) -> &str {
        self.person().label()
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
        self.in_account().account_label()
    }

    /// The permission set's name, or its ARN where the name could not be read.
    pub fn permission_set_label<'a>(&'a self, arn: &'a str) -> &'a str {
        self.in_instance().permission_set_label(arn)
    }

    /// The permission set's name. `Ok(None)`: it does not exist.
    pub fn permission_set_name(&self, arn: &str) -> Result<Option<&str>, Gap> {
        self.in_instance().permission_set_name(arn)
    }

    /// What is known of a permission set.
    pub fn permission_set(&self, arn: &str) -> Result<&PermissionSetEvidence, Gap> {
        self.in_instance().permission_set(arn)
    }

    /// The group's name, or its id where the name could not be read.
    pub fn group_label<'a>(&'a self, id: &'a str) -> &'a str {
        self.in_instance().group_label(id)
    }

    /// The group. `Ok(None)`: it no longer exists.
    pub fn group(&self, id: &str) -> Result<Option<&Group>, Gap> {
        self.in_instance().group(id)
    }

    /// Another user that the account is assigned to. `Ok(None)`: they no longer exist.
    pub fn other_user(&self, id: &str) -> Result<Option<&User>, Gap> {
        self.in_instance().user(id)
    }

    /// The gap of a question that was left out.
    pub fn unasked(&self, call: Call, because: impl Into<String>) -> Gap {
        self.in_account().unasked(call, because)
    }

    /// The account that must allow a call, where it is known.
    pub fn account_of(&self, call: Call) -> Option<String> {
        self.in_account().account_of(call)
    }

    /// The partition the organization lives in (`aws`, `aws-us-gov`, …).
    pub fn partition(&self) -> &str {
        self.in_instance().partition()
    }

    /// Whether the account asked about is the organization's management account.
    pub fn is_management_account(&self) -> bool {
        self.in_account().is_management_account()
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
