//! What can be typed. No behaviour: the values are checked for their form and handed on.

mod common;
pub mod completions;
pub mod config;
pub mod organization;
pub mod terminal;
pub mod trail;
pub mod typed;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::ArgValueCandidates;
use jiff::SignedDuration;

pub use common::{Aws, Color, Form, Output};
pub use values::KEPT;
pub(crate) use values::{named, since, timeout};

use crate::evidence::Pasted;

/// Help in which the examples stand before the options.
const EXAMPLES_FIRST: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

/// Tells why somebody cannot get into an AWS account through IAM Identity Center, and what to do about it.
#[derive(Debug, Parser)]
#[command(
    name = "idc",
    version,
    long_version = env!("IDC_LONG_VERSION"),
    about,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    help_template = EXAMPLES_FIRST,
    before_help = "Examples:\n  \
        idc why jane.doe 123456789012\n  \
        idc why jane.doe@example.com prod-data --permission-set RedshiftAnalyst\n  \
        idc why jane.doe 123456789012 --target-role idc-read --record case.json\n  \
        idc why --replay case.json --output json\n  \
        idc why --me prod-data\n  \
        idc scan --target-role idc-read\n  \
        idc who prod-data\n  \
        idc access jane.doe\n  \
        idc explain customer-managed-policy-missing",
    after_help = "It only reads. Exit codes: 0 reachable, 10 blocked, 11 degraded, 12 inconclusive, 1 could not run, 2 usage."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The root cause for one person and one account
    Why(Box<Why>),
    /// Everything that is broken in the organization, by the same rules, without a person
    Scan(Box<organization::Scan>),
    /// Who can get into an account
    Who(Box<organization::Who>),
    /// Where a person can get in
    Access(Box<organization::Access>),
    /// What a rule or an error text means, how we know, how to fix; without RULE the list of all rules
    Explain(Explain),
    /// Whether these credentials, and the way into an account, suffice; what to allow
    Doctor(Doctor),
    /// The least-privilege IAM policy that idc itself needs
    Policy(Policy),
    /// The JSON Schema of `--output json`
    Schema(Schema),
    /// Completions for a shell, which then offers rules and profiles too
    Completions(Completions),
    /// A man page: that of the program, or that of one of its commands
    Man(Man),
}

/// `idc schema`
#[derive(Debug, Args)]
pub struct Schema {
    /// Whose answer
    #[arg(value_name = "COMMAND", default_value = "why")]
    pub command: Answers,
}

/// A command that answers in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Answers {
    /// The root cause for one person and one account
    Why,
    /// Everything that is broken in the organization
    Scan,
    /// Who can get into an account
    Who,
    /// Where a person can get in
    Access,
    /// Several people before one account: `idc why -u USER -u USER ACCOUNT`
    Several,
    /// Whether these credentials suffice
    Doctor,
}

/// `idc explain`
#[derive(Debug, Args)]
#[command(help_template = EXAMPLES_FIRST, before_help = "Examples:\n  \
    idc explain\n  \
    idc explain customer-managed-policy-missing\n  \
    idc explain \"ForbiddenException when calling the GetRoleCredentials operation\"\n  \
    idc explain \"It's not you, it's us\"\n  \
    idc explain permission set",
    after_help = "A text is known with line breaks and a terminal's box around it, and as a part of more: paste what you have.")]
pub struct Explain {
    /// A rule's name; an error text of AWS, the access portal, the AWS CLI or Terraform; or words to look for
    #[arg(value_name = "RULE", add = ArgValueCandidates::new(completions::rules))]
    pub words: Vec<String>,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// `idc doctor`
#[derive(Debug, Args)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = "Examples:\n  \
        idc doctor\n  \
        idc doctor 123456789012 --target-role idc-read\n  \
        idc doctor prod-data --output json",
    after_help = "Each call is tried once, and only reads. Exit codes: 0 nothing is lacking, 12 something is, 1 could not run, 2 usage."
)]
pub struct Doctor {
    /// The account whose way in to try: as in idc why
    pub account: Option<Pasted>,

    /// How to reach AWS.
    #[command(flatten)]
    pub aws: Aws,

    /// How to answer.
    #[command(flatten)]
    pub output: Output,
}

/// `idc policy`
#[derive(Debug, Args)]
pub struct Policy {
    /// The policy for the role in member accounts, instead of the caller's own
    #[arg(long)]
    pub target: bool,

    /// The role in member accounts that the caller may assume
    #[arg(long, value_name = "NAME", env = "IDC_TARGET_ROLE", default_value = "idc-read", conflicts_with = "target", value_parser = named)]
    pub target_role: String,
}

