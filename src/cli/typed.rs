//! What is typed outranks the environment: where two options exclude each other, a variable that sets the one counts for
//! nothing beside the other on the command line.

use std::env;
use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, Id};

use super::organization::OutputTo;
use crate::render::organization::Format;

/// The command, without the variables that are set to nothing, or to what only other commands know: they count as not set.
pub fn without_empty_variables(command: Command) -> Command {
    let is_empty = |command: &str, arg: &Arg| {
        arg.get_env().and_then(env::var_os).is_some_and(|value| value.is_empty() || is_of_others(command, arg, &value))
    };
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        command.mut_args(|arg| if is_empty(&name, &arg) { arg.env(Resettable::Reset) } else { arg })
    })
}

/// Whether a form of answers is one that other commands have.
fn is_of_others(command: &str, arg: &Arg, value: &OsStr) -> bool {
    let value = value.to_string_lossy();
    let Some(to) = value.parse::<OutputTo>().ok().filter(|_| arg.get_id() == "output") else { return false };
    match arg.get_possible_values().as_slice() {
        // One kind of form has no list of values, and one of them is for what passes or fails.
        [] => TELLS_WAYS.contains(&command) && to.format == Format::Junit,
        forms => !forms.iter().any(|form| form.matches(&value, true)),
    }
}

/// The commands that tell ways in.
const TELLS_WAYS: [&str; 2] = ["who", "access"];

/// The command, without the variables that what is typed outranks.
pub fn outrank_environment(command: Command, typed: &[OsString]) -> Command {
    let without_environment =
        command.clone().mut_subcommands(|command| command.mut_args(|arg| arg.env(Resettable::Reset)));
    // What is typed wrong is for the real parser to say.
    let Ok(matches) = without_environment.ignore_errors(true).try_get_matches_from(typed) else { return command };
    let Some((name, given)) = matches.subcommand() else { return command };
    let outranked = command.find_subcommand(name).map(|command| outranked(command, given)).unwrap_or_default();
    if outranked.is_empty() {
        return command;
    }
    command.mut_subcommand(name, |command| {
        outranked.into_iter().fold(command, |command, id| command.mut_arg(id, |arg| arg.env(Resettable::Reset)))
    })
}

fn outranked(command: &Command, given: &ArgMatches) -> Vec<Id> {
    let is_typed = |arg: &&Arg| given.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let typed: Vec<&Arg> = command.get_arguments().filter(is_typed).collect();
    let names = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|excluded| excluded.get_id() == other.get_id())
    };
    let loses = |arg: &&Arg| !is_typed(arg) && typed.iter().any(|typed| names(arg, typed) || names(typed, arg));
    let from_environment = command.get_arguments().filter(|arg| arg.get_env().is_some());
    from_environment.filter(loses).map(|arg| arg.get_id().clone()).collect()
}
