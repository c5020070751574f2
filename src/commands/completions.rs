//! `idc completions`: has a shell ask this program what could be typed, and answers it when it does.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::env::{EnvCompleter, Shells};

use crate::cli::{Cli, Completions};
use crate::error::Error;
use crate::output::Text;

/// The variable by which a shell asks; its value is the shell's name.
pub const ASKED_BY: &str = "COMPLETE";

/// Prints what makes the shell ask.
pub fn run(completions: &Completions) -> Result<u8, Error> {
    let mut script = Vec::new();
    speaker(OsStr::new(&completions.shell.to_string()))?.write_registration(
        ASKED_BY,
        "idc",
        "idc",
        "idc",
        &mut script,
    )?;
    super::print(&script, Text::ForProgram).map(|()| 0)
}

/// Prints what could stand at the place where the cursor is, in the words typed so far: those after the first `--`.
pub fn answer(shell: &OsStr, mut words: Vec<OsString>) -> Result<u8, Error> {
    let typed = words.iter().position(|word| word == "--").map(|at| words.split_off(at + 1)).unwrap_or_default();
    if typed.is_empty() {
        return Err(Error::Usage(format!(
            "{ASKED_BY} is set, by which a shell asks for completions, but no words to complete were given"
        )));
    }
    let mut candidates = Vec::new();
    let folder = env::current_dir().ok();
    speaker(shell)?.write_complete(&mut Cli::command(), typed, folder.as_deref(), &mut candidates)?;
    super::print(&candidates, Text::ForProgram).map(|()| 0)
}

/// What speaks the shell's language; the shell may be given by its path.
fn speaker(shell: &OsStr) -> Result<&'static dyn EnvCompleter, Error> {
    let Shells(known) = Shells::builtins();
    let name = Path::new(shell).file_stem().unwrap_or(shell).to_string_lossy();
    known.iter().copied().find(|speaker| speaker.is(&name)).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|speaker| speaker.name()).collect();
        Error::Usage(format!("{name} is no shell that idc knows: {}", names.join(", ")))
    })
}
