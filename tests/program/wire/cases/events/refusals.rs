//! What AWS STS said: where it was said, of what kind it is, and what came after.

use super::planted::{crowd, forget, let_in, move_to, refuse, refuse_with, replicate, role, set};
use crate::wire::scenario::{Scenario, scenario};
use served::{AccessControlAttributes, EventResource, Moment, Organization};

const HOUR: fn(i64) -> Moment = Moment::hours_ago;

pub(super) fn scenarios() -> Vec<Scenario> {
    [regions(), cut(), codes(), words(), mended(), others()].concat()
}

fn refused(name: &'static str, change: fn(&mut Organization)) -> Scenario {
    scenario(name, change).blocked_by("assume-role-failed").likely()
}

/// A later success counts wherever it is.
fn regions() -> Vec<Scenario> {
    vec![
        scenario("refused--in-since-in-another-region", |acme| {
            replicate(acme, "us-west-2", "ACTIVE");
            refuse(acme, HOUR(1));
            move_to(let_in(acme, Moment::minutes_ago(30)), "us-west-2");
        })
        .saying(&["was let in by AssumeRoleWithSAML"]),
        scenario("refused--in-since-in-a-region-on-its-way-out", |acme| {
            replicate(acme, "eu-central-1", "REMOVING");
            refuse(acme, HOUR(1));
            move_to(let_in(acme, Moment::minutes_ago(30)), "eu-central-1");
        }),
        scenario("refused--in-since-at-the-global-endpoint", |acme| {
            refuse(acme, HOUR(1));
            move_to(let_in(acme, Moment::minutes_ago(30)), "us-east-1");
        })
        .at_home_in("eu-west-1"),
        // What is in a Region that the instance is not in is not looked for.
        refused("refused--near-miss-in-before-in-another-region", |acme| {
            replicate(acme, "us-west-2", "ACTIVE");
            refuse(acme, HOUR(1));
            move_to(let_in(acme, Moment::minutes_ago(90)), "us-west-2");
        }),
        refused("refused-in-another-region", |acme| {
            replicate(acme, "us-west-2", "ACTIVE");
            move_to(refuse(acme, HOUR(1)), "us-west-2");
        }),
        scenario("refused--another-region-cannot-be-read", |acme| {
            replicate(acme, "us-west-2", "ACTIVE");
            refuse(acme, HOUR(1));
        })
        .where_aws(|conduct| {
            use served::{Fault, Kind};
            conduct.with_fault(Fault::on("cloudtrail:LookupEvents", Kind::DeniedByScp).in_region("us-west-2"))
        }),
        scenario("refused--in-since-under-another-case", |acme| {
            refuse(acme, HOUR(1));
            let event = let_in(acme, Moment::minutes_ago(30));
            set(event, "/requestParameters/roleSessionName", "Jane.Doe");
        }),
    ]
}

