//! Every answer in JSON keeps to the schema that `idc schema` prints. The schema uses few keywords; the check knows
//! those, and stops at any other rather than pass over it.

use idc::render;
use serde_json::Value;

use super::fixtures;

/// Keywords that say nothing about what is valid.
const REMARKS: [&str; 6] = ["$schema", "$defs", "title", "description", "format", "$comment"];

/// The schema that the program prints.
fn printed() -> Value {
    serde_json::from_str(render::json::schema()).expect("the schema is JSON")
}

/// The first place where a value does not keep to a schema.
fn flaw(schema: &Value, root: &Value, value: &Value, place: &str) -> Option<String> {
    let at = |flaw: &str| Some(format!("{place}: {flaw}"));
    let within = |schema: &Value, value: &Value, step: &str| flaw(schema, root, value, &format!("{place}/{step}"));
    let members = schema.as_object().expect("a schema is an object here");
    members.iter().find_map(|(keyword, says)| match keyword.as_str() {
        "$ref" => {
            let pointer = says.as_str().and_then(|says| says.strip_prefix('#')).expect("a reference within the schema");
            flaw(root.pointer(pointer).expect("what is referred to"), root, value, place)
        }
        "type" if !has_type(says, value) => at(&format!("{value} is not of type {says}")),
        "enum" if !says.as_array().expect("an array").contains(value) => at(&format!("{value} is none of {says}")),
        "anyOf" => {
            let flaws: Option<Vec<String>> =
                says.as_array().expect("an array").iter().map(|schema| flaw(schema, root, value, place)).collect();
            flaws.map(|flaws| flaws.join(", and "))
        }
        "required" => {
            let absent = |name: &&Value| name.as_str().is_some_and(|name| value.get(name).is_none());
            says.as_array().expect("an array").iter().find(absent).and_then(|name| at(&format!("{name} is missing")))
        }
        "properties" => {
            let known = says.as_object().expect("an object");
            let given = value.as_object()?;
            given.iter().find_map(|(name, member)| match known.get(name) {
                Some(schema) => within(schema, member, name),
                // Allowed, but then the schema does not tell all that there is.
                None => at(&format!("the schema does not know {name}")),
            })
        }
        "items" => value.as_array()?.iter().enumerate().find_map(|(i, item)| within(says, item, &i.to_string())),
        "minItems" if (value.as_array()?.len() as u64) < says.as_u64().expect("a number") => at("too few items"),
        "minimum" if value.as_f64()? < says.as_f64()? => at(&format!("{value} is less than {says}")),
        "maximum" if value.as_f64()? > says.as_f64()? => at(&format!("{value} is more than {says}")),
        "pattern" => {
            assert_eq!(says, r"^1\.[0-9]+$", "a pattern that is not known here");
            let minor = value.as_str().and_then(|version| version.strip_prefix("1."));
            let fits = minor.is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()));
            (!fits).then(|| format!("{place}: {value} does not match {says}"))
        }
        "type" | "enum" | "minItems" | "minimum" | "maximum" => None,
        _ if REMARKS.contains(&keyword.as_str()) => None,
        _ => panic!("the schema uses {keyword}, which this check does not know"),
    })
}

fn has_type(types: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().expect("a type's name") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    };
    types.as_array().map_or_else(|| is(types), |types| types.iter().any(is))
}

fn answers() -> Vec<(&'static str, Value)> {
    let answer = |fixture: &'static fixtures::Fixture| {
        let mut json = Vec::new();
        render::json::write(&mut json, &fixture.diagnosis).unwrap();
        (fixture.name.as_str(), serde_json::from_slice(&json).unwrap())
    };
    fixtures::all().iter().map(answer).collect()
}

#[test]
fn every_answer_keeps_to_the_schema() {
    let schema = printed();
    for (name, answer) in answers() {
        assert_eq!(flaw(&schema, &schema, &answer, ""), None, "{name}");
    }
}

/// Every promised field is required, wherever it stands: a reader need not ask whether it is there.
#[test]
fn every_field_is_required_and_more_are_allowed() {
    let schema = printed();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let definitions = schema["$defs"].as_object().unwrap().values();
    for object in definitions.chain([&schema]).filter(|definition| definition["type"] == "object") {
        let fields: Vec<&str> = object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut required: Vec<&str> = object["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        required.sort_unstable();
        assert_eq!(fields, required, "{object:#}");
        assert!(object.get("additionalProperties").is_none(), "{object:#}");
    }
}

/// What the schema forbids, put into an answer that it allows.
#[test]
fn another_answer_does_not_keep_to_the_schema() {
    let schema = printed();
    let (_, good) = answers().into_iter().find(|(name, _)| *name == "customer-managed-policy-missing").unwrap();
    assert_eq!(flaw(&schema, &schema, &good, ""), None);
    for (place, wrong) in [
        ("/verdict", Value::from("maybe")),
        ("/format_version", Value::from("2.0")),
        ("/calls", Value::from(-1)),
        ("/root_cause/effect", Value::from("blocked")),
        ("/root_cause/evidence", Value::Array(vec![])),
        ("/root_cause/fixes/0", Value::from("do it")),
        ("/checks/0/outcome", Value::Null),
        ("/paths/0/via/type", Value::from("ROLE")),
        ("/question", serde_json::json!({"user": "jane.doe"})),
    ] {
        let mut answer = good.clone();
        *answer.pointer_mut(place).unwrap() = wrong;
        assert!(flaw(&schema, &schema, &answer, "").is_some_and(|flaw| flaw.starts_with(place)), "{place}");
    }
}
