//! Recordings: evidence as one JSON object with a format and a version in front.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::place::place;
use super::unique::Unique;
use super::{Evidence, older};
use crate::json;
use crate::wording::clean;

/// What the `format` field of a recording says.
pub const FORMAT: &str = "idc-recording";
/// The version this program writes, and the only one it reads.
pub const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    format_version: u32,
    evidence: &'a Evidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    format: String,
    format_version: u32,
    evidence: Evidence,
}

/// The two fields that tell whether the rest can be read at all.
#[derive(Deserialize)]
struct Head {
    format: String,
    format_version: u32,
}

/// Why a recording could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It is something else.
    #[error("not a recording of idc: {0}")]
    NotARecording(String),
    /// It has another format, as a newer idc may write it.
    #[error("the recording has format version {found}; this version of idc reads {FORMAT_VERSION}")]
    OtherVersion {
        /// The version that it carries.
        found: u32,
    },
    /// It is damaged: where, and what is wrong there.
    #[error("the recording is damaged: {0}")]
    Damaged(String),
}

/// How much of a text an error quotes, in characters.
const MOST: usize = 400;

/// Writes evidence as a recording.
pub fn to_json(evidence: &Evidence) -> Result<String, serde_json::Error> {
    let mut json = json::pretty(&Written { format: FORMAT, format_version: FORMAT_VERSION, evidence })?;
    json.push('\n');
    Ok(json)
}

/// Reads a recording. Fields that are unknown, missing or given twice are errors: a fact that is not there must not pass
/// for "none", nor one of two for the only one. Only what earlier versions of idc did not ask for may be missing, and
/// becomes a question that was not put.
pub fn read(json: &str) -> Result<Evidence, RecordingError> {
    // serde takes a list for an object whose fields have no names.
    if json.trim_ascii_start().starts_with('[') {
        return Err(RecordingError::NotARecording("it is a list".to_owned()));
    }
    match read_as(json) {
        Ok(Recording { format, format_version, evidence }) => {
            check_head(&format, format_version)?;
            Ok(evidence)
        }
        Err(error) => {
            let head: Head = serde_json::from_str(json)
                .map_err(|error| RecordingError::NotARecording(short(&clean(&error.to_string()))))?;
            check_head(&head.format, head.format_version)?;
            read_older(json, error)
        }
    }
}

fn check_head(format: &str, format_version: u32) -> Result<(), RecordingError> {
    match (format, format_version) {
        (FORMAT, FORMAT_VERSION) => Ok(()),
        (FORMAT, found) => Err(RecordingError::OtherVersion { found }),
        _ => Err(RecordingError::NotARecording(short(&format!("its format is {format:?}")))),
    }
}

/// Reads again what cannot be read as it stands, with the blanks that an older recording needs.
fn read_older(json: &str, error: String) -> Result<Evidence, RecordingError> {
    // Filled in, a field that was given twice would be there once.
    parsed::<Unique>(json).map_err(RecordingError::Damaged)?;
    let Ok(Some(filled)) = filled(json) else { return Err(RecordingError::Damaged(error)) };
    read_as(&filled).map(|recording: Recording| recording.evidence).map_err(|mut error| {
        // The line is one of the text with the blanks, which nobody has in hand.
        error.truncate(error.rfind(" at line ").unwrap_or(error.len()));
        RecordingError::Damaged(error)
    })
}

/// The recording with what earlier versions of idc did not ask for; `None` where it has all of it.
fn filled(json: &str) -> serde_json::Result<Option<String>> {
    let mut given: Value = serde_json::from_str(json)?;
    let filled = given.get_mut("evidence").map_or(Ok(false), older::fill)?;
    Ok(filled.then(|| given.to_string()))
}

/// Reads evidence by itself, as it stands in a recording, or says where it is damaged, and how.
pub(crate) fn read_bare(json: &str) -> Result<Evidence, String> {
    read_as(json)
}

/// Reads a recording, or a part of one. All evidence is read from text: each kind of deserializer would bring the code of
/// every fact with it once more, half a megabyte of the program.
fn read_as<R: DeserializeOwned>(json: &str) -> Result<R, String> {
    let read = parsed(json)?;
    parsed::<Unique>(json)?;
    Ok(read)
}

/// Reads all of a text, or says on one line what is wrong where: names of the file stand in that.
fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| {
        let place = place(json, error.line(), error.column());
        let colon = if place.is_empty() { "" } else { ": " };
        let (place, error) = (short(&clean(&place)), short(&clean(&error.to_string())));
        format!("{place}{colon}{error}")
    })
}

/// As much of a text as an error needs, with its end, which says where: names of the file stand in it, and may be of any
/// length.
fn short(text: &str) -> String {
    let letters = text.chars().count();
    if letters <= MOST {
        return text.to_owned();
    }
    let (start, end) = (text.chars().take(MOST / 2), text.chars().skip(letters - MOST / 2));
    start.chain(['…']).chain(end).collect()
}

/// Reads a field that may be null but must be there. Serde by itself takes an optional field that is absent for "none".
pub(super) fn required<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}
