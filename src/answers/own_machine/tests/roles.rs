use super::super::sample::{CONFIG, FILE, alone, diagnosed, keys, lists, machine, with_organization};
use super::{commands, one, told};
use crate::answers::diagnosis::{Diagnosis, diagnose};
use crate::evidence::{Caller, Content, Machine, Observed};
use crate::verdict::Verdict;

/// The machine with a config and a credentials file.
fn with_files(config: &str, credentials: &str) -> Machine {
    Machine { keys: Some(keys(config, credentials)), ..machine(config) }
}

/// The usual profile, with these lines as well.
fn with_lines(lines: &str) -> String {
    CONFIG.replace("sso_session = corp\n", &format!("sso_session = corp\n{lines}"))
}

fn told_of(config: &str, credentials: &str) -> Vec<(&'static str, u32, String)> {
    told(&diagnosed(with_files(config, credentials)))
}

fn message(config: &str) -> String {
    diagnosed(with_files(config, "")).own_machine.unwrap().faults.remove(0).fault.message
}

/// What was looked at, in one text.
fn seen(diagnosis: &Diagnosis) -> String {
    let own = diagnosis.own_machine.as_ref().expect("a machine");
    let rows: Vec<String> = own.seen.iter().map(|seen| format!("{}: {}", seen.what, seen.says)).collect();
    rows.join("\n") + "\n"
}

const ROLE: &str = "role_arn = arn:aws:iam::123456789012:role/Admin\n";
/// Signs in to another account.
const BASE: &str = "[profile base]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Jump\n\
                    [sso-session corp]\nsso_start_url = https://d-9067f0c1d2.awsapps.com/start\nsso_region = us-east-1\n";

#[test]
fn a_role_without_a_source_in_a_profile_that_signs_in() {
    for arn in ["arn:aws:iam::123456789012:role/Admin", "arn:aws-us-gov:iam::999999999999:role/x/Other"] {
        let config = with_lines(&format!("role_arn = {arn}\n"));
        assert_eq!(told_of(&config, ""), one("role-source-missing", 3, ""), "{arn}");
        let text = message(&config);
        for part in ["missing: source_profile or credential_source", "source_profile = prod", "refuses"] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }
    // The role of a permission set is entered by signing in alone.
    let own = with_lines("role_arn = arn:aws:iam::123456789012:role/AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5\n");
    assert!(message(&own).contains("remove the line"), "{}", message(&own));
    // It stands in the other file, and counts all the same.
    let diagnosis = diagnosed(with_files(CONFIG, &format!("[prod]\n{ROLE}")));
    assert_eq!(told(&diagnosis), one("role-source-missing", 2, ""));
    let change = diagnosis.own_machine.unwrap().faults.remove(0).fault.change.unwrap();
    assert_eq!(change.path, "~/.aws/credentials");
    // What Identity Center says stands beside it.
    let diagnosis = diagnose(&with_organization(with_files(&with_lines(ROLE), "")));
    assert_eq!((told(&diagnosis), diagnosis.verdict), (one("role-source-missing", 3, ""), Verdict::Degraded));
    // A profile for the role alone, and near misses: another account's, or no role at all.
    assert_eq!(told_of(&format!("{CONFIG}[profile admin]\n{ROLE}"), ""), one("role-source-missing", 11, ""));
    let elsewhere = ROLE.replace("123456789012", "999999999999");
    assert_eq!(told_of(&format!("{CONFIG}[profile admin]\n{elsewhere}"), ""), vec![]);
    assert_eq!(told_of(&with_lines("role_session_name = jane\n"), ""), vec![]);
    assert_eq!(told_of(&with_lines("source_profile = nobody\n"), ""), vec![], "without a role it is not looked at");
}

