//! What remains, beside a reading that tries out every call of a small universe.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::*;

/// One for each way to match some of the patterns below; `ec2z` is a service that has the keys of `ec2`.
const ACTIONS: [&str; 13] = [
    "s3:get", "s3:bet", "s3:z", "ec2:get", "ec2:put", "ec2:z", "ec2z:get", "ec2z:z", "iam:get", "iam:put", "iam:z",
    "x:get", "x:z",
];
const RESOURCES: [&str; 5] = ["a", "b", "bb", "c/d", "z"];
/// Values that a key can have; the last is one that no policy names.
const VALUES: [&str; 4] = ["u", "uu", "v", "other"];

const CHOSEN: &str = "aws:RequestedRegion";
const PERHAPS: &str = "aws:ResourceTag/x";
const ELSEWHERE: &str = "aws:SourceIp";
const NEVER: &str = "aws:MultiFactorAuthPresent";
const OF_EC2: &str = "ec2:kind";

#[derive(Clone, Debug)]
struct Line {
    operator: &'static str,
    key: &'static str,
    values: Vec<&'static str>,
}

#[derive(Clone, Debug)]
struct Spoken {
    allows: bool,
    actions: (bool, Vec<&'static str>),
    resources: (bool, Vec<&'static str>),
    lines: Vec<Line>,
}

/// The keys of one call.
#[derive(Clone, Copy, Debug)]
struct Call {
    action: &'static str,
    resource: &'static str,
    chosen: &'static str,
    perhaps: Option<&'static str>,
    of_ec2: Option<&'static str>,
}

fn line(keys: Vec<&'static str>) -> impl Strategy<Value = Line> {
    let operators = vec![
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIfExists",
        "StringNotEqualsIfExists",
        "ForAnyValue:StringEquals",
        "ForAllValues:StringNotEquals",
        "Null",
    ];
    let values = prop::collection::vec(select(vec!["u", "v", "u*", "*"]), 1..3);
    (select(operators), select(keys), values, any::<bool>()).prop_map(|(operator, key, mut values, truth)| {
        if !operator.ends_with("Like") {
            // As a text, a wildcard would be a value of its own.
            values = values.into_iter().map(|value| if value.starts_with('u') { "u" } else { "v" }).collect();
        }
        if operator == "Null" {
            values = vec![if truth { "true" } else { "false" }];
        }
        Line { operator, key, values }
    })
}

fn spoken(keys: Vec<&'static str>) -> impl Strategy<Value = Spoken> {
    let actions = vec!["*", "s3:*", "s3:get", "*:Get", "EC2:*", "ec2:put", "iam:p*", "s3:?et", "*:*"];
    let resources = vec!["*", "a", "b*", "c/*", "b"];
    let listed = |names: Vec<&'static str>| (prop::bool::weighted(0.7), prop::collection::vec(select(names), 1..3));
    let lines = prop::collection::vec(line(keys), 0..3);
    (any::<bool>(), listed(actions), listed(resources), lines).prop_map(|(allows, actions, resources, lines)| Spoken {
        allows,
        actions,
        resources,
        lines,
    })
}

fn layers(keys: Vec<&'static str>) -> impl Strategy<Value = Vec<Vec<Vec<Spoken>>>> {
    let policy = prop::collection::vec(spoken(keys), 1..4);
    prop::collection::vec(prop::collection::vec(policy, 1..3), 1..4)
}

fn document(statements: &[Spoken]) -> Policy {
    let statements: Vec<Value> = statements
        .iter()
        .map(|one| {
            let mut condition = json!({});
            for Line { operator, key, values } in &one.lines {
                // A second line of one operator and key replaces the first, also in `met`.
                condition[*operator][*key] = json!(values);
            }
            let named = |(only, _): &(bool, _), name: &str| if *only { name.to_owned() } else { format!("Not{name}") };
            let mut statement = json!({"Effect": if one.allows { "Allow" } else { "Deny" }, "Condition": condition});
            statement[named(&one.actions, "Action")] = json!(one.actions.1);
            statement[named(&one.resources, "Resource")] = json!(one.resources.1);
            statement
        })
        .collect();
    Policy::parse(&json!({"Version": "2012-10-17", "Statement": statements}).to_string()).expect("a policy")
}

fn glob(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => glob(&pattern[1..], text) || (!text.is_empty() && glob(pattern, &text[1..])),
        (Some('?'), Some(_)) => glob(&pattern[1..], &text[1..]),
        (Some(one), Some(other)) if one == other => glob(&pattern[1..], &text[1..]),
        _ => false,
    }
}

fn names((only, patterns): &(bool, Vec<&'static str>), text: &str, lower: bool) -> bool {
    let matches = |pattern: &&str| glob(&if lower { pattern.to_lowercase() } else { (*pattern).to_owned() }, text);
    patterns.iter().any(matches) == *only
}

fn met(lines: &[Line], call: &Call, elsewhere: Option<&'static str>) -> bool {
    let last = |at: usize| {
        let one = &lines[at];
        !lines[at + 1..].iter().any(|later| (later.operator, later.key) == (one.operator, one.key))
    };
    (0..lines.len()).filter(|at| last(*at)).all(|at| {
        let Line { operator, key, values } = &lines[at];
        let value = match *key {
            CHOSEN => Some(call.chosen),
            PERHAPS => call.perhaps,
            OF_EC2 => call.of_ec2,
            ELSEWHERE => elsewhere,
            _ => None,
        };
        let equals = |value: &str| values.contains(&value);
        let like = |value: &str| values.iter().any(|pattern| glob(pattern, value));
        match (*operator, value) {
            ("Null", value) => equals(if value.is_none() { "true" } else { "false" }),
            ("StringEquals" | "StringLike" | "ForAnyValue:StringEquals", None) => false,
            (_, None) => true,
            ("StringLike", Some(value)) => like(value),
            ("StringNotLike", Some(value)) => !like(value),
            (operator, Some(value)) => equals(value) != operator.contains("Not"),
        }
    })
}

fn allowed(layers: &[Vec<Vec<Spoken>>], call: &Call, elsewhere: Option<&'static str>) -> bool {
    let says = |one: &Spoken| {
        names(&one.actions, call.action, true)
            && names(&one.resources, call.resource, false)
            && met(&one.lines, call, elsewhere)
    };
    let denied = layers.iter().flatten().flatten().any(|one| !one.allows && says(one));
    !denied && layers.iter().all(|layer| layer.iter().flatten().any(|one| one.allows && says(one)))
}

fn perhaps() -> Vec<Option<&'static str>> {
    VALUES.iter().copied().map(Some).chain([None]).collect()
}

fn calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for action in ACTIONS {
        let of_ec2 = if action.starts_with("ec2") { perhaps() } else { vec![None] };
        for resource in RESOURCES {
            for chosen in VALUES {
                for perhaps in perhaps() {
                    calls.extend(of_ec2.iter().map(|of_ec2| Call {
                        action,
                        resource,
                        chosen,
                        perhaps,
                        of_ec2: *of_ec2,
                    }));
                }
            }
        }
    }
    calls
}

