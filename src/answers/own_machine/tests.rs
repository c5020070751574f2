use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::sample::{CONFIG, FILE, alone, diagnosed, file, lists, machine, sign_in, token, with_organization};
use crate::answers::diagnosis::{Diagnosis, diagnose};
use crate::evidence::{Call, Content, Machine, Observed, PortalAccount, Reason, SsoConfig, Token, sample};
use crate::verdict::Verdict;

mod permission_sets;
mod portals;
mod roles;
mod rules;

/// Kind, line and the line as it should be, of each fault.
fn told(diagnosis: &Diagnosis) -> Vec<(&'static str, u32, String)> {
    let own = diagnosis.own_machine.as_ref().expect("a machine");
    let told = own.faults.iter().map(|fault| {
        let change = fault.fault.change.as_ref();
        (fault.rule, change.map_or(0, |one| one.line), change.map_or(String::new(), |one| one.should_be.join("|")))
    });
    told.collect()
}

/// What is told where one line of the usual config file is another.
fn changed(from: &str, to: &str) -> Vec<(&'static str, u32, String)> {
    assert!(CONFIG.contains(from), "{from}");
    told(&diagnosed(machine(&CONFIG.replace(from, to))))
}

fn one(kind: &'static str, line: u32, should_be: &str) -> Vec<(&'static str, u32, String)> {
    vec![(kind, line, should_be.to_owned())]
}

fn commands(diagnosis: &Diagnosis) -> Vec<String> {
    let faults = &diagnosis.own_machine.as_ref().expect("a machine").faults;
    faults.iter().flat_map(|fault| &fault.fault.fixes).filter_map(|fix| Some(fix.command.as_ref()?.shell())).collect()
}

fn without_sign_in(config: &str) -> Machine {
    let sign_ins = vec![sign_in("corp", FILE, Content::Absent)];
    Machine { sign_ins, portal: vec![], ..machine(config) }
}

fn expired(renewable_until: Option<&str>) -> Machine {
    let expires = "2026-11-22T00:00:00Z".parse().unwrap();
    let token = Token { expires, renewable_until: renewable_until.map(|at| at.parse().unwrap()), ..token() };
    Machine { sign_ins: vec![sign_in("corp", FILE, Content::Read(token))], portal: vec![], ..machine(CONFIG) }
}

#[test]
fn the_portal_alone_proves_no_access() {
    let diagnosis = diagnosed(machine(CONFIG));
    assert_eq!((diagnosis.verdict, told(&diagnosis)), (Verdict::Inconclusive, vec![]));
    assert!(diagnosis.own_machine.is_some_and(|own| own.alone.is_some() && own.advice.is_empty()));
    let diagnosis = diagnose(&with_organization(machine(CONFIG)));
    assert_eq!((diagnosis.verdict, told(&diagnosis)), (Verdict::Reachable, vec![]));
    assert!(diagnosis.own_machine.is_some_and(|own| own.alone.is_none()));
}

#[test]
fn a_portal_that_was_not_asked_is_not_for_want_of_a_sign_in_that_holds() {
    let unasked = |machine: Machine| diagnosed(Machine { portal: vec![], ..machine }).own_machine.unwrap().portal;
    assert!(unasked(machine(CONFIG)).contains("tells its Region"));
    assert!(unasked(expired(None)).contains("no sign-in on this machine holds"));
}

#[test]
fn permission_sets() {
    let (kind, right) = ("sso-role-name-wrong", "sso_role_name = RedshiftAnalyst");
    for wrong in [
        "RedshiftAnalysts",
        "redshiftanalyst",
        "\"RedshiftAnalyst\"",
        "RedshiftAnalyst # mine",
        "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5",
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5",
    ] {
        assert_eq!(
            changed("sso_role_name = RedshiftAnalyst", &format!("sso_role_name = {wrong}")),
            one(kind, 4, right)
        );
    }
    let none = changed("sso_role_name = RedshiftAnalyst\n", "");
    assert_eq!(none, one("sso-settings-missing", 1, ""));
    // Without the portal's word only the form tells.
    let silent = |config: &str| told(&diagnosed(Machine { portal: vec![], ..machine(config) }));
    assert_eq!(silent(&CONFIG.replace("= RedshiftAnalyst", "= Billing")), vec![]);
    let role = CONFIG.replace("= RedshiftAnalyst", "= AWSReservedSSO_Billing_7243976e43c75fc5");
    assert_eq!(silent(&role), one(kind, 4, "sso_role_name = Billing"));
    // What Identity Center assigns serves as well.
    let config = CONFIG.replace("= RedshiftAnalyst", "= Redshift-Analyst");
    let diagnosis = diagnose(&with_organization(Machine { portal: vec![], ..machine(&config) }));
    assert_eq!((diagnosis.verdict, told(&diagnosis)), (Verdict::Degraded, one(kind, 4, right)));
}

