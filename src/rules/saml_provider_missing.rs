//! The SAML provider that the role trusts is gone.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst, inside_target};
use crate::evidence::Evidence;
use crate::paths::Path;
use crate::{account_role, fixes, policy_document, policy_requests, wording};

pub(super) static RULE: Rule = Rule {
    id: "saml-provider-missing",
    gate: Gate::Role,
    worst: Worst::Blocks,
    clear: "",
    summary: "the SAML provider that the role trusts is gone from the account",
    explain: include_str!("../../docs/rules/saml-provider-missing.md"),
    check: Check::PerPath(check),
};

fn check(evidence: &Evidence, path: &Path) -> Judged {
    let Some(role) = account_role::role_of(evidence, path)? else { return Ok(Outcome::NotApplicable) };
    let roles = &evidence.target.roles;
    let Some(trust) = role.trust_policy.as_deref() else {
        return Err(roles.unclear(format!("role {} came without its trust policy", role.name)).into());
    };
    let trusted = policy_document::federated_principals(trust)
        .ok_or_else(|| roles.unclear(format!("the trust policy of role {} cannot be read", role.name)))?;
    let (partition, account) = (evidence.instance()?.partition(), evidence.account.id.as_deref().unwrap_or_default());
    // A provider of somebody else's does not help, whether it is there or not: that is `role-trust-altered`.
    let trusted: Vec<String> = trusted
        .into_iter()
        .filter(|arn| policy_requests::is_identity_center_provider(arn, partition, account))
        .collect();
    let Some(first) = trusted.first() else { return Ok(Outcome::NotApplicable) };
    let listed = &evidence.target.saml_providers;
    let providers = inside_target(evidence, listed)?;
    if providers.iter().any(|provider| trusted.contains(&provider.arn)) {
        return Ok(Outcome::Clear);
    }
    let message = format!(
        "SAML provider {first}, which role {} trusts, does not exist in account {} any more. Nobody gets into the account \
         through Identity Center.",
        role.name,
        evidence.account_label()
    );
    let count = wording::count(providers.len(), "SAML provider");
    Fault::blocks(message, listed.cite(format!("{count} in the account, not the one that the role trusts")))
        .proved_by(roles.cite(format!("role {} trusts {first}", role.name)))
        .mended_by([fixes::provision(evidence, path)])
        .mended_by([Fix::new(
            "If the SAML provider is still missing then, remove an assignment in the account and create it again",
            None,
        )
        .careful("until it stands again, nobody has access by it")])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, SamlProvider, sample};

    #[test]
    fn looks_for_the_very_provider_that_the_role_trusts() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence, &sample::path()), Ok(Outcome::Clear));
        let other = "arn:aws:iam::123456789012:saml-provider/AWSSSO_0000000000000000_DO_NOT_DELETE";
        let other = SamlProvider { arn: other.into(), created: None, valid_until: None };
        evidence.target.saml_providers = sample::known(Call::ListSamlProviders, vec![other]);
        assert!(matches!(check(&evidence, &sample::path()), Ok(Outcome::Fault(_))));
        evidence.target.saml_providers = sample::denied(Call::ListSamlProviders);
        assert!(check(&evidence, &sample::path()).is_err());
    }

    #[test]
    fn a_provider_of_somebody_else_s_is_another_fault() {
        let mut evidence = sample::healthy();
        let mut role = evidence.target.roles.known().expect("known")[0].clone();
        role.trust_policy =
            role.trust_policy.map(|trust| trust.replace(sample::PROVIDER, "arn:aws:iam::1:saml-provider/Okta"));
        evidence.target.roles = sample::known(Call::ListRoles, vec![role]);
        assert_eq!(check(&evidence, &sample::path()), Ok(Outcome::NotApplicable));
    }
}
