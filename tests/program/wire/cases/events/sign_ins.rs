//! Sign-ins that fail: how often, how long ago, and what came after.

use super::planted::{fail, fail_at, forget, let_in, move_to, refuse_assertion, replicate, set};
use crate::wire::scenario::{Scenario, scenario};
use served::{ExternalId, Moment, Organization};

const MINUTES: fn(i64) -> Moment = Moment::minutes_ago;
const NOBODY: &str = "Nobody seems to get in through the external identity provider";

pub(super) fn scenarios() -> Vec<Scenario> {
    [few(), later_steps(), regions(), nobody(), name_id()].concat()
}

fn failing(name: &'static str, change: fn(&mut Organization)) -> Scenario {
    scenario(name, change).blocked_by("sign-in-failed").likely()
}

/// Whoever guesses passwords keeps nobody out.
fn few() -> Vec<Scenario> {
    vec![
        scenario("failing--twice", |acme| {
            forget(acme);
            fail_at(acme, &[40, 30]);
        })
        .saying(&["2 attempts of jane.doe to sign in that failed"]),
        scenario("failing--once", |acme| {
            forget(acme);
            fail_at(acme, &[40]);
        })
        .silent_on(&["to sign in that failed"]),
        failing("failing--near-miss-three-times", |acme| {
            forget(acme);
            fail_at(acme, &[50, 40, 30]);
        }),
        // Whether the account let them in cannot be read, and neither can anything else there.
        scenario("failing--the-account-is-not-entered", |acme| {
            forget(acme);
            fail_at(acme, &[50, 40, 30]);
        })
        .without_target_role()
        .inconclusive()
        .saying(&["3 attempts of jane.doe to sign in that failed"]),
        scenario("failing--long-ago", |acme| {
            forget(acme);
            fail_at(acme, &[1560, 1530, 1500]);
        })
        .saying(&["3 attempts of jane.doe to sign in that failed", "too long ago"]),
        failing("failing--near-miss-since-yesterday", |acme| {
            forget(acme);
            fail_at(acme, &[2900, 1560, 1400]);
        }),
        // One attempt, in which the code was typed three times.
        failing("failing--three-at-one-page", |acme| {
            forget(acme);
            for minutes in [32, 31, 30] {
                fail(acme, "TOTP", "the only one", MINUTES(minutes));
            }
        }),
        // Mistyped, and right the second time, each time.
        scenario("failing--right-in-the-end", |acme| {
            forget(acme);
            for minutes in [50, 40, 30] {
                let attempt = format!("attempt {minutes}");
                fail(acme, "PASSWORD", &attempt, MINUTES(minutes));
                let right = MINUTES(minutes).plus_seconds(20);
                acme.sign_in_event("CredentialVerification", "jane.doe", "Success", "PASSWORD", &attempt, right);
            }
        })
        .silent_on(&["to sign in that failed"]),
        // Password, code and key, each once.
        failing("failing--several-factors", |acme| {
            forget(acme);
            for (factor, minutes) in [("PASSWORD", 50), ("TOTP", 40), ("WEBAUTHN", 30)] {
                fail(acme, factor, factor, MINUTES(minutes));
            }
        })
        .saying(&["3 attempts to sign in failed"]),
    ]
}

/// Whatever only somebody signed in can do is a success of sign-in.
fn later_steps() -> Vec<Scenario> {
    macro_rules! in_since {
        ($($name:literal, $event:literal;)*) => {
            vec![$(
                scenario(concat!("failing--in-since--", $name), |acme| {
                    forget(acme);
                    fail_at(acme, &[60, 50, 40]);
                    acme.portal_event($event, "jane.doe", "RedshiftAnalyst", "prod-data", MINUTES(20));
                })
            ),*]
        };
    }
    let mut steps = in_since! {
        "federate", "Federate";
        "credentials", "GetRoleCredentials";
        "accounts", "ListAccounts";
        "roles", "ListAccountRoles";
        "authenticate", "Authenticate";
    };
    steps.extend([
        scenario("failing--in-since--let-into-the-account", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
            let_in(acme, MINUTES(20));
        }),
        scenario("failing--in-since--let-into-another-role", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
            let other = acme.role_arn("ReadOnly", "prod-data");
            acme.saml_event("Jane.Doe", &other, MINUTES(20), None);
        }),
        failing("failing--near-miss-in-before", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
            let_in(acme, MINUTES(90));
            acme.portal_event("Federate", "jane.doe", "RedshiftAnalyst", "prod-data", MINUTES(90));
        }),
        failing("failing--near-miss-refused-at-the-portal", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
            let event =
                acme.portal_event("GetRoleCredentials", "jane.doe", "RedshiftAnalyst", "prod-data", MINUTES(20));
            event.record["errorCode"] = "ForbiddenException".into();
        }),
        failing("failing--near-miss-another-person-in-since", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
            acme.portal_event("Federate", "janet.doe", "ReadOnly", "dev-data", MINUTES(20));
        }),
        // More of everybody's events than are read.
        scenario("failing--behind-a-crowd", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
            for second in 0..80 {
                acme.portal_event(
                    "Federate",
                    "amir.khan",
                    "RedshiftAnalyst",
                    "prod-data",
                    MINUTES(20).plus_seconds(second),
                );
            }
        })
        .saying(&["whether they got in since could not be read in full"]),
        scenario("failing--the-account-cannot-be-read", |acme| {
            forget(acme);
            fail_at(acme, &[60, 50, 40]);
        })
        .where_aws(|conduct| {
            use served::{Fault, Kind};
            conduct.with_fault(Fault::on("cloudtrail:LookupEvents", Kind::Denied).called_from("123456789012"))
        }),
    ]);
    steps
}

