//! Fixtures: recordings that the program itself made of the scenarios. One that is no longer what the program would
//! record fails its scenario; `UPDATE_FIXTURES=1` records it anew. What differs between two recordings of the same
//! organization is taken out of the comparison, and of nothing else.

mod keeping;

use std::{env, fs};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::kept::{self, Kept};
pub(crate) use keeping::is_whole;
use keeping::{RECENT, keep, patch};

/// How long a recording may take without changing.
const GRAIN_MINUTES: i64 = 10;

/// Compares a recording with the fixture of that name; or, where that is asked for, writes it if it differs.
pub(crate) fn compare(name: &str, recording: &str) -> Result<(), String> {
    let recorded: Value = serde_json::from_str(recording).map_err(|error| error.to_string())?;
    let difference = match kept::recording(name) {
        Ok(committed) => difference(&lasting(committed)?, &lasting(recorded.clone())?, "$"),
        Err(error) => Some(error),
    };
    let Some(difference) = difference else { return Ok(()) };
    if env::var("UPDATE_FIXTURES").is_ok_and(|update| update == "1") {
        return keep(name, recorded);
    }
    Err(format!(
        "the fixture {name} is stale: {difference}\n(UPDATE_FIXTURES=1 cargo test --test program scenarios:: records it anew)"
    ))
}

/// What must be the same in two recordings of the same organization, however far apart they were made.
fn lasting(mut recording: Value) -> Result<Value, String> {
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
            let unsteady = if is_event(members) { &["request_id", "id", "request"][..] } else { &["request_id"] };
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

/// Whether it is an event of CloudTrail. Its ids are made from its time.
pub(super) fn is_event(members: &Map<String, Value>) -> bool {
    let has = |name: &str| members.contains_key(name);
    has("session_name") || has("succeeded") || has("event") && has("what") || members.len() == 1 && has("request")
}

/// How long before the recording, in whole grains; `None` where that has nothing to do with it.
fn distance(before: SignedDuration) -> Option<String> {
    let grains = (before.as_secs() + GRAIN_MINUTES * 30).div_euclid(GRAIN_MINUTES * 60);
    (before.abs() <= RECENT).then(|| format!("{} minutes before", grains * GRAIN_MINUTES))
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
    let names: Vec<&str> = crate::wire::scenarios::all().iter().map(|scenario| scenario.name).collect();
    for (name, kept) in kept::all() {
        assert!(names.contains(&name.as_str()), "no scenario has recorded {name}");
        assert_eq!(matches!(kept, Kept::Whole), is_whole(&name), "{name}");
    }
}

/// A patch that says more than it must, or says it in another way, would change when it is next written.
#[test]
fn patches_are_as_they_would_be_written() {
    for (name, kept) in kept::all() {
        if let Kept::Under(base) = &kept {
            let whole = kept::recording(base).unwrap();
            let file = kept::file(&name, &kept);
            let anew = patch(&whole, &kept::recording(&name).unwrap()).unwrap();
            // The same recording, where the one that it is a patch of has changed.
            if env::var("UPDATE_FIXTURES").is_ok_and(|update| update == "1") {
                fs::write(&file, &anew).unwrap();
            }
            assert_eq!(anew, fs::read_to_string(&file).unwrap(), "{name}");
        }
    }
}
