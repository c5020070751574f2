//! Members of an error's body that the SDK does not hand on generically, each of whatever sort it should not be.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// AWS asks for no longer wait. Who does is not believed, and waits by our own measure.
const LONGEST_WAIT: u64 = 3600;

/// The body of an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Body {
    #[serde(rename = "__type")]
    kind: Value,
    message: Value,
    /// The same, as some services write it; an error may have both.
    #[serde(rename = "Message")]
    capital_message: Value,
    #[serde(rename = "Reason")]
    reason: Value,
    #[serde(rename = "ResourceType")]
    resource_type: Value,
    #[serde(rename = "RetryAfterSeconds")]
    retry_after_seconds: Value,
}

impl Body {
    /// What is there; of something else nothing.
    pub(super) fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// AWS's code.
    pub(super) fn code(&self) -> Option<&str> {
        self.kind.as_str().and_then(|name| name.rsplit('#').next()).filter(|name| !name.is_empty())
    }

    /// AWS's text.
    pub(super) fn message(&self) -> Option<&str> {
        self.message.as_str().or(self.capital_message.as_str()).filter(|text| !text.is_empty())
    }

    /// AWS's reason, where it gives one.
    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_str()
    }

    /// What was not found.
    pub(super) fn resource_type(&self) -> Option<String> {
        self.resource_type.as_str().map(str::to_owned)
    }

    /// How long to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after_seconds.as_u64().filter(|seconds| *seconds <= LONGEST_WAIT).map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_text_hide_nothing_else() {
        let body = Body::read(br#"{"__type":"a.b#ThrottlingException","Message":"A","message":"b","Reason":"KMS_X"}"#);
        assert_eq!(
            (body.code(), body.message(), body.reason()),
            (Some("ThrottlingException"), Some("b"), Some("KMS_X"))
        );
        assert_eq!(Body::read(br#"{"Message":"A"}"#).message(), Some("A"));
        assert_eq!(Body::read(br#"{"RetryAfterSeconds":18446744073709551615}"#).retry_after(), None);
        assert_eq!(Body::read(br#"{"RetryAfterSeconds":3}"#).retry_after(), Some(Duration::from_secs(3)));
    }
}
