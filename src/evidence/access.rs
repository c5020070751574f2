//! What Identity Center says about permission sets, assignments and the requests that make them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{Account, Call, Fact, PolicyDocument};

/// `USER` or `GROUP`, as AWS writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PrincipalType {
    /// A user of the identity store.
    #[serde(rename = "USER")]
    User,
    /// A group of the identity store.
    #[serde(rename = "GROUP")]
    Group,
}

impl PrincipalType {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// Who an assignment is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// User or group.
    pub kind: PrincipalType,
    /// Its id, compared verbatim.
    pub id: String,
}

/// An account assignment that stands: principal → permission set → account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The account, 12 digits.
    pub account: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// The user or group.
    pub principal: Principal,
}

/// A permission set's own attributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: String,
    /// Its name, 1 to 32 characters.
    pub name: String,
}

/// A policy that a permission set names and that must exist in every account it is provisioned to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyReference {
    /// The policy's name; compared exactly, case included.
    pub name: String,
    /// Its path; `/` unless it was given.
    pub path: String,
}

impl PolicyReference {
    /// The policy in an account that has this ARN; `None` where it is no policy's.
    pub fn of_arn(arn: &str) -> Option<Self> {
        let (_, resource) = arn.split_once(":policy/")?;
        let (path, name) =
            resource.rsplit_once('/').map_or(("/".to_owned(), resource), |(path, name)| (format!("/{path}/"), name));
        Some(Self { name: name.to_owned(), path })
    }

    /// The name as people see it: with its path unless that is `/`.
    pub fn label(&self) -> String {
        if self.path == "/" { self.name.clone() } else { format!("{}{}", self.path, self.name) }
    }

    /// The policy's ARN in an account.
    pub fn arn(&self, partition: &str, account: &str) -> String {
        format!("arn:{partition}:iam::{account}:policy{}{}", self.path, self.name)
    }
}

/// A permission set's permissions boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Boundary {
    /// A policy that must exist in the account.
    CustomerManaged(PolicyReference),
    /// The ARN of a policy that AWS keeps.
    AwsManaged(String),
}

/// What is known of one permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionSetEvidence {
    /// Its attributes; `None` where it does not exist.
    pub described: Fact<Option<PermissionSet>>,
    /// The ARNs of the AWS managed policies it names.
    pub aws_managed: Fact<Vec<String>>,
    /// Its inline policy, JSON; `None` where it has none.
    pub inline: Fact<Option<PolicyDocument>>,
    /// The customer managed policies it names.
    pub customer_managed: Fact<Vec<PolicyReference>>,
    /// Its permissions boundary; `None` where it has none.
    pub boundary: Fact<Option<Boundary>>,
}

impl PermissionSetEvidence {
    /// Only its attributes: for a permission set that no path of the user's leads through.
    pub fn named(described: Fact<Option<PermissionSet>>) -> Self {
        Self::of_name(described, "no path of the user's leads through this permission set")
    }

    /// Only its attributes, and why nothing else was asked for.
    pub fn of_name(described: Fact<Option<PermissionSet>>, because: &str) -> Self {
        Self {
            described,
            aws_managed: Fact::not_asked(Call::ListManagedPoliciesInPermissionSet, because),
            inline: Fact::not_asked(Call::GetInlinePolicyForPermissionSet, because),
            customer_managed: Fact::not_asked(Call::ListCustomerManagedPolicyReferencesInPermissionSet, because),
            boundary: Fact::not_asked(Call::GetPermissionsBoundaryForPermissionSet, because),
        }
    }
}

/// What a request is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RequestKind {
    /// Creates an account assignment.
    Creation,
    /// Deletes an account assignment.
    Deletion,
    /// Provisions a permission set.
    Provisioning,
}

/// Which of its copies an account has of a permission set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    /// The permission set as it is.
    Latest,
    /// As it was before it was changed.
    Outdated,
}

/// `IN_PROGRESS`, `FAILED` or `SUCCEEDED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RequestStatus {
    /// Still running.
    #[serde(rename = "IN_PROGRESS")]
    InProgress,
    /// Gave up; see the failure reason.
    #[serde(rename = "FAILED")]
    Failed,
    /// Done.
    #[serde(rename = "SUCCEEDED")]
    Succeeded,
}

/// A row of a request list. Rows do not tell what the request was about: each must be described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRow {
    /// The request's id.
    pub id: String,
    /// When it was made.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
}

/// A request to create an assignment or to provision a permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The request's id.
    pub id: String,
    /// Where it stands.
    #[serde(deserialize_with = "required")]
    pub status: Option<RequestStatus>,
    /// AWS's words for a failure; free text.
    #[serde(deserialize_with = "required")]
    pub failure_reason: Option<String>,
    /// The account it is for.
    #[serde(deserialize_with = "required")]
    pub account: Option<String>,
    /// The permission set's ARN.
    #[serde(deserialize_with = "required")]
    pub permission_set: Option<String>,
    /// For whom, where the request creates an assignment.
    #[serde(deserialize_with = "required")]
    pub principal: Option<Principal>,
    /// When it was made.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
}

/// Asynchronous requests of one kind, as far as they were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestLog {
    /// Requests still running.
    pub in_progress: Fact<Vec<RequestRow>>,
    /// Requests that failed.
    pub failed: Fact<Vec<RequestRow>>,
    /// Requests that succeeded; asked for only when a failure might have been mended by one.
    pub succeeded: Fact<Vec<RequestRow>>,
    /// What each was about, by request id.
    pub described: BTreeMap<String, Fact<Option<Request>>>,
    /// How many of the requests that run or failed are listed and not described.
    pub undescribed: usize,
}

impl RequestLog {
    /// Nothing was asked. `call` lists such requests.
    pub fn unasked(call: Call, because: &str) -> Self {
        let list = || Fact::not_asked(call, because);
        Self { in_progress: list(), failed: list(), succeeded: list(), described: BTreeMap::new(), undescribed: 0 }
    }

    /// Whether one of these requests says what it is about. AWS's answers without that are not taken; a recording may hold
    /// one all the same.
    pub fn is_whole(&self, request: &Request) -> bool {
        let says = |text: Option<&String>| text.is_some_and(|text| !text.is_empty());
        let of_an_assignment =
            || says(request.account.as_ref()) && says(request.principal.as_ref().map(|principal| &principal.id));
        let is_of_assignments = self.in_progress.call != Call::ListPermissionSetProvisioningStatus;
        says(request.permission_set.as_ref()) && (!is_of_assignments || of_an_assignment())
    }

    /// How many of the requests that run or failed are listed and not described, counted.
    pub fn unseen(&self) -> usize {
        let lists = [&self.in_progress, &self.failed];
        let rows = lists.into_iter().filter_map(|list| list.known().ok()).flatten();
        rows.filter(|row| !self.described.contains_key(&row.id)).count()
    }
}

/// What the user reaches in other accounts than the one asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// What AWS lists for the user in all accounts, through groups too.
    pub assignments: Fact<Vec<Assignment>>,
    /// Some of these accounts, by id, for their names.
    pub accounts: BTreeMap<String, Fact<Option<Account>>>,
}
