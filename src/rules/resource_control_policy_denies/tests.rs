use super::*;
use crate::evidence::Evidence;
use crate::evidence::sample::{self, entitled};
use crate::evidence::{AccessControlAttributes, Call, Organization};
use crate::findings::Command;
use crate::findings::{Confidence, Effect};
use crate::model::sample::path;
use crate::rules::{on_entitlement, on_path};

fn check_entitled(evidence: &Evidence, entitled: &Entitled) -> Judged {
    on_entitlement(&RULE, evidence, entitled)
}

/// The statement of aws/lza-universal-configuration#25.
const PERIMETER: &str = r#"{"Sid":"GRSTSDPB","Effect":"Deny","Principal":"*","Action":["sts:AssumeRole","sts:AssumeRoleWithSAML","sts:AssumeRoleWithWebIdentity"],"Resource":"*","Condition":{"BoolIfExists":{"aws:PrincipalIsAWSService":"false"},"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-exampleorg"}}}"#;

fn with(target: &str, statements: &str) -> Evidence {
    let mut evidence = sample::healthy();
    sample::attach(&mut evidence, PolicyKind::ResourceControl, target, statements);
    evidence
}

fn check(evidence: &Evidence) -> Judged {
    on_path(&RULE, evidence, &path())
}

fn judge(statements: &str) -> Judged {
    check(&with(sample::UNIT, statements))
}

fn judge_entitled(statements: &str) -> Judged {
    let mut evidence = with(sample::ROOT, statements);
    entitled::entitle(&mut evidence, sample::group_principal());
    check_entitled(&evidence, &crate::model::sample::entitlement())
}

fn is_fault(judged: &Judged) -> bool {
    matches!(judged, Ok(Outcome::Fault(fault)) if fault.effect == Effect::Blocks)
}

#[test]
fn the_conditions_on_which_a_denial_hangs_are_named() {
    let told = |statements: &str| {
        let Ok(Outcome::Fault(fault)) = judge(statements) else { panic!("no fault") };
        fault.message
    };
    let (perimeter, condition) = (told(PERIMETER), "aws:PrincipalOrgID (StringNotEqualsIfExists o-exampleorg)");
    assert!(perimeter.contains("(statement GRSTSDPB if ") && perimeter.contains(condition), "{perimeter}");
    let always = told(r#"{"Sid":"Always","Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}"#);
    assert!(always.contains("(statement Always)"), "{always}");
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
        assert_eq!(last.command.as_ref().map(Command::shell), detach);
        assert!(last.caution.is_some());
    }
}

#[test]
fn an_entitlement_is_shut_for_itself() {
    let spared = [
        PERIMETER.to_owned(),
        PERIMETER.replace("BoolIfExists", "Bool"),
        // AWS's own sample against confused deputies.
        r#"{"Effect":"Deny","Principal":"*","Action":["s3:*","sts:*"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceOrgID":"o-exampleorg"},"Null":{"aws:SourceAccount":"false"},"Bool":{"aws:PrincipalIsAWSService":"true"}}}"#.to_owned(),
        r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithSAML","Resource":"*"}"#.to_owned(),
        r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"arn:aws:iam::*:role/aws-reserved/*"}"#.to_owned(),
        r#"{"Effect":"Deny","Principal":"*","Action":"sts:TagSession","Resource":"*"}"#.to_owned(),
    ];
    for statements in spared {
        assert_eq!(judge_entitled(&statements), Ok(Outcome::Clear), "{statements}");
    }
    for (statements, action) in [
        (r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}"#, "sts:AssumeRole"),
        (
            r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:iam::*:role/data/DataReader"}"#,
            "sts:AssumeRole",
        ),
        (r#"{"Effect":"Deny","Principal":"*","Action":"sts:SetContext","Resource":"*"}"#, "sts:SetContext"),
        (
            r#"{"Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-exampleorg"}}}"#,
            "sts:AssumeRole",
        ),
        (
            r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceOrgID":"o-other"}}}"#,
            "sts:AssumeRole",
        ),
    ] {
        let Ok(Outcome::Fault(fault)) = judge_entitled(statements) else { panic!("no fault: {statements}") };
        assert!(
            fault.effect == Effect::Blocks && fault.message.contains(&format!("denies {action} to account")),
            "{}",
            fault.message
        );
    }
    let network = r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#;
    assert!(judge_entitled(network).is_err());
}

#[test]
fn what_shuts_one_way_is_no_softer_for_the_other() {
    let mut evidence = with(sample::ROOT, PERIMETER);
    entitled::entitle(&mut evidence, sample::group_principal());
    assert!(is_fault(&check(&evidence)));
    evidence.entitlements.applications = sample::denied(Call::ListApplications);
    assert!(is_fault(&check(&evidence)));
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
        let attributes = AccessControlAttributes { status: Some("ENABLED".into()), sources };
        evidence.attributes = sample::known(call, Some(attributes));
        check(&evidence)
    };
    assert!(is_fault(&with_source("userName")));
    assert!(with_source("title").is_err());
    let mut evidence = with(sample::ROOT, statements);
    entitled::entitle(&mut evidence, sample::group_principal());
    let sources = [("Team".to_owned(), vec!["${path:userName}".to_owned()])].into();
    evidence.attributes =
        sample::known(call, Some(AccessControlAttributes { status: Some("ENABLED".into()), sources }));
    let judged = check_entitled(&evidence, &crate::model::sample::entitlement());
    assert!(matches!(judged, Ok(Outcome::Fault(fault)) if fault.confidence == Confidence::Likely));
    evidence.attributes = sample::denied(call);
    assert!(check(&evidence).is_err());
}

#[test]
fn one_role_s_denial_shuts_that_role() {
    let one = |resource: &str| {
        let resource = format!(r#""arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/{resource}""#);
        format!(r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":["arn:aws:s3:::*",{resource}]}}"#)
    };
    for resource in ["*AWSReservedSSO_RedshiftAnalyst_*", "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5"] {
        let Ok(Outcome::Fault(fault)) = judge(&one(resource)) else { panic!("no fault: {resource}") };
        assert!(fault.message.contains("on the role of permission set RedshiftAnalyst"), "{}", fault.message);
    }
    for resource in ["AWSReservedSSO_Admin_*", "eu-west-1/*", "AWSReservedSSO_RedshiftAnalyst_0000000000000000"] {
        assert_eq!(judge(&one(resource)), Ok(Outcome::Clear), "{resource}");
    }
    // Which role it is has to be known.
    let mut evidence = with(sample::UNIT, &one("AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5"));
    evidence.account.inside.roles = sample::denied(Call::ListRoles);
    assert!(check(&evidence).is_err());
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
