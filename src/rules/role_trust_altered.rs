//! The role's trust policy no longer lets Identity Center in.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::model::Session;
use crate::model::role_trust::{Refusal, Trust};
use crate::model::{fixes, permission_set_role};

rule! {
    gate: Gate::Role,
    worst: Worst::Blocks,
    clear: "",
    summary: "the role's trust policy no longer lets Identity Center in",
    check: Check::Session(check),
}

fn check(session: Session<'_>) -> Judged {
    let Some(here) = session.permission_set() else { return Ok(Outcome::NotApplicable) };
    let Some(role) = permission_set_role::role_of(here)? else { return Ok(Outcome::NotApplicable) };
    let roles = &here.inside().roles;
    let trust = Trust::read(here, session.person, role)?;
    let (open, unclear) = trust.open();
    if !open.is_empty() {
        return Ok(Outcome::Clear);
    }
    if let Some((_, gaps)) = unclear.into_iter().next() {
        return Err(gaps);
    }
    let provider = trust.providers.first().map(String::as_str);
    let what = match (trust.refusal(provider)?, provider) {
        (Some(Refusal::Denied(statement)), _) => format!("denies sts:AssumeRoleWithSAML ({statement})"),
        (Some(Refusal::WithoutTags), Some(_)) => {
            "does not allow sts:TagSession, and Identity Center passes session tags".to_owned()
        }
        (Some(Refusal::NotAllowed | Refusal::WithoutTags) | None, None) => {
            match trust.policy.federated_principals().first() {
                Some(other) => format!("trusts {other}, which is not Identity Center's provider in this account"),
                None => "trusts no SAML provider".to_owned(),
            }
        }
        (Some(Refusal::NotAllowed) | None, Some(provider)) => {
            let why = trust.mismatch(provider).map(|why| format!(": {why}")).unwrap_or_default();
            format!("does not allow sts:AssumeRoleWithSAML to Identity Center{why}")
        }
    };
    let message = format!(
        "The trust policy of role {} in account {} {what}, so AWS STS refuses people with permission set {}.",
        role.name,
        here.account_label(),
        here.label(),
    );
    let mut provision = fixes::provision(here);
    provision.what.push_str(", which has Identity Center write the role anew");
    Fault::blocks(message, roles.cite(format!("the trust policy of {} {what}", role.name)))
        .mended_by([
            provision,
            Fix::new(
                "If the trust policy stays as it was, remove all assignments of the permission set in the account, which \
                 removes the role, and create them again",
                None,
            )
            .careful("meanwhile nobody gets in by this permission set, and the new role has another name: policies that name the old one no longer fit"),
        ])
        .likely_where(permission_set_role::is_one_of_several(here))
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{AccessControlAttributes, Call, sample};
    use crate::findings::Confidence;
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    const AUDIENCE: &str = "https://signin.aws.amazon.com/saml";

    fn with(from: &str, to: &str) -> Evidence {
        let mut evidence = sample::healthy();
        let mut role = evidence.account.inside.roles.known().expect("known")[0].clone();
        let trust = role.trust_policy.expect("there");
        assert!(trust.contains(from), "{}", &*trust);
        role.trust_policy = Some(trust.replace(from, to).into());
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![role]);
        evidence
    }

    fn told(from: &str, to: &str) -> Option<String> {
        match check(&with(from, to), &path()) {
            Ok(Outcome::Fault(fault)) => Some(fault.proof[0].says.clone()),
            _ => None,
        }
    }

    #[test]
    fn what_identity_center_writes_lets_it_in() {
        assert_eq!(check(&sample::healthy(), &path()), Ok(Outcome::Clear));
        let older = with("AWSSSO_cd5bfb301b6c971e_DO_NOT_DELETE", "AWSSSO_DO_NOT_DELETE");
        assert_eq!(check(&older, &path()), Ok(Outcome::Clear));
        // Without the audience it is open wider than need be, but open.
        let wider = with(r#","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}"#, "");
        assert_eq!(check(&wider, &path()), Ok(Outcome::Clear));
    }

    #[test]
    fn of_several_roles_identity_center_may_use_another() {
        let mut evidence = with("sts:AssumeRoleWithSAML", "sts:AssumeRole");
        let altered = evidence.account.inside.roles.known().expect("known")[0].clone();
        let mut older = sample::healthy().account.inside.roles.known().expect("known")[0].clone();
        older.name = older.name.replace("_7243976e43c75fc5", "_0123456789abcdef");
        older.arn = older.arn.replace("_7243976e43c75fc5", "_0123456789abcdef");
        older.created = Some(sample::at("2020-01-01T00:00:00Z"));
        let confidence = |evidence: &Evidence| match check(evidence, &path()) {
            Ok(Outcome::Fault(fault)) => fault.confidence,
            other => panic!("{other:?}"),
        };
        assert_eq!(confidence(&evidence), Confidence::Confirmed);
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![older, altered]);
        assert_eq!(confidence(&evidence), Confidence::Likely);
    }

    #[test]
    fn each_alteration_is_named() {
        let foreign = told("AWSSSO_cd5bfb301b6c971e_DO_NOT_DELETE", "Okta").expect("a fault");
        assert!(foreign.contains("saml-provider/Okta, which is not Identity Center's"), "{foreign}");
        let account = told("123456789012:saml-provider", "111122223333:saml-provider").expect("a fault");
        assert!(account.contains("which is not"), "{account}");
        for (from, to, why) in [
            ("sts:AssumeRoleWithSAML", "sts:AssumeRole", "statement 1 names other actions"),
            (AUDIENCE, "https://signin.amazonaws-us-gov.com/saml", "a condition on SAML:aud (StringEquals) that"),
            (
                r#""SAML:aud""#,
                r#""aws:PrincipalOrgID":"o-1","SAML:aud""#,
                "a condition on aws:PrincipalOrgID (StringEquals)",
            ),
        ] {
            let told = told(from, to).expect(to);
            assert!(told.contains("does not allow sts:AssumeRoleWithSAML") && told.contains(why), "{told}");
        }
        let deny = r#""Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*"},{"Effect":"Allow""#;
        let mut evidence = with(r#""Statement":{"Effect":"Allow""#, deny);
        let mut role = evidence.account.inside.roles.known().expect("known")[0].clone();
        role.trust_policy = role.trust_policy.map(|trust| format!("{}]}}", &trust[..trust.len() - 1]).into());
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![role]);
        let Ok(Outcome::Fault(fault)) = check(&evidence, &path()) else { panic!("no fault") };
        assert!(fault.message.contains("denies sts:AssumeRoleWithSAML (statement 1)"), "{}", fault.message);
        assert!(
            told(
                r#"{"Federated":"arn:aws:iam::123456789012:saml-provider/AWSSSO_cd5bfb301b6c971e_DO_NOT_DELETE"}"#,
                r#"{"AWS":"111122223333"}"#
            )
            .expect("a fault")
            .contains("trusts no SAML provider")
        );
    }

    #[test]
    fn session_tags_count_where_they_are_passed() {
        let mut evidence = with(r#","sts:TagSession""#, "");
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let sources = [("Team".to_owned(), vec!["${path:userName}".to_owned()])].into();
        let attributes = AccessControlAttributes { status: Some("ENABLED".into()), sources };
        let call = Call::DescribeInstanceAccessControlAttributeConfiguration;
        evidence.attributes = sample::known(call, Some(attributes));
        assert!(matches!(check(&evidence, &path()), Ok(Outcome::Fault(_))));
        evidence.attributes = sample::denied(call);
        assert!(check(&evidence, &path()).is_err());
    }

    #[test]
    fn what_cannot_be_decided_names_the_statement() {
        let evidence = with(r#""SAML:aud""#, r#""SAML:iss":"https://example.com","SAML:aud""#);
        let Err(gaps) = check(&evidence, &path()) else { panic!("undecided") };
        assert!(gaps.0[0].message.contains("statement 1 cannot be decided: it depends on SAML:iss"), "{gaps:?}");
        assert!(check(&with("{", "["), &path()).is_err());
    }
}
