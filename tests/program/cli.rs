//! The command line from outside, without AWS: what is typed wrong, what is printed where and how it looks.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use assert_cmd::Command;
use serde_json::Value;

use crate::kept;

const BLOCKED: &str = "customer-managed-policy-missing";

/// A file with that recording.
fn fixture(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    // Other tests may be reading it.
    let mut written = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    written.write_all(kept::text(name).unwrap().as_bytes()).unwrap();
    written.persist(&file).unwrap();
    file
}

/// The program with nothing in its environment but a locale that has more than ASCII.
fn idc(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
    command.args(arguments).env_clear().env("LANG", "en_US.UTF-8");
    command
}

fn replay(name: &str, arguments: &[&str]) -> Command {
    let mut command = idc(&["why", "--replay"]);
    command.arg(fixture(name)).args(arguments);
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn what_is_typed_wrong_ends_with_code_two_and_a_word() {
    let jane = ["why", "jane.doe", "123456789012"];
    let with = |more: &[&'static str]| [&jane[..], more].concat();
    for (arguments, word) in [
        (vec!["wyh"], "why"),
        (vec!["why"], "USER"),
        (vec!["why"], "ACCOUNT"),
        (vec!["why", "123456789012"], "USER is required"),
        (vec!["why", "jane.doe"], "ACCOUNT"),
        (vec!["why", "-u", "jane.doe"], "ACCOUNT is required"),
        (vec!["why", "-u", "jane.doe", "-u", "john.roe"], "ACCOUNT is required"),
        (vec!["why", "--me"], "ACCOUNT is required"),
        (vec!["who"], "<ACCOUNT>"),
        (vec!["access"], "<USER>"),
        (vec!["why", "jane.doe", "123456789012", "--record"], "--record <FILE>"),
        (vec!["scan", "--replay"], "--replay <FILE>"),
        (vec!["scan", "--before-assign"], "--permission-set <NAME>"),
        (vec!["scan", "--only-new"], "--against <OLD>"),
        (vec!["scan", "--resume"], "--record <FILE>"),
        (vec!["scan", "--exhaustive"], "--full"),
        (vec!["doctor", "--target-role"], "--target-role <NAME-or-ARN>"),
        (vec!["why", "jane.doe", "1234567890123"], "12 digits"),
        (vec!["why", "jane.doe", "arn:aws:iam::role"], "ARN"),
        (vec!["why", "jane.doe", "https://acme.awsapps.com/start"], "account_id"),
        (with(&["--permision-set", "X"]), "--permission-set"),
        (with(&["--since", "91d"]), "90d"),
        (with(&["--timeout", "soon"]), "duration"),
        (with(&["-o", "jsno"]), "json"),
        (with(&["--trail", "athena:table"]), "athena:DATABASE.TABLE[@WORKGROUP]"),
        (with(&["--trail", "s3://bucket"]), "a folder"),
        (vec!["why", "--replay", "x.json", "--trail", "."], "--trail"),
        (with(&["-q", "-v"]), "--verbose"),
        (with(&["--target-role", "a", "--target-profile", "b"]), "--target-profile"),
        (with(&["--replay", "x.json"]), "--replay"),
        (with(&["--redact"]), "--record"),
        (vec!["why", "--replay", "x.json", "--like", "john.roe"], "--like"),
        (vec!["explain", "customer-managed-policy-mising"], "customer-managed-policy-missing"),
    ] {
        let output = idc(&arguments).output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{arguments:?} prints an answer");
        assert!(stderr(&output).contains(word), "{arguments:?} says nothing of {word}: {}", stderr(&output));
    }
}

#[cfg(feature = "live")]
#[test]
fn what_cannot_be_meant_is_refused_before_any_call() {
    let output = idc(&["why", "  ", "123456789012"]).output().unwrap();
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("USER"), "{}", stderr(&output));
    let role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef";
    let output = idc(&["why", "jane.doe", role, "-p", "RedshiftAnalyst"]).output().unwrap();
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("RedshiftAnalyst"), "{}", stderr(&output));
}

