//! `idc schema`: what `--output json` promises, for machines.

use crate::cli::{Answers, Schema};
use crate::error::Error;
use crate::output::Text;
use crate::render::json::{self, organization};

/// Prints it.
pub fn run(schema: &Schema) -> Result<u8, Error> {
    let text = match schema.command {
        Answers::Why => json::SCHEMA,
        Answers::Scan => organization::SCAN_SCHEMA,
        Answers::Who => organization::WHO_SCHEMA,
        Answers::Access => organization::ACCESS_SCHEMA,
        Answers::Several => json::several::SCHEMA,
        Answers::Doctor => json::doctor::SCHEMA,
    };
    super::print(text.as_bytes(), Text::Plain).map(|()| 0)
}
