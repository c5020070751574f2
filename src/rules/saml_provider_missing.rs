//! The SAML provider that the role trusts is gone.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst, inside_target};
use crate::model::sign_in_call::is_identity_center_provider;
use crate::model::{Session, SetInAccount};
use crate::model::role_trust::Trust;
use crate::model::{fixes, permission_set_role};
use crate::wording;

rule! {
    gate: Gate::Role,
    worst: Worst::Blocks,
    clear: "",
    summary: "the SAML provider that the role trusts is gone from the account",
    check: Check::Session(check),
}

fn check(session: Session<'_>) -> Judged {
    let Some(here) = session.permission_set() else { return Ok(Outcome::NotApplicable) };
    let Some(role) = permission_set_role::role_of(here)? else {
        return if here.to_come.is_some() { before_there_is_a_role(here) } else { Ok(Outcome::NotApplicable) };
    };
    let trust = Trust::read(here, session.person, role)?;
    // A provider that does not let Identity Center in helps nobody, whether it is there or not: that is
    // `role-trust-altered`.
    let (open, unclear) = trust.open();
    let listed = &here.inside().saml_providers;
    let Some(first) = open.iter().copied().chain(unclear.iter().map(|(arn, _)| *arn)).next() else {
        return Ok(Outcome::NotApplicable);
    };
    let providers = inside_target(here.in_account, listed)?;
    let is_there = |arn: &str| providers.iter().any(|provider| provider.arn == arn);
    if open.iter().any(|arn| is_there(arn)) {
        return Ok(Outcome::Clear);
    }
    if let Some((_, gaps)) = unclear.iter().find(|(arn, _)| is_there(arn)) {
        return Err(gaps.clone());
    }
    let other = trust.providers.iter().filter(|arn| is_there(arn)).find_map(|arn| Some((arn, trust.mismatch(arn)?)));
    let other =
        other.map(|(arn, why)| format!(" {arn}, which is there, does not let it in: {why}.")).unwrap_or_default();
    let roles = &here.inside().roles;
    let message = format!(
        "SAML provider {first}, which role {} trusts, does not exist in account {} any more, so nobody gets to the role \
         through Identity Center.{other}",
        role.name,
        here.account_label()
    );
    let count = wording::count(providers.len(), "SAML provider");
    Fault::blocks(message, listed.cite(format!("{count} in the account, not the one that the role trusts")))
        .proved_by(roles.cite(format!("role {} trusts {first}", role.name)))
        .mended_by([fixes::provision(here)])
        .mended_by([Fix::new(
            "If the SAML provider is still missing then, remove an assignment in the account and create it again",
            None,
        )
        .careful("until it stands again, nobody has access by it")])
        .likely_where(permission_set_role::is_one_of_several(here))
        .found()
}

