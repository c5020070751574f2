//! Facts in the form of recordings. Written by hand, so that what is the same for every kind of value is in the program
//! once: what serde derives for each of some forty kinds makes it half a megabyte larger.

use std::marker::PhantomData;
use std::{fmt, mem};

use jiff::Timestamp;
use serde::de::{EnumAccess, Error, MapAccess, VariantAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Call, Fact, Missing, Observed, Reason};

const FACT: &str = "Fact";
const FIELDS: &[&str] = &["call", "account", "region", "request_id", "at", "observed"];
const OBSERVED: &str = "Observed";
const OUTCOMES: &[&str] = &["Known", "Denied", "Throttled", "TimedOut", "Failed", "NotAsked"];

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Call,
    Account,
    Region,
    RequestId,
    At,
    Observed,
}

/// All of a fact but what came back, and which fields were there.
#[derive(Default)]
struct Head {
    there: [bool; FIELDS.len()],
    call: Option<Call>,
    account: Option<String>,
    region: Option<String>,
    request_id: Option<String>,
    at: Option<Timestamp>,
}

impl Head {
    /// Reads on to what came back, or to the end; whether the former is next.
    fn read<'de, M: MapAccess<'de>>(&mut self, map: &mut M) -> Result<bool, M::Error> {
        while let Some(field) = map.next_key()? {
            match field {
                Field::Call => self.call = Some(self.once(0, map)?),
                Field::Account => self.account = self.once(1, map)?,
                Field::Region => self.region = self.once(2, map)?,
                Field::RequestId => self.request_id = self.once(3, map)?,
                Field::At => self.at = self.once(4, map)?,
                Field::Observed => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Reads the value of a field, which may be there once.
    fn once<'de, T: Deserialize<'de>, M: MapAccess<'de>>(&mut self, field: usize, map: &mut M) -> Result<T, M::Error> {
        if mem::replace(&mut self.there[field], true) {
            return Err(M::Error::duplicate_field(FIELDS[field]));
        }
        map.next_value()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Fact<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FACT, FIELDS, FactVisitor(PhantomData))
    }
}

struct FactVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FactVisitor<T> {
    type Value = Fact<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("struct Fact")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fact<T>, M::Error> {
        let (mut head, mut observed) = (Head::default(), None);
        while head.read(&mut map)? {
            observed = Some(head.once(5, &mut map)?);
        }
        let missing = head.there.iter().position(|there| !there);
        match (missing, head, observed) {
            (None, Head { call: Some(call), account, region, request_id, at, .. }, Some(observed)) => {
                Ok(Fact { call, account, region, request_id, at, observed })
            }
            (missing, ..) => Err(M::Error::missing_field(FIELDS[missing.unwrap_or_default()])),
        }
    }
}

impl<T: Serialize> Serialize for Fact<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { call, account, region, request_id, at, observed } = self;
        let mut fields = serializer.serialize_struct(FACT, FIELDS.len())?;
        write_head(&mut fields, *call, [account, region, request_id], *at)?;
        fields.serialize_field(FIELDS[5], observed)?;
        fields.end()
    }
}

fn write_head<S: SerializeStruct>(
    fields: &mut S,
    call: Call,
    names: [&Option<String>; 3],
    at: Option<Timestamp>,
) -> Result<(), S::Error> {
    fields.serialize_field(FIELDS[0], &call)?;
    for (name, value) in FIELDS[1..].iter().zip(names) {
        fields.serialize_field(name, value)?;
    }
    fields.serialize_field(FIELDS[4], &at)
}

#[derive(Deserialize)]
#[serde(variant_identifier)]
enum Outcome {
    Known,
    Denied,
    Throttled,
    TimedOut,
    Failed,
    NotAsked,
}

impl Outcome {
    /// Why there is no value, if there is none.
    const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Known => None,
            Self::Denied => Some(Reason::Denied),
            Self::Throttled => Some(Reason::Throttled),
            Self::TimedOut => Some(Reason::TimedOut),
            Self::Failed => Some(Reason::Failed),
            Self::NotAsked => Some(Reason::NotAsked),
        }
    }
}

/// What is said of a failure.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failed {
    code: String,
    message: String,
}

/// What is said of a question that was not put.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotAsked {
    because: String,
}

/// What is said of any other that was not answered.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unanswered {
    message: String,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Observed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(OBSERVED, OUTCOMES, ObservedVisitor(PhantomData))
    }
}

struct ObservedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObservedVisitor<T> {
    type Value = Observed<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("enum Observed")
    }

    fn visit_enum<E: EnumAccess<'de>>(self, data: E) -> Result<Observed<T>, E::Error> {
        let (outcome, content) = data.variant::<Outcome>()?;
        match outcome.reason() {
            None => content.newtype_variant().map(Observed::Known),
            Some(reason) => missing(reason, content).map(Observed::Missing),
        }
    }
}

fn missing<'de, V: VariantAccess<'de>>(reason: Reason, content: V) -> Result<Missing, V::Error> {
    let (code, message) = match reason {
        Reason::Failed => content.newtype_variant().map(|Failed { code, message }| (code, message))?,
        Reason::NotAsked => content.newtype_variant().map(|NotAsked { because }| (String::new(), because))?,
        Reason::Denied | Reason::Throttled | Reason::TimedOut => {
            content.newtype_variant().map(|Unanswered { message }| (String::new(), message))?
        }
    };
    Ok(Missing { reason, code, message })
}

impl<T: Serialize> Serialize for Observed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => serializer.serialize_newtype_variant(OBSERVED, 0, OUTCOMES[0], value),
            Self::Missing(missing) => write_missing(missing.clone(), serializer),
        }
    }
}

fn write_missing<S: Serializer>(missing: Missing, serializer: S) -> Result<S::Ok, S::Error> {
    let Missing { reason, code, message } = missing;
    match reason {
        Reason::Denied => serializer.serialize_newtype_variant(OBSERVED, 1, OUTCOMES[1], &Unanswered { message }),
        Reason::Throttled => serializer.serialize_newtype_variant(OBSERVED, 2, OUTCOMES[2], &Unanswered { message }),
        Reason::TimedOut => serializer.serialize_newtype_variant(OBSERVED, 3, OUTCOMES[3], &Unanswered { message }),
        Reason::Failed => serializer.serialize_newtype_variant(OBSERVED, 4, OUTCOMES[4], &Failed { code, message }),
        Reason::NotAsked => {
            serializer.serialize_newtype_variant(OBSERVED, 5, OUTCOMES[5], &NotAsked { because: message })
        }
    }
}