/// `idc completions`
#[derive(Debug, Args)]
#[command(help_template = EXAMPLES_FIRST, before_help = "What to put where:\n  \
    bash, in ~/.bashrc        eval \"$(idc completions bash)\"\n  \
    zsh, in ~/.zshrc          source <(idc completions zsh)    (after compinit)\n  \
    fish, in config.fish      idc completions fish | source\n  \
    PowerShell, in $PROFILE   iex (idc completions powershell | Out-String)\n  \
    elvish, in rc.elv         eval (idc completions elvish | slurp)")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `idc man`
#[derive(Debug, Args)]
#[command(help_template = EXAMPLES_FIRST, before_help = "Examples:\n  \
    idc man | man -l -\n  \
    idc man why > /usr/local/share/man/man1/idc-why.1")]
pub struct Man {
    /// The command whose page it shall be
    #[arg(value_name = "COMMAND", add = ArgValueCandidates::new(completions::commands))]
    pub command: Option<String>,
}

/// `idc why`
#[derive(Debug, Args)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = "Examples:\n  \
    idc why jane.doe 123456789012\n  \
    idc why jane.doe 123456789012 --like john.roe\n  \
    idc why 9067f0c1d2-9d976f61-3b89-4b98-88db-2ea3bbc1f3fa prod-data\n  \
    idc why jane.doe@example.com prod-data --group DataAnalysts --since 30d\n  \
    idc why --me 123456789012\n  \
    idc why --replay case.json --record public.json --redact",
    override_usage = "idc why <USER> <ACCOUNT> [OPTIONS]\n       idc why --user <USER>... <ACCOUNT> [OPTIONS]\n       idc why --me [USER] <ACCOUNT> [OPTIONS]\n       idc why --replay <FILE> [OPTIONS]",
    after_help = "With --me, USER may be left out: it is then taken from the credentials, where these are of Identity Center.\n\
    Exit codes: 0 reachable, 10 blocked, 11 degraded, 12 inconclusive, 1 could not run, 2 usage.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that is typed")]
pub struct Why {
    /// User name, e-mail or user id; the ARN of a session is the account too; with --replay, for the file of an
    /// organization alone
    #[arg(required_unless_present_any = ["replay", "me", "each", "users"])]
    pub user: Option<String>,

    /// 12 digits, the account's name, a role ARN, or an access-portal link
    #[arg(required_unless_present_any = ["user", "replay", "me", "each", "users"])]
    pub account: Option<Pasted>,

    /// Ask about several people, each with -u: what they share is told together
    #[arg(short = 'u', long = "user", id = "each", value_name = "USER", conflicts_with_all = ["replay", "me", "like", "record", "wait"], value_parser = named)]
    pub each: Vec<String>,

    /// The same, from a file: one on each line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replay", "me", "like", "record", "wait"])]
    pub users: Option<PathBuf>,

    /// Ask about yourself: look at this machine's ~/.aws/config and sign-ins, and at your access portal too
    #[arg(long, conflicts_with = "replay")]
    pub me: bool,

    /// Ask about this permission set only: its name, or the AWSReservedSSO_… role made from it
    #[arg(short, long, value_name = "NAME", value_parser = named)]
    pub permission_set: Option<String>,

    /// The group that was meant to give access: only paths through it count
    #[arg(long, value_name = "NAME", value_parser = named)]
    pub group: Option<String>,

    /// A colleague who has access: show where the two differ
    #[arg(long, value_name = "USER", conflicts_with = "replay", value_parser = named)]
    pub like: Option<String>,

    /// How far back to read CloudTrail, at most 90d; with --trail, as far as that goes
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = since)]
    pub since: SignedDuration,

    /// Do not look for since when the cause is there, and through whom: a few seconds less
    #[arg(long, env = "IDC_NO_HISTORY", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_history: bool,

    /// Write what was collected, or replayed, to a new file
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// With --record: write made-up names and ids; the answer that is printed keeps the real ones
    #[arg(long, requires = "record")]
    pub redact: bool,

    /// Diagnose from a recording, without AWS
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,

    /// Ask again until they can get in, or until this long has passed
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, default_missing_value = "10m", value_parser = timeout, conflicts_with = "replay")]
    pub wait: Option<Duration>,

    /// Exit with 0 whatever the verdict is; errors keep 1 and 2
    #[arg(long)]
    pub exit_zero: bool,

    /// How to reach AWS.
    #[command(flatten)]
    pub aws: Aws,

    /// Where else CloudTrail's records are.
    #[command(flatten)]
    pub kept: trail::Trail,

    /// How to answer.
    #[command(flatten)]
    pub output: Output,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
