//! The data of who may do what where: users, groups, permission sets, assignments, the requests that made them, and
//! account access manager's entitlements.

use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// A user in the identity store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct User {
    /// A GUID, with or without the identity store's prefix.
    pub id: String,
    /// `userName`
    pub user_name: String,
    /// The name people see.
    pub display_name: String,
    /// E-mail addresses; the first is the primary one.
    pub emails: Vec<String>,
    /// `ENABLED` or `DISABLED`; left out of the answer where it is not given.
    pub status: Option<String>,
    /// Identifiers at external identity providers.
    pub external_ids: Vec<ExternalId>,
    /// `Addresses`, as the API writes them.
    pub addresses: Vec<serde_json::Value>,
    /// The enterprise extension, which is told only where it is asked for.
    pub enterprise: Option<serde_json::Value>,
    /// When it was made.
    pub created: Moment,
    /// When it was last changed, and who did it, where it was.
    pub updated: Option<(Moment, String)>,
}

/// A group in the identity store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// A GUID, with or without the identity store's prefix.
    pub id: String,
    /// `displayName`
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Identifiers at external identity providers.
    pub external_ids: Vec<ExternalId>,
    /// When it was made.
    pub created: Moment,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// An identifier at an external identity provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExternalId {
    /// The provider, or the SCIM tenant.
    pub issuer: String,
    /// Its identifier.
    pub id: String,
}

/// A membership of a user in a group.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Member {
    /// The user.
    pub user_id: String,
    /// The membership itself.
    pub membership_id: String,
    /// When the user was added.
    pub created: Moment,
}

/// A permission set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PermissionSet {
    /// `arn:aws:sso:::permissionSet/ssoins-…/ps-…`
    pub arn: String,
    /// 1 to 32 characters.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// ISO 8601, as `PT8H`.
    pub session_duration: String,
    /// Where the console opens.
    pub relay_state: Option<String>,
    /// When it was made.
    pub created: Moment,
    /// ARNs of AWS managed policies.
    pub managed_policies: Vec<String>,
    /// Customer managed policies, by the name and path they must have in each account.
    pub customer_managed_policies: Vec<PolicyReference>,
    /// The inline policy, as text.
    pub inline_policy: Option<String>,
    /// The permissions boundary.
    pub permissions_boundary: Option<Boundary>,
}

impl Default for PermissionSet {
    fn default() -> Self {
        Self {
            arn: String::new(),
            name: String::new(),
            description: None,
            session_duration: "PT8H".into(),
            relay_state: None,
            created: Moment::default(),
            managed_policies: Vec::new(),
            customer_managed_policies: Vec::new(),
            inline_policy: None,
            permissions_boundary: None,
        }
    }
}

/// A customer managed policy as a permission set names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyReference {
    /// Its name, case and all.
    pub name: String,
    /// Its path, `/` or `/…/`.
    pub path: String,
}

impl PolicyReference {
    /// A reference by name and path.
    pub fn new(name: &str, path: &str) -> Self {
        Self { name: name.into(), path: path.into() }
    }
}

/// A permission set's permissions boundary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// A policy in each account.
    CustomerManagedPolicyReference(PolicyReference),
    /// The ARN of an AWS managed policy.
    ManagedPolicyArn(String),
}

/// An assignment of a permission set in an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assignment {
    /// The account's id.
    pub account: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// `USER` or `GROUP`.
    pub principal_type: String,
    /// The user's or group's id, which need not exist any more.
    pub principal_id: String,
}

/// A permission set that stands provisioned in an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provisioned {
    /// The account's id.
    pub account: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// Whether in its latest version.
    pub latest: bool,
}

/// A request to create or delete an assignment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AssignmentRequest {
    /// A GUID.
    pub request_id: String,
    /// `IN_PROGRESS`, `FAILED` or `SUCCEEDED`.
    pub status: String,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// The account's id.
    pub account: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// `USER` or `GROUP`.
    pub principal_type: String,
    /// The user's or group's id.
    pub principal_id: String,
    /// When it was asked.
    pub created: Moment,
}

/// A request to provision a permission set in an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProvisioningRequest {
    /// A GUID.
    pub request_id: String,
    /// `IN_PROGRESS`, `FAILED` or `SUCCEEDED`.
    pub status: String,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// The account's id; empty for a request that went to every provisioned account.
    pub account: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// When it was asked.
    pub created: Moment,
}

/// An account access manager application.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Application {
    /// `arn:aws:account-access:<region>:<account>:application/…`
    pub arn: String,
    /// The Identity Center instance it is bound to.
    pub instance_arn: String,
    /// `CREATE_IN_PROGRESS`, `ACTIVE`, `DELETE_IN_PROGRESS`, `CREATE_FAILED` or `DELETE_FAILED`.
    pub status: String,
    /// An error's code and message.
    pub error: Option<(String, String)>,
    /// When it was made.
    pub created: Moment,
}

/// A user's or group's entitlement to a role, by account access manager.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entitlement {
    /// Its id.
    pub id: String,
    /// The application it belongs to.
    pub application_arn: String,
    /// `USER` or `GROUP`.
    pub principal_type: String,
    /// The user's or group's id.
    pub principal_id: String,
    /// The role.
    pub role_arn: String,
    /// The role's account.
    pub account: String,
    /// When it was made.
    pub created: Moment,
}
