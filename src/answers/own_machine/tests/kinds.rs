use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::findings::Gate;
use crate::machine::Kind;
use crate::rules::RULES;

#[test]
fn each_fault_has_a_page_and_each_page_a_fault() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/machine");
    let pages = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<String> = pages.collect();
    assert_eq!(pages, Kind::ALL.iter().map(|kind| format!("{}.md", kind.id())).collect());
    for kind in Kind::ALL {
        let (id, page) = (kind.id(), kind.explain());
        let (first, rest) = kind.summary().split_at(1);
        let first = first.to_uppercase();
        assert!(page.starts_with(&format!("# {id}\n{first}{rest}.\n")), "{id} begins otherwise");
        for heading in ["## What it means", "## How we know", "## How to fix", "## Confused with"] {
            assert_eq!(page.matches(&format!("\n{heading}\n")).count(), 1, "{heading} in {id}");
        }
        // What a page names as a fault or a rule is one.
        let like_an_id = |word: &&str| {
            word.contains('-')
                && word.split('-').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase()))
        };
        for word in page.split('`').skip(1).step_by(2).filter(like_an_id) {
            let known = Kind::named(word).is_some() || RULES.iter().any(|rule| rule.id == word);
            assert!(known || word == "sso-session", "{id} names {word}");
        }
    }
}

#[test]
fn no_name_stands_for_two_things() {
    let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.id()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
    for id in names {
        assert!(RULES.iter().all(|rule| rule.id != id) && Gate::ALL.iter().all(|gate| gate.name() != id), "{id}");
        assert_eq!(Kind::named(id).map(Kind::id), Some(id));
    }
}
