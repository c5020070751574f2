//! Names that look like AWS's own words, planted wherever a recording can hold one: none of them is in the redacted form.

mod planted;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use idc::answers::diagnosis::diagnose;
use idc::evidence::{self, Evidence};
use idc::redact::{Reasoning, Refusal, redact, redact_or_refuse};
use serde_json::{Value, json};

use crate::properties::fixtures;
use planted::Planted;

/// An account's id that occurs nowhere else, as a text and as a number in a policy.
const ACCOUNT: &str = "555512349876";
const NUMBER: u64 = 555_512_349_876;

/// A recording with a colleague.
fn with_colleague(name: &str) -> Value {
    let mut recording: Value = serde_json::from_str(&fixtures::text(name)).unwrap();
    let evidence = &mut recording["evidence"];
    if evidence.get("colleague").is_none() {
        evidence["colleague"] = json!({
            "asked": evidence["question"]["user"],
            "user": evidence["user"],
            "for_principal": evidence["access"]["for_principal"],
            "groups": {},
            "permission_sets": {},
        });
    }
    recording
}

/// A recording with planted names: in its texts and policies, in the place of the names that fixtures have, on a machine
/// and with a colleague.
fn planted(name: &str, takes: &mut dyn FnMut(&str) -> bool) -> (Planted, Value) {
    let mut planted = Planted::default();
    let mut recording = with_colleague(name);
    planted.plant(&mut recording["evidence"], "", "", takes);
    recording["evidence"]["machine"] = planted.machine();
    let names = planted.of_all_kinds();
    let mut text = recording.to_string();
    for (is, at) in
        [("jane.doe", 3), ("prod-data", 0), ("DataAnalysts", 2), ("RedshiftAnalyst", 4), ("acme.example", 11)]
    {
        text = text.replace(is, &names[at]);
    }
    (planted, serde_json::from_str(&text).unwrap())
}

/// What of the original is in the redacted form of a recording with planted names. `Err`: it is refused, and so nothing is
/// given out.
fn leaks(planted: &Planted, original: &Evidence) -> Result<Vec<String>, Refusal> {
    let redacted = redact_or_refuse(original, 1)?;
    let written = evidence::to_json(&redacted).unwrap();
    let mut left = planted.left_in(&written);
    left.extend([ACCOUNT, "5555-1234-9876"].iter().filter(|id| written.contains(**id)).map(|id| (*id).to_owned()));
    if Reasoning::of(&diagnose(original)) != Reasoning::of(&diagnose(&redacted)) {
        left.push("another reasoning".to_owned());
    }
    Ok(left)
}

#[test]
fn no_planted_name_stays_in_any_fixture() {
    let (names, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    fixtures::for_one_in(10, |fixture| {
        let (planted, recording) = planted(&fixture.name, &mut |_| false);
        let original =
            evidence::read(&recording.to_string()).unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
        names.fetch_add(planted.names, Ordering::Relaxed);
        match leaks(&planted, &original) {
            Ok(left) => left.into_iter().take(3).map(|what| format!("{} still holds {what}", fixture.name)).collect(),
            // Names that are all nearly alike may have no others that are so just as much; then there is no file.
            Err(refusal) if refused.fetch_add(1, Ordering::Relaxed) > 2 => {
                vec![format!("{} is refused, like others before it: {refusal:?}", fixture.name)]
            }
            Err(_) => Vec::new(),
        }
    });
    let names = names.into_inner();
    assert!(names > if crate::every() { 10_000 } else { 1_000 }, "only {names} names");
}

/// The same in the place of any value that may be anything: an id, an ARN, a Region, a state.
#[test]
fn no_planted_name_stays_whatever_field_it_is_in() {
    // Which values may be anything the first of a kind tells.
    let takes: Mutex<BTreeMap<String, bool>> = Mutex::default();
    let (tried, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    fixtures::for_one_in(5, |fixture| {
        if fixture.name.len() % 3 != 0 {
            return Vec::new();
        }
        let mut seen = fixture.name.len();
        let (planted, recording) = planted(&fixture.name, &mut |kind| {
            seen += 1;
            let is_free = || is_free(&fixture.name, kind);
            seen % if crate::every() { 5 } else { 20 } == 0
                && *takes.lock().unwrap().entry(kind.to_owned()).or_insert_with(is_free)
        });
        let original =
            evidence::read(&recording.to_string()).unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
        tried.fetch_add(1, Ordering::Relaxed);
        let Ok(left) = leaks(&planted, &original) else {
            refused.fetch_add(1, Ordering::Relaxed);
            return Vec::new();
        };
        left.into_iter().take(3).map(|what| format!("{} still holds {what}", fixture.name)).collect()
    });
    let (tried, refused) = (tried.into_inner(), refused.into_inner());
    assert!(tried > if crate::every() { 20 } else { 3 } && refused * 4 < tried, "{refused} of {tried} are refused");
}

/// Whether a recording may hold anything in such a place.
fn is_free(name: &str, kind: &str) -> bool {
    fn put(value: &mut Value, steps: &[&str]) {
        match (value, steps) {
            (Value::Array(items), ["*", rest @ ..]) => items.iter_mut().for_each(|item| put(item, rest)),
            (Value::Object(entries), ["*", rest @ ..]) => entries.values_mut().for_each(|entry| put(entry, rest)),
            (Value::Object(entries), [step, rest @ ..]) => {
                entries.get_mut(*step).into_iter().for_each(|one| put(one, rest));
            }
            (Value::String(text), []) => "anything".clone_into(text),
            _ => {}
        }
    }
    let mut recording = with_colleague(name);
    put(&mut recording["evidence"], &kind.split('/').skip(1).collect::<Vec<_>>());
    evidence::read(&recording.to_string()).is_ok()
}

/// Nothing takes time by the square of what a recording holds: the same took minutes.
#[test]
fn long_names_and_texts_take_no_time() {
    let long: String = ('a'..='z').cycle().take(10_000).collect();
    let mut recording: Value = serde_json::from_str(&fixtures::text("assignment-creation-failed")).unwrap();
    let requests = recording["evidence"]["access"]["creation"]["described"].as_object_mut().unwrap();
    let request = requests.values_mut().next().unwrap();
    request["observed"]["Known"]["failure_reason"] =
        json!(format!("{} {}", "'s".repeat(20_000), "a:b/c-d ".repeat(5_000)));
    let text = recording.to_string().replace("jane.doe", &long).replace("prod-data", &format!("{long} ${{{long}"));
    let original = evidence::read(&text).unwrap();
    let before = Instant::now();
    diagnose(&original);
    let diagnosed = before.elapsed();
    let before = Instant::now();
    let redacted = redact(&original, 1).expect("redacted");
    let taken = before.elapsed();
    assert!(taken < Duration::from_secs(20) + 20 * diagnosed, "{taken:?}, and the answer alone {diagnosed:?}");
    assert_eq!(redacted.question.user.len(), long.len());
}
