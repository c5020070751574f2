//! A field that is missing in a recording is an error, or a gap that is told. It is never filled with what would make a new
//! answer: whoever makes a recording by hand, or cuts one, gets no other cause for it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use idc::answers::diagnosis::diagnose;
use idc::evidence;
use serde_json::Value;

use crate::kept::{self, Kept};
use crate::properties::fixtures::{self, Fixture};
use crate::properties::monotone::{changed, changed_by_silence, silenced};
use crate::properties::recordings::collect;

#[test]
fn one_field_less_is_an_error_or_makes_no_new_answer() {
    let whole: Vec<String> =
        kept::all().into_iter().filter(|(_, kept)| matches!(kept, Kept::Whole)).map(|(name, _)| name).collect();
    // Which fields may be missing, wherever they stand, the first of a kind tells.
    let readable: Mutex<BTreeMap<String, bool>> = Mutex::default();
    let read = Mutex::new(0);
    fixtures::for_one_in(9, |fixture| {
        if !whole.contains(&fixture.name) {
            return Vec::new();
        }
        let (mut objects, mut wrong) = (Vec::new(), Vec::new());
        collect(&fixture.recording, "", "", &mut objects);
        let mut damaged = fixture.recording.clone();
        // What stands under an id or a name is a row of a list; `described` takes those away.
        for object in objects.into_iter().filter(|object| !object.is_map) {
            let names: Vec<String> =
                damaged.pointer(&object.place).unwrap().as_object().unwrap().keys().cloned().collect();
            for name in names {
                let kind = format!("{}/{name}", object.kind);
                if readable.lock().unwrap().get(&kind) == Some(&false) {
                    continue;
                }
                let taken = damaged.pointer_mut(&object.place).unwrap().as_object_mut().unwrap().remove(&name).unwrap();
                let complaint = complaint(fixture, &damaged, &format!("{}/{name}", object.place));
                damaged.pointer_mut(&object.place).unwrap()[name.as_str()] = taken;
                readable.lock().unwrap().insert(kind, complaint.is_ok());
                if let Ok(complaint) = complaint {
                    *read.lock().unwrap() += 1;
                    wrong.extend(complaint);
                }
            }
        }
        assert_eq!(damaged, fixture.recording);
        wrong
    });
    let read = read.into_inner().unwrap();
    assert!(read > if crate::every() { 200 } else { 20 }, "only {read} are read at all");
}

/// What is wrong with the answer to a recording without this field. `Err`: it is not read.
fn complaint(fixture: &Fixture, damaged: &Value, field: &str) -> Result<Option<String>, ()> {
    let less = diagnose(&evidence::read(&damaged.to_string()).map_err(drop)?);
    let whole = &fixture.diagnosis;
    let is_event = ["/sign_ins", "/events/"].iter().any(|part| field.contains(part));
    let changed = if is_event { changed_by_silence(fixture, &silenced(fixture), &less) } else { changed(whole, &less) };
    let root = |of: &idc::answers::diagnosis::Diagnosis| of.root_cause.as_ref().map(|root| root.rule);
    let says_less = whole.verdict != less.verdict || root(whole) != root(&less);
    let is_told = !says_less || !less.complete || is_event;
    let complaint = changed.or_else(|| (!is_told).then(|| "what is lost is not said".to_owned()));
    Ok(complaint.map(|what| format!("{} without {field}: {what}", fixture.name)))
}
