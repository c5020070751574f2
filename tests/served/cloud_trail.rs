//! `cloudtrail`: `LookupEvents` over the event history of the caller's account in the Region asked, newest first.

use serde_json::{Value, json};

use super::answer::Refusal;
use super::desk::{Context, unknown};
use super::moment::Moment;
use super::organization::Event;

/// Answers a call.
pub(crate) fn answer(context: &Context<'_>) -> Result<Value, Refusal> {
    match context.call.operation.as_str() {
        "LookupEvents" => lookup_events(context),
        _ => Err(unknown(context.call)),
    }
}

fn lookup_events(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let attribute = match call.input["LookupAttributes"].as_array().map(Vec::as_slice).unwrap_or_default() {
        [] => None,
        [one] => one["AttributeKey"].as_str().zip(one["AttributeValue"].as_str()),
        _ => {
            return Err(Refusal::new(
                400,
                "InvalidLookupAttributesException",
                "You can specify only one lookup attribute.",
            ));
        }
    };
    if let Some((key, _)) = attribute.filter(|(key, _)| !KEYS.contains(key)) {
        return Err(Refusal::new(
            400,
            "InvalidLookupAttributesException",
            format!("The lookup attribute {key} is not valid."),
        ));
    }
    let bound = |member: &str| call.input.get(member).filter(|value| !value.is_null()).and_then(Moment::from_json);
    let (start, end) = (bound("StartTime"), bound("EndTime").unwrap_or(Moment(i64::MAX)));
    if start.is_some_and(|start| start > end) {
        return Err(Refusal::new(400, "InvalidTimeRangeException", "The start time must be before the end time."));
    }
    let start = start.unwrap_or_default().max(Moment::days_ago(90));
    let events = context.world.events(&call.caller.account, &call.region).filter(|event| {
        (start..=end).contains(&event.time) && attribute.is_none_or(|(key, value)| matches(event, key, value))
    });
    Ok(context.page(events, 50)?.output(call, "Events", row))
}

const KEYS: [&str; 8] =
    ["EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"];

fn matches(event: &Event, key: &str, value: &str) -> bool {
    match key {
        "EventId" => event.id == value,
        "EventName" => event.name == value,
        "ReadOnly" => event.read_only.to_string() == value,
        "Username" => event.username.as_deref() == Some(value),
        "ResourceType" => event.resources.iter().any(|resource| resource.resource_type == value),
        // Which form AWS matches is not documented: the name as it stands in the event does, and its last part.
        "ResourceName" => event.resources.iter().any(|resource| {
            resource.resource_name == value || resource.resource_name.rsplit('/').next() == Some(value)
        }),
        "EventSource" => event.source == value,
        "AccessKeyId" => event.access_key_id.as_deref() == Some(value),
        _ => false,
    }
}

fn row(event: &Event) -> Value {
    let resources = event
        .resources
        .iter()
        .map(|resource| json!({"ResourceType": resource.resource_type, "ResourceName": resource.resource_name}));
    json!({
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": event.read_only.to_string(),
        "AccessKeyId": event.access_key_id,
        "EventTime": event.time.epoch(),
        "EventSource": event.source,
        "Username": event.username,
        "Resources": resources.collect::<Vec<_>>(),
        "CloudTrailEvent": event.record.as_str().map_or_else(|| event.record.to_string(), str::to_owned),
    })
}
