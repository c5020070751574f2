//! People who ask about themselves: a home directory with each of the faults, and an access portal that answers, does
//! not answer, or is not asked.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::wire::home::{CACHED, CONFIG, Home, SECRETS, signed_in};
use crate::wire::run::{Answer, Question};
use crate::wire::scenario::{Scenario, scenario};
use crate::wire::scenarios;
use serde_json::Value;
use served::{Fault, Kind, MEMBER_KEY};

fn healthy() -> Scenario {
    scenarios::named("healthy--group")
}

fn verdict(answer: &Answer) -> (i32, String) {
    (answer.code, answer.json().unwrap()["verdict"].as_str().unwrap_or_default().to_owned())
}

/// Kind, line and the line as it should be, of the first fault.
fn first(answer: &Answer) -> (String, u64, String) {
    let json = answer.json().unwrap();
    let fault = &json["own_machine"]["faults"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&fault["kind"]), fault["change"]["line"].as_u64().unwrap_or_default(), text(&fault["change"]["should_be"][0]))
}

#[test]
fn who_is_set_up_rightly_is_told_so_without_any_credentials() {
    let served = healthy().serve();
    let answer = signed_in(CONFIG).ask(&served, "--me 123456789012").ask();
    assert_eq!(verdict(&answer), (12, "inconclusive".to_owned()), "{}", answer.brief());
    let json = answer.json().unwrap();
    assert_eq!(json["own_machine"]["portal_lists"], serde_json::json!(["RedshiftAnalyst"]));
    assert_eq!(json["own_machine"]["faults"], serde_json::json!([]));
    let asked: Vec<String> = served.calls().into_iter().map(|call| call.action).collect();
    assert_eq!(asked, ["portal:ListAccountRoles"], "credentials are never asked for");
}

/// The older form has no session: the sign-in is kept under its start URL.
#[test]
fn the_older_form_and_another_file_are_read_as_well() {
    let served = healthy().serve();
    let home = signed_in("").sign_in(
        ".aws/sso/cache/dc1eb47ba9d1ddcea3c08640bda8f6d84a99993a.json",
        "jane.doe",
        "2099-01-01T00:00:00UTC",
    );
    let url = "https://d-9067f0c1d2.awsapps.com/start";
    let profile = "sso_account_id = 123456789012\nsso_role_name = redshiftanalyst\n";
    home.write("elsewhere", format!("[profile old]\nsso_start_url = {url}\nsso_region = us-east-1\n{profile}"));
    let file = ("AWS_CONFIG_FILE".to_owned(), "~/elsewhere".to_owned());
    let answer = home.ask(&served, "--me 123456789012").environment([file]).ask();
    assert_eq!(first(&answer).1, 5, "{}", answer.brief());
    let json = answer.json().unwrap();
    let fault = &json["own_machine"]["faults"][0];
    assert_eq!((&fault["change"]["path"], &fault["profile"]), (&"~/elsewhere".into(), &"old".into()));
    assert_eq!(json["own_machine"]["faults"].as_array().map(Vec::len), Some(1), "{json}");
}

