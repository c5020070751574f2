//! `idc man`: the man page.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::error::Error;

/// Prints it, in roff.
pub fn run() -> Result<u8, Error> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut text)?;
    super::print(&text).map(|()| 0)
}
