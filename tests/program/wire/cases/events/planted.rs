//! Events that the cases are made of.

use serde_json::Value;

use served::{Event, InstanceRegion, Moment, Organization};

const JANE: &str = "jane.doe";
const WORDS: &str = "Not authorized to perform sts:AssumeRoleWithSAML";

/// The role that jane.doe is to get into.
pub(super) fn role(acme: &Organization) -> String {
    acme.role_arn("RedshiftAnalyst", "prod-data")
}

/// AWS STS refused jane.doe her role.
pub(super) fn refuse(acme: &mut Organization, when: Moment) -> &mut Event {
    refuse_with(acme, "AccessDenied", WORDS, when)
}

/// AWS STS refused jane.doe her role in these words.
pub(super) fn refuse_with<'a>(acme: &'a mut Organization, code: &str, words: &str, when: Moment) -> &'a mut Event {
    let role = role(acme);
    acme.saml_event(JANE, &role, when, Some((code, words)))
}

/// AWS STS let jane.doe into her role.
pub(super) fn let_in(acme: &mut Organization, when: Moment) -> &mut Event {
    let role = role(acme);
    acme.saml_event(JANE, &role, when, None)
}

/// Other people were let into a role, once a second, up to this moment.
pub(super) fn crowd(acme: &mut Organization, role: &str, region: &str, count: i64, until: Moment) {
    for second in 0..count {
        let event = acme.saml_event("amir.khan", role, until.plus_seconds(-second), None);
        move_to(event, region);
    }
}

/// Has an event stand in another Region's history.
pub(super) fn move_to<'a>(event: &'a mut Event, region: &str) -> &'a mut Event {
    event.region = region.into();
    event.record["awsRegion"] = region.into();
    event
}

/// Changes what an event says.
pub(super) fn set(event: &mut Event, pointer: &str, value: impl Into<Value>) {
    *event.record.pointer_mut(pointer).expect("the event says so") = value.into();
}

/// Replicates Identity Center to another Region.
pub(super) fn replicate(acme: &mut Organization, region: &str, status: &str) {
    let added = Moment::days_ago(30);
    let region = InstanceRegion { name: region.into(), status: status.into(), added };
    acme.instance().additional_regions.push(region);
}

/// Leaves nothing of the user's in any history: what is planted next is all there is.
pub(super) fn forget(acme: &mut Organization) {
    acme.events.clear();
}

/// One attempt of jane.doe's that failed at a password or a second factor.
pub(super) fn fail<'a>(acme: &'a mut Organization, credential: &str, attempt: &str, when: Moment) -> &'a mut Event {
    acme.sign_in_event("CredentialVerification", JANE, "Failure", credential, attempt, when)
}

/// Attempts of jane.doe's that failed so many minutes ago, each by itself.
pub(super) fn fail_at(acme: &mut Organization, minutes: &[i64]) {
    for minutes in minutes {
        fail(acme, "PASSWORD", &format!("attempt {minutes}"), Moment::minutes_ago(*minutes));
    }
}

/// An assertion of the external identity provider that AWS refused; the event names nobody.
pub(super) fn refuse_assertion(acme: &mut Organization, when: Moment) -> &mut Event {
    let event = acme.sign_in_event("ExternalIdPDirectoryLogin", JANE, "Failure", "EXTERNAL_IDP", "", when);
    let record = &mut event.record;
    record["userIdentity"] = serde_json::json!({"type": "Unknown", "accountId": "111122223333", "userName": ""});
    record["additionalEventData"] = Value::Null;
    record["serviceEventDetails"] = Value::Null;
    record["responseElements"] = serde_json::json!({"ExternalIdPDirectoryLogin": "Failure"});
    record["errorMessage"] = "Response signature invalid".into();
    record["eventType"] = "AwsConsoleSignIn".into();
    record["eventID"] = format!("assertion {}", when.rfc3339()).into();
    event.id = format!("assertion {}", when.rfc3339());
    event
}
