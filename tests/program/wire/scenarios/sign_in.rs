//! What CloudTrail says of the user's sign-ins.

use serde_json::json;

use crate::wire::scenario::{Scenario, scenario};
use served::{Moment, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("sign-in-failed", |acme| {
            fail(acme, "PASSWORD", 50);
            fail(acme, "PASSWORD", 40);
            fail(acme, "PASSWORD", 30);
        })
        .blocked_by("sign-in-failed")
        .likely(),
        // The password was right each time.
        scenario("sign-in-failed--second-factor", |acme| {
            for (attempt, minutes) in [("first", 50), ("second", 40), ("third", 30)] {
                let event = Moment::minutes_ago(minutes);
                acme.sign_in_event("CredentialVerification", "jane.doe", "Success", "PASSWORD", attempt, event);
                acme.sign_in_event(
                    "CredentialVerification",
                    "jane.doe",
                    "Failure",
                    "TOTP",
                    attempt,
                    event.plus_seconds(30),
                );
            }
        })
        .blocked_by("sign-in-failed")
        .likely(),
        // Two are typing errors, or somebody else's guesses.
        scenario("sign-in-failed--near-miss", |acme| {
            fail(acme, "PASSWORD", 40);
            fail(acme, "PASSWORD", 30);
        }),
        scenario("sign-in-failed--near-miss-in-since", |acme| {
            for minutes in [60, 50, 40] {
                fail(acme, "PASSWORD", minutes);
            }
            acme.sign_in_event(
                "UserAuthentication",
                "jane.doe",
                "Success",
                "PASSWORD",
                "fourth",
                Moment::minutes_ago(30),
            );
        }),
        // Her session at the access portal goes on.
        scenario("sign-in-failed--near-miss-still-in", |acme| {
            for minutes in [60, 50, 40] {
                fail(acme, "PASSWORD", minutes);
            }
            acme.portal_event("GetRoleCredentials", "jane.doe", "RedshiftAnalyst", "dev-data", Moment::minutes_ago(30));
        }),
        // A namesake in a directory of Amazon WorkSpaces, and failures that are nobody's.
        scenario("sign-in-failed--near-miss-namesake", |acme| {
            for minutes in [80, 70, 60] {
                fail(acme, "PASSWORD", minutes);
                let event = acme.events.last_mut().expect("just planted");
                event.record["userIdentity"] = json!({"type": "Unknown", "userName": "jane.doe"});
            }
            for minutes in [50, 40, 30] {
                fail(acme, "PASSWORD", minutes);
                acme.events.last_mut().expect("just planted").record["userIdentity"] = json!({"type": "Unknown"});
            }
        }),
    ]
}

fn fail(acme: &mut Organization, credential: &str, minutes: i64) {
    let attempt = format!("{credential} {minutes}");
    acme.sign_in_event(
        "CredentialVerification",
        "jane.doe",
        "Failure",
        credential,
        &attempt,
        Moment::minutes_ago(minutes),
    );
}
