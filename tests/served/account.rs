//! The data of IAM in one account, as far as a permission set touches it: roles, policies, SAML providers, quotas.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::moment::Moment;

/// What IAM holds in one account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountIam {
    /// Customer managed policies.
    pub policies: Vec<CustomerPolicy>,
    /// Roles.
    pub roles: Vec<Role>,
    /// SAML providers.
    pub saml_providers: Vec<SamlProvider>,
    /// Numbers of the account summary that differ from AWS's defaults.
    pub summary: BTreeMap<String, i64>,
}

/// A customer managed policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerPolicy {
    /// Its name, as it was written when the policy was made.
    pub name: String,
    /// Its path.
    pub path: String,
    /// Its default version's document.
    pub document: Value,
    /// When it was made.
    pub created: Moment,
}

impl Default for CustomerPolicy {
    fn default() -> Self {
        Self { name: String::new(), path: "/".into(), document: Value::Null, created: Moment::default() }
    }
}

/// A role.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Role {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Moment,
    /// The trust policy, as text, so that it can be a broken one.
    pub trust_policy: String,
    /// ARNs of attached policies.
    pub attached_policies: Vec<String>,
    /// Inline policies.
    pub inline_policies: Vec<InlinePolicy>,
    /// The ARN of the permissions boundary.
    pub permissions_boundary: Option<String>,
    /// When and in which Region it was last used.
    pub last_used: Option<(Moment, String)>,
    /// In seconds.
    pub max_session_duration: Option<u32>,
}

/// An inline policy of a role.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InlinePolicy {
    /// Its name.
    pub name: String,
    /// Its document, as text.
    pub document: String,
}

/// A SAML provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SamlProvider {
    /// `AWSSSO_…_DO_NOT_DELETE` for Identity Center's own.
    pub name: String,
    /// When it was made.
    pub created: Moment,
    /// When its certificate ends.
    pub valid_until: Option<Moment>,
}