#[test]
fn each_fault_is_told_with_its_line() {
    let served = healthy().serve();
    for (from, to, kind, line, should_be) in [
        ("RedshiftAnalyst", "RedshiftAnalysts", "sso-role-name-wrong", 7, "sso_role_name = RedshiftAnalyst"),
        (
            "RedshiftAnalyst",
            "AWSReservedSSO_RedshiftAnalyst_0123456789abcdef",
            "sso-role-name-wrong",
            7,
            "sso_role_name = RedshiftAnalyst",
        ),
        ("= 123456789012", "= 1234-5678-9012", "sso-account-id-wrong", 6, "sso_account_id = 123456789012"),
        ("= 123456789012", "= 123456789021", "sso-account-id-wrong", 6, "sso_account_id = 123456789012"),
        ("= corp", "= corpo", "sso-session-undefined", 5, "sso_session = corp"),
        ("https://", "http://", "sso-start-url-wrong", 10, "sso_start_url = https://d-9067f0c1d2.awsapps.com/start"),
        ("us-east-1", "us-west-2", "sso-region-wrong", 11, "sso_region = us-east-1"),
        ("[profile prod]", "[prod]", "section-header-wrong", 4, "[profile prod]"),
        ("[sso-session corp]", "[default]", "config-file-broken", 9, ""),
    ] {
        for ends in ["\n", "\r\n"] {
            let config = CONFIG.replace(from, to).replace('\n', ends);
            let answer = signed_in(&config).ask(&served, "--me 123456789012").ask();
            assert_eq!(first(&answer), (kind.to_owned(), line, should_be.to_owned()), "{to}: {}", answer.brief());
            assert_eq!(answer.code, 12, "{to}: {}", answer.brief());
        }
    }
    let zeros = CONFIG.replace("123456789012", "12345678901");
    let answer = signed_in(&zeros).ask(&served, "--me 012345678901").ask();
    assert_eq!(first(&answer).2, "sso_account_id = 012345678901", "{}", answer.brief());
    let home = signed_in(&CONFIG.replace("RedshiftAnalyst", "redshiftanalyst"));
    let text = home.ask(&served, "--me prod-data").ask_plainly().stdout;
    for part in [
        "INCONCLUSIVE  cannot tell whether you can reach prod-data (123456789012)",
        "~/.aws/config:7\n",
        "is         sso_role_name = redshiftanalyst\n",
        "should be  sso_role_name = RedshiftAnalyst\n",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn a_sign_in_that_does_not_hold_is_told_with_the_command() {
    let served = healthy().serve();
    let expired = Home::new(CONFIG, "2026-01-01T00:00:00Z");
    let absent = signed_in(CONFIG);
    fs::remove_file(absent.path().join(CACHED)).unwrap();
    let refused = signed_in(CONFIG).sign_in(CACHED, "nobody.at.all", "2099-01-01T00:00:00Z");
    for (home, kind) in [(expired, "sign-in-expired"), (absent, "sign-in-missing"), (refused, "sign-in-refused")] {
        let answer = home.ask(&served, "--me 123456789012").ask();
        assert_eq!((verdict(&answer).0, first(&answer).0.as_str()), (12, kind), "{}", answer.brief());
        assert!(answer.stdout.contains("aws sso login --profile prod"), "{}", answer.stdout);
    }
}

#[test]
fn what_cannot_be_read_is_named_and_ends_nothing() {
    let served = healthy().serve();
    for text in ["", "{", "[]", "\u{fffd}", r#"{"accessToken": {"a": "token-of-jane.doe"}}"#, &"[".repeat(100_000)] {
        let home = signed_in(CONFIG);
        home.write(CACHED, text);
        let answer = home.ask(&served, "--me 123456789012").ask();
        assert_eq!(verdict(&answer).0, 12, "{}", answer.brief());
        let unread = answer.json().unwrap()["own_machine"]["unread"][0].as_str().unwrap_or_default().to_owned();
        assert!(unread.contains(CACHED) && !unread.contains("token-of"), "{text:.40}: {unread}");
    }
    let home = signed_in(CONFIG);
    let config = home.path().join(".aws/config");
    fs::remove_file(&config).unwrap();
    let answer = home.ask(&served, "--me 123456789012").ask();
    assert!(answer.stdout.contains("aws configure sso"), "{}", answer.stdout);
    fs::create_dir(&config).unwrap();
    let answer = home.ask(&served, "--me 123456789012").ask();
    assert!(answer.stdout.contains("~/.aws/config: it is a folder"), "{}", answer.stdout);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        fs::remove_dir(&config).unwrap();
        fs::write(&config, CONFIG).unwrap();
        fs::set_permissions(&config, fs::Permissions::from_mode(0o000)).unwrap();
        // Root reads it all the same.
        if fs::read(&config).is_err() {
            let answer = home.ask(&served, "--me 123456789012").ask();
            assert!(answer.stdout.contains("Permission denied"), "{}", answer.stdout);
        }
    }
}

#[test]
fn garbage_in_the_config_file_never_ends_it() {
    let served = healthy().serve();
    let utf16: Vec<u8> = CONFIG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [&[u8]; 7] =
        [b"", b"\0\0\0", b"[[[]]]=\n=", b"[profile \"prod\n", &utf16, &[0xff; 5000], b"\xef\xbb\xbf[profile prod]\nx"];
    for bytes in files {
        let home = signed_in("");
        home.write(".aws/config", bytes);
        let answer = home.ask(&served, "--me 123456789012").ask();
        assert!([0, 11, 12].contains(&answer.code), "{}", answer.brief());
    }
}

#[test]
fn a_portal_that_does_not_answer_is_a_gap_in_good_time() {
    for (kind, patience) in [(Kind::Hang, 18), (Kind::ServerError, 60), (Kind::Truncated, 60)] {
        let served =
            healthy().serve_with(|conduct| conduct.with_fault(Fault::on("portal:ListAccountRoles", kind.clone())));
        let answer = signed_in(CONFIG).ask(&served, "--me 123456789012 --timeout 3s").ask();
        assert_eq!(verdict(&answer).0, 12, "{kind:?}: {}", answer.brief());
        let json = answer.json().unwrap();
        assert!(json["own_machine"]["unread"][0].as_str().is_some_and(|text| text.contains("portal")), "{json}");
        assert!(json["own_machine"]["portal_lists"].is_null() && answer.took < Duration::from_secs(patience));
    }
    // What passes changes nothing, and pages are read to the end.
    let passing = Fault { times: Some(1), ..Fault::on("portal:*", Kind::ServerError) };
    let served = scenario("pages", |acme| {
        for set in ["ViewOnly", "ReadOnly"] {
            acme.assign("RedshiftAnalyst", "jane.doe", "prod-data");
            acme.add_permission_set(set);
            acme.assign(set, "jane.doe", "prod-data");
            let arn = acme.permission_set_arn(set);
            let account = acme.account_id("prod-data");
            acme.provisioned.push(served::Provisioned { account, permission_set: arn, ..Default::default() });
        }
    })
    .serve_with(|conduct| conduct.with_page_size(1).with_fault(passing));
    let answer = signed_in(CONFIG).ask(&served, "--me 123456789012").ask();
    let listed = answer.json().unwrap()["own_machine"]["portal_lists"].clone();
    assert_eq!(listed, serde_json::json!(["ReadOnly", "RedshiftAnalyst", "ViewOnly"]), "{}", answer.brief());
}

/// Accounts that could not be listed are not accounts that are not there; nor is a row that lacks its name no row, nor
/// any refusal the one that says that there is nothing.
#[test]
fn what_the_portal_did_not_tell_is_not_nothing() {
    for (question, action, kind) in [
        ("--me prod-data", "portal:ListAccounts", Kind::ServerError),
        ("--me prod-data", "portal:ListAccounts", Kind::MissingField { field: "accountId".to_owned() }),
        ("--me 123456789012", "portal:ListAccountRoles", Kind::MissingField { field: "roleName".to_owned() }),
        ("--me 123456789012", "portal:ListAccountRoles", Kind::DeniedByScp),
    ] {
        let served = healthy().serve_with(|conduct| conduct.with_fault(Fault::on(action, kind.clone())));
        let question = signed_in(CONFIG).ask(&served, question).with(&["--timeout", "4s"]);
        let (answer, text) = (question.ask(), question.ask_plainly().stdout);
        let own = answer.json().unwrap()["own_machine"].clone();
        assert!(own["portal_lists"].is_null() && answer.code == 12, "{action} {kind:?}: {own}");
        assert!(!text.contains("lists no") && !text.contains("lists nothing"), "{action} {kind:?}\n{text}");
    }
}

#[test]
fn a_list_that_lacks_its_list_is_not_an_empty_one() {
    let field = Kind::MissingField { field: "roleList".to_owned() };
    let served = healthy().serve_with(|conduct| conduct.with_fault(Fault::on("portal:ListAccountRoles", field)));
    let answer = signed_in(CONFIG).ask(&served, "--me 123456789012").ask();
    assert!(answer.json().unwrap()["own_machine"]["portal_lists"].is_null(), "{}", answer.brief());
}

#[test]
fn a_name_that_the_portal_does_not_list_gets_suggestions() {
    let served = healthy().serve();
    let answer = signed_in(CONFIG).ask(&served, "--me prod-dta").ask();
    assert_eq!(verdict(&answer).0, 12, "{}", answer.brief());
    assert!(answer.stdout.contains("Did you mean: prod-data (123456789012)"), "{}", answer.stdout);
}

#[test]
fn no_access_is_the_portals_word_and_no_proof() {
    let served = scenario("unassigned", |acme| acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data")).serve();
    let answer = signed_in(CONFIG).ask(&served, "--me 123456789012").ask();
    assert_eq!(verdict(&answer).0, 12, "{}", answer.brief());
    assert_eq!(answer.json().unwrap()["own_machine"]["portal_lists"], serde_json::json!([]));
}

/// With credentials that reach Identity Center the whole diagnosis runs, for the person whose session it is.
#[test]
fn the_whole_diagnosis_runs_where_the_credentials_allow_it() {
    let wrong = CONFIG.replace("RedshiftAnalyst", "RedshiftAnalysts");
    let role = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Administrators_0123456789abcdef/jane.doe";
    let scenario = scenario("own credentials", |acme| {
        let key = served::MANAGEMENT_KEY;
        acme.credentials.get_mut(key).unwrap().arn =
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Administrators_0123456789abcdef/jane.doe".into();
    });
    let served = scenario.serve();
    for arguments in ["--me 123456789012", "--me jane.doe 123456789012"] {
        let home = signed_in(&wrong);
        let own = [("HOME", home.path().to_str().unwrap()), ("AWS_CONFIG_FILE", "")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let question = Question::new(arguments).environment(served.environment(scenario.caller, "us-east-1"));
        let answer = question.with(&["--target-role", served::READ_ROLE]).environment(own).ask();
        assert_eq!(verdict(&answer).0, 11, "{}", answer.brief());
        let json = answer.json().unwrap();
        assert_eq!((&json["question"]["user"], &json["caller"]["arn"]), (&"jane.doe".into(), &role.into()));
        assert_eq!((json["own_machine"]["alone"].is_null(), json["paths"].as_array().map(Vec::len)), (true, Some(1)));
        assert_eq!(first(&answer).2, "sso_role_name = RedshiftAnalyst");
    }
    // A member's own credentials do not: the portal is what there is.
    let served = healthy().serve();
    let home = signed_in(CONFIG);
    let question = home.ask(&served, "--me 123456789012").environment(
        served
            .environment(MEMBER_KEY, "us-east-1")
            .into_iter()
            .filter(|(name, _)| name.starts_with("AWS_") && name.contains("KEY")),
    );
    let answer = question.ask();
    assert_eq!(verdict(&answer), (12, "inconclusive".to_owned()), "{}", answer.brief());
    assert!(answer.json().unwrap()["own_machine"]["alone"].is_string());
}

#[test]
fn no_secret_leaves_and_the_recording_gives_the_same_answer() {
    let served = healthy().serve();
    let home = signed_in(&CONFIG.replace("RedshiftAnalyst", "RedshiftAnalysts"));
    for options in
        [&[][..], &["-v"], &["-vv"], &["-q"], &["-o", "json"], &["-o", "markdown"], &["-vv", "--profile", "prod"]]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recording.json");
        let question = home.ask(&served, "--me 123456789012").recording(&file).with(options);
        let answer = question.environment([("IDC_LOG".to_owned(), "1".to_owned())]).ask_plainly();
        assert_eq!(answer.code, 12, "{}", answer.brief());
        let recording = fs::read_to_string(&file).unwrap();
        for secret in SECRETS {
            for (place, text) in [("stdout", &answer.stdout), ("stderr", &answer.stderr), ("the recording", &recording)]
            {
                assert!(!text.contains(secret), "{secret} is in {place} with {options:?}\n{text}");
            }
        }
        assert!(!recording.contains(home.path().to_str().unwrap()), "the home directory is in the recording");
        let shown: Vec<&str> = options.iter().copied().take_while(|option| *option != "--profile").collect();
        let replayed = Question::replay(&file).with(&shown).ask_plainly();
        assert_eq!((replayed.code, replayed.without_source()), (answer.code, answer.stdout));
    }
}

#[test]
fn what_is_typed_wrong_is_refused_before_any_call() {
    let served = healthy().serve();
    let home = signed_in(CONFIG);
    for (arguments, word) in
        [("--me", "ACCOUNT"), ("--me 1234567890123", "12 digits"), ("--me --replay x.json", "--replay")]
    {
        let answer = home.ask(&served, arguments).ask_plainly();
        assert_eq!(answer.code, 2, "{}", answer.stderr);
        assert!(answer.stderr.contains(word), "{}", answer.stderr);
    }
    assert_eq!(served.calls().len(), 0);
}

#[test]
fn the_readme_shows_such_an_answer() {
    let served = healthy().serve();
    let wrong = "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5";
    let (_, config) = CONFIG.split_once("\n\n").unwrap();
    let home = signed_in(&config.replace("RedshiftAnalyst", wrong));
    let terminal = [("COLUMNS", "100"), ("LANG", "en_US.UTF-8")].map(|(name, value)| (name.into(), value.into()));
    let answer = home.ask(&served, "--me 123456789012").environment(terminal).ask_plainly().stdout;
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/own-machine.md")).unwrap();
    assert!(readme.contains(&format!("```text\n{answer}```\n")), "docs/own-machine.md should show\n{answer}");
}
