use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

const USUAL: &str = "\
# work
[default]
region = eu-west-1
aws_secret_access_key = hidden

[profile prod]
sso_session=corp
  ; a comment
sso_account_id : 123456789012
SSO_Role_Name   =  RedshiftAnalyst
s3 =
    max_concurrent_requests = 20

[sso-session corp]
sso_start_url = https://d-9067f0c1d2.awsapps.com/start
sso_region = us-east-1
";

fn settings(section: &SsoSection) -> Vec<(&str, &str, u32)> {
    section.settings.iter().map(|(key, one)| (key.as_str(), one.value.as_str(), one.line)).collect()
}

#[test]
fn reads_settings_with_their_lines() {
    let config = read(USUAL.as_bytes());
    let [prod] = &config.profiles[..] else { panic!("{config:?}") };
    assert_eq!((prod.name.as_str(), prod.line), ("prod", 6));
    let expected =
        [("sso_account_id", "123456789012", 9), ("sso_role_name", "RedshiftAnalyst", 10), ("sso_session", "corp", 7)];
    assert_eq!(settings(prod), expected);
    assert_eq!(prod.settings["sso_role_name"].text, "SSO_Role_Name   =  RedshiftAnalyst");
    assert_eq!(
        settings(&config.sessions[0]).last(),
        Some(&("sso_start_url", "https://d-9067f0c1d2.awsapps.com/start", 15))
    );
    assert_eq!((config.passed_over.len(), config.flaws.len()), (0, 0));
}

#[test]
fn lines_may_end_as_on_windows() {
    let windows = USUAL.replace('\n', "\r\n");
    assert_eq!(read(windows.as_bytes()), read(USUAL.as_bytes()));
}

#[test]
fn keeps_nothing_that_does_not_concern_sign_in() {
    let text = format!("{USUAL}[profile a]\nsso_role_name = X\n  aws_session_token = hidden\nhidden\nhidden\n");
    let config = format!("{:?}", read(text.as_bytes()));
    assert!(!config.contains("hidden") && config.contains("NoEqualsSign"), "{config}");
}

#[test]
fn headers_count_only_in_their_right_form() {
    for (header, expected) in [
        ("default", Kind::Profile("default".into())),
        ("profile default", Kind::Profile("default".into())),
        ("profile prod", Kind::Profile("prod".into())),
        ("profile  \"prod data\"", Kind::Profile("prod data".into())),
        ("profile 'it''s'", Kind::Profile("its".into())),
        ("sso-session corp", Kind::Session("corp".into())),
        ("sso_session corp", Kind::Other),
        (" profile prod", Kind::Other),
        ("profile prod data", Kind::Other),
        ("profile \"prod", Kind::Other),
        ("profile", Kind::Other),
        ("Profile prod", Kind::Other),
        ("prod", Kind::Other),
    ] {
        assert_eq!(kind(header), expected, "{header}");
    }
    let config = read(b"[prod]\nsso_account_id = 123456789012\n[plugins]\ncli = x\n");
    assert_eq!(config.passed_over.iter().map(|section| section.name.as_str()).collect::<Vec<_>>(), ["prod"]);
}

#[test]
fn a_list_of_settings_below_one_that_says_nothing_needs_equals_signs() {
    let flaws = |text: &str| read(text.as_bytes()).flaws.into_iter().map(|flaw| flaw.line).collect::<Vec<_>>();
    assert_eq!(flaws("[profile a]\ns3 =\n  # ours\n  x = 1\n\n  y = 2\n"), [0; 0]);
    assert_eq!(flaws("[profile a]\nsso_session =\n  corp\nregion = x\n"), [3]);
    assert_eq!(flaws("[profile a]\nnote = some\n  words\n"), [0; 0], "what goes on with a value may be anything");
}

#[test]
fn what_stands_in_default_in_capitals_counts_everywhere() {
    let text = "[DEFAULT]\nsso_session = corp\nsso_region = x\n[profile a]\nsso_region = y\n[b]\nz = 1\n[DEFAULT]\nrole_arn = r\n";
    let config = read(text.as_bytes());
    assert_eq!(config.flaws, []);
    assert_eq!(settings(&config.profiles[0]), [("sso_region", "y", 5), ("sso_session", "corp", 2)]);
    assert_eq!(config.passed_over, [], "they are nobody's sign-in");
    assert_eq!(profiles(text), ["a"]);
    assert_eq!(key_profiles(text.as_bytes(), File::Config)[0].settings["role_arn"].line, 9);
}

#[test]
fn a_session_and_its_profiles_share_settings() {
    let config = read(b"[profile a]\nregion = x\nsso_session = s\n[profile b]\nregion = x\nsso_role_name = y\n[sso-session s]\nregion = z\n");
    let keys = |section: &SsoSection| section.settings.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&config.profiles[0]), ["region", "sso_session"]);
    assert_eq!(
        (keys(&config.profiles[1]), keys(&config.sessions[0])),
        (vec!["sso_role_name".to_owned()], vec!["region".to_owned()])
    );
}

