//! IAM's policy grammar as JSON holds it. A list of one may stand without its brackets. Anything outside the grammar
//! makes the document unreadable, since an element left out of account could turn its meaning round.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// A policy document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct RawPolicy {
    pub(super) version: Option<String>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    pub(super) statement: Statements,
}

/// A statement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct RawStatement {
    pub(super) sid: Option<String>,
    pub(super) effect: super::Effect,
    pub(super) principal: Option<RawPrincipal>,
    pub(super) not_principal: Option<RawPrincipal>,
    pub(super) action: Option<Strings>,
    pub(super) not_action: Option<Strings>,
    pub(super) resource: Option<Strings>,
    pub(super) not_resource: Option<Strings>,
    #[serde(default)]
    pub(super) condition: Entries<Entries<Strings>>,
}

/// One statement or several.
#[derive(Debug)]
pub(super) struct Statements(pub(super) Vec<RawStatement>);

/// One string or several; numbers and truth values count as the strings they look like.
#[derive(Debug)]
pub(super) struct Strings(pub(super) Vec<String>);

/// The entries of an object, in order, with names that come twice.
#[derive(Debug)]
pub(super) struct Entries<V>(pub(super) Vec<(String, V)>);

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// `*`, or principals by their type.
#[derive(Debug)]
pub(super) enum RawPrincipal {
    Anyone,
    Named(Vec<(String, Strings)>),
}

impl<'de> Deserialize<'de> for Statements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Statements;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a statement or a list of statements")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Statements, A::Error> {
                Ok(Statements(vec![RawStatement::deserialize(MapAccessDeserializer::new(map))?]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Statements, A::Error> {
                let mut statements = Vec::new();
                while let Some(statement) = seq.next_element()? {
                    statements.push(statement);
                }
                Ok(Statements(statements))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Strings;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }
            fn visit_str<E>(self, text: &str) -> Result<Strings, E> {
                Ok(Strings(vec![text.to_owned()]))
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Strings, E> {
                Ok(Strings(vec![truth.to_string()]))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Strings, E> {
                Ok(Strings(vec![number.to_string()]))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Strings, E> {
                Ok(Strings(vec![number.to_string()]))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Strings, E> {
                Ok(Strings(vec![number.to_string()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Strings, A::Error> {
                let mut strings = Vec::new();
                while let Some(Strings(more)) = seq.next_element()? {
                    strings.extend(more);
                }
                Ok(Strings(strings))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Object<V> {
            type Value = Entries<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}

impl<'de> Deserialize<'de> for RawPrincipal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyoneOrNamed;
        impl<'de> Visitor<'de> for AnyoneOrNamed {
            type Value = RawPrincipal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"*\" or principals by type")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawPrincipal, E> {
                if text == "*" { Ok(RawPrincipal::Anyone) } else { Err(E::custom("a principal without its type")) }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawPrincipal, A::Error> {
                let Entries(entries) = Entries::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawPrincipal::Named(entries))
            }
        }
        deserializer.deserialize_any(AnyoneOrNamed)
    }
}
