//! The commands, each a short pipeline of what the other modules do.

use std::io::{self, Write};

use crate::error::Error;
use crate::render;

pub mod completions;
pub mod explain;
#[cfg(feature = "live")]
mod interrupt;
pub mod man;
pub mod policy;
pub mod schema;
pub mod why;

/// Prints what ended the program as JSON, for scripts that read standard output alone.
pub fn print_error(error: &Error) -> Result<(), Error> {
    let mut text = Vec::new();
    render::json::write_error(&mut text, error)?;
    print(&text)
}

/// Prints an answer whole. Whoever closes the pipe early has seen enough: that is no error.
fn print(text: &[u8]) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::Print),
    }
}
