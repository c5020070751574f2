//! What CloudTrail says of the user's sign-ins, in the account that owns the Identity Center instance.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::recording::required;
use super::{Call, Fact};

/// The events that show somebody signed in: the end of a sign-in, and what only somebody signed in can ask the access
/// portal for.
pub const SUCCESSES: [&str; 3] = ["Federate", "GetRoleCredentials", "UserAuthentication"];

/// What else only somebody signed in does at the access portal, or the AWS CLI for them; asked for where none of
/// [`SUCCESSES`] shows that they got in.
pub const FURTHER_SUCCESSES: [&str; 5] =
    ["Authenticate", "CreateToken", "ListAccountRoles", "ListAccounts", "ListApplications"];

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
    #[serde(deserialize_with = "required")]
    pub credential: Option<String>,
    /// AWS's words for a failure.
    #[serde(deserialize_with = "required")]
    pub message: Option<String>,
    /// What ties the steps of one attempt together; absent where the event does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
}

/// Failures that CloudTrail ascribes to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unattributed {
    /// How many.
    pub count: usize,
    /// When the newest happened.
    #[serde(deserialize_with = "required")]
    pub newest: Option<Timestamp>,
    /// AWS's words for the newest.
    #[serde(deserialize_with = "required")]
    pub message: Option<String>,
    /// When each happened, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<Timestamp>,
}

/// Whoever signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anybody {
    /// Sign-ins before this were not looked for.
    pub since: Timestamp,
    /// When somebody last signed in; absent where nobody did.
    #[serde(deserialize_with = "required")]
    pub newest: Option<Timestamp>,
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
    /// What shows that the user got in, by [`SUCCESSES`] and [`FURTHER_SUCCESSES`]; asked for only where the user was
    /// refused, and only for the time since.
    pub successes: BTreeMap<String, Fact<SignInLog>>,
    /// Whether anybody signed in; asked for only where the external identity provider keeps failing for nobody knows
    /// whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anybody: Option<Fact<Anybody>>,
    /// The same for each other Region of the instance, which has none elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "other_regions")]
    pub elsewhere: Vec<Self>,
}

/// Reads the other Regions. None is read within another: a file that nests them without end must not exhaust the stack.
fn other_regions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SignInEvidence>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct OtherRegion {
        verifications: Fact<SignInLog>,
        external: Fact<SignInLog>,
        successes: BTreeMap<String, Fact<SignInLog>>,
        #[serde(default)]
        anybody: Option<Fact<Anybody>>,
    }
    let regions = Vec::deserialize(deserializer)?.into_iter();
    let whole = |OtherRegion { verifications, external, successes, anybody }| SignInEvidence {
        verifications,
        external,
        successes,
        anybody,
        elsewhere: Vec::new(),
    };
    Ok(regions.map(whole).collect())
}

impl SignInEvidence {
    /// Nothing was asked.
    pub fn unasked(because: &str) -> Self {
        Self {
            verifications: Fact::not_asked(Call::LookupEvents, because),
            external: Fact::not_asked(Call::LookupEvents, because),
            successes: BTreeMap::new(),
            anybody: None,
            elsewhere: Vec::new(),
        }
    }

    /// What is known of each Region, the primary one first.
    pub fn everywhere(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.elsewhere)
    }

    /// The failures, by what was checked.
    pub const fn failures(&self) -> [&Fact<SignInLog>; 2] {
        [&self.verifications, &self.external]
    }

    /// The Region.
    pub fn region(&self) -> Option<&str> {
        self.verifications.region.as_deref()
    }
}
