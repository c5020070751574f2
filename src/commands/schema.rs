//! `idc schema`: what `--output json` promises, for machines.

use crate::cli::{Answers, Schema};
use crate::error::Error;
use crate::output::Text;
use crate::render::json::{self, organization};

/// Prints it.
pub fn run(schema: &Schema) -> Result<u8, Error> {
    let text = match schema.command {
        Answers::Why => json::schema(),
        Answers::Scan => organization::scan_schema(),
        Answers::Who => organization::who_schema(),
        Answers::Access => organization::access_schema(),
        Answers::Several => json::several::schema(),
        Answers::Doctor => json::doctor::schema(),
    };
    super::print(text.as_bytes(), Text::Plain).map(|()| 0)
}
