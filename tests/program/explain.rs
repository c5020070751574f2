//! `idc explain` from outside: texts as people paste them, words to look for, and what is found nowhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::Output;

use assert_cmd::Command;

fn explain(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
    command.arg("explain").args(words).env_clear().env("LANG", "en_US.UTF-8").output().unwrap()
}

fn answer(words: &[&str]) -> String {
    let output = explain(words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
    // Where a line is broken is another test's business.
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_pasted_text_is_known_with_what_is_around_it() {
    let terraform = "╷\n│ Error: waiting for SSO Account Assignment for GROUP (3a4b5c6d) create: unexpected\n│ state 'FAILED', wanted \
                     target 'SUCCEEDED'. last error: Received a 404 status\n│ error: Not supported policy team-data-access\n│ \n│   with \
                     aws_ssoadmin_account_assignment.this,\n╵";
    let quoted = "> Something went wrong\n> Looks like this code isn’t\n> right. Please try again.";
    let boxed = "┌───────────────────────────┐\n│ An error occurred (Invalid │\n│ GrantException) when        │\n└───────────────────────────┘";
    for (text, says) in [
        (terraform, "idc explain customer-managed-policy-missing"),
        (quoted, "NameID"),
        (boxed, "sso_region"),
        ("\u{1b}[31mThe SSO session associated with\u{a0}this profile has expired\u{1b}[0m", "aws sso login"),
        ("It’s not you, it’s us", "certificate"),
        ("No access", "sso_role_name"),
        ("Access denied", "aws sts get-caller-identity"),
    ] {
        let answer = answer(&[text]);
        assert!(answer.contains(says), "{text}: {answer}");
    }
}

#[test]
fn a_word_finds_rules_and_texts_the_best_first() {
    let found = answer(&["saml", "provider"]);
    assert!(found.starts_with("saml-provider-missing: the SAML provider that the role trusts is gone"), "{found}");
    assert!(
        found.contains("\"Issuer not present in specified provider\"") && found.contains("idc explain NAME"),
        "{found}"
    );
    assert_eq!(answer(&["SAML provider"]), found);
    assert!(answer(&["scim"]).contains("user-not-found"));
    assert!(answer(&["permission set"]).starts_with("permission-set"));
    assert!(answer(&["user", "not", "found"]).starts_with("user-not-found No such user exists"));
}

#[test]
fn what_is_found_nowhere_is_an_error() {
    for (words, said) in [
        (vec!["zeppelin"], "idc explain lists all rules"),
        (vec!["user-not-foud"], "Did you mean: user-not-found?"),
        (vec![""], "no rule is named"),
        (vec!["scim\nzeppelin"], "scim zeppelin"),
    ] {
        let output = explain(&words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{words:?}");
        assert!(error.contains(said), "{words:?}: {error}");
    }
}

#[test]
fn a_list_of_matches_fits_the_terminal() {
    for columns in ["40", "80"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
        let output = command.args(["explain", "policy"]).env_clear().env("COLUMNS", columns).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let widest: usize = columns.parse().unwrap();
        let too_wide = |line: &&str| line.chars().count() > widest && !line.trim_start().starts_with('"');
        assert_eq!(text.lines().find(too_wide), None, "{text}");
        assert!(text.lines().count() < 30, "{text}");
    }
}
