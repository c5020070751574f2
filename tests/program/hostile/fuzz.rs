//! Whatever bytes stand in a file: an answer or an error, and soon. `FUZZ_SECONDS` is how long each target is tried; a
//! second or so where it is not set.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use idc::answers::diagnosis::diagnose;
use idc::aws_files::config_file;
use idc::cli::config;
use idc::redact::redact;
use idc::wording::suggest;
use idc::{evidence, findings, render};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::kept;

/// What one case may take, and for each MB of it again. Tests are built without optimizing.
const AT_MOST: Duration = Duration::from_secs(40);

/// Values in the place of others: of another kind, too large, too long, hostile.
const ODD: [&str; 24] = [
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "[]",
    "{}",
    "\"\"",
    "\"*\"",
    "\"arn:aws:iam::1:role/\"",
    "\"\\u0000\\u001b[2J\\u202e\\ud83d\\ude00\"",
    "\"${aws:username}\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"-9999-01-01T00:00:00Z\"",
    "\"P99999999999D\"",
    "{\"Known\": null}",
    "{\"Missing\": {}}",
    "\"AWSReservedSSO__0000000000000000\"",
    "\"000000000000\"",
    "[[[[[[[[[[]]]]]]]]]]",
    "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}",
    "\"?*?*?*?*?*?*?*?*?*?*x\"",
    "\u{0}",
];

/// A text with some of it cut out, doubled, or put in another's place.
fn mutated(of: Vec<String>) -> impl Strategy<Value = String> {
    let change = (
        any::<Index>(),
        0..40_usize,
        prop_oneof![
            3 => proptest::sample::select(ODD.to_vec()).prop_map(str::to_owned),
            1 => "\\PC{0,8}",
            1 => (any::<u8>(), 1..20_000_usize).prop_map(|(byte, count)| char::from(byte).to_string().repeat(count)),
            1 => Just(String::new()),
        ],
    );
    (proptest::sample::select(of), proptest::collection::vec(change, 1..6)).prop_map(|(mut text, changes)| {
        for (place, length, instead) in changes {
            let mut from = place.index(text.len().max(1)).min(text.len());
            // Where a value begins, mostly: else nothing but the parser is tried.
            from += text.get(from..).and_then(|rest| rest.find(": ")).map_or(0, |at| at + 2);
            let mut to = text.get(from..).and_then(|rest| rest.find([',', '\n'])).map_or(from + length, |at| from + at);
            (from, to) = (from.min(text.len()), to.min(text.len()));
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            while !text.is_char_boundary(to) {
                to += 1;
            }
            text.replace_range(from..to, &instead);
        }
        text
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..2000).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        "[\\[\\]{}\":,=#;a-z0-9 \\n\\t\\\\]{0,400}",
    ]
}

/// Tries a target until its time is over. Each case has to end soon, and without a panic.
fn tried(inputs: &impl Strategy<Value = String>, target: impl Fn(&str)) {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse::<f64>().ok()).unwrap_or(1.0);
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let mut runner = TestRunner::default();
    while Instant::now() < until {
        let input = inputs.new_tree(&mut runner).unwrap().current();
        let started = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| target(&input)));
        let (took, most) = (started.elapsed(), AT_MOST * u32::try_from(1 + (input.len() >> 20)).unwrap());
        let is_fine = ended.is_ok() && took <= most;
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz-found");
        if !is_fine {
            std::fs::write(&kept, &input).unwrap();
        }
        assert!(is_fine, "took {took:?} of {most:?}, ended {}; the input is in {}", ended.is_ok(), kept.display());
    }
}

/// Recordings of different kinds, and small enough to be changed in most places.
fn recordings() -> Vec<String> {
    let names = [
        "customer-managed-policy-missing",
        "user-not-found",
        "healthy--entitled",
        "permission-set-denies-session",
        "resource-control-policy-denies",
        "assume-role-failed",
        "sign-in-failed",
    ];
    names.iter().filter_map(|name| kept::text(name).ok()).collect()
}

