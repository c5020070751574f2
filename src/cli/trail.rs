//! Where CloudTrail records are kept beyond the event history.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{completions, named};
use crate::trail::Source;

/// Options about a trail.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "AWS")]
pub struct Trail {
    /// CloudTrail beyond 90 days, for the whole organization: athena:DATABASE.TABLE or athena:DATABASE.TABLE@WORKGROUP,
    /// lake:EVENT-DATA-STORE-ID, logs:LOG-GROUP, or a folder of log files
    #[arg(long, value_name = "SOURCE", env = "IDC_TRAIL", value_parser = source, conflicts_with = "replay")]
    pub trail: Option<Source>,

    /// Credentials for --trail, where they are not the caller's
    #[arg(long, value_name = "NAME", env = "IDC_TRAIL_PROFILE", conflicts_with = "replay", add = ArgValueCandidates::new(completions::profiles), value_parser = named)]
    pub trail_profile: Option<String>,
}

pub(crate) fn source(text: &str) -> Result<Source, String> {
    text.parse()
}