#[test]
fn account_ids() {
    let (kind, right) = ("sso-account-id-wrong", "sso_account_id = 123456789012");
    for wrong in ["1234-5678-9012", "\"123456789012\"", "123456789012 # prod", "123456789021", "12345678901"] {
        assert_eq!(changed("id = 123456789012", &format!("id = {wrong}")), one(kind, 3, right), "{wrong}");
    }
    let mut evidence = alone(machine(&CONFIG.replace("id = 123456789012", "id = 12345678901")));
    evidence.account.id = Some("012345678901".into());
    assert_eq!(told(&diagnose(&evidence)), one(kind, 3, "sso_account_id = 012345678901"));
    // The next account is no near miss where it exists, nor where a profile is right.
    let mut known = machine(&CONFIG.replace("id = 123456789012", "id = 123456789021"));
    let account = PortalAccount { id: "123456789021".into(), name: None };
    known.portal[0].accounts = Some(Observed::Known(vec![account]));
    assert_eq!(told(&diagnosed(known)), vec![]);
    let beside =
        format!("{CONFIG}[profile near]\nsso_account_id = 123456789021\nsso_role_name = X\nsso_session = corp\n");
    assert_eq!(told(&diagnosed(machine(&beside))), vec![]);
}

/// None is for the account, and one says of none which it is for.
#[test]
fn a_profile_that_names_no_account() {
    let kind = "sso-settings-missing";
    let line = "[profile prod]|sso_account_id = 123456789012";
    assert_eq!(changed("sso_account_id = 123456789012\n", ""), one(kind, 1, line));
    let diagnosis = diagnosed(machine(&CONFIG.replace("sso_account_id = 123456789012\n", "")));
    assert!(diagnosis.own_machine.unwrap().advice.is_empty());
    // Which account it is meant for is not known where the set is another one, or two profiles are so.
    let other = CONFIG.replace("sso_account_id = 123456789012\n", "").replace("= RedshiftAnalyst", "= Billing");
    assert_eq!(told(&diagnosed(machine(&other))), one(kind, 1, ""));
    let two = format!("{}[profile b]\nsso_role_name = ReadOnly\n", other.replace("= Billing", "= ReadOnly"));
    assert_eq!(told(&diagnosed(machine(&two))), [one(kind, 1, ""), one(kind, 9, "")].concat());
    // Where another profile is right, it is nobody's business; nor is a session alone a permission set's.
    let beside = format!("{CONFIG}[profile b]\nsso_role_name = ReadOnly\n");
    assert_eq!(told(&diagnosed(machine(&beside))), vec![]);
    let alone = CONFIG.replace("sso_account_id = 123456789012\nsso_role_name = RedshiftAnalyst\n", "");
    assert_eq!(told(&diagnosed(machine(&alone))), vec![]);
}

#[test]
fn sessions() {
    let right = "sso_session = corp";
    assert_eq!(changed("sso_session = corp", "sso_session = corpo"), one("sso-session-undefined", 2, right));
    let header = changed("[sso-session corp]", "[sso_session corp]");
    assert_eq!(header, one("section-header-wrong", 7, "[sso-session corp]"));
    assert_eq!(
        changed("sso_session = corp\n", ""),
        one("sso-settings-missing", 1, "[profile prod]|sso_session = corp")
    );
    let region = changed("sso_region = us-east-1\n", "");
    assert_eq!(region, one("sso-settings-missing", 7, "[sso-session corp]|sso_region = us-east-1"));
}

#[test]
fn sign_ins() {
    let login = ["aws sso login --profile prod"];
    let mut refused = machine(CONFIG);
    refused.portal[0].permission_sets = Observed::missing(Reason::Denied, "Session token not found or invalid");
    for (machine, kind) in [
        (without_sign_in(CONFIG), "sign-in-missing"),
        (expired(None), "sign-in-expired"),
        (expired(Some("2026-11-21T00:00:00Z")), "sign-in-expired"),
        (refused, "sign-in-refused"),
    ] {
        let diagnosis = diagnosed(machine.clone());
        assert_eq!((diagnosis.verdict, told(&diagnosis)), (Verdict::Inconclusive, one(kind, 0, "")));
        assert_eq!(commands(&diagnosis), login);
        assert_eq!(diagnose(&with_organization(machine)).verdict, Verdict::Degraded);
    }
    let renewable = diagnosed(expired(Some("2027-01-01T00:00:00Z")));
    assert_eq!((renewable.verdict, told(&renewable)), (Verdict::Inconclusive, vec![]));
    assert!(renewable.own_machine.unwrap().unread[0].contains("renews it by itself"));
}

#[test]
fn the_portals_silence_is_no_proof() {
    let nothing = || Machine { portal: vec![lists(FILE, &[])], ..machine(CONFIG) };
    assert_eq!(diagnosed(nothing()).verdict, Verdict::Inconclusive);
    let diagnosis = diagnose(&with_organization(nothing()));
    assert_eq!((diagnosis.verdict, told(&diagnosis)), (Verdict::Degraded, one("portal-lists-nothing", 0, "")));
    // Another permission set than the one asked about.
    let mut evidence = alone(machine(CONFIG));
    evidence.question.permission_set = Some("Billing".into());
    assert_eq!(diagnose(&evidence).verdict, Verdict::Inconclusive);
}

