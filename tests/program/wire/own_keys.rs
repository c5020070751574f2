//! Roles and keys beside sign-ins, as the AWS CLI's own reader takes them: chains of profiles, keys in the environment and
//! under a profile's name, and what the AWS CLI refuses.

use std::fs;

use crate::wire::home::{CONFIG, Home, SECRETS, signed_in};
use crate::wire::run::{Answer, Question};
use crate::wire::scenario::scenario;
use crate::wire::scenarios;
use serde_json::{Value, json};
use served::{MANAGEMENT_KEY, READ_ROLE, Served, TARGET_KEY};

const ROLE: &str = "role_arn = arn:aws:iam::123456789012:role/Admin\n";
const KEYS: &str = "aws_access_key_id = AKIASECRETID000001\naws_secret_access_key = SECRET-in-a-file\n";

fn with_lines(lines: &str) -> Home {
    signed_in(&CONFIG.replace("sso_session = corp\n", &format!("sso_session = corp\n{lines}")))
}

/// Kind, line and the line as it should be, of each fault.
fn faults(answer: &Answer) -> Vec<(String, u64, Value)> {
    let json = answer.json().unwrap();
    let faults = json["own_machine"]["faults"].as_array().unwrap().iter();
    let told = faults.map(|fault| {
        let change = &fault["change"];
        let line = change["line"].as_u64().unwrap_or_default();
        (fault["kind"].as_str().unwrap().to_owned(), line, change["should_be"].clone())
    });
    told.collect()
}

