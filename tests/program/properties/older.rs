//! Recordings of earlier versions of idc, which asked for less.

use idc::answers::diagnosis::diagnose;
use idc::evidence;

use crate::properties::fixtures::{self, Fixture};
use crate::properties::monotone;

/// What came after the first recordings may be missing in one. It then says so, and never answers otherwise.
#[test]
fn older_recordings_are_read_for_what_they_hold() {
    let parts: Vec<_> = evidence::later_parts().collect();
    fixtures::for_one_in(5, |fixture| without(fixture, &parts).into_iter().collect());
    for name in ["healthy--group", "healthy--entitled", "resource-control-policy-denies", "session-tags-invalid"] {
        let fixture = fixtures::all().iter().find(|fixture| fixture.name == name).unwrap();
        for part in &parts {
            assert_eq!(without(fixture, std::slice::from_ref(part)), None);
        }
    }
}

/// What is wrong with the answer from a recording that is without some parts.
fn without(fixture: &Fixture, parts: &[(Vec<&str>, &str)]) -> Option<String> {
    let mut older = fixture.recording.clone();
    for part in parts.iter().flat_map(|(places, _)| places) {
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
    for (_, tells) in parts {
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
