//! The user's sign-ins keep failing, so that they never get as far as an account.
//!
//! One or two failures are typing errors, or somebody else's guesses. Three or more, the last within a day, with nothing
//! since that only somebody signed in can do, are a user who does not get in. CloudTrail's silence proves nothing:
//! failures that it ascribes to nobody do not count, and what was left unread may hold a success.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{SUCCESSES, SignInEvent};
use crate::model::Case;
use crate::model::sign_ins;
use crate::wording;

rule! {
    gate: Gate::SignIn,
    worst: Worst::Blocks,
    clear: "no lasting failure in CloudTrail",
    summary: "CloudTrail: this user's sign-ins keep failing, with no success since",
    check: Check::Person(check),
}

/// How long CloudTrail's event history may take to show an event.
const LATENCY_MINUTES: i64 = 15;

fn check(case: Case<'_>) -> Judged {
    let evidence = case.evidence;
    if evidence.user_id()?.is_none() || evidence.account_id()?.is_none() {
        return Ok(Outcome::NotApplicable);
    }
    let failures = sign_ins::keep_failing(evidence)?.unwrap_or_default();
    let ([(_, first), ..], Some((fact, last))) = (&failures[..], failures.last()) else { return Ok(Outcome::Clear) };
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
    for region in evidence.user.sign_ins.everywhere() {
        let known = SUCCESSES.into_iter().filter_map(|name| Some((name, region.successes.get(name)?)));
        fault.proof.extend(known.map(|(name, fact)| fact.cite(format!("no {name} of {user} since"))));
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
    use crate::evidence::Evidence;
    use crate::evidence::{Call, Fact, InstanceRegion, SignInEvidence, SignInLog, sample, sample::signed_in};
    use crate::findings::Confidence;
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    const NINE: &str = "2026-11-21T09:00:00Z";
    const TEN: &str = "2026-11-21T10:00:00Z";
    const ELEVEN: &str = "2026-11-21T11:00:00Z";
    const TWELVE: &str = "2026-11-21T12:00:00Z";
    const THREE: [&str; 3] = [TEN, ELEVEN, TWELVE];

    fn with(failures: &[&str], success: Option<&str>) -> Evidence {
        let mut evidence = sample::healthy();
        evidence.user.sign_ins = signed_in::refused(failures, success);
        evidence
    }

    fn is_fault(evidence: &Evidence) -> bool {
        matches!(check(evidence), Ok(Outcome::Fault(_)))
    }

    #[test]
    fn three_failures_with_nothing_since_are_more_than_a_typing_error() {
        let Ok(Outcome::Fault(fault)) = check(&with(&THREE, None)) else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Likely);
        assert!(fault.message.contains("3 attempts to sign in with their password"), "{}", fault.message);
        assert_eq!(check(&with(&[ELEVEN, TWELVE], None)), Ok(Outcome::Clear));
        // Successes are asked for from the first failure on, which counts.
        let mut evidence = with(&THREE, None);
        for fact in evidence.user.sign_ins.successes.values_mut() {
            *fact = fact.clone().map(|log| SignInLog { since: sample::at(TEN), ..log });
        }
        assert!(is_fault(&evidence));
        assert_eq!(check(&sample::healthy()), Ok(Outcome::Clear));
    }

    #[test]
    fn the_newest_is_of_the_last_day() {
        let day = "2026-11-21T01:02:04Z";
        assert!(is_fault(&with(&["2026-11-19T01:00:00Z", "2026-11-20T01:00:00Z", day], None)));
        let before = "2026-11-21T01:02:03Z";
        assert_eq!(check(&with(&["2026-11-19T01:00:00Z", "2026-11-20T01:00:00Z", before], None)), Ok(Outcome::Clear));
    }

    #[test]
    fn what_is_logged_by_two_names_counts_once() {
        let in_one = |log: SignInLog| {
            let events =
                log.events.into_iter().map(|event| SignInEvent { workflow: Some("the same".to_owned()), ..event });
            SignInLog { events: events.collect(), ..log }
        };
        // Three passwords typed at one page are three.
        let mut evidence = with(&THREE, None);
        evidence.user.sign_ins.verifications = evidence.user.sign_ins.verifications.clone().map(in_one);
        assert!(is_fault(&evidence));
        let mut twice = with(&[ELEVEN, TWELVE], None);
        twice.user.sign_ins.verifications = twice.user.sign_ins.verifications.clone().map(in_one);
        twice.user.sign_ins.external = twice.user.sign_ins.verifications.clone();
        assert_eq!(check(&twice), Ok(Outcome::Clear));
    }

    #[test]
    fn only_failures_since_the_last_success_count() {
        for success in [TEN, ELEVEN, TWELVE] {
            assert_eq!(check(&with(&THREE, Some(success))), Ok(Outcome::Clear), "{success}");
        }
        assert!(is_fault(&with(&THREE, Some(NINE))));
    }

    #[test]
    fn whoever_was_let_into_an_account_has_signed_in() {
        let mut evidence = with(&THREE, None);
        let let_in = |id: &str, when: &str| sample::event(id, when, None);
        evidence.user.role_events = vec![sample::event_log("us-east-1", vec![let_in("a", "2026-11-21T13:00:00Z")])];
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        evidence.user.role_events = vec![sample::event_log("us-east-1", vec![let_in("a", NINE)])];
        assert!(is_fault(&evidence));
        evidence.user.role_events = vec![sample::denied(Call::LookupEvents)];
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn what_was_accepted_later_is_right_now() {
        let with = |failed: &str, accepted: Option<&str>| {
            let mut evidence = with(&THREE, None);
            let mut events = evidence.user.sign_ins.verifications.known().expect("known").events.clone();
            for event in &mut events {
                event.credential = Some(failed.to_owned());
            }
            let right = signed_in::event("right", "2026-11-21T12:00:01Z", true);
            events.push(SignInEvent { credential: accepted.map(str::to_owned), ..right });
            evidence.user.sign_ins.verifications = signed_in::log(events);
            is_fault(&evidence)
        };
        assert!(!with("PASSWORD", Some("PASSWORD")) && !with("TOTP", Some("TOTP")));
        // Behind the password, or nobody knows what.
        assert!(!with("PASSWORD", Some("WEBAUTHN")) && !with("TOTP", None));
        // Before the second factor.
        assert!(with("TOTP", Some("PASSWORD")) && with("WEBAUTHN", Some("PASSWORD")));
    }

    #[test]
    fn every_region_of_the_instance_counts() {
        let replicated = |evidence: &mut Evidence| {
            let regions = ["us-east-1", "eu-west-1"];
            let regions = regions.map(|region| InstanceRegion { region: region.to_owned(), status: None });
            if let crate::evidence::Observed::Known(instances) = &mut evidence.instances.observed {
                instances[0].regions = Some(regions.into());
            }
            evidence.user.role_events.push(sample::event_log("eu-west-1", vec![]));
        };
        let elsewhere = |mut sign_ins: SignInEvidence| {
            sign_ins.verifications.region = Some("eu-west-1".to_owned());
            sign_ins
        };
        let mut evidence = with(&[ELEVEN, TWELVE], None);
        replicated(&mut evidence);
        assert!(check(&evidence).is_err(), "nothing is known of eu-west-1");
        evidence.user.sign_ins.elsewhere = vec![elsewhere(signed_in::refused(&[TEN], None))];
        assert!(is_fault(&evidence));
        evidence.user.sign_ins.elsewhere = vec![elsewhere(signed_in::refused(&[TEN], Some("2026-11-21T12:30:00Z")))];
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        let mut unread = elsewhere(signed_in::refused(&[TEN], None));
        unread.successes.insert("Federate".to_owned(), sample::denied(Call::LookupEvents));
        evidence.user.sign_ins.elsewhere = vec![unread];
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn whether_they_got_in_since_must_be_known() {
        let healthy = with(&THREE, None);
        for name in SUCCESSES {
            let mut evidence = healthy.clone();
            evidence.user.sign_ins.successes.insert(name.into(), sample::denied(Call::LookupEvents));
            assert!(check(&evidence).is_err(), "{name}");
            evidence.user.sign_ins.successes.remove(name);
            assert!(check(&evidence).is_err(), "{name}");
            // What was left unread may hold a success: only failures after that count.
            let mut log = signed_in::log(vec![]).known().expect("known").clone();
            (log.since, log.capped) = (sample::at(TWELVE), true);
            let cut: Fact<SignInLog> = sample::known(Call::LookupEvents, log);
            evidence.user.sign_ins.successes.insert(name.into(), cut);
            assert!(check(&evidence).is_err(), "{name}");
        }
    }

    #[test]
    fn silence_is_unknown_only_where_it_could_not_look() {
        let mut evidence = sample::healthy();
        evidence.user.sign_ins.external = sample::denied(Call::LookupEvents);
        assert!(check(&evidence).is_err());
    }
}
