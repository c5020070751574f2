//! One classifier for every error of every AWS call. It goes by the error's code and never by the SDK's variants: IAM,
//! STS and CloudTrail do not model an access denial at all.

use std::error::Error as StdError;
use std::time::Duration;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use http_body_util::LengthLimitError;

use crate::evidence::{Missing, Reason};

mod body;

use body::Body;

/// What sort of failure it is: what to do next follows from this alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The caller may not.
    Denied,
    /// Ask again later.
    Throttled,
    /// There is no such thing.
    NotFound,
    /// The credentials have run out or count for nothing.
    Expired,
    /// There are no credentials.
    NoCredentials,
    /// No answer came in time.
    TimedOut,
    /// This machine's clock and AWS's differ, so that nothing it signs counts.
    Clock,
    /// Somebody between here and AWS refused, in AWS's place.
    Between,
    /// A server error or a lost connection; may pass.
    Passing,
    /// Anything else.
    Other,
}

/// The code of an answer that came and cannot be used.
pub(crate) const UNUSABLE: &str = "UnusableAnswer";
/// The code of a call for which no connection came about.
pub(crate) const NO_CONNECTION: &str = "ConnectionFailed";
/// The code of a call that could not leave.
pub(crate) const NO_CALL: &str = "CallFailed";
/// The code of an answer that is not AWS's.
pub(crate) const BETWEEN: &str = "NotFromAws";

/// A call that brought no answer.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    /// AWS's code, or a word of ours where there is none.
    pub(crate) code: String,
    pub(crate) message: String,
    /// The answer's HTTP status, where there was an answer.
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    /// What was not found, where AWS says: `USER`, `GROUP`, `IDENTITY_STORE`, …
    pub(crate) resource_type: Option<String>,
    /// How long AWS asks to wait.
    pub(crate) retry_after: Option<Duration>,
}

impl Failure {
    /// An answer that came but cannot be used.
    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Other,
            code: UNUSABLE.to_owned(),
            message: message.into(),
            status: None,
            request_id: None,
            resource_type: None,
            retry_after: None,
        }
    }

    /// No answer before the time was up.
    pub(crate) fn timed_out(message: impl Into<String>) -> Self {
        Self { kind: Kind::TimedOut, code: "TimedOut".to_owned(), ..Self::unusable(message) }
    }
}

impl From<Failure> for Missing {
    fn from(Failure { kind, code, message, .. }: Failure) -> Self {
        match kind {
            Kind::Denied => Self::new(Reason::Denied, message),
            Kind::Throttled => Self::new(Reason::Throttled, message),
            Kind::TimedOut => Self::new(Reason::TimedOut, message),
            Kind::NotFound
            | Kind::Expired
            | Kind::NoCredentials
            | Kind::Clock
            | Kind::Between
            | Kind::Passing
            | Kind::Other => Self { reason: Reason::Failed, code, message },
        }
    }
}

/// Classifies an error of any operation.
pub(crate) fn classify<E>(error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let response = error.raw_response();
    let status = response.map(|response| response.status().as_u16());
    let bytes = response.and_then(|response| response.body().bytes()).unwrap_or_default();
    let body = Body::read(bytes);
    // Where a member of an error is none that the SDK can read, it gives no code; the answer has it all the same.
    let unread = body.code().filter(|_| error.code().is_none());
    let code = error.code().or(unread);
    let kind = match error {
        _ if is_too_long(error) => Kind::Other,
        SdkError::ServiceError(_) | SdkError::ResponseError(_) if is_clock(code, error.message()) => Kind::Clock,
        SdkError::ServiceError(_) | SdkError::ResponseError(_) => {
            by_code(code, status, response.is_some_and(is_signed_by_aws))
        }
        SdkError::TimeoutError(_) => Kind::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Kind::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_io() => Kind::Passing,
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => by_source(error),
        _ => Kind::Other,
    };
    let kms = body.reason().filter(|reason| reason.to_ascii_uppercase().starts_with("KMS"));
    let (kind, code, message) = match kms {
        // The instance's key, and not the caller's permission for this very action, is what stands in the way.
        Some(reason) => (
            if reason.to_ascii_uppercase().contains("THROTTLING") { Kind::Throttled } else { Kind::Other },
            reason.to_owned(),
            format!(
                "the instance is encrypted with a customer managed KMS key that could not be used (kms:Decrypt): {}",
                error.message().unwrap_or("AWS gives no text")
            ),
        ),
        None => (
            kind,
            code.map_or_else(|| word(kind, status), str::to_owned),
            match unread {
                Some(_) => body.message().unwrap_or("AWS gives no text").to_owned(),
                None => message(error, kind, status),
            },
        ),
    };
    Failure {
        kind,
        code,
        message,
        status,
        request_id: error.request_id().map(str::to_owned),
        resource_type: body.resource_type(),
        retry_after: body.retry_after(),
    }
}

/// Whether AWS refuses a signature because the clocks differ. That what it says has expired is a signature, and not the
/// credentials, shows in its text alone.
pub(crate) fn is_clock(code: Option<&str>, message: Option<&str>) -> bool {
    match code.unwrap_or_default() {
        "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" => true,
        "InvalidSignatureException" | "SignatureDoesNotMatch" | "AuthFailure" => message.is_some_and(tells_of_clock),
        _ => false,
    }
}

