//! What ends the program before there is an answer. Faults are findings and what could not be read is a gap; neither is
//! an error.

use std::path::PathBuf;

use crate::aws_files::UnknownProfile;
use crate::evidence::{FORMAT_VERSION, Gap, RecordingError};
#[cfg(feature = "store")]
use crate::store::StoreError;
use crate::terraform::PlanError;
use crate::wording::shell::{option, shell};

/// Why there is no answer. Each variant is something that a person can act on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody is signed in.
    #[error("no AWS credentials: {message}")]
    NoCredentials {
        /// What the credential chain says.
        message: String,
        /// The profile that was given.
        profile: Option<String>,
    },
    /// A profile was named that is in neither of the AWS CLI's files.
    #[error(transparent)]
    UnknownProfile(#[from] UnknownProfile),
    /// The credentials have run out or count for nothing.
    #[error("AWS does not accept these credentials ({code}): {message}")]
    BadCredentials {
        /// AWS's code.
        code: String,
        /// AWS's own text.
        message: String,
        /// The profile that was given.
        profile: Option<String>,
    },
    /// The clock of this machine differs so much from AWS's that no signature counts.
    #[error("AWS does not accept what this machine signs, by its clock: {message}")]
    WrongClock {
        /// AWS's own text.
        message: String,
    },
    /// Something between this machine and AWS answers in its place.
    #[error("AWS cannot be reached: {message}")]
    NotFromAws {
        /// What answers, and what helps.
        message: String,
    },
    /// Nothing that is needed first can be connected to.
    #[error("AWS cannot be connected to: {message}")]
    Unreachable {
        /// What went wrong on the way.
        message: String,
    },
    /// An endpoint that the environment names is no address.
    #[error("{variable} is no address: {value}")]
    Endpoint {
        /// The variable.
        variable: String,
        /// What it says.
        value: String,
    },
    /// A Region's name that cannot be one.
    #[error("no Region is named {region:?}")]
    Region {
        /// What was given.
        region: String,
    },
    /// No Identity Center instance is visible.
    #[error("no IAM Identity Center instance is visible from account {account} in {region} or any other Region")]
    NoInstance {
        /// The caller's account.
        account: String,
        /// The Region that was asked.
        region: String,
    },
    /// Only account instances are visible, which hold no permission sets for other accounts.
    #[error("only account instances of IAM Identity Center are visible from account {account}, not the organization's")]
    OnlyAccountInstances {
        /// The caller's account.
        account: String,
        /// The management account, where known.
        management_account: Option<String>,
    },
    /// The organization has no such account.
    #[error("no account of the organization is {typed}")]
    NoSuchAccount {
        /// The id or name, as typed.
        typed: String,
        /// Names close to it.
        close: Vec<String>,
    },
    /// No account of the organization stands under such a unit.
    #[error("no account of the organization stands under an organizational unit {typed}")]
    NoSuchUnit {
        /// The id, as typed.
        typed: String,
        /// Ids close to it.
        close: Vec<String>,
    },
    /// The instance has no such permission set.
    #[error("no permission set is named {typed}")]
    NoSuchPermissionSet {
        /// The name, as typed.
        typed: String,
        /// Names close to it.
        close: Vec<String>,
    },
    /// The identity store has no such user.
    #[error("there is no user {typed} in the identity store")]
    NoSuchUser {
        /// The name, e-mail or id, as typed.
        typed: String,
        /// Names close to it.
        close: Vec<String>,
    },
    /// What the question is about could not be found out.
    #[error("{} was not answered: {}", gap.call, gap.message)]
    Unanswered {
        /// What could not be read.
        gap: Box<Gap>,
    },
    /// Several accounts have the name.
    #[error("{} accounts are named {name}: {}", ids.len(), ids.join(", "))]
    AmbiguousAccount {
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// The certificates named by `AWS_CA_BUNDLE` cannot be used.
    #[error("cannot use the certificates that AWS_CA_BUNDLE names, {}: {message}", path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// Why not.
        message: String,
    },
    /// The configuration file cannot be used.
    #[error("{}{}: {message}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Config {
        /// The file.
        path: PathBuf,
        /// The line that is wrong, from 1; `None` where it is the whole file.
        line: Option<usize>,
        /// What is wrong.
        message: String,
        /// Names close to the one that fits nothing.
        close: Vec<String>,
    },
    /// A recording cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: RecordingError,
    },
    /// The file of an organization cannot be used.
    #[cfg(feature = "store")]
    #[error("cannot use {}: {source}", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: StoreError,
    },
    /// A plan of Terraform cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Plan {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: PlanError,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// No made-up names were found with which the answer stays the same.
    #[error("the case cannot be redacted: with other names its answer would be another; nothing was written")]
    Unredactable,
    /// Under made-up names something of the original would still be there. What it is stays unsaid: the message may be
    /// given away with the file.
    #[error("the case cannot be redacted: its field {field} would still hold a name or an id; nothing was written")]
    StillNamed {
        /// Where, as a path of fields without a name in it.
        field: String,
    },
    /// The system gives no random number to make names from.
    #[error("the case cannot be redacted: the system gives no random number: {0}")]
    Random(String),
    /// The answer cannot be printed.
    #[error("cannot print the answer: {0}")]
    Print(#[from] std::io::Error),
    /// No rule has the name, and no error text known here is like it.
    #[error("no rule is named {asked}, and it is no error text that idc knows")]
    UnknownRule {
        /// What was asked.
        asked: String,
        /// Rules with a close name.
        close: Vec<String>,
    },
    /// USER and ACCOUNT stand in each other's place.
    #[error("USER and ACCOUNT are the wrong way round: {account} is an account, and {user} stands in its place")]
    Swapped {
        /// What stands in the place of the account.
        user: String,
        /// What stands in the place of the user.
        account: String,
        /// What to type.
        command: Option<String>,
    },
    /// A user stands in the place of the account.
    #[error("ACCOUNT is 12 digits, a name, a role's ARN or a link of the access portal; {name} is a user")]
    UserAsAccount {
        /// The user.
        name: String,
        /// What to type.
        command: Option<String>,
    },
    /// A group stands in the place of the user.
    #[error("USER is one person; {name} is a group. Ask about somebody who should get in through it")]
    GroupAsUser {
        /// The group.
        name: String,
        /// What to type.
        command: Option<String>,
    },
    /// The command line asks for something that does not go together.
    #[error("{0}")]
    Usage(String),
}

