//! What the AWS CLI of the person who asks has to go by: their config file, their cached sign-ins, and what the access
//! portal answers to these. No token is among it, ever.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{KeySources, Observed};

/// The machine of the person who asks about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// The AWS CLI's config file.
    pub config: LocalFile<SsoConfig>,
    /// The cached sign-ins: one for each session and start URL of the config file, and whatever else the cache holds.
    pub sign_ins: Vec<SignIn>,
    /// What the access portal answers, for each sign-in that still holds.
    pub portal: Vec<PortalAnswer>,
    /// Why Identity Center itself was not asked, where it was not.
    #[serde(deserialize_with = "required")]
    pub organization_unasked: Option<String>,
    /// Whether their name is known; not recorded at first, when one name stood for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oneself: Option<Oneself>,
    /// Where else credentials come from; not looked at at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeySources>,
}

/// Who asks about themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Oneself {
    /// The user whom the question names, by their own word or by their credentials.
    Named,
    /// Somebody whose name is not known.
    Unnamed,
}

/// A file on the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalFile<T> {
    /// Its path, with `~` for the home directory.
    pub path: String,
    /// What is in it.
    pub content: Content<T>,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Content<T> {
    /// This.
    Read(T),
    /// There is no such file.
    Absent,
    /// It could not be read.
    Unreadable {
        /// Why not.
        because: String,
    },
}

impl<T> Content<T> {
    /// What was read.
    pub const fn read(&self) -> Option<&T> {
        match self {
            Self::Read(content) => Some(content),
            Self::Absent | Self::Unreadable { .. } => None,
        }
    }
}

/// The part of a config file that concerns sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SsoConfig {
    /// Profiles with settings for sign-in.
    pub profiles: Vec<SsoSection>,
    /// The `sso-session` sections.
    pub sessions: Vec<SsoSection>,
    /// Sections with settings for sign-in that the AWS CLI passes over, since their header is neither.
    pub passed_over: Vec<SsoSection>,
    /// What keeps the AWS CLI from reading the file at all.
    pub flaws: Vec<Flaw>,
}

/// One section of a config file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SsoSection {
    /// The profile's or session's name; for others the header.
    pub name: String,
    /// What stands between the brackets.
    pub header: String,
    /// The header's line, counted from 1.
    pub line: u32,
    /// The `sso_…` settings; where a session is concerned also those that it must not say otherwise than its profiles.
    pub settings: BTreeMap<String, Setting>,
    /// Indented lines that became part of the value above them, where that or they concern sign-in.
    pub swallowed: Vec<Swallowed>,
}

impl SsoSection {
    /// The value of a setting.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(|setting| setting.value.as_str())
    }
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Its value, as the AWS CLI takes it: with quotes, and with what was meant as a comment behind it.
    pub value: String,
    /// Its line, counted from 1.
    pub line: u32,
    /// The line as it is.
    pub text: String,
}

/// An indented line that the AWS CLI takes for a part of the value above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swallowed {
    /// Its line, counted from 1.
    pub line: u32,
    /// The line as it is, if it concerns sign-in.
    #[serde(deserialize_with = "required")]
    pub text: Option<String>,
    /// The setting whose value it became a part of.
    pub into: String,
}

/// Something that keeps the AWS CLI from reading the file at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flaw {
    /// Its line, counted from 1.
    pub line: u32,
    /// What it is.
    pub kind: FlawKind,
}

/// What keeps the AWS CLI from reading a config file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum FlawKind {
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A byte order mark at the beginning.
    ByteOrderMark,
    /// A line that is no header, before the first header.
    BeforeAnySection,
    /// A line that is neither header, setting nor comment.
    NoEqualsSign,
    /// A second section with the same header.
    DuplicateSection {
        /// The header.
        header: String,
        /// The first one's line.
        first: u32,
    },
    /// A second setting of the same name in one section.
    DuplicateSetting {
        /// The name.
        key: String,
        /// The first one's line.
        first: u32,
    },
}

/// A place in the cache of sign-ins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The session's name or the start URL that the AWS CLI keeps it under; `None` where none in the config file does.
    #[serde(deserialize_with = "required")]
    pub of: Option<String>,
    /// The file, with what it says of the token.
    pub file: LocalFile<Token>,
}

/// What a cached sign-in says of its token, which itself is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The start URL that it was made at.
    #[serde(deserialize_with = "required")]
    pub start_url: Option<String>,
    /// The Region that it was made in.
    #[serde(deserialize_with = "required")]
    pub region: Option<String>,
    /// When it runs out.
    pub expires: Timestamp,
    /// Until when the AWS CLI may renew it by itself, where it may.
    #[serde(deserialize_with = "required")]
    pub renewable_until: Option<Timestamp>,
}

/// What the access portal says to one sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalAnswer {
    /// The sign-in's file.
    pub sign_in: String,
    /// The Region whose portal was asked.
    pub region: String,
    /// The permission sets that it lists for the account. `Known` and empty where it says that there is no access;
    /// `Denied` where it does not take the token.
    pub permission_sets: Observed<Vec<String>>,
    /// All accounts that it lists, where these were asked for.
    #[serde(deserialize_with = "required")]
    pub accounts: Option<Observed<Vec<PortalAccount>>>,
}

/// An account, as the access portal lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalAccount {
    /// 12 digits.
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
}