#[test]
fn sources_of_a_role() {
    let keys = "[keys]\naws_access_key_id = A\naws_secret_access_key = S\n";
    for (lines, credentials, expected) in [
        ("source_profile = keys\n", keys, vec![]),
        ("credential_source = Environment\n", "", vec![]),
        ("credential_source = Ec2InstanceMetadata\n", "", vec![]),
        ("credential_source = EcsContainer\n", "", vec![]),
        ("web_identity_token_file = /t\n", "", vec![]),
        (
            "credential_source = environment\n",
            "",
            one("credential-source-unknown", 4, "credential_source = Environment"),
        ),
        ("credential_source = Ec2\n", "", one("credential-source-unknown", 4, "")),
        ("source_profile = keys\ncredential_source = Environment\n", keys, one("role-source-contradicts", 5, "")),
        ("source_profile = kesy\n", keys, one("role-source-unknown", 4, "source_profile = keys")),
        ("source_profile = \"keys\"\n", keys, one("role-source-unknown", 4, "source_profile = keys")),
        ("source_profile = keys # mine\n", keys, one("role-source-unknown", 4, "source_profile = keys")),
        ("source_profile = nowhere\n", keys, one("role-source-unknown", 4, "")),
        ("source_profile = prod\n", "", one("role-source-loop", 4, "")),
        ("source_profile = prod\naws_access_key_id = A\naws_secret_access_key = S\n", "", vec![]),
        ("source_profile = prod\n", &keys.replace("keys", "prod"), vec![]),
        ("source_profile = keys\n", "[keys]\nregion = x\n", one("role-source-empty", 1, "")),
        ("source_profile = keys\n", "[keys]\naws_access_key_id = A\n", one("keys-incomplete", 2, "")),
        ("source_profile = keys\n", "[keys]\naws_secret_access_key = S\n", one("role-source-empty", 1, "")),
        ("source_profile = keys\n", "[keys]\ncredential_process = /bin/x\n", vec![]),
        ("source_profile = keys\n", "[keys]\nlogin_session = arn:x\n", vec![]),
    ] {
        assert_eq!(told_of(&with_lines(&format!("{ROLE}{lines}")), credentials), expected, "{lines}{credentials}");
    }
    // A token of a web identity asks for a role before anything else is looked at.
    let token = with_lines("web_identity_token_file = /t\n");
    assert_eq!(told_of(&token, ""), one("web-identity-role-missing", 3, ""));
    // What could not be read may define the profile.
    let mut unread = with_files(&with_lines(&format!("{ROLE}source_profile = nowhere\n")), "");
    if let Some(keys) = &mut unread.keys {
        keys.credentials.content = Content::Unreadable { because: "Permission denied (os error 13)".into() };
    }
    assert_eq!(told(&diagnosed(unread)), vec![]);
}

#[test]
fn profiles_that_go_round_in_a_circle() {
    let role = |name: &str, source: &str| {
        format!("[profile {name}]\nrole_arn = arn:aws:iam::123456789012:role/{name}\nsource_profile = {source}\n")
    };
    let two = [role("a", "b"), role("b", "a")].concat();
    let told = told_of(&two, "");
    assert_eq!(told, [one("role-source-loop", 6, ""), one("role-source-loop", 3, "")].concat());
    assert!(message(&two).contains("Profile a, from b, from a:"), "{}", message(&two));
    // The circle need not come back to where it began.
    let tail = [role("a", "b"), role("b", "c"), role("c", "b")].concat();
    assert_eq!(told_of(&tail, "")[0], ("role-source-loop", 9, String::new()));
    // Keys on the way end it, but for the profile that has them: that one assumes its role.
    let keys = "[b]\naws_access_key_id = A\naws_secret_access_key = S\n";
    assert_eq!(told_of(&two, keys), one("role-source-loop", 3, ""));
}

