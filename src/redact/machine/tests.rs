mod odd_files;

use std::collections::BTreeSet;

use super::super::{redact, redact_or_refuse};
use crate::answers::diagnosis::diagnose;
use crate::answers::own_machine::sample::{
    CONFIG, FILE, URL, alone, lists, machine, odd, sign_in, token, with_organization, wrong,
};
use crate::evidence::{
    AccountRef, Content, Evidence, LocalFile, Machine, Observed, PortalAccount, Reason, SignIn, SsoSection, Token,
    YOURSELF,
};

mod keys;

/// Names and ids of the samples, and nothing that AWS or the AWS CLI calls its own.
const NAMES: [&str; 20] = [
    "jane",
    "john",
    "corp",
    "prod",
    "redshift",
    "analyst",
    "readonly",
    "billing",
    "acme",
    "mine",
    "sha1ofthis",
    "9067f0c1d2",
    "1234567890",
    "123456789",
    "1234-5678",
    "7243976e43c75fc5",
    "111122223333",
    "billy",
    "owned",
    "evil",
];

/// Redacts, under several seeds where all is tried; the reasoning is held by [`redact`] itself.
fn redacted(evidence: &Evidence) -> Evidence {
    let under = |seed| {
        let redacted = redact_or_refuse(evidence, seed).unwrap_or_else(|refusal| {
            panic!("cannot be redacted: {refusal:?}: {:?}", evidence.machine.as_ref().map(|one| &one.config))
        });
        let written = serde_json::to_string(&redacted).unwrap().to_lowercase();
        for name in NAMES {
            assert!(!written.contains(name), "{name}: {written}");
        }
        let machine = serde_json::to_string(&redacted.machine).unwrap();
        assert!(!machine.contains('…'), "{machine}");
        redacted
    };
    if crate::every() {
        under(2);
    }
    under(1)
}

/// The machine as it is with one thing changed in its config file.
fn changed(from: &str, to: &str) -> Machine {
    assert!(CONFIG.contains(from), "{from}");
    machine(&CONFIG.replace(from, to))
}

fn sections(machine: &Machine) -> Vec<&SsoSection> {
    let config = machine.config.content.read().expect("read");
    config.profiles.iter().chain(&config.sessions).chain(&config.passed_over).collect()
}

/// The words of three letters or more, and the numbers of five digits or more: shorter ones may come by chance.
fn words(machine: &Machine) -> BTreeSet<String> {
    let written = serde_json::to_string(machine).unwrap().to_lowercase();
    let words = written.split(|c: char| !c.is_alphanumeric()).filter(|word| match word.parse::<u64>() {
        Ok(_) => word.len() > 4,
        Err(_) => word.len() > 2,
    });
    words.map(str::to_owned).collect()
}

/// Checks both that the machine alone and that it beside the organization's answers can be redacted.
fn both(machine: &Machine) -> [Evidence; 2] {
    [alone(machine.clone()), with_organization(machine.clone())].map(|evidence| redacted(&evidence))
}

