//! The caller's own credentials, got once before anything is asked. What fails here fails every question, so it is told
//! whole and in time: the SDK gives each source five seconds, too few for one that asks a person for a second factor.

use std::error::Error as StdError;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_config::profile::ProfileFileCredentialsProvider;
#[expect(deprecated, reason = "the new names are in a crate that nothing else is needed of")]
use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_types::error::ErrorMetadata;

use super::ask::Time;
use super::failure::chain;
use super::processes;
use crate::aws_files::{self, AwsFiles};

/// How long credentials must still be good for to be used again.
const SPARE: Duration = Duration::from_mins(1);

/// Credentials that were got already, and where others come from once these run out.
#[derive(Debug)]
struct Got {
    credentials: Credentials,
    source: SharedCredentialsProvider,
}

impl ProvideCredentials for Got {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match self.credentials.expiry() {
            Some(end) if end < SystemTime::now() + SPARE => self.source.provide_credentials(),
            Some(_) | None => future::ProvideCredentials::ready(Ok(self.credentials.clone())),
        }
    }
}

/// Gets the credentials, within the time there is. `Err`: why there are none.
pub(super) async fn get(config: &SdkConfig, time: Time) -> Result<SharedCredentialsProvider, String> {
    let source = config.credentials_provider().ok_or("the AWS environment names no source of any")?;
    match tokio::time::timeout_at(time.end, source.provide_credentials()).await {
        Ok(Ok(credentials)) => {
            require_sendable(&credentials)?;
            Ok(SharedCredentialsProvider::new(Got { credentials, source }))
        }
        Ok(Err(error)) if sign_ins_are_lost() => {
            Err(format!("{} (HOME names no folder, so that no sign-in of the AWS CLI is found)", message(&error)))
        }
        Ok(Err(error)) => Err(message(&error)),
        Err(_) => Err(format!("their source did not answer within {} seconds", time.whole.as_secs())),
    }
}

/// Refuses what no header can hold, since the SDK does not: a file with the line ends of Windows is enough for that.
pub(super) fn require_sendable(credentials: &Credentials) -> Result<(), String> {
    let parts = [
        ("access key id", Some(credentials.access_key_id())),
        ("secret access key", Some(credentials.secret_access_key())),
        ("session token", credentials.session_token()),
    ];
    let wrong = |text: &str| text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic());
    match parts.into_iter().find(|(_, text)| text.is_some_and(wrong)) {
        None => Ok(()),
        Some((what, _)) => Err(format!(
            "the {what} is empty, or holds a blank, a line break or another character that none has: is it from a file \
             with the line ends of Windows?"
        )),
    }
}

/// The credentials of a profile that was named outright. As with the AWS CLI it then outranks the environment; the SDK's
/// own chain would prefer the environment, and pass over a profile that is not there.
pub(super) fn of_profile(config: &SdkConfig, name: &str) -> SharedCredentialsProvider {
    let mut settings = ProviderConfig::without_region()
        .with_region(config.region().cloned())
        .with_use_fips(config.use_fips())
        .with_use_dual_stack(config.use_dual_stack());
    if let Some(client) = config.http_client() {
        settings = settings.with_http_client(client);
    }
    let profile = ProfileFileCredentialsProvider::builder().configure(&settings).profile_files(files());
    SharedCredentialsProvider::new(profile.profile_name(name).build())
}

/// The same files for the SDK as for everybody else here: without a home directory it would by itself look for a folder
/// named `~` where it is run. A file that is not there, or that may not be read, counts as empty, as with the AWS CLI.
#[expect(deprecated, reason = "the new name is in a crate that nothing else is needed of")]
pub(super) fn files() -> ProfileFiles {
    let AwsFiles { config, credentials, .. } = AwsFiles::find();
    let mut builder = ProfileFiles::builder();
    for (kind, path) in [(ProfileFileKind::Config, config), (ProfileFileKind::Credentials, credentials)] {
        let readable = path.filter(|path| path.is_file() && File::open(path).is_ok());
        let contents = aws_files::contents(readable.as_deref());
        let text = contents.read().map(|bytes| String::from_utf8_lossy(bytes));
        builder = match (text.and_then(|text| mended(&text, sign_ins_are_lost())), readable) {
            (Some(text), _) => builder.with_contents(kind, text),
            (None, Some(path)) => builder.with_file(kind, path),
            (None, None) => builder.with_contents(kind, ""),
        };
    }
    builder.build()
}

/// Whether the SDK would look for the sign-ins of the AWS CLI where it happens to be run: it takes HOME at its word.
fn sign_ins_are_lost() -> bool {
    std::env::var_os("HOME").is_some_and(|home| !Path::new(&home).is_absolute())
}

/// What the SDK must not read as it stands in one of the files; `None` where it may. A `credential_process` may write
/// secrets on its standard error, which the SDK would put into its messages and its log.
fn mended(text: &str, without_sign_ins: bool) -> Option<String> {
    let mut changed = false;
    let lines = text.lines().filter_map(|line| {
        let key = line.split('=').next().unwrap_or_default().trim_end().to_ascii_lowercase();
        if without_sign_ins && (key.starts_with("sso_") || key == "login_session") {
            changed = true;
            return None;
        }
        match line.split_once('=') {
            Some((name, command)) if cfg!(unix) && key == "credential_process" && !command.trim().is_empty() => {
                changed = true;
                Some(format!("{name}= {}", processes::quiet(command)))
            }
            _ => Some(line.to_owned()),
        }
    });
    let mended = lines.collect::<Vec<_>>().join("\n");
    changed.then_some(mended)
}

/// AWS's own words where a service refused, else the chain of causes. Never an error's `Debug`.
fn message(error: &(dyn StdError + 'static)) -> String {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(said) = error.downcast_ref::<ErrorMetadata>()
            && let Some(message) = said.message()
        {
            return format!("{}: {message}", said.code().unwrap_or("refused"));
        }
        next = error.source();
    }
    let text = chain(error);
    if text.contains("no credentials found in chain") || text.contains("no providers in chain") {
        return "none in the environment, in a profile, in a container or on an instance".to_owned();
    }
    if text == "the credential provider was not enabled" {
        return "the profile is not there, or holds none".to_owned();
    }
    let beginnings = [
        "the credential provider was not enabled: ",
        "an error occurred while loading credentials: ",
        "service error: ",
    ];
    let text = beginnings.iter().fold(text.as_str(), |text, beginning| text.strip_prefix(beginning).unwrap_or(text));
    // What a program wrote may be of many lines.
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sdk_may_read_stays_as_it_is() {
        assert_eq!(mended("[profile a]\nregion = eu-west-1\nsso_session = s\n", false), None);
        let text = "[profile a]\nSSO_session = s\nlogin_session=x\nregion = eu-west-1\n";
        assert_eq!(mended(text, true).as_deref(), Some("[profile a]\nregion = eu-west-1"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_process_of_a_profile_is_another() {
        let text = "[profile a]\nCredential_Process = /bin/get\n  credential_process = nested\ncredential_process =\n";
        let mended = mended(text, false).expect("changed");
        assert!(mended.contains("\nCredential_Process = export "), "{mended}");
        assert!(mended.ends_with("\n  credential_process = nested\ncredential_process ="), "{mended}");
    }
}
