//! A record of CloudTrail, as it was logged, to what is kept of it. Every source of records comes through here, so that
//! the same events make the same history.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::events::{Logged, kind_of};
use super::who::actor;
use super::{Change, Named, Outcome, Thing, What};

/// What AWS writes in the place of what it hides.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";
/// No id and no name of AWS's is longer; whatever is longer is none.
const LONGEST: usize = 2048;

/// What is kept of a record; nothing where it does not bear on anybody's access.
pub fn read(record: &Value) -> Option<Change> {
    let (source, name) = (record["eventSource"].as_str()?, record["eventName"].as_str()?);
    let kind = kind_of(source, name)?;
    let at: Timestamp = record["eventTime"].as_str()?.parse().ok()?;
    let mut about = about(record, kind);
    let what = what(record, kind, &mut about);
    let account = ["recipientAccountId", "/userIdentity/accountId"].iter().find_map(|key| at_key(record, key));
    Some(Change {
        id: text(&record["eventID"]).unwrap_or_default(),
        shared_id: text(&record["sharedEventID"]),
        request: text(&record["requestID"]),
        at,
        account: account.unwrap_or_default(),
        region: text(&record["awsRegion"]).unwrap_or_default(),
        event: format!("{}:{name}", kind.source),
        by: actor(record, kind.source),
        what,
        about,
        outcome: outcome(record, what, name),
    })
}

/// A member, or what a pointer leads to.
fn at_key(record: &Value, key: &str) -> Option<String> {
    text(if key.starts_with('/') { record.pointer(key)? } else { &record[key] })
}

/// The text of a value, where it is one, is not hidden, and may be an id or a name.
pub(super) fn text(value: &Value) -> Option<String> {
    match named(value) {
        Named::Is(text) => Some(text),
        Named::Hidden | Named::NotLogged => None,
    }
}

/// What a value says. Where the console's services hide one, an empty object is left.
fn named(value: &Value) -> Named {
    match value {
        Value::String(text) if text.contains(HIDDEN) => Named::Hidden,
        Value::String(text) if !text.is_empty() && text.len() <= LONGEST => Named::Is(text.clone()),
        Value::Bool(_) | Value::Number(_) => Named::Is(value.to_string()),
        Value::Object(members) if members.is_empty() => Named::Hidden,
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => Named::NotLogged,
    }
}

/// What the record says of whatever records of its kind are about.
fn about(record: &Value, kind: &Logged) -> BTreeMap<Thing, Named> {
    let mut about = BTreeMap::new();
    for (thing, path) in kind.about {
        let found = path.split('.').fold(record, |value, member| &value[member]);
        let found = named(found);
        let known = about.entry(*thing).or_insert(Named::NotLogged);
        if matches!((&*known, &found), (Named::NotLogged, _) | (Named::Hidden, Named::Is(_))) {
            *known = found;
        }
    }
    // That it is not logged is what is not there.
    about.retain(|_, named| *named != Named::NotLogged);
    about
}

/// What was done. Of the calls of SCIM, only what they carry tells.
fn what(record: &Value, kind: &Logged, about: &mut BTreeMap<Thing, Named>) -> What {
    let scim = kind.source == "identitystore-scim";
    match kind.what {
        What::GroupUpdated if scim => {
            let Some(operations) = member_operations(record) else { return What::GroupUpdated };
            about.insert(Thing::Operation, operations);
            What::MembersPatched
        }
        What::MembersPatched => {
            about.insert(Thing::Operation, Named::Is("replace".to_owned()));
            What::MembersPatched
        }
        What::UserUpdated if scim => match active(record, about) {
            Some(active) => {
                about.insert(Thing::Active, active);
                What::UserActiveSet
            }
            None => What::UserUpdated,
        },
        what => what,
    }
}

/// What SCIM did to the members of a group; nothing where it changed something else about the group. An operation without
/// a path has its members in the value, which is hidden.
fn member_operations(record: &Value) -> Option<Named> {
    let Some(operations) = record["requestParameters"]["httpBody"]["operations"].as_array() else {
        return Some(Named::NotLogged);
    };
    let mut done: Vec<String> = Vec::new();
    for operation in operations {
        let path = operation["path"].as_str();
        let of_members = path
            .is_none_or(|path| path.contains(HIDDEN) || path.trim_start().to_ascii_lowercase().starts_with("members"));
        if of_members {
            done.push(operation["op"].as_str()?.to_ascii_lowercase());
        }
    }
    done.retain(|one| ["add", "remove", "replace"].contains(&one.as_str()));
    done.sort_unstable();
    done.dedup();
    (!done.is_empty()).then(|| Named::Is(done.join(",")))
}

/// What SCIM set `active` to; nothing where it did not.
fn active(record: &Value, about: &BTreeMap<Thing, Named>) -> Option<Named> {
    let body = &record["requestParameters"]["httpBody"];
    let Some(operations) = body["operations"].as_array() else {
        return about.get(&Thing::Active).filter(|active| **active != Named::NotLogged).cloned();
    };
    let own = operations.iter().find(|one| one["path"].as_str().is_some_and(|it| it.eq_ignore_ascii_case("active")));
    let within = operations.iter().find(|one| one["path"].is_null());
    match (own, within) {
        (Some(operation), _) => Some(named(&operation["value"])),
        // Without a path the value holds whatever is set; it is hidden.
        (None, Some(operation)) => Some(match &operation["value"]["active"] {
            Value::Null if operation["value"].is_object() => return None,
            Value::Null => Named::Hidden,
            value => named(value),
        }),
        (None, None) => None,
    }
}

/// What became of the call.
fn outcome(record: &Value, what: What, name: &str) -> Outcome {
    let code = text(&record["errorCode"]);
    let failed = code.is_some() || !record["errorMessage"].is_null() && record["errorMessage"] != "";
    let details = &record["serviceEventDetails"];
    let said = [&details[name], &record["responseElements"][name], &details["closeAccountStatus"]["state"]];
    let failed = failed || said.into_iter().any(|said| matches!(said.as_str(), Some("Failure" | "FAILED")));
    if failed {
        return Outcome::Refused { code };
    }
    let status = match what {
        What::AssignmentCreated => "accountAssignmentCreationStatus",
        What::AssignmentDeleted => "accountAssignmentDeletionStatus",
        What::PermissionSetProvisioned => "permissionSetProvisioningStatus",
        _ => return Outcome::Done,
    };
    let request = text(&record["responseElements"][status]["requestId"]).or_else(|| text(&record["requestID"]));
    Outcome::Accepted { request }
}
