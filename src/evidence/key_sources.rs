//! Where else than from a sign-in credentials come from on a machine: keys in the environment and in files, and roles that
//! profiles assume. Only that a key is there is kept, never the key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{LocalFile, Setting};

/// What the environment and the AWS CLI's two files say of keys and roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySources {
    /// The environment.
    pub environment: KeyEnvironment,
    /// All profiles of the config file. Their `sso_…` settings stand with the rest of that file.
    pub config: Vec<KeyProfile>,
    /// All profiles of the shared credentials file.
    pub credentials: LocalFile<Vec<KeyProfile>>,
}

/// What the environment says of keys and profiles. A variable that is empty counts as one that is not set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEnvironment {
    /// Whether `AWS_ACCESS_KEY_ID` is set.
    pub access_key: bool,
    /// Whether `AWS_SECRET_ACCESS_KEY` is set.
    pub secret_key: bool,
    /// Whether `AWS_WEB_IDENTITY_TOKEN_FILE` is set.
    pub web_identity: bool,
    /// `AWS_PROFILE`
    #[serde(deserialize_with = "required")]
    pub profile: Option<String>,
    /// `AWS_DEFAULT_PROFILE`
    #[serde(deserialize_with = "required")]
    pub default_profile: Option<String>,
}

/// A profile, as one of the two files has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyProfile {
    /// Its name.
    pub name: String,
    /// What stands between the brackets.
    pub header: String,
    /// The header's line, counted from 1.
    pub line: u32,
    /// `role_arn`, `source_profile` and `credential_source`; of the credentials file the `sso_…` settings too.
    pub settings: BTreeMap<String, Setting>,
    /// The lines of settings whose value is nobody's business: keys, and what gives keys.
    pub present: BTreeMap<String, u32>,
}
