//! The organization that is served, as data: accounts, their tree and policies, Identity Center instances, callers.
//! Everything that can be asked about hangs from [`Organization`]; the parts with a life of their own are in
//! `access`, `account` and `trail`. Names are AWS's own, in snake case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use super::access::{
    Application, Assignment, AssignmentRequest, Boundary, Entitlement, ExternalId, Group, Member, PermissionSet,
    PolicyReference, Provisioned, ProvisioningRequest, User,
};
pub use super::account::{AccountIam, CustomerPolicy, InlinePolicy, Role, SamlProvider};
pub use super::insights::LogGroup;
pub use super::kept::{AthenaTable, EventDataStore};
use super::moment::Moment;
pub use super::trail::{Event, EventResource};

/// A whole AWS organization with IAM Identity Center.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Organization {
    /// `o-…`
    pub id: String,
    /// `aws`, `aws-us-gov`, …
    pub partition: String,
    /// The management ("master") account's id.
    pub management_account: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub feature_set: String,
    /// The account that is delegated administrator for `sso.amazonaws.com`.
    pub delegated_administrator: Option<String>,
    /// The root of the tree.
    pub root: Root,
    /// Organizational units.
    pub units: Vec<OrganizationalUnit>,
    /// Service and resource control policies.
    pub policies: Vec<OrganizationPolicy>,
    /// Every account, the management account too.
    pub accounts: Vec<Account>,
    /// ARNs of the AWS managed policies that exist.
    pub aws_managed_policies: Vec<String>,
    /// Identity Center instances; the one that the management account owns is the organization's.
    pub instances: Vec<Instance>,
    /// Users in the organization instance's identity store.
    pub users: Vec<User>,
    /// Groups there, with their members.
    pub groups: Vec<Group>,
    /// Permission sets of the organization instance.
    pub permission_sets: Vec<PermissionSet>,
    /// Who has which permission set where.
    pub assignments: Vec<Assignment>,
    /// Which permission sets stand provisioned where.
    pub provisioned: Vec<Provisioned>,
    /// Requests to create an assignment.
    pub creation_requests: Vec<AssignmentRequest>,
    /// Requests to delete an assignment.
    pub deletion_requests: Vec<AssignmentRequest>,
    /// Requests to provision a permission set.
    pub provisioning_requests: Vec<ProvisioningRequest>,
    /// The event history of every account and Region.
    pub events: Vec<Event>,
    /// Event data stores of CloudTrail Lake.
    pub event_data_stores: Vec<EventDataStore>,
    /// Log groups of Amazon CloudWatch Logs to which trails write.
    pub log_groups: Vec<LogGroup>,
    /// Tables of Amazon Athena.
    pub tables: Vec<AthenaTable>,
    /// Account access manager applications.
    pub applications: Vec<Application>,
    /// Account access manager entitlements.
    pub entitlements: Vec<Entitlement>,
    /// Ids of accounts that were invited and have not accepted.
    pub invited: Vec<String>,
    /// Callers by access key id.
    pub credentials: BTreeMap<String, Credential>,
    /// The access key that is handed out for a token, by the access portal, a container or an instance.
    pub handed_out: BTreeMap<String, String>,
}

/// The root of an organization.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Root {
    /// `r-…`
    pub id: String,
    /// `Root`
    pub name: String,
    /// Policy types by name, and whether each is `ENABLED`, `PENDING_ENABLE` or `PENDING_DISABLE`.
    pub policy_types: BTreeMap<String, String>,
}

/// An organizational unit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationalUnit {
    /// `ou-…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of the unit or root above.
    pub parent: String,
}

/// A policy of AWS Organizations.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationPolicy {
    /// `p-…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `SERVICE_CONTROL_POLICY` or `RESOURCE_CONTROL_POLICY`.
    pub policy_type: String,
    /// Whether AWS wrote it.
    pub aws_managed: bool,
    /// The policy document.
    pub content: Value,
    /// Ids of roots, units and accounts it is attached to; `*` is all of them.
    pub targets: Vec<String>,
}

