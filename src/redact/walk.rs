//! Evidence as JSON, walked without regard to what it is: whatever is not known to be AWS's or idc's own word is
//! replaced, so that a field that is added later cannot be forgotten.

use serde_json::{Map, Value};

use super::dictionary::Dictionary;
use super::pieces::is_region;
use super::{prose, text};

/// Fields that hold words of idc's own, times, or the numbers of versions.
const KEPT: [&str; 14] = [
    "at",
    "by",
    "call",
    "collected_at",
    "created",
    "default_version",
    "joined",
    "kind",
    "method",
    "newest",
    "read_back_to",
    "since",
    "times",
    "valid_until",
];
/// Fields that hold a Region.
const REGIONS: [&str; 3] = ["listed_in", "primary_region", "region"];
/// Fields that hold AWS's names for states, codes and ways to sign in.
const CODES: [&str; 7] = ["code", "credential", "error_code", "feature_set", "policy_types", "state", "status"];
/// Fields that hold free text.
const PROSE: [&str; 7] = ["because", "error", "error_message", "failure_reason", "message", "said", "status_reason"];
/// Fields in which names and ids are the names of fields.
const NAMES: [&str; 15] = [
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
                    "policy_types" => field,
                    _ if is_by_name || is_by_attribute => "",
                    _ => name,
                };
                let mut given = replaced(dictionary, value, below);
                if is_by_attribute || (!is_by_name && is_plain(name)) {
                    return (name.clone(), given);
                }
                keep_policy_name(name, value, &mut given);
                (text::replaced(dictionary, name), given)
            };
            entries.iter().map(entry).collect::<Map<_, _>>().into()
        }
    }
}

fn replaced_text(dictionary: &mut Dictionary, text: &str, field: &str) -> String {
    let kept = KEPT.contains(&field)
        || (REGIONS.contains(&field) && is_region(text))
        || (CODES.contains(&field) && is_code(text));
    if kept {
        text.to_owned()
    } else if PROSE.contains(&field) {
        prose::replaced(dictionary, text)
    } else {
        text::replaced(dictionary, text)
    }
}

/// The name of a policy that AWS keeps stays, as its ARN does.
fn keep_policy_name(arn: &str, fact: &Value, given: &mut Value) {
    const KNOWN: &str = "/observed/Known";
    let name = arn.contains(":iam::aws:policy/").then(|| arn.rsplit('/').next()).flatten();
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

/// Whether a text is a code of AWS's: `IN_PROGRESS`, `AccessDenied`, `PASSWORD,TOTP`.
pub(super) fn is_code(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "_.,".contains(c))
}
