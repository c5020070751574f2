//! Writes a fixture as the recording that it is kept for, to be replayed by hand; without a name, it lists them.
//! `cargo run --no-default-features --example recording -- user-disabled--near-miss > recording.json`

#![expect(clippy::disallowed_methods, reason = "an example prints for itself")]

#[path = "../tests/program/kept.rs"]
mod kept;

use std::env;
use std::error::Error;
use std::io::{self, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let written = match env::args().nth(1) {
        Some(name) => kept::text(&name)?,
        None => kept::names().join("\n") + "\n",
    };
    Ok(io::stdout().write_all(written.as_bytes())?)
}