/// What was left unread may hold a success.
fn cut() -> Vec<Scenario> {
    vec![
        // Behind other people's events on other roles: those on her own are looked up.
        scenario("refused--in-since-behind-a-crowd", |acme| {
            forget(acme);
            move_to(refuse(acme, HOUR(9)), "us-east-1");
            let_in(acme, HOUR(6));
            let other = acme.role_arn("RedshiftAdmin", "prod-data");
            crowd(acme, &other, "eu-west-1", 600, HOUR(1));
        })
        .at_home_in("eu-west-1")
        .saying(&["was let in by AssumeRoleWithSAML"]),
        refused("refused--near-miss-nothing-behind-the-crowd", |acme| {
            forget(acme);
            move_to(refuse(acme, HOUR(9)), "us-east-1");
            let own = role(acme);
            crowd(acme, &own, "eu-west-1", 1, HOUR(20));
            let other = acme.role_arn("RedshiftAdmin", "prod-data");
            crowd(acme, &other, "eu-west-1", 600, HOUR(1));
        })
        .at_home_in("eu-west-1"),
        // On her own role: nothing tells whether one of the unread is hers.
        scenario("refused--in-since-behind-a-crowd-on-the-same-role", |acme| {
            forget(acme);
            move_to(refuse(acme, HOUR(9)), "us-east-1");
            let_in(acme, HOUR(6));
            let own = role(acme);
            crowd(acme, &own, "eu-west-1", 600, HOUR(1));
        })
        .at_home_in("eu-west-1")
        .saying(&["were not read"]),
        // CloudTrail knows the role by its name.
        scenario("refused--in-since-behind-a-crowd-by-the-role-s-name", |acme| {
            forget(acme);
            move_to(refuse(acme, HOUR(9)), "us-east-1");
            let_in(acme, HOUR(6));
            let other = acme.role_arn("RedshiftAdmin", "prod-data");
            crowd(acme, &other, "eu-west-1", 600, HOUR(1));
            name_roles(acme, |name| vec![name.to_owned()]);
        })
        .at_home_in("eu-west-1")
        .saying(&["was let in by AssumeRoleWithSAML"]),
        // It knows the role by nothing: more of everybody's events are read, and there are too many.
        scenario("refused--cloud-trail-knows-no-roles", |acme| {
            forget(acme);
            move_to(refuse(acme, HOUR(9)), "us-east-1");
            let other = acme.role_arn("RedshiftAdmin", "prod-data");
            crowd(acme, &other, "eu-west-1", 600, HOUR(1));
            name_roles(acme, |_| Vec::new());
        })
        .at_home_in("eu-west-1")
        .saying(&["were not read"]),
        // And here there are not.
        refused("refused--near-miss-cloud-trail-knows-no-roles", |acme| {
            forget(acme);
            move_to(refuse(acme, HOUR(9)), "us-east-1");
            let other = acme.role_arn("RedshiftAdmin", "prod-data");
            crowd(acme, &other, "eu-west-1", 200, HOUR(1));
            name_roles(acme, |_| Vec::new());
        })
        .at_home_in("eu-west-1"),
    ]
}

/// Which resources CloudTrail lists of a role.
fn name_roles(acme: &mut Organization, names: fn(&str) -> Vec<String>) {
    for event in &mut acme.events {
        let role = event.record["requestParameters"]["roleArn"].as_str().unwrap_or_default().to_owned();
        let names = names(role.rsplit('/').next().unwrap_or_default());
        let resource = |name| EventResource { resource_type: "AWS::IAM::Role".into(), resource_name: name };
        event.resources = names.into_iter().map(resource).collect();
    }
}

/// What passes by itself says nothing about now.
fn codes() -> Vec<Scenario> {
    macro_rules! passing {
        ($($name:literal, $code:literal;)*) => {
            vec![$(
                scenario(concat!("passing-refusal--", $name), |acme| {
                    forget(acme);
                    refuse_with(acme, $code, "Try again", Moment::days_ago(3));
                })
                .saying(&["That passes by itself", $code])
            ),*]
        };
    }
    let mut codes = passing! {
        "throttling", "ThrottlingException";
        "throttling-short", "Throttling";
        "too-many", "TooManyRequestsException";
        "internal-failure", "InternalFailure";
        "internal-error", "InternalError";
        "unavailable", "ServiceUnavailable";
        "expired", "ExpiredTokenException";
        "expired-short", "ExpiredToken";
        "request-expired", "RequestExpired";
        "limit", "RequestLimitExceeded";
        "idp", "IDPCommunicationError";
    };
    codes.extend([
        // A lasting one before it still stands.
        refused("passing-refusal--near-miss-after-a-lasting-one", |acme| {
            refuse(acme, HOUR(1));
            refuse_with(acme, "ThrottlingException", "Rate exceeded", Moment::minutes_ago(50));
        }),
        refused("passing-refusal--near-miss-a-code-of-tomorrow", |acme| {
            refuse_with(acme, "FederationNotWelcome", "No", HOUR(1));
        }),
    ]);
    codes
}

