//! What account access manager says: its application, and who is entitled to which role. It needs no permission set and
//! no assignment, so that an account without either may still be open to somebody.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{Fact, Principal};

/// What came of asking for the applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Applications {
    /// Their ARNs; none where the organization does not use account access manager.
    Listed(Vec<String>),
    /// There is no such service at the place asked, so that nobody can be entitled to anything by it.
    NoSuchService {
        /// What was said instead of an answer.
        said: String,
    },
}

/// An application of account access manager: an organization has one, bound to its Identity Center instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// `arn:aws:account-access:<Region>:<account>:application/…`
    pub arn: String,
    /// The ARN of the Identity Center instance that it takes users and groups from.
    #[serde(deserialize_with = "required")]
    pub instance: Option<String>,
    /// `ACTIVE`, `CREATE_IN_PROGRESS`, `CREATE_FAILED`, `DELETE_IN_PROGRESS`, `DELETE_FAILED`, or a value newer than this
    /// program.
    pub status: String,
    /// AWS's code and words for a failure.
    #[serde(deserialize_with = "required")]
    pub error: Option<String>,
}

/// An entitlement: principal → role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// Its id.
    pub id: String,
    /// The user or group.
    pub principal: Principal,
    /// The role that they may assume; any role whose trust policy lets account access manager in.
    pub role_arn: String,
    /// The account of the role, 12 digits.
    pub account: String,
    /// When it was made.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
}

/// What is known of account access manager, whatever the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationFacts {
    /// The applications.
    pub applications: Fact<Applications>,
    /// Each application, by ARN; `None` where it has gone since it was listed.
    pub described: BTreeMap<String, Fact<Option<Application>>>,
}
