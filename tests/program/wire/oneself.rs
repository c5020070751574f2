//! Who asks about themselves: by a name that is also the word for nobody in particular, by their credentials, by none;
//! and recordings from before that was written down.

use std::fs;
use std::path::Path;

use crate::wire::home::{CONFIG, signed_in};
use crate::wire::run::{Answer, Question};
use crate::wire::scenario::scenario;
use crate::wire::scenarios;
use serde_json::Value;
use served::{MANAGEMENT_KEY, READ_ROLE};

fn replayed(file: &Path) -> Answer {
    Question::replay(file).ask()
}

fn written(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Somebody who is called what stands for a name that is not known.
#[test]
fn a_user_named_you_is_looked_up_like_any_other() {
    let served = scenario("a user named you", |acme| {
        acme.add_user("you");
        acme.add_member("DataAnalysts", "you");
    })
    .serve();
    let home = signed_in(CONFIG).sign_in(crate::wire::home::CACHED, "you", "2099-01-01T00:00:00Z");
    for arguments in ["--me you 123456789012", "you 123456789012"] {
        let folder = tempfile::tempdir().unwrap();
        let [file, redacted] = ["recording.json", "redacted.json"].map(|name| folder.path().join(name));
        let question = home.ask_as(&served, MANAGEMENT_KEY, arguments).with(&["--target-role", READ_ROLE]);
        let answer = question.clone().recording(&file).ask();
        assert_eq!(answer.code, 0, "{arguments}: {}", answer.brief());
        assert_eq!(replayed(&file).stdout, answer.stdout);
        assert_eq!(question.recording(&redacted).with(&["--redact"]).ask().code, 0);
        let user = written(&redacted)["evidence"]["question"]["user"].clone();
        assert!(user.is_string() && user != "you", "{user}");
        assert_eq!(replayed(&redacted).code, 0);
    }
    // Where Identity Center cannot be read, it is their name all the same that whoever can shall ask about.
    let answer = home.ask(&served, "--me you 123456789012").ask();
    let alone = answer.json().unwrap()["own_machine"]["alone"].to_string();
    assert!(alone.contains("idc why you 123456789012"), "{alone}");
}

#[test]
fn without_a_name_and_without_credentials_nobody_in_particular_asks() {
    let served = scenarios::named("healthy--group").serve();
    let home = signed_in(CONFIG);
    let folder = tempfile::tempdir().unwrap();
    let [file, redacted] = ["recording.json", "redacted.json"].map(|name| folder.path().join(name));
    let question = home.ask(&served, "--me 123456789012");
    let answer = question.clone().recording(&file).ask();
    let json = answer.json().unwrap();
    assert_eq!((answer.code, &json["question"]["user"]), (12, &"you".into()), "{}", answer.brief());
    assert!(json["own_machine"]["alone"].to_string().contains("idc why USER 123456789012"), "{json}");
    assert_eq!(replayed(&file).stdout, answer.stdout);
    assert_eq!(question.recording(&redacted).with(&["--redact"]).ask().code, 12);
    assert_eq!(written(&redacted)["evidence"]["question"]["user"], "you");
}

/// Recordings that people have in hand: there one word stood for no name, and nothing was known of keys.
#[test]
fn an_older_recording_gives_the_answer_that_it_gave() {
    let older = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/older/own-machine.json");
    let answer = replayed(&older);
    let json = answer.json().unwrap();
    let own = &json["own_machine"];
    assert_eq!((answer.code, &json["question"]["user"]), (12, &"you".into()), "{}", answer.brief());
    let faults: Vec<(&Value, &Value, &Value)> = own["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (&fault["kind"], &fault["change"]["line"], &fault["change"]["should_be"][0]))
        .collect();
    assert_eq!(
        faults,
        [
            (&"sso-account-id-wrong".into(), &3.into(), &"sso_account_id = 123456789012".into()),
            (&"sso-role-name-wrong".into(), &4.into(), &"sso_role_name = RedshiftAnalyst".into()),
        ]
    );
    assert_eq!((&own["seen"].as_array().unwrap().len(), &own["unread"].as_array().unwrap().len()), (&3, &1), "{own}");
    assert!(own["alone"].to_string().contains("idc why USER 123456789012"), "{own}");
    assert!(!json["notes"].to_string().contains("earlier version"), "{json}");
    // It is written again as it is, and under other names it is still nobody's.
    let folder = tempfile::tempdir().unwrap();
    let [same, redacted] = ["same.json", "redacted.json"].map(|name| folder.path().join(name));
    assert_eq!(Question::replay(&older).recording(&same).ask().stdout, answer.stdout);
    assert_eq!(written(&same), written(&older));
    assert_eq!(Question::replay(&older).recording(&redacted).with(&["--redact"]).ask().code, 12);
    assert_eq!(written(&redacted)["evidence"]["question"]["user"], "you");
    assert!(replayed(&redacted).stdout.contains("idc why USER"));
}