fn regions() -> Vec<Scenario> {
    vec![
        failing("failing--in-two-regions", |acme| {
            forget(acme);
            replicate(acme, "us-west-2", "ACTIVE");
            fail_at(acme, &[60, 50]);
            move_to(fail(acme, "PASSWORD", "there", MINUTES(40)), "us-west-2");
        }),
        scenario("failing--in-since-in-another-region", |acme| {
            forget(acme);
            replicate(acme, "us-west-2", "ACTIVE");
            fail_at(acme, &[60, 50, 40]);
            let event =
                acme.sign_in_event("UserAuthentication", "jane.doe", "Success", "PASSWORD", "there", MINUTES(20));
            move_to(event, "us-west-2");
        }),
        scenario("failing--another-region-cannot-be-read", |acme| {
            forget(acme);
            replicate(acme, "us-west-2", "ADDING");
            fail_at(acme, &[60, 50, 40]);
        })
        .where_aws(|conduct| {
            use served::{Fault, Kind};
            conduct.with_fault(Fault::on("cloudtrail:LookupEvents", Kind::DeniedByScp).in_region("us-west-2"))
        }),
    ]
}

/// What is wrong with the identity provider is wrong for everybody.
fn nobody() -> Vec<Scenario> {
    fn outage(acme: &mut Organization) {
        for turn in 1..=10 {
            refuse_assertion(acme, MINUTES(12 * turn));
        }
    }
    vec![
        scenario("nobody-gets-in", |acme| {
            forget(acme);
            outage(acme);
        })
        .saying(&[NOBODY, "10 sign-ins", "Response signature invalid"]),
        // Their own sign-ins were fine until it began.
        scenario("nobody-gets-in--any-more", |acme| {
            forget(acme);
            outage(acme);
            acme.sign_in_event("UserAuthentication", "amir.khan", "Success", "EXTERNAL_IDP", "before", MINUTES(150));
        })
        .saying(&[NOBODY]),
        scenario("nobody-gets-in--near-miss-somebody-does", |acme| {
            forget(acme);
            outage(acme);
            acme.sign_in_event("UserAuthentication", "amir.khan", "Success", "EXTERNAL_IDP", "between", MINUTES(30));
        })
        .silent_on(&[NOBODY]),
        scenario("nobody-gets-in--near-miss-somebody-does-elsewhere", |acme| {
            forget(acme);
            replicate(acme, "us-west-2", "ACTIVE");
            outage(acme);
            let event =
                acme.sign_in_event("UserAuthentication", "amir.khan", "Success", "EXTERNAL_IDP", "there", MINUTES(5));
            move_to(event, "us-west-2");
        })
        .silent_on(&[NOBODY]),
        scenario("nobody-gets-in--near-miss-a-few-at-once", |acme| {
            forget(acme);
            for turn in 1..=4 {
                refuse_assertion(acme, MINUTES(turn));
            }
        })
        .saying(&["CloudTrail in us-east-1 does not say whose"])
        .silent_on(&[NOBODY]),
        // Somebody of a directory that is not ours.
        scenario("nobody-gets-in--in-another-directory-somebody-does", |acme| {
            forget(acme);
            outage(acme);
            let event =
                acme.sign_in_event("UserAuthentication", "amir.khan", "Success", "PASSWORD", "other", MINUTES(5));
            let store = "arn:aws:identitystore::111122223333:identitystore/d-0000000000";
            set(event, "/userIdentity/onBehalfOf/identityStoreArn", store);
        })
        .saying(&[NOBODY]),
    ]
}

/// The name that an identity provider sends is the user name.
fn name_id() -> Vec<Scenario> {
    const NOTE: &str = "The NameID that it sends has to be the user name jane.doe";
    fn from_outside(acme: &mut Organization) {
        let issuer = "https://scim.us-east-1.amazonaws.com/acme".into();
        acme.user("jane.doe").external_ids = vec![ExternalId { issuer, id: "00u1jane".into() }];
    }
    vec![
        scenario("asked-by-e-mail", from_outside).asking("jane.doe@acme.example 123456789012").saying(&[NOTE]),
        scenario("asked-by-e-mail--near-miss-local", |_| {})
            .asking("jane.doe@acme.example 123456789012")
            .silent_on(&["NameID"]),
        scenario("asked-by-e-mail--near-miss-by-name", from_outside).silent_on(&["NameID"]),
    ]
}
