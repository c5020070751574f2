//! The recordings in `fixtures/`, read and diagnosed once.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;

use idc::answers::diagnosis::{self, Diagnosis};
use idc::evidence::{self, Principal};
use idc::findings::{Confidence, Outcome};
use idc::rules::RULES;
use serde_json::Value;

use crate::{every, kept};

/// What a recording is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A rule that is the cause, or that nearly fires.
    Rule { id: &'static str, near_miss: bool },
    /// Nothing is wrong.
    Healthy,
    /// Something cannot be read.
    Blind,
}

/// A recording.
#[derive(Debug)]
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) about: About,
    pub(crate) recording: Value,
    pub(crate) diagnosis: Diagnosis,
}

/// All recordings, by name.
pub(crate) fn all() -> &'static [Fixture] {
    static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| kept::names().into_iter().map(load).collect());
    &FIXTURES
}

/// The recording of that name, as it was written.
pub(crate) fn text(name: &str) -> String {
    kept::text(name).unwrap_or_else(|error| panic!("{error}"))
}

/// Every fixture in turn, as many at a time as there are processors; all failures are told.
pub(crate) fn for_each(check: impl Fn(&Fixture) -> Vec<String> + Sync) {
    for_these(&all().iter().collect::<Vec<_>>(), check);
}

/// The same with one of so many, where not all is tried.
pub(crate) fn for_one_in(many: usize, check: impl Fn(&Fixture) -> Vec<String> + Sync) {
    for_these(&some(many), check);
}

/// One fixture of so many, or all.
pub(crate) fn some(many: usize) -> Vec<&'static Fixture> {
    all().iter().step_by(if every() { 1 } else { many }).collect()
}

fn for_these(all: &[&Fixture], check: impl Fn(&Fixture) -> Vec<String> + Sync) {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(fixture) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let found = check(fixture);
                    failures.lock().unwrap().extend(found);
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

fn load(name: String) -> Fixture {
    let recording = kept::recording(&name).unwrap_or_else(|error| panic!("{error}"));
    let evidence = evidence::read(&recording.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (subject, variant) = name.split_once("--").unwrap_or((&name, ""));
    let about = match subject {
        "healthy" => About::Healthy,
        "blind" => About::Blind,
        id => {
            let rule = RULES.iter().find(|rule| rule.id == id).unwrap_or_else(|| panic!("{name} is about no rule"));
            About::Rule { id: rule.id, near_miss: variant.starts_with("near-miss") }
        }
    };
    Fixture { about, recording, diagnosis: diagnosis::diagnose(&evidence), name }
}

/// Where the facts are: every object that holds a call and what was observed, as JSON pointers.
pub(crate) fn facts(recording: &Value) -> Vec<String> {
    let mut places = Vec::new();
    find_facts(recording, "", &mut places);
    places
}

fn find_facts(value: &Value, place: &str, places: &mut Vec<String>) {
    if value.get("call").is_some() && value.get("observed").is_some() {
        places.push(place.to_owned());
    }
    let step = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| find_facts(member, &step(name), places));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| find_facts(item, &step(&index.to_string()), places));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a fault is about, wherever in its list the path stands: the rule, the permission set (or with an entitlement the
/// role) and the principal.
pub(crate) type Subject<'a> = (&'static str, Option<(&'a str, &'a Principal)>);

/// The faults that rules found, each with the rule's own confidence.
pub(crate) fn faults(
    diagnosis: &Diagnosis,
) -> impl Iterator<Item = (&'static str, Option<(&str, &Principal)>, Confidence)> {
    diagnosis.checks.iter().filter_map(|check| {
        let Ok(Outcome::Fault(fault)) = &check.judged else { return None };
        let path = check.path.and_then(|path| diagnosis.paths.get(path));
        let grants = path.map(|path| {
            (path.permission_set_arn.as_deref().or(path.role_arn.as_deref()).unwrap_or_default(), &path.via)
        });
        Some((check.rule.id, grants, fault.confidence))
    })
}
