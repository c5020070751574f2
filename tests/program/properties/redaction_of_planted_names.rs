//! Names that look like AWS's own words, planted wherever a recording can hold one: none of them is in the redacted form.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use idc::answers::diagnosis::diagnose;
use idc::evidence::{self, Evidence};
use idc::redact::{Reasoning, redact, redact_or_refuse};
use serde_json::{Value, json};

use crate::properties::fixtures;

/// What a planted name is made from: nobody's, and no piece of a word of AWS's.
const CORES: [&str; 8] = ["zqacme", "zqvorn", "zqpayroll", "zqhelix", "zqglobex", "zqumbra", "zqtyrell", "zqhooli"];
/// An account's id that occurs nowhere else.
const ACCOUNT: &str = "555512349876";
/// Fields of free text.
const PROSE: [&str; 4] = ["failure_reason", "error_message", "message", "status_reason"];

/// Plants names made from a core in everything below a value.
fn plant(value: &mut Value, field: &str, core: &str) {
    match value {
        Value::String(text) if PROSE.contains(&field) => {
            let (upper, capital) = (core.to_uppercase(), format!("Zq{}", &core[2..]));
            let _ = write!(
                text,
                " {capital}PayrollException {upper}_PAYROLL_POLICY {core}corp:DoThing s3:Get{capital} bob@{core}.example \
                 https://{core}.okta.com/app/{core} account {ACCOUNT} 5555-1234-9876 ({core}-west-2) {core}-support's"
            );
        }
        Value::String(text) if text.starts_with('{') => {
            if let Ok(mut policy) = serde_json::from_str::<Value>(text)
                && let Some(statements) = policy.get_mut("Statement").and_then(Value::as_array_mut)
            {
                statements.push(statement(core));
                *text = policy.to_string();
            }
        }
        Value::String(text) if field == "display_name" => *text = format!("{core} Customer Support"),
        Value::Array(items) => {
            if field == "external_issuers" {
                items.push(json!(format!("https://{core}.okta.com/saml2/{core}-west-2")));
            }
            for item in items {
                plant(item, field, core);
            }
        }
        Value::Object(entries) => {
            if field == "policy_types" {
                entries.insert(format!("{}_PAYROLL_POLICY", core.to_uppercase()), json!("ENABLED"));
            }
            entries.iter_mut().for_each(|(name, value)| plant(value, name, core));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A statement about nothing, with everything in it that can be somebody's.
fn statement(core: &str) -> Value {
    let mut compared = serde_json::Map::new();
    compared.insert(format!("gitlab.{core}.com:sub"), json!(format!("project_path:{core}/infra")));
    compared.insert("aws:SourceAccount".to_owned(), json!(555_512_349_876_u64));
    compared.insert(format!("aws:ResourceTag/{core}team"), json!(format!("${{{core}:team}}")));
    compared.insert(format!("aws:{core}Key"), json!(format!("{core}-west-2")));
    compared.insert("aws:userid".to_owned(), json!(format!("AIDA{}12345678:{core}", core.to_uppercase())));
    json!({
        "Sid": format!("{core}Guard"),
        "Effect": "Deny",
        "Action": [format!("{core}corp:DoThing"), format!("s3:Get{core}*")],
        "Resource": [
            format!("arn:aws:s3:::{core}-payroll-bucket/*"),
            format!("arn:{core}:{core}:{core}-west-2:{ACCOUNT}:role/stacksets/{core}/{core}-service-role/x"),
            format!("arn:aws:iam::aws:policy/{core}Access"),
        ],
        "Condition": { "StringEquals": compared, format!("{core}Equals"): { "aws:PrincipalType": core } }
    })
}

/// A recording with planted names in the place of those that fixtures have.
fn planted(name: &str, core: &str) -> Evidence {
    let mut recording: Value = serde_json::from_str(&fixtures::text(name)).unwrap();
    plant(&mut recording["evidence"], "", core);
    let upper = core.to_uppercase();
    let text = recording
        .to_string()
        .replace("jane.doe", &format!("{core}.customer-support"))
        .replace("prod-data", &format!("{core}-west-2"))
        .replace("DataAnalysts", &format!("{upper}_PAYROLL_POLICY"))
        .replace("acme.example", &format!("{core}.example"));
    evidence::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn no_planted_name_stays_in_any_fixture() {
    fixtures::for_each(|fixture| {
        let core = CORES[fixture.name.len() % CORES.len()];
        let original = planted(&fixture.name, core);
        let redacted = match redact_or_refuse(&original, 1) {
            Ok(redacted) => redacted,
            Err(refusal) => return vec![format!("{} cannot be redacted: {refusal:?}", fixture.name)],
        };
        let written = evidence::to_json(&redacted).unwrap().to_lowercase();
        let mut wrong = Vec::new();
        for name in [core, ACCOUNT, "5555-1234-9876", "customer-support"] {
            if let Some(at) = written.find(name) {
                wrong.push(format!(
                    "{} still holds {name}: {}",
                    fixture.name,
                    &written[at.saturating_sub(60)..at + 20]
                ));
            }
        }
        if Reasoning::of(&diagnose(&original)) != Reasoning::of(&diagnose(&redacted)) {
            wrong.push(format!("{} has another reasoning", fixture.name));
        }
        wrong
    });
}

/// Nothing takes time by the square of what a recording holds: the same took minutes.
#[test]
fn long_names_and_texts_take_no_time() {
    let long: String = ('a'..='z').cycle().take(10_000).collect();
    let mut recording: Value = serde_json::from_str(&fixtures::text("assignment-creation-failed")).unwrap();
    let requests = recording["evidence"]["access"]["creation"]["described"].as_object_mut().unwrap();
    let request = requests.values_mut().next().unwrap();
    request["observed"]["Known"]["failure_reason"] =
        json!(format!("{} {}", "'s".repeat(20_000), "a:b/c-d ".repeat(5_000)));
    let text = recording.to_string().replace("jane.doe", &long).replace("prod-data", &format!("{long} ${{{long}"));
    let original = evidence::read(&text).unwrap();
    let before = Instant::now();
    diagnose(&original);
    let diagnosed = before.elapsed();
    let before = Instant::now();
    let redacted = redact(&original, 1).expect("redacted");
    let taken = before.elapsed();
    assert!(taken < Duration::from_secs(20) + 20 * diagnosed, "{taken:?}, and the answer alone {diagnosed:?}");
    assert_eq!(redacted.question.user.len(), long.len());
}
