//! What CloudTrail says of the user's sign-ins, in the account that owns the Identity Center instance.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fact;

/// The events that show somebody signed in: the end of a sign-in, and what only somebody signed in can ask the access
/// portal for. No `AssumeRoleWithSAML` comes without one of the latter.
pub const SUCCESSES: [&str; 3] = ["Federate", "GetRoleCredentials", "UserAuthentication"];

/// One step of a sign-in, or what only somebody signed in can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInEvent {
    /// CloudTrail's event id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Whether it succeeded. Failed sign-ins carry no error code: their own details say so.
    pub succeeded: bool,
    /// `PASSWORD`, `TOTP`, `WEBAUTHN`, `EXTERNAL_IDP`, …; several of them behind commas.
    pub credential: Option<String>,
    /// AWS's words for a failure.
    pub message: Option<String>,
}

/// Failures that CloudTrail ascribes to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unattributed {
    /// How many.
    pub count: usize,
    /// When the newest happened.
    pub newest: Option<Timestamp>,
    /// AWS's words for the newest.
    pub message: Option<String>,
}

/// The events of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInLog {
    /// Every event from here on was read; older ones were not asked for, or left unread.
    pub since: Timestamp,
    /// The user's own, newest first.
    pub events: Vec<SignInEvent>,
    /// Failures that name no user.
    pub unattributed: Unattributed,
    /// How many events of everybody were read.
    pub read: usize,
    /// Whether older events were left unread.
    pub capped: bool,
}

/// What is known of the user's sign-ins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInEvidence {
    /// `CredentialVerification`: a password or a second factor was checked.
    pub verifications: Fact<SignInLog>,
    /// `ExternalIdPDirectoryLogin`: what the external identity provider asserted was checked.
    pub external: Fact<SignInLog>,
    /// What shows that the user got in, by [`SUCCESSES`]; asked for only where the user was refused, and only for the
    /// time since.
    pub successes: BTreeMap<String, Fact<SignInLog>>,
}
