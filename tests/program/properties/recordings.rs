//! Recordings that are not what they should be are refused: none of them is read as evidence of something.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use idc::evidence::{self, FORMAT, FORMAT_VERSION, RecordingError};
use serde_json::{Value, json};

use crate::properties::fixtures;

/// Where ids or names are the names of fields. One less is one thing less that was asked about.
const MAPS: [&str; 21] = [
    "/about",
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
    "/policy_documents",
    "/Known/attributes",
    "/sources",
    "/policies/parents",
    "/policies/attached",
    "/policy_types",
    "/settings",
    "/elsewhere/accounts",
    "/access/accounts_of",
];

/// Fields that are not written where nobody asked for what they hold, as earlier versions of idc did not. Each with what
/// its place must hold.
const LATER_FIELDS: [(&str, &str); 34] = [
    ("/evidence", "history"),
    ("/history", "trail"),
    ("/history", "covers"),
    ("/history", "request"),
    ("/history", "shared_id"),
    ("/history", "role"),
    ("/history", "through"),
    ("/history", "address"),
    ("/history", "access_key"),
    ("/user/", "touched"),
    ("/users/", "touched"),
    ("/groups/", "touched"),
    ("/touched", "created_by"),
    ("/touched", "updated"),
    ("/touched", "updated_by"),
    ("/evidence", "elsewhere"),
    ("/evidence", "colleague"),
    ("/evidence", "machine"),
    ("/evidence/access", "provisioned_in_management"),
    ("/evidence/access", "accounts_of"),
    ("/users/", "extended"),
    ("/user/", "extended"),
    ("/user/", "created"),
    ("/groups/", "created"),
    ("/users/", "created"),
    ("/sign_ins", "anybody"),
    ("/sign_ins", "elsewhere"),
    ("/sign_ins", "workflow"),
    ("/sign_ins", "times"),
    ("/target/events", "read_back_to"),
    ("/target/events", "role"),
    ("/instances", "regions"),
    ("/target", "policy_documents"),
    ("/target/policies", "default_version"),
];

fn healthy() -> Value {
    serde_json::from_str(&fixtures::text("healthy--group")).unwrap()
}

#[test]
fn something_else_is_not_a_recording() {
    for text in ["", "{", "[]", "null", "{}", r#"{"format": "idc-recording"}"#, r#"{"verdict": "blocked"}"#] {
        assert!(matches!(evidence::read(text), Err(RecordingError::NotARecording(_))), "{text}");
    }
    // Fields without names are no recording, even where they are in order.
    let bare = json!([FORMAT, FORMAT_VERSION, healthy()["evidence"]]).to_string();
    assert!(matches!(evidence::read(&bare), Err(RecordingError::NotARecording(_))));
    let mut other = healthy();
    other["format"] = "another-recording".into();
    assert!(matches!(evidence::read(&other.to_string()), Err(RecordingError::NotARecording(_))));
}

