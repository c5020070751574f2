//! Start URLs: links of identity providers, which lead to the access portal in a browser and nowhere from the AWS CLI; and
//! the many forms of an access portal, which are left alone.

use std::fs;

use crate::wire::home::{CACHED, CONFIG, Home, signed_in};
use crate::wire::run::Answer;
use crate::wire::scenarios;
use serde_json::{Value, json};
use served::{MANAGEMENT_KEY, READ_ROLE, Served};

const URL: &str = "https://d-9067f0c1d2.awsapps.com/start";

/// A home in which nobody signed in yet, at this start URL.
fn new_at(url: &str) -> Home {
    let home = signed_in(&CONFIG.replace(URL, url));
    fs::remove_file(home.path().join(CACHED)).unwrap();
    home
}

fn kinds(answer: &Answer) -> Vec<Value> {
    let json = answer.json().unwrap();
    json["own_machine"]["faults"].as_array().unwrap().iter().map(|fault| fault["kind"].clone()).collect()
}

fn with_identity_center(home: &Home, served: &Served) -> Answer {
    home.ask_as(served, MANAGEMENT_KEY, "--me jane.doe 123456789012").with(&["--target-role", READ_ROLE]).ask()
}

#[test]
fn a_link_of_an_identity_provider_is_told_as_one() {
    let served = scenarios::named("healthy--group").serve();
    for (url, whose) in [
        ("https://acme.okta.com/app/amazon_aws_sso/exk1/sso/saml", "Okta"),
        ("https://acme.okta-emea.com/home/amazon_aws_sso/0oa1/1", "Okta"),
        ("https://myapps.microsoft.com/signin/AWS/0123", "Microsoft"),
        ("https://launcher.myapps.microsoft.com/api/signin/0123", "Microsoft"),
        ("https://accounts.google.com/o/saml2/initsso?idpid=C0&spid=1", "Google"),
        ("https://apps.pingone.com/0123/myapps/", "Ping"),
        ("https://sso.jumpcloud.com/saml2/aws-sso", "JumpCloud"),
        ("https://acme.onelogin.com/launch/1", "OneLogin"),
        ("https://idp.acme.example/adfs/ls/IdpInitiatedSignOn.aspx", "identity provider"),
        ("https://acme.signin.aws.amazon.com/console", "console"),
    ] {
        let home = new_at(url);
        let answer = home.ask(&served, "--me 123456789012").ask();
        let fault = &answer.json().unwrap()["own_machine"]["faults"][0];
        assert_eq!((&fault["kind"], &fault["change"]["line"]), (&json!("sso-start-url-wrong"), &json!(10)), "{url}");
        assert_eq!(fault["change"]["should_be"], json!([]), "nothing here tells the right one");
        let message = fault["message"].as_str().unwrap();
        assert!(message.contains(whose) && message.contains("not the access portal's"), "{message}");
        // The instance tells.
        let fault = with_identity_center(&home, &served).json().unwrap()["own_machine"]["faults"][0].clone();
        assert_eq!(fault["change"]["should_be"], json!([format!("sso_start_url = {URL}")]), "{url}: {fault}");
    }
}

#[test]
fn a_portal_in_any_of_its_forms_is_left_alone() {
    let served = scenarios::named("healthy--group").serve();
    for url in [
        URL,
        "https://d-9067f0c1d2.awsapps.com/start/#/",
        "https://acme.awsapps.com/start",
        "https://ssoins-72233af8ea2d1f14.portal.us-east-1.app.aws",
        "https://ssoins-72233af8ea2d1f14.us-east-1.portal.amazonaws.com",
        "https://start.us-gov-home.awsapps.com/directory/acme",
        "https://start.cn-north-1.home.awsapps.cn/directory/acme",
        "https://sso.acme.example/start",
        "https://sso.acme.example/#/",
        "https://portal.newer.aws/",
    ] {
        let home = new_at(url);
        let answer = home.ask(&served, "--me 123456789012").ask();
        assert_eq!(kinds(&answer), ["sign-in-missing"], "{url}: {}", answer.brief());
        let answer = with_identity_center(&home, &served);
        assert_eq!(kinds(&answer), ["sign-in-missing"], "{url}: {}", answer.brief());
    }
}