/// The account is entered by a role, with the sign-in of another account.
#[test]
fn a_chain_is_named_and_no_profile_is_made_up() {
    let config = format!("[profile admin]\n{ROLE}source_profile = base\n{BASE}");
    let nothing = || Machine { portal: vec![lists(FILE, &[])], ..with_files(&config, "") };
    let diagnosis = diagnosed(nothing());
    assert_eq!((told(&diagnosis), diagnosis.verdict), (vec![], Verdict::Inconclusive));
    let text = seen(&diagnosis);
    assert!(text.contains("1 profile for 123456789012: admin (line 1)"), "{text}");
    let way = "profile admin: assumes role Admin in 123456789012, with the credentials of profile base, which signs in to \
               111122223333 with Jump\n";
    assert!(text.contains(way), "{text}");
    assert!(text.contains("sign-in corp: holds until"), "{text}");
    assert!(diagnosis.own_machine.unwrap().advice.is_empty());
    // Any length; and each that is for the account is told.
    let middle = "[profile middle]\nrole_arn = arn:aws:iam::222233334444:role/Hop\nsource_profile = base\n";
    let long = format!("[profile admin]\n{ROLE}source_profile = middle\n{middle}{BASE}");
    let text = seen(&diagnosed(with_files(&long, "")));
    let way = "assumes role Admin in 123456789012, with the credentials of profile middle, which assumes role Hop in \
               222233334444, with the credentials of profile base, which signs in to 111122223333 with Jump\n";
    assert!(text.contains(way), "{text}");
    // The sign-in that it begins with is looked after.
    let signed_out = Machine { sign_ins: vec![], portal: vec![], ..with_files(&config, "") };
    let mut signed_out = signed_out;
    signed_out.sign_ins = vec![super::super::sample::sign_in("corp", FILE, Content::Absent)];
    let diagnosis = diagnosed(signed_out);
    assert_eq!(told(&diagnosis), one("sign-in-missing", 0, ""));
    assert_eq!(commands(&diagnosis), ["aws sso login --profile base"]);
    let undefined = config.replace("sso_session = corp", "sso_session = corpo");
    assert_eq!(told_of(&undefined, "")[0], ("sso-session-undefined", 5, "sso_session = corp".to_owned()));
    // Its permission set is another account's, and nothing here tells whether it is right.
    assert_eq!(told_of(&config.replace("Jump", "Readonly"), ""), vec![]);
    let half = config.replace("sso_role_name = Jump\n", "");
    assert_eq!(told_of(&half, "")[0], ("sso-settings-missing", 4, String::new()));
}

#[test]
fn a_profile_with_a_role_does_not_sign_in() {
    let keys = "[keys]\naws_access_key_id = A\naws_secret_access_key = S\n";
    let config = with_lines(&format!("{ROLE}source_profile = keys\n")).replace("= RedshiftAnalyst", "= Redshift");
    let diagnosis = diagnosed(with_files(&config, keys));
    assert_eq!(told(&diagnosis), vec![], "the name of the permission set is not used");
    let text = seen(&diagnosis);
    assert!(text.contains("profile prod: assumes role Admin in 123456789012, with profile keys's keys"), "{text}");
    assert!(text.contains("What it says of signing in is not used"), "{text}");
    let elsewhere = config.replace("arn:aws:iam::123456789012", "arn:aws:iam::999999999999");
    assert!(seen(&diagnosed(with_files(&elsewhere, keys))).contains("it does not come to 123456789012"));
}

const PAIR: &str = "aws_access_key_id = A\naws_secret_access_key = S\n";

#[test]
fn keys_under_the_name_of_a_profile_that_signs_in() {
    for (config, credentials, place) in [
        (CONFIG.to_owned(), format!("[prod]\n{PAIR}"), "~/.aws/credentials: line 2 gives profile prod keys"),
        (with_lines(PAIR), String::new(), "~/.aws/config: line 3 gives profile prod keys"),
    ] {
        let diagnosis = diagnosed(with_files(&config, &credentials));
        assert_eq!(told(&diagnosis), vec![]);
        let text = seen(&diagnosis);
        for part in [place, "the AWS CLI, boto3 and the SDKs for Java and Rust use the sign-in", "Terraform"] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }
    // With a role it is another matter.
    let role = with_files(&with_lines(ROLE), &format!("[prod]\n{PAIR}"));
    assert!(!seen(&diagnosed(role)).contains("gives profile"));
    for credentials in ["[other]\naws_access_key_id = A\naws_secret_access_key = S\n", "[prod]\nregion = x\n", ""] {
        assert!(!seen(&diagnosed(with_files(CONFIG, credentials))).contains("gives profile"), "{credentials}");
    }
}

fn in_environment(pair: (bool, bool), profile: Option<&str>) -> Machine {
    let mut machine = with_files(CONFIG, "");
    if let Some(keys) = &mut machine.keys {
        (keys.environment.access_key, keys.environment.secret_key) = pair;
        keys.environment.profile = profile.map(str::to_owned);
    }
    machine
}