/// An account of the organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Account {
    /// 12 digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its root user's e-mail.
    pub email: String,
    /// `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` or `CLOSED`.
    pub state: String,
    /// The retired member `Status`; left out of answers unless it is given here.
    pub status: Option<String>,
    /// `INVITED` or `CREATED`.
    pub joined_method: String,
    /// When it joined.
    pub joined: Moment,
    /// The id of the unit or root it is in; the root where empty.
    pub parent: String,
    /// Names of roles which may be assumed there although `iam` does not list them.
    pub assumable_roles: Vec<String>,
    /// What IAM holds there.
    pub iam: AccountIam,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            email: String::new(),
            state: "ACTIVE".into(),
            status: None,
            joined_method: "CREATED".into(),
            joined: Moment::default(),
            parent: String::new(),
            assumable_roles: Vec::new(),
            iam: AccountIam::default(),
        }
    }
}

/// An instance of IAM Identity Center.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Instance {
    /// `arn:aws:sso:::instance/ssoins-…`
    pub arn: String,
    /// `d-…`
    pub identity_store_id: String,
    /// The management account for an organization instance, else the account that made it.
    pub owner_account_id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Moment,
    /// `CREATE_IN_PROGRESS`, `CREATE_FAILED`, `DELETE_IN_PROGRESS` or `ACTIVE`.
    pub status: String,
    /// Why, where the status is not good.
    pub status_reason: Option<String>,
    /// The Region it lives in.
    pub primary_region: String,
    /// The Regions it is replicated to, beside the primary one.
    pub additional_regions: Vec<InstanceRegion>,
    /// Whether permission sets work; left out of the answer where it is not given.
    pub permission_sets_enabled: Option<bool>,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// Where callers must come from.
    pub network_configuration: Option<NetworkConfiguration>,
    /// Attributes for access control.
    pub access_control_attributes: Option<AccessControlAttributes>,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            arn: String::new(),
            identity_store_id: String::new(),
            owner_account_id: String::new(),
            name: String::new(),
            created: Moment::default(),
            status: "ACTIVE".into(),
            status_reason: None,
            primary_region: "us-east-1".into(),
            additional_regions: Vec::new(),
            permission_sets_enabled: Some(true),
            encryption: Encryption::default(),
            network_configuration: None,
            access_control_attributes: None,
        }
    }
}

/// A Region to which an instance is replicated.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstanceRegion {
    /// `eu-west-1`
    pub name: String,
    /// `ACTIVE`, `ADDING` or `REMOVING`.
    pub status: String,
    /// When it was added.
    pub added: Moment,
}

/// How an instance is encrypted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Encryption {
    /// `AWS_OWNED_KMS_KEY` or `CUSTOMER_MANAGED_KEY`.
    pub key_type: String,
    /// The customer's key.
    pub kms_key_arn: Option<String>,
    /// `UPDATING`, `ENABLED` or `UPDATE_FAILED`.
    pub status: String,
    /// Why, where the status is not good.
    pub status_reason: Option<String>,
}

impl Default for Encryption {
    fn default() -> Self {
        Self { key_type: "AWS_OWNED_KMS_KEY".into(), kms_key_arn: None, status: "ENABLED".into(), status_reason: None }
    }
}

/// Where callers of an instance and its identity store must come from.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkConfiguration {
    /// Whether only VPC endpoints may be used.
    pub vpce_access_required: bool,
    /// VPCs that may call.
    pub restrict_source_vpcs: Vec<String>,
    /// Address ranges that may call.
    pub allow_source_ips: Vec<String>,
}

/// The attributes for access control of an instance.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessControlAttributes {
    /// `ENABLED`, `CREATION_IN_PROGRESS` or `CREATION_FAILED`.
    pub status: String,
    /// Why, where the status is not good.
    pub status_reason: Option<String>,
    /// Session tag keys and the identity store attribute each takes, as `${path:userName}`.
    pub attributes: BTreeMap<String, String>,
}

/// Who an access key belongs to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credential {
    /// The caller's account.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
    /// The caller's unique id, as `sts:GetCallerIdentity` tells it.
    pub user_id: String,
}
