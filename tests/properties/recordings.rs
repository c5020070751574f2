//! Recordings that are not what they should be are refused: none of them is read as evidence of something.

use idc::evidence::{self, FORMAT, FORMAT_VERSION, RecordingError};
use serde_json::{Value, json};

use crate::fixtures;

/// Where ids or names are the names of fields. One less is one thing less that was asked about.
const MAPS: [&str; 16] = [
    "/groups",
    "/users",
    "/by_permission_set",
    "/permission_sets",
    "/described",
    "/aws_managed",
    "/entitled_roles",
    "/in_account",
    "/successes",
    "/role_policies",
    "/documents",
    "/Known/attributes",
    "/sources",
    "/policies/parents",
    "/policies/attached",
    "/policy_types",
];

fn healthy() -> Value {
    serde_json::from_str(&fixtures::text("healthy--group")).unwrap()
}

#[test]
fn something_else_is_not_a_recording() {
    for text in ["", "{", "[]", "null", "{}", r#"{"format": "idc-recording"}"#, r#"{"verdict": "blocked"}"#] {
        assert!(matches!(evidence::read(text), Err(RecordingError::NotARecording(_))), "{text}");
    }
    let mut other = healthy();
    other["format"] = "another-recording".into();
    assert!(matches!(evidence::read(&other.to_string()), Err(RecordingError::NotARecording(_))));
}

#[test]
fn another_version_is_told_apart() {
    for version in [0, FORMAT_VERSION + 1] {
        // Whatever else such a version holds.
        let other = json!({"format": FORMAT, "format_version": version, "findings": []});
        let read = evidence::read(&other.to_string());
        assert!(matches!(read, Err(RecordingError::OtherVersion { found }) if found == version), "{read:?}");
    }
}

#[test]
fn half_a_recording_is_not_read() {
    let text = fixtures::text("healthy--group");
    for part in 1..20 {
        let half: String = text.chars().take(text.len() * part / 20).collect();
        assert!(evidence::read(&half).is_err(), "{part} twentieths");
    }
}

#[test]
fn fields_that_are_unknown_are_not_passed_over() {
    each_object(|recording, place| {
        let object = recording.pointer_mut(place).unwrap();
        // Where ids are the names of fields, any name will do; what stands under it will not.
        object["surprise"] = json!({"value": 1});
        assert!(evidence::read(&recording.to_string()).is_err(), "{place} takes whatever it is given");
    });
}

#[test]
fn facts_that_are_missing_are_not_none() {
    let recording = healthy();
    for place in fixtures::facts(&recording) {
        for field in ["call", "observed"] {
            let mut damaged = recording.clone();
            damaged.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(field);
            assert!(evidence::read(&damaged.to_string()).is_err(), "{place} without {field}");
        }
        for observed in
            [Value::Null, json!({}), json!({"Known": 1}), json!({"Unknown": {"message": ""}}), json!("Known")]
        {
            let mut damaged = recording.clone();
            damaged.pointer_mut(&place).unwrap()["observed"] = observed.clone();
            assert!(evidence::read(&damaged.to_string()).is_err(), "{place}: {observed}");
        }
    }
}

#[test]
fn fields_that_are_missing_are_not_none() {
    let mut taken = Vec::new();
    each_object(|recording, place| {
        let names: Vec<String> = recording.pointer(place).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in names {
            let mut damaged = recording.clone();
            damaged.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(&name);
            let is_map = MAPS.iter().any(|map| place.ends_with(map));
            if !is_map && evidence::read(&damaged.to_string()).is_ok() {
                taken.push(format!("{place}/{name}"));
            }
        }
    });
    assert!(taken.is_empty(), "read without\n{}", taken.join("\n"));
}

/// Does something to a copy of a recording at every object in it.
fn each_object(mut damage: impl FnMut(&mut Value, &str)) {
    let recording = healthy();
    let mut places = vec![String::new()];
    collect(&recording, "", &mut places);
    for place in places {
        damage(&mut recording.clone(), &place);
    }
}

fn collect(value: &Value, place: &str, places: &mut Vec<String>) {
    let mut down = |name: &str, value: &Value| {
        let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        if value.is_object() {
            places.push(place.clone());
        }
        collect(value, &place, places);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| down(name, member)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| down(&index.to_string(), item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
