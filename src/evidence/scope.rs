//! What was asked about an organization.

use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{AccountRef, Proposed};

/// A question about an organization, and how AWS was to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What about.
    pub about: About,
    /// The profile of whoever asks, as it was given.
    #[serde(deserialize_with = "required")]
    pub profile: Option<String>,
    /// The role to assume in each account, for reads only.
    #[serde(deserialize_with = "required")]
    pub target_role: Option<String>,
    /// Or a profile whose credentials are in the account.
    #[serde(deserialize_with = "required")]
    pub target_profile: Option<String>,
}

/// What a question about an organization is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// Everything that is broken.
    Everything(Narrowed),
    /// Where assigning permission sets would fail.
    BeforeAssign(Narrowed),
    /// What a plan would come to.
    Planned(Box<Proposed>),
    /// Who can get into an account.
    Account(AccountRef),
    /// Where a person can get in.
    Person(String),
}

/// What of everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrowed {
    /// These accounts alone, as they were typed.
    pub accounts: Vec<String>,
    /// What stands under these organizational units alone.
    pub units: Vec<String>,
    /// These permission sets alone, by name.
    pub permission_sets: Vec<String>,
    /// Who is assigned is read everywhere.
    pub full: bool,
    /// Also where a permission set was never provisioned, however long that takes.
    pub exhaustive: bool,
    /// Also when each role of Identity Center was used last; earlier versions of idc did not ask.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub last_used: bool,
    /// Also who is assigned these, account and permission set's ARN, wherever they are: an older file or a review names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<(String, String)>,
}

impl Scope {
    /// What of everything, where that was asked.
    pub fn narrowed(&self) -> Option<&Narrowed> {
        match &self.about {
            About::Everything(narrowed) | About::BeforeAssign(narrowed) => Some(narrowed),
            About::Planned(_) | About::Account(_) | About::Person(_) => None,
        }
    }
}
