//! Reads what the AWS CLI keeps on this machine: its two files and its cache of sign-ins. Tokens leave this module
//! only as [`AccessToken`], which cannot be shown or written.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha1::{Digest, Sha1};

use crate::aws_files::config_file::{self, File};
use crate::aws_files::{AwsFiles, contents};
use crate::evidence::{Content, KeyEnvironment, KeySources, LocalFile, SignIn, SsoConfig, Token};

/// The secret of a sign-in, for the access portal alone.
pub(super) struct AccessToken(String);

impl AccessToken {
    /// For the header in which the portal takes it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// What was found, with the tokens of the sign-ins by the path of their file.
pub(super) struct Found {
    pub(super) config: LocalFile<SsoConfig>,
    pub(super) keys: KeySources,
    pub(super) sign_ins: Vec<SignIn>,
    pub(super) tokens: BTreeMap<String, AccessToken>,
}

/// Reads the files that the AWS CLI would read, and the cache of sign-ins.
pub(super) fn read() -> Found {
    let files = AwsFiles::find();
    let config = contents(files.config.as_deref());
    let credentials = contents(files.credentials.as_deref());
    let keys = KeySources {
        environment: environment(),
        config: config.read().map(|bytes| config_file::key_profiles(bytes, File::Config)).unwrap_or_default(),
        credentials: LocalFile {
            path: files.shown_credentials(),
            content: understood(credentials, |bytes| config_file::key_profiles(bytes, File::Credentials)),
        },
    };
    let config = LocalFile { path: files.shown_config(), content: understood(config, config_file::read) };
    let mut found = Found { config, keys, sign_ins: Vec::new(), tokens: BTreeMap::new() };
    let Some(cache) = files.sign_ins() else { return found };
    let mut names = found.config.content.read().map(kept_under).unwrap_or_default();
    // Where the credentials file says where to sign in, that counts as well.
    let others = found.keys.credentials.content.read().into_iter().flatten();
    names.extend(others.filter_map(|one| Some(one.settings.get("sso_start_url")?.value.clone())));
    let expected: BTreeMap<OsString, String> =
        names.into_iter().map(|name| (format!("{}.json", sha1(&name)).into(), name)).collect();
    let mut cached: BTreeMap<OsString, Option<&String>> = entries(&cache).map(|file| (file, None)).collect();
    cached.extend(expected.iter().map(|(file, name)| (file.clone(), Some(name))));
    for (file, of) in cached {
        let path = cache.join(&file);
        let (content, token) = sign_in(&path);
        // The cache holds registrations of clients too, which are no sign-ins.
        let counts = of.is_some() || !matches!(content, Content::Absent);
        let shown = files.shown(&path);
        if let Some(token) = token {
            found.tokens.insert(shown.clone(), token);
        }
        if counts {
            found.sign_ins.push(SignIn { of: of.cloned(), file: LocalFile { path: shown, content } });
        }
    }
    found
}

fn understood<T>(content: Content<Vec<u8>>, read: impl FnOnce(&[u8]) -> T) -> Content<T> {
    match content {
        Content::Read(bytes) => Content::Read(read(&bytes)),
        Content::Absent => Content::Absent,
        Content::Unreadable { because } => Content::Unreadable { because },
    }
}

/// What the environment says of keys, without a key.
fn environment() -> KeyEnvironment {
    let value = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let named = |name: &str| value(name).map(|value| value.to_string_lossy().into_owned());
    KeyEnvironment {
        access_key: value("AWS_ACCESS_KEY_ID").is_some(),
        secret_key: value("AWS_SECRET_ACCESS_KEY").is_some(),
        web_identity: value("AWS_WEB_IDENTITY_TOKEN_FILE").is_some(),
        profile: named("AWS_PROFILE"),
        default_profile: named("AWS_DEFAULT_PROFILE"),
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = OsString> {
    let names = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.file_name()));
    names.filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "json"))
}

/// The names and start URLs that the AWS CLI keeps sign-ins under.
fn kept_under(config: &SsoConfig) -> Vec<String> {
    let sessions = config.sessions.iter().map(|session| session.name.clone());
    let legacy = config.profiles.iter().filter(|profile| profile.value("sso_session").is_none());
    sessions.chain(legacy.filter_map(|profile| profile.value("sso_start_url").map(str::to_owned))).collect()
}