/// Whether a text is AWS's for a signature of another time.
pub(crate) fn tells_of_clock(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["signature expired", "signature not yet current", "requesttimetooskewed", "requestexpired"]
        .iter()
        .any(|words| text.contains(words))
}

/// AWS gives every answer of its own an id.
fn is_signed_by_aws(response: &HttpResponse) -> bool {
    ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id", "x-amzn-errortype"]
        .iter()
        .any(|name| response.headers().get(*name).is_some())
}

/// Whether the answer was longer than any of AWS's.
fn is_too_long(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        // On its way it may be put into another.
        if error.is::<LengthLimitError>() || error.to_string().contains("length limit exceeded") {
            return true;
        }
        next = error.source();
    }
    false
}

fn by_code(code: Option<&str>, status: Option<u16>, of_aws: bool) -> Kind {
    match code.unwrap_or_default() {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "UnauthorizedException"
        | "ForbiddenException"
        | "OptInRequired"
        | "RegionDisabledException" => Kind::Denied,
        // LimitExceededException is left out: in these services it is a quota.
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "BandwidthLimitExceeded"
        | "SlowDown"
        | "PriorRequestNotComplete" => Kind::Throttled,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "IncompleteSignature"
        | "MissingAuthenticationToken" => Kind::Expired,
        "ResourceNotFoundException" | "NoSuchEntity" | "NoSuchEntityException" | "AccountNotFoundException" => {
            Kind::NotFound
        }
        "InternalServerException"
        | "InternalFailure"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "ServiceException"
        | "ServiceFailure" => Kind::Passing,
        _ => match status {
            // An error of AWS's own has a code, or at least an id.
            Some(401 | 403 | 407) if code.is_none() && !of_aws => Kind::Between,
            Some(401 | 403) => Kind::Denied,
            Some(429) => Kind::Throttled,
            // Half an answer, or one that is not AWS's: a second try often brings the whole.
            Some(200..=299 | 500..) => Kind::Passing,
            _ => Kind::Other,
        },
    }
}

/// Missing credentials and lost connections hide in the chain of sources.
fn by_source(error: &(dyn StdError + 'static)) -> Kind {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<aws_credential_types::provider::error::CredentialsError>() {
            return Kind::NoCredentials;
        }
        if let Some(connector) = error.downcast_ref::<aws_smithy_runtime_api::client::result::ConnectorError>()
            && connector.as_other() == Some(aws_smithy_types::retry::ErrorKind::TransientError)
        {
            return Kind::Passing;
        }
        if error.to_string().contains("no identity resolver") {
            return Kind::NoCredentials;
        }
        next = error.source();
    }
    Kind::Other
}

fn word(kind: Kind, status: Option<u16>) -> String {
    match (kind, status) {
        (Kind::Between, _) => BETWEEN.to_owned(),
        (Kind::TimedOut, _) => "TimedOut".to_owned(),
        (_, Some(status)) => format!("Http{status}"),
        (Kind::Passing, None) => NO_CONNECTION.to_owned(),
        (_, None) => NO_CALL.to_owned(),
    }
}

/// AWS's own text, else the chain of causes. Never the error's `Debug`: that holds headers.
fn message<E>(error: &SdkError<E, HttpResponse>, kind: Kind, status: Option<u16>) -> String
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    if is_too_long(error) {
        return "the answer is longer than any of AWS's, and was not read to its end".to_owned();
    }
    if kind == Kind::Between {
        return format!(
            "something on the way, such as a web proxy or a firewall, refused it in AWS's place (HTTP {}): let HTTPS to AWS \
             through, or set HTTPS_PROXY and NO_PROXY",
            status.unwrap_or_default()
        );
    }
    if let Some(message) = error.message().filter(|message| !message.is_empty()) {
        let advice = if kind == Kind::Clock { "the clock of this machine is wrong, set it right: " } else { "" };
        return format!("{advice}{message}");
    }
    if let (None, Some(status)) = (error.code(), status) {
        return format!("the answer (HTTP {status}) is not one of AWS's");
    }
    let text = chain(error);
    // The SDK's own words for where the failure sits say nothing to the reader, and neither does the list of every
    // place in which there were no credentials.
    let text = ["dispatch failure: ", "other: ", "io error: "]
        .iter()
        .fold(text.as_str(), |text, prefix| text.strip_prefix(prefix).unwrap_or(text));
    if text.contains("no credentials found in chain") {
        return "none in the environment, in a profile, in a container or on an instance".to_owned();
    }
    text.to_owned()
}

/// The causes of an error, outermost first.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let cause = error.to_string();
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
        next = error.source();
    }
    without_what_a_program_wrote(&text)
}

/// What a `credential_process` writes beside its answer may hold secrets, and is for whoever runs it by hand.
fn without_what_a_program_wrote(text: &str) -> String {
    match text.split_once(" Stderr: ") {
        Some((before, _)) => format!("{before} What it wrote on standard error may hold secrets, and is not shown"),
        None => text.to_owned(),
    }
}