fn context() -> Context {
    Context::new(Key::Unknown)
        .with(&[CHOSEN], Key::Chosen)
        .with(&["aws:ResourceTag/"], Key::ChosenOrAbsent)
        .with(&[ELSEWHERE], Key::Unknown)
        .with(&[NEVER], Key::Absent)
}

fn engine(layers: &[Vec<Vec<Spoken>>]) -> Remaining {
    let documents: Vec<Vec<Policy>> =
        layers.iter().map(|layer| layer.iter().map(|policy| document(policy)).collect()).collect();
    let layers: Vec<Layer<'_>> =
        documents.iter().map(|policies| Layer(policies.iter().map(Says::Policy).collect())).collect();
    let remaining = remaining(&layers, &context(), &Effort::default());
    if remaining == Remaining::Nothing {
        let cuts = cuts(&layers, &context(), &Effort::default());
        let still = remaining_without(&layers, &context(), &Effort::default(), |cut| !cuts.contains(&cut));
        assert_eq!(still, Remaining::Nothing, "the cuts are enough");
        for cut in &cuts {
            let fewer =
                remaining_without(&layers, &context(), &Effort::default(), |one| one == *cut || !cuts.contains(&one));
            assert_ne!(fewer, Remaining::Nothing, "each is needed");
        }
    }
    remaining
}

