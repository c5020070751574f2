//! The role in member accounts, as files to deploy it by, allows exactly what `idc policy --target` prints.
//! `UPDATE_DEPLOY=1 cargo test --test program deploy::` writes it into them.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The order in which people write a policy.
const ORDER: [&str; 6] = ["Version", "Statement", "Sid", "Effect", "Action", "Resource"];

fn policy() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_idc")).args(["policy", "--target"]).env_clear().output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn members(value: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    assert!(value.as_object().is_some_and(|object| object.keys().all(|name| ORDER.contains(&name.as_str()))));
    ORDER.into_iter().filter_map(|name| Some((name, value.get(name)?)))
}

/// A value as YAML, after what stands before it on its first line.
fn yaml(before: &str, value: &Value, indent: usize) -> String {
    let (start, inner) = (" ".repeat(indent), indent + 2);
    match value {
        // As a string and not as a date.
        Value::String(text) if text.starts_with(char::is_numeric) => format!("{start}{before} \"{text}\"\n"),
        Value::String(text) if text == "*" => format!("{start}{before} \"*\"\n"),
        Value::String(text) => format!("{start}{before} {text}\n"),
        Value::Array(items) => {
            let items = items.iter().map(|item| match item {
                Value::Object(_) => {
                    let lines = yaml_members(item, inner + 2);
                    format!("{}- {}", " ".repeat(inner), lines.trim_start())
                }
                _ => yaml("-", item, inner),
            });
            format!("{start}{before}\n{}", items.collect::<String>())
        }
        _ => panic!("{value} is in no policy"),
    }
}

fn yaml_members(object: &Value, indent: usize) -> String {
    members(object).map(|(name, value)| yaml(&format!("{name}:"), value, indent)).collect()
}

/// A value as Terraform writes it, after what stands before it on its first line.
fn terraform(before: &str, value: &Value, indent: usize, after: &str) -> String {
    let start = " ".repeat(indent);
    let within =
        |lines: String, open: &str, close: &str| format!("{start}{before}{open}\n{lines}{start}{close}{after}\n");
    match value {
        Value::String(_) => format!("{start}{before}{value}{after}\n"),
        Value::Array(items) => {
            within(items.iter().map(|item| terraform("", item, indent + 2, ",")).collect(), "[", "]")
        }
        Value::Object(_) => {
            let member = |(name, value): (&str, &Value)| match (name, value) {
                // Terraform aligns what stands together.
                ("Sid", Value::String(_)) => terraform("Sid    = ", value, indent + 2, ""),
                _ => terraform(&format!("{name} = "), value, indent + 2, ""),
            };
            within(members(value).map(member).collect(), "{", "}")
        }
        _ => panic!("{value} is in no policy"),
    }
}

fn hold(path: &str, policy: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once("# <policy>\n").expect("the start of the policy");
    let (found, _) = rest.split_once("# </policy>").expect("the end of the policy");
    // The mark that ends it has spaces before it.
    let spaces = &found[found.trim_end_matches(' ').len()..];
    let current =
        text.replacen(&format!("{before}# <policy>\n{found}"), &format!("{before}# <policy>\n{policy}{spaces}"), 1);
    if std::env::var_os("UPDATE_DEPLOY").is_some() {
        fs::write(file, current).unwrap();
        return;
    }
    assert!(text == current, "{path} is behind the code: UPDATE_DEPLOY=1 cargo test --test program deploy::");
}

#[test]
fn the_stack_set_allows_what_idc_needs() {
    hold("deploy/idc-read-stackset.yaml", &yaml_members(&policy(), 12));
}

#[test]
fn the_terraform_file_allows_what_idc_needs() {
    hold("deploy/idc-read.tf", &terraform("policy = jsonencode(", &policy(), 2, ")"));
}
