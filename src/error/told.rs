//! What is told with an error: what to do about it, its code, and the exit code.

use super::Error;
use crate::evidence::{FORMAT_VERSION, RecordingError};
use crate::input::Encoded;
#[cfg(feature = "store")]
use crate::store::StoreError;
use crate::terraform::PlanError;
use crate::wording::shell::{option, shell};

impl Error {
    /// Whether something that was named does not exist, or is not the only one of its name.
    pub const fn is_of_names(&self) -> bool {
        matches!(
            self,
            Self::NoSuchAccount { .. }
                | Self::NoSuchUnit { .. }
                | Self::NoSuchPermissionSet { .. }
                | Self::NoSuchUser { .. }
                | Self::AmbiguousAccount { .. }
        )
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoCredentials { message, profile } => Some(next_step(message, profile.as_deref())),
            Self::UnknownProfile(unknown) => Some(unknown.hint()),
            Self::BadCredentials { code, profile, .. } => {
                // A key of another partition is one that nobody has in this one.
                let unknown = matches!(code.as_str(), "InvalidClientTokenId" | "UnrecognizedClientException");
                let elsewhere = "; if they are of another partition (GovCloud, China), name a Region of it with --region";
                Some(log_in(profile.as_deref()) + if unknown { elsewhere } else { "" })
            }
            Self::WrongClock { .. } => Some("Set the clock of this machine right, its time zone too, and ask again".to_owned()),
            Self::Unreachable { .. } => Some(
                "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and the endpoint where AWS_ENDPOINT_URL or the \
                 configuration names one"
                    .to_owned(),
            ),
            Self::Endpoint { variable, .. } => {
                Some(format!("It has to begin with http:// or https://; unset {variable} to ask AWS itself"))
            }
            Self::Region { .. } => {
                Some("Give one as in us-east-1 with --region or AWS_REGION, or leave it out".to_owned())
            }
            Self::NoInstance { .. } => Some(
                "Run it with credentials of the organization's management account or of the delegated administrator of \
                 Identity Center, or name the instance's Region with --region"
                    .to_owned(),
            ),
            Self::OnlyAccountInstances { management_account, .. } => Some(match management_account {
                Some(account) => format!(
                    "Permission sets live in the organization's instance: run it with credentials of the management account \
                     {account} or of the delegated administrator"
                ),
                None => "Permission sets live in the organization's instance: run it in the management account".to_owned(),
            }),
            Self::Config { close, .. } => (!close.is_empty()).then(|| format!("Did you mean: {}?", close.join(", "))),
            Self::UnknownRule { close, .. } if !close.is_empty() => Some(format!("Did you mean: {}?", close.join(", "))),
            Self::UnknownRule { .. } => Some("idc explain lists all rules".to_owned()),
            Self::NoSuchAccount { close, .. }
            | Self::NoSuchUnit { close, .. }
            | Self::NoSuchPermissionSet { close, .. }
            | Self::NoSuchUser { close, .. } => {
                (!close.is_empty()).then(|| format!("Did you mean: {}?", close.join(", ")))
            }
            Self::Unanswered { gap } => gap.allow().map(|action| format!("Whoever asks has to be allowed {action}")),
            Self::AmbiguousAccount { .. } => Some("Ask again with the account's id".to_owned()),
            Self::CaBundle { .. } => Some("It has to be a readable file of PEM certificates".to_owned()),
            Self::Recording { source, .. } => Some(match source {
                RecordingError::OtherVersion { found } if *found > FORMAT_VERSION => {
                    "A newer idc wrote it: update this one".to_owned()
                }
                RecordingError::OtherVersion { .. } => {
                    "Record the case again with this version: idc why USER ACCOUNT --record FILE".to_owned()
                }
                RecordingError::Damaged(_) => "If a newer idc wrote it, update this one; else record the case again: \
                     idc why USER ACCOUNT --record FILE"
                    .to_owned(),
                RecordingError::NotARecording(_) => {
                    "A recording is made by: idc why USER ACCOUNT --record FILE".to_owned()
                }
            }),
            #[cfg(feature = "store")]
            Self::Store { source, .. } => of_file(source),
            Self::Plan { source, .. } => Some(match source {
                PlanError::Binary => "Write it as JSON first: terraform show -json PLAN > plan.json".to_owned(),
                PlanError::OtherFormat { .. } => "A newer idc may read it: update this one".to_owned(),
                PlanError::State | PlanError::Other(_) => {
                    "Such a file is made by: terraform plan -out PLAN, then terraform show -json PLAN > plan.json"
                        .to_owned()
                }
            }),
            Self::Read { source, .. } => {
                source.get_ref()?.downcast_ref::<Encoded>().map(|encoded| encoded.command.clone())
            }
            Self::Write { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Some("Recordings are never overwritten: name another file".to_owned())
            }
            Self::Unredactable | Self::StillNamed { .. } => {
                Some("Record it without --redact, and give the file only to people who may know the names".to_owned())
            }
            Self::Swapped { command, .. }
            | Self::UserAsAccount { command, .. }
            | Self::GroupAsUser { command, .. }
            | Self::AccountAsUser { command, .. }
            | Self::AccountAsPerson { command, .. } => command.clone(),
            Self::GroupAsAccount { .. } => Some("idc access USER, for somebody who is in it".to_owned()),
            Self::Begin(_) => Some("It opens up to a dozen files at once; ulimit -n tells how many it may".to_owned()),
            // What helps stands in the message already, where anything does.
            Self::NotFromAws { .. }
            | Self::Write { .. }
            | Self::Random(_)
            | Self::Print(_)
            | Self::Usage(_) => None,
        }
    }

    /// The word by which scripts know it; never used for something else.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoCredentials { .. } => "no-credentials",
            Self::UnknownProfile(_) => "unknown-profile",
            Self::BadCredentials { .. } => "expired-credentials",
            Self::WrongClock { .. } => "wrong-clock",
            Self::NotFromAws { .. } => "not-from-aws",
            Self::Unreachable { .. } => "unreachable",
            Self::Endpoint { .. } => "bad-endpoint",
            Self::Region { .. } => "bad-region",
            Self::NoInstance { .. } => "no-instance",
            Self::OnlyAccountInstances { .. } => "only-account-instances",
            Self::NoSuchAccount { .. } => "account-not-in-organization",
            Self::NoSuchUnit { .. } => "unit-not-in-organization",
            Self::NoSuchPermissionSet { .. } => "permission-set-not-found",
            Self::NoSuchUser { .. } => "user-not-found",
            Self::Unanswered { .. } => "unanswered",
            Self::AmbiguousAccount { .. } => "ambiguous-account",
            Self::CaBundle { .. } => "bad-ca-bundle",
            Self::Config { .. } => "bad-configuration",
            Self::Recording { .. } => "unreadable-recording",
            #[cfg(feature = "store")]
            Self::Store { .. } => "unusable-file",
            Self::Plan { .. } => "unreadable-plan",
            Self::Read { .. } => "unreadable-file",
            Self::Write { .. } => "unwritable-file",
            Self::Unredactable | Self::StillNamed { .. } | Self::Random(_) => "not-redactable",
            Self::Begin(_) => "too-few-files",
            Self::Print(_) => "not-printable",
            Self::UnknownRule { .. } => "unknown-rule",
            Self::Swapped { .. } => "swapped-arguments",
            Self::UserAsAccount { .. } => "user-as-account",
            Self::GroupAsUser { .. } => "group-as-user",
            Self::AccountAsUser { .. } | Self::AccountAsPerson { .. } => "account-as-user",
            Self::GroupAsAccount { .. } => "group-as-account",
            Self::Usage(_) => "usage",
        }
    }

    /// The exit code: 2 where the command line is wrong, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_)
            | Self::Swapped { .. }
            | Self::UserAsAccount { .. }
            | Self::GroupAsUser { .. }
            | Self::AccountAsUser { .. }
            | Self::AccountAsPerson { .. }
            | Self::GroupAsAccount { .. }
            | Self::UnknownRule { .. }
            | Self::Config { .. } => 2,
            Self::NoCredentials { .. }
            | Self::UnknownProfile(_)
            | Self::BadCredentials { .. }
            | Self::WrongClock { .. }
            | Self::NotFromAws { .. }
            | Self::Unreachable { .. }
            | Self::Endpoint { .. }
            | Self::Region { .. }
            | Self::NoInstance { .. }
            | Self::OnlyAccountInstances { .. }
            | Self::NoSuchAccount { .. }
            | Self::NoSuchUnit { .. }
            | Self::NoSuchPermissionSet { .. }
            | Self::NoSuchUser { .. }
            | Self::Unanswered { .. }
            | Self::AmbiguousAccount { .. }
            | Self::CaBundle { .. }
            | Self::Recording { .. }
            | Self::Plan { .. }
            | Self::Read { .. }
            | Self::Write { .. }
            | Self::Unredactable
            | Self::StillNamed { .. }
            | Self::Random(_)
            | Self::Begin(_)
            | Self::Print(_) => 1,
            #[cfg(feature = "store")]
            Self::Store { .. } => 1,
        }
    }
}

