//! Writing JSON. serde makes the code that writes a type anew for each form that it is written in; here there is one, for
//! lines, for pages that people read, and for values that are looked into.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};
use serde_json::{Result, Value};

/// JSON on one line.
pub fn line(value: &impl Serialize) -> Result<String> {
    written(value, Form::Line(CompactFormatter))
}

/// JSON as people read it: a line for each part, and two spaces for each level.
pub fn pretty(value: &impl Serialize) -> Result<String> {
    written(value, Form::Pretty(PrettyFormatter::new()))
}

/// JSON to look into.
pub fn value(value: &impl Serialize) -> Result<Value> {
    serde_json::from_str(&line(value)?)
}

fn written(value: &impl Serialize, form: Form) -> Result<String> {
    let mut written = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut written, form))?;
    String::from_utf8(written).map_err(serde::ser::Error::custom)
}

/// What is between the parts.
enum Form {
    Line(CompactFormatter),
    Pretty(PrettyFormatter<'static>),
}

/// Leaves each of these to the form.
macro_rules! as_the_form_has_it {
    ($($part:ident($($argument:ident: $of:ty)?);)*) => {
        impl Formatter for Form {
            $(fn $part<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $of)?) -> io::Result<()> {
                match self {
                    Self::Line(form) => form.$part(writer $(, $argument)?),
                    Self::Pretty(form) => form.$part(writer $(, $argument)?),
                }
            })*
        }
    };
}

as_the_form_has_it! {
    begin_array();
    end_array();
    begin_array_value(first: bool);
    end_array_value();
    begin_object();
    end_object();
    begin_object_key(first: bool);
    end_object_key();
    begin_object_value();
    end_object_value();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failure fails the test")]

    use std::collections::BTreeMap;

    use serde_json::json;

    /// What is empty, nested, and of each kind; the keys are in the order in which they are told.
    #[derive(serde::Serialize)]
    struct Sample {
        z: Vec<u64>,
        a: Option<()>,
        #[serde(rename = "é\"\n")]
        odd: BTreeMap<&'static str, Vec<&'static str>>,
        none: BTreeMap<String, u8>,
        number: f64,
        empty: [u8; 0],
    }

    #[test]
    fn is_what_serde_json_writes() {
        let odd = BTreeMap::from([("", vec![]), ("\u{1b}[31m", vec!["a", "b\\"])]);
        let sample = Sample { z: vec![1, u64::MAX], a: None, odd, none: BTreeMap::new(), number: 0.5, empty: [] };
        assert_eq!(super::line(&sample).unwrap(), serde_json::to_string(&sample).unwrap());
        assert_eq!(super::pretty(&sample).unwrap(), serde_json::to_string_pretty(&sample).unwrap());
        assert_eq!(super::value(&sample).unwrap(), serde_json::to_value(&sample).unwrap());
        assert_eq!(super::pretty(&json!({})).unwrap(), "{}");
    }
}
