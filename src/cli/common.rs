//! Options that more than one command has.

use std::time::Duration;

use clap::{Args, ValueEnum};
use clap_complete::ArgValueCandidates;

use super::{completions, named, timeout};

/// Options of every command that reads AWS.
#[derive(Debug, Args)]
#[command(next_help_heading = "AWS")]
pub struct Aws {
    /// Credentials for the management account or the Identity Center delegated administrator
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE", add = ArgValueCandidates::new(completions::profiles), value_parser = named)]
    pub profile: Option<String>,

    /// Where to look first; the instance's primary Region is found by itself
    #[arg(long, value_name = "REGION", env = "AWS_REGION")]
    pub region: Option<String>,

    /// Role to assume in the target account, for reads only
    #[arg(long, value_name = "NAME-or-ARN", env = "IDC_TARGET_ROLE", conflicts_with = "target_profile", value_parser = named)]
    pub target_role: Option<String>,

    /// Or: a profile whose credentials are already in the target account
    #[arg(long, value_name = "NAME", env = "IDC_TARGET_PROFILE", add = ArgValueCandidates::new(completions::profiles), value_parser = named)]
    pub target_profile: Option<String>,

    /// Stop collecting after this long and answer from what is known
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = timeout)]
    pub timeout: Duration,
}

/// How answers look.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Form of the answer
    #[arg(short, long, value_name = "FORM", env = "IDC_OUTPUT", default_value = "table")]
    pub output: Form,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// The verdict line only
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Every check with its evidence, and each request as it is made; twice: the AWS SDK's own log too
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people
    Table,
    /// For programs
    Json,
    /// For tickets and chats
    Markdown,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