/// What to do where there are no credentials, by what their source says.
fn next_step(message: &str, profile: Option<&str>) -> String {
    let named = profile.map(|name| format!(" of profile {name}")).unwrap_or_default();
    let says = |words: &str| message.contains(words);
    if says("external process") || says("credential_process") || says("credential process") {
        return format!("Run the credential_process{named} by hand: it has to print credentials as JSON, and end well");
    }
    if says("HTTP credential provider") {
        return "The container's endpoint for credentials refuses: check AWS_CONTAINER_AUTHORIZATION_TOKEN, or its _FILE, \
                and which role the task or pod has"
            .to_owned();
    }
    if says("sts:AssumeRole") {
        return format!("Check that the role{named} exists, and that its trust policy names whoever assumes it");
    }
    if says("IMDS") {
        return "The instance's metadata gives no credentials: check that the instance has a role".to_owned();
    }
    if says("could not parse profile file") {
        return "Mend ~/.aws/config and ~/.aws/credentials, or the files that AWS_CONFIG_FILE and \
                AWS_SHARED_CREDENTIALS_FILE name: aws configure list shows what is wrong"
            .to_owned();
    }
    if says("was not defined") || says("the profile is not there") {
        return "aws configure list-profiles shows the profiles that there are".to_owned();
    }
    log_in(profile)
}

