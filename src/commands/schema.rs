//! `idc schema`: what `--output json` promises, for machines.

use crate::error::Error;
use crate::output::Text;
use crate::render;

/// Prints it.
pub fn run() -> Result<u8, Error> {
    super::print(render::json::SCHEMA.as_bytes(), Text::Plain).map(|()| 0)
}