#[test]
fn what_the_portal_does_not_tell_is_not_known() {
    for silence in [Reason::Throttled, Reason::TimedOut, Reason::Failed] {
        let mut machine = machine(CONFIG);
        machine.portal[0].permission_sets = Observed::missing(silence, "x");
        let diagnosis = diagnosed(machine);
        assert_eq!((diagnosis.verdict, told(&diagnosis)), (Verdict::Inconclusive, vec![]));
        assert!(diagnosis.own_machine.is_some_and(|own| own.listed.is_none() && own.unread.len() == 1));
    }
}

/// It lists what is assigned and provisioned, not what works.
#[test]
fn the_portal_settles_nothing_that_identity_center_left_open() {
    let mut evidence = with_organization(machine(CONFIG));
    evidence.account.inside.roles = sample::denied(Call::ListRoles);
    assert_eq!(diagnose(&evidence).verdict, Verdict::Inconclusive);
}

#[test]
fn a_fault_that_is_proven_outweighs_the_portal() {
    let mut evidence = with_organization(machine(CONFIG));
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    let lists = Call::ListPermissionSetsProvisionedToAccount;
    evidence.account.provisioned_latest = sample::known(lists, vec![]);
    assert_eq!(diagnose(&evidence).verdict, Verdict::Blocked);
}

#[test]
fn the_file() {
    let twice = format!("{CONFIG}[profile prod]\nregion = x\n");
    assert_eq!(told(&diagnosed(machine(&twice))), one("config-file-broken", 10, ""));
    assert_eq!(changed("[profile prod]", "[prod]"), one("section-header-wrong", 1, "[profile prod]"));
    assert_eq!(
        changed("[profile prod]", "[profile prod data]"),
        one("section-header-wrong", 1, "[profile \"prod data\"]")
    );
    let indented = changed("sso_role_name", "  sso_role_name");
    assert_eq!(indented[0], ("line-indented", 4, "sso_role_name = RedshiftAnalyst".to_owned()));
}

#[test]
fn a_profile_that_is_not_there_is_advice() {
    let advice = |machine: Machine| diagnosed(machine).own_machine.unwrap().advice;
    let other = CONFIG.replace("123456789012", "999999999999");
    let profile = [
        "[profile 123456789012-ReadOnly]",
        "sso_session = corp",
        "sso_account_id = 123456789012",
        "sso_role_name = ReadOnly",
    ];
    assert_eq!(advice(machine(&other))[0].lines, profile);
    assert_eq!(diagnosed(machine(&other)).verdict, Verdict::Inconclusive);
    for content in [Content::Absent, Content::Read(config_file_without_sessions())] {
        let empty = Machine { config: file("~/.aws/config", content), sign_ins: vec![], portal: vec![], ..machine("") };
        assert!(advice(empty)[0].command.as_ref().is_some_and(|command| command.shell().contains("configure")));
    }
}

fn config_file_without_sessions() -> SsoConfig {
    crate::aws_files::config_file::read(b"[default]\nregion = x\n")
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut machine = machine(CONFIG);
    let because = "it is not what the AWS CLI writes (line 1, column 5)".to_owned();
    machine.sign_ins = vec![sign_in("corp", FILE, Content::Unreadable { because })];
    machine.portal.clear();
    let diagnosis = diagnosed(machine);
    let own = diagnosis.own_machine.as_ref().unwrap();
    assert_eq!((diagnosis.verdict, own.faults.len()), (Verdict::Inconclusive, 0));
    assert!(own.unread[0].starts_with(FILE) && own.unread[0].contains("aws sso login --profile prod"), "{own:?}");
}

proptest! {
    // The same cases each time: a test must not fail for whoever did not cause it.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20_261_122), ..ProptestConfig::default() })]

    /// Whatever stands in the config file, there is an answer, and it is never that the account is shut.
    #[test]
    fn no_file_is_a_proof(config in "(\\[(profile )?prod\\]|\\[sso-session corp\\]|(  )?(sso_(session|account_id|role_name|region|start_url)|role_arn|source_profile|credential_source|aws_access_key_id) ?[=:] ?(corp|prod|arn:aws:iam::123456789012:role/A|123456789012|12345678901|RedshiftAnalyst|us-east-1|https://[a-z./-]{0,9}|\"|# x|ü)?|\r?\n){0,24}") {
        for machine in [machine(&config), without_sign_in(&config)] {
            let diagnosis = diagnosed(machine.clone());
            prop_assert!(diagnosis.verdict != Verdict::Blocked);
            prop_assert!(diagnose(&with_organization(machine)).verdict != Verdict::Blocked);
        }
    }
}