/// Whatever stands in a file, what is said of it is no longer than people read.
#[test]
fn an_error_is_short_whatever_it_quotes() {
    let long = "x\u{1b}".repeat(200_000);
    let damaged = |damage: &dyn Fn(&mut Value)| {
        let mut recording = healthy();
        damage(&mut recording);
        evidence::read(&recording.to_string()).expect_err("damaged").to_string()
    };
    for error in [
        damaged(&|recording| recording[&long] = json!(1)),
        damaged(&|recording| recording["format"] = json!(long)),
        damaged(&|recording| recording["evidence"]["instances"]["call"] = json!(long)),
        damaged(&|recording| recording["evidence"]["groups"][&long] = json!({"call": 1})),
        damaged(&|recording| recording["evidence"]["groups"] = json!({"a": {&long: {&long: 1}}})),
        evidence::read(&json!({"format": long, "format_version": 1}).to_string()).unwrap_err().to_string(),
    ] {
        assert!(error.chars().count() < 1_000, "{} letters: {:.300}", error.len(), error);
    }
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
    each_kind_of_object(|recording, Object { place, .. }| {
        // Where ids are the names of fields, any name will do; what stands under it will not.
        recording.pointer_mut(place).unwrap()["surprise"] = json!({"value": 1});
        let read = evidence::read(&recording.to_string());
        recording.pointer_mut(place).unwrap().as_object_mut().unwrap().remove("surprise");
        assert!(read.is_err(), "{place} takes whatever it is given");
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

/// Serde by itself takes an optional field that is not there for "none". Which field is missing, and where, is told.
#[test]
fn fields_that_are_missing_are_not_none() {
    let (mut tried, mut wrong) = (BTreeSet::new(), Vec::new());
    each_kind_of_object(|recording, Object { place, kind, is_map }| {
        let names: Vec<String> = recording.pointer(place).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in names.into_iter().filter(|_| !is_map) {
            let came_later = LATER_FIELDS.iter().any(|(part, field)| place.contains(part) && *field == name)
                || later_alone().any(|part| format!("{place}/{name}").ends_with(part));
            if !came_later && tried.insert(format!("{kind}/{name}")) {
                let taken = recording.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(&name).unwrap();
                wrong.extend(told_otherwise(recording, place, &name));
                recording.pointer_mut(place).unwrap()[name.as_str()] = taken;
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), tried.len(), wrong.join("\n"));
}

#[test]
fn what_is_read_is_what_was_written() {
    fixtures::for_each(|fixture| {
        let evidence = evidence::read(&fixture.recording.to_string()).unwrap();
        let again: Value = serde_json::from_str(&evidence::to_json(&evidence).unwrap()).unwrap();
        (again != fixture.recording)
            .then(|| format!("{} is another when it is written again", fixture.name))
            .into_iter()
            .collect()
    });
}

/// What no recording holds must not be read otherwise either.
#[test]
fn every_optional_field_is_required_or_came_later() {
    let mut wrong = Vec::new();
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let (mut is_read, mut attribute) = (false, "");
        for line in text.lines() {
            match line.trim() {
                derive if derive.starts_with("#[derive(") => is_read = derive.contains("Deserialize"),
                // It is read in the form of another type.
                serde if serde.starts_with("#[serde(from =") => is_read = false,
                serde if serde.starts_with("#[serde(") => attribute = serde,
                "}" if line == "}" => is_read = false,
                field if is_read && field.contains(": Option<") && !field.starts_with("//") => {
                    let is_required = attribute == r#"#[serde(deserialize_with = "required")]"#;
                    if !is_required && !attribute.starts_with("#[serde(default") {
                        wrong.push(format!("{}: {field}", file.display()));
                    }
                    attribute = "";
                }
                field if field.ends_with(',') => attribute = "",
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "read as none where they are missing:\n{}", wrong.join("\n"));
}

/// The files that say what evidence is.
fn sources() -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folder = fs::read_dir(src.join("evidence")).unwrap().map(|file| file.unwrap().path());
    folder.filter(|path| path.is_file()).chain([src.join("evidence.rs")]).collect()
}

#[test]
fn what_is_nested_too_deeply_is_refused() {
    let deep = |brackets: &str| brackets.repeat(200_000);
    for (open, close) in [("[", "]"), (r#"{"elsewhere":["#, "]}"), (r#"{"evidence":"#, "}")] {
        for evidence in [deep(open), deep(open) + &deep(close)] {
            let text =
                format!(r#"{{"format": "{FORMAT}", "format_version": {FORMAT_VERSION}, "evidence": {evidence}}}"#);
            assert!(evidence::read(&text).is_err(), "{open}");
        }
    }
    // The one thing that holds others of its kind: a Region within a Region.
    let mut recording = healthy();
    let mut region = recording["evidence"]["sign_ins"].clone();
    recording["evidence"]["sign_ins"]["elsewhere"] = json!([region]);
    assert!(evidence::read(&recording.to_string()).is_ok());
    for _ in 1..100 {
        region = json!({"verifications": region["verifications"], "external": region["external"], "successes": {}, "elsewhere": [region]});
        recording["evidence"]["sign_ins"]["elsewhere"] = json!([region]);
        assert!(evidence::read(&recording.to_string()).is_err());
    }
}

/// What is said of a recording without a field, unless that is which and where.
fn told_otherwise(damaged: &Value, place: &str, name: &str) -> Option<String> {
    let said = match evidence::read(&damaged.to_string()) {
        Ok(_) => return Some(format!("{place} is read without {name}")),
        Err(error) => error.to_string(),
    };
    // Which of its variants an enum is goes before its fields.
    let is_variant = name.starts_with(|first: char| first.is_ascii_uppercase());
    let expected = if is_variant {
        format!("the recording is damaged: {}", dotted(place))
    } else {
        format!("the recording is damaged: {}: missing field `{name}` at line 1 column ", dotted(place))
    };
    (!place.is_empty() && !said.starts_with(&expected)).then(|| format!("{place} without {name}: {said}"))
}

/// A place as people read it.
fn dotted(place: &str) -> String {
    let mut dotted = String::new();
    for step in place.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")) {
        match step.parse::<u32>() {
            Ok(index) if !step.starts_with('0') || step == "0" => write!(dotted, "[{index}]").unwrap(),
            _ => write!(dotted, "{}{step}", if dotted.is_empty() { "" } else { "." }).unwrap(),
        }
    }
    dotted
}

#[test]
fn what_every_recording_must_hold_is_named_where_it_is_missing() {
    for name in ["question", "caller", "account", "user", "access", "target"] {
        let mut damaged = healthy();
        damaged["evidence"].as_object_mut().unwrap().remove(name);
        // Whether or not other parts came later.
        for policies in [true, false] {
            if !policies {
                damaged["evidence"].as_object_mut().unwrap().remove("policies");
            }
            let said = evidence::read(&damaged.to_string()).unwrap_err().to_string();
            assert!(said.contains(&format!("`{name}`")), "{name}: {said}");
        }
    }
}

/// Where parts stand that may be missing by themselves.
fn later_alone() -> impl Iterator<Item = &'static str> {
    evidence::later_parts().filter_map(|(places, _)| <[&str; 1]>::try_from(places).ok()).flatten()
}

/// An object of a recording.
pub(super) struct Object {
    pub(super) place: String,
    /// The place without what there are many of.
    pub(super) kind: String,
    /// Whether the names of its fields are ids or names.
    pub(super) is_map: bool,
}

/// Does something at each kind of object that is recorded anywhere, once with each set of fields, or at one of five. What
/// it does to the recording, it undoes.
fn each_kind_of_object(mut damage: impl FnMut(&mut Value, &Object)) {
    let mut seen = BTreeSet::new();
    let older = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/older/own-machine.json");
    let older: Value = serde_json::from_str(&fs::read_to_string(older).unwrap()).unwrap();
    for recording in fixtures::all().iter().map(|fixture| &fixture.recording).chain([&older]) {
        let mut objects = Vec::new();
        collect(recording, "", "", &mut objects);
        let mut copy = recording.clone();
        for object in objects {
            let members = copy.pointer(&object.place).unwrap().as_object().unwrap();
            let names: Vec<_> = members.keys().filter(|_| !object.is_map).cloned().collect();
            if seen.insert((object.kind.clone(), names)) && (crate::every() || seen.len().is_multiple_of(5)) {
                damage(&mut copy, &object);
            }
        }
        assert_eq!(copy, *recording);
    }
}

pub(super) fn collect(value: &Value, place: &str, kind: &str, objects: &mut Vec<Object>) {
    match value {
        Value::Object(members) => {
            let is_map = MAPS.iter().any(|map| place.ends_with(map)) && !members.contains_key("call");
            objects.push(Object { place: place.to_owned(), kind: kind.to_owned(), is_map });
            for (name, member) in members {
                let step = name.replace('~', "~0").replace('/', "~1");
                let kind = format!("{kind}/{}", if is_map { "*" } else { &step });
                collect(member, &format!("{place}/{step}"), &kind, objects);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{place}/{index}"), &format!("{kind}/*"), objects);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
