//! Fixtures: recordings that the program itself made of the scenarios. One that is no longer what the program would
//! record fails its scenario; `UPDATE_FIXTURES=1` records it anew. What differs between two recordings of the same
//! organization is taken out of the comparison, and of nothing else.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Moments that are nearer to the recording than this were reckoned from it.
const RECENT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a recording may take without changing.
const GRAIN_MINUTES: i64 = 10;

/// The directory of fixtures.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every fixture.
pub(crate) fn all() -> Vec<PathBuf> {
    let files = fs::read_dir(directory()).expect("fixtures");
    files.map(|file| file.unwrap().path()).filter(|file| file.extension().is_some_and(|end| end == "json")).collect()
}

/// Compares a recording with the fixture of that name; or, where that is asked for, writes it if it differs.
pub(crate) fn compare(name: &str, recording: &str) -> Result<(), String> {
    let file = directory().join(format!("{name}.json"));
    let committed = fs::read_to_string(&file).ok();
    let difference = match &committed {
        Some(committed) => difference(&lasting(committed)?, &lasting(recording)?, "$"),
        None => Some("there is no such file".to_owned()),
    };
    let Some(difference) = difference else { return Ok(()) };
    if env::var("UPDATE_FIXTURES").is_ok_and(|update| update == "1") {
        fs::create_dir_all(directory()).map_err(|error| error.to_string())?;
        return fs::write(&file, recording).map_err(|error| error.to_string());
    }
    Err(format!(
        "fixtures/{name}.json is stale: {difference}\n(UPDATE_FIXTURES=1 cargo nextest run --test wire records it anew)"
    ))
}

/// What must be the same in two recordings of the same organization, however far apart they were made.
fn lasting(recording: &str) -> Result<Value, String> {
    let mut recording: Value = serde_json::from_str(recording).map_err(|error| error.to_string())?;
    let at = recording["evidence"]["collected_at"].as_str().and_then(|at| at.parse().ok());
    let at = at.ok_or("the recording does not say when it was made")?;
    // Requests that were sent again, or were under way when an answer made them needless, count too.
    recording["evidence"]["calls"] = Value::Null;
    steady(&mut recording, at);
    Ok(recording)
}

fn steady(value: &mut Value, recorded: Timestamp) {
    match value {
        Value::String(text) => {
            if let Some(when) = text.parse().ok().and_then(|at: Timestamp| distance(recorded.duration_since(at))) {
                *text = when;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| steady(item, recorded)),
        Value::Object(members) => {
            // An event's id is made from its time.
            let is_event = members.contains_key("session_name") || members.contains_key("succeeded");
            let unsteady = if is_event { ["request_id", "id"] } else { ["request_id"; 2] };
            for (name, member) in members {
                if unsteady.contains(&name.as_str()) && member.is_string() {
                    *member = "…".into();
                }
                steady(member, recorded);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How long before the recording, in whole grains; `None` where that has nothing to do with it.
fn distance(before: SignedDuration) -> Option<String> {
    let grains = (before.as_secs() + GRAIN_MINUTES * 30).div_euclid(GRAIN_MINUTES * 60);
    (before.abs() <= RECENT + SignedDuration::from_hours(1))
        .then(|| format!("{} minutes before", grains * GRAIN_MINUTES))
}

/// The first place where two values differ.
fn difference(committed: &Value, recorded: &Value, place: &str) -> Option<String> {
    match (committed, recorded) {
        (Value::Object(a), Value::Object(b)) => {
            let missing = a.keys().find(|name| !b.contains_key(*name)).map(|name| format!("{place}.{name} is gone"));
            let added = b.keys().find(|name| !a.contains_key(*name)).map(|name| format!("{place}.{name} is new"));
            missing.or(added).or_else(|| {
                a.iter().find_map(|(name, value)| difference(value, b.get(name)?, &format!("{place}.{name}")))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(a, b, &format!("{place}[{i}]")))
        }
        _ => (committed != recorded).then(|| format!("{place} was {committed} and is {recorded}")),
    }
}

#[test]
fn every_fixture_has_its_scenario() {
    let names: Vec<&str> = crate::scenarios::all().iter().map(|scenario| scenario.name).collect();
    let files = fs::read_dir(directory()).expect("fixtures");
    let strays: Vec<PathBuf> = files
        .map(|file| file.unwrap().path())
        .filter(|file| file.file_stem().and_then(|stem| stem.to_str()).is_none_or(|stem| !names.contains(&stem)))
        .collect();
    assert!(strays.is_empty(), "no scenario has recorded {strays:?}");
}
