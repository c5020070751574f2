//! Variables of the environment beside commands that they do not fit: they count for nothing there, and are no fault of
//! whoever typed the command.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Each variable with a value that some command takes; those that are switches with one that is none, too.
const VARIABLES: [(&str, &str); 17] = [
    ("IDC_TARGET_ROLE", "idc-read"),
    ("IDC_TARGET_ROLE", "arn:aws:iam::123456789012:role/idc-read"),
    ("IDC_TARGET_PROFILE", "member"),
    ("IDC_TRAIL", "lake:11111111-2222-3333-4444-555555555555"),
    ("IDC_TRAIL", "./absent"),
    ("IDC_TRAIL_PROFILE", "audit"),
    ("IDC_NO_HISTORY", "true"),
    ("IDC_NO_HISTORY", "0"),
    ("IDC_OUTPUT", "json"),
    ("IDC_OUTPUT", "junit"),
    ("IDC_OUTPUT", "html"),
    ("IDC_OUTPUT", "csv=absent/x.csv"),
    ("IDC_CREDENTIAL_PROCESS", "1"),
    ("IDC_LOG", "1"),
    ("IDC_ASCII", "1"),
    ("AWS_PROFILE", "admin"),
    ("AWS_REGION", "eu-west-1"),
];

fn idc(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command
}

/// What needs no AWS: an answer from a file, or from a file that is not there, and what is told without any.
fn commands(recording: &str) -> [Vec<&str>; 11] {
    [
        vec!["why", "--replay", recording],
        vec!["why", "--replay", "absent.json"],
        vec!["scan", "--replay", "absent.db"],
        vec!["who", "prod-data", "--replay", "absent.db"],
        vec!["access", "jane.doe", "--replay", "absent.db"],
        vec!["policy"],
        vec!["policy", "--target"],
        vec!["explain", "role-missing"],
        vec!["schema"],
        vec!["man", "why"],
        vec!["completions", "bash"],
    ]
}

#[test]
fn no_variable_makes_a_command_wrong_that_it_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    fs::write(&path, crate::kept::text("not-in-assigned-group--removed-in-the-console").unwrap()).unwrap();
    let recording = path.to_str().unwrap();
    // A build without SQLite refuses these whatever else is said.
    let is_there =
        |arguments: &Vec<&str>| cfg!(feature = "store") || !["scan", "who", "access"].contains(&arguments[0]);
    for arguments in commands(recording).into_iter().filter(is_there) {
        let plain = idc(&arguments, &[]).output().unwrap();
        for variable in VARIABLES {
            let output = idc(&arguments, &[variable]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), plain.status.code(), "{variable:?}: {arguments:?}: {said}");
        }
    }
}

/// Every variable that the program reads stands in that list, or names the configuration file.
#[test]
fn every_variable_is_tried() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    let mut read = std::collections::BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let words = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
            read.extend(words.filter(|word| word.starts_with("IDC_")).map(str::to_owned));
        }
    }
    let is_of_the_build = |name: &str| name == "IDC_LONG_VERSION";
    for name in read.iter().filter(|name| !is_of_the_build(name) && *name != "IDC_CONFIG") {
        assert!(VARIABLES.iter().any(|(tried, _)| tried == name), "{name} is not tried");
    }
    assert!(read.len() > 8, "{read:?}");
}

/// With `--replay` what was kept of the past is told, unless it is not wanted; where else it might stand counts for nothing.
#[test]
fn the_past_of_a_recording_is_told_unless_it_is_not_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    fs::write(&path, crate::kept::text("not-in-assigned-group--removed-in-the-console").unwrap()).unwrap();
    let arguments = ["why", "--replay", path.to_str().unwrap(), "-o", "json"];
    let told = |variables: &[(&str, &str)]| {
        let answer: serde_json::Value =
            serde_json::from_slice(&idc(&arguments, variables).output().unwrap().stdout).unwrap();
        answer["root_cause"]["since"]["by"].clone()
    };
    assert_eq!(told(&[]), "alex.admin as IdentityAdmin");
    assert_eq!(told(&[("IDC_TRAIL", "./absent"), ("IDC_TRAIL_PROFILE", "audit")]), "alex.admin as IdentityAdmin");
    assert_eq!(told(&[("IDC_NO_HISTORY", "true")]), serde_json::Value::Null);
    assert_eq!(told(&[("IDC_NO_HISTORY", "false")]), "alex.admin as IdentityAdmin");
}
