//! The `idc` program: parses what was typed, runs the command, says an error once, and sets the exit code.

use std::panic;
use std::process::{self, ExitCode};

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches};
use idc::cli::config::{self, Config};
use idc::cli::typed::{outrank_environment, without_empty_variables};
use idc::cli::{Cli, Command, Form, terminal};
use idc::commands;
use idc::commands::completions;
use idc::error::Error;
use idc::output::{self, Text};
use idc::render::organization::Format;
use idc::wording::shell::shell;
use idc::wording::{clean, suggest};

fn main() -> ExitCode {
    end_at_a_panic();
    without_variables_that_are_empty();
    if let Some(shell) = std::env::var_os(completions::ASKED_BY).filter(|shell| !shell.is_empty() && shell != "0") {
        return end(completions::answer(&shell, std::env::args_os().collect()));
    }
    let config = config::find();
    // With a file that cannot be used there is still help to be had.
    let cli = match parse(config.as_ref().ok()) {
        Ok(cli) => cli,
        Err(error) => return end_of_parsing(with_close_command(error)),
    };
    let result = match config {
        Err(error) if takes_settings(&cli.command) => Err(error),
        Ok(_) | Err(_) => commands::require_files().and_then(|()| run(&cli)),
    };
    if let Err(error) = &result
        && answers_in_json(&cli.command)
    {
        // Whoever closed the pipe does not want it, and the exit code still tells.
        let _ = commands::print_error(error);
    }
    end(result)
}

/// Whether whoever reads standard output expects JSON there.
fn answers_in_json(command: &Command) -> bool {
    let outputs = match command {
        Command::Why(why) => return why.output.output == Form::Json,
        Command::Doctor(doctor) => return doctor.output.output == Form::Json,
        Command::Scan(scan) => &scan.output,
        Command::Who(who) => &who.output,
        Command::Access(access) => &access.output,
        Command::Policy(_) | Command::Explain(_) | Command::Schema(_) | Command::Completions(_) | Command::Man(_) => {
            return false;
        }
    };
    outputs.output.iter().any(|to| to.format == Format::Json && to.file.is_none())
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

/// Has the program run without the AWS variables that are set to nothing: they count as not set, and what reads them
/// for itself takes some of them for a value.
#[cfg(unix)]
fn without_variables_that_are_empty() {
    use std::os::unix::process::CommandExt;

    let is_empty = |(name, value): &(std::ffi::OsString, std::ffi::OsString)| {
        value.is_empty() && name.to_string_lossy().starts_with("AWS_")
    };
    let empty: Vec<_> = std::env::vars_os().filter(is_empty).map(|(name, _)| name).collect();
    let (false, Ok(program)) = (empty.is_empty(), std::env::current_exe()) else { return };
    let mut arguments = std::env::args_os();
    let mut again = process::Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    again.args(arguments);
    for name in &empty {
        again.env_remove(name);
    }
    // Where that cannot be done, it goes on as it is.
    let _ = again.exec();
}

/// Elsewhere no variable is set to nothing.
#[cfg(not(unix))]
const fn without_variables_that_are_empty() {}

/// Says the error, where there is one.
fn end(result: Result<u8, Error>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            commands::say_error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Whether the answer hangs on the configuration file. What a colour would be does not count.
const fn takes_settings(command: &Command) -> bool {
    match command {
        Command::Why(_)
        | Command::Doctor(_)
        | Command::Scan(_)
        | Command::Who(_)
        | Command::Access(_)
        | Command::Policy(_) => true,
        Command::Explain(_) | Command::Schema(_) | Command::Completions(_) | Command::Man(_) => false,
    }
}

/// Parses what was typed, with what the configuration file makes the default.
fn parse(config: Option<&Config>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if let Some(config) = config {
        command = config.set_defaults(command);
    }
    let typed: Vec<_> = std::env::args_os().collect();
    let mut command = outrank_environment(without_empty_variables(command), &typed);
    let matches = command.try_get_matches_from_mut(typed)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn run(cli: &Cli) -> Result<u8, Error> {
    match &cli.command {
        Command::Why(why) => commands::why::run(why),
        Command::Doctor(doctor) => commands::doctor::run(doctor),
        Command::Scan(scan) => commands::organization::scan(scan),
        Command::Who(who) => commands::organization::who(who),
        Command::Access(access) => commands::organization::access(access),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Policy(policy) => commands::policy::run(policy),
        Command::Schema(schema) => commands::schema::run(schema),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(man) => commands::man::run(man),
    }
}

/// Prints help, or says what was typed wrong.
fn end_of_parsing(error: clap::Error) -> ExitCode {
    let (code, is_wrong) = (error.exit_code(), error.use_stderr());
    let in_colour = terminal::is_coloured(is_wrong);
    let text = with_harmless_words(error).render();
    let (text, kind) =
        if in_colour { (text.ansi().to_string(), Text::Coloured) } else { (text.to_string(), Text::Plain) };
    if is_wrong {
        output::say(&text, kind);
    } else if let Err(error) = output::print(text.as_bytes(), kind) {
        return end(Err(Error::Print(error)));
    }
    ExitCode::from(u8::try_from(code).unwrap_or(2))
}

/// What was typed stands in the error, and each word of it on one line.
fn with_harmless_words(mut error: clap::Error) -> clap::Error {
    let one = |text: &String| clean(text).into_owned();
    let styled = |text: &StyledStr| StyledStr::from(output::coloured_line(&text.ansi().to_string()));
    let words: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in words {
        let value = match &value {
            ContextValue::String(text) => ContextValue::String(one(text)),
            ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(one).collect()),
            // The usage has lines of its own, and nothing that was typed.
            ContextValue::StyledStrs(texts) => ContextValue::StyledStrs(texts.iter().map(styled).collect()),
            _ => continue,
        };
        error.insert(kind, value);
    }
    error
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
    } else if let Some(asked) = asked_without_why() {
        let tip = StyledStr::from(format!("to ask why somebody cannot get in: {asked}"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// What was typed with `why` before it, where it may be a person and an account.
fn asked_without_why() -> Option<String> {
    let typed: Vec<String> = std::env::args().skip(1).collect();
    let is_shown = typed.iter().all(|word| clean(word) == word.as_str());
    let words: Vec<String> = ["idc", "why"].map(str::to_owned).into_iter().chain(typed).collect();
    (is_shown && words.len() > 3).then(|| shell(&words))
}