impl Error {
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
            Self::Store { source, .. } => match source {
                StoreError::Io(source) if source.kind() == std::io::ErrorKind::AlreadyExists => {
                    Some("Files are never overwritten: name another one, or go on with this one by --resume".to_owned())
                }
                StoreError::OtherForm { .. } => Some("Scan again with this version".to_owned()),
                StoreError::NotOurs => Some("Such a file is made by: idc scan --full --record FILE".to_owned()),
                _ => None,
            },
            Self::Plan { source, .. } => Some(match source {
                PlanError::Binary => "Write it as JSON first: terraform show -json PLAN > plan.json".to_owned(),
                PlanError::OtherFormat { .. } => "A newer idc may read it: update this one".to_owned(),
                PlanError::State | PlanError::Other(_) => {
                    "Such a file is made by: terraform plan -out PLAN, then terraform show -json PLAN > plan.json"
                        .to_owned()
                }
            }),
            Self::Write { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Some("Recordings are never overwritten: name another file".to_owned())
            }
            Self::Unredactable | Self::StillNamed { .. } => {
                Some("Record it without --redact, and give the file only to people who may know the names".to_owned())
            }
            Self::Swapped { command, .. } | Self::UserAsAccount { command, .. } | Self::GroupAsUser { command, .. } => {
                command.clone()
            }
            // What helps stands in the message already, where anything does.
            Self::NotFromAws { .. }
            | Self::Read { .. }
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
            Self::Print(_) => "not-printable",
            Self::UnknownRule { .. } => "unknown-rule",
            Self::Swapped { .. } => "swapped-arguments",
            Self::UserAsAccount { .. } => "user-as-account",
            Self::GroupAsUser { .. } => "group-as-user",
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
