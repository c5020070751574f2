//! What IAM and CloudTrail say in the account that somebody cannot get into.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{Fact, PolicyDocument};

/// How the target account is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryMethod {
    /// By assuming `--target-role`.
    Role,
    /// With the credentials of `--target-profile`.
    Profile,
    /// With the caller's own credentials: they are in this account.
    Own,
}

/// The identity with which the target account is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetEntry {
    /// How.
    pub method: EntryMethod,
    /// The identity's ARN.
    pub arn: String,
}

/// A customer managed policy in the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerPolicy {
    /// Its ARN.
    pub arn: String,
    /// Its name, in the case it was created with.
    pub name: String,
    /// Its path, `/` or `/…/`.
    pub path: String,
    /// The version that counts: `v1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_version: Option<String>,
}

/// When a role was used last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastUsed {
    /// When; `None`: not within the last 400 days, or never.
    #[serde(deserialize_with = "required")]
    pub at: Option<Timestamp>,
    /// When the role was made.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
}

/// A role of Identity Center, under `/aws-reserved/sso.amazonaws.com/`, or one that somebody is entitled to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// Identity Center's are named `AWSReservedSSO_<permission set>_<16 hex digits>`.
    pub name: String,
    /// Identity Center's have `/aws-reserved/sso.amazonaws.com/`, followed by the home Region unless that is us-east-1.
    pub path: String,
    /// When it was created.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
    /// Its trust policy, JSON.
    #[serde(deserialize_with = "required")]
    pub trust_policy: Option<PolicyDocument>,
}

/// A SAML provider of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamlProvider {
    /// Its ARN; Identity Center's are named `AWSSSO_…_DO_NOT_DELETE`.
    pub arn: String,
    /// When it was created.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
    /// Until when its metadata counts.
    #[serde(deserialize_with = "required")]
    pub valid_until: Option<Timestamp>,
}

/// An `AssumeRoleWithSAML` event: AWS STS let somebody into the role, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssumeRoleEvent {
    /// CloudTrail's event id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The role asked for.
    pub role_arn: String,
    /// The SAML provider that vouched.
    #[serde(deserialize_with = "required")]
    pub saml_provider: Option<String>,
    /// The session's name: the user name at that time.
    pub session_name: String,
    /// AWS's error code; absent where it succeeded.
    #[serde(deserialize_with = "required")]
    pub error_code: Option<String>,
    /// AWS's words for it.
    #[serde(deserialize_with = "required")]
    pub error_message: Option<String>,
}

/// What CloudTrail's event history of one Region holds about the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLog {
    /// Events before this were not looked for.
    pub since: Timestamp,
    /// The user's events on roles of Identity Center, newest first.
    pub events: Vec<AssumeRoleEvent>,
    /// How many events of everybody were read.
    pub read: usize,
    /// Whether older events were left unread.
    pub capped: bool,
    /// The oldest event that was read, of whomever, where older ones were left unread: because there are too many, or
    /// because one of the user's says enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back_to: Option<Timestamp>,
    /// The role whose events alone were asked for; absent where those on every role were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// What the account allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotas {
    /// How many managed policies a role may have; absent where IAM does not say.
    #[serde(deserialize_with = "required")]
    pub attached_policies_per_role: Option<u32>,
}

/// The policies that a role carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePolicies {
    /// The ARNs of the managed policies.
    pub attached: Fact<Vec<String>>,
    /// The names of the inline policies.
    pub inline: Fact<Vec<String>>,
    /// What the inline policies say, JSON by name.
    pub documents: BTreeMap<String, Fact<Option<PolicyDocument>>>,
}

/// What is known of an account from inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsideFacts {
    /// With which identity it is read.
    pub entry: Fact<TargetEntry>,
    /// All customer managed policies.
    pub policies: Fact<Vec<CustomerPolicy>>,
    /// All roles of Identity Center.
    pub roles: Fact<Vec<Role>>,
    /// Roles that somebody is entitled to, by the ARN that the entitlement names; `None` where the account has no role of
    /// that name.
    pub entitled_roles: BTreeMap<String, Fact<Option<Role>>>,
    /// All SAML providers.
    pub saml_providers: Fact<Vec<SamlProvider>>,
    /// Whether each AWS managed policy exists, by ARN; holds the policy's name.
    pub aws_managed: BTreeMap<String, Fact<Option<String>>>,
    /// What managed policies say that a session hangs on, JSON by ARN; `None` where a policy has gone since it was listed.
    pub policy_documents: BTreeMap<String, Fact<Option<PolicyDocument>>>,
    /// What the account allows; asked for only where a permission set names policies.
    pub quotas: Fact<Quotas>,
    /// The policies that roles carry, by role ARN.
    pub role_policies: BTreeMap<String, RolePolicies>,
}
