use super::*;
use crate::evidence::sample::colleague::{JOHN, beside, john, left_out};
use crate::evidence::{Call, UserScan, sample};
use crate::wording::suggest;

#[test]
fn a_colleague_is_redacted_too() {
    let mut mistyped = left_out();
    let colleague = mistyped.colleague.as_mut().expect("beside somebody");
    "jhon.roe".clone_into(&mut colleague.asked);
    "jhon.roe".clone_into(&mut colleague.user.lookups[0].value);
    colleague.user.lookups[0].found = sample::known(Call::GetUserId, None);
    let scan = UserScan { close: vec![john("ENABLED")], read: 9, capped: false, external: 0 };
    colleague.user.scan = sample::known(Call::ListUsers, scan);
    let redacted = |evidence: &Evidence| {
        let given = redact(evidence, 1).expect("redacted");
        let written = serde_json::to_string(&given).expect("written");
        for name in [JOHN, "john", "jhon", "roe", "jane"] {
            assert!(!written.to_lowercase().contains(name), "{name}: {written}");
        }
        given
    };
    redacted(&left_out());
    redacted(&beside(sample::healthy()));
    let given = redacted(&mistyped);
    let suggestions = diagnose(&given).comparison.expect("compared").suggestions;
    let asked = given.colleague.expect("a colleague").asked;
    assert_eq!(suggest::distance(&asked, &suggestions[0]), suggest::distance("jhon.roe", "john.roe"));
}
