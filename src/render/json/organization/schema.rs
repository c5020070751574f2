//! The schemas of the answers about an organization are those of what is written.

use schemars::JsonSchema;

use super::super::schema::hold;
use super::{AccessAnswer, ScanAnswer, WhoAnswer, access_schema, scan_schema, who_schema};

#[test]
fn the_committed_schemas_of_an_organization_are_those_of_the_answers() {
    hold::<ScanAnswer<'_>>("docs/scan.schema.json", scan_schema());
    hold::<WhoAnswer<'_>>("docs/who.schema.json", who_schema());
    hold::<AccessAnswer<'_>>("docs/access.schema.json", access_schema());
}

/// What a schema demands is what a reader can rely on, whatever was left out of an answer.
#[test]
fn whatever_is_demanded_is_written() {
    use crate::render::cases::written;
    use crate::render::organization::cases;

    fn demanded<T: JsonSchema>(schema: &str, answer: &str) {
        let (schema, answer): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(schema).unwrap(), serde_json::from_str(answer).unwrap());
        let names = schema["required"].as_array().unwrap();
        assert!(names.len() > 5);
        for name in names {
            assert!(answer.get(name.as_str().unwrap()).is_some(), "{name} in {}", T::schema_name());
        }
        assert_eq!(schema["properties"]["kind"]["const"], answer["kind"]);
    }
    demanded::<ScanAnswer<'_>>(scan_schema(), &written(|out| super::write_scan(out, &cases::broken())));
    demanded::<WhoAnswer<'_>>(who_schema(), &written(|out| super::write_who(out, &cases::who())));
    demanded::<AccessAnswer<'_>>(access_schema(), &written(|out| super::write_access(out, &cases::access())));
}