fn answer(text: &str) -> Option<evidence::Evidence> {
    let evidence = evidence::read(text).ok()?;
    let diagnosis = diagnose(&evidence);
    let style = render::Style { width: 80, color: false, unicode: true, height: 24 };
    let mut out = Vec::new();
    render::table::write(&mut out, &diagnosis, &style, true).unwrap();
    render::markdown::write(&mut out, &diagnosis).unwrap();
    render::line::write(&mut out, &diagnosis, &style).unwrap();
    let mut json = Vec::new();
    render::json::write(&mut json, &diagnosis).unwrap();
    serde_json::from_slice::<serde_json::Value>(&json).unwrap();
    let said = String::from_utf8([out, json].concat()).unwrap();
    let wrong = said.chars().find(|c| *c != '\n' && idc::wording::is_treacherous(*c));
    assert_eq!(wrong, None, "{said}");
    Some(evidence)
}

#[test]
fn recordings_are_answered_or_refused() {
    let all = recordings();
    assert!(all.len() > 4, "{}", all.len());
    tried(&prop_oneof![1 => any_text(), 9 => mutated(all)], |text| {
        answer(text);
    });
}

#[test]
fn recordings_are_redacted_or_refused() {
    tried(&mutated(recordings()), |text| {
        if let Ok(evidence) = evidence::read(text) {
            redact(&evidence, 1);
        }
    });
}

#[test]
fn configuration_files_are_read_or_refused() {
    let config =
        "profile = 'x'\nregion = 'us-east-1'\ntimeout = '60s'\nsince = '7d'\noutput = 'json'\nverbose = true\n";
    let aws = "[default]\nregion = us-east-1\n[profile \"a b\"]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = \
               X\n  sso_region = y\n[sso-session corp]\nsso_start_url = https://d-9067f0c1d2.awsapps.com/start\n[DEFAULT]\na: b\n";
    tried(&prop_oneof![any_text(), mutated(vec![config.to_owned(), aws.to_owned()])], |text| {
        let _ = config::read(Path::new("config.toml"), text);
        config_file::read(text.as_bytes());
        config_file::profiles(text);
        for file in [config_file::File::Config, config_file::File::Credentials] {
            config_file::key_profiles(text.as_bytes(), file);
        }
    });
    for deep in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), format!("a = {}", "{a=".repeat(100_000))]
    {
        assert!(config::read(Path::new("config.toml"), &deep).is_err());
    }
}

/// A policy stands in a recording as a string.
#[test]
fn policies_are_judged_or_refused() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "x", "Effect": "Deny", "NotAction": ["iam:*", "sts:?*"],
        "Resource": "arn:aws:iam::*:role/${aws:PrincipalTag/team, 'x'}", "Principal": {"AWS": ["*"]}, "Condition":
        {"ForAllValues:StringNotLikeIfExists": {"aws:PrincipalArn": ["a*", "b?"]}, "NumericLessThan": {"aws:x": 3},
        "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}]}"#;
    let recording = kept::text("resource-control-policy-denies").unwrap();
    let recording: serde_json::Value = serde_json::from_str(&recording).unwrap();
    tried(&prop_oneof![1 => any_text(), 9 => mutated(vec![policy.to_owned()])], |text| {
        let mut with = recording.clone();
        put(&mut with, text);
        answer(&with.to_string());
    });
}

/// Puts a policy in the place of every one.
fn put(value: &mut serde_json::Value, policy: &str) {
    match value {
        serde_json::Value::String(text) if text.trim_start().starts_with('{') => policy.clone_into(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| put(item, policy)),
        serde_json::Value::Object(members) => members.values_mut().for_each(|member| put(member, policy)),
        _ => {}
    }
}

#[test]
fn pasted_texts_are_known_or_not() {
    tried(&any_text(), |text| {
        findings::failure_reasons::classify_message(text);
        idc::answers::word_search::search(text);
        suggest::distance(text, "customer-managed-policy-missing");
    });
}
