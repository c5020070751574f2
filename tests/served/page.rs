//! Pagination, in the way of each service: how many rows a page holds, and tokens that only fit the question they
//! were given for.

use serde_json::Value;

use super::answer::Refusal;
use super::call::{Call, Service};
use super::identifier::hex;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// What asks for the next page, if there is one.
    pub token: Option<String>,
}

impl<T> Page<T> {
    /// An output whose list has this name, with the service's way of saying whether more follows.
    pub(crate) fn output(self, call: &Call, list: &str, row: impl FnMut(T) -> Value) -> Value {
        let mut output = serde_json::Map::new();
        output.insert(list.into(), self.rows.into_iter().map(row).collect());
        if call.service == Service::Iam {
            output.insert("IsTruncated".into(), self.token.is_some().into());
        }
        if let Some(token) = self.token {
            output.insert(call.service.token().into(), token.into());
        }
        Value::Object(output)
    }
}

/// Cuts the page that a call asks for out of all rows; `most` is what AWS puts on one at most, `page_size` what this
/// server does.
pub(crate) fn page<T>(
    call: &Call,
    rows: impl IntoIterator<Item = T>,
    most: usize,
    page_size: Option<usize>,
) -> Result<Page<T>, Refusal> {
    let size = asked(call, most)?.unwrap_or(if call.service == Service::Iam { 100 } else { most });
    let size = size.min(page_size.unwrap_or(most)).max(1);
    let start = match call.get(call.service.token()) {
        None => 0,
        Some(token) => offset(call, token).ok_or_else(|| bad_token(call))?,
    };
    let mut rows = rows.into_iter().skip(start);
    let page: Vec<T> = rows.by_ref().take(size).collect();
    let token = rows.next().map(|_| token(call, start + size));
    Ok(Page { rows: page, token })
}

/// The number of rows asked for, if any was.
fn asked(call: &Call, most: usize) -> Result<Option<usize>, Refusal> {
    let member = match call.service {
        Service::Iam => "MaxItems",
        Service::AccountAccess => "maxResults",
        Service::Logs if call.operation == "GetQueryResults" => "maxItems",
        Service::Logs => "limit",
        Service::CloudTrail if call.operation == "GetQueryResults" => "MaxQueryResults",
        _ => "MaxResults",
    };
    let Some(value) = call.input.get(member).filter(|value| !value.is_null()) else { return Ok(None) };
    let count = value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|count| usize::try_from(count).ok());
    match count {
        Some(count) if (1..=most).contains(&count) => Ok(Some(count)),
        _ if call.service == Service::CloudTrail => {
            Err(Refusal::new(400, "InvalidMaxResultsException", format!("MaxResults must be between 1 and {most}.")))
        }
        _ => Err(Refusal::invalid(
            call,
            &format!("Value '{value}' at '{member}' failed to satisfy constraint: Member must be between 1 and {most}"),
        )),
    }
}

/// A token is bound to the question, as AWS says it must be replayed with identical parameters.
fn token(call: &Call, offset: usize) -> String {
    let mut input = call.input.clone();
    if let Some(members) = input.as_object_mut() {
        for member in [call.service.token(), "MaxResults", "maxResults", "MaxItems", "maxItems", "MaxQueryResults"] {
            members.remove(member);
        }
    }
    format!("AAMA{}{offset:x}", hex(&[&call.action(), &call.caller.account, &call.region, &input.to_string()]))
}

fn offset(call: &Call, text: &str) -> Option<usize> {
    let offset = usize::from_str_radix(text.get(20..)?, 16).ok()?;
    (token(call, offset) == text).then_some(offset)
}

fn bad_token(call: &Call) -> Refusal {
    match call.service {
        Service::CloudTrail => Refusal::new(400, "InvalidNextTokenException", "The specified NextToken is invalid."),
        Service::Organizations => {
            Refusal::new(400, "InvalidInputException", "You provided an invalid value for NextToken.")
                .with("Reason", "INVALID_NEXT_TOKEN")
        }
        Service::Iam => Refusal::new(400, "ValidationError", "Invalid Marker."),
        _ => Refusal::new(400, "ValidationException", "The NextToken that you provided is not valid."),
    }
}
