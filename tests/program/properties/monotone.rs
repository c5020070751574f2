//! Knowing less never leads to another answer, only to none: a fact that is taken away makes no new fault, and leaves
//! the verdict as it is, makes it inconclusive, or takes a fault that only degrades out of sight and says so. This is
//! what keeps "could not look" from being read as "is not there".

use std::cell::LazyCell;
use std::collections::BTreeMap;

use idc::answers::diagnosis::{Diagnosis, diagnose};
use idc::evidence::{Call, Evidence};
use idc::findings::Confidence;
use idc::history::Certainty;
use idc::verdict::Verdict;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::properties::fixtures::{self, Fixture, Subject};

/// The ways not to know.
pub(crate) const WAYS: [&str; 5] = ["denied", "throttled", "timed out", "failed", "not asked"];

pub(crate) fn observed(way: &str) -> Value {
    match way {
        "denied" => json!({"Denied": {"message": "not authorized"}}),
        "throttled" => json!({"Throttled": {"message": "Rate exceeded"}}),
        "timed out" => json!({"TimedOut": {"message": "no answer within 60 seconds"}}),
        "failed" => json!({"Failed": {"code": "InternalFailure", "message": "an internal error"}}),
        "not asked" => json!({"NotAsked": {"because": "it was left out"}}),
        other => panic!("{other} is no way not to know"),
    }
}

/// Each fact is hidden in one of the ways, which take turns from fact to fact and from recording to recording: over all
/// of them each kind of fact meets each way. With `EVERY_WAY=1`, which takes five times as long, each fact meets all. Where
/// not all is tried, the facts take turns too.
#[test]
fn one_fact_less_makes_no_new_answer() {
    let every_way = std::env::var_os("EVERY_WAY").is_some();
    fixtures::for_each(|fixture| {
        let turn = turn(fixture);
        let ways = |fact: usize| {
            let way = (turn + fact) % WAYS.len();
            if every_way { &WAYS[..] } else { std::slice::from_ref(&WAYS[way]) }
        };
        let facts = known(fixture);
        let places = facts.iter().enumerate().filter(|(at, _)| is_tried(turn + at));
        places.flat_map(|(at, place)| without(fixture, std::slice::from_ref(place), place, ways(at))).collect()
    });
}

#[test]
fn one_action_less_makes_no_new_answer() {
    fixtures::for_each(|fixture| {
        let mut by_call: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for place in known(fixture) {
            let call = fixture.recording.pointer(&place).unwrap()["call"].to_string();
            by_call.entry(call).or_default().push(place);
        }
        let turn = turn(fixture);
        let calls = by_call.iter().enumerate().filter(|(at, _)| is_tried(turn + at));
        calls.flat_map(|(_, (call, places))| without(fixture, places, call, &["denied"])).collect()
    });
}

/// Which of the recordings it is.
fn turn(fixture: &Fixture) -> usize {
    fixtures::all().iter().position(|other| other.name == fixture.name).unwrap()
}

/// One of eleven, which is no multiple of the number of ways, or all.
fn is_tried(turn: usize) -> bool {
    turn.is_multiple_of(11) || crate::every()
}

/// The facts that are known: the others cannot be known less.
fn known(fixture: &Fixture) -> Vec<String> {
    let mut facts = fixtures::facts(&fixture.recording);
    facts.retain(|place| fixture.recording.pointer(place).unwrap()["observed"].get("Known").is_some());
    facts
}

/// What is wrong with the answers when the facts at these places are not known, in each of these ways.
fn without(fixture: &Fixture, places: &[String], label: &str, ways: &[&str]) -> Vec<String> {
    let mut evidence = fixture.recording["evidence"].clone();
    let place = |place: &str| place.strip_prefix("/evidence").unwrap().to_owned();
    let is_event =
        places.iter().all(|place| fixture.recording.pointer(place).unwrap()["call"] == Call::LookupEvents.action());
    let silent = LazyCell::new(|| silenced(fixture));
    let mut wrong = Vec::new();
    for way in ways {
        for fact in places {
            evidence.pointer_mut(&place(fact)).unwrap()["observed"] = observed(way);
        }
        let less = diagnose(&Evidence::deserialize(&evidence).unwrap());
        let complaint =
            if is_event { changed_by_silence(fixture, &silent, &less) } else { changed(&fixture.diagnosis, &less) };
        wrong.extend(complaint.map(|complaint| format!("{} with {label} {way}: {complaint}", fixture.name)));
    }
    wrong
}

