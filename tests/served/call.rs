//! One request, recognised: which service and operation, with which input, asked by whom, in which Region. All four
//! protocols end up here as the same thing, so that nothing after it needs to tell them apart.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::http::Request;
use super::session::SessionPolicy;

/// The services that are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// IAM Identity Center's administration.
    SsoAdmin,
    /// Its identity store.
    IdentityStore,
    /// AWS Organizations.
    Organizations,
    /// The trail of events.
    CloudTrail,
    /// Amazon Athena.
    Athena,
    /// Amazon CloudWatch Logs.
    Logs,
    /// AWS IAM.
    Iam,
    /// AWS STS.
    Sts,
    /// Account access manager.
    AccountAccess,
    /// The access portal.
    Portal,
    /// Service Quotas.
    Quotas,
    /// Anything else.
    Other,
}

impl Service {
    /// The prefix of its actions in IAM policies.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::SsoAdmin => "sso",
            Self::IdentityStore => "identitystore",
            Self::Organizations => "organizations",
            Self::CloudTrail => "cloudtrail",
            Self::Athena => "athena",
            Self::Logs => "logs",
            Self::Iam => "iam",
            Self::Sts => "sts",
            Self::AccountAccess => "account-access",
            Self::Portal => "portal",
            Self::Quotas => "servicequotas",
            Self::Other => "unknown",
        }
    }

    /// Whether it speaks the query protocol, which answers in XML.
    pub(crate) fn is_query(self) -> bool {
        matches!(self, Self::Iam | Self::Sts)
    }

    /// The member that carries the token of the next page, in requests and answers.
    pub(crate) fn token(self) -> &'static str {
        match self {
            Self::Iam | Self::Sts => "Marker",
            Self::AccountAccess | Self::Portal | Self::Logs => "nextToken",
            _ => "NextToken",
        }
    }
}

/// Who is calling.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// Their account.
    pub account: String,
    /// Their ARN.
    pub arn: String,
    /// Their unique id.
    pub user_id: String,
    /// What the session policy they were given allows, where they have one.
    pub session_policy: Option<SessionPolicy>,
}

/// A recognised request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The service asked.
    pub service: Service,
    /// The operation asked for.
    pub operation: String,
    /// Its input; for the query protocol the form's fields, for REST the body with the path's and query's labels.
    pub input: Value,
    /// Who asks.
    pub caller: Caller,
    /// The Region that the signature names.
    pub region: String,
    /// The body as it came.
    pub body: String,
}

impl Call {
    /// Recognises service and operation; the caller is still nobody.
    pub(crate) fn recognise(request: &Request) -> Self {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let (service, operation, input) = if let Some(target) = request.header("x-amz-target") {
            let (prefix, operation) = target.rsplit_once('.').unwrap_or(("", target));
            let service = match prefix {
                "SWBExternalService" => Service::SsoAdmin,
                "AWSIdentityStore" => Service::IdentityStore,
                "AWSOrganizationsV20161128" => Service::Organizations,
                "AmazonAthena" => Service::Athena,
                "Logs_20140328" => Service::Logs,
                "ServiceQuotasV20190624" => Service::Quotas,
                "CloudTrail_20131101" | "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101" => Service::CloudTrail,
                _ => Service::Other,
            };
            (service, operation.to_owned(), serde_json::from_str(&body).unwrap_or(Value::Null))
        } else if request.path == "/" {
            let form = form(&body);
            let field = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default();
            let service = match field("Version") {
                "2010-05-08" => Service::Iam,
                "2011-06-15" => Service::Sts,
                _ => Service::Other,
            };
            (service, field("Action").to_owned(), Value::Object(form))
        } else {
            let (operation, input) = super::portal::recognise(request);
            if operation.is_empty() {
                let (operation, input) = super::account_access::recognise(request, &body);
                (if operation.is_empty() { Service::Other } else { Service::AccountAccess }, operation, input)
            } else {
                (Service::Portal, operation, input)
            }
        };
        let scope = request.credential_scope();
        let region = scope.get(2).copied().unwrap_or_default().to_owned();
        Self { service, operation, input, caller: Caller::default(), region, body }
    }

    /// The action as IAM names it, as `sso:ListInstances`.
    pub(crate) fn action(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.operation)
    }

    /// A string of the input, if it is there.
    pub(crate) fn get(&self, member: &str) -> Option<&str> {
        self.input.get(member).and_then(Value::as_str)
    }

    /// A string of the input that must be there.
    pub(crate) fn required(&self, member: &str) -> Result<&str, Refusal> {
        self.get(member).filter(|text| !text.is_empty()).ok_or_else(|| {
            let shown = member[..1].to_lowercase() + &member[1..];
            Refusal::invalid(self, &format!("1 validation error detected: Value null at '{shown}' failed to satisfy constraint: Member must not be null"))
        })
    }

    /// A required string that must have a form, as the service's model has it.
    pub(crate) fn formed(&self, member: &str, form: fn(&str) -> bool) -> Result<&str, Refusal> {
        let text = self.required(member)?;
        if form(text) { Ok(text) } else { Err(self.malformed(member, text)) }
    }

    /// The refusal of a value that has not the form it must have.
    pub(crate) fn malformed(&self, member: &str, text: &str) -> Refusal {
        let shown = member[..1].to_lowercase() + &member[1..];
        let message = format!(
            "1 validation error detected: Value '{text}' at '{shown}' failed to satisfy constraint: Member must satisfy regular expression pattern"
        );
        Refusal::invalid(self, &message)
    }
}

/// The form of user, group and request ids: a GUID, perhaps after ten digits of the identity store's id.
pub(crate) fn is_id(text: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups: Vec<&str> = text.split('-').collect();
    let guid = if groups.len() == 6 && groups[0].len() == 10 { &groups[1..] } else { &groups[..] };
    groups.iter().all(|group| hex(group)) && guid.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
}

/// The form of account ids.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The fields of a form body.
fn form(body: &str) -> Map<String, Value> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = body.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), Value::String(decoded(value)))).collect()
}
