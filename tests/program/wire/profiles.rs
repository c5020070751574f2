//! Profiles that are named and are not there: an error before any call, with the one that was probably meant.

use crate::wire::home::{Home, signed_in};
use crate::wire::run::{Answer, Question};
use crate::wire::scenarios;
use served::{MANAGEMENT_KEY, READ_ROLE, Served, TARGET_KEY};

const CONFIG: &str =
    "[default]\nregion = us-east-1\n[profile prod]\nregion = us-east-1\n[staging]\nregion = us-east-1\n";
const CREDENTIALS: &str = ".aws/credentials";

fn keys(name: &str, key: &str) -> String {
    format!("[{name}]\naws_access_key_id = {key}\naws_secret_access_key = secret\n")
}

/// The question from a home with both files, beside keys in the environment that would do.
fn question(home: &Home, served: &Served, arguments: &str) -> Question {
    home.ask_as(served, MANAGEMENT_KEY, arguments)
}

fn refused(served: &Served, answer: &Answer, words: &[&str]) {
    let said = answer.stderr.strip_prefix("error: ").is_some_and(|text| text.trim().lines().count() >= 2);
    assert!(answer.code == 1 && said && answer.stdout.is_empty(), "{}", answer.brief());
    for word in words {
        assert!(answer.stderr.contains(word), "{word} is not in {}", answer.stderr);
    }
    assert_eq!(served.calls().len(), 0, "{}", answer.stderr);
}

#[test]
fn one_that_is_in_neither_file_ends_it_before_any_call() {
    let served = scenarios::named("healthy--group").serve();
    let home = signed_in(CONFIG);
    home.write(CREDENTIALS, keys("ops", TARGET_KEY));
    for arguments in ["jane.doe 123456789012", "--me 123456789012", "--me jane.doe 123456789012"] {
        for (option, variable) in [("--profile", "AWS_PROFILE"), ("--target-profile", "IDC_TARGET_PROFILE")] {
            for (name, words) in [
                ("prdo", &["prdo", "Did you mean: prod?", "~/.aws/config", "~/.aws/credentials"][..]),
                ("OPS", &["OPS", "Did you mean: ops?"]),
                ("staging", &["[staging]", "[profile staging]"]),
                ("somebody-elses", &["somebody-elses", "aws configure list-profiles"]),
            ] {
                let typed = question(&home, &served, arguments).with(&[option, name]).ask_plainly();
                refused(&served, &typed, words);
                let set = [(variable.to_owned(), name.to_owned())];
                refused(&served, &question(&home, &served, arguments).environment(set).ask_plainly(), words);
            }
        }
    }
    // As with the AWS CLI, one that is named has to be there even where it is the usual one.
    let empty = signed_in("");
    let named = question(&empty, &served, "jane.doe 123456789012 --profile default").ask_plainly();
    refused(&served, &named, &["default"]);
}

#[test]
fn one_that_is_in_either_file_is_taken() {
    let served = scenarios::named("healthy--group").serve();
    let home =
        signed_in(&format!("{CONFIG}[profile two]\naws_access_key_id = {TARGET_KEY}\naws_secret_access_key = x\n"));
    home.write(CREDENTIALS, keys("ops", TARGET_KEY));
    for name in ["ops", "two"] {
        let answer = question(&home, &served, "jane.doe 123456789012").with(&["--target-profile", name]).ask();
        assert_eq!(answer.code, 0, "{name}: {}", answer.brief());
    }
    // Files elsewhere, named as the AWS CLI takes them.
    home.write("elsewhere", keys("far", TARGET_KEY));
    for given in ["~/elsewhere", "$HOME/elsewhere"] {
        let file = [("AWS_SHARED_CREDENTIALS_FILE".to_owned(), given.to_owned())];
        let question = question(&home, &served, "jane.doe 123456789012").with(&["--target-profile", "far"]);
        let answer = question.environment(file).ask();
        assert_eq!(answer.code, 0, "{given}: {}", answer.brief());
    }
}

#[test]
fn nothing_that_was_not_named_is_missed() {
    let served = scenarios::named("healthy--group").serve();
    let empty = signed_in("");
    for variables in [&[][..], &[("AWS_PROFILE", "")]] {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let question = question(&empty, &served, "jane.doe 123456789012").with(&["--target-role", READ_ROLE]);
        let answer = question.environment(variables).ask();
        assert_eq!(answer.code, 0, "{}", answer.brief());
    }
    // Without a home directory nothing is read, least of all in the folder that it is run in.
    let home = signed_in(CONFIG);
    let question = question(&home, &served, "--me 123456789012");
    let mut command = question.environment([("HOME".to_owned(), String::new())]).with(&["-o", "json"]).command();
    let output = command.current_dir(home.path()).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let own = serde_json::from_str::<serde_json::Value>(&told).unwrap()["own_machine"].clone();
    assert_eq!(own["seen"][0]["says"], "not there", "{own}");
}