fn sha1(text: &str) -> String {
    let mut hex = String::with_capacity(40);
    for byte in Sha1::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A file of the cache. What is secret and not needed is not even kept in memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    access_token: Option<String>,
    expires_at: Option<String>,
    start_url: Option<String>,
    region: Option<String>,
    refresh_token: Option<IgnoredAny>,
    client_secret: Option<IgnoredAny>,
    registration_expires_at: Option<String>,
}

/// A sign-in and its token. `Absent`: the file holds none.
fn sign_in(path: &Path) -> (Content<Token>, Option<AccessToken>) {
    let unreadable = |because: String| (Content::Unreadable { because }, None);
    let bytes = match contents(Some(path)) {
        Content::Read(bytes) => bytes,
        Content::Absent => return (Content::Absent, None),
        Content::Unreadable { because } => return unreadable(because),
    };
    let cached: Cached = match serde_json::from_slice(&bytes) {
        Ok(cached) => cached,
        // The error's own text may quote the file, and with it a secret.
        Err(error) => {
            return unreadable(format!(
                "it is not what the AWS CLI writes (line {}, column {})",
                error.line(),
                error.column()
            ));
        }
    };
    let Some(access_token) = cached.access_token.filter(|token| !token.is_empty()) else {
        return (Content::Absent, None);
    };
    let Some(expires) = cached.expires_at.as_deref().and_then(moment) else {
        return unreadable("it does not tell when the sign-in runs out".to_owned());
    };
    let renewable_until = (cached.refresh_token.is_some() && cached.client_secret.is_some())
        .then(|| cached.registration_expires_at.as_deref().and_then(moment))
        .flatten();
    let token = Token { start_url: cached.start_url, region: cached.region, expires, renewable_until };
    (Content::Read(token), Some(AccessToken(access_token)))
}

/// Older versions of the AWS CLI write `UTC` where newer ones write `Z`.
fn moment(text: &str) -> Option<Timestamp> {
    text.strip_suffix("UTC").map(|start| format!("{start}Z")).as_deref().unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cached(text: &str) -> (Content<Token>, Option<String>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let (content, token) = sign_in(file.path());
        (content, token.map(|token| token.reveal().to_owned()))
    }

    #[test]
    fn names_files_as_the_aws_cli_does() {
        // From the AWS SDKs' reference guide and `printf admin | sha1sum`.
        assert_eq!(sha1("admin"), "d033e22ae348aeb5660fc2140aec35850c4da997");
    }

    #[test]
    fn reads_sign_ins_old_and_new() {
        let old = r#"{"startUrl": "u", "region": "r", "accessToken": "t", "expiresAt": "2026-11-22T04:05:45UTC"}"#;
        let expires = "2026-11-22T04:05:45Z".parse().unwrap();
        let token = Token { start_url: Some("u".into()), region: Some("r".into()), expires, renewable_until: None };
        assert_eq!(cached(old), (Content::Read(token.clone()), Some("t".to_owned())));
        let new = r#"{"startUrl": "u", "region": "r", "accessToken": "t", "expiresAt": "2026-11-22T04:05:45Z",
            "clientId": "c", "clientSecret": "s", "registrationExpiresAt": "2027-01-01T00:00:00Z", "refreshToken": "f"}"#;
        let renewable_until = "2027-01-01T00:00:00Z".parse().ok();
        assert_eq!(cached(new).0, Content::Read(Token { renewable_until, ..token }));
        let registration = r#"{"clientId": "c", "clientSecret": "s", "expiresAt": "2027-01-01T00:00:00Z"}"#;
        assert_eq!(cached(registration), (Content::Absent, None));
    }

    #[test]
    fn says_no_secret_of_what_it_cannot_read() {
        for text in [
            "",
            "{",
            r#"{"accessToken": ["secret"]}"#,
            r#""secret""#,
            r#"{"accessToken": "secret", "expiresAt": "secret"}"#,
        ] {
            let (Content::Unreadable { because }, None) = cached(text) else { panic!("{text} is read") };
            assert!(!because.contains("secret"), "{because}");
        }
    }
}
