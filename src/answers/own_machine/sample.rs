//! A machine for unit tests: jane.doe is signed in, and her profile for 123456789012 is right.

use crate::answers::diagnosis::{Diagnosis, diagnose};
use crate::aws_files::config_file::{self, File};
use crate::evidence::{
    Call, Content, Evidence, Fact, KeyEnvironment, KeySources, LocalFile, Machine, Observed, Oneself, PortalAnswer,
    SignIn, Token, YOURSELF, sample,
};

pub(crate) const URL: &str = "https://d-9067f0c1d2.awsapps.com/start";
pub(crate) const FILE: &str = "~/.aws/sso/cache/corp.json";
pub(crate) const CONFIG: &str = "\
[profile prod]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = RedshiftAnalyst
region = eu-west-1

[sso-session corp]
sso_start_url = https://d-9067f0c1d2.awsapps.com/start
sso_region = us-east-1
";

pub(crate) fn token() -> Token {
    Token {
        start_url: Some(URL.to_owned()),
        region: Some("us-east-1".to_owned()),
        expires: sample::at("2026-11-22T09:00:00Z"),
        renewable_until: None,
    }
}

pub(crate) fn file<T>(path: &str, content: Content<T>) -> LocalFile<T> {
    LocalFile { path: path.to_owned(), content }
}

pub(crate) fn sign_in(of: &str, path: &str, content: Content<Token>) -> SignIn {
    SignIn { of: Some(of.to_owned()).filter(|of| !of.is_empty()), file: file(path, content) }
}

pub(crate) fn lists(path: &str, sets: &[&str]) -> PortalAnswer {
    PortalAnswer {
        sign_in: path.to_owned(),
        region: "us-east-1".to_owned(),
        permission_sets: Observed::Known(sets.iter().map(|set| (*set).to_owned()).collect()),
        accounts: None,
    }
}

/// What the two files say of keys and roles, beside an environment that says nothing.
pub(crate) fn keys(config: &str, credentials: &str) -> KeySources {
    let credentials = match credentials {
        "" => Content::Absent,
        text => Content::Read(config_file::key_profiles(text.as_bytes(), File::Credentials)),
    };
    KeySources {
        environment: KeyEnvironment::default(),
        config: config_file::key_profiles(config.as_bytes(), File::Config),
        credentials: file("~/.aws/credentials", credentials),
    }
}

/// The machine with this config file.
pub(crate) fn machine(config: &str) -> Machine {
    Machine {
        config: file("~/.aws/config", Content::Read(config_file::read(config.as_bytes()))),
        sign_ins: vec![sign_in("corp", FILE, Content::Read(token()))],
        portal: vec![lists(FILE, &["ReadOnly", "RedshiftAnalyst"])],
        organization_unasked: None,
        oneself: Some(Oneself::Named),
        keys: Some(keys(config, "")),
    }
}

/// Identity Center and the machine are both read.
pub(crate) fn with_organization(machine: Machine) -> Evidence {
    Evidence { machine: Some(machine), ..sample::healthy() }
}

/// The machine alone is read.
pub(crate) fn alone(machine: Machine) -> Evidence {
    let mut evidence = sample::healthy();
    let because = "there are no credentials";
    YOURSELF.clone_into(&mut evidence.question.user);
    evidence.user.lookups.clear();
    evidence.user.described = Fact::not_asked(Call::DescribeUser, because);
    evidence.instances = Fact::not_asked(Call::ListInstances, because);
    evidence.organization = Fact::not_asked(Call::DescribeOrganization, because);
    evidence.account.described = Fact::not_asked(Call::DescribeAccount, because);
    evidence.user.for_principal = Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, because);
    evidence.user.memberships = Fact::not_asked(Call::ListGroupMembershipsForMember, because);
    let organization_unasked = Some("no credentials work here (none)".to_owned());
    evidence.machine = Some(Machine { organization_unasked, oneself: Some(Oneself::Unnamed), ..machine });
    evidence
}

pub(crate) fn diagnosed(machine: Machine) -> Diagnosis {
    diagnose(&alone(machine))
}

/// Two lines are wrong, and a file cannot be read.
pub(crate) fn wrong() -> Machine {
    let config = CONFIG.replace("123456789012", "1234-5678-9012").replace("= RedshiftAnalyst", "= redshift-analyst");
    let mut machine = machine(&config);
    let because = "it is not what the AWS CLI writes (line 1, column 5)".to_owned();
    machine.sign_ins.push(sign_in("", "~/.aws/sso/cache/other.json", Content::Unreadable { because }));
    machine
}

/// Names that would steer a terminal or a ticket.
pub(crate) fn odd() -> Machine {
    let mut machine =
        machine(&CONFIG.replace("= RedshiftAnalyst", "= \u{1b}[2JRed\u{202e}``` <b>[a](https://evil.example)"));
    machine.portal[0].permission_sets = Observed::Known(vec!["\u{1b}]0;owned\u{7}| # <b>".to_owned()]);
    machine
}