#[test]
fn scripts_are_told_by_json_why_there_is_no_answer() {
    let odd = tempfile::tempdir().unwrap();
    let damaged = odd.path().join("damaged.json");
    fs::write(&damaged, r#"{"format": "idc-recording", "format_version": 1, "evidence": "\u009b31m"}"#).unwrap();
    let damaged = damaged.to_str().unwrap();
    for (arguments, exit, word) in [
        (vec!["why", "--replay", "absent.json"], 1, "unreadable-file"),
        (vec!["why", "--replay", damaged], 1, "unreadable-recording"),
    ] {
        let output = idc(&arguments).args(["-o", "json"]).output().unwrap();
        assert_eq!(code(&output), exit, "{}", stderr(&output));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((told["format_version"].as_str(), told["error"]["code"].as_str()), (Some("1.0"), Some(word)));
        let message = told["error"]["message"].as_str().unwrap();
        assert!(!stderr(&output).chars().any(|c| c.is_control() && c != '\n'), "{:?}", stderr(&output));
        assert!(stderr(&output).starts_with("error: ") && !message.is_empty(), "{}", stderr(&output));
        // Whoever reads a table finds nothing where the answer would be, and what was not understood has no form.
        assert!(idc(&arguments).output().unwrap().stdout.is_empty());
    }
    let from_environment = idc(&["why", "--replay", "absent.json"]).env("IDC_OUTPUT", "json").output().unwrap();
    assert!(serde_json::from_slice::<Value>(&from_environment.stdout).is_ok());
    assert!(idc(&["why", "-o", "json", "--nonsense"]).output().unwrap().stdout.is_empty());
}

#[test]
fn every_code_of_an_error_is_in_the_documentation() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).unwrap();
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error/told.rs")).unwrap();
    let (_, codes) = source.split_once("pub const fn code").unwrap();
    let (codes, _) = codes.split_once("\n    }\n").unwrap();
    let codes: Vec<&str> = codes.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(codes.len() > 10, "{codes:?}");
    let words: Vec<&str> = page.split(|c: char| !c.is_ascii_lowercase() && c != '-').collect();
    for code in codes {
        assert!(words.contains(&code), "{code}");
    }
}

