use std::time::{Duration, Instant};

use super::*;
use crate::redact::draw::Draw;

fn finds(names: &[&str], text: &str) -> bool {
    let mut dictionary = Dictionary::new(Draw::new(0));
    for name in names {
        text::replaced(&mut dictionary, name);
    }
    dictionary.finish();
    let search = Search::of(dictionary.gathered());
    search.place_in(&Value::from(text), "value", "text", &dictionary, &Clean::default()).is_some()
}

#[test]
fn finds_names_however_they_are_written() {
    for (name, text) in [
        ("Payroll", "a payroll b"),
        ("Payroll", "MyPayrolls"),
        ("jo", "x-jo-y"),
        ("müller", "M%C3%BCLLER"),
        ("Jane Doe", "jane+doe"),
        ("Jane Doe", "jane%2520doe"),
        ("müller", r"m\u00fcller"),
        ("payroll", r#"{\"pa\u0079roll\":1}"#),
        ("payroll", "cGF5cm9sbA"),
        ("payroll", "eHBheXJvbGw="),
        ("payroll", "eHhwYXlyb2xs"),
        ("payroll", "zzcGF5cm9sbA"),
        ("123456789012", "1234-5678-9012"),
        ("123456789012", "123 456 789 012"),
        ("123456789012", "210987654321"),
        ("123456789012", "x123456789012y"),
        ("customer-support", "my customer-support"),
        ("8dc39e91-28b6-4796-a733-b8e6be804055", "8DC39E91-28B6-4796-A733-B8E6BE804055"),
    ] {
        assert!(finds(&[name], text), "{name}: {text}");
    }
}

#[test]
fn finds_no_name_in_what_is_aws_s_own() {
    for (name, text) in [
        ("jo", "join a major"),
        ("auth", "the authorization failed"),
        ("policy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("us-east", "us-east-1"),
        ("west", "arn:aws:s3:eu-west-1::x"),
        ("Get Object", r#"{"Action":"s3:GetObject"}"#),
        ("2026", "2026-11-26"),
        ("ünrelated", "something else"),
        ("admin", "dataadmins"),
    ] {
        assert!(!finds(&[name], text), "{name}: {text}");
    }
}

fn gathered<'a>(names: impl Iterator<Item = &'a String>) -> Dictionary {
    let mut dictionary = Dictionary::new(Draw::new(0));
    for name in names {
        text::replaced(&mut dictionary, name);
    }
    dictionary.finish();
    dictionary.with_draw(Draw::new(9))
}

fn place(search: &Search, dictionary: &Dictionary, text: &str) -> Option<String> {
    search.place_in(&Value::from(text), "value", "text", dictionary, &Clean::default())
}

/// Words of four letters, one after the other.
fn of_four_letters(count: usize) -> impl Iterator<Item = String> {
    let letter = |number: usize| char::from(b"etaoinshrdlucmfwypvbgkjqxz"[number % 26]);
    (0..count).map(move |at| [at / 17_576, at / 676, at / 26, at].map(letter).iter().collect())
}

/// Of very many names that are alike, each gets another that is nobody's; what holds a name by chance is no name, and a name
/// that is left is one all the same.
#[test]
fn very_many_names_find_others_and_are_found_where_they_are_left() {
    let part = if crate::every() { 1 } else { 4 };
    let numbered = (1..3_000 / part).flat_map(|number| {
        [
            format!("{number:06}"),
            number.to_string(),
            format!("{:05}", 10_000 + number),
            format!("9{:011}", number * 7919),
        ]
    });
    let names: BTreeSet<String> = numbered
        .chain(of_four_letters(6_000 / part))
        .chain((0..1_000 / part).map(|at| format!("9067f0c1d2-53ceb5a7-7471-470f-997c-6c8e{:08x}", at * 40_503)))
        .collect();
    let started = Instant::now();
    let mut dictionary = gathered(names.iter());
    let search = Search::of(dictionary.gathered());
    let (clean, mut given) = (Clean::default(), BTreeSet::new());
    for name in &names {
        let made_up = text::replaced(&mut dictionary, name);
        assert!(made_up.len() >= name.len() && made_up != *name, "{name}: {made_up}");
        let found = search.place_in(&Value::from(made_up.as_str()), "value", "text", &dictionary, &clean);
        assert_eq!(found, None, "{name}: {made_up}");
        given.insert(made_up);
    }
    assert_eq!(given.len(), names.len(), "two became one");
    assert!(dictionary.is_one_to_one());
    for name in names.iter().step_by(97).filter(|name| is_telling_alone(name) && !search.is_own(name)) {
        assert!(place(&search, &dictionary, name).is_some(), "{name} is left");
        assert!(place(&search, &dictionary, &format!("x-{name}_y").to_uppercase()).is_some(), "{name} in capitals");
        assert!(place(&search, &dictionary, &format!("user{name}x")).is_some(), "{name} in a word");
        assert!(place(&search, &dictionary, &format!("%7E{name}%7E")).is_some(), "{name} in an address");
    }
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

/// What was drawn may hold a name by chance; nothing else may, nor may what was drawn be a name.
#[test]
fn only_a_word_that_was_drawn_may_hold_a_name() {
    let names = ["payroll", "jane", "000123", "other", "another", "third", "Jane Doe"].map(String::from);
    let mut dictionary = gathered(names.iter());
    let search = Search::of(dictionary.gathered());
    let found = |dictionary: &Dictionary, text: &str| place(&search, dictionary, text).is_some();
    for text in ["xjanex", "AROAXJANEX", "cGF5cm9sbA", "700012345678"] {
        assert!(found(&dictionary, text), "{text}");
    }
    for (word, made_up) in [("other", "xjanex"), ("another", "cgf5cm9sba"), ("third", "700012345678")] {
        dictionary.define(word, made_up.to_owned());
    }
    for text in ["xjanex", "AWSReservedSSO_xjanex_1", "xjanex@x-y", "cGF5cm9sbA", "arn:aws:iam::700012345678:root"] {
        assert!(!found(&dictionary, text), "{text}");
    }
    for text in
        ["xjanexy", "xjanex jane", "Jane", "xjanex.cGF5cm9sbA.payroll", "eGNHRjVjbTlzYkE payroll", "7000123456789"]
    {
        assert!(found(&dictionary, text), "{text}");
    }
    dictionary.define("payroll", "jane".to_owned());
    assert!(found(&dictionary, "jane"), "it is somebody's, whatever it was drawn for");
    assert!(found(&dictionary, "Jane Doe"));
}