/// What to do follows from AWS's words, and names the event.
fn words() -> Vec<Scenario> {
    vec![
        refused("refused--tags", |acme| {
            let attributes = [("department".to_owned(), "${path:enterprise.department}".to_owned())].into();
            let enabled =
                AccessControlAttributes { status: "ENABLED".into(), attributes, ..AccessControlAttributes::default() };
            acme.instance().access_control_attributes = Some(enabled);
            refuse_with(acme, "ValidationError", "Unable to validate tags", HOUR(1));
        })
        .saying(&["Correct the attributes for access control", "in CloudTrail of account 123456789012, us-east-1"])
        .silent_on(&["Compare the role's trust policy"]),
        // Nothing is passed on any more.
        scenario("refused--near-miss-tags-that-are-no-more", |acme| {
            refuse_with(acme, "ValidationError", "Unable to validate tags", HOUR(1));
        })
        .saying(&["not so any more"]),
        refused("refused--too-large", |acme| {
            refuse_with(
                acme,
                "PackedPolicyTooLargeException",
                "Packed size consumes 112% of the allotted space",
                HOUR(1),
            );
        })
        .saying(&["Pass on fewer or shorter attributes for access control"])
        .silent_on(&["Compare the role's trust policy"]),
        refused("refused--region", |acme| {
            refuse_with(acme, "RegionDisabledException", "STS is not activated in this region for account", HOUR(1));
        })
        .saying(&["Enable the Region that the event names for account 123456789012"])
        .silent_on(&["Compare the role's trust policy"]),
        refused("refused--denied", |acme| _ = refuse(acme, HOUR(1)))
            .saying(&["Compare the role's trust policy, its SAML provider", "in CloudTrail of account 123456789012"]),
    ]
}

/// What was written anew since mends it.
fn mended() -> Vec<Scenario> {
    vec![
        scenario("refused--provisioned-since", |acme| {
            refuse(acme, HOUR(1));
            acme.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "prod-data", Moment::minutes_ago(40));
        }),
        refused("refused--near-miss-provisioned-before", |acme| {
            refuse(acme, HOUR(1));
            acme.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "prod-data", HOUR(2));
        }),
        refused("refused--near-miss-provisioned-elsewhere", |acme| {
            refuse(acme, HOUR(1));
            acme.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "dev-data", Moment::minutes_ago(40));
            acme.provisioning_request("SUCCEEDED", "RedshiftAdmin", "prod-data", Moment::minutes_ago(40));
            acme.provisioning_request("FAILED", "RedshiftAnalyst", "prod-data", Moment::minutes_ago(40));
        }),
        scenario("refused--assigned-anew-since", |acme| {
            refuse(acme, HOUR(1));
            acme.creation_request("SUCCEEDED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::minutes_ago(40));
        }),
        refused("refused--near-miss-assigned-to-others-since", |acme| {
            refuse(acme, HOUR(1));
            acme.creation_request("SUCCEEDED", "RedshiftAnalyst", "Finance", "prod-data", Moment::minutes_ago(40));
        }),
        scenario("refused--role-made-anew-since", |acme| {
            refuse(acme, HOUR(1));
            acme.role("RedshiftAnalyst", "prod-data").created = Moment::minutes_ago(40);
        }),
    ]
}

/// What is not Identity Center's.
fn others() -> Vec<Scenario> {
    vec![
        scenario("refused--through-another-provider", |acme| {
            let event = refuse(acme, HOUR(1));
            set(event, "/requestParameters/principalArn", "arn:aws:iam::123456789012:saml-provider/Okta");
        }),
        scenario("refused--through-a-provider-named-alike", |acme| {
            let event = refuse(acme, HOUR(1));
            let provider = "arn:aws:iam::123456789012:saml-provider/AWSSSO_lookalike_DO_NOT_DELETE";
            set(event, "/requestParameters/principalArn", provider);
        }),
        refused("refused--near-miss-in-since-through-another-provider", |acme| {
            refuse(acme, HOUR(1));
            let event = let_in(acme, Moment::minutes_ago(30));
            set(event, "/requestParameters/principalArn", "arn:aws:iam::123456789012:saml-provider/Okta");
        }),
        refused("refused--near-miss-in-since-with-another-issuer-s-assertion", |acme| {
            refuse(acme, HOUR(1));
            let event = let_in(acme, Moment::minutes_ago(30));
            set(event, "/responseElements/issuer", "https://sso.acme.example/saml");
        }),
    ]
}
