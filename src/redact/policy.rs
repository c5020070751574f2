//! Policy documents: the grammar and AWS's vocabulary stay, and everything else is replaced. The text is read into a
//! tree that keeps names which come twice, since a policy may hold them.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::dictionary::Dictionary;
use super::{known, text};

/// The names of IAM's policy grammar.
const ELEMENTS: [&str; 16] = [
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "AWS",
    "Service",
    "Federated",
    "CanonicalUser",
];

/// Values that stand for themselves wherever a condition compares with them.
const VALUES: [&str; 8] = ["true", "false", "Account", "User", "FederatedUser", "AssumedRole", "Anonymous", "Root"];

/// What AWS asks for in the assertions that it takes.
const AUDIENCES: [&str; 4] = [
    "https://signin.aws.amazon.com/saml",
    "https://signin.amazonaws.cn/saml",
    "https://signin.amazonaws-us-gov.com/saml",
    "sts.amazonaws.com",
];

const COMPARISONS: [&str; 8] =
    ["", "Equals", "Like", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals", "Address"];

const OPERATORS: [&str; 8] = ["String", "Numeric", "Date", "Bool", "Binary", "Ip", "NotIp", "Arn"];

/// JSON with the entries of objects in order.
#[derive(Debug)]
enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Self>),
    Entries(Vec<(String, Self)>),
}

/// Where in a policy something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Under this element of the grammar.
    Element(&'static str),
    /// Under `Condition`: the names are operators.
    Operators,
    /// Under an operator: the names are condition keys.
    Keys,
    /// Under a condition key.
    Values,
    /// Anywhere else.
    Elsewhere,
}

/// Replaces what is not AWS's own. `None` where the text is not JSON.
pub(super) fn replaced(dictionary: &mut Dictionary, text: &str) -> Option<String> {
    let policy: Node = serde_json::from_str(text).ok()?;
    serde_json::to_string(&node(dictionary, policy, Place::Elsewhere)).ok()
}

fn node(dictionary: &mut Dictionary, value: Node, place: Place) -> Node {
    match value {
        Node::Null | Node::Bool(_) => value,
        Node::Number(number) => Node::Number(replaced_number(dictionary, number)),
        Node::Text(text) if is_aws_s_own(&text, place) => Node::Text(text),
        Node::Text(text) if matches!(place, Place::Element("Action" | "NotAction")) => {
            Node::Text(after_service(dictionary, &text))
        }
        Node::Text(text) => Node::Text(text::replaced(dictionary, &text)),
        Node::List(items) => Node::List(items.into_iter().map(|item| node(dictionary, item, place)).collect()),
        Node::Entries(entries) => Node::Entries(
            entries
                .into_iter()
                .map(|(name, value)| {
                    let (name, below) = entry(dictionary, name, place);
                    (name, node(dictionary, value, below))
                })
                .collect(),
        ),
    }
}

/// The name of an entry, replaced, and what stands under it.
fn entry(dictionary: &mut Dictionary, name: String, place: Place) -> (String, Place) {
    match place {
        Place::Operators if is_operator(&name) => (name, Place::Keys),
        Place::Operators => (text::replaced(dictionary, &name), Place::Keys),
        Place::Keys => (condition_key(dictionary, &name), Place::Values),
        Place::Element(_) | Place::Values | Place::Elsewhere => match ELEMENTS.iter().find(|element| **element == name)
        {
            Some(&"Condition") => (name, Place::Operators),
            Some(element) => (name, Place::Element(element)),
            None => (text::replaced(dictionary, &name), Place::Elsewhere),
        },
    }
}

/// A condition key without what follows a slash: the key of a tag. Of a key that is not known, the service alone stays,
/// if AWS has it: keys of other issuers of tokens begin with a host's name.
fn condition_key(dictionary: &mut Dictionary, name: &str) -> String {
    let (key, tag) = name.split_at(name.find('/').unwrap_or(name.len()));
    if known::is_condition_key(key) {
        return format!("{key}{}", text::words(dictionary, tag));
    }
    after_service(dictionary, name)
}

/// What is not known, behind the name of a service that is.
fn after_service(dictionary: &mut Dictionary, name: &str) -> String {
    match name.split_once(':') {
        Some((service, rest)) if is_prefix(service) => format!("{service}:{}", text::words(dictionary, rest)),
        _ => text::words(dictionary, name),
    }
}

fn is_prefix(service: &str) -> bool {
    service == "aws" || known::is_service(service)
}

/// A number with other digits: one that is also written as a text, such as an account's, stays the same as that.
fn replaced_number(dictionary: &mut Dictionary, number: Number) -> Number {
    let given = text::words(dictionary, &number.to_string());
    given.parse().unwrap_or(number)
}

fn is_operator(name: &str) -> bool {
    let plain = name.strip_prefix("ForAllValues:").or_else(|| name.strip_prefix("ForAnyValue:")).unwrap_or(name);
    let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
    let compares = |rest: &str| {
        let rest = rest.strip_prefix("Not").unwrap_or(rest);
        let rest = rest.strip_suffix("IgnoreCase").unwrap_or(rest);
        COMPARISONS.contains(&rest)
    };
    plain == "Null" || OPERATORS.iter().any(|kind| plain.strip_prefix(kind).is_some_and(compares))
}

