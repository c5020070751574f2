//! Faults at work: which of them strike a call, what they refuse, and what they do to an answer that was given.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::answer::{Refusal, Reply};
use super::call::{Call, Service};
use super::conduct::{Conduct, Fault, Kind};
use super::session::matches;

/// The token that a made-up empty page gives; what follows it is the real first page.
const EMPTY_PAGE: &str = "AAMAemptypage";
/// The token that never ends.
const REPEATED: &str = "AAMArepeated";
/// The tokens that lead to each other.
const CYCLE: [&str; 2] = ["AAMAtick", "AAMAtock"];

/// What happens on the wire, apart from the reply itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// The reply is sent.
    Sent,
    /// Half of it is sent, then the connection is closed.
    CutShort,
    /// The connection is closed without a reply.
    Closed,
    /// Nothing is sent, and the connection stays open.
    Silent,
}

/// The faults of a conduct, and how often each was met.
#[derive(Debug)]
pub(crate) struct Faults {
    faults: Vec<(Fault, AtomicU32)>,
}

impl Faults {
    /// Faults that have not struck yet.
    pub(crate) fn new(conduct: &Conduct) -> Self {
        Self { faults: conduct.faults.iter().map(|fault| (fault.clone(), AtomicU32::new(0))).collect() }
    }

    /// What strikes this call.
    pub(crate) fn striking(&self, call: &Call) -> Vec<&Kind> {
        let action = call.action();
        let struck = self.faults.iter().filter(|(fault, met)| {
            let same = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
            let applies = matches(&fault.action, &action)
                && same(&fault.account, &call.caller.account)
                && same(&fault.region, &call.region)
                && fault.body_contains.as_ref().is_none_or(|text| call.body.contains(text))
                && !is_past(&fault.kind, call);
            applies && {
                let before = met.fetch_add(1, Ordering::SeqCst);
                before >= fault.after && fault.times.is_none_or(|times| before - fault.after < times)
            }
        });
        struck.map(|(fault, _)| &fault.kind).collect()
    }
}

/// Whether the empty pages of a fault are behind a call.
fn is_past(kind: &Kind, call: &Call) -> bool {
    let Some(token) = call.get(call.service.token()) else { return false };
    match kind {
        Kind::EmptyPageWithToken => true,
        Kind::EmptyPages(pages) => empty_pages_before(token).is_none_or(|before| before >= *pages),
        _ => false,
    }
}

/// How many empty pages came before a token, where it or the body that holds it is of one.
fn empty_pages_before(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once(EMPTY_PAGE)?;
    let digits = rest.split(|one: char| !one.is_ascii_digit()).next().unwrap_or_default();
    Some(digits.parse().unwrap_or(1))
}

/// The error that a fault sends in place of an answer, if it is of that sort.
pub(crate) fn refusal(kind: &Kind, call: &Call) -> Option<Refusal> {
    Some(match kind {
        Kind::Denied => Refusal::unpermitted(call),
        Kind::DeniedByScp => denied_by_scp(call),
        Kind::DeniedByKms => {
            let reason =
                if call.service == Service::IdentityStore { "KMS_ACCESS_DENIED" } else { "KMS_AccessDeniedException" };
            let message = format!(
                "User: {} is not authorized to perform: kms:Decrypt on the KMS key of this instance",
                call.caller.arn
            );
            Refusal { message, ..Refusal::unpermitted(call) }.with("Reason", reason)
        }
        Kind::Throttled { retry_after } => Refusal::throttled(call, *retry_after),
        Kind::ServerError => Refusal::internal(call, "An unexpected internal service exception was encountered"),
        Kind::ExpiredToken => expired(call),
        Kind::Error { status, code, message } => Refusal::new(*status, code, message.clone()),
        Kind::BadGateway
        | Kind::Body { .. }
        | Kind::Flood(_)
        | Kind::Reset
        | Kind::Truncated
        | Kind::Hang
        | Kind::Delay(_)
        | Kind::EmptyPageWithToken
        | Kind::EmptyPages(_)
        | Kind::RepeatedToken
        | Kind::TokenCycle
        | Kind::UnknownEnum { .. }
        | Kind::MissingField { .. } => return None,
    })
}