#[test]
fn keys_in_the_environment_outrank_a_profile_that_a_variable_names() {
    let diagnosis = diagnosed(in_environment((true, true), Some("prod")));
    assert_eq!(told(&diagnosis)[0].0, "keys-outrank-profile");
    assert_eq!(commands(&diagnosis), ["unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"]);
    assert!(seen(&diagnosis).contains("environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set"));
    // With keys of this very account there is nothing wrong, only to know.
    let of = |account: &str| {
        let mut evidence = alone(in_environment((true, true), Some("prod")));
        let arn = format!("arn:aws:iam::{account}:user/jane");
        evidence.caller.observed = Observed::Known(Caller { account: account.to_owned(), arn });
        diagnose(&evidence)
    };
    assert_eq!(told(&of("123456789012")), vec![]);
    assert!(seen(&of("123456789012")).contains("and not profile prod of AWS_PROFILE"));
    assert!(
        of("111122223333").own_machine.unwrap().faults[0].fault.message.contains("arn:aws:iam::111122223333:user/jane")
    );
    // No variable names a profile, or another one: --profile is the way to this one.
    for profile in [None, Some("other")] {
        let diagnosis = diagnosed(in_environment((true, true), profile));
        assert_eq!(told(&diagnosis), vec![]);
        assert!(seen(&diagnosis).contains("unless --profile names a profile"), "{}", seen(&diagnosis));
    }
    for pair in [(false, false), (false, true)] {
        let diagnosis = diagnosed(in_environment(pair, Some("prod")));
        assert_eq!(told(&diagnosis), vec![], "a secret alone is passed over");
        assert!(!seen(&diagnosis).contains("environment:"));
    }
    assert_eq!(told(&diagnosed(in_environment((true, false), None))), one("keys-incomplete", 0, ""));
}

#[test]
fn variables_that_name_two_profiles_or_a_web_identity() {
    let mut machine = in_environment((false, false), Some("prod"));
    if let Some(keys) = &mut machine.keys {
        keys.environment.default_profile = Some("other".to_owned());
        keys.environment.web_identity = true;
    }
    let text = seen(&diagnosed(machine));
    assert!(text.contains("the AWS CLI takes prod, and Python programs (boto3) take other"), "{text}");
    assert!(text.contains("AWS_WEB_IDENTITY_TOKEN_FILE is set"), "{text}");
}

/// Two headers lead to one profile, and the AWS CLI takes the later.
#[test]
fn a_section_that_a_later_one_hides() {
    let later = CONFIG.replace("[profile prod]", "[profile \"prod\"]\nregion = x\n[profile prod]");
    assert_eq!(told_of(&later, ""), vec![], "the later one is right");
    let hidden = format!("{CONFIG}[profile \"prod\"]\nregion = x\n");
    assert_eq!(told_of(&hidden, ""), one("section-hidden", 1, ""));
    let wrong =
        format!("{}{}", CONFIG.replace("= RedshiftAnalyst", "= Redshift-Analyst"), "[profile 'prod']\nregion = x\n");
    assert_eq!(told_of(&wrong, ""), one("section-hidden", 1, ""), "no line of it is read");
}

/// What the credentials file says of signing in outranks the config file, line by line.
#[test]
fn settings_for_sign_in_count_in_the_credentials_file_too() {
    let without = CONFIG.replace("sso_role_name = RedshiftAnalyst\n", "");
    assert_eq!(told_of(&without, "")[0].0, "sso-settings-missing");
    assert_eq!(told_of(&without, "[prod]\nsso_role_name = RedshiftAnalyst\n"), vec![]);
    let right = CONFIG.replace("= RedshiftAnalyst", "= \"RedshiftAnalyst\"");
    assert_eq!(told_of(&right, "[prod]\nsso_role_name = RedshiftAnalyst\n"), vec![]);
    let diagnosis = diagnosed(with_files(CONFIG, "[prod]\nsso_role_name = redshift-analyst\n"));
    assert_eq!(told(&diagnosis), one("sso-role-name-wrong", 2, "sso_role_name = RedshiftAnalyst"));
    assert_eq!(diagnosis.own_machine.unwrap().faults[0].fault.change.as_ref().unwrap().path, "~/.aws/credentials");
    let alone_there = "[prod]\nsso_session = corp\nsso_account_id = 1234-5678-9012\nsso_role_name = RedshiftAnalyst\n";
    let (_, session) = CONFIG.split_once("\n\n").unwrap();
    let diagnosis = diagnosed(with_files(session, alone_there));
    assert_eq!(told(&diagnosis), one("sso-account-id-wrong", 3, "sso_account_id = 123456789012"));
    assert_eq!(diagnosis.own_machine.unwrap().faults[0].fault.change.as_ref().unwrap().path, "~/.aws/credentials");
}
