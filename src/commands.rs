//! The commands, each a short pipeline of what the other modules do.

use crate::error::Error;
use crate::output::{self, Text};
use crate::redact::Refusal;
use crate::render;
use crate::wording::clean;

mod asked;
pub mod completions;
pub mod doctor;
pub mod explain;
#[cfg(feature = "live")]
mod interrupt;
mod live;
pub mod man;
pub mod organization;
mod outputs;
pub mod policy;
mod recording_file;
pub mod schema;
mod several;
#[cfg(feature = "live")]
mod waiting;
pub mod why;

/// How many pairs of sockets a command needs at once, with what they stand for: files, connections and watches for signals.
#[cfg(unix)]
const PAIRS: usize = 6;

/// Refuses to begin where too few files may be open at once: later it would fail in the midst of something, and to watch for
/// signals does not fail but panics.
#[cfg(unix)]
pub fn require_files() -> Result<(), Error> {
    let pairs: std::io::Result<Vec<_>> = (0..PAIRS).map(|_| std::os::unix::net::UnixStream::pair()).collect();
    pairs.map(drop).map_err(Error::Begin)
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub const fn require_files() -> Result<(), Error> {
    Ok(())
}

/// Prints what ended the program as JSON, for scripts that read standard output alone.
pub fn print_error(error: &Error) -> Result<(), Error> {
    let mut text = Vec::new();
    render::json::write_error(&mut text, error)?;
    print(&text, Text::Plain)
}

/// Says on standard error what ended the program, and what to do about it. Names and AWS's words stand in both, so that
/// each is one line.
pub fn say_error(error: &Error) {
    let hint = error.hint().map(|hint| format!("  {}\n", clean(&hint))).unwrap_or_default();
    output::say(&format!("error: {}\n{hint}", clean(&error.to_string())), Text::Plain);
}

/// The same under made-up names, which nobody can tell from the seed; or why there is none of it.
fn made_up_names<T>(redact: impl FnOnce(u64) -> Result<T, Refusal>) -> Result<T, Error> {
    let seed = getrandom::u64().map_err(|error| Error::Random(error.to_string()))?;
    redact(seed).map_err(|refusal| match refusal {
        Refusal::AnotherAnswer => Error::Unredactable,
        Refusal::StillHolds(field) => Error::StillNamed { field },
    })
}

/// Prints an answer whole.
fn print(text: &[u8], kind: Text) -> Result<(), Error> {
    output::print(text, kind).map_err(Error::Print)
}

/// What a text may hold that was painted or not.
const fn painted(color: bool) -> Text {
    if color { Text::Coloured } else { Text::Plain }
}
