//! The user's sign-ins keep failing, so that they never get as far as an account.
//!
//! A single failure is a typing error. Two or more, with nothing since that only somebody signed in can do, are a user
//! who does not get in. CloudTrail's silence proves nothing: failures that it ascribes to nobody do not count.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Call, Evidence, Fact, Gaps, SUCCESSES, SignInEvent, SignInLog};
use crate::wording;

pub(super) static RULE: Rule = Rule {
    id: "sign-in-failed",
    gate: Gate::SignIn,
    worst: Worst::Blocks,
    clear: "no lasting failure in CloudTrail",
    summary: "CloudTrail: this user's sign-ins keep failing, with no success since",
    explain: include_str!("../../docs/rules/sign-in-failed.md"),
    check: Check::Shared(check),
};

/// How many failures in a row are more than a typing error.
pub const KEEPS_FAILING: usize = 2;

/// How long CloudTrail's event history may take to show an event.
const LATENCY_MINUTES: i64 = 15;

fn check(evidence: &Evidence) -> Judged {
    if evidence.user_id()?.is_none() || evidence.account_id()?.is_none() {
        return Ok(Outcome::NotApplicable);
    }
    let mut gaps = Gaps::default();
    let mut failures: Vec<(&Fact<SignInLog>, &SignInEvent)> = Vec::new();
    for fact in [&evidence.sign_ins.verifications, &evidence.sign_ins.external] {
        let Some(log) = gaps.keep(fact.known()) else { continue };
        failures.extend(log.events.iter().filter(|event| !event.succeeded).map(|event| (fact, event)));
    }
    if failures.len() < KEEPS_FAILING {
        return gaps.none_or_err().map(|()| Outcome::Clear);
    }
    // Whether they got in since must be known for the whole time: a success that was not read would clear everything.
    let mut last_success = None;
    let mut known_since = None;
    for name in SUCCESSES {
        let Some(fact) = evidence.sign_ins.successes.get(name) else {
            return Err(evidence.unasked(Call::LookupEvents, format!("{name} events were not asked for")).into());
        };
        let log = fact.known()?;
        known_since = known_since.max(Some(log.since));
        last_success = log.events.iter().filter(|event| event.succeeded).map(|event| event.at).max().max(last_success);
    }
    failures.retain(|(_, event)| Some(event.at) > last_success && Some(event.at) >= known_since);
    failures.sort_by_key(|(_, event)| event.at);
    let ([(_, first), ..], Some((fact, last))) = (&failures[..], failures.last()) else {
        return gaps.none_or_err().map(|()| Outcome::Clear);
    };
    if failures.len() < KEEPS_FAILING {
        return gaps.none_or_err().map(|()| Outcome::Clear);
    }
    let user = evidence.user_label();
    let at = |event: &SignInEvent| event.at.strftime("%Y-%m-%d at %H:%M UTC").to_string();
    let count = wording::count(failures.len(), "attempt");
    let credential = last.credential.as_deref().unwrap_or_default();
    let alike = failures.iter().all(|(_, event)| event.credential == last.credential);
    let with = means(credential).filter(|_| alike).map(|means| format!(" with {means}")).unwrap_or_default();
    let said = last.message.as_deref().map(|said| format!(" AWS says: {said}")).unwrap_or_default();
    let age = evidence.collected_at.duration_since(last.at).as_mins();
    let late = if age < LATENCY_MINUTES {
        " CloudTrail takes up to 15 minutes to show an event, so a success just now would not be seen yet."
    } else {
        ""
    };
    let message = format!(
        "{user} does not get as far as the access portal: {count} to sign in{with} failed between {} and {}, and none has \
         succeeded since.{said}{late}",
        at(first),
        at(last)
    );
    let mut fault =
        Fault::blocks(message, fact.cite(format!("{count} to sign in failed, the last with event {}", last.id)))
            .likely();
    for (name, fact) in &evidence.sign_ins.successes {
        fault.proof.push(fact.cite(format!("no {name} of {user} since")));
    }
    fault.fix(fix(user, credential), None).found()
}

