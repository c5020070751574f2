//! The file against what is typed and what is set in the environment.

use clap::{CommandFactory, FromArgMatches};

use super::*;
use crate::cli::{Cli, Command, Why};

fn config(text: &str) -> Result<Config, Error> {
    read(Path::new("config.toml"), text)
}

/// What `idc why` takes from the file and these words. No test here sets a variable: the process is shared.
fn why(file: &str, words: &[&str]) -> Why {
    let command = config(file).expect("a sound file").set_defaults(Cli::command());
    let matches =
        command.try_get_matches_from(["idc", "why", "jane.doe", "123456789012"].iter().chain(words)).expect("parsed");
    match Cli::from_arg_matches(&matches).map(|cli| cli.command) {
        Ok(Command::Why(why)) => *why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_typed_outranks_the_file_and_the_file_the_defaults() {
    let file = "since = '3d'\ntimeout = '10s'\noutput = 'json'\ncolor = 'never'\nprofile = 'management'\n";
    let asked = why(file, &[]);
    assert_eq!((asked.since.as_hours(), asked.aws.timeout.as_secs()), (72, 10));
    assert_eq!((asked.output.output, asked.output.color), (Form::Json, Color::Never));
    assert_eq!(asked.aws.profile.as_deref(), Some("management"));
    let asked = why(file, &["--since", "1d", "-o", "markdown", "--profile", "other"]);
    assert_eq!((asked.since.as_hours(), asked.aws.timeout.as_secs()), (24, 10));
    assert_eq!((asked.output.output, asked.aws.profile.as_deref()), (Form::Markdown, Some("other")));
    assert_eq!(why("", &[]).since.as_hours(), 168);
}

#[test]
fn credentials_in_the_environment_outrank_the_files_profile() {
    let config = |set: &'static str| {
        let config = config("profile = 'management'\nregion = 'eu-west-1'").expect("a sound file");
        config.outranked(|name| name == set).defaults.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(config("AWS_ACCESS_KEY_ID"), ["region"]);
    assert_eq!(config("AWS_DEFAULT_REGION"), ["profile"]);
    assert_eq!(config(""), ["profile", "region"]);
}

#[test]
fn one_way_into_the_account_takes_the_place_of_the_files_other_one() {
    let ways = |file: &str, words: &[&str]| {
        let asked = why(file, words);
        (asked.aws.target_role, asked.aws.target_profile)
    };
    let (role, profile) = ("target-role = 'idc-read'", "target-profile = 'prod'");
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(ways(role, &[]), (some("idc-read"), None));
    assert_eq!(ways(role, &["--target-role", "mine"]), (some("mine"), None));
    assert_eq!(ways(role, &["--target-profile", "mine"]), (None, some("mine")));
    assert_eq!(ways(profile, &[]), (None, some("prod")));
    assert_eq!(ways(profile, &["--target-role", "mine"]), (some("mine"), None));
}

#[test]
fn verbose_is_for_whoever_does_not_ask_for_quiet() {
    for (file, words, times) in [
        ("verbose = true", &[][..], 1),
        ("verbose = true", &["-vv"], 2),
        ("verbose = true", &["-q"], 0),
        ("verbose = false", &[], 0),
        ("verbose = false", &["-v"], 1),
    ] {
        assert_eq!(why(file, words).output.verbose, times, "{file} {words:?}");
    }
}

#[test]
fn the_past_can_be_left_out_for_good() {
    for (file, words, left_out) in [
        ("", &[][..], false),
        ("", &["--no-history"], true),
        ("no-history = true", &[], true),
        ("no-history = 'true'", &[], true),
        ("no-history = true", &["--no-history"], true),
        ("no-history = false", &[], false),
        ("no-history = false", &["--no-history"], true),
    ] {
        assert_eq!(why(file, words).no_history, left_out, "{file} {words:?}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (text, line, word, hint) in [
        ("profile = 'x'\ntarget_role = 'idc-read'", 2, "target_role", Some("target-role")),
        ("profil = 'x'", 1, "profil", Some("profile")),
        ("user = 'jane.doe'", 1, "user", None),
        ("\n\ntimeout = 60", 3, "expected a string", None),
        ("timeout = 'soon'", 1, "timeout: soon is not a duration", None),
        ("# how far back\nsince = '4000d'", 2, "since: nobody keeps events for as long", None),
        ("output = 'jsno'", 1, "output: jsno is none of table, json, markdown", None),
        ("no-history = 'never'", 1, "no-history: never is neither true nor false", None),
        ("nohistory = true", 1, "nohistory", Some("no-history")),
        ("verbose = 'loud'", 1, "verbose: loud is neither true nor false", None),
        ("profile = 'x'\noutput = true", 2, "output: true is none of table", None),
        ("color = 'Always'", 1, "color: Always is none of auto, always, never", None),
        ("region = ''", 1, "region: is empty", None),
        ("[why]\nsince = '3d'", 1, "", None),
        ("profile = 'x'\nprofile = 'y'", 2, "duplicate", None),
        ("profile = ", 1, "", None),
        ("target-role = 'a'\n\ntarget-profile = 'b'", 3, "exclude each other", None),
    ] {
        let error = config(text).expect_err(text);
        let said = error.to_string();
        assert!(said.starts_with(&format!("config.toml, line {line}: ")), "{text}: {said}");
        assert!(said.contains(word) && !said.contains('\n'), "{text}: {said}");
        assert_eq!(error.hint().is_some(), hint.is_some(), "{text}");
        let begins = hint.map(|key| format!("Did you mean: {key}")).unwrap_or_default();
        assert!(error.hint().unwrap_or_default().starts_with(&begins), "{text}: {:?}", error.hint());
        assert_eq!(error.exit_code(), 2);
    }
}

/// An exception for a rule that is none would never count, and nobody would hear of it.
#[test]
fn an_exception_is_for_a_rule_that_there_is() {
    let fine = "[[accept]]\nrule = 'group-empty'\nuntil = 2027-01-31\nbecause = 'made for later'\n";
    assert_eq!(config(fine).expect("a sound file").accepted.len(), 1);
    for (second, word, near) in [
        ("rule = 'role-missin'\nuntil = 2027-01-31\nbecause = 'x'", "no rule role-missin", Some("role-missing")),
        ("rule = 'role-missing'\nuntil = 'soon'\nbecause = 'x'", "until", None),
        ("rule = 'role-missing'\nuntil = 2027-01-31\nbecause = ' '", "because", None),
        ("rule = 'role-missing'\nuntil = 2027-01-31", "because", None),
        ("rule = 'role-missing'\nuntil = 2027-01-31\nbecause = 'x'\nacount = '1'", "acount", None),
    ] {
        match config(&format!("{fine}\n[[accept]]\n{second}\n")) {
            Err(Error::Config { line: Some(line), message, close, .. }) => {
                assert!(line >= 6 && message.contains(word), "{line}: {message}");
                assert_eq!(close.first().map(String::as_str), near, "{message}");
            }
            other => panic!("{second}: {other:?}"),
        }
    }
}

#[test]
fn every_key_is_an_option() {
    let command = Cli::command();
    let why = command.find_subcommand("why").expect("why");
    for (key, _) in KEYS {
        assert!(why.get_arguments().any(|arg| arg.get_long() == Some(key)), "{key}");
    }
}

#[test]
fn is_where_such_files_are() {
    let found = |variables: &'static [(&'static str, &'static str)]| {
        let value = |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| PathBuf::from(value));
        usual(value, value("HOME"))
    };
    if cfg!(windows) {
        assert_eq!(found(&[("APPDATA", r"C:\a")]), Some(PathBuf::from(r"C:\a\idc\config.toml")));
    } else {
        assert_eq!(found(&[("HOME", "/h")]), Some(PathBuf::from("/h/.config/idc/config.toml")));
        assert_eq!(found(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]), Some(PathBuf::from("/x/idc/config.toml")));
        assert_eq!(
            found(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")]),
            Some(PathBuf::from("/h/.config/idc/config.toml"))
        );
        assert_eq!(found(&[]), None);
    }
}
