//! What goes back: an operation's output or a refusal, written in the protocol that the service speaks. The output is
//! one JSON value for all of them; XML is made from it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::call::{Call, Service};
use super::identifier::guid;

/// What a policy document may keep when IAM sends it (RFC 3986).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An error, as the service would send it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: String,
    /// The message.
    pub message: String,
    /// Members beside the message, as `ResourceType` and `Reason`.
    pub extra: Map<String, Value>,
}

impl Refusal {
    /// An error with a code and a message.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), extra: Map::new() }
    }

    /// The same with one more member.
    #[must_use]
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(member.into(), value.into());
        self
    }

    /// A request that breaks the service's constraints.
    pub(crate) fn invalid(call: &Call, message: &str) -> Self {
        match call.service {
            Service::Organizations => {
                Self::new(400, "InvalidInputException", message).with("Reason", "INVALID_PATTERN")
            }
            Service::Iam | Service::Sts => Self::new(400, "ValidationError", message),
            Service::CloudTrail => Self::new(400, "InvalidParameterException", message),
            _ => Self::new(400, "ValidationException", message),
        }
    }

    /// A refusal for want of permission, in IAM's words.
    pub(crate) fn denied(call: &Call, because: &str) -> Self {
        let (status, code) = match call.service {
            Service::Iam | Service::Sts => (403, "AccessDenied"),
            Service::AccountAccess => (403, "AccessDeniedException"),
            _ => (400, "AccessDeniedException"),
        };
        let resource = resource(call).map(|arn| format!(" on resource: {arn}")).unwrap_or_default();
        let message =
            format!("User: {} is not authorized to perform: {}{resource} {because}", call.caller.arn, call.action());
        Self::new(status, code, message)
    }

    /// A refusal for which no policy is to blame: the caller's account may not ask.
    pub(crate) fn off_limits(call: &Call) -> Self {
        let refusal = Self::denied(call, "");
        Self { message: refusal.message.trim_end().to_owned(), ..refusal }
    }

    /// A refusal because no policy of the caller allows the action.
    pub(crate) fn unpermitted(call: &Call) -> Self {
        Self::denied(call, &format!("because no identity-based policy allows the {} action", call.action()))
    }

    /// A refusal because too much is asked at once.
    pub(crate) fn throttled(call: &Call, retry_after: Option<u64>) -> Self {
        match call.service {
            Service::Organizations => Self::new(
                400,
                "TooManyRequestsException",
                "You have sent too many requests in too short a period of time.",
            )
            .with("Type", "ALL"),
            Service::Iam | Service::Sts => Self::new(400, "Throttling", "Rate exceeded"),
            Service::AccountAccess => Self::new(429, "ThrottlingException", "Rate exceeded"),
            Service::Portal => Self::new(429, "TooManyRequestsException", "HTTP 429 Unknown Code"),
            Service::IdentityStore => Self::new(400, "ThrottlingException", "Rate exceeded")
                .with("RetryAfterSeconds", retry_after.unwrap_or(1)),
            _ => Self::new(400, "ThrottlingException", "Rate exceeded"),
        }
    }

    /// A failure of the service's own.
    pub(crate) fn internal(call: &Call, message: &str) -> Self {
        let code = match call.service {
            Service::Organizations => "ServiceException",
            Service::Iam => "ServiceFailure",
            Service::Sts | Service::CloudTrail | Service::Other => "InternalFailure",
            _ => "InternalServerException",
        };
        Self::new(500, code, message)
    }
}

/// The resource that IAM's words of refusal name.
fn resource(call: &Call) -> Option<String> {
    let account = &call.caller.account;
    match call.service {
        Service::SsoAdmin => call.get("InstanceArn").map(Into::into),
        Service::IdentityStore => {
            call.get("IdentityStoreId").map(|store| format!("arn:aws:identitystore::{account}:identitystore/{store}"))
        }
        Service::Organizations => Some("*".into()).filter(|_| call.operation != "DescribeOrganization"),
        Service::Iam => match (call.get("RoleName"), call.get("PolicyArn"), call.get("SAMLProviderArn")) {
            (Some(role), ..) => Some(format!("role {role}")),
            (_, Some(policy), _) => Some(format!("policy {policy}")),
            (.., Some(provider)) => Some(provider.into()),
            _ => Some(format!("arn:aws:iam::{account}:*")),
        },
        Service::Sts => call.get("RoleArn").map(Into::into),
        Service::AccountAccess => call.get("applicationArn").map(Into::into),
        Service::Portal | Service::CloudTrail | Service::Athena | Service::Logs | Service::Quotas | Service::Other => {
            None
        }
    }
}