fn is_aws_s_own(text: &str, place: Place) -> bool {
    match place {
        Place::Element("Effect") => ["Allow", "Deny"].contains(&text),
        Place::Element("Version") => ["2012-10-17", "2008-10-17"].contains(&text),
        Place::Element("Action" | "NotAction") => known::are_actions(text),
        Place::Element("Service") => is_service(text),
        Place::Values => {
            VALUES.contains(&text)
                || AUDIENCES.contains(&text)
                || known::is_region(text)
                || is_date(text)
                || is_service(text)
        }
        Place::Element(_) | Place::Operators | Place::Keys | Place::Elsewhere => false,
    }
}

/// Whether a text is the principal of an AWS service: `ec2.amazonaws.com`, `logs.eu-west-1.amazonaws.com`.
fn is_service(text: &str) -> bool {
    let name = text.strip_suffix(".amazonaws.com").or_else(|| text.strip_suffix(".amazonaws.com.cn"));
    name.is_some_and(|name| {
        known::is_service(name)
            || name.split_once('.').is_some_and(|(name, region)| known::is_service(name) && known::is_region(region))
    })
}

/// Every word of the grammar.
pub(super) fn words() -> impl Iterator<Item = String> {
    let operators = OPERATORS.into_iter().flat_map(|kind| {
        let negated = ["", "Not"].into_iter().map(move |not| format!("{kind}{not}"));
        let compared = negated.flat_map(|start| COMPARISONS.map(|compares| format!("{start}{compares}")));
        let cased = compared.flat_map(|start| ["", "IgnoreCase"].map(|ignores| format!("{start}{ignores}")));
        cased.flat_map(|start| ["", "IfExists"].map(|exists| format!("{start}{exists}")))
    });
    let others = ELEMENTS.into_iter().chain(VALUES).chain(["Null", "ForAllValues", "ForAnyValue", "Allow", "Deny"]);
    operators.chain(others.map(str::to_owned))
}

/// Whether a text begins as a date does: times stay.
fn is_date(text: &str) -> bool {
    let day = text.get(..10).unwrap_or_default();
    day.parse::<jiff::civil::Date>().is_ok()
        && text[day.len()..].chars().all(|c| c.is_ascii_digit() || "T:.Z+-".contains(c))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Node;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
                Ok(Node::Bool(truth))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
                Ok(Node::Number(number.into()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
                Ok(Node::Number(number.into()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
                Ok(Number::from_f64(number).map_or(Node::Null, Node::Number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Node::Entries(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Entries(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::draw::Draw;

    fn both(policy: &str) -> String {
        let mut dictionary = Dictionary::new(Draw::new(0));
        assert_eq!(replaced(&mut dictionary, policy).as_deref(), Some(policy), "gathering changes nothing");
        dictionary.finish();
        replaced(&mut dictionary.with_draw(Draw::new(11)), policy).unwrap()
    }

    #[test]
    fn a_policy_of_aws_s_own_words_stays() {
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"Service":"logs.eu-west-1.amazonaws.com"},"NotAction":["iam:*","account-access:Get*"],"Resource":"*","Condition":{"ForAnyValue:StringNotEqualsIgnoreCaseIfExists":{"aws:RequestedRegion":["us-east-1"]},"Null":{"aws:PrincipalOrgID":true},"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"Null":{"aws:PrincipalType":"AssumedRole"}}}]}"#;
        assert_eq!(both(policy), policy);
    }

    #[test]
    fn what_is_somebody_s_goes() {
        let policy = r#"{"Statement":{"Sid":"NoAcme","Effect":"Deny","Principal":{"AWS":["arn:aws:iam::123456789012:user/jane","111122223333"]},"Action":"s3:*","Resource":"arn:aws:s3:::acme-payroll/*","Condition":{"StringEquals":{"aws:PrincipalTag/CostCenter":"acme","identitystore:UserId":"9067f0c1d2-53ceb5a7-7471-470f-997c-6c8ebc2b8bc2"},"IpAddress":{"aws:SourceIp":"10.20.30.40/16"}},"Acme":"acme"}}"#;
        let given = both(policy);
        for word in ["acme", "jane", "payroll", "123456789012", "111122223333", "costcenter", "53ceb5a7", "10.20.30.40"]
        {
            assert!(!given.to_lowercase().contains(word), "{word}: {given}");
        }
        for kept in ["arn:aws:s3:::", "/*\"", "aws:PrincipalTag/", "\"s3:*\"", ":user/", "IpAddress"] {
            assert!(given.contains(kept), "{kept}: {given}");
        }
    }

    #[test]
    fn what_is_no_json_is_no_policy() {
        assert_eq!(replaced(&mut Dictionary::new(Draw::new(0)), "{ \"Version\": "), None);
    }
}
