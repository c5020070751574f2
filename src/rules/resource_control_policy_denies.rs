//! A resource control policy denies the call with which Identity Center takes people into the account.

use super::{Check, Effect, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::denials::{self, TAG_SESSION};
use crate::evidence::{Evidence, Gaps, PolicyKind, Reason};
use crate::organization_policies::{self, Binding, label, place};
use crate::{fixes, paths, policy_requests, wording};

pub(super) static RULE: Rule = Rule {
    id: "resource-control-policy-denies",
    gate: Gate::OrganizationPolicy,
    worst: Worst::Blocks,
    clear: "RCPs let people in",
    summary: "a resource control policy denies sts:AssumeRoleWithSAML",
    explain: include_str!("../../docs/rules/resource-control-policy-denies.md"),
    check: Check::Shared(check),
};

fn check(evidence: &Evidence) -> Judged {
    let Some(binding) = organization_policies::binding(evidence, PolicyKind::ResourceControl)? else {
        return Ok(Outcome::NotApplicable);
    };
    // Only what denies every role of Identity Center is about everybody.
    let mut gaps = Gaps::default();
    let denials = denials::of_sign_in(evidence, &binding, &policy_requests::role(evidence, None), &mut gaps);
    let Some(first) = denials.first() else {
        return denied_in_part(evidence, &binding, gaps);
    };
    // Account access manager takes on a role as a service, without an assertion: an entitlement stays open.
    let entitled = paths::is_entitled(evidence)?;
    let how = if first.action == TAG_SESSION {
        "and Identity Center passes session tags when it takes people"
    } else {
        "and that is how Identity Center takes people"
    };
    let others: Vec<String> = denials.iter().skip(1).map(|denial| label(denial.policy)).collect();
    let others = if others.is_empty() { String::new() } else { format!(" So does {}.", wording::list(others, 3)) };
    let message = format!(
        "Resource control policy {}, attached to {}, denies {} to callers with a SAML assertion ({}), {how} into account \
         {}.{others}{}",
        label(first.policy),
        place(first.target),
        first.action,
        first.statement,
        evidence.account_label(),
        if entitled { " Entitlements do not depend on it." } else { "" }
    );
    let effect = if entitled { Effect::Degrades } else { Effect::Blocks };
    let mut fault = Fault::new(effect, message, first.cite());
    for denial in denials.iter().skip(1) {
        fault = fault.proved_by(denial.cite());
    }
    for denial in &denials {
        let what = format!(
            "In {} of {}, leave out sts:AssumeRoleWithSAML, sts:TagSession and sts:SetSourceIdentity, or add the condition \
             \"Null\": {{\"aws:PrincipalOrgID\": \"false\"}}, which spares callers without an organization id",
            denial.statement,
            label(denial.policy)
        );
        fault = fault.proved_by(denial.cite_attachment()).mended_by(fixes::edit(evidence, denial.policy, &what));
    }
    fault.mended_by(denials.iter().map(|denial| fixes::detach(evidence, denial))).found()
}

/// With no denial of all roles: whether one may deny those of the user's paths.
fn denied_in_part(evidence: &Evidence, binding: &Binding<'_>, gaps: Gaps) -> Judged {
    let found = paths::find(evidence);
    // The paths' own roles are known better than any role; without a path, any role is all there is to ask about.
    let mut gaps = if found.list.is_empty() { gaps } else { Gaps::default() };
    for path in found.assigned() {
        let role = policy_requests::role(evidence, Some(path));
        for denial in denials::of_sign_in(evidence, binding, &role, &mut gaps) {
            let what = format!("policy {}: {} denies some of the roles only", label(denial.policy), denial.statement);
            gaps.0.push(denial.document.gap(Reason::Failed, what));
        }
    }
    gaps.0.extend(binding.gaps.0.iter().cloned());
    gaps.none_or_err().map(|()| Outcome::Clear)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample;
    use crate::evidence::{Call, Organization};

    /// The statement of aws/lza-universal-configuration#25.
    const PERIMETER: &str = r#"{"Sid":"GRSTSDPB","Effect":"Deny","Principal":"*","Action":["sts:AssumeRole","sts:AssumeRoleWithSAML","sts:AssumeRoleWithWebIdentity"],"Resource":"*","Condition":{"BoolIfExists":{"aws:PrincipalIsAWSService":"false"},"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-exampleorg"}}}"#;

    fn with(target: &str, statements: &str) -> Evidence {
        let mut evidence = sample::healthy();
        sample::attach(&mut evidence, PolicyKind::ResourceControl, target, statements);
        evidence
    }

    fn judge(statements: &str) -> Judged {
        check(&with(sample::UNIT, statements))
    }

    fn is_fault(judged: &Judged) -> bool {
        matches!(judged, Ok(Outcome::Fault(fault)) if fault.effect == Effect::Blocks)
    }

    #[test]
    fn an_organization_perimeter_that_forgets_saml_shuts_everybody_out() {
        assert_eq!(check(&sample::healthy()), Ok(Outcome::Clear));
        for target in [sample::ROOT, sample::UNIT, sample::ACCOUNT] {
            let Ok(Outcome::Fault(fault)) = check(&with(target, PERIMETER)) else { panic!("no fault at {target}") };
            for part in ["Guardrails (p-0)", "statement GRSTSDPB", target] {
                assert!(fault.message.contains(part), "{part}: {}", fault.message);
            }
            let last = fault.fixes.last().expect("a fix");
            let detach = format!("aws organizations detach-policy --policy-id p-0 --target-id {target}");
            let detach = (target != sample::ROOT).then_some(detach);
            assert_eq!(last.command.as_ref().map(fixes::Command::shell), detach);
            assert!(last.caution.is_some());
        }
    }

    #[test]
    fn an_entitlement_stays_open() {
        let mut evidence = with(sample::ROOT, PERIMETER);
        sample::entitled::entitle(&mut evidence, sample::group_principal());
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(fault)) if fault.effect == Effect::Degrades));
        evidence.entitlements.applications = sample::denied(Call::ListApplications);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn every_policy_that_denies_is_named() {
        let mut evidence = with(sample::ROOT, PERIMETER);
        let other = r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}"#;
        sample::attach(&mut evidence, PolicyKind::ResourceControl, sample::UNIT, other);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert!(fault.message.ends_with("So does Guardrails (p-0)."), "{}", fault.message);
        assert_eq!((fault.fixes.len(), fault.proof.len()), (6, 4));
    }

    #[test]
    fn near_misses() {
        for statements in [
            // aws-samples/data-perimeter-policy-examples leaves the action out.
            PERIMETER.replace(r#","sts:AssumeRoleWithSAML""#, ""),
            PERIMETER.replace("StringNotEqualsIfExists", "StringEquals"),
            PERIMETER.replace(r#""BoolIfExists""#, r#""Bool""#),
            PERIMETER.replace(r#""BoolIfExists""#, r#""Null":{"aws:PrincipalOrgID":"false"},"BoolIfExists""#),
            PERIMETER.replace(r#""Resource":"*""#, r#""NotResource":"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*""#),
            // aws-samples/data-perimeter-policy-examples#25
            r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithSAML","Resource":"*","Condition":{"StringNotEqualsIfExists":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}"#.to_owned(),
            r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}"#.to_owned(),
        ] {
            assert_eq!(judge(&statements), Ok(Outcome::Clear), "{statements}");
        }
    }

    #[test]
    fn other_ways_to_shut_out_everybody() {
        for statements in [
            r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}"#.to_owned(),
            r#"{"Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"arn:aws:iam::*:role/aws-reserved/*"}"#.to_owned(),
            // An audience of another partition.
            r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithSAML","Resource":"*","Condition":{"StringNotEquals":{"SAML:aud":"https://signin.amazonaws-us-gov.com/saml"}}}"#.to_owned(),
            // Third parties by account: whoever signs nothing is none of them.
            PERIMETER.replace(r#""aws:PrincipalOrgID""#, r#""aws:PrincipalAccount":["999999999999"],"aws:PrincipalOrgID""#),
            PERIMETER.replace("StringNotEqualsIfExists", "StringNotEquals"),
        ] {
            assert!(is_fault(&judge(&statements)), "{statements}: {:?}", judge(&statements));
        }
    }

    #[test]
    fn what_hangs_on_an_address_or_a_tag_is_a_gap_that_names_policy_and_statement() {
        let network = r#"{"Sid":"Network","Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*","Condition":{"NotIpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}}}"#;
        let Err(gaps) = judge(network) else { panic!("undecided") };
        assert!(
            gaps.0[0]
                .message
                .starts_with("policy Guardrails (p-0): statement Network cannot be decided: it depends on")
        );
        // A denial that is certain outranks it.
        assert!(is_fault(&judge(&format!("{network},{PERIMETER}"))));
        let tagged =
            PERIMETER.replace(r#""aws:PrincipalOrgID""#, r#""aws:ResourceTag/open":"true","aws:PrincipalOrgID""#);
        assert!(judge(&tagged).is_err());
    }

    #[test]
    fn denying_tags_counts_only_where_tags_are_passed() {
        let statements = r#"{"Effect":"Deny","Principal":"*","Action":"sts:TagSession","Resource":"*"}"#;
        let mut evidence = with(sample::ROOT, statements);
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        let call = Call::DescribeInstanceAccessControlAttributeConfiguration;
        let mut with_source = |source: &str| {
            let sources = [("Team".to_owned(), vec![format!("${{path:{source}}}")])].into();
            let attributes = crate::evidence::AccessControlAttributes { status: Some("ENABLED".into()), sources };
            evidence.attributes = sample::known(call, Some(attributes));
            check(&evidence)
        };
        assert!(is_fault(&with_source("userName")));
        assert!(with_source("title").is_err());
        evidence.attributes = sample::denied(call);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn one_role_s_denial_is_not_everybody_s() {
        let one = |set: &str| {
            format!(
                r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_{set}_*"}}"#
            )
        };
        let Err(gaps) = judge(&one("RedshiftAnalyst")) else { panic!("a gap") };
        assert!(gaps.0[0].message.ends_with("denies some of the roles only"), "{gaps:?}");
        assert_eq!(judge(&one("Admin")), Ok(Outcome::Clear));
    }

    #[test]
    fn what_is_not_known_is_never_a_fault_but_what_is_proven_stays_one() {
        let mut evidence = with(sample::UNIT, PERIMETER);
        evidence.policies.attached.get_mut(sample::ROOT).expect("there").resource_control =
            sample::denied(Call::ListPoliciesForTarget);
        assert!(is_fault(&check(&evidence)));
        evidence.policies.documents.insert("p-0".into(), sample::denied(Call::DescribePolicy));
        assert!(check(&evidence).is_err());
        evidence.policies.documents.insert("p-0".into(), sample::known(Call::DescribePolicy, "{".into()));
        assert!(check(&evidence).is_err());
        let mut evidence = with(sample::UNIT, PERIMETER);
        evidence.policies.roots = sample::denied(Call::ListRoots);
        assert!(check(&evidence).is_err());
        let mut evidence = with(sample::UNIT, PERIMETER);
        evidence.instances = sample::denied(Call::ListInstances);
        assert!(is_fault(&check(&evidence)));
    }

    #[test]
    fn the_management_account_is_never_bound() {
        let mut evidence = with(sample::ROOT, PERIMETER);
        let organization = Organization {
            id: "o-exampleorg".into(),
            management_account: sample::ACCOUNT.into(),
            feature_set: Some("ALL".into()),
        };
        evidence.organization = sample::known(Call::DescribeOrganization, Some(organization));
        assert_eq!(check(&evidence), Ok(Outcome::NotApplicable));
    }
}
