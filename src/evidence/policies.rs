//! What AWS Organizations says of the policies above an account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{Call, Fact, PolicyDocument};

/// The two kinds of policy that decide what may be done in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PolicyKind {
    /// Bounds what identities of the account may do.
    ServiceControl,
    /// Bounds what may be done with the account's resources, by whomever.
    ResourceControl,
}

impl PolicyKind {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceControl => "SERVICE_CONTROL_POLICY",
            Self::ResourceControl => "RESOURCE_CONTROL_POLICY",
        }
    }

    /// The word for it in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
        }
    }
}

/// The root of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// `r-…`
    pub id: String,
    /// The kinds of policy that are or were switched on: `ENABLED`, `PENDING_ENABLE`, `PENDING_DISABLE`, or a value
    /// newer than this program.
    pub policy_types: BTreeMap<String, String>,
}

/// A policy as the list of those attached to a target shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachedPolicy {
    /// `p-…`
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
    /// Whether AWS wrote it.
    pub aws_managed: bool,
}

/// The policies attached directly to a root, a unit or an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetPolicies {
    /// Service control policies.
    pub service_control: Fact<Vec<AttachedPolicy>>,
    /// Resource control policies.
    pub resource_control: Fact<Vec<AttachedPolicy>>,
}

impl TargetPolicies {
    /// Those of one kind.
    pub const fn of(&self, kind: PolicyKind) -> &Fact<Vec<AttachedPolicy>> {
        match kind {
            PolicyKind::ServiceControl => &self.service_control,
            PolicyKind::ResourceControl => &self.resource_control,
        }
    }
}

/// What is known of the policies above the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationPolicies {
    /// The root, with the kinds of policy that are switched on.
    pub roots: Fact<Vec<Root>>,
    /// What stands directly above an account or a unit, by its id; asked for where the account's path is not known.
    pub parents: BTreeMap<String, Fact<String>>,
    /// What is attached to the account and to everything above it, by target id.
    pub attached: BTreeMap<String, TargetPolicies>,
    /// The documents of those policies that AWS did not write, JSON, by policy id.
    pub documents: BTreeMap<String, Fact<PolicyDocument>>,
}

impl OrganizationPolicies {
    /// Nothing was asked.
    pub fn unasked(because: &str) -> Self {
        Self {
            roots: Fact::not_asked(Call::ListRoots, because),
            parents: BTreeMap::new(),
            attached: BTreeMap::new(),
            documents: BTreeMap::new(),
        }
    }
}