#[test]
fn what_is_typed_outranks_the_environment() {
    let typed = |arguments: &[&str], variables: &[(&str, &str)]| {
        idc(arguments).envs(variables.iter().copied()).output().unwrap()
    };
    let role = [("IDC_TARGET_ROLE", "idc-read")];
    let profile = [("IDC_TARGET_PROFILE", "member")];
    let why = ["why", "--replay", "absent.json"];
    for (arguments, variables) in [
        ([&why[..], &["--target-profile", "x"]].concat(), role),
        ([&why[..], &["--target-role", "x"]].concat(), profile),
    ] {
        let output = typed(&arguments, &variables);
        assert_eq!(code(&output), 1, "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(code(&typed(&["policy", "--target"], &role)), 0);
    // Two that are typed, or two of the environment, still exclude each other.
    let both = [&why[..], &["--target-role", "x", "--target-profile", "y"]].concat();
    assert_eq!(code(&typed(&both, &[])), 2);
    assert_eq!(code(&typed(&why, &[role[0], profile[0]])), 2);
}

#[test]
fn help_is_an_answer() {
    for arguments in [&["--help"][..], &["-h"], &["help"], &["why", "--help"], &["--version"]] {
        let output = idc(arguments).output().unwrap();
        assert_eq!(code(&output), 0, "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
    let help = stdout(&idc(&["why", "--help"]).output().unwrap());
    for option in [
        "--me",
        "--permission-set",
        "--group",
        "--like",
        "--since",
        "--record",
        "--replay",
        "--redact",
        "--target-role",
        "--target-profile",
        "--trail",
        "--trail-profile",
    ] {
        assert!(help.contains(option), "{option} is not in the help");
    }
    assert!(help.contains("10 blocked"), "the exit codes are not in the help");
}

#[test]
fn the_exit_code_is_the_verdict() {
    for (name, verdict) in
        [("healthy--group", 0), (BLOCKED, 10), ("permission-set-outdated", 11), ("blind--no-target-role", 12)]
    {
        for form in [&[][..], &["-o", "json"], &["-o", "markdown"], &["-q"], &["-v"]] {
            let output = replay(name, form).output().unwrap();
            assert_eq!(code(&output), verdict, "{name} {form:?}");
            assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{name} {form:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn only_errors_count_where_the_verdict_shall_not() {
    for name in ["healthy--group", BLOCKED, "permission-set-outdated", "blind--no-target-role"] {
        let (plain, zero) = (replay(name, &[]).output().unwrap(), replay(name, &["--exit-zero"]).output().unwrap());
        assert_eq!((code(&zero), stdout(&zero)), (0, stdout(&plain)), "{name}");
    }
    assert_eq!(code(&idc(&["why", "--replay", "absent.json", "--exit-zero"]).output().unwrap()), 1);
    assert_eq!(code(&replay(BLOCKED, &["--exit-zero", "--since", "91d"]).output().unwrap()), 2);
}

/// Typed, then the environment, then the file, then the default.
#[test]
fn the_configuration_file_changes_what_is_default() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("idc");
    fs::create_dir(&home).unwrap();
    let file = home.join("config.toml");
    fs::write(&file, "output = 'json'\ntarget-role = 'reader'\n").unwrap();
    let place = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
    let begins = |command: &mut Command, with: &str| {
        let text = stdout(&command.env(place, folder.path()).output().unwrap());
        assert!(text.starts_with(with), "{with}: {text}");
    };
    begins(&mut replay(BLOCKED, &[]), "{");
    begins(replay(BLOCKED, &[]).env("IDC_OUTPUT", "markdown"), "## BLOCKED");
    begins(replay(BLOCKED, &["-o", "table"]).env("IDC_OUTPUT", "markdown"), "BLOCKED");
    begins(replay(BLOCKED, &[]).env("IDC_CONFIG", if cfg!(windows) { "NUL" } else { "/dev/null" }), "BLOCKED");
    let policy = stdout(&idc(&["policy"]).env("IDC_CONFIG", &file).output().unwrap());
    assert!(policy.contains("role/reader"), "{policy}");

    fs::write(&file, "output = 'json'\ntarget-rol = 'reader'\n").unwrap();
    let output = replay(BLOCKED, &[]).env("IDC_CONFIG", &file).output().unwrap();
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    let said = stderr(&output);
    let expected = format!("error: {}, line 2: there is no setting target-rol\n", file.display());
    assert!(said.starts_with(&expected) && said.contains("target-role"), "{said}");
    assert_eq!(code(&idc(&["why", "--help"]).env("IDC_CONFIG", &file).output().unwrap()), 0);
    let output = replay(BLOCKED, &[]).env("IDC_CONFIG", folder.path().join("absent.toml")).output().unwrap();
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("absent.toml"), "{}", stderr(&output));
}

#[test]
fn a_recording_that_cannot_be_read_ends_with_code_one() {
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged.json");
    fs::write(&damaged, fs::read_to_string(fixture(BLOCKED)).unwrap().replace("\"Known\"", "\"Knwon\"")).unwrap();
    let older = folder.path().join("older.json");
    fs::write(&older, r#"{"format": "idc-recording", "format_version": 0, "evidence": {}}"#).unwrap();
    let newer = folder.path().join("newer.json");
    fs::write(&newer, r#"{"format": "idc-recording", "format_version": 2, "case": {}}"#).unwrap();
    let absent = folder.path().join("absent.json");
    for (file, hint) in [
        (&damaged, "--record"),
        (&older, "Record the case again"),
        (&newer, "update this one"),
        (&absent, "No such file"),
    ] {
        let output = idc(&["why", "--replay", file.to_str().unwrap()]).output().unwrap();
        assert_eq!((code(&output), stdout(&output).as_str()), (1, ""), "{}", file.display());
        let said = stderr(&output);
        assert!(said.starts_with("error: cannot read ") && said.contains(hint), "{said}");
    }
}

/// For whoever may not know the names: the file has others, and the answer on the screen has not.
#[test]
fn a_recording_is_redacted_later_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("public.json");
    let options = ["--record", file.to_str().unwrap(), "--redact"];
    let output = replay(BLOCKED, &options).output().unwrap();
    assert_eq!((code(&output), stderr(&output).as_str()), (10, ""));
    assert_eq!(stdout(&output), stdout(&replay(BLOCKED, &[]).output().unwrap()));
    let written = fs::read_to_string(&file).unwrap();
    for name in ["jane", "acme", "redshift-analyst", "prod-data", "123456789012", "72233af8ea2d1f14"] {
        assert!(!written.to_lowercase().contains(name), "{name} is still there");
    }
    let public = idc(&["why", "--replay", file.to_str().unwrap(), "-o", "json"]).output().unwrap();
    let answer: Value = serde_json::from_slice(&public.stdout).unwrap();
    assert_eq!((code(&public), &answer["root_cause"]["rule"]), (10, &Value::from(BLOCKED)));
    let again = replay(BLOCKED, &options).output().unwrap();
    assert_eq!((code(&again), stdout(&again).as_str()), (1, ""));
    assert!(stderr(&again).contains("never overwritten"), "{}", stderr(&again));
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn json_is_what_was_promised() {
    let answer = |name| -> Value {
        serde_json::from_slice(&replay(name, &["--output", "json"]).output().unwrap().stdout).unwrap()
    };
    let (blocked, blind) = (answer(BLOCKED), answer("blind--no-target-role"));
    for (json, place, members) in [
        (
            &blocked,
            "",
            "format_version question verdict summary root_cause also paths checks gaps notes timeline caller",
        ),
        (&blocked, "", "collected_at calls"),
        (&blocked, "/question", "user account permission_set"),
        (&blocked, "/root_cause", "rule gate effect confidence path message near_misses evidence fixes"),
        (&blocked, "/root_cause/evidence/0", "call account region request_id at says"),
        (&blocked, "/root_cause/fixes/0", "do command"),
        (&blocked, "/paths/0", "kind permission_set permission_set_arn via role_arn state"),
        (&blocked, "/paths/0/via", "type id name"),
        (&blocked, "/checks/0", "gate rule path outcome"),
        (&blocked, "/caller", "account arn"),
        (&blind, "/gaps/0", "call account reason message allow"),
    ] {
        let object = json.pointer(place).unwrap_or_else(|| panic!("no {place}"));
        for member in members.split(' ') {
            assert!(object.get(member).is_some(), "{place} has no {member}: {object}");
        }
    }
    assert_eq!(blocked["format_version"], "1.0");
}

#[test]
fn tables_keep_to_the_width_of_the_terminal() {
    for name in [BLOCKED, "healthy--group", "not-in-assigned-group", "blind--no-target-role"] {
        for columns in [80, 120] {
            let output = replay(name, &["-v"]).env("COLUMNS", columns.to_string()).output().unwrap();
            // Commands and ids are for copying, and stay whole.
            let text = stdout(&output);
            let breakable = |line: &&str| !line.contains("aws ") && !line.contains("arn:") && !line.contains("--");
            for line in text.lines().filter(breakable) {
                let width = line.chars().count();
                assert!(width <= columns, "{name}: {width} of {columns} columns: {line}");
            }
        }
    }
    // What fits a narrow screen is let be as it is.
    let lines = |columns| stdout(&replay("not-in-assigned-group", &[]).env("COLUMNS", columns).output().unwrap());
    let (narrow, wide) = (lines("80"), lines("120"));
    assert!(wide.lines().count() < narrow.lines().count(), "more columns take fewer lines");
}

/// Colour is for terminals, and signs beyond ASCII for those that show them.
#[test]
fn plain_where_plain_is_asked_for() {
    for name in [BLOCKED, "permission-set-outdated", "blind--no-target-role", "healthy--two-permission-sets"] {
        for (variable, value) in [("IDC_ASCII", "1"), ("TERM", "dumb"), ("LC_ALL", "C")] {
            for options in [&[][..], &["-v"], &["-q"]] {
                let text = stdout(&replay(name, options).env(variable, value).output().unwrap());
                assert!(text.is_ascii(), "{name} {options:?} with {variable}={value}: {text}");
                assert!(!text.contains('\u{1b}'), "{name} {options:?} is coloured with {variable}={value}");
            }
        }
        // No colours, and the same signs, however that was said.
        let never = stdout(&replay(name, &["--color", "never"]).output().unwrap());
        assert_eq!(never, stdout(&replay(name, &[]).env("NO_COLOR", "1").output().unwrap()), "{name}");
        let coloured = |command: &mut Command| command.output().unwrap().stdout.contains(&0x1b);
        assert!(!coloured(&mut replay(name, &[])), "{name}: a pipe gets no colour");
        assert!(coloured(&mut replay(name, &["--color", "always"])), "{name}: colour that is asked for comes");
        assert!(coloured(replay(name, &[]).env("CLICOLOR_FORCE", "1")), "{name}: colour that is forced comes");
        assert!(!coloured(&mut replay(name, &["-o", "json", "--color", "always"])), "{name}: JSON has no colours");
    }
}

#[test]
fn quiet_is_one_line() {
    for (name, begins) in
        [(BLOCKED, "BLOCKED"), ("healthy--group", "REACHABLE"), ("blind--no-target-role", "INCONCLUSIVE")]
    {
        let text = stdout(&replay(name, &["--quiet"]).output().unwrap());
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.starts_with(begins), "{text}");
    }
}

#[test]
fn the_answer_comes_first_and_the_fix_is_in_it() {
    let text = stdout(&replay(BLOCKED, &[]).output().unwrap());
    assert!(text.starts_with("BLOCKED  jane.doe cannot reach prod-data (123456789012)\n"), "{text}");
    for part in ["my-redshift-analyst-policy", "aws iam create-policy", "provision-permission-set", "idc explain"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let text = stdout(&replay("blind--no-target-role", &[]).output().unwrap());
    assert!(text.starts_with("INCONCLUSIVE") && text.contains("--target-role"), "{text}");
}

/// Whoever reads has seen enough, as `head -1` has: no error, and no panic.
#[test]
fn a_closed_pipe_ends_it_quietly() {
    for options in [&["-v"][..], &["-o", "json"], &["-o", "markdown"]] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_idc"))
            .args(["why", "--replay"])
            .arg(fixture(BLOCKED))
            .args(options)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert_eq!((said.as_str(), status.code()), ("", Some(10)), "{options:?}");
    }
}

#[test]
fn what_can_be_wrong_on_ones_own_machine_has_a_page() {
    let list = stdout(&idc(&["explain"]).output().unwrap());
    let (_, own) = list.split_once("\nown machine").expect("a part of its own");
    for rule in idc::machine::RULES {
        assert!(own.contains(&format!("\n  {}\n", rule.id)), "{} is not in the list", rule.id);
        let output = idc(&["explain", rule.id]).output().unwrap();
        let page = stdout(&output);
        assert_eq!((code(&output), page.starts_with(rule.id)), (0, true), "{page}");
        for heading in ["What it means", "How we know", "How to fix", "Confused with"] {
            assert!(page.contains(&format!("\n{heading}\n")), "{} lacks {heading}", rule.id);
        }
    }
}
