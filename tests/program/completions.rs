//! Completions, asked for as the shells ask: in a variable the shell's name, after `--` the words typed so far.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

fn idc(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
    command.env_clear().env("HOME", home).env("USERPROFILE", home).stdin(Stdio::null());
    command
}

/// A home with profiles in both of the usual files.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), "[profile prod-data]\n[sso-session prod-session]\n[default]\n").unwrap();
    fs::write(home.path().join(".aws/credentials"), "[prod-keys]\n").unwrap();
    home
}

/// What the shell is offered for the last of the words.
fn offered(command: &mut Command, shell: &str, words: &[&str]) -> Vec<String> {
    let output = command
        .env("COMPLETE", shell)
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_IFS", "\n")
        .args(["--", "idc"])
        .args(words)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.is_empty(), "{shell} {words:?}: {said}");
    let text = String::from_utf8(output.stdout).unwrap();
    // zsh and fish show what each is for as well.
    let plain = |line: &str| line.split(['\t', ':']).next().unwrap_or_default().to_owned();
    text.lines().map(plain).collect()
}

#[test]
fn every_shell_is_offered_profiles_rules_and_words() {
    let home = home();
    for shell in SHELLS {
        let ask = |words: &[&str]| offered(&mut idc(home.path()), shell, words);
        assert_eq!(ask(&["why", "--profile", "prod"]), ["prod-data", "prod-keys"], "{shell}");
        assert_eq!(ask(&["why", "--target-profile", "d"]), ["default"], "{shell}");
        assert_eq!(ask(&["explain", "customer-"]), ["customer-managed-policy-missing"], "{shell}");
        assert_eq!(ask(&["explain", "sso-role"]), ["sso-role-name-wrong"], "{shell}");
        assert_eq!(ask(&["wh"]), ["why", "who"], "{shell}");
        assert_eq!(ask(&["why", "--output", ""]), ["table", "json", "markdown"], "{shell}");
        assert_eq!(ask(&["why", "--exit"]), ["--exit-zero"], "{shell}");
    }
}

#[test]
fn profiles_come_from_the_files_that_variables_name() {
    let home = home();
    let file = home.path().join("elsewhere");
    fs::write(&file, "[profile staging]\n").unwrap();
    let words = ["why", "--profile", ""];
    let found = offered(idc(home.path()).env("AWS_CONFIG_FILE", &file), "bash", &words);
    assert_eq!(found, ["prod-keys", "staging"]);
    let found = offered(idc(home.path()).env("AWS_SHARED_CREDENTIALS_FILE", &file), "bash", &words);
    assert_eq!(found, ["default", "prod-data", "profile staging"]);
    for given in ["~/elsewhere", "$HOME/elsewhere", "${HOME}/elsewhere"] {
        let found = offered(idc(home.path()).env("AWS_CONFIG_FILE", given), "bash", &words);
        assert_eq!(found, ["prod-keys", "staging"], "{given}");
        let found = offered(idc(home.path()).env("AWS_SHARED_CREDENTIALS_FILE", given), "bash", &words);
        assert_eq!(found, ["default", "prod-data", "profile staging"], "{given}");
    }
    // Without a home directory there is nothing to look into, least of all where it is run.
    for none in ["", "relative"] {
        let found = offered(idc(Path::new(none)).current_dir(home.path()), "bash", &words);
        assert!(found.is_empty(), "{none}: {found:?}");
    }
    let nowhere = home.path().join("nowhere");
    assert!(offered(&mut idc(&nowhere), "fish", &words).is_empty(), "files that are not there offer nothing");
}

#[test]
fn a_shell_is_told_to_ask() {
    let home = home();
    for shell in SHELLS {
        let output = idc(home.path()).args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("COMPLETE") && script.contains("idc"), "{shell}: {script}");
    }
    let output = idc(home.path()).env("COMPLETE", "tcsh").args(["--", "idc", ""]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("tcsh") && said.contains("bash"), "{said}");
}

/// As bash itself does it, where there is a bash.
#[cfg(unix)]
#[test]
fn bash_completes_a_profile() {
    let home = home();
    let script = "eval \"$(idc completions bash)\"; COMP_WORDS=(idc why --profile prod-d); COMP_CWORD=3; \
                  _clap_complete_idc idc prod-d --profile; printf '%s' \"${COMPREPLY[*]}\"";
    let folder = Path::new(env!("CARGO_BIN_EXE_idc")).parent().unwrap().to_str().unwrap();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let Ok(output) = Command::new("bash").args(["-c", script]).env("PATH", path).env("HOME", home.path()).output()
    else {
        return;
    };
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "prod-data", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let home = home();
    let mut registration = idc(home.path());
    registration.args(["completions", "zsh"]);
    let mut asked = idc(home.path());
    asked.env("COMPLETE", "fish").args(["--", "idc", "explain", ""]);
    for mut command in [registration, asked] {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }
}