fn seen(answer: &Answer) -> String {
    let json = answer.json().unwrap();
    let rows = json["own_machine"]["seen"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows: Vec<String> = rows.map(|row| format!("{}: {}", text(&row["what"]), text(&row["says"]))).collect();
    rows.join("\n") + "\n"
}

/// The question from a home whose credentials file is where it usually is.
fn question(home: &Home, served: &Served) -> Question {
    let usual = [("AWS_SHARED_CREDENTIALS_FILE".to_owned(), String::new())];
    home.ask(served, "--me 123456789012").environment(usual)
}

fn ask(home: &Home, served: &Served) -> Answer {
    question(home, served).ask()
}

#[test]
fn what_the_aws_cli_refuses_of_a_role_is_told_with_its_line() {
    let served = scenarios::named("healthy--group").serve();
    let none = json!([]);
    for (lines, credentials, kind, line, should_be) in [
        ("", "", "role-source-missing", 6, none.clone()),
        ("source_profile = nowhere\n", "", "role-source-unknown", 7, none.clone()),
        ("source_profile = kesy\n", "[keys]\n", "role-source-unknown", 7, json!(["source_profile = keys"])),
        ("source_profile = prod\n", "", "role-source-loop", 7, none.clone()),
        ("source_profile = keys\n", "[keys]\n", "role-source-empty", 1, none.clone()),
        ("credential_source = env\nsource_profile = keys\n", "[keys]\n", "role-source-contradicts", 7, none.clone()),
        (
            "credential_source = ecscontainer\n",
            "",
            "credential-source-unknown",
            7,
            json!(["credential_source = EcsContainer"]),
        ),
    ] {
        let home = with_lines(&format!("{ROLE}{lines}"));
        home.write(".aws/credentials", credentials);
        let answer = ask(&home, &served);
        assert_eq!(faults(&answer), [(kind.to_owned(), line, should_be)], "{lines}: {}", answer.brief());
        let text = question(&home, &served).ask_plainly().stdout;
        assert!(text.contains(&format!("idc explain {kind}")), "{text}");
    }
    // A circle of three, and what is sound.
    let step = |name: &str, source: &str| format!("[profile {name}]\n{ROLE}source_profile = {source}\n");
    let home = signed_in(&[step("a", "b"), step("b", "c"), step("c", "a")].concat());
    assert!(faults(&ask(&home, &served)).iter().all(|(kind, ..)| kind == "role-source-loop"));
    let sound = [
        ("source_profile = keys\n", format!("[keys]\n{KEYS}")),
        ("source_profile = prod\n", format!("[prod]\n{KEYS}")),
        ("credential_source = Environment\n", String::new()),
        ("web_identity_token_file = /nowhere\n", String::new()),
    ];
    for (lines, credentials) in sound {
        let home = with_lines(&format!("{ROLE}{lines}"));
        home.write(".aws/credentials", &credentials);
        let answer = ask(&home, &served);
        assert_eq!(faults(&answer), [], "{lines}: {}", answer.brief());
    }
}

#[test]
fn a_chain_from_another_account_is_named_and_no_profile_is_made_up() {
    let served = scenarios::named("healthy--group").serve();
    let base = CONFIG.replace("123456789012", "210987654321").replace("[profile prod]", "[profile base]");
    let admin = format!("[profile admin]\n{ROLE}source_profile = hop\n");
    let hop = "[profile hop]\nrole_arn = arn:aws:iam::444455556666:role/Hop\nsource_profile = base\n";
    let home = signed_in(&format!("{admin}{hop}{base}"));
    let answer = ask(&home, &served);
    assert_eq!(faults(&answer), [], "{}", answer.brief());
    let way = "profile admin: assumes role Admin in 123456789012, with the credentials of profile hop, which assumes role Hop \
               in 444455556666, with the credentials of profile base, which signs in to 210987654321 with RedshiftAnalyst\n";
    assert!(seen(&answer).contains(way), "{}", seen(&answer));
    assert_eq!(answer.json().unwrap()["own_machine"]["advice"], json!([]));
    // Near miss: the role is another account's, so that no profile is for this one.
    let elsewhere = format!("{}{hop}{base}", admin.replace("123456789012", "888899990000"));
    let answer = ask(&signed_in(&elsewhere), &served);
    assert_eq!(
        answer.json().unwrap()["own_machine"]["advice"][0]["lines"][0],
        "[profile 123456789012-RedshiftAnalyst]"
    );
}

#[test]
fn keys_under_a_profiles_name_are_told_with_who_takes_which() {
    let served = scenarios::named("healthy--group").serve();
    let home = signed_in(CONFIG);
    let place = [".aws/credentials", "elsewhere"];
    for (file, variable) in place.into_iter().zip([None, Some("~/elsewhere")]) {
        home.write(file, format!("[prod]\n{KEYS}"));
        let variable = variable.map(|path| ("AWS_SHARED_CREDENTIALS_FILE".to_owned(), path.to_owned()));
        let question = question(&home, &served).environment(variable);
        let answer = question.ask();
        assert_eq!(faults(&answer), [], "{}", answer.brief());
        for part in
            [&format!("~/{file}: line 2 gives profile prod keys"), "the AWS CLI, boto3", "use the sign-in", "Terraform"]
        {
            assert!(seen(&answer).contains(part), "no {part} in {}", seen(&answer));
        }
        home.write(file, format!("[other]\n{KEYS}"));
        assert!(!seen(&question.ask()).contains("gives profile"));
    }
}

fn with_keys(home: &Home, served: &Served, key: &str, profile: Option<&str>) -> Answer {
    let profile = profile.map(|name| ("AWS_PROFILE".to_owned(), name.to_owned()));
    let question = home.ask_as(served, key, "--me jane.doe 123456789012").environment(profile);
    question.with(&["--target-role", READ_ROLE]).ask()
}

#[test]
fn keys_in_the_environment_are_told_to_outrank_the_profile() {
    let served = scenario("keys", |_| {}).serve();
    let home = signed_in(CONFIG);
    let answer = with_keys(&home, &served, MANAGEMENT_KEY, Some("prod"));
    let [(kind, ..)] = &faults(&answer)[..] else { panic!("{}", answer.brief()) };
    assert_eq!((kind.as_str(), answer.code), ("keys-outrank-profile", 11), "{}", answer.brief());
    let fault = answer.json().unwrap()["own_machine"]["faults"][0].clone();
    assert_eq!(fault["command"], "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN");
    assert!(fault["message"].as_str().unwrap().contains("alex.admin"), "whose they are: {fault}");
    // Keys of the account itself; no variable; a variable that names another profile.
    for (key, profile) in [(TARGET_KEY, Some("prod")), (MANAGEMENT_KEY, None), (MANAGEMENT_KEY, Some("default"))] {
        let answer = with_keys(&home, &served, key, profile);
        assert_eq!(faults(&answer), [], "{key} {profile:?}: {}", answer.brief());
        assert!(seen(&answer).contains("the AWS CLI and the SDKs use these keys"), "{}", seen(&answer));
    }
    // Half of a key stops everything that names no profile.
    let half = [("AWS_ACCESS_KEY_ID".to_owned(), "AKIAHALF00000000001".to_owned())];
    let answer = home.ask(&served, "--me 123456789012").environment(half).ask();
    assert_eq!(faults(&answer)[0].0, "keys-incomplete", "{}", answer.brief());
    let secret = [("AWS_SECRET_ACCESS_KEY".to_owned(), "SECRET-alone".to_owned())];
    let answer = home.ask(&served, "--me 123456789012").environment(secret).ask();
    assert_eq!(faults(&answer), [], "{}", answer.brief());
}

#[test]
fn no_key_leaves_the_machine_in_an_answer_or_a_recording() {
    let served = scenarios::named("healthy--group").serve();
    let lines =
        format!("{ROLE}source_profile = keys\nexternal_id = SECRET-id\ncredential_process = SECRET-run\n{KEYS}");
    let home = with_lines(&lines);
    home.write(".aws/credentials", format!("[prod]\n{KEYS}aws_session_token = SECRET-token\n[keys]\n{KEYS}"));
    let folder = tempfile::tempdir().unwrap();
    for (number, options) in [&[][..], &["-vv"], &["-o", "json"], &["-o", "markdown"], &["--redact"]].iter().enumerate()
    {
        let file = folder.path().join(format!("{number}.json"));
        let environment =
            [("AWS_ACCESS_KEY_ID", "AKIASECRETID000002"), ("AWS_SECRET_ACCESS_KEY", "SECRET-in-the-environment")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let question = question(&home, &served).environment(environment).recording(&file);
        let answer = question.with(options).ask_plainly();
        assert_eq!(answer.code, 12, "{}", answer.brief());
        let recording = fs::read_to_string(&file).unwrap();
        for secret in SECRETS.into_iter().chain(["SECRET-", "AKIASECRETID000001"]) {
            for text in [&answer.stdout, &recording] {
                assert!(!text.contains(secret), "{secret} with {options:?} in\n{text}");
            }
        }
        let shown: Vec<&str> = options.iter().copied().filter(|option| *option != "--redact").collect();
        let replayed = Question::replay(&file).with(&shown).ask_plainly();
        assert_eq!(replayed.code, answer.code);
        if shown.len() == options.len() {
            assert_eq!(replayed.without_source(), answer.stdout);
        }
    }
}
