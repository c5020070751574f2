//! The `idc` program: parses what was typed, runs the command, prints an error once, and sets the exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use idc::cli::{Cli, Command};
use idc::commands;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Why(why) => commands::why::run(why),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Policy(policy) => commands::policy::run(policy),
        Command::Completions(completions) => commands::completions::run(completions),
        Command::Man => commands::man::run(),
    };
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