#[test]
fn of_keys_it_is_kept_that_they_are_there() {
    let text = "[default]\naws_access_key_id = hidden\nAWS_Secret_Access_Key = hidden\nrole_arn = arn\nexternal_id = hidden\n\
                [profile a]\nsource_profile = default\ncredential_process = hidden\nsso_role_name = x\n[other]\nrole_arn = x\n";
    let found = key_profiles(text.as_bytes(), File::Config);
    assert!(!format!("{found:?}").contains("hidden"), "{found:?}");
    let told = found.iter().map(|one| {
        let settings: Vec<&str> = one.settings.keys().map(String::as_str).collect();
        format!("{} {} {settings:?} {:?}", one.name, one.line, one.present)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            r#"default 1 ["role_arn"] {"aws_access_key_id": 2, "aws_secret_access_key": 3}"#,
            r#"a 6 ["source_profile"] {"credential_process": 8}"#,
        ]
    );
    // In the other file each section is a profile, and what it says of signing in counts too.
    let found = key_profiles(b"[a]\nsso_role_name = x\nregion = y\n[profile b]\n", File::Credentials);
    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names, found[0].settings.len()), (vec!["a", "profile b"], 1));
}

#[test]
fn an_indented_line_belongs_to_the_value_above() {
    let config =
        read(b"[profile a]\n  sso_session = corp\n  sso_role_name = X\n    sso_account_id = 1\n\n    region = y\n");
    let section = &config.profiles[0];
    assert_eq!(settings(section), [("sso_role_name", "X", 3), ("sso_session", "corp", 2)]);
    let swallowed: Vec<_> = section.swallowed.iter().map(|one| (one.line, one.text.as_deref())).collect();
    assert_eq!(swallowed, [(4, Some("sso_account_id = 1")), (6, None)]);
    assert_eq!(section.swallowed[0].into, "sso_role_name");
}

#[test]
fn a_comment_behind_a_value_is_part_of_it() {
    let config = read(b"[default]\nsso_account_id = 123456789012 # prod\n");
    assert_eq!(config.profiles[0].value("sso_account_id"), Some("123456789012 # prod"));
}

#[test]
fn flaws_are_told_and_the_rest_is_read() {
    let flaws = |text: &[u8]| -> Vec<(u32, FlawKind)> {
        read(text).flaws.into_iter().map(|flaw| (flaw.line, flaw.kind)).collect()
    };
    let twice = FlawKind::DuplicateSection { header: "profile a".into(), first: 1 };
    assert_eq!(flaws(b"[profile a]\nx=1\n[profile a]\n"), [(3, twice)]);
    let twice = FlawKind::DuplicateSetting { key: "x".into(), first: 2 };
    assert_eq!(flaws(b"[profile a]\nx=1\nX=2\n[profile b]\nx=1\n"), [(3, twice)]);
    assert_eq!(
        flaws(b"\n x=1\n[a]\nx\n=1\n"),
        [(2, FlawKind::BeforeAnySection), (4, FlawKind::NoEqualsSign), (5, FlawKind::NoEqualsSign)]
    );
    assert_eq!(flaws(b"[a]\nname = J\xfcrgen\n"), [(2, FlawKind::NotUtf8)]);
    let utf16: Vec<u8> = USUAL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(flaws(&[&[0xff, 0xfe], &utf16[..]].concat()), [(1, FlawKind::NotUtf8)]);
    let marked = [b"\xef\xbb\xbf", USUAL.as_bytes()].concat();
    assert_eq!(flaws(&marked), [(1, FlawKind::ByteOrderMark)]);
    assert_eq!(read(&marked).profiles, read(USUAL.as_bytes()).profiles);
}

proptest! {
    // The same cases each time: a test must not fail for whoever did not cause it.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20_261_122), ..ProptestConfig::default() })]

    /// Whatever the file holds, it is read, and what is kept of it stands in it.
    #[test]
    fn nothing_is_too_odd_to_be_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn what_is_kept_stands_on_its_line(text in "(( ){0,3}(\\[(profile )?[a-c]\\]|sso_[ab]( ){0,1}[=:] ?[x\"#=]{0,3}|x=y|[#;]z|\\[|\\]|)\r?\n){0,12}") {
        let config = read(text.as_bytes());
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for section in config.profiles.iter().chain(&config.passed_over) {
            prop_assert_eq!(lines[section.line as usize - 1], format!("[{}]", section.header));
            for setting in section.settings.values() {
                prop_assert_eq!(lines[setting.line as usize - 1], &setting.text);
                prop_assert!(setting.text.contains(&setting.value));
            }
        }
    }
}

#[test]
fn names_all_profiles_and_nothing_else() {
    let config = "[default]\nregion = eu-west-1\n[profile prod-data] # ours\n[profile \"two words\"]\nkey = x\n  [profile no]\n\
                  [sso-session acme]\n[services local]\n[plain]\n[profile]\nkey = [profile no]\n[]\n";
    assert_eq!(profiles(config), ["default", "prod-data", "two words"]);
    assert_eq!(headers("[default]\n[ops]\n"), ["default", "ops"]);
}

#[test]
fn a_header_in_another_form_is_meant_for_a_profile_too() {
    for (header, name, right) in [
        ("prod", "prod", "[profile prod]"),
        (" profile prod ", "prod", "[profile prod]"),
        ("Profile: prod", "prod", "[profile prod]"),
        ("profile prod data", "prod data", "[profile \"prod data\"]"),
        ("profile \"prod", "prod", "[profile prod]"),
        ("profiles-of-ours", "profiles-of-ours", "[profile profiles-of-ours]"),
        (" default", "default", "[default]"),
    ] {
        assert_eq!((meant_profile(header), profile_header(meant_profile(header)).as_str()), (name, right), "{header}");
    }
}