fn check(keys: Vec<&'static str>, cases: u32, test: impl Fn(&[Vec<Vec<Spoken>>]) -> Result<(), TestCaseError>) {
    let cases = if crate::every() { cases } else { cases / 4 };
    // The same cases in every run.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, rng);
    runner.run(&layers(keys), |layers| test(&layers)).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn is_what_trying_out_every_call_finds() {
    let calls = calls();
    check(vec![CHOSEN, PERHAPS, NEVER, OF_EC2], 200, |layers| {
        let found = calls.iter().any(|call| allowed(layers, call, None));
        prop_assert_eq!(engine(layers), if found { Remaining::Something } else { Remaining::Nothing });
        Ok(())
    });
}

#[test]
fn is_told_only_where_it_is_so_from_everywhere() {
    let calls = calls();
    check(vec![CHOSEN, ELSEWHERE, NEVER], 200, |layers| {
        let from = |elsewhere| calls.iter().any(|call| allowed(layers, call, elsewhere));
        let found: Vec<bool> = perhaps().into_iter().map(from).collect();
        match engine(layers) {
            Remaining::Something => prop_assert!(!found.contains(&false), "{found:?}"),
            Remaining::Nothing => prop_assert!(!found.contains(&true), "{found:?}"),
            Remaining::Undecided(doubts) => {
                prop_assert!(!doubts.is_empty());
                let hangs = |doubt: &Doubt| doubt.statement.as_ref().is_some_and(|one| one.why.contains(ELSEWHERE));
                prop_assert!(doubts.iter().all(hangs), "{doubts:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn what_was_not_read_may_allow_and_may_deny() {
    let policy = |text: &str| Policy::parse(text).expect("a policy");
    let (all, none) = (
        policy(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
        policy(r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
    );
    let unread = |places: &[Says<'_>]| match remaining(&[Layer(places.to_vec())], &context(), &Effort::default()) {
        Remaining::Undecided(doubts) => doubts.iter().all(|doubt| doubt.statement.is_none()),
        Remaining::Something | Remaining::Nothing => false,
    };
    assert!(
        unread(&[Says::Unread])
            && unread(&[Says::Policy(&all), Says::Unread])
            && unread(&[Says::Everything, Says::Unread])
    );
    assert_eq!(
        remaining(&[Layer(vec![Says::Policy(&none), Says::Unread])], &context(), &Effort::default()),
        Remaining::Nothing
    );
    assert_eq!(remaining(&[Layer(vec![Says::Nothing])], &context(), &Effort::default()), Remaining::Nothing);
    assert_eq!(
        remaining(&[Layer(vec![Says::Nothing, Says::Policy(&all)])], &context(), &Effort::default()),
        Remaining::Something
    );
}

#[test]
fn policies_that_tell_too_many_calls_apart_are_given_up() {
    let denial = |number: usize| {
        let names: Vec<String> = (0..12).map(|name| format!("\"*:*{number}*{name}*\"")).collect();
        format!(r#"{{"Effect":"Deny","NotAction":[{}],"Resource":"*"}}"#, names.join(","))
    };
    let denials: Vec<String> = (0..8).map(denial).collect();
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}},{}]}}"#,
        denials.join(",")
    );
    let policy = Policy::parse(&text).expect("a policy");
    let effort = Effort::default();
    let remaining = remaining(&[Layer(vec![Says::Policy(&policy)])], &context(), &effort);
    assert!(effort.is_spent());
    assert_eq!(remaining, Remaining::Undecided(Vec::new()));
}
