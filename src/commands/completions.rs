//! `idc completions`: completions for a shell.

use clap::CommandFactory;

use crate::cli::{Cli, Completions};
use crate::error::Error;

/// Prints them.
pub fn run(completions: &Completions) -> Result<u8, Error> {
    let mut text = Vec::new();
    clap_complete::generate(completions.shell, &mut Cli::command(), "idc", &mut text);
    super::print(&text).map(|()| 0)
}
