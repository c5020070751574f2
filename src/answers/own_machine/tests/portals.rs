use super::super::sample::{CONFIG, FILE, URL, diagnosed, lists, machine, sign_in, token, with_organization};
use super::{changed, one, told, without_sign_in};
use crate::answers::diagnosis::diagnose;
use crate::evidence::{Content, Machine, Observed, PortalAccount, Token};
use crate::verdict::Verdict;

const KIND: &str = "sso-start-url-wrong";

/// The machine on which nobody signed in at the start URL, but somebody at another one, to whom the portal lists this.
fn beside(url: &str, other: &str, listed: &[&str]) -> Machine {
    let mut machine = without_sign_in(&CONFIG.replace(URL, url));
    let token = Token { start_url: Some(other.to_owned()), ..token() };
    machine.sign_ins.push(sign_in("", "~/other.json", Content::Read(token)));
    machine.portal = vec![lists("~/other.json", listed)];
    machine
}

fn kinds(told: &[(&'static str, u32, String)]) -> Vec<&'static str> {
    told.iter().map(|(kind, ..)| *kind).collect()
}

#[test]
fn what_is_listed_instead_and_what_to_do_about_it() {
    let nothing = |accounts: &[(&str, Option<&str>)]| {
        let mut machine = machine(CONFIG);
        let mut answer = lists(FILE, &[]);
        let account =
            |(id, name): &(&str, Option<&str>)| PortalAccount { id: (*id).into(), name: name.map(str::to_owned) };
        answer.accounts = Some(Observed::Known(accounts.iter().map(account).collect()));
        machine.portal = vec![answer];
        diagnosed(machine).own_machine.expect("a machine").portal
    };
    let told = nothing(&[("210987654321", Some("dev-data")), ("012345678901", None)]);
    assert!(told.contains("lists nothing in 123456789012"), "{told}");
    assert!(told.contains("It lists 012345678901 and dev-data (210987654321)."), "{told}");
    assert!(told.contains("aws sso logout") && !nothing(&[]).contains("It lists "), "{told}");
    // Where the portal lists the account, or Identity Center itself was read, nobody has to sign in again.
    let mut listed = machine(CONFIG);
    listed.portal = vec![lists(FILE, &["RedshiftAnalyst"])];
    assert!(!diagnosed(listed).own_machine.expect("a machine").portal.contains("aws sso logout"));
    let mut empty = machine(CONFIG);
    empty.portal = vec![lists(FILE, &[])];
    let read = diagnose(&with_organization(empty)).own_machine.expect("a machine").portal;
    assert!(!read.contains("aws sso logout"), "{read}");
}

#[test]
fn start_urls() {
    let right = format!("sso_start_url = {URL}");
    for wrong in
        ["http://d-9067f0c1d2.awsapps.com/start", "d-9067f0c1d2.awsapps.com/start", "https://d-9067f0c1d2.awsapps.com/"]
    {
        assert_eq!(changed(URL, wrong), one(KIND, 8, &right), "{wrong}");
    }
    assert_eq!(changed(URL, "https://us-east-1.console.aws.amazon.com/singlesignon"), one(KIND, 8, &right));
    assert_eq!(changed(URL, &format!("{URL}/#/")), vec![], "as browsers show it");
    // The instance tells, unless the portal has proven the sign-in.
    let other = CONFIG.replace("d-9067f0c1d2", "d-1234567890");
    let diagnosis = diagnose(&with_organization(without_sign_in(&other)));
    assert_eq!(told(&diagnosis)[0], (KIND, 8, right.clone()));
    assert_eq!(diagnosis.verdict, Verdict::Degraded);
    // So does another sign-in, to which the portal lists the account.
    let mut two = machine(&other);
    two.sign_ins.push(sign_in("", "~/other.json", Content::Read(token())));
    two.portal = vec![lists(FILE, &[]), lists("~/other.json", &["RedshiftAnalyst"])];
    assert_eq!(told(&diagnosed(two)), one(KIND, 8, &right));
}

/// A link that leads to the portal in a browser is no start URL.
#[test]
fn pages_of_identity_providers() {
    for url in [
        "https://acme.okta.com/app/amazon_aws_sso/exk1fcia6d6EMsf331d8/sso/saml",
        "https://myapps.microsoft.com/signin/AWS/0123",
        "https://accounts.google.com/o/saml2/initsso?idpid=C0&spid=1",
        "https://sso.jumpcloud.com/saml2/aws-sso",
        "https://desktop.pingone.com/acme/Selection?cmd=selection",
        "https://login.acme.example/adfs/ls/IdpInitiatedSignOn.aspx",
        "https://intranet.acme.example/aws",
    ] {
        let config = CONFIG.replace(URL, url);
        // Nothing else tells the right one, the instance does, and so does a sign-in that the portal takes.
        assert_eq!(told(&diagnosed(without_sign_in(&config)))[0], (KIND, 8, String::new()), "{url}");
        let right = format!("sso_start_url = {URL}");
        assert_eq!(told(&diagnose(&with_organization(without_sign_in(&config))))[0], (KIND, 8, right.clone()), "{url}");
        assert_eq!(told(&diagnosed(beside(url, URL, &["ReadOnly"])))[0], (KIND, 8, right.clone()), "{url}");
        assert_eq!(changed(URL, url), one(KIND, 8, &right), "{url}");
        let message = diagnosed(without_sign_in(&config)).own_machine.unwrap().faults.remove(0).fault.message;
        assert!(message.contains("not the access portal's"), "{message}");
        // What took a sign-in is a portal, whatever it is called.
        let mut proven = machine(&config);
        let token = Token { start_url: Some(url.to_owned()), ..token() };
        proven.sign_ins = vec![sign_in("corp", FILE, Content::Read(token))];
        assert_eq!(told(&diagnosed(proven)), vec![], "{url}");
    }
}

#[test]
fn other_forms_of_a_portal_are_left_alone() {
    for url in [
        "https://acme.awsapps.com/start",
        "https://acme.awsapps.com/start/#/",
        "https://ssoins-72233af8ea2d1f14.portal.us-east-1.app.aws",
        "https://ssoins-72233af8ea2d1f14.us-east-1.portal.amazonaws.com",
        "https://start.us-gov-home.awsapps.com/directory/acme",
        "https://start.cn-north-1.home.awsapps.cn/directory/acme",
        "https://identitycenter.amazonaws.com/ssoins-72233af8ea2d1f14",
        "https://sso.acme.example/start",
        "https://sso.acme.example/#/start",
        "https://portal.newer.aws/",
    ] {
        let config = CONFIG.replace(URL, url);
        let wrong = |told: Vec<(&str, u32, String)>| told.iter().any(|(kind, ..)| *kind == KIND);
        assert!(!wrong(told(&diagnosed(without_sign_in(&config)))), "{url}");
        assert!(!wrong(told(&diagnose(&with_organization(without_sign_in(&config))))), "{url}");
        // Another sign-in may be at the same portal under another of its names.
        assert!(!wrong(told(&diagnosed(beside(url, URL, &["RedshiftAnalyst"])))), "{url}");
        assert_eq!(changed(URL, url), vec![], "{url}");
    }
    // Another instance's is another matter.
    for url in ["https://ssoins-0123456789abcdef.portal.us-east-1.app.aws", "https://d-1234567890.awsapps.com/start"] {
        let diagnosis = diagnose(&with_organization(without_sign_in(&CONFIG.replace(URL, url))));
        assert_eq!(told(&diagnosis)[0], (KIND, 8, format!("sso_start_url = {URL}")), "{url}");
    }
}

/// Two organizations have portals with names that are nearly alike.
#[test]
fn a_portal_of_its_own_is_no_slip() {
    let names = |name: &str| format!("https://{name}.awsapps.com/start");
    for (named, signed_in, is_slip) in [
        ("acme-prod", "acme-dev", false),
        ("acme-dev1", "acme-dev2", false),
        ("acme-b", "acme-a", false),
        ("acme-crop", "acme-corp", true),
        ("acme-cop", "acme-corp", true),
        ("d-9067f0c1d3", "d-9067f0c1d2", true),
        ("d-9067f0c1d3", "d-9067f0a1d2", false),
    ] {
        let told = told(&diagnosed(beside(&names(named), &names(signed_in), &[])));
        assert_eq!(kinds(&told).contains(&KIND), is_slip, "{named} {signed_in}");
    }
}

#[test]
fn regions() {
    let (kind, right) = ("sso-region-wrong", "sso_region = us-east-1");
    for wrong in ["us-east-1a", "US-EAST-1", "eu-west-1", "N. Virginia"] {
        assert_eq!(changed("region = us-east-1", &format!("region = {wrong}")), one(kind, 9, right), "{wrong}");
    }
    let wrong = CONFIG.replace("region = us-east-1", "region = eu-west-1");
    let home = diagnose(&with_organization(without_sign_in(&wrong)));
    assert_eq!(told(&home)[0], (kind, 9, right.to_owned()));
    let mut other = without_sign_in(&wrong);
    other.sign_ins.push(sign_in("", "~/other.json", Content::Read(token())));
    assert_eq!(told(&diagnosed(other))[0], (kind, 9, right.to_owned()));
    assert_eq!(told(&diagnosed(without_sign_in(&wrong))), one("sign-in-missing", 0, ""), "nothing speaks against it");
}

/// Identity Center may be extended to other Regions, each with a portal of its own.
#[test]
fn a_region_that_the_start_url_names_is_right() {
    let there = "https://ssoins-72233af8ea2d1f14.eu-west-1.portal.amazonaws.com";
    let config = CONFIG.replace(URL, there).replace("region = us-east-1", "region = eu-west-1");
    assert_eq!(told(&diagnose(&with_organization(without_sign_in(&config)))), one("sign-in-missing", 0, ""));
    assert_eq!(told(&diagnosed(machine(&config))), vec![]);
    // By itself it proves nothing against another one.
    assert_eq!(told(&diagnosed(without_sign_in(&CONFIG.replace(URL, there)))), one("sign-in-missing", 0, ""));
    // The Region that lists the instance has it, too.
    let mut evidence = with_organization(without_sign_in(&CONFIG.replace("region = us-east-1", "region = eu-west-1")));
    if let Observed::Known(instances) = &mut evidence.instances.observed {
        instances[0].listed_in = "eu-west-1".to_owned();
    }
    assert_eq!(told(&diagnose(&evidence)), one("sign-in-missing", 0, ""));
}

/// The line that is right of two is never the one to change.
#[test]
fn of_two_that_contradict_the_wrong_one_changes() {
    let kind = "sso-settings-contradict";
    let both = |own: &str, session: &str| {
        let config = CONFIG.replace("sso_region = us-east-1\n", &format!("sso_region = {session}\n"));
        config.replace("sso_session = corp", &format!("sso_session = corp\nsso_region = {own}"))
    };
    let right = "sso_region = us-east-1";
    assert_eq!(told(&diagnosed(machine(&both("eu-west-1", "us-east-1")))), one(kind, 3, right));
    assert_eq!(told(&diagnosed(machine(&both("us-east-1", "eu-west-1")))), one(kind, 10, right));
    let known = diagnose(&with_organization(without_sign_in(&both("us-east-1", "eu-west-1"))));
    assert_eq!(told(&known)[0], (kind, 10, right.to_owned()));
    // Nothing speaks for either.
    assert_eq!(told(&diagnosed(without_sign_in(&both("us-east-1", "eu-west-1"))))[0], (kind, 3, String::new()));
    let urls = |own: &str, session: &str| {
        let config = CONFIG.replace(URL, session);
        config.replace("sso_session = corp", &format!("sso_session = corp\nsso_start_url = {own}"))
    };
    let other = "https://d-1234567890.awsapps.com/start";
    let right = format!("sso_start_url = {URL}");
    assert_eq!(told(&diagnosed(machine(&urls(other, URL)))), one(kind, 3, &right));
    assert_eq!(told(&diagnosed(machine(&urls(URL, other)))), one(kind, 9, &right));
    // A Region for commands has no place in a session, where it would have to be the same for all its profiles.
    let stray = CONFIG.replace("[sso-session corp]", "[sso-session corp]\nregion = us-east-1");
    assert_eq!(told(&diagnosed(machine(&stray))), one(kind, 8, ""));
    let same = CONFIG.replace("[sso-session corp]", "[sso-session corp]\nregion = eu-west-1");
    assert_eq!(told(&diagnosed(machine(&same))), vec![]);
    // An account in a session is in the wrong place, and the profile's own is right.
    let stray = CONFIG.replace("[sso-session corp]", "[sso-session corp]\nsso_account_id = 999999999999");
    assert_eq!(told(&diagnosed(machine(&stray))), one(kind, 8, ""));
}

/// Two sign-ins at what may be one portal, of which one is older or another person's.
#[test]
fn the_account_is_listed_to_the_other_sign_in() {
    let mut two = machine(&CONFIG.replace(URL, "https://acme.awsapps.com/start"));
    two.sign_ins.push(sign_in("", "~/other.json", Content::Read(token())));
    two.portal = vec![lists(FILE, &[]), lists("~/other.json", &["RedshiftAnalyst"])];
    let diagnosis = diagnosed(two);
    assert_eq!(told(&diagnosis), one("portal-lists-nothing", 0, ""));
    assert_eq!(diagnosis.own_machine.unwrap().faults[0].fault.fixes.len(), 2);
}
