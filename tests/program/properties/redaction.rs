//! Recordings for strangers: the same reasoning, and nobody's name.

use std::collections::BTreeSet;

use idc::answers::diagnosis::diagnose;
use idc::evidence::{self, Evidence};
use idc::redact::{Reasoning, redact};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};
use serde::Deserialize;
use serde_json::Value;

use crate::properties::fixtures::{self, Fixture};

/// Fields that say who or what it is, wherever they stand.
const TELLING: [&str; 18] = [
    "account",
    "arn",
    "display_name",
    "emails",
    "external_issuers",
    "group",
    "group_id",
    "id",
    "identity_store_id",
    "management_account",
    "name",
    "owner_account",
    "profile",
    "request_id",
    "session_name",
    "user",
    "user_name",
    "value",
];
/// What they may hold that is AWS's own, or a word of AWS's elsewhere.
const AWS_S_OWN: [&str; 12] = [
    "FullAWSAccess",
    "RCPFullAWSAccess",
    "p-FullAWSAccess",
    "p-RCPFullAWSAccess",
    "AwsSSOInlinePolicy",
    "AdministratorAccess",
    "cn-north-1",
    "eu-central-1",
    "eu-west-1",
    "eusc-de-east-1",
    "identity",
    "us-gov-west-1",
];

fn evidence_of(fixture: &Fixture) -> Evidence {
    Evidence::deserialize(&fixture.recording["evidence"]).unwrap()
}

#[test]
fn the_reasoning_stays_and_the_names_go() {
    fixtures::for_one_in(10, |fixture| {
        let original = evidence_of(fixture);
        let seeds = [1, u64::MAX];
        seeds
            .into_iter()
            .filter_map(|seed| changed(&original, seed).map(|how| format!("{} {how}", fixture.name)))
            .collect()
    });
}

/// What is wrong with a recording's redacted form.
fn changed(original: &Evidence, seed: u64) -> Option<String> {
    let Some(redacted) = redact(original, seed) else { return Some("cannot be redacted".to_owned()) };
    let (before, after) = (Reasoning::of(&diagnose(original)), Reasoning::of(&diagnose(&redacted)));
    if before != after {
        return Some(format!("has another reasoning: {before:?}\n{after:?}"));
    }
    let written = evidence::to_json(&redacted).unwrap();
    if evidence::read(&written).ok() != Some(redacted) {
        return Some("is not read as it was written".to_owned());
    }
    // An old request may name a policy that is named nowhere else.
    if written.lines().any(|line| line.contains('…') && !line.contains("failure_reason")) {
        return Some("lacks words that are AWS's or idc's own".to_owned());
    }
    let original = serde_json::to_value(original).unwrap();
    // A name of AWS's own that a name of theirs is a part of.
    let written = written.to_lowercase().replace("listdelegatedadministrators", "");
    let stays = telling(&original, "").into_iter().find(|text| written.contains(&text.to_lowercase()));
    stays.map(|text| format!("still holds {text}"))
}