fn log_in(profile: Option<&str>) -> String {
    match profile {
        Some(name) => format!(
            "Check that the profile is there (aws configure list-profiles), then sign in: aws sso login {}",
            shell(&option("--profile", name))
        ),
        None => {
            "Sign in: aws sso login --profile NAME, and give the profile with --profile NAME or AWS_PROFILE".to_owned()
        }
    }
}

/// What to do about the file of an organization that cannot be used.
#[cfg(feature = "store")]
fn of_file(source: &StoreError) -> Option<String> {
    match source {
        StoreError::Io(source) if source.kind() == std::io::ErrorKind::AlreadyExists => {
            Some("Files are never overwritten: name another one, or go on with this one by --resume".to_owned())
        }
        StoreError::Sqlite(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure) => {
            Some("Check the room on the disk, and how large a file may be there (ulimit -f)".to_owned())
        }
        StoreError::OtherForm { .. } => {
            Some("Read it with the version that wrote it, or scan again with this one".to_owned())
        }
        StoreError::Blank => Some("Go on with it: idc scan --record FILE --resume".to_owned()),
        StoreError::Broken => {
            Some("Copy it again, together with the file of its name and -wal where there is one".to_owned())
        }
        StoreError::LogApart { .. } => {
            Some("Copy both files to a folder that you may write to, and read them there".to_owned())
        }
        StoreError::Busy => Some("Wait until it is done, or work with a copy".to_owned()),
        StoreError::NotOurs => Some("Such a file is made by: idc scan --full --record FILE".to_owned()),
        _ => None,
    }
}