/// What is changed in the usual config file, and into what.
const FAULTS: &[(&str, &str)] = &[
    (CONFIG, CONFIG),
    ("= RedshiftAnalyst", "= RedshiftAnalysts"),
    ("= RedshiftAnalyst", "= \"RedshiftAnalyst\""),
    ("= RedshiftAnalyst", "= RedshiftAnalyst # mine"),
    ("= RedshiftAnalyst", "= AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5"),
    ("= RedshiftAnalyst", "= AWSReservedSSO_Redshift-Analyst_7243976e43c75fc5 ; mine"),
    (
        "= RedshiftAnalyst",
        "= arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5",
    ),
    ("= RedshiftAnalyst", "= Billing"),
    ("sso_role_name = RedshiftAnalyst\n", ""),
    ("id = 123456789012", "id = 1234-5678-9012"),
    ("id = 123456789012", "id = \"123456789012\""),
    ("id = 123456789012", "id = 123456789012 # prod"),
    ("id = 123456789012", "id = 123456789021"),
    ("id = 123456789012", "id = 12345678901"),
    ("id = 123456789012", "id = 1234567890122"),
    ("id = 123456789012", "id = prod"),
    ("= corp", "= corpo"),
    ("= corp", "= \"corp\" # mine"),
    ("[sso-session corp]", "[sso_session corp]"),
    ("[sso-session corp]", "[default]"),
    ("sso_session = corp\n", ""),
    ("sso_session = corp", "sso_session = corp\nsso_region = eu-west-1"),
    ("sso_session = corp", "SSO_Session: corp\nsso_jane = prod"),
    ("sso_region = us-east-1\n", ""),
    (URL, "http://d-9067f0c1d2.awsapps.com/start"),
    (URL, "d-9067f0c1d2.awsapps.com/start"),
    (URL, "https://d-9067f0c1d2.awsapps.com/"),
    (URL, "https://acme.awsapps.com"),
    (URL, "https://us-east-1.console.aws.amazon.com/singlesignon"),
    (URL, "https://d-1234567890.awsapps.com/start"),
    (URL, "https://acme.okta.com/app/amazon_aws_sso/exk1fcia6d6/sso/saml"),
    (URL, "https://myapps.microsoft.com/signin/AWS/0123?tenantId=acme"),
    (URL, "https://login.acme.example/adfs/ls/IdpInitiatedSignOn.aspx"),
    (URL, "https://jane.example/aws"),
    (URL, "https://acme.example/start"),
    (URL, "https://acme.awsapps.com/start"),
    (URL, "https://acme.awsapps.com/connect"),
    (URL, "https://ssoins-72233af8ea2d1f14.portal.us-east-1.app.aws"),
    (URL, "https://ssoins-72233af8ea2d1f14.us-east-1.portal.amazonaws.com"),
    (URL, "https://ssoins-72233af8ea2d1f14.eu-west-1.portal.amazonaws.com/#/"),
    (URL, "https://start.us-gov-home.awsapps.com/directory/acme"),
    (URL, "https://start.us-gov-east-1.us-gov-home.awsapps.com/directory/d-9067f0c1d2"),
    (URL, "https://start.cn-north-1.home.awsapps.cn/directory/acme"),
    (URL, "https://identitycenter.amazonaws.com/ssoins-72233af8ea2d1f14"),
    (URL, "https://portal.acme.aws/"),
    (URL, "https://portal.sso.us-east-1.amazonaws.com"),
    (URL, "https://signin.amazonaws-us-gov.com/console"),
    ("region = us-east-1", "region = us-east-1a"),
    ("region = us-east-1", "region = US-EAST-1 # mine"),
    ("region = us-east-1", "region = eu-west-1"),
    ("region = us-east-1", "region = Acme"),
    ("[profile prod]", "[prod]"),
    ("[profile prod]", "[Profile: prod]"),
    ("[profile prod]", "[profile prod data]"),
    ("[profile prod]", "[profile \"prod data\"]"),
    ("[profile prod]", "[profile default]"),
    ("[profile prod]", "jane\n[default]"),
    ("sso_role_name", "  sso_role_name"),
    ("region = eu-west-1", "region = eu-west-1\nregion = billy\njane = x\njane = y"),
    ("sso_session = corp", "sso_session = corp\nrole_arn = arn:aws:iam::123456789012:role/Billy"),
    (
        "sso_session = corp",
        "sso_session = corp\nrole_arn = arn:aws:iam::111122223333:role/jane/Billy\nsource_profile = prod",
    ),
    (
        "sso_session = corp",
        "sso_session = corp\nrole_arn = arn:aws:iam::123456789012:role/Billy\nsource_profile = billy",
    ),
    ("sso_session = corp", "sso_session = corp\nrole_arn = Billy\nsource_profile = \"porp\" # mine"),
    ("sso_session = corp", "sso_session = corp\nrole_arn = Billy\ncredential_source = environment"),
    ("sso_session = corp", "sso_session = corp\nrole_arn = Billy\ncredential_source = Jane\nsource_profile = billy"),
    ("sso_session = corp", "sso_session = corp\nweb_identity_token_file = /home/jane/token"),
    ("sso_session = corp", "sso_session = corp\naws_access_key_id = jane\naws_secret_access_key = billy"),
    ("sso_session = corp", "sso_session = corp\noutput = json\nregion = eu-west-1"),
    ("[sso-session corp]", "[sso-session corp]\nregion = us-west-2"),
    ("[profile prod]", "[profile jane]\n[DEFAULT]\nsso_role_name = Billy\n[profile prod]"),
    ("region = eu-west-1", "region = eu-west-1\n[profile 'prod']\nregion = x"),
    ("sso_account_id = 123456789012\n", ""),
];

