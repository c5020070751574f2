//! What can be typed about a whole organization.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use clap_complete::ArgValueCandidates;

use super::{Color, completions, named, timeout};
use crate::evidence::Pasted;
use crate::render::organization::Format;
use crate::wording::clean;

/// `idc scan`
#[derive(Debug, Args)]
#[command(
    help_template = super::EXAMPLES_FIRST,
    before_help = "Examples:\n  \
    idc scan --target-role idc-read\n  \
    idc scan --target-role idc-read --full -o json=scan.json -o table\n  \
    idc scan --ou ou-ab12-11111111 -p DataEngineer\n  \
    terraform show -json plan.tfplan > plan.json && idc scan --plan plan.json --target-role idc-read\n  \
    idc scan --target-role idc-read --fail-on degrades -o junit=idc.xml\n  \
    idc scan --replay org.db --record public.db --redact",
    after_help = "Exit codes: 0 nothing of the kind that --fail-on names, 10 something blocks, 11 something degrades and nothing blocks,\n\
    12 nothing of that kind found, but something that decides could not be read, 1 could not run, 2 usage.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that is typed")]
pub struct Scan {
    /// This account alone: its id or name (repeatable; beside --ou, these too)
    #[arg(long, value_name = "ACCOUNT", value_parser = named)]
    pub account: Vec<String>,

    /// What stands under this organizational unit alone: its id (repeatable)
    #[arg(long, value_name = "OU", value_parser = named)]
    pub ou: Vec<String>,

    /// This permission set alone: its name (repeatable)
    #[arg(short, long, value_name = "NAME", value_parser = named)]
    pub permission_set: Vec<String>,

    /// Read who is assigned everywhere too: finds assignments to nobody, and takes longer
    #[arg(long)]
    pub full: bool,

    /// With --full: ask about permission sets where they were never provisioned too, however long that takes
    #[arg(long, requires = "full")]
    pub exhaustive: bool,

    /// With --full: ask too when each role was used last, by whomever
    #[arg(long, requires = "full")]
    pub last_used: bool,

    /// Keep what is collected in a new file, as it comes: a database that others can query
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// With --record: go on with a file that was cut off, and ask only for what is missing there
    #[arg(long, requires = "record")]
    pub resume: bool,

    /// With --record: write made-up names and ids; the answer that is told keeps the real ones. With --replay too: a copy
    #[arg(long, requires = "record", conflicts_with = "resume")]
    pub redact: bool,

    /// Judge from such a file, without AWS
    #[arg(long, value_name = "FILE", conflicts_with_all = ["full", "resume"])]
    pub replay: Option<PathBuf>,

    /// An older file: what broke since, what was put right, who gained or lost access where
    #[arg(long, value_name = "OLD")]
    pub against: Option<PathBuf>,

    /// With --against: only what is new counts
    #[arg(long, requires = "against")]
    pub only_new: bool,

    /// The CSV of idc who or idc access with a review's decisions: each revocation that still stands is found
    #[arg(long, value_name = "FILE", conflicts_with_all = ["before_assign", "plan"])]
    pub reviewed: Option<PathBuf>,

    /// Where assigning these permission sets would fail, before anybody does it
    #[arg(long, requires = "permission_set", conflicts_with_all = ["full", "record", "replay", "against"])]
    pub before_assign: bool,

    /// What a plan of Terraform would break or leave unprovisioned: what terraform show -json PLAN wrote
    #[arg(long, value_name = "FILE", conflicts_with_all = ["before_assign", "account", "ou", "permission_set", "full", "record", "against"])]
    pub plan: Option<PathBuf>,

    /// What makes the exit code not 0
    #[arg(long, value_name = "WHAT", default_value = "blocks")]
    pub fail_on: FailOn,

    /// How many requests a second Identity Center is sent, at most 20: the rate is shared by the whole organization
    #[arg(long, value_name = "N", default_value = "18", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub rate: u32,

    /// Stop collecting after this long and answer from what is known
    #[arg(long, value_name = "DURATION", default_value = "6h", value_parser = timeout)]
    pub timeout: Duration,

    /// How to reach AWS.
    #[command(flatten)]
    pub aws: Reach,

    /// How to answer.
    #[command(flatten)]
    pub output: Outputs,
}

