//! Recordings: evidence as one JSON object with a format and a version in front.

use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Evidence, older};

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
struct Read {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "format_version")]
    _format_version: u32,
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
    /// It is damaged.
    #[error("the recording is damaged: {0}")]
    Damaged(serde_json::Error),
}

/// Writes evidence as a recording.
pub fn to_json(evidence: &Evidence) -> Result<String, serde_json::Error> {
    let mut json = serde_json::to_string_pretty(&Written { format: FORMAT, format_version: FORMAT_VERSION, evidence })?;
    json.push('\n');
    Ok(json)
}

/// Reads a recording. Unknown and missing fields are errors: a fact that is not there must not pass for "none". Only
/// what earlier versions of idc did not ask for may be missing, and becomes a question that was not put.
pub fn read(json: &str) -> Result<Evidence, RecordingError> {
    let head: Head = serde_json::from_str(json).map_err(|error| RecordingError::NotARecording(error.to_string()))?;
    if head.format != FORMAT {
        return Err(RecordingError::NotARecording(format!("its format is {:?}", head.format)));
    }
    if head.format_version != FORMAT_VERSION {
        return Err(RecordingError::OtherVersion { found: head.format_version });
    }
    read_whole(json).map_err(RecordingError::Damaged)
}

fn read_whole(json: &str) -> serde_json::Result<Evidence> {
    let mut given: Value = serde_json::from_str(json)?;
    let filled = given.get_mut("evidence").map_or(Ok(false), older::fill)?;
    // Only the text itself tells in which line it is damaged.
    let recording = if filled { Read::deserialize(&given)? } else { serde_json::from_str(json)? };
    check_whole(&given["evidence"], &recording.evidence)?;
    Ok(recording.evidence)
}

/// Serde reads an absent optional field as "none", and passes over unknown ones beside an enum's own. Written again,
/// such evidence is not what it was read from.
fn check_whole(given: &Value, evidence: &Evidence) -> serde_json::Result<()> {
    let whole = serde_json::to_value(evidence)?;
    match difference(given, &whole, "evidence") {
        None => Ok(()),
        Some(place) => Err(serde_json::Error::custom(format!("{place} is missing, unknown or not as idc writes it"))),
    }
}

/// The first place where two values differ.
fn difference(given: &Value, whole: &Value, place: &str) -> Option<String> {
    match (given, whole) {
        (Value::Object(a), Value::Object(b)) => {
            a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))).find_map(|name| {
                let place = format!("{place}.{name}");
                match (a.get(name), b.get(name)) {
                    (Some(given), Some(whole)) => difference(given, whole, &place),
                    (None, _) | (_, None) => Some(place),
                }
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(i, (given, whole))| difference(given, whole, &format!("{place}.{i}"))),
        _ => (given != whole).then(|| place.to_owned()),
    }
}
