//! Reports, read again by a parser of XML.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::BytesStart;

use super::*;
use crate::render::cases::written;
use crate::render::organization::cases::{self, HOSTILE};
use crate::wording::is_treacherous;

/// An element: its name and its attributes.
type Element = (String, BTreeMap<String, String>);

/// The elements in the order in which they begin; panics where it is no XML.
fn read(text: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let element = |start: &BytesStart<'_>| {
        let attribute = |one: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
            let one = one.unwrap();
            let value = one.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned();
            (String::from_utf8_lossy(one.key.as_ref().as_ref()).into_owned(), value)
        };
        (
            String::from_utf8_lossy(start.name().as_ref().as_ref()).into_owned(),
            start.attributes().map(attribute).collect(),
        )
    };
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => elements.push(element(&start)),
            Event::Eof => return elements,
            _ => {}
        }
    }
}

fn report(scan: &Scan) -> Vec<Element> {
    read(&written(|out| write(out, scan)))
}

fn count(elements: &[Element], name: &str) -> usize {
    elements.iter().filter(|(one, _)| one == name).count()
}

#[test]
fn a_finding_fails_and_what_is_not_known_is_skipped() {
    let elements = report(&cases::broken());
    let whole = &elements[0].1;
    assert_eq!(elements[0].0, "testsuites");
    assert_eq!(whole["failures"], count(&elements, "failure").to_string());
    assert_eq!(whole["skipped"], count(&elements, "skipped").to_string());
    assert_eq!(whole["tests"], count(&elements, "testcase").to_string());
    // Seven accounts without the policy, and one with the empty group.
    assert_eq!(whole["failures"], "8");
    // A rule that could not be decided in one account, and three things that could not be read.
    assert_eq!(whole["skipped"], "4");
    let skipped: Vec<&str> =
        elements.iter().filter(|(name, _)| name == "skipped").map(|(_, has)| has["message"].as_str()).collect();
    assert!(skipped.contains(&"iam:ListRoles: the account could not be entered"), "{skipped:?}");
    let failure = elements.iter().find(|(name, _)| name == "failure").unwrap();
    assert_eq!(failure.1["type"], "blocks");
    assert!(failure.1["message"].starts_with("Customer managed policy team-data-access does not exist"));
}

#[test]
fn every_account_has_every_rule_once() {
    let elements = report(&cases::clean());
    assert_eq!(count(&elements, "testsuite"), 9);
    assert_eq!(count(&elements, "testcase"), 9 * cases::clean().judged_by.len());
    assert_eq!((count(&elements, "failure"), count(&elements, "skipped")), (0, 0));
    let names: std::collections::BTreeSet<_> = elements
        .iter()
        .filter(|(name, _)| name == "testcase")
        .map(|(_, has)| (has["classname"].clone(), has["name"].clone()))
        .collect();
    assert_eq!(names.len(), count(&elements, "testcase"), "a case has another's name");
}

#[test]
fn counts_of_suites_are_those_of_their_cases() {
    let elements = report(&cases::hostile_scan());
    let of = |name: &str| -> usize {
        elements.iter().filter(|(one, _)| one == "testsuite").map(|(_, has)| has[name].parse::<usize>().unwrap()).sum()
    };
    assert_eq!(of("tests"), count(&elements, "testcase"));
    assert_eq!(of("failures"), count(&elements, "failure"));
    assert_eq!(of("skipped"), count(&elements, "skipped"));
}

#[test]
fn names_stay_text_in_xml() {
    let text = written(|out| write(out, &cases::hostile_scan()));
    assert!(!text.chars().any(|c| c != '\n' && is_treacherous(c)), "{text}");
    assert!(!text.contains("<script"), "{text}");
    let elements = read(&text);
    let markup = &HOSTILE[7];
    assert!(elements.iter().any(|(name, has)| name == "testsuite" && has["name"].contains(*markup)));
    let known = ["testsuites", "testsuite", "testcase", "failure", "skipped"];
    assert!(elements.iter().all(|(name, _)| known.contains(&name.as_str())), "{elements:?}");
}

/// Whoever looks at one account reads of that account, and in how many more it is the same.
#[test]
fn a_message_tells_of_its_own_account_and_of_how_many_more() {
    let elements = report(&cases::broken());
    let messages: Vec<&String> =
        elements.iter().filter(|(name, _)| name == "failure").map(|(_, attributes)| &attributes["message"]).collect();
    let several: Vec<&&String> = messages.iter().filter(|message| message.contains("7 accounts")).collect();
    assert_eq!(several.len(), 7, "{messages:?}");
}
