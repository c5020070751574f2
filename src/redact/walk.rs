//! Evidence as JSON, walked without regard to what it is: whatever is not known to be AWS's or idc's own word is
//! replaced, so that a field that is added later cannot be forgotten.

use serde_json::{Map, Value};

use super::dictionary::Dictionary;
use super::{known, prose, text};
use crate::evidence::{is_logged, logged};

/// Fields that hold times and words of idc's own, and can hold nothing else: reading a recording fails on any other.
pub(super) const KEPT: [&str; 19] = [
    "at",
    "by",
    "call",
    "collected_at",
    "created",
    "fate",
    "joined",
    "kind",
    "method",
    "newest",
    "outcome",
    "read_back_to",
    "since",
    "through",
    "times",
    "until",
    "updated",
    "valid_until",
    "what",
];
/// Fields that hold a Region.
const REGIONS: [&str; 3] = ["listed_in", "primary_region", "region"];
/// Fields that hold AWS's names for states, codes and ways to sign in.
const CODES: [&str; 6] = ["code", "credential", "error_code", "feature_set", "state", "status"];
/// The field in which the types of policies have states.
const POLICY_TYPES: &str = "policy_types";
/// Fields that hold free text.
pub(super) const PROSE: [&str; 7] =
    ["because", "error", "error_message", "failure_reason", "message", "said", "status_reason"];
/// Fields in which names and ids are the names of fields.
pub(super) const NAMES: [&str; 15] = [
    "accounts",
    "attached",
    "aws_managed",
    "by_permission_set",
    "described",
    "documents",
    "entitled_roles",
    "groups",
    "in_account",
    "parents",
    "permission_sets",
    "policy_documents",
    "role_policies",
    "sources",
    "users",
];

/// Replaces whatever is not AWS's or idc's own; `field` is the name of the field that holds the value.
pub(super) fn replaced(dictionary: &mut Dictionary, value: &Value, field: &str) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        Value::String(text) => Value::String(replaced_text(dictionary, text, field)),
        Value::Array(items) => items.iter().map(|item| replaced(dictionary, item, field)).collect(),
        Value::Object(entries) => {
            // A fact has the same fields wherever it stands.
            let is_fact = entries.contains_key("observed");
            let is_by_name = NAMES.contains(&field) && !is_fact;
            let is_by_attribute = field == "attributes" && !is_fact;
            let entry = |(name, value): (&String, &Value)| {
                // What stands under a name is not what a field of that name holds.
                let below = match field {
                    POLICY_TYPES => "state",
                    _ if is_by_name || is_by_attribute => "",
                    // What a record of an event names stands under what it is.
                    "active" | "operation" if name == "Is" => field,
                    _ => name,
                };
                let mut given = replaced(dictionary, value, below);
                let stays = match field {
                    _ if is_fact => is_plain(name),
                    POLICY_TYPES => known::is_code(name),
                    "attributes" => known::is_attribute(name),
                    _ => !is_by_name && is_plain(name),
                };
                if stays {
                    return (name.clone(), given);
                }
                keep_policy_name(dictionary, name, value, &mut given);
                (text::replaced(dictionary, name), given)
            };
            entries.iter().map(entry).collect::<Map<_, _>>().into()
        }
    }
}

fn replaced_text(dictionary: &mut Dictionary, text: &str, field: &str) -> String {
    let is_own = KEPT.contains(&field)
        || (REGIONS.contains(&field) && known::is_region(text))
        || (CODES.contains(&field) && known::is_code(text))
        || (field == "default_version" && is_version(text))
        || is_of_history(field, text);
    if is_own {
        text.to_owned()
    } else if PROSE.contains(&field) {
        prose::replaced(dictionary, text)
    } else {
        text::replaced(dictionary, text)
    }
}

/// Whether a word of an event is CloudTrail's or idc's own: its name, or what was looked for, set or done.
fn is_of_history(field: &str, text: &str) -> bool {
    match field {
        "event" => text.split_once(':').is_some_and(|(source, name)| is_logged(source, name)),
        "looked_for" => text == "false" || logged().iter().any(|event| event.names.contains(&text)),
        "active" => ["true", "false"].contains(&text),
        "operation" => text.split(',').all(|one| ["add", "remove", "replace"].contains(&one)),
        _ => false,
    }
}

/// The name of a policy that AWS keeps stays, as its ARN does.
pub(super) fn keep_policy_name(dictionary: &Dictionary, arn: &str, fact: &Value, given: &mut Value) {
    const KNOWN: &str = "/observed/Known";
    let name = dictionary.gathered().is_policy_of_aws(arn).then(|| arn.rsplit('/').next()).flatten();
    if let (Some(name), Some(place)) = (name, given.pointer_mut(KNOWN))
        && fact.pointer(KNOWN).and_then(Value::as_str) == Some(name)
    {
        *place = name.into();
    }
}

/// Whether a name is one that idc gives to fields.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
}

/// Whether a text is how IAM numbers the versions of a policy: `v12`.
fn is_version(text: &str) -> bool {
    text.strip_prefix('v').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