/// How the answer from less differs in a way it must not.
pub(crate) fn changed(whole: &Diagnosis, less: &Diagnosis) -> Option<String> {
    match (whole.verdict, less.verdict) {
        (_, Verdict::Inconclusive) => {}
        // The fault is out of sight, and the answer says that something is.
        (Verdict::Degraded, Verdict::Reachable) if !less.complete => {}
        (before, now) if before == now => {}
        (before, now) => return Some(format!("{before:?} becomes {now:?}")),
    }
    let known: BTreeMap<Subject<'_>, Confidence> =
        fixtures::faults(whole).map(|(rule, path, confidence)| ((rule, path), confidence)).collect();
    for (rule, path, confidence) in fixtures::faults(less) {
        match (known.get(&(rule, path)), confidence) {
            (Some(Confidence::Confirmed), _) | (Some(Confidence::Likely), Confidence::Likely) => {}
            (Some(Confidence::Likely), Confidence::Confirmed) => return Some(format!("{rule} becomes confirmed")),
            (None, Confidence::Confirmed) => return Some(format!("{rule} is new and confirmed")),
            (None, Confidence::Likely) if less.verdict == whole.verdict => {}
            (None, Confidence::Likely) => return Some(format!("{rule} is new, and the verdict another")),
        }
    }
    if let Some(complaint) = dated_otherwise(whole, less) {
        return Some(complaint);
    }
    let root = |diagnosis: &Diagnosis| diagnosis.root_cause.as_ref().map(|root| (root.rule, root.fault.confidence));
    match (root(whole), root(less)) {
        (Some((before, _)), Some((now, Confidence::Confirmed))) if before != now => {
            Some(format!("the cause was {before} and is {now}, confirmed"))
        }
        _ => None,
    }
}

/// Knowing less never makes it certain since when a cause is there: no date, one that is likely, or the same.
fn dated_otherwise(whole: &Diagnosis, less: &Diagnosis) -> Option<String> {
    let rule = |diagnosis: &Diagnosis| diagnosis.root_cause.as_ref().map(|root| root.rule);
    let certain = less.since.as_ref().filter(|since| since.certainty == Certainty::Confirmed)?;
    let is_new = rule(whole) == rule(less) && whole.since.as_ref() != Some(certain);
    is_new.then(|| format!("it was since {:?}, and is certainly since {certain:?}", whole.since))
}

/// CloudTrail only corroborates, and its silence proves nothing: where events are not known, the answer is the one
/// without any events.
pub(crate) fn changed_by_silence(fixture: &Fixture, silent: &Diagnosis, less: &Diagnosis) -> Option<String> {
    if less.verdict == silent.verdict {
        return changed(silent, less);
    }
    changed(&fixture.diagnosis, less).or_else(|| {
        (less.verdict != fixture.diagnosis.verdict).then(|| format!("the verdict is spoilt: {:?}", less.verdict))
    })
}

/// The answer where CloudTrail has no events at all.
pub(crate) fn silenced(fixture: &Fixture) -> Diagnosis {
    let mut silent = fixture.recording["evidence"].clone();
    let places = fixtures::facts(&fixture.recording);
    for place in places.iter().map(|place| place.strip_prefix("/evidence").unwrap()) {
        let fact = silent.pointer_mut(place).unwrap();
        if fact["call"] == Call::LookupEvents.action()
            && let Some(events) = fact.pointer_mut("/observed/Known/events")
        {
            *events = json!([]);
        }
    }
    diagnose(&Evidence::deserialize(&silent).unwrap())
}
