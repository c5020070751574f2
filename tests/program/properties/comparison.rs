//! A comparison with a colleague tells more and changes nothing; and what could not be read of either makes no
//! difference between them.

use std::collections::BTreeSet;

use idc::answers::diagnosis::diagnose;
use idc::evidence::Evidence;
use idc::render::json;
use serde::Deserialize;
use serde_json::Value;

use crate::properties::fixtures::{self, Fixture};
use crate::properties::monotone::{WAYS, observed};

fn beside_somebody() -> impl Iterator<Item = &'static Fixture> {
    fixtures::all().iter().filter(|fixture| fixture.recording["evidence"].get("colleague").is_some())
}

/// The answer to this evidence, as a script reads it.
fn answer(evidence: &Value) -> Value {
    let mut text = Vec::new();
    json::write(&mut text, &diagnose(&Evidence::deserialize(evidence).unwrap())).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The answer in two parts: all that is about the user alone, and the comparison.
fn parts(evidence: &Value) -> (Value, Value) {
    let mut answer = answer(evidence);
    let like = answer.as_object_mut().unwrap().remove("like").unwrap();
    (answer, like)
}

/// The ways that the user is said not to have.
fn lacking(like: &Value) -> BTreeSet<String> {
    let paths = like["paths"].as_array().unwrap().iter().filter(|path| path["shared"] == false);
    paths.map(|path| format!("{} {} {}", path["permission_set_arn"], path["role_arn"], path["via"]["id"])).collect()
}

#[test]
fn there_are_such_recordings() {
    let outcomes: BTreeSet<String> =
        beside_somebody().map(|fixture| parts(&fixture.recording["evidence"]).1["outcome"].to_string()).collect();
    assert!(outcomes.len() >= 3, "{outcomes:?}");
}

#[test]
fn without_the_colleague_the_answer_is_the_same() {
    for fixture in beside_somebody() {
        let mut evidence = fixture.recording["evidence"].clone();
        let (whole, _) = parts(&evidence);
        evidence.as_object_mut().unwrap().remove("colleague");
        assert_eq!(parts(&evidence), (whole, Value::Null), "{}", fixture.name);
    }
}

#[test]
fn what_is_not_known_of_the_colleague_changes_the_comparison_alone() {
    for fixture in beside_somebody() {
        let (whole, _) = parts(&fixture.recording["evidence"]);
        for place in places(fixture).filter(|place| place.starts_with("/colleague/")) {
            for way in WAYS {
                let (less, _) = parts(&without(fixture, &place, way));
                assert_eq!(less, whole, "{} with {place} {way}", fixture.name);
            }
        }
    }
}

#[test]
fn what_is_not_known_makes_no_difference() {
    for fixture in beside_somebody() {
        let (_, whole) = parts(&fixture.recording["evidence"]);
        for (at, place) in places(fixture).enumerate() {
            for way in ways(at) {
                let (_, less) = parts(&without(fixture, &place, way));
                let (before, now) = (lacking(&whole), lacking(&less));
                assert!(now.is_subset(&before), "{} with {place} {way}: {now:?}", fixture.name);
                let outcomes = (whole["outcome"].as_str().unwrap(), less["outcome"].as_str().unwrap());
                assert!(outcomes.0 == outcomes.1 || outcomes.1 == "unknown", "{} with {place} {way}", fixture.name);
            }
        }
    }
}

/// Where the facts are, within the evidence.
fn places(fixture: &Fixture) -> impl Iterator<Item = String> {
    fixtures::facts(&fixture.recording).into_iter().map(|place| place["/evidence".len()..].to_owned())
}

fn without(fixture: &Fixture, place: &str, way: &str) -> Value {
    let mut evidence = fixture.recording["evidence"].clone();
    evidence.pointer_mut(place).unwrap()["observed"] = observed(way);
    evidence
}

/// The ways, which take turns where not all is tried.
fn ways(turn: usize) -> Vec<&'static str> {
    if crate::every() { WAYS.to_vec() } else { vec![WAYS[turn % WAYS.len()]] }
}
