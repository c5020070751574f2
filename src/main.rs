//! The `idc` program: parses what was typed, runs the command, prints an error once, and sets the exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches};
use idc::cli::config::{self, Config};
use idc::cli::{Cli, Command};
use idc::commands;
use idc::commands::completions;
use idc::error::Error;
use idc::wording::suggest;

fn main() -> ExitCode {
    if let Some(shell) = std::env::var_os(completions::ASKED_BY).filter(|shell| !shell.is_empty() && shell != "0") {
        return end(completions::answer(&shell, std::env::args_os().collect()));
    }
    let config = config::find();
    // With a file that cannot be used there is still help to be had.
    let cli = parse(config.as_ref().ok()).unwrap_or_else(|error| with_close_command(error).exit());
    end(config.and_then(|_| run(&cli)))
}

/// Prints the error, where there is one.
fn end(result: Result<u8, Error>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let hint = error.hint().map(|hint| format!("  {hint}\n")).unwrap_or_default();
            let text = format!("error: {error}\n{hint}");
            // Standard error may be closed; the exit code still tells.
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Parses what was typed, with what the configuration file makes the default.
fn parse(config: Option<&Config>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if let Some(config) = config {
        command = config.set_defaults(command);
    }
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn run(cli: &Cli) -> Result<u8, Error> {
    match &cli.command {
        Command::Why(why) => commands::why::run(why),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Policy(policy) => commands::policy::run(policy),
        Command::Schema => commands::schema::run(),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(man) => commands::man::run(man),
    }
}

/// Names the command that was probably meant: clap's own measure passes over two swapped letters in a short word.
fn with_close_command(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    if error.get(ContextKind::SuggestedSubcommand).is_some() {
        return error;
    }
    let cli = Cli::command();
    let names = cli.get_subcommands().map(|command| (command.get_name(), command.get_name().to_owned()));
    let close = suggest::closest(typed, names);
    if !close.is_empty() {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(close));
    }
    error
}
