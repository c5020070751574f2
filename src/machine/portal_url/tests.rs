use super::*;

#[test]
fn portals_tell_their_instance_and_region() {
    let portal = |directory, instance, region| Page::Portal(Portal { directory, instance, region });
    for (url, expected) in [
        ("https://d-9067f0c1d2.awsapps.com/start", portal(Some("d-9067f0c1d2"), None, None)),
        ("https://acme.awsapps.com/start/#/", portal(Some("acme"), None, None)),
        ("https://acme.awsapps.com/start#/?tab=accounts", portal(Some("acme"), None, None)),
        ("https://acme.awsapps.com/start-beta", portal(Some("acme"), None, None)),
        ("https://start.us-gov-home.awsapps.com/directory/acme", portal(Some("acme"), None, None)),
        (
            "https://start.us-gov-east-1.us-gov-home.awsapps.com/directory/d-c2670a94b1/#/",
            portal(Some("d-c2670a94b1"), None, Some("us-gov-east-1")),
        ),
        ("https://start.home.awsapps.cn/directory/acme", portal(Some("acme"), None, None)),
        ("https://start.cn-north-1.home.awsapps.cn/directory/d-1#/", portal(Some("d-1"), None, Some("cn-north-1"))),
        ("https://ssoins-1.portal.us-east-1.app.aws", portal(None, Some("ssoins-1"), Some("us-east-1"))),
        (
            "https://ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn/",
            portal(None, Some("ssoins-1"), Some("cn-north-1")),
        ),
        ("https://ssoins-1.eu-west-1.portal.amazonaws.com/#/", portal(None, Some("ssoins-1"), Some("eu-west-1"))),
        ("https://ssoins-1.cn-north-1.portal.amazonaws.com.cn", portal(None, Some("ssoins-1"), Some("cn-north-1"))),
        ("https://identitycenter.amazonaws.com/ssoins-1", portal(None, Some("ssoins-1"), None)),
        ("https://identitycenter.us-gov.amazonaws.com/ssoins-1", portal(None, Some("ssoins-1"), None)),
        ("https://identitycenter.amazonaws.com.cn/ssoins-1", portal(None, Some("ssoins-1"), None)),
        ("https://acme.awsapps.com", Page::Unfinished("/start")),
        ("https://acme.awsapps.com/#/", Page::Unfinished("/start")),
        ("https://start.us-gov-home.awsapps.com/", Page::Unfinished("/directory/ and the directory's name")),
    ] {
        assert_eq!(page(url), expected, "{url}");
    }
}

#[test]
fn one_portal_has_many_urls() {
    let (id, name) = ("https://d-9067f0c1d2.awsapps.com/start", "https://acme.awsapps.com/start");
    let [here, there] = ["us-east-1", "eu-west-1"].map(|at| format!("https://ssoins-1.{at}.portal.amazonaws.com"));
    for (one, other, may_be) in [
        (id, "https://d-9067f0c1d2.awsapps.com/start/#/", true),
        (id, "https://d-9067f0c1d3.awsapps.com/start", false),
        (id, name, true),
        (name, "https://acme-dev.awsapps.com/start", false),
        (id, &here, true),
        (&here, &there, true),
        (&here, "https://ssoins-2.us-east-1.portal.amazonaws.com", false),
        (&here, "https://ssoins-1.portal.us-east-1.app.aws", true),
        (id, "https://sso.acme.example/start", true),
        (id, "https://acme.okta.com", false),
    ] {
        assert_eq!((may_be_same(one, other), may_be_same(other, one)), (may_be, may_be), "{one} {other}");
    }
}

#[test]
fn pages_of_others_are_known() {
    for (url, whose) in [
        ("https://acme.okta.com/app/amazon_aws_sso/exk1/sso/saml", "Okta's"),
        ("https://acme.okta.com", "Okta's"),
        ("https://ACME.OktaPreview.com/home/amazon_aws_sso/0oa1/1", "Okta's"),
        ("https://myapps.microsoft.com/signin/AWS/0123", "Microsoft Entra ID's"),
        ("https://login.microsoftonline.com/0123/saml2", "Microsoft Entra ID's"),
        ("https://account.activedirectory.windowsazure.com/applications/signin/1", "Microsoft Entra ID's"),
        ("https://accounts.google.com/o/saml2/initsso?idpid=C0&spid=1", "Google's"),
        ("https://desktop.pingone.com/acme", "Ping Identity's"),
        ("https://apps.pingone.eu/0123/myapps/", "Ping Identity's"),
        ("https://sso.connect.pingidentity.com/sso/sp/initsso?saasid=1", "Ping Identity's"),
        ("https://sso.jumpcloud.com/saml2/aws-sso", "JumpCloud's"),
        ("https://acme.onelogin.com/launch/1", "OneLogin's"),
        ("https://adfs.acme.example/adfs/ls/IdpInitiatedSignOn.aspx", "an identity provider's"),
        ("https://login.acme.example/realms/acme/protocol/saml/clients/aws", "an identity provider's"),
        ("https://acme.example/start/saml2/idp", "an identity provider's"),
        ("https://portal.acme.example/apps", "somebody else's"),
        ("https://acme.okta.com.evil.example/", "somebody else's"),
        ("https://us-east-1.console.aws.amazon.com/singlesignon", "the console's"),
        ("https://acme.signin.aws.amazon.com/console", "the console's"),
        ("https://console.amazonaws-us-gov.com/", "the console's"),
        ("https://signin.amazonaws.cn/console", "the console's"),
        ("https://us-east-1.signin.aws/platform/d-1/login", "the console's"),
        ("https://portal.sso.us-east-1.amazonaws.com/", "an endpoint for programs"),
        ("https://device.sso.us-east-1.amazonaws.com/?user_code=A", "an endpoint for programs"),
    ] {
        assert_eq!(page(url), Page::Other(whose), "{url}");
    }
}

#[test]
fn what_may_be_a_portal_is_left_alone() {
    for url in [
        "https://acme.awsapps.com/connect",
        "https://sso.acme.example/start",
        "https://sso.acme.example/start/#/",
        "https://sso.acme.example/#/",
        "https://ssoins-1.portal.eusc-de-east-1.app.amazonaws.eu",
        "https://portal.acme.aws/",
        "https://something.new.awsapps.com/start",
        "https://identitycenter.amazonaws.com/",
        "https://localhost:4566/",
        "https://127.0.0.1:4566/x",
        "https://moto/start",
        "http://acme.okta.com",
        "",
    ] {
        assert_eq!(page(url), Page::Unknown, "{url}");
    }
}
