//! `idc man`: the man pages.

use std::io;

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
    let judges = ["why", "doctor"].contains(&command.get_name());
    let asks = judges || command.get_name() == program_name();
    clap_mangen::Man::new(with_examples(command)).render(&mut page)?;
    if asks {
        sections(&mut page)?;
    }
    super::print(&page, Text::ForProgram).map(|()| 0)
}

fn program_name() -> String {
    Cli::command().get_name().to_owned()
}

/// What the program reads of its surroundings, and what it ends with.
fn sections(page: &mut dyn io::Write) -> io::Result<()> {
    for (title, entries) in [("ENVIRONMENT", &ENVIRONMENT[..]), ("FILES", &FILES), ("EXIT STATUS", &EXIT_STATUS)] {
        writeln!(page, ".SH \"{title}\"")?;
        for (name, text) in entries {
            writeln!(page, ".TP\n\\fB{}\\fR\n{}", roff(name), roff(text))?;
        }
    }
    Ok(())
}

/// A text as roff shows it.
fn roff(text: &str) -> String {
    text.replace('\\', "\\\\").replace('-', "\\-")
}

const ENVIRONMENT: [(&str, &str); 11] = [
    (
        "AWS_PROFILE, AWS_REGION",
        "the caller's profile, and where to look first; a variable that is set to nothing counts as not set",
    ),
    ("IDC_TARGET_ROLE, IDC_TARGET_PROFILE", "the way into the target account, as --target-role and --target-profile"),
    ("IDC_TRAIL, IDC_TRAIL_PROFILE", "where CloudTrail records are kept, as --trail and --trail-profile"),
    ("IDC_NO_HISTORY", "true: not to look for since when a cause is there, and through whom, as --no-history"),
    ("IDC_OUTPUT", "the form of the answer: table, json or markdown"),
    ("IDC_CONFIG", "the configuration file, in the place of the usual one"),
    ("IDC_LOG", "set to anything: the AWS SDK's own log on standard error"),
    ("NO_COLOR, CLICOLOR_FORCE", "no colours; colours in a pipe too"),
    ("IDC_ASCII", "set to anything: nothing but ASCII beside names; so does a locale that has nothing else"),
    ("AWS_ENDPOINT_URL and its forms for single services, AWS_CA_BUNDLE", "as for the AWS CLI"),
    ("HTTPS_PROXY, NO_PROXY", "as for the AWS CLI"),
];

const FILES: [(&str, &str); 2] = [
    (
        "~/.config/idc/config.toml",
        "what would be typed each time; $XDG_CONFIG_HOME/idc/config.toml, and on Windows %APPDATA%\\idc\\config.toml",
    ),
    (
        "~/.aws/config, ~/.aws/credentials, ~/.aws/sso/cache",
        "the AWS CLI's, or what AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name; they are only read",
    ),
];

const EXIT_STATUS: [(&str, &str); 6] = [
    ("0", "reachable; or the command did what it was asked, and of idc doctor, nothing is lacking"),
    ("1", "could not run: no credentials, no network, no Identity Center instance, an unreadable recording"),
    ("2", "usage error"),
    ("10", "blocked: they cannot get in, and it is proven where it stops"),
    ("11", "degraded: they get in, but something is wrong"),
    ("12", "inconclusive: something that decides could not be read; of idc doctor, something is lacking"),
];

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
