//! What a shell may offer where a name is to be typed: rules, commands, and the profiles of the AWS configuration. Whatever cannot
//! be read offers nothing; a completion is no place for errors.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use clap::CommandFactory;
use clap_complete::CompletionCandidate;

use crate::cli::Cli;
use crate::rules::{RULES, Rule};

/// The ids of all rules, in causal order, each with the fault it stands for.
pub fn rules() -> Vec<CompletionCandidate> {
    let rules = RULES.iter().enumerate();
    let candidate = |(place, rule): (usize, &&Rule)| {
        CompletionCandidate::new(rule.id).help(Some(rule.summary.into())).display_order(Some(place))
    };
    rules.map(candidate).collect()
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
    let named: BTreeSet<&str> = sections(&config).filter_map(of_config).chain(sections(&credentials)).collect();
    named.into_iter().map(CompletionCandidate::new).collect()
}

/// The titles of the sections of such a file.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (title, _) = line.trim_start().strip_prefix('[')?.split_once(']')?;
        Some(title.trim().trim_matches('"')).filter(|title| !title.is_empty())
    })
}

/// The profile that a section of the file `config` is about; it holds sessions and services as well.
fn of_config(title: &str) -> Option<&str> {
    match title.split_once(char::is_whitespace) {
        Some(("profile", name)) => Some(name.trim().trim_matches(['"', '\''])),
        Some(_) => None,
        None => Some(title).filter(|title| *title == "default"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_profiles_and_nothing_else() {
        let config = "[default]\nregion = eu-west-1\n  [profile prod-data] # ours\n[profile \"two words\"]\n\
                      [sso-session acme]\n[services local]\n[plain]\n[profile]\nkey = [profile no]\n[]\n";
        assert_eq!(sections(config).filter_map(of_config).collect::<Vec<_>>(), ["default", "prod-data", "two words"]);
        assert_eq!(sections("[default]\n[ops]\n").collect::<Vec<_>>(), ["default", "ops"]);
    }
}
