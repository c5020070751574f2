//! What a shell may offer where a name is to be typed: rules, commands, and the profiles of the AWS configuration. Whatever cannot
//! be read offers nothing; a completion is no place for errors.

use clap::CommandFactory;
use clap_complete::CompletionCandidate;

use crate::aws_files::AwsFiles;
use crate::cli::Cli;
use crate::own_machine::Kind;
use crate::rules::RULES;

/// The ids of all rules, in causal order, and of what can be wrong on somebody's own machine, each with the fault it
/// stands for.
pub fn rules() -> Vec<CompletionCandidate> {
    let rules = RULES.iter().map(|rule| (rule.id, rule.summary));
    let faults = rules.chain(Kind::ALL.iter().map(|kind| (kind.id(), kind.summary())));
    let candidate = |(place, (id, summary)): (usize, (&'static str, &'static str))| {
        CompletionCandidate::new(id).help(Some(summary.into())).display_order(Some(place))
    };
    faults.enumerate().map(candidate).collect()
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
