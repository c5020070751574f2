//! `idc schema`: what `--output json` promises, for machines.

use crate::error::Error;
use crate::output::Text;
use crate::render;

/// Prints it.
pub fn run() -> Result<u8, Error> {
    let mut text = Vec::new();
    render::json::write_harmless(&mut text, &render::json::schema())?;
    super::print(&text, Text::Plain).map(|()| 0)
}
