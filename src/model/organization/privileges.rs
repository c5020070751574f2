//! Which permission sets give more than a job needs: those that allow everything, and those that let one give it oneself.

use serde_json::Value;

use crate::evidence::{Gap, Snapshot};

/// Policies of AWS by their names, the widest first.
const WIDE: [&str; 3] = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"];

/// What an inline policy that allows everything is called.
const EVERYTHING: &str = "*";

/// What makes a permission set a privileged one: the name of a policy of AWS, or `*` for an inline policy that allows
/// everything. `Ok(None)`: nothing of the kind, as far as it can be told without its customer managed policies.
pub fn privilege(snapshot: &Snapshot, arn: &str) -> Result<Option<&'static str>, Gap> {
    let Some(set) = snapshot.shared.permission_sets.get(arn) else {
        let because = "what the permission set holds was not asked for".to_owned();
        return Err(snapshot.in_instance().unasked(crate::evidence::Call::ListManagedPoliciesInPermissionSet, because));
    };
    // Whatever else could not be read, what is there is there.
    let named = set.aws_managed.known();
    let of_aws = |wide: &&&str| {
        let ending = format!(":iam::aws:policy/{wide}");
        named.as_ref().is_ok_and(|policies| policies.iter().any(|policy| policy.ends_with(&ending)))
    };
    let allows_everything = set.inline.known().is_ok_and(|policy| policy.as_deref().is_some_and(allows_everything));
    if allows_everything && !WIDE.first().is_some_and(|first| of_aws(&first)) {
        return Ok(Some(EVERYTHING));
    }
    if let Some(wide) = WIDE.iter().find(of_aws) {
        return Ok(Some(*wide));
    }
    named?;
    set.inline.known()?;
    Ok(None)
}

/// Whether a permission set allows everything. What could not be read does not show that it does.
pub fn administers(snapshot: &Snapshot, arn: &str) -> bool {
    matches!(privilege(snapshot, arn), Ok(Some(EVERYTHING | "AdministratorAccess")))
}

/// Whether a statement of a policy allows every action on every resource, without a condition.
fn allows_everything(policy: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(policy) else { return false };
    let statements = match &document["Statement"] {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let holds = |value: &Value, all: &[&str]| match value {
        Value::String(text) => all.contains(&text.as_str()),
        Value::Array(items) => items.iter().filter_map(Value::as_str).any(|text| all.contains(&text)),
        _ => false,
    };
    statements.iter().any(|statement| {
        let is_bound =
            statement.get("Condition").is_some_and(|condition| condition != &Value::Object(serde_json::Map::new()));
        statement["Effect"] == "Allow"
            && !is_bound
            && holds(&statement["Action"], &["*", "*:*"])
            && holds(&statement["Resource"], &["*"])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_allows_everything_does() {
        let statement = |text: &str| allows_everything(&format!(r#"{{"Statement": {text}}}"#));
        assert!(statement(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#));
        assert!(statement(
            r#"[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow", "Action": ["*:*"], "Resource": ["*"]}]"#
        ));
        for other in [
            r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::x"}"#,
            r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:x": "true"}}}"#,
        ] {
            assert!(!statement(other), "{other}");
        }
        assert!(!allows_everything("no policy"));
    }
}
