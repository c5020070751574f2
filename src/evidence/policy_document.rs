//! The text of a policy, which is read once however often it is asked about.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::iam_policy::Policy;

/// A policy document: JSON, as AWS sent it. It is the text; what the text says is read when that is first asked for, and
/// kept for all that share the document.
#[derive(Debug, Clone)]
pub struct PolicyDocument(Arc<Read>);

#[derive(Debug)]
struct Read {
    text: String,
    says: OnceLock<Result<Policy, String>>,
}

impl PolicyDocument {
    /// What it says. `Err`: why it cannot be read.
    pub fn policy(&self) -> Result<&Policy, &str> {
        self.0.says.get_or_init(|| Policy::parse(&self.0.text)).as_ref().map_err(String::as_str)
    }
}

impl From<String> for PolicyDocument {
    fn from(text: String) -> Self {
        Self(Arc::new(Read { text, says: OnceLock::new() }))
    }
}

impl From<&str> for PolicyDocument {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for PolicyDocument {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl PartialEq for PolicyDocument {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for PolicyDocument {}

impl Serialize for PolicyDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for PolicyDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_its_text_and_is_read_once() {
        let document = PolicyDocument::from(r#"{"Version":"2012-10-17","Statement":[]}"#);
        let shared = document.clone();
        assert!(std::ptr::eq(document.policy().unwrap(), shared.policy().unwrap()));
        assert_eq!(serde_json::to_value(&document).unwrap(), serde_json::Value::from(&*document));
        assert!(PolicyDocument::from("{").policy().is_err());
    }
}