#[test]
fn each_fault_of_a_config_file_stays() {
    let mut stay = BTreeSet::new();
    for &(from, to) in FAULTS.iter().step_by(if crate::every() { 1 } else { 4 }) {
        let before = changed(from, to);
        for after in both(&before) {
            let after = after.machine.expect("a machine");
            stay.extend(words(&before).intersection(&words(&after)).cloned());
            assert_eq!(sections(&before).len(), sections(&after).len());
            for (section, given) in sections(&before).into_iter().zip(sections(&after)) {
                assert_eq!((section.line, section.settings.len()), (given.line, given.settings.len()));
                for setting in given.settings.values() {
                    assert!(setting.text.ends_with(&setting.value), "{to}: {setting:?}");
                }
            }
        }
    }
    // None of them may be somebody's.
    if crate::every() {
        insta::assert_snapshot!(stay.into_iter().collect::<Vec<_>>().join(" "));
    } else {
        let may_stay = include_str!("snapshots/idc__redact__machine__tests__each_fault_of_a_config_file_stays.snap");
        let may_stay: BTreeSet<&str> = may_stay.split_whitespace().collect();
        stay.retain(|word| !may_stay.contains(word.as_str()));
        assert_eq!(stay, BTreeSet::new());
    }
}

#[test]
fn what_is_to_be_changed_names_what_is_there() {
    let should_be = |evidence: &Evidence| {
        let own = diagnose(evidence).own_machine.expect("a machine");
        own.faults.into_iter().filter_map(|fault| fault.fault.change?.should_be.pop()).collect::<Vec<_>>()
    };
    let redacted = redacted(&alone(wrong()));
    let account = redacted.account.id.clone().expect("an id");
    let found = redacted.machine.as_ref().expect("a machine");
    let Observed::Known(sets) = &found.portal[0].permission_sets else { panic!("known") };
    let lines = should_be(&redacted);
    assert_eq!(lines, [format!("sso_account_id = {account}"), format!("sso_role_name = {}", sets[1])]);
    let dashes = sections(found)[0].value("sso_account_id").expect("an account");
    assert_eq!(dashes.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
    assert_eq!(dashes.replace('-', ""), account);
    assert_eq!((found.config.path.as_str(), redacted.question.user.as_str()), ("~/.aws/config", YOURSELF));
}

#[test]
fn what_lost_its_zeros_did_so_still() {
    let mut evidence = alone(changed("id = 123456789012", "id = 12345678901"));
    evidence.account.id = Some("012345678901".to_owned());
    evidence.question.account = AccountRef::Id("012345678901".to_owned());
    let redacted = redacted(&evidence);
    let machine = redacted.machine.as_ref().expect("a machine");
    let value = sections(machine)[0].value("sso_account_id").expect("an account").to_owned();
    assert_eq!(redacted.account.id, Some(format!("0{value}")));
}

#[test]
fn sign_ins_and_paths() {
    let expires = "2026-11-22T00:00:00Z".parse().unwrap();
    let renewable_until = "2027-01-01T00:00:00Z".parse().ok();
    let because = "it is not what the AWS CLI writes (line 1, column 5)".to_owned();
    let hashed = "~/.aws/sso/cache/7243976e43c75fc57243976e43c75fc57243976e.json";
    let other = "/home/jane/elsewhere/billy.json";
    for content in [
        Content::Absent,
        Content::Read(Token { expires, ..token() }),
        Content::Read(Token { expires, renewable_until, ..token() }),
        Content::Read(token()),
        Content::Unreadable { because },
    ] {
        let mut found = machine(CONFIG);
        found.sign_ins = vec![sign_in("corp", hashed, content), sign_in("", other, Content::Read(token()))];
        found.portal = vec![lists(hashed, &[]), lists(other, &["ReadOnly", "RedshiftAnalyst"])];
        found.config.path = "C:\\Users\\jane\\.aws\\config".to_owned();
        for after in both(&found) {
            let after = after.machine.expect("a machine");
            assert!(after.config.path.ends_with("\\.aws\\config"), "{}", after.config.path);
            let LocalFile { path, .. } = &after.sign_ins[0].file;
            assert!(path.starts_with("~/.aws/sso/cache/") && path.len() == hashed.len(), "{path}");
            assert_eq!((path, &after.portal[1].sign_in), (&after.portal[0].sign_in, &after.sign_ins[1].file.path));
            for (before, after) in found.sign_ins.iter().zip(&after.sign_ins) {
                let told = |one: &SignIn| {
                    one.file.content.read().map(|token| (token.region.clone(), token.expires, token.renewable_until))
                };
                assert_eq!(told(before), told(after));
            }
        }
    }
}

#[test]
fn start_urls_that_are_nearly_alike() {
    for (right, wrong) in [
        ("https://d-9067f0c1d2.awsapps.com/start", "https://d-9067f0c1d3.awsapps.com/start"),
        ("https://acme-corp.awsapps.com/start", "https://acme-crop.awsapps.com/start"),
    ] {
        let mut found = machine(&CONFIG.replace(URL, wrong));
        let other = Token { start_url: Some(right.to_owned()), ..token() };
        found.sign_ins = vec![sign_in("corp", FILE, Content::Absent), sign_in("", "~/x.json", Content::Read(other))];
        found.portal.clear();
        let kinds = |evidence: &Evidence| {
            let own = diagnose(evidence).own_machine.expect("a machine");
            own.faults.into_iter().map(|fault| fault.rule).collect::<Vec<_>>()
        };
        let after = redacted(&alone(found));
        assert_eq!(kinds(&after), ["sso-start-url-wrong", "sign-in-missing"]);
    }
}

#[test]
fn permission_sets_that_are_nearly_alike() {
    let mut found = changed("= RedshiftAnalyst", "= RedshiftAnalyst # mine");
    found.portal = vec![lists(FILE, &["RedshiftAnalyst", "RedshiftAnalysts", "RedshiftAnalyzt"])];
    for after in both(&found) {
        let own = diagnose(&after).own_machine.expect("a machine");
        assert_eq!(own.faults[0].fault.suggestions.len(), 3);
    }
}

#[test]
fn accounts_of_the_portal() {
    let account = |id: &str, name: &str| PortalAccount { id: id.to_owned(), name: Some(name.to_owned()) };
    let mut found = changed("id = 123456789012", "id = 123456789021");
    found.portal[0].accounts = Some(Observed::Known(vec![account("123456789021", "prodadta")]));
    both(&found);
    found.portal[0].permission_sets = Observed::missing(Reason::NotAsked, "the portal lists no account of that name");
    let mut evidence = alone(found);
    evidence.account.id = None;
    evidence.question.account = AccountRef::Name("proddata".to_owned());
    let after = redacted(&evidence);
    let own = diagnose(&after).own_machine.expect("a machine");
    assert!(own.portal.contains("Did you mean: "), "{}", own.portal);
}

#[test]
fn idc_s_own_reasons_stay() {
    for because in [
        "no AWS credentials: none in the environment, in a profile, in a container or on an instance",
        "no AWS credentials: the profile is not there, or holds none",
        "AWS does not accept these credentials (ExpiredToken): The security token included in the request is expired",
        "no IAM Identity Center instance is visible from account 111122223333 in us-east-1 or any other Region",
        "only account instances of IAM Identity Center are visible from account 111122223333, not the organization's",
        "the credentials do not tell your user name there (arn:aws:sts::111122223333:assumed-role/Acme/jane); idc why \
         --me USER ACCOUNT does",
        "no credentials work here (none in the environment)",
        "AWS did not tell whose the credentials are",
    ] {
        let mut evidence = alone(odd());
        let machine = evidence.machine.as_mut().expect("a machine");
        machine.organization_unasked = Some(because.to_owned());
        let given = redacted(&evidence).machine.expect("a machine").organization_unasked.expect("a reason");
        assert_eq!(given.split_whitespace().count(), because.split_whitespace().count());
    }
    for because in [
        "it does not tell when the sign-in runs out",
        "it is not a regular file",
        "it is larger than 1 MiB",
        "Permission denied (os error 13)",
        "Is a directory (os error 21)",
    ] {
        let mut found = machine(CONFIG);
        found.config.content = Content::Unreadable { because: because.to_owned() };
        for after in both(&found) {
            assert_eq!(after.machine.expect("a machine").config.content, found.config.content);
        }
    }
}