/// The role that is made yet needs a provider like the others. An account without any role of Identity Center has none by
/// nature: both come with its first permission set.
fn before_there_is_a_role(here: SetInAccount<'_>) -> Judged {
    let roles = &here.inside().roles;
    let all = inside_target(here.in_account, roles)?;
    if all.is_empty() {
        return Ok(Outcome::NotApplicable);
    }
    let listed = &here.inside().saml_providers;
    let providers = inside_target(here.in_account, listed)?;
    let (partition, account) = (here.instance()?.partition(), here.account().id.as_deref().unwrap_or_default());
    if providers.iter().any(|provider| is_identity_center_provider(&provider.arn, partition, account)) {
        return Ok(Outcome::Clear);
    }
    let message = format!(
        "Account {} has {} of Identity Center and no SAML provider of it, so nobody gets to them through Identity Center, \
         nor to the role that permission set {} will have.",
        here.account_label(),
        wording::count(all.len(), "role"),
        here.label()
    );
    let count = wording::count(providers.len(), "SAML provider");
    Fault::blocks(message, listed.cite(format!("{count} in the account, none of Identity Center")))
        .proved_by(roles.cite(format!("{} of Identity Center in the account", wording::count(all.len(), "role"))))
        .likely()
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, SamlProvider, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn looks_for_the_very_provider_that_the_role_trusts() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let other = "arn:aws:iam::123456789012:saml-provider/AWSSSO_0000000000000000_DO_NOT_DELETE";
        let other = SamlProvider { arn: other.into(), created: None, valid_until: None };
        evidence.account.inside.saml_providers = sample::known(Call::ListSamlProviders, vec![other]);
        assert!(matches!(check(&evidence, &path()), Ok(Outcome::Fault(_))));
        evidence.account.inside.saml_providers = sample::denied(Call::ListSamlProviders);
        assert!(check(&evidence, &path()).is_err());
    }

    #[test]
    fn provider_and_condition_have_to_hold_in_one_statement() {
        let other = "arn:aws:iam::123456789012:saml-provider/AWSSSO_0000000000000000_DO_NOT_DELETE";
        let statement = |provider: &str, audience: &str| {
            format!(
                r#"{{"Effect":"Allow","Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Principal":{{"Federated":"{provider}"}},"Condition":{{"StringEquals":{{"SAML:aud":{audience}}}}}}}"#
            )
        };
        let (right, wrong) = (r#""https://signin.aws.amazon.com/saml""#, r#""https://example.com/saml""#);
        let list = format!("[{wrong},{right}]");
        let judge = |statements: &[String]| {
            let mut evidence = sample::healthy();
            let mut role = evidence.account.inside.roles.known().expect("known")[0].clone();
            role.trust_policy = Some(format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(",")).into());
            evidence.account.inside.roles = sample::known(Call::ListRoles, vec![role]);
            let altered = crate::rules::rule("role-trust-altered").expect("a rule");
            (on_path(altered, &evidence, &path()), check(&evidence, &path()))
        };
        // The one that is gone may come in, and the one that is there may not.
        let (altered, missing) = judge(&[statement(other, right), statement(sample::PROVIDER, wrong)]);
        assert_eq!(altered, Ok(Outcome::Clear));
        let Ok(Outcome::Fault(fault)) = missing else { panic!("no fault: {missing:?}") };
        assert!(fault.message.contains(&format!("SAML provider {other}, which role")), "{}", fault.message);
        assert!(
            fault.message.contains("does not let it in: statement 2 has a condition on SAML:aud"),
            "{}",
            fault.message
        );
        let (altered, missing) = judge(&[statement(other, wrong), statement(sample::PROVIDER, wrong)]);
        assert!(matches!(altered, Ok(Outcome::Fault(_))) && missing == Ok(Outcome::NotApplicable));
        let denied = format!(r#"{{"Effect":"Deny","Action":"sts:*","NotPrincipal":{{"Federated":"{other}"}}}}"#);
        let (altered, missing) = judge(&[statement(other, right), statement(sample::PROVIDER, right), denied]);
        assert!(altered == Ok(Outcome::Clear) && matches!(missing, Ok(Outcome::Fault(_))));
        for open in [
            vec![statement(other, wrong), statement(sample::PROVIDER, right)],
            vec![statement(sample::PROVIDER, wrong), statement(sample::PROVIDER, &list)],
            vec![statement(other, right), statement(sample::PROVIDER, &list)],
        ] {
            assert_eq!(judge(&open), (Ok(Outcome::Clear), Ok(Outcome::Clear)), "{open:?}");
        }
    }

    #[test]
    fn a_provider_of_somebody_else_s_is_another_fault() {
        let mut evidence = sample::healthy();
        let mut role = evidence.account.inside.roles.known().expect("known")[0].clone();
        role.trust_policy =
            role.trust_policy.map(|trust| trust.replace(sample::PROVIDER, "arn:aws:iam::1:saml-provider/Okta").into());
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![role]);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::NotApplicable));
    }
}
