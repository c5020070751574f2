//! What a shell may offer where a name is to be typed: rules, commands, and the profiles of the AWS configuration. Whatever cannot
//! be read offers nothing; a completion is no place for errors.

use clap::CommandFactory;
use clap_complete::CompletionCandidate;

use crate::answers::pages::{self, Page};
use crate::aws_files::AwsFiles;
use crate::cli::Cli;

/// The names of all pages of documentation, in their order, each with what it is about.
pub fn rules() -> Vec<CompletionCandidate> {
    let candidate = |(place, page): (usize, Page)| {
        CompletionCandidate::new(page.id).help(Some(page.summary.into())).display_order(Some(place))
    };
    pages::pages().enumerate().map(candidate).collect()
}

/// The commands.
pub fn commands() -> Vec<CompletionCandidate> {
    let program = Cli::command();
    let about = |command: &clap::Command| command.get_about().cloned();
    program.get_subcommands().map(|known| CompletionCandidate::new(known.get_name()).help(about(known))).collect()
}

/// The profiles in the files that the AWS CLI and SDKs read.
pub fn profiles() -> Vec<CompletionCandidate> {
    AwsFiles::find().profiles().names.into_iter().map(CompletionCandidate::new).collect()
}
