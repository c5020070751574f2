//! The little reading of IAM policy documents that the rules need.

use serde_json::Value;

/// The `Federated` principals that a trust policy allows, in order. `None` where the text is not a policy.
pub fn federated_principals(trust_policy: &str) -> Option<Vec<String>> {
    let document: Value = serde_json::from_str(trust_policy).ok()?;
    let allowed = one_or_many(document.get("Statement")?).filter(|statement| statement["Effect"] == "Allow");
    let federated = allowed.filter_map(|statement| statement.get("Principal")?.get("Federated"));
    Some(federated.flat_map(one_or_many).filter_map(Value::as_str).map(str::to_owned).collect())
}

/// IAM lets a list of one be written without its brackets.
fn one_or_many(value: &Value) -> std::slice::Iter<'_, Value> {
    match value {
        Value::Array(values) => values.iter(),
        _ => std::slice::from_ref(value).iter(),
    }
}

#[cfg(test)]
mod tests {
    use super::federated_principals;

    #[test]
    fn reads_one_or_many() {
        let one = r#"{"Statement":{"Effect":"Allow","Principal":{"Federated":"a"}}}"#;
        assert_eq!(federated_principals(one), Some(vec!["a".to_owned()]));
        let many = r#"{"Statement":[{"Effect":"Allow","Principal":{"Federated":["a","b"]}},{"Effect":"Deny","Principal":{"Federated":"c"}},{"Effect":"Allow","Principal":"*"}]}"#;
        assert_eq!(federated_principals(many), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(federated_principals("not json"), None);
    }
}
