//! A word that is another kind of thing than was asked about: it is told as what it is, with what to type.

use super::ask;
use crate::wire::run::Question;
use served::{Conduct, Organization, Served};

#[test]
fn a_word_of_another_kind_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let served = Served::start(Organization::acme(), Conduct::default());
    ask(&served, &format!("scan --full --record {}", file.display()));
    for (command, code, told, hint) in [
        ("who jane.doe", "user-as-account", "jane.doe is a user", "idc access jane.doe"),
        ("who DataAnalysts", "group-as-account", "DataAnalysts is a group", "idc access USER"),
        ("access prod-data", "account-as-user", "prod-data is an account", "idc who prod-data"),
        ("access Prod-Data", "account-as-user", "Prod-Data is an account", "idc who prod-data"),
        ("access 123456789012", "account-as-user", "123456789012 is an account", "idc who 123456789012"),
        ("access DataAnalysts", "group-as-user", "DataAnalysts is a group", "idc access USER"),
    ] {
        let from_file = Question::of_line(command).with(&["--replay", file.to_str().unwrap()]);
        for answer in [ask(&served, command), from_file.ask()] {
            let error = answer.error().unwrap_or_else(|| panic!("{command}: {}", answer.stdout));
            assert_eq!((&error["code"], answer.code), (&code.into(), 2), "{command}: {error}");
            assert!(error["message"].as_str().is_some_and(|message| message.contains(told)), "{command}: {error}");
            assert!(error["hint"].as_str().is_some_and(|said| said.starts_with(hint)), "{command}: {error}");
        }
    }
}

/// A session of a permission set has the user's name.
#[test]
fn a_session_is_its_user() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let served = Served::start(Organization::acme(), Conduct::default());
    ask(&served, &format!("scan --full --record {}", file.display()));
    let session = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/jane.doe";
    let from_file = Question::of_line(&format!("access {session}")).with(&["--replay", file.to_str().unwrap()]);
    for answer in [ask(&served, &format!("access {session}")), from_file.ask()] {
        let told = answer.json().expect("an answer");
        assert_eq!((&told["user"]["name"], answer.code), (&"jane.doe".into(), 0), "{told:#}");
        assert_ne!(told["access"], serde_json::json!([]));
    }
}
