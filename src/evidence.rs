//! What was asked of AWS and what it answered: plain values, no conclusions. A recording is this, written as JSON.

mod access;
mod answer;
mod answered;
mod apply;
mod call;
mod checkup;
mod entitlements;
mod fact;
mod facts;
mod history;
mod identity;
mod key_sources;
mod machine;
mod older;
mod place;
mod policies;
mod policy_document;
mod proposed;
mod question;
mod recorded;
mod recording;
#[cfg(test)]
pub(crate) mod sample;
mod scope;
mod sharing;
mod sign_in;
mod snapshot;
mod target;
mod unique;
mod user_attributes;
mod views;

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use access::{
    Assignment, Boundary, Elsewhere, PermissionSet, PermissionSetEvidence, PolicyReference, Principal, PrincipalType,
    Request, RequestKind, RequestLog, RequestRow, RequestStatus, Version,
};
pub use answer::{Answer, Want};
pub use call::{Call, Site};
pub use checkup::Checkup;
pub use entitlements::{Application, ApplicationFacts, Applications, Entitlement};
pub use fact::{Fact, Gap, Gaps, Missing, Observed, Reason};
pub use facts::{AccountFacts, AccountsOf, InstanceFacts, UserFacts, not_entered};
pub use history::{
    Actor, ActorKind, Attribute, Change, ChangeLog, Covered, History, Logged, LookedUp, Named, Outcome, Thing, Tool,
    What, is_logged, logged, read as read_change,
};
pub use identity::{
    AccessControlAttributes, Account, Caller, Group, Instance, InstanceDetails, InstanceRegion, LookupBy, Member,
    Membership, Organization, Touched, User, UserLookup, UserScan,
};
pub use key_sources::{KeyEnvironment, KeyProfile, KeySources};
pub use machine::{
    Content, Flaw, FlawKind, LocalFile, Machine, Oneself, PortalAccount, PortalAnswer, Setting, SignIn, SsoConfig,
    SsoSection, Swallowed, Token,
};
pub use older::{later_parts, unrecorded_parts};
pub use policies::{AttachedPolicy, OrganizationPolicies, PolicyKind, Root, TargetPolicies};
pub use policy_document::PolicyDocument;
pub use proposed::{
    Candidates, Edit, EndedMembership, Fate, GonePolicy, GonePrincipal, MadePrincipal, Proposed, ProposedAssignment,
    ProposedInstance, ProposedMembership, ProposedPolicy, ProposedSet, TakenAssignment, Untold,
};
pub use question::{
    AccountRef, Pasted, Question, Session, YOURSELF, account_and_set_of_role, is_user_id, permission_set_of_role,
    session_in, session_of_permission_set,
};
use recorded::Recorded;
pub(crate) use recording::read_bare;
pub use recording::{FORMAT, FORMAT_VERSION, RecordingError, read, to_json};
pub use scope::{About, Narrowed, Scope};
pub use sharing::Sharing;
pub use sign_in::{Anybody, FURTHER_SUCCESSES, SUCCESSES, SignInEvent, SignInEvidence, SignInLog, Unattributed};
pub use snapshot::Snapshot;
pub use target::{
    AssumeRoleEvent, CustomerPolicy, EntryMethod, EventLog, InsideFacts, LastUsed, Quotas, Role, RolePolicies,
    SamlProvider, TargetEntry,
};
pub use user_attributes::ENTRIES;
pub use views::{Asked, InAccount, InInstance, Person, Terms};

/// Everything known about one question, and everything that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Recorded", into = "Recorded")]
pub struct Evidence {
    /// What was asked.
    pub question: Question,
    /// When collecting ended, by the clock of the machine that asked.
    pub collected_at: Timestamp,
    /// How many requests AWS was sent, repeated ones included.
    pub calls: u32,
    /// The instance and its organization.
    pub shared: InstanceFacts,
    /// The account.
    pub account: AccountFacts,
    /// The user.
    pub user: UserFacts,
    /// The id of the group named by `--group`; `None` where there is no such group.
    pub asked_group: Option<Fact<Option<String>>>,
    /// The colleague to compare the user with, where one was named.
    pub colleague: Option<Colleague>,
    /// The machine of the person who asks; only where they ask about themselves.
    pub machine: Option<Machine>,
    /// What was changed, when and by whom. No rule reads it: it dates what they found.
    pub history: History,
}

/// Whoever the user is compared with. No rule reads it: a comparison explains an answer and never makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The user name, e-mail or user id, as typed.
    pub asked: String,
    /// What is known of them.
    pub user: Box<UserFacts>,
}

impl Deref for Evidence {
    type Target = InstanceFacts;

    /// What is known whatever the account and the user is part of each question's evidence.
    fn deref(&self) -> &InstanceFacts {
        &self.shared
    }
}

impl DerefMut for Evidence {
    fn deref_mut(&mut self) -> &mut InstanceFacts {
        &mut self.shared
    }
}

impl Evidence {
    /// Nothing was asked yet.
    pub fn of_question(question: Question) -> Self {
        Self {
            question,
            collected_at: Timestamp::now(),
            calls: 0,
            shared: InstanceFacts::unasked(),
            account: AccountFacts::unasked(),
            user: UserFacts::unasked(),
            asked_group: None,
            colleague: None,
            machine: None,
            history: History::unasked(),
        }
    }

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
