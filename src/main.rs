//! The `idc` program: parses what was typed, runs the command, prints an error once, and sets the exit code.

use std::io::Write;
use std::panic;
use std::process::{self, ExitCode};

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches};
use idc::cli::config::{self, Config};
use idc::cli::typed::outrank_environment;
use idc::cli::{Cli, Command, Form};
use idc::commands;
use idc::commands::completions;
use idc::error::Error;
use idc::wording::{clean, suggest};

fn main() -> ExitCode {
    end_at_a_panic();
    if let Some(shell) = std::env::var_os(completions::ASKED_BY).filter(|shell| !shell.is_empty() && shell != "0") {
        return end(completions::answer(&shell, std::env::args_os().collect()));
    }
    let config = config::find();
    // With a file that cannot be used there is still help to be had.
    let cli = parse(config.as_ref().ok()).unwrap_or_else(|error| with_close_command(error).exit());
    let result = config.and_then(|_| run(&cli));
    if let (Err(error), Command::Why(why)) = (&result, &cli.command)
        && why.output.output == Form::Json
    {
        // Whoever closed the pipe does not want it, and the exit code still tells.
        let _ = commands::print_error(error);
    }
    end(result)
}

/// Has a fault of the program's own end it with an exit code. The abort that is built in would have the system keep the
/// memory in a core file, and credentials are in it.
fn end_at_a_panic() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        tell(fault);
        process::exit(101)
    }));
}

/// Prints the error, where there is one.
fn end(result: Result<u8, Error>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let hint = error.hint().map(|hint| format!("  {}\n", harmless(&hint))).unwrap_or_default();
            let text = format!("error: {}\n{hint}", harmless(&error.to_string()));
            // Standard error may be closed; the exit code still tells.
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::from(error.exit_code())
        }
    }
}

/// A text of several lines without what would steer the terminal: names and AWS's words stand in it.
fn harmless(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// Parses what was typed, with what the configuration file makes the default.
fn parse(config: Option<&Config>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if let Some(config) = config {
        command = config.set_defaults(command);
    }
    let typed: Vec<_> = std::env::args_os().collect();
    let mut command = outrank_environment(command, &typed);
    let matches = command.try_get_matches_from_mut(typed)?;
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
