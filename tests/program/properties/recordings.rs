//! Recordings that are not what they should be are refused: none of them is read as evidence of something.

use idc::answers::diagnosis::diagnose;
use idc::evidence::{self, FORMAT, FORMAT_VERSION, RecordingError};
use serde_json::{Value, json};

use crate::properties::fixtures::{self, Fixture};
use crate::properties::monotone;

/// Where ids or names are the names of fields. One less is one thing less that was asked about.
const MAPS: [&str; 17] = [
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
];

/// Fields of what was there before, which earlier versions of idc did not write: absent means that it was not asked.
/// Each with what its place must hold.
const LATER_FIELDS: [(&str, &str); 13] = [
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
            let came_later = LATER_FIELDS.iter().any(|(part, field)| place.contains(part) && *field == name)
                || evidence::later_parts().any(|(part, _)| format!("{place}/{name}").ends_with(part));
            if !is_map && !came_later && evidence::read(&damaged.to_string()).is_ok() {
                taken.push(format!("{place}/{name}"));
            }
        }
    });
    assert!(taken.is_empty(), "read without\n{}", taken.join("\n"));
}

/// What came after the first recordings may be missing in one. It then says so, and never answers otherwise.
#[test]
fn older_recordings_are_read_for_what_they_hold() {
    let parts: Vec<_> = evidence::later_parts().collect();
    fixtures::for_each(|fixture| without(fixture, &parts).into_iter().collect());
    for name in ["healthy--group", "healthy--entitled", "resource-control-policy-denies", "session-tags-invalid"] {
        let fixture = fixtures::all().iter().find(|fixture| fixture.name == name).unwrap();
        for part in &parts {
            assert_eq!(without(fixture, std::slice::from_ref(part)), None);
        }
    }
}

/// What is wrong with the answer from a recording that is without some parts.
fn without(fixture: &Fixture, parts: &[(&str, &str)]) -> Option<String> {
    let mut older = fixture.recording.clone();
    for (part, _) in parts {
        let (above, name) = part.rsplit_once('/').unwrap();
        let above = older["evidence"].pointer_mut(above).unwrap();
        assert!(above.as_object_mut().unwrap().remove(name).is_some(), "{} has no {part}", fixture.name);
    }
    let wrong = |wrong: &str| Some(format!("{} without {parts:?}: {wrong}", fixture.name));
    let evidence = match evidence::read(&older.to_string()) {
        Ok(evidence) => evidence,
        Err(error) => return wrong(&error.to_string()),
    };
    let less = diagnose(&evidence);
    // The roles that people are entitled to are told of with the entitlements.
    for (_, tells) in parts.iter().filter(|(part, _)| *part != "/target/entitled_roles") {
        if !less.notes.iter().any(|note| note.contains("earlier version") && note.contains(tells)) {
            return wrong(&format!("it says nothing of {tells}: {:?}", less.notes));
        }
    }
    let caller = less.caller.as_ref().map(|caller| caller.account.as_str());
    let unrecorded = |gap: &&evidence::Gap| gap.message.contains("recorded before idc asked");
    if let Some(gap) =
        less.gaps.iter().map(|unread| &unread.gap).filter(unrecorded).find(|gap| gap.account.as_deref() != caller)
    {
        return wrong(&format!("it sends people to another account: {gap:?}"));
    }
    // What CloudTrail knows only corroborates: without it, nothing is seen of a sign-in that failed.
    if fixtures::faults(&fixture.diagnosis).any(|(rule, ..)| rule == "sign-in-failed") {
        return None;
    }
    monotone::changed(&fixture.diagnosis, &less).and_then(|how| wrong(&how))
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