/// An answer, written.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
    /// The code, where it is an error.
    pub error: Option<String>,
}

impl Reply {
    /// Writes an outcome in the protocol of the service that was asked.
    pub(crate) fn write(call: &Call, outcome: Result<Value, Refusal>) -> Self {
        let request_id = request_id(call);
        let error = outcome.as_ref().err().map(|refusal| refusal.code.clone());
        let (status, body) = match outcome {
            Ok(output) if call.service.is_query() => (200, query_output(call, &output, &request_id)),
            Ok(output) => (200, without_nulls(output).to_string()),
            Err(refusal) if call.service.is_query() => (refusal.status, query_error(call, &refusal, &request_id)),
            Err(refusal) => (refusal.status, json_error(call, &refusal)),
        };
        let content_type = match call.service {
            Service::Iam | Service::Sts => "text/xml",
            Service::AccountAccess | Service::Portal => "application/json",
            _ => "application/x-amz-json-1.1",
        };
        let mut headers = vec![("x-amzn-requestid", request_id), ("content-type", content_type.into())];
        if matches!(call.service, Service::AccountAccess | Service::Portal) {
            headers.extend(error.clone().map(|code| ("x-amzn-errortype", code)));
        }
        Self { status, headers, body, error }
    }
}

/// AWS leaves out what there is none of.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// A request id that the same question gets again, whenever it is asked.
fn request_id(call: &Call) -> String {
    let mut input = call.input.clone();
    if let Some(members) = input.as_object_mut() {
        // The only members that a clock moves.
        members.remove("StartTime");
        members.remove("EndTime");
    }
    guid(&["request", &call.action(), &call.caller.account, &call.region, &input.to_string()])
}

fn json_error(call: &Call, refusal: &Refusal) -> String {
    // The services' models spell the member with a capital; those that speak REST do not.
    let member = if matches!(call.service, Service::AccountAccess | Service::Portal) { "message" } else { "Message" };
    let mut body = refusal.extra.clone();
    body.insert("__type".into(), refusal.code.clone().into());
    body.insert(member.into(), refusal.message.clone().into());
    Value::Object(body).to_string()
}

fn namespace(call: &Call) -> &'static str {
    match call.service {
        Service::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        _ => "https://iam.amazonaws.com/doc/2010-05-08/",
    }
}

fn query_output(call: &Call, output: &Value, request_id: &str) -> String {
    let (operation, mut inner) = (&call.operation, String::new());
    xml(&mut inner, output);
    format!(
        "<{operation}Response xmlns=\"{}\"><{operation}Result>{inner}</{operation}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>",
        namespace(call)
    )
}

fn query_error(call: &Call, refusal: &Refusal, request_id: &str) -> String {
    let kind = if refusal.status < 500 { "Sender" } else { "Receiver" };
    let (code, message) = (escaped(&refusal.code), escaped(&refusal.message));
    format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        namespace(call)
    )
}

/// Members become elements; the items of a list `member`, those of a map `entry`.
fn xml(text: &mut String, value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                match value {
                    Value::Array(entries) if name == "entry" => {
                        for entry in entries {
                            text.push_str("<entry>");
                            xml(text, entry);
                            text.push_str("</entry>");
                        }
                    }
                    _ => {
                        text.extend(["<", name, ">"]);
                        xml(text, value);
                        text.extend(["</", name, ">"]);
                    }
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                text.push_str("<member>");
                xml(text, item);
                text.push_str("</member>");
            }
        }
        Value::String(value) => text.push_str(&escaped(value)),
        Value::Null => {}
        other => text.push_str(&other.to_string()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A policy document as IAM sends it.
pub fn url_encoded(document: &str) -> String {
    utf8_percent_encode(document, UNRESERVED).to_string()
}