/// The texts that say who or what it is: of ARNs, the account and the resource.
fn telling(value: &Value, field: &str) -> BTreeSet<String> {
    match value {
        Value::String(text) if text.starts_with("arn:") => {
            let parts = text.splitn(6, ':').skip(4).flat_map(|part| part.split('/'));
            let parts = parts.filter(|part| part.contains(|c: char| c.is_ascii_digit()) && !AWS_S_OWN.contains(part));
            parts.map(str::to_owned).collect()
        }
        Value::String(text) if TELLING.contains(&field) && !AWS_S_OWN.contains(&text.as_str()) && text.len() > 2 => {
            BTreeSet::from([text.clone()])
        }
        Value::Array(items) => items.iter().flat_map(|item| telling(item, field)).collect(),
        Value::Object(entries) => entries.iter().flat_map(|(name, value)| telling(value, name)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => BTreeSet::new(),
    }
}

#[test]
fn one_seed_decides_all_and_another_decides_otherwise() {
    let original = evidence_of(&fixtures::all()[0]);
    let [one, same, other] = [1, 1, 2].map(|seed| redact(&original, seed).unwrap());
    assert_eq!(one, same);
    assert_ne!(one.question.user, other.question.user);
    let twice = redact(&one, 3).unwrap();
    assert_eq!(Reasoning::of(&diagnose(&twice)), Reasoning::of(&diagnose(&original)));
}

/// What a policy says of somebody by pattern it goes on to say of them, and of nobody else.
#[test]
fn patterns_match_what_they_matched() {
    let fixture =
        fixtures::all().iter().find(|fixture| fixture.name == "service-control-policy-denies-session").unwrap();
    let text = fixtures::text(&fixture.name);
    let before = text.find(r#""Condition\":"#).expect("a condition") + r#""Condition\":"#.len();
    let after = before + text[before..].find(r#",\"Effect"#).expect("what follows it");
    let with = |condition: &str| format!("{}{condition}{}", &text[..before], &text[after..]);
    let mut verdicts = BTreeSet::new();
    for (operator, key, value) in [
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Redshift*"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_redshift*"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*Analyst_????????????????"),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-reserved/*shift*"),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::1234*:role/aws-res*"),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*Reader*"),
        ("StringLike", "aws:PrincipalAccount", "1234567890*"),
        ("StringNotLike", "aws:PrincipalOrgPaths", "o-*/r-*/ou-*"),
        ("StringEquals", "aws:PrincipalType", "AssumedRole"),
        ("StringLike", "aws:userid", "*:jane.*"),
        ("StringLike", "aws:userid", "AROA*:?ane.doe"),
        ("StringLike", "aws:userid", "AROA*:jon.*"),
        ("StringNotLike", "aws:PrincipalTag/team", "a*"),
    ] {
        let condition = format!(r#"{{\"{operator}\":{{\"{key}\":\"{value}\"}}}}"#);
        let original = evidence::read(&with(&condition)).unwrap();
        verdicts.insert(format!("{:?}", diagnose(&original).verdict));
        for seed in 1..=if crate::every() { 2 } else { 1 } {
            assert_eq!(changed(&original, seed), None, "{operator} {key} {value}");
        }
    }
    assert!(verdicts.len() > 1, "the patterns decide: {verdicts:?}");
}

#[test]
fn an_older_recording_stays_one() {
    let mut older = fixtures::all()[0].recording.clone();
    older["evidence"].as_object_mut().unwrap().remove("policies");
    assert_eq!(changed(&evidence::read(&older.to_string()).unwrap(), 1), None);
}

/// Every word that is still there. None of them may be somebody's: whoever adds one looks at it, and has `EVERY=1` write it.
#[test]
fn what_stays_of_all_words() {
    let mut stay = BTreeSet::new();
    for fixture in fixtures::some(10) {
        let redacted = evidence::to_json(&redact(&evidence_of(fixture), 1).unwrap()).unwrap();
        let before = words(&fixture.recording);
        stay.extend(words(&serde_json::from_str(&redacted).unwrap()).intersection(&before).cloned());
    }
    if crate::every() {
        insta::assert_snapshot!(stay.into_iter().collect::<Vec<_>>().join("\n"));
    } else {
        let may_stay = include_str!("snapshots/program__properties__redaction__what_stays_of_all_words.snap");
        let may_stay: BTreeSet<&str> = may_stay.lines().collect();
        stay.retain(|word| !may_stay.contains(word.as_str()));
        assert_eq!(stay, BTreeSet::new());
    }
}

/// Every word in the texts and names of a recording, in lower case; numbers and short pieces of ids may come by chance.
fn words(value: &Value) -> BTreeSet<String> {
    let is_word = |word: &String| word.len() > 2 && (word.len() > 4 || !word.contains(|c: char| c.is_ascii_digit()));
    let of = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(is_word).collect()
    };
    match value {
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => BTreeSet::new(),
        Value::String(text) => of(text),
        Value::Array(items) => items.iter().flat_map(words).collect(),
        Value::Object(entries) => {
            entries.iter().flat_map(|(name, value)| of(name).into_iter().chain(words(value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}

/// Names as people give them, and as nobody should.
fn name(letters: &'static str) -> impl Strategy<Value = String> {
    let like_aws =
        ["user", "a", "prod", "iam", "aws", "role", "admin-x", "policy", "jane", "jan", "Known", "us-east-1a"];
    prop_oneof![
        proptest::sample::select(like_aws.to_vec()).prop_map(str::to_owned),
        letters.prop_filter("a name has a letter", |name: &String| name.chars().any(char::is_alphabetic)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if crate::every() { 100 } else { 20 },
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        // The same cases each time: a test must not fail for whoever did not cause it.
        rng_seed: RngSeed::Fixed(20_261_122),
        ..ProptestConfig::default()
    })]

    #[test]
    fn odd_names_change_nothing(
        fixture in proptest::sample::select(vec![
            "customer-managed-policy-missing--case",
            "not-in-assigned-group",
            "user-not-found",
            "user-denied-by-policy--near-miss",
            "assume-role-failed",
            "account-not-in-organization--by-name",
            "healthy--two-permission-sets",
        ]),
        user in name("[\\PC&&[^\"\\\\:/*?${}]]{1,12}"),
        account in name("[\\PC&&[^\"\\\\:/*?${}]]{1,12}"),
        group in name("[A-Za-z0-9 +._àéžŁ-]{1,12}"),
        set in name("[A-Za-z0-9+=,.@_-]{1,12}"),
        policy in name("[a-zA-Z0-9+=,.@_-]{1,8}"),
        seed: u64,
    ) {
        let text = fixtures::text(fixture);
        let json = |name: &str| serde_json::to_string(name).unwrap().trim_matches('"').to_owned();
        let text = text
            .replace("jane.doe", &json(&user))
            .replace("prod-data", &json(&account))
            .replace("DataAnalysts", &json(&group))
            .replace("RedshiftAnalyst", &json(&set))
            .replace("redshift-analyst", &json(&policy));
        let original = evidence::read(&text).unwrap();
        let redacted = redact(&original, seed);
        prop_assert!(redacted.is_some(), "cannot be redacted");
        let redacted = redacted.unwrap();
        prop_assert_eq!(Reasoning::of(&diagnose(&original)), Reasoning::of(&diagnose(&redacted)));
        let admin = |name: &str| name.to_lowercase().contains("admin");
        for (before, after) in [
            (&original.question.user, &redacted.question.user),
            (&original.account_label(), &redacted.account_label()),
            (&original.user_label().to_owned(), &redacted.user_label().to_owned()),
        ] {
            prop_assert_ne!(before.to_lowercase(), after.to_lowercase());
            prop_assert_eq!(before.chars().count(), after.chars().count());
        }
        let written = evidence::to_json(&redacted).unwrap().to_lowercase();
        for name in [user, account, group, set].iter().filter(|name| name.chars().count() > 6 && !admin(name)) {
            prop_assert!(!written.contains(&json(&name.to_lowercase())), "still holds {name}");
        }
    }
}
