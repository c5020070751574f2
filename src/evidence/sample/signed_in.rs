//! Sign-ins for unit tests.

use std::collections::BTreeMap;

use super::{at, known};
use crate::evidence::{Call, Fact, SUCCESSES, SignInEvent, SignInEvidence, SignInLog, Unattributed};

/// Nobody was refused.
pub(crate) fn quiet() -> SignInEvidence {
    SignInEvidence {
        verifications: log(vec![]),
        external: log(vec![]),
        successes: BTreeMap::new(),
        anybody: None,
        elsewhere: Vec::new(),
    }
}

/// The events of one name, read in the account that owns the instance.
pub(crate) fn log(events: Vec<SignInEvent>) -> Fact<SignInLog> {
    let read = events.len();
    let unattributed = Unattributed { count: 0, newest: None, message: None, times: Vec::new() };
    let log = SignInLog { since: at("2026-11-15T01:02:03Z"), events, unattributed, read, capped: false };
    Fact { account: Some("111122223333".to_owned()), ..known(Call::LookupEvents, log) }
}

pub(crate) fn event(id: &str, when: &str, succeeded: bool) -> SignInEvent {
    SignInEvent {
        id: id.to_owned(),
        at: at(when),
        succeeded,
        credential: Some("PASSWORD".to_owned()),
        message: None,
        workflow: Some(format!("attempt {id}")),
    }
}

/// The user's password was refused at these times, and at this one they got in.
pub(crate) fn refused(failures: &[&str], success: Option<&str>) -> SignInEvidence {
    let failed = failures.iter().map(|when| event(&format!("failed at {when}"), when, false)).collect();
    let successes = SUCCESSES.iter().map(|name| {
        let own = success.filter(|_| *name == "UserAuthentication").map(|when| event("success", when, true));
        ((*name).to_owned(), log(own.into_iter().collect()))
    });
    SignInEvidence { verifications: log(failed), successes: successes.collect(), ..quiet() }
}
