//! The role and the SAML provider in the account.

use crate::wire::scenario::{Scenario, scenario};
use served::{InlinePolicy, Moment, Organization, Role, SamlProvider};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("role-missing", |acme| acme.remove_role("RedshiftAnalyst", "prod-data")).blocked_by("role-missing"),
        // What is left looks like it: names that begin the same, and a role of another Region's earlier instance.
        scenario("role-missing--look-alikes", |acme| {
            add_look_alikes(acme);
            acme.remove_role("RedshiftAnalyst", "prod-data");
        })
        .blocked_by("role-missing"),
        scenario("role-missing--near-miss", add_look_alikes),
        // Deleting the last assignment deletes the role, and the next one has a new suffix.
        scenario("role-missing--near-miss-new-suffix", |acme| {
            let role = acme.role("RedshiftAnalyst", "prod-data");
            let mut old = role.clone();
            role.name = "AWSReservedSSO_RedshiftAnalyst_00112233445566aa".into();
            role.created = Moment::days_ago(3);
            old.attached_policies.clear();
            acme.account("prod-data").iam.roles.push(old);
        }),
        scenario("saml-provider-missing", |acme| acme.account("prod-data").iam.saml_providers.clear())
            .blocked_by("saml-provider-missing"),
        scenario("saml-provider-missing--another-is-there", |acme| {
            let providers = &mut acme.account("prod-data").iam.saml_providers;
            providers.clear();
            providers.push(SamlProvider { name: "Okta".into(), ..SamlProvider::default() });
            providers
                .push(SamlProvider { name: "AWSSSO_0123456789abcdef_DO_NOT_DELETE".into(), ..SamlProvider::default() });
        })
        .blocked_by("saml-provider-missing"),
        scenario("saml-provider-missing--near-miss", |acme| {
            acme.account("dev-data").iam.saml_providers.clear();
        }),
        scenario("role-trust-altered", |acme| {
            retrust(acme, "https://signin.aws.amazon.com/saml", "https://signin.amazonaws-us-gov.com/saml");
        })
        .blocked_by("role-trust-altered"),
        // The provider is somebody else's: it is not that Identity Center's is missing.
        scenario("role-trust-altered--foreign-provider", |acme| {
            let providers = &mut acme.account("prod-data").iam.saml_providers;
            providers.push(SamlProvider { name: "Okta".into(), ..SamlProvider::default() });
            let own = acme.saml_provider_name("123456789012");
            retrust(acme, &own, "Okta");
        })
        .blocked_by("role-trust-altered"),
        // Wider than Identity Center writes it.
        scenario("role-trust-altered--near-miss", |acme| {
            retrust(acme, r#""StringEquals""#, r#""StringLike""#);
            retrust(acme, "https://signin.aws.amazon.com/saml", "https://*signin.aws.amazon.com/saml");
        }),
        scenario("role-policies-differ", |acme| {
            acme.role("RedshiftAnalyst", "prod-data").attached_policies.clear();
        })
        .degraded_by("role-policies-differ"),
        scenario("role-policies-differ--added-by-hand", |acme| {
            let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
            let inline = InlinePolicy { name: "quarantine".into(), document: document.into() };
            acme.role("RedshiftAnalyst", "prod-data").inline_policies.push(inline);
        })
        .degraded_by("role-policies-differ"),
        // The same inline policy, written differently.
        scenario("role-policies-differ--near-miss", |acme| {
            let policy = r#"{"Version": "2012-10-17", "Statement": [{"Action": "s3:List*", "Effect": "Allow", "Resource": "*"}]}"#;
            acme.permission_set("RedshiftAnalyst").inline_policy = Some(policy.into());
            let same =
                r#"{"Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}],"Version":"2012-10-17"}"#;
            acme.provision("RedshiftAnalyst", "prod-data").inline_policies[0].document = same.into();
        }),
    ]
}

/// Alters the trust policy of hers.
fn retrust(acme: &mut Organization, from: &str, to: &str) {
    let trust = &mut acme.role("RedshiftAnalyst", "prod-data").trust_policy;
    assert!(trust.contains(from), "{trust}");
    *trust = trust.replace(from, to);
}

/// Roles that a search by prefix, or one that does not look at the path, takes for hers.
fn add_look_alikes(acme: &mut Organization) {
    let own = acme.role("RedshiftAnalyst", "prod-data").clone();
    let like = |name: &str, path: &str| Role { name: name.into(), path: path.into(), ..own.clone() };
    acme.account("prod-data").iam.roles.extend([
        like("AWSReservedSSO_RedshiftAnalystV2_1111111111111111", "/aws-reserved/sso.amazonaws.com/"),
        like("AWSReservedSSO_RedshiftAnalyst_ReadOnly_2222222222222222", "/aws-reserved/sso.amazonaws.com/"),
        like("AWSReservedSSO_RedshiftAnalyst_3333333333333333", "/aws-reserved/sso.amazonaws.com/eu-central-1/"),
        like("AWSReservedSSO_redshiftanalyst_4444444444444444", "/aws-reserved/sso.amazonaws.com/"),
        like("RedshiftAnalyst", "/"),
    ]);
}
