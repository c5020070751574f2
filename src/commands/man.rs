//! `idc man`: the man pages.

use clap::CommandFactory;

use crate::cli::{Cli, Man};
use crate::error::Error;
use crate::output::Text;
use crate::wording::suggest;

/// Prints one, in roff: that of a command, or that of the whole program.
pub fn run(man: &Man) -> Result<u8, Error> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let command = match &man.command {
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| unknown(name, &program))?,
        None => program,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(with_examples(command)).render(&mut page)?;
    super::print(&page, Text::ForProgram).map(|()| 0)
}

/// Pages show only what stands after the options in a help text, so the examples before them move there.
fn with_examples(command: clap::Command) -> clap::Command {
    let texts = [command.get_before_help(), command.get_after_help()];
    let texts: Vec<String> = texts.into_iter().flatten().map(ToString::to_string).collect();
    if texts.is_empty() { command } else { command.after_help(texts.join("\n\n")) }
}

fn unknown(name: &str, program: &clap::Command) -> Error {
    let names = || program.get_subcommands().map(clap::Command::get_name);
    let close = suggest::closest(name, names().map(|name| (name, name.to_owned())));
    let known = if close.is_empty() { names().map(str::to_owned).collect() } else { close };
    Error::Usage(format!("there is no command {name} to have a page; there is {}", known.join(", ")))
}
