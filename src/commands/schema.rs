//! `idc schema`: what `--output json` promises, for machines.

use crate::error::Error;
use crate::render;

/// Prints it.
pub fn run() -> Result<u8, Error> {
    let text = format!("{:#}\n", render::json::schema());
    super::print(text.as_bytes()).map(|()| 0)
}
