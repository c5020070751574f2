//! The schemas that the program prints are those of its answers. They are made here, and not when they are asked for: what
//! makes them would be a part of the program otherwise.

use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::{Answer, doctor, schema, several};

#[test]
fn every_property_is_described() {
    use super::organization::{access_schema, scan_schema, who_schema};

    for schema in [schema(), several::schema(), doctor::schema(), scan_schema(), who_schema(), access_schema()] {
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let parts = schema["$defs"].as_object().unwrap().iter().map(|(name, part)| (name.as_str(), part));
        for (name, part) in parts.chain([("the answer", &schema)]) {
            let forms = part["oneOf"].as_array().into_iter().flatten().chain([part]);
            let properties = forms.flat_map(|form| form["properties"].as_object().into_iter().flatten());
            // What tells the forms of one thing apart is told by its name.
            for (property, about) in properties.filter(|(_, about)| about.get("const").is_none()) {
                let is_described = about["description"].as_str().is_some_and(|text| !text.is_empty());
                assert!(is_described, "{property} of {name}");
            }
        }
    }
}

/// Holds a committed schema to the answer, or writes it anew where that is asked for.
pub(super) fn hold<T: JsonSchema>(file: &str, committed: &str) {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
    let current = format!("{:#}\n", schema.to_value());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(file), current).unwrap();
        return;
    }
    assert!(current == committed, "{file} is behind: UPDATE_SCHEMA=1 cargo test --no-default-features --lib schema");
}

#[test]
fn the_committed_schema_is_that_of_the_answers() {
    hold::<Answer<'_>>("docs/answer.schema.json", schema());
    hold::<several::Several<'_>>("docs/several.schema.json", several::schema());
    hold::<doctor::Doctor<'_>>("docs/doctor.schema.json", doctor::schema());
}