/// A kind of credential in words.
fn means(credential: &str) -> Option<&'static str> {
    match credential {
        "PASSWORD" => Some("their password"),
        "TOTP" | "RESYNC_TOTP" => Some("a code of their authenticator app"),
        "WEBAUTHN" => Some("their security key or passkey"),
        "EXTERNAL_IDP" => Some("the external identity provider"),
        _ => None,
    }
}

fn fix(user: &str, credential: &str) -> String {
    let console = format!("in the IAM Identity Center console: Users, {user}");
    match credential {
        "PASSWORD" => format!("Have their password reset {console}, Reset password"),
        "TOTP" | "RESYNC_TOTP" => format!(
            "Have them set the clock of the device with the authenticator app right; if that does not help, remove the MFA \
             device {console}, MFA devices, and have them register it again"
        ),
        "WEBAUTHN" => format!("Remove the MFA device {console}, MFA devices, and have them register it again"),
        _ => format!(
            "Ask them what they see when they sign in, and look at their sign-ins in the identity provider; the name it \
             sends must be their user name ({user}), letter by letter"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample::{self, signed_in};
    use crate::rules::Confidence;

    const TEN: &str = "2026-11-21T10:00:00Z";
    const ELEVEN: &str = "2026-11-21T11:00:00Z";
    const TWELVE: &str = "2026-11-21T12:00:00Z";

    fn with(failures: &[&str], success: Option<&str>) -> Evidence {
        Evidence { sign_ins: signed_in::refused(failures, success), ..sample::healthy() }
    }

    #[test]
    fn two_failures_with_nothing_since_are_more_than_a_typing_error() {
        let Ok(Outcome::Fault(fault)) = check(&with(&[ELEVEN, TWELVE], None)) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Likely);
        assert!(fault.message.contains("2 attempts to sign in with their password"), "{}", fault.message);
        assert_eq!(check(&with(&[TWELVE], None)), Ok(Outcome::Clear));
        // Successes are asked for from the first failure on, which counts.
        let mut evidence = with(&[ELEVEN, TWELVE], None);
        for fact in evidence.sign_ins.successes.values_mut() {
            *fact = fact.clone().map(|log| SignInLog { since: sample::at(ELEVEN), ..log });
        }
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(_))));
        assert_eq!(check(&sample::healthy()), Ok(Outcome::Clear));
    }

    #[test]
    fn only_failures_since_the_last_success_count() {
        assert_eq!(check(&with(&[TEN, ELEVEN], Some(TWELVE))), Ok(Outcome::Clear));
        assert_eq!(check(&with(&[TEN, TWELVE], Some(ELEVEN))), Ok(Outcome::Clear));
        assert!(matches!(check(&with(&[ELEVEN, TWELVE], Some(TEN))), Ok(Outcome::Fault(_))));
    }

    #[test]
    fn a_password_that_was_right_is_no_sign_in() {
        let mut evidence = with(&[ELEVEN, TWELVE], None);
        let mut log = evidence.sign_ins.verifications.known().expect("known").clone();
        log.events.push(signed_in::event("right", "2026-11-21T12:00:01Z", true));
        evidence.sign_ins.verifications = Fact { ..signed_in::log(log.events) };
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(_))));
    }

    #[test]
    fn whether_they_got_in_since_must_be_known() {
        let healthy = with(&[ELEVEN, TWELVE], None);
        for name in SUCCESSES {
            let mut evidence = healthy.clone();
            evidence.sign_ins.successes.insert(name.into(), sample::denied(Call::LookupEvents));
            assert!(check(&evidence).is_err(), "{name}");
            evidence.sign_ins.successes.remove(name);
            assert!(check(&evidence).is_err(), "{name}");
            // What was left unread may hold a success: only failures after that count.
            let mut log = signed_in::log(vec![]).known().expect("known").clone();
            (log.since, log.capped) = (sample::at(TWELVE), true);
            evidence.sign_ins.successes.insert(name.into(), sample::known(Call::LookupEvents, log));
            assert_eq!(check(&evidence), Ok(Outcome::Clear), "{name}");
        }
    }

    #[test]
    fn silence_is_unknown_only_where_it_could_not_look() {
        let mut evidence = sample::healthy();
        evidence.sign_ins.external = sample::denied(Call::LookupEvents);
        assert!(check(&evidence).is_err());
    }
}
