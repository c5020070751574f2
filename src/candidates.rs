//! What a shell may offer where a name is to be typed: rules, commands, and the profiles of the AWS configuration. Whatever cannot
//! be read offers nothing; a completion is no place for errors.

use std::path::PathBuf;
use std::{env, fs};

use clap::CommandFactory;
use clap_complete::CompletionCandidate;

use crate::cli::Cli;
use crate::config_file;
use crate::documentation::{self, Page};

/// The names of all pages of documentation, in their order, each with what it is about.
pub fn rules() -> Vec<CompletionCandidate> {
    let candidate = |(place, page): (usize, Page)| {
        CompletionCandidate::new(page.id).help(Some(page.summary.into())).display_order(Some(place))
    };
    documentation::pages().enumerate().map(candidate).collect()
}

/// The commands.
pub fn commands() -> Vec<CompletionCandidate> {
    let program = Cli::command();
    let about = |command: &clap::Command| command.get_about().cloned();
    program.get_subcommands().map(|known| CompletionCandidate::new(known.get_name()).help(about(known))).collect()
}

/// The profiles in the files that the AWS CLI and SDKs read.
pub fn profiles() -> Vec<CompletionCandidate> {
    let text = |variable: &str, usual: &str| {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || set(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let file = set(variable).or_else(|| home().map(|home| home.join(".aws").join(usual)));
        file.and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default()
    };
    let config = text("AWS_CONFIG_FILE", "config");
    let credentials = text("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    let mut named = config_file::profiles(&config);
    named.extend(config_file::headers(&credentials));
    named.sort();
    named.dedup();
    named.into_iter().map(CompletionCandidate::new).collect()
}
