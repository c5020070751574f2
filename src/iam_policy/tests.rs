//! The examples of the IAM User Guide, and what they come to where something of the request is not known.

use super::*;

/// A call by somebody with a SAML assertion: no principal keys, an address that is not known.
fn saml_call() -> Request {
    let context = Context::new(Key::Unknown)
        .with(&["SAML:aud"], Key::exact("https://signin.aws.amazon.com/saml"))
        .with(&["aws:PrincipalOrgID", "aws:PrincipalIsAWSService", "aws:PrincipalTag/", "aws:SourceVpc"], Key::Absent)
        .with(&["aws:SourceIp"], Key::present())
        .with(&["aws:ResourceAccount"], Key::exact("123456789012"));
    let role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_7243976e43c75fc5";
    Request {
        action: "sts:AssumeRoleWithSAML".into(),
        resource: Text::Exact(role.into()),
        caller: Caller::Saml(Some("arn:aws:iam::123456789012:saml-provider/P".into())),
        context,
    }
}

fn judge_in(request: &Request, statement: &str) -> Match {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny",{statement}}}}}"#);
    let policy = Policy::parse(&text).expect(&text);
    policy.statements[0].judge(request)
}

/// A statement about everything under this condition.
fn under(condition: &str) -> Match {
    judge_in(&saml_call(), &format!(r#""Principal":"*","Action":"sts:*","Resource":"*","Condition":{{{condition}}}"#))
}

fn is_undecided(outcome: &Match) -> bool {
    matches!(outcome, Match::Undecided(_))
}

#[test]
fn actions_are_compared_without_regard_to_case() {
    let named = |element: &str| judge_in(&saml_call(), &format!(r#"{element},"Resource":"*""#));
    for element in [
        r#""Action":"*""#,
        r#""Action":"STS:assumerolewithsaml""#,
        r#""Action":["s3:*","sts:AssumeRole*"]"#,
        r#""Action":"sts:AssumeRoleWith????""#,
        r#""NotAction":["iam:*","sts:AssumeRole"]"#,
    ] {
        assert_eq!(named(element), Match::Applies, "{element}");
    }
    for element in [r#""Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]"#, r#""NotAction":"sts:*""#] {
        assert_eq!(named(element), Match::DoesNotApply, "{element}");
    }
}

#[test]
fn resources_keep_their_case_and_their_parts() {
    let named = |element: &str| judge_in(&saml_call(), &format!(r#""Action":"*",{element}"#));
    let reserved = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com";
    assert_eq!(named(&format!(r#""Resource":"{reserved}/*""#)), Match::Applies);
    assert_eq!(named(&format!(r#""NotResource":"{reserved}/*""#)), Match::DoesNotApply);
    assert_eq!(named(r#""Resource":["arn:aws:s3:::*","arn:aws:iam::*:role/App*"]"#), Match::DoesNotApply);
    assert_eq!(named(r#""NotResource":"arn:aws:iam::*:role/App*""#), Match::Applies);
    assert_eq!(named(r#""Resource":"arn:aws:iam::${aws:ResourceAccount}:role/*""#), Match::Applies);
    assert!(is_undecided(&named(r#""Resource":"arn:aws:iam::${aws:PrincipalAccount}:role/*""#)));
    assert!(is_undecided(&named(r#""Resource":"arn:*AWSReservedSSO_*""#)));
}

#[test]
fn a_missing_key_does_not_match() {
    // "Evaluation logic for missing keys" and "...IfExists condition operators"
    assert_eq!(under(r#""StringEquals":{"aws:PrincipalOrgID":"o-1"}"#), Match::DoesNotApply);
    assert_eq!(under(r#""StringNotEquals":{"aws:PrincipalOrgID":"o-1"}"#), Match::Applies);
    assert_eq!(under(r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}"#), Match::Applies);
    assert_eq!(under(r#""StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}"#), Match::Applies);
    assert_eq!(under(r#""Bool":{"aws:PrincipalIsAWSService":"false"}"#), Match::DoesNotApply);
    assert_eq!(under(r#""BoolIfExists":{"aws:PrincipalIsAWSService":"false"}"#), Match::Applies);
    assert_eq!(under(r#""ArnNotLike":{"aws:PrincipalTag/x":"arn:aws:iam::*:role/x"}"#), Match::Applies);
    assert_eq!(under(r#""Null":{"aws:PrincipalOrgID":"true"}"#), Match::Applies);
    assert_eq!(under(r#""Null":{"aws:PrincipalOrgID":"false"}"#), Match::DoesNotApply);
    assert_eq!(under(r#""Null":{"aws:SourceIp":"false"}"#), Match::Applies);
    assert_eq!(under(r#""ForAllValues:StringEquals":{"aws:PrincipalTag/x":"a"}"#), Match::Applies);
    assert_eq!(under(r#""ForAnyValue:StringNotEquals":{"aws:PrincipalTag/x":"a"}"#), Match::DoesNotApply);
}

#[test]
fn values_are_or_and_keys_and_operators_are_and() {
    let audience = "https://signin.aws.amazon.com/saml";
    assert_eq!(under(&format!(r#""StringEquals":{{"saml:AUD":["x","{audience}"]}}"#)), Match::Applies);
    assert_eq!(under(&format!(r#""StringNotEquals":{{"saml:aud":["x","{audience}"]}}"#)), Match::DoesNotApply);
    assert_eq!(
        under(&format!(r#""StringEquals":{{"saml:aud":"{audience}","aws:PrincipalOrgID":"o-1"}}"#)),
        Match::DoesNotApply
    );
    assert_eq!(
        under(&format!(r#""StringEquals":{{"saml:aud":"{audience}"}},"Null":{{"aws:SourceVpc":true}}"#)),
        Match::Applies
    );
    // One condition that certainly fails settles it, whatever another hangs on.
    let network = r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#;
    assert!(is_undecided(&under(network)));
    assert_eq!(under(&format!(r#"{network},"StringEquals":{{"aws:PrincipalOrgID":"o-1"}}"#)), Match::DoesNotApply);
}

#[test]
fn strings_keep_their_case_unless_told_otherwise() {
    let audience = "HTTPS://signin.aws.amazon.com/saml";
    let with = |operator: &str, value: &str| under(&format!(r#""{operator}":{{"SAML:aud":"{value}"}}"#));
    assert_eq!(with("StringEquals", audience), Match::DoesNotApply);
    assert_eq!(with("StringEqualsIgnoreCase", audience), Match::Applies);
    assert_eq!(with("StringNotEqualsIgnoreCase", audience), Match::DoesNotApply);
    assert_eq!(with("StringLike", "https://*.amazon.com/saml"), Match::Applies);
    assert_eq!(with("StringEquals", "https://*.amazon.com/saml"), Match::DoesNotApply);
    assert_eq!(with("StringNotLike", "https://signin.aws.amazon.com/sam?"), Match::DoesNotApply);
}

#[test]
fn what_it_cannot_know_is_undecided_and_says_why() {
    for condition in [
        r#""StringEquals":{"aws:PrincipalAccount":"123456789012"}"#,
        r#""StringNotEquals":{"aws:ResourceTag/x":"y"}"#,
        r#""StringEquals":{"SAML:aud":"${aws:PrincipalOrgID}"}"#,
        r#""DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}"#,
        r#""NumericLessThanEqualsIfExists":{"aws:MultiFactorAuthAge":3600}"#,
        r#""Null":{"aws:PrincipalAccount":"true"}"#,
        r#""StringMatches":{"SAML:aud":"x"}"#,
        r#""Numeric":{"SAML:aud":"x"}"#,
    ] {
        assert!(is_undecided(&under(condition)), "{condition}: {:?}", under(condition));
    }
    let Match::Undecided(why) = under(r#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#) else { panic!("undecided") };
    assert_eq!(why, "it depends on aws:SourceIp (IpAddress), whose value is not known");
}

#[test]
fn variables_are_filled_in_where_their_value_is_known() {
    let mut request = saml_call();
    request.context = request.context.with(&["aws:PrincipalAccount"], Key::exact("123456789012"));
    let statement = |value: &str| {
        format!(r#""Action":"*","Resource":"*","Condition":{{"StringNotEquals":{{"aws:PrincipalAccount":"{value}"}}}}"#)
    };
    assert_eq!(judge_in(&request, &statement("${aws:ResourceAccount}")), Match::DoesNotApply);
    assert_eq!(judge_in(&request, &statement("${aws:resourceaccount}")), Match::DoesNotApply);
    assert_eq!(judge_in(&request, &statement("${*}")), Match::Applies);
    assert!(is_undecided(&judge_in(&request, &statement("${aws:SourceArn}"))));
    assert!(is_undecided(&judge_in(&request, &statement("${unfinished"))));
    request.context = request.context.with(&["aws:PrincipalTag/"], Key::Absent);
    assert_eq!(judge_in(&request, &statement("${aws:PrincipalTag/team, '123456789012'}")), Match::DoesNotApply);
    assert!(is_undecided(&judge_in(&request, &statement("${aws:PrincipalTag/team}"))));
    // Before 2012-10-17 there were no variables.
    let old = format!(r#"{{"Statement":[{{"Effect":"Deny",{}}}]}}"#, statement("${aws:ResourceAccount}"));
    assert_eq!(Policy::parse(&old).expect("a policy").statements[0].judge(&request), Match::Applies);
}

#[test]
fn principals_by_type_and_id() {
    let named = |principal: &str| judge_in(&saml_call(), &format!(r#"{principal},"Action":"*""#));
    assert_eq!(named(r#""Principal":{"Federated":["x","arn:aws:iam::123456789012:saml-provider/P"]}"#), Match::Applies);
    assert_eq!(named(r#""Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/p"}"#), Match::DoesNotApply);
    assert_eq!(named(r#""Principal":{"AWS":"123456789012","Service":["a","b"]}"#), Match::DoesNotApply);
    assert!(is_undecided(&named(r#""Principal":{"AWS":"*"}"#)));
    assert!(is_undecided(&named(r#""NotPrincipal":{"AWS":"123456789012"}"#)));
}

#[test]
fn a_principal_that_is_left_out() {
    let names = |caller: Caller, effect: &str, principal: &str| {
        let text = format!(r#"{{"Statement":{{"Effect":"{effect}","Action":"*","NotPrincipal":{principal}}}}}"#);
        Policy::parse(&text).expect(&text).statements[0].judge(&Request { caller, ..saml_call() })
    };
    let provider = "arn:aws:iam::123456789012:saml-provider/P";
    let saml = || Caller::Saml(Some(provider.to_owned()));
    let service = || Caller::Service("account-access.amazonaws.com".to_owned());
    let own = format!(r#"{{"Federated":"{provider}"}}"#);
    assert_eq!(names(saml(), "Deny", &own), Match::DoesNotApply);
    assert_eq!(names(saml(), "Allow", &own), Match::DoesNotApply);
    assert_eq!(names(saml(), "Deny", r#"{"Federated":"arn:aws:iam::123456789012:saml-provider/Q"}"#), Match::Applies);
    assert_eq!(names(service(), "Deny", &own), Match::Applies);
    assert_eq!(
        names(service(), "Deny", r#"{"Service":["ec2.amazonaws.com","account-access.amazonaws.com"]}"#),
        Match::DoesNotApply
    );
    assert_eq!(names(saml(), "Deny", r#""*""#), Match::DoesNotApply);
    // Whether they are let in, and whether an account stands for them, AWS does not say.
    assert!(is_undecided(&names(saml(), "Allow", r#"{"Service":"ec2.amazonaws.com"}"#)));
    assert!(is_undecided(&names(saml(), "Deny", r#"{"AWS":"123456789012"}"#)));
}

#[test]
fn keys_of_other_services_are_not_there() {
    let mut request = saml_call();
    request.context = request.context.of_calls_to("sts", Key::Unknown);
    let judge =
        |condition: &str| judge_in(&request, &format!(r#""Action":"*","Resource":"*","Condition":{{{condition}}}"#));
    assert_eq!(judge(r#""StringEquals":{"ec2:Region":"eu-west-1"}"#), Match::DoesNotApply);
    assert_eq!(judge(r#""StringNotEquals":{"s3:ResourceAccount":"1"}"#), Match::Applies);
    assert_eq!(judge(r#""NumericLessThanIfExists":{"s3:TlsVersion":"1.2"}"#), Match::Applies);
    assert_eq!(judge(r#""Null":{"kms:ViaService":"true"}"#), Match::Applies);
    assert!(is_undecided(&judge(r#""StringEquals":{"sts:ExternalId":"x"}"#)));
    assert!(is_undecided(&judge(r#""StringEquals":{"saml:sub":"x"}"#)));
    assert!(is_undecided(&judge(r#""StringEquals":{"aws:NewerKey":"x"}"#)));
}

#[test]
fn a_trust_policy_admits_what_is_allowed_and_not_denied() {
    let allow = r#"{"Sid":"In","Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/P"},"Action":"sts:AssumeRoleWithSAML"}"#;
    let deny = |rest: &str| format!(r#"{{"Effect":"Deny","Principal":"*","Action":"sts:*"{rest}}}"#);
    let unsure = deny(r#","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#);
    let admits = |statements: &str| {
        let policy =
            Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).expect("a policy");
        match policy.admits(&saml_call()) {
            Admission::Admitted => "admitted".to_owned(),
            Admission::Denied(statement) => format!("denied by {}", statement.label()),
            Admission::NotAllowed => "not allowed".to_owned(),
            Admission::Undecided(why) => why.iter().map(|one| one.statement.clone()).collect::<Vec<_>>().join(", "),
        }
    };
    assert_eq!(admits(allow), "admitted");
    assert_eq!(admits(&format!("{allow},{}", deny(""))), "denied by statement 2");
    assert_eq!(admits(&deny("")), "denied by statement 1");
    assert_eq!(admits(&unsure), "not allowed");
    assert_eq!(admits(&format!("{allow},{unsure}")), "statement 2");
    assert_eq!(admits(&allow.replace("AssumeRoleWithSAML", "TagSession")), "not allowed");
}

#[test]
fn what_is_outside_the_grammar_is_no_policy() {
    for text in [
        "not json",
        "{}",
        r#"{"Statement":{"Effect":"Permit","Action":"*"}}"#,
        r#"{"Statement":{"Effect":"Deny"}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"*","NotAction":"*"}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"*","Conditions":{}}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"*","Principal":"arn:aws:iam::1:root"}}"#,
        r#"{"Statement":[{"Effect":"Deny","Action":"*","Action":"s3:*"}]}"#,
    ] {
        assert!(Policy::parse(text).is_err(), "{text}");
    }
}

#[test]
fn federated_principals_of_one_or_many() {
    let one = r#"{"Statement":{"Effect":"Allow","Principal":{"Federated":"a"},"Action":"x:y"}}"#;
    assert_eq!(Policy::parse(one).expect("a policy").federated_principals(), ["a"]);
    let many = r#"{"Statement":[{"Effect":"Allow","Principal":{"Federated":["a","b"]},"Action":"x:y"},{"Effect":"Deny","Principal":{"Federated":"c"},"Action":"x:y"},{"Effect":"Allow","Principal":"*","Action":"x:y"}]}"#;
    assert_eq!(Policy::parse(many).expect("a policy").federated_principals(), ["a", "b"]);
}
