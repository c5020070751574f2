//! The recordings in `fixtures/`, as they are kept. Those at the top are whole. Every other is kept as a JSON Patch (RFC
//! 6902), in a folder that is named after the whole one that it patches.

use std::fs;
use std::path::{Path, PathBuf};

use json_patch::Patch;
use serde_json::Value;

/// How a recording is kept.
pub(crate) enum Kept {
    Whole,
    /// As a patch of this whole one.
    Under(String),
}

/// The directory of fixtures.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// All recordings, in the order of their files' names.
pub(crate) fn all() -> Vec<(String, Kept)> {
    let mut all = Vec::new();
    for file in files(&folder()) {
        if file.is_dir() {
            all.extend(files(&file).iter().map(|patch| (stem(patch), Kept::Under(stem(&file)))));
        } else {
            all.push((stem(&file), Kept::Whole));
        }
    }
    all.sort_by_cached_key(|(name, _)| format!("{name}.json"));
    all
}

/// The names of all recordings.
pub(crate) fn names() -> Vec<String> {
    all().into_iter().map(|(name, _)| name).collect()
}

/// The file of a recording, or of its patch.
pub(crate) fn file(name: &str, kept: &Kept) -> PathBuf {
    match kept {
        Kept::Whole => folder(),
        Kept::Under(base) => folder().join(base),
    }
    .join(format!("{name}.json"))
}

/// The recording of that name, where there is one.
pub(crate) fn recording(name: &str) -> Result<Value, String> {
    let (_, kept) = all().into_iter().find(|(known, _)| known == name).ok_or_else(|| format!("no fixture {name}"))?;
    let written = json(&file(name, &kept))?;
    let Kept::Under(base) = kept else { return Ok(written) };
    let patch: Patch = serde_json::from_value(written).map_err(|error| format!("{name}: {error}"))?;
    let mut recording = json(&file(&base, &Kept::Whole))?;
    json_patch::patch(&mut recording, &patch).map_err(|error| format!("{name} does not fit {base}: {error}"))?;
    Ok(recording)
}

/// The recording of that name, as idc writes it.
pub(crate) fn text(name: &str) -> Result<String, String> {
    written(&recording(name)?)
}

/// A recording as idc writes it.
pub(crate) fn written(recording: &Value) -> Result<String, String> {
    let evidence = idc::evidence::read(&recording.to_string()).map_err(|error| error.to_string())?;
    idc::evidence::to_json(&evidence).map_err(|error| error.to_string())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(Result::ok).map(|entry| entry.path()).collect()
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn json(file: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}
