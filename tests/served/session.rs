//! Session policies: what `sts:AssumeRole` was told the session may do, and nothing beyond. Conditions are not read;
//! a statement that has some is held not to apply if it allows, and to apply if it denies.

use serde_json::Value;

/// A session policy, read.
#[derive(Clone, Debug)]
pub(crate) struct SessionPolicy {
    statements: Vec<Value>,
}

impl SessionPolicy {
    /// Reads a policy document; `None` where it is not one.
    pub(crate) fn parse(document: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(document).ok()?;
        let statements: Vec<Value> = match document.get("Statement")? {
            Value::Array(statements) => statements.clone(),
            statement => vec![statement.clone()],
        };
        let sound = |statement: &Value| {
            matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"))
                && (statement.get("Action").is_some() != statement.get("NotAction").is_some())
                && (statement.get("Resource").is_some() != statement.get("NotResource").is_some())
        };
        statements.iter().all(sound).then_some(Self { statements })
    }

    /// Whether it allows an action.
    pub(crate) fn allows(&self, action: &str) -> bool {
        let applies = |statement: &Value, effect: &str| {
            let named = |member: &str| {
                strings(&statement[member])
                    .iter()
                    .any(|pattern| matches(&pattern.to_lowercase(), &action.to_lowercase()))
            };
            let covers = if statement.get("Action").is_some() { named("Action") } else { !named("NotAction") };
            statement["Effect"] == effect && covers && (effect == "Deny" || statement.get("Condition").is_none())
        };
        let any = |effect: &str| self.statements.iter().any(|statement| applies(statement, effect));
        any("Allow") && !any("Deny")
    }
}

fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

/// IAM's wildcards: `*` is any run of characters, `?` is one.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut here) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, here));
            at += 1;
        } else if pattern.get(at).is_some_and(|one| *one == '?' || *one == text[here]) {
            at += 1;
            here += 1;
        } else if let Some((after, mark)) = star {
            star = Some((after, mark + 1));
            at = after + 1;
            here = mark + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|one| *one == '*')
}
