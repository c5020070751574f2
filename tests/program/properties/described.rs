//! Whatever is looked up by an id that a list names, a request, a policy or a group, may be missing in a recording: it was
//! left out on purpose, or by whoever made the recording by hand. Then it is not known, and the answer says so.

use std::sync::atomic::{AtomicUsize, Ordering};

use idc::answers::diagnosis::{Diagnosis, diagnose};
use idc::evidence::{Evidence, Reason};
use idc::verdict::Verdict;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::properties::fixtures::{self, Fixture};
use crate::properties::monotone::{changed, changed_by_silence, silenced};

#[test]
fn what_is_not_described_is_not_known() {
    fixtures::for_one_in(5, |fixture| {
        let mut entries = Vec::new();
        described(&fixture.recording["evidence"], "", &mut entries);
        entries.iter().filter_map(|entry| complaint(fixture, entry)).collect()
    });
}

/// What is wrong with the answer where this entry is missing.
fn complaint(fixture: &Fixture, entry: &str) -> Option<String> {
    let (whole, less) = (&fixture.diagnosis, diagnose(&without(fixture, entry)));
    let is_event = entry.contains("/successes/");
    let changed = if is_event { changed_by_silence(fixture, &silenced(fixture), &less) } else { changed(whole, &less) };
    let silent = || {
        let says_less = whole.verdict != less.verdict || root(whole) != root(&less);
        (says_less && less.complete).then(|| "what is lost is not said".to_owned())
    };
    changed.or_else(silent).map(|what| format!("{} without {entry}: {what}", fixture.name))
}

/// A request may be listed and described by an answer, or in a recording by somebody, who leaves out what it is about. It may
/// be about this very assignment.
#[test]
fn a_request_that_says_not_what_it_is_about_is_not_known() {
    let tried = AtomicUsize::new(0);
    fixtures::for_one_in(5, |fixture| {
        let mut wrong = Vec::new();
        for kind in ["creation", "deletion"] {
            for field in ["account", "permission_set", "principal"] {
                for nothing in [Value::Null, json!("")] {
                    let mut evidence = fixture.recording["evidence"].clone();
                    let all = evidence.pointer_mut(&format!("/access/{kind}/described")).unwrap();
                    let requests = all.as_object_mut().unwrap().values_mut();
                    let requests = requests.filter_map(|fact| fact.pointer_mut("/observed/Known")?.as_object_mut());
                    let mut without = 0;
                    for request in requests {
                        match request.get_mut(field).unwrap() {
                            Value::Object(principal) if !nothing.is_null() => principal["id"] = nothing.clone(),
                            value => *value = nothing.clone(),
                        }
                        without += 1;
                    }
                    if without == 0 {
                        continue;
                    }
                    let Ok(evidence) = Evidence::deserialize(&evidence) else { continue };
                    tried.fetch_add(1, Ordering::Relaxed);
                    let less = diagnose(&evidence);
                    let what = || format!("{} where no {kind} says its {field}", fixture.name);
                    wrong.extend(changed(&fixture.diagnosis, &less).map(|how| format!("{}: {how}", what())));
                }
            }
        }
        wrong
    });
    let tried = tried.into_inner();
    assert!(tried > if crate::every() { 100 } else { 20 }, "only {tried}");
}

/// A request that is listed and not described may be about this very assignment, unless a newer one is.
#[test]
fn a_request_that_is_listed_and_not_described_is_told() {
    let mut told = 0;
    for fixture in fixtures::all().iter().filter(|fixture| fixture.diagnosis.verdict == Verdict::Reachable) {
        for kind in ["creation", "deletion", "provisioning"] {
            for list in ["in_progress", "failed"] {
                let mut evidence = fixture.recording["evidence"].clone();
                let Some(rows) = evidence.pointer_mut(&format!("/access/{kind}/{list}/observed/Known")) else {
                    continue;
                };
                if kind == "provisioning" {
                    continue; // Looked at only where a set is not there in its latest version.
                }
                rows.as_array_mut().unwrap().push(json!({"id": "unseen", "created": "2999-01-01T00:00:00Z"}));
                let less = diagnose(&Evidence::deserialize(&evidence).unwrap());
                let said = less
                    .gaps
                    .iter()
                    .any(|unread| unread.gap.reason == Reason::NotAsked && unread.gap.message.contains("described"));
                let name = &fixture.name;
                assert!(said && !less.complete, "{name}: a row of {kind}.{list} is not described, and nothing is said");
                let assigned = fixture.diagnosis.paths.iter().all(|path| path.permission_set_arn.is_some());
                let decides = kind == "deletion" && list == "in_progress" && assigned;
                assert!(!decides || less.verdict == Verdict::Inconclusive, "{name}: {kind}.{list}: {:?}", less.verdict);
                told += 1;
            }
        }
    }
    assert!(told > 20, "{told}");
}

fn root(diagnosis: &Diagnosis) -> Option<&str> {
    diagnosis.root_cause.as_ref().map(|root| root.rule)
}

fn without(fixture: &Fixture, entry: &str) -> Evidence {
    let mut evidence = fixture.recording["evidence"].clone();
    let (map, key) = entry.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    evidence.pointer_mut(map).unwrap().as_object_mut().unwrap().remove(&key).unwrap();
    Evidence::deserialize(&evidence).unwrap()
}

/// The pointers to everything that stands under an id or a name, not under the name of a field.
fn described(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let is_field = |key: &String| key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            let is_variant = at.ends_with("/observed");
            let by_id = !map.is_empty() && !is_variant && !map.keys().all(is_field) && map.values().all(holds_facts);
            for (key, value) in map {
                let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                if by_id {
                    found.push(place.clone());
                }
                described(value, &place, found);
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| described(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn holds_facts(value: &Value) -> bool {
    value.get("observed").is_some() || value.as_object().is_some_and(|map| map.values().any(holds_facts))
}
