//! What ends the program before there is an answer. Faults are findings and what could not be read is a gap; neither is
//! an error.

mod told;
mod unwritable;

use std::path::PathBuf;

use crate::aws_files::UnknownProfile;
use crate::evidence::{Gap, RecordingError};
#[cfg(feature = "store")]
use crate::store::StoreError;
use crate::terraform::PlanError;
#[cfg(feature = "store")]
use unwritable::unusable;
use unwritable::unwritable;

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
    #[error("cannot use {}: {}", path.display(), unusable(path, source))]
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
    #[error("cannot write {}: {}", path.display(), unwritable(path, source))]
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
    /// The system lets the program open too few files at once.
    #[error("cannot begin: {0}")]
    Begin(std::io::Error),
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
    /// The name of the account stands in the place of the user too.
    #[error("USER is one person; {name} is the name of the account. Ask about somebody who should get into it")]
    AccountAsUser {
        /// The account's name, as it was typed.
        name: String,
        /// What to type.
        command: Option<String>,
    },
    /// An account stands in the place of the person whose access is asked about.
    #[error("USER is one person; {name} is an account")]
    AccountAsPerson {
        /// The account, as it was typed.
        name: String,
        /// What to type.
        command: Option<String>,
    },
    /// A group stands in the place of the account.
    #[error("ACCOUNT is 12 digits, a name, a role's ARN or a link of the access portal; {name} is a group")]
    GroupAsAccount {
        /// The group.
        name: String,
    },
    /// The command line asks for something that does not go together.
    #[error("{0}")]
    Usage(String),
}