/// `idc who`
#[derive(Debug, Args)]
#[command(
    help_template = super::EXAMPLES_FIRST,
    before_help = "Examples:\n  \
    idc who prod-data --target-role idc-read\n  \
    idc who 123456789012 --target-role idc-read -o csv=prod-data.csv",
    after_help = "Exit codes: 0 all of it is known, 12 something that decides could not be read, 1 could not run, 2 usage.")]
pub struct Who {
    /// 12 digits, or the account's name
    pub account: Pasted,

    /// Answer from the file of a full scan, without AWS
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,

    /// Stop collecting after this long and answer from what is known
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = timeout)]
    pub timeout: Duration,

    /// How to reach AWS.
    #[command(flatten)]
    pub aws: Reach,

    /// How to answer.
    #[command(flatten)]
    pub output: Outputs,
}

/// `idc access`
#[derive(Debug, Args)]
#[command(
    help_template = super::EXAMPLES_FIRST,
    before_help = "Examples:\n  \
    idc access jane.doe --target-role idc-read\n  \
    idc access jane.doe@example.com -o json",
    after_help = "Exit codes: 0 all of it is known, 12 something that decides could not be read, 1 could not run, 2 usage.")]
pub struct Access {
    /// User name, e-mail or user id
    pub user: String,

    /// Answer from the file of a full scan, without AWS
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,

    /// Stop collecting after this long and answer from what is known
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = timeout)]
    pub timeout: Duration,

    /// How to reach AWS.
    #[command(flatten)]
    pub aws: Reach,

    /// How to answer.
    #[command(flatten)]
    pub output: Outputs,
}

/// How to reach AWS, where many accounts are asked about.
#[derive(Debug, Args)]
#[command(next_help_heading = "AWS")]
pub struct Reach {
    /// Credentials for the management account or the Identity Center delegated administrator
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE", add = ArgValueCandidates::new(completions::profiles), value_parser = named)]
    pub profile: Option<String>,

    /// Where to look first; the instance's primary Region is found by itself
    #[arg(long, value_name = "REGION", env = "AWS_REGION")]
    pub region: Option<String>,

    /// Role to assume in each account, for reads only
    #[arg(long, value_name = "NAME", env = "IDC_TARGET_ROLE", conflicts_with = "target_profile", value_parser = named)]
    pub target_role: Option<String>,

    /// Or: a profile whose credentials are already in the account
    #[arg(long, value_name = "NAME", env = "IDC_TARGET_PROFILE", add = ArgValueCandidates::new(completions::profiles), value_parser = named)]
    pub target_profile: Option<String>,
}

/// How answers look, and where they go.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Outputs {
    /// Form of the answer, and a file for it: table, json, jsonl, csv, markdown, junit, html (repeatable)
    #[arg(short, long, value_name = "FORM[=FILE]", env = "IDC_OUTPUT", default_value = "table")]
    pub output: Vec<OutputTo>,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// The outcome alone
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Each request as it is made; twice: the AWS SDK's own log too
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What makes the exit code of a scan not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// What keeps people out
    Blocks,
    /// And what lets them in to less
    Degrades,
    /// And what could not be read
    Unread,
    /// Nothing
    Never,
}

/// A form, and the file that it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputTo {
    /// The form.
    pub format: Format,
    /// The file; `None`: standard output.
    pub file: Option<PathBuf>,
}

impl FromStr for OutputTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = text.split_once('=').map_or((text, None), |(format, file)| (format, Some(file)));
        let known = || {
            let names = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            names.map(|name| name.get_name().to_owned()).collect::<Vec<_>>().join(", ")
        };
        let format =
            Format::from_str(format, false).map_err(|_| format!("{} is none of: {}", clean(format), known()))?;
        match file {
            Some("") => Err("the file has no name".to_owned()),
            // As everywhere: what is no file.
            Some("-") => Ok(Self { format, file: None }),
            file => Ok(Self { format, file: file.map(PathBuf::from) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_go_to_a_file() {
        let to = |text: &str| text.parse::<OutputTo>();
        assert_eq!(to("json"), Ok(OutputTo { format: Format::Json, file: None }));
        assert_eq!(to("json=-"), to("json"));
        assert_eq!(to("csv=a=b.csv"), Ok(OutputTo { format: Format::Csv, file: Some("a=b.csv".into()) }));
        assert!(to("json=").is_err() && to("yaml").is_err() && to("").is_err());
    }
}
