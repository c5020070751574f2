//! The values of a plan's resources before and after it, as far as the plan tells them.

use serde_json::Value;

use super::Resource;
use crate::evidence::{Boundary, PolicyReference, Principal, PrincipalType};

/// What is known of a value once the plan is carried out.
#[derive(Clone, Copy)]
pub(super) enum Told<'f> {
    /// This.
    Value(&'f Value),
    /// It is left out, or null.
    Nothing,
    /// It is made only then.
    Later,
}

impl Told<'_> {
    /// This one, or another where it is no value.
    pub(super) fn or(self, other: Self) -> Self {
        if matches!(self, Self::Value(_)) { self } else { other }
    }
}

/// A value after the plan is carried out.
pub(super) fn after<'f>(resource: &'f Resource, name: &str) -> Told<'f> {
    let unknown = resource.change.after_unknown.as_ref().and_then(|unknown| unknown.get(name));
    if unknown == Some(&Value::Bool(true)) {
        return Told::Later;
    }
    of(resource.change.after.as_ref(), name)
}

/// A value before it is carried out.
pub(super) fn before<'f>(resource: &'f Resource, name: &str) -> Told<'f> {
    of(resource.change.before.as_ref(), name)
}

fn of<'f>(values: Option<&'f Value>, name: &str) -> Told<'f> {
    match values.and_then(|values| values.get(name)) {
        Some(Value::Null) | None => Told::Nothing,
        Some(value) => Told::Value(value),
    }
}

/// A text that is there.
pub(super) fn text(told: Told<'_>) -> Option<&str> {
    match told {
        Told::Value(value) => value.as_str().filter(|text| !text.is_empty()),
        Told::Nothing | Told::Later => None,
    }
}

/// A user or group, where both its kind and its id are told.
pub(super) fn principal(kind: Told<'_>, id: Told<'_>) -> Option<Principal> {
    let (Told::Value(kind), Told::Value(Value::String(id))) = (kind, id) else { return None };
    let kind = match kind.as_str()? {
        "USER" => PrincipalType::User,
        "GROUP" => PrincipalType::Group,
        _ => return None,
    };
    Some(Principal { kind, id: id.clone() })
}

/// Policies by name and path, as far as they are told.
pub(super) struct Named {
    /// Those that are told.
    pub(super) known: Vec<PolicyReference>,
    /// Whether others are not.
    pub(super) untold: bool,
}

/// The customer managed policies that a list names.
pub(super) fn references(list: Told<'_>, unknown: Option<&Value>) -> Named {
    let Told::Value(Value::Array(items)) = list else {
        return Named { known: Vec::new(), untold: matches!(list, Told::Later) };
    };
    let mut named = Named { known: Vec::new(), untold: unknown.is_some_and(|one| one == &Value::Bool(true)) };
    for (place, item) in items.iter().enumerate() {
        let is_later = |name: &str| {
            let own = unknown.and_then(|unknown| unknown.get(place));
            own == Some(&Value::Bool(true)) || own.and_then(|own| own.get(name)) == Some(&Value::Bool(true))
        };
        match item.get("name").and_then(Value::as_str) {
            Some(name) if !is_later("name") && !is_later("path") => {
                let path = item.get("path").and_then(Value::as_str).filter(|path| !path.is_empty());
                named.known.push(PolicyReference { name: name.to_owned(), path: path.unwrap_or("/").to_owned() });
            }
            _ => named.untold = true,
        }
    }
    named
}

/// The permissions boundary that a list of one names.
pub(super) fn boundary(list: Told<'_>, unknown: Option<&Value>) -> Option<Boundary> {
    let Told::Value(Value::Array(items)) = list else { return None };
    let [item] = &items[..] else { return None };
    let unknown = unknown.and_then(|unknown| unknown.get(0));
    if let Some(arn) = item.get("managed_policy_arn").and_then(Value::as_str).filter(|arn| !arn.is_empty()) {
        return Some(Boundary::AwsManaged(arn.to_owned()));
    }
    let member = "customer_managed_policy_reference";
    let list = of(Some(item), member);
    let mut named = references(list, unknown.and_then(|unknown| unknown.get(member)));
    if named.untold { None } else { named.known.pop().map(Boundary::CustomerManaged) }
}

/// Whether anything in it is told only later.
pub(super) fn has_unknown(value: &Value) -> bool {
    match value {
        Value::Bool(is_unknown) => *is_unknown,
        Value::Array(items) => items.iter().any(has_unknown),
        Value::Object(members) => members.values().any(has_unknown),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}