/// A refusal in the words of a service control policy.
pub(crate) fn denied_by_scp(call: &Call) -> Refusal {
    Refusal::denied(call, "with an explicit deny in a service control policy")
}

/// The refusal of credentials that have expired.
fn expired(call: &Call) -> Refusal {
    let message = "The security token included in the request is expired";
    match call.service {
        Service::Iam | Service::Sts => Refusal::new(403, "ExpiredToken", message),
        Service::AccountAccess => Refusal::new(403, "ExpiredTokenException", message),
        _ => Refusal::new(400, "ExpiredTokenException", message),
    }
}

/// Takes tokens of this module out of a call, so that the operation sees the question for the first page.
pub(crate) fn without_own_tokens(call: &mut Call) {
    let member = call.service.token();
    let is_own = |token: &str| token.starts_with(EMPTY_PAGE) || token == REPEATED || CYCLE.contains(&token);
    if call.get(member).is_some_and(is_own)
        && let Some(input) = call.input.as_object_mut()
    {
        input.remove(member);
    }
}

/// Changes an output as a fault has it.
pub(crate) fn spoil(kind: &Kind, call: &Call, output: &mut Value) {
    match kind {
        Kind::EmptyPageWithToken | Kind::EmptyPages(_) => {
            let lists = output.as_object_mut().into_iter().flat_map(|members| members.values_mut());
            lists.filter_map(Value::as_array_mut).for_each(Vec::clear);
            let before = empty_pages_before(&call.body).unwrap_or(0);
            more(call, output, &format!("{EMPTY_PAGE}{}", before + 1));
        }
        Kind::RepeatedToken => more(call, output, REPEATED),
        Kind::TokenCycle => more(call, output, CYCLE[usize::from(call.body.contains(CYCLE[0]))]),
        Kind::UnknownEnum { field, value } => each(output, &mut |members| {
            if let Some(member) = members.get_mut(field).filter(|member| member.is_string()) {
                *member = value.clone().into();
            }
        }),
        Kind::MissingField { field } => each(output, &mut |members| {
            members.remove(field);
        }),
        _ => {}
    }
}

fn more(call: &Call, output: &mut Value, token: &str) {
    output[call.service.token()] = token.into();
    if call.service == Service::Iam {
        output["IsTruncated"] = true.into();
    }
}

fn each(value: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            change(members);
            members.values_mut().for_each(|value| each(value, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        _ => {}
    }
}

/// What the faults do on the wire: how long to wait first, whose page to send instead, and how the sending ends.
pub(crate) fn wire(kinds: &[&Kind], reply: &mut Reply) -> (Duration, Wire) {
    let (mut delay, mut wire) = (Duration::ZERO, Wire::Sent);
    for kind in kinds {
        match kind {
            Kind::Delay(milliseconds) => delay += Duration::from_millis(*milliseconds),
            Kind::Reset => wire = Wire::Closed,
            Kind::Truncated => wire = Wire::CutShort,
            Kind::Hang => wire = Wire::Silent,
            Kind::BadGateway => {
                let page =
                    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
                *reply = page_of_somebody(502, page);
            }
            Kind::Body { status, body } => *reply = page_of_somebody(*status, body),
            Kind::Flood(mebibytes) => reply.body.push_str(&" ".repeat(mebibytes << 20)),
            _ => {}
        }
    }
    (delay, wire)
}

/// What a proxy sends: nothing in it is AWS's.
fn page_of_somebody(status: u16, body: &str) -> Reply {
    let headers = vec![("content-type", "text/html".into())];
    Reply { status, headers, body: body.into(), error: Some(format!("{status}")) }
}
