//! What the words mean with which AWS STS refuses `AssumeRoleWithSAML`. They are AWS's texts and no interface: what is not
//! known here is quoted and counts as a refusal that lasts.

use crate::evidence::AssumeRoleEvent;

/// Beginnings of the error codes of what passes by itself, in small letters: AWS was asked too fast or was in trouble, or
/// an assertion had run out. Each stands with and without `Exception`.
const PASSING: [&str; 22] = [
    "badgateway",
    "bandwidthlimitexceeded",
    "ec2throttl",
    "expiredtoken",
    "gatewaytimeout",
    "idpcommunicationerror",
    "internal",
    "priorrequestnotcomplete",
    "provisionedthroughputexceeded",
    "rateexceeded",
    "requestexpired",
    "requestlimitexceeded",
    "requestthrottled",
    "requesttimedout",
    "requesttimeout",
    "serviceunavailable",
    "slowdown",
    "temporarilyunavailable",
    "throttl",
    "toomanyrequest",
    "transactioninprogress",
    "unavailable",
];

/// Whether an error code names something that passes by itself, so that a refusal says nothing about the next try.
pub fn passes_by_itself(code: &str) -> bool {
    let plain = plain(code);
    PASSING.iter().any(|start| plain.starts_with(start))
}

/// A code in small letters, without punctuation and what stands before a dot.
fn plain(code: &str) -> String {
    let last = code.rsplit(['.', '#', ':']).next().unwrap_or(code);
    last.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What to do about a refusal, as an imperative sentence that names the event. `account` and `region` say where it is.
pub fn advice(event: &AssumeRoleEvent, account: &str, region: &str) -> String {
    let code = plain(event.error_code.as_deref().unwrap_or_default());
    let said = event.error_message.as_deref().unwrap_or_default().to_lowercase();
    let says = |pieces: &[&str]| pieces.iter().any(|piece| said.contains(piece));
    let id = &event.id;
    let shows = format!("event {id} in CloudTrail of account {account}, {region}, shows");
    if says(&["validate tags", "invalid tag", "tag key", "tag value"]) {
        return format!(
            "Correct the attributes for access control, or the user's values for them: {shows} that STS cannot take the \
             session tags made of them. A tag holds letters, digits, spaces and _ . : / = + - @ only, a key at most 128 \
             characters, a value at most 256"
        );
    }
    if code.starts_with("packedpolicytoolarge") || says(&["packed size", "packed policy"]) {
        return format!(
            "Pass on fewer or shorter attributes for access control: {shows} that the session's tags and its session policy \
             together are too large, whatever the role's own policies say"
        );
    }
    if code.starts_with("regiondisabled") || says(&["not activated in this region", "region is disabled"]) {
        return format!(
            "Enable the Region that the event names for account {account}, or activate its STS endpoint there (IAM console, \
             Account settings, Security Token Service): {shows} that the account's STS does not answer in it"
        );
    }
    if says(&["provider doesn't exist", "provider does not exist"]) {
        let provider = event.saml_provider.as_deref().unwrap_or("that Identity Center keeps there");
        return format!(
            "See that the SAML provider {provider} is in account {account}: {shows} that STS did not find it"
        );
    }
    if code.starts_with("invalididentitytoken") || code.starts_with("idprejectedclaim") {
        let provider = event.saml_provider.as_deref().unwrap_or("that Identity Center keeps there");
        return format!(
            "Compare the metadata of SAML provider {provider}, above all its certificate, with what Identity Center signs \
             with: {shows} that STS did not accept the assertion itself, so that the role's policies do not matter yet"
        );
    }
    if code.starts_with("malformedpolicydocument") {
        return format!(
            "Look at what is passed to the session beside the role: {shows} that STS cannot read the session policy, which \
             is not one of the role's own policies"
        );
    }
    if code.starts_with("validation") {
        return format!(
            "Compare the user name with what a session's name may hold (2 to 64 letters, digits and _ + = , . @ -), and the \
             attributes for access control with what a tag may hold: {shows} that STS did not take a value of the request"
        );
    }
    if code.starts_with("accessdenied") || code.starts_with("unauthorized") {
        return format!(
            "Compare the role's trust policy, its SAML provider and the organization's resource control policies with what \
             AWS says: {shows} the refusal with all its values"
        );
    }
    format!("Look up what AWS says: {shows} the refusal with all its values")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample;

    #[test]
    fn tells_what_passes_by_itself() {
        let passing = [
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequestsException",
            "InternalFailure",
            "InternalError",
            "InternalServerException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "ExpiredToken",
            "expiredtokenexception",
            "RequestExpired",
            "RequestLimitExceeded",
            "IDPCommunicationError",
            "IDPCommunicationErrorException",
            "Client.RequestLimitExceeded",
        ];
        assert_eq!(passing.map(passes_by_itself), [true; 16]);
        let lasting = [
            "AccessDenied",
            "AccessDeniedException",
            "InvalidIdentityToken",
            "InvalidIdentityTokenException",
            "IDPRejectedClaim",
            "RegionDisabledException",
            "PackedPolicyTooLarge",
            "ValidationError",
            "MalformedPolicyDocument",
            "SomethingNew",
            "",
        ];
        assert_eq!(lasting.map(passes_by_itself), [false; 11]);
    }

    #[test]
    fn says_what_the_words_mean_and_names_the_event() {
        let of = |code: &str, message: &str| {
            let mut event = sample::event("e-1", "2026-11-20T10:00:00Z", Some(code));
            event.error_message = Some(message.to_owned());
            let advice = advice(&event, sample::ACCOUNT, "us-east-1");
            assert!(advice.contains("event e-1 in CloudTrail of account 123456789012, us-east-1"), "{advice}");
            advice.split([':', ',']).next().unwrap_or_default().to_owned()
        };
        assert_eq!(of("ValidationError", "Unable to validate tags"), "Correct the attributes for access control");
        assert_eq!(of("InvalidParameterValue", "unable to Validate Tags"), "Correct the attributes for access control");
        let shorter = "Pass on fewer or shorter attributes for access control";
        assert_eq!(of("PackedPolicyTooLarge", "Packed size of session tags consumes 116%"), shorter);
        assert_eq!(of("PackedPolicyTooLargeException", ""), shorter);
        assert!(of("RegionDisabledException", "").starts_with("Enable the Region"));
        assert!(of("RegionDisabled", "STS is not activated in this region").starts_with("Enable the Region"));
        assert!(of("InvalidIdentityToken", "").starts_with("Compare the metadata"));
        assert!(
            of("InvalidIdentityToken", "Specified provider doesn't exist").starts_with("See that the SAML provider")
        );
        assert!(of("AccessDenied", "").starts_with("Compare the role's trust policy"));
        assert!(of("SomethingNew", "").starts_with("Look up what AWS says"));
    }
}
