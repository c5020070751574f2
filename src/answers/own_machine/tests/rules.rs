use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::findings::Gate;
use crate::machine::{RULES, rule};
use crate::rules;

#[test]
fn each_rule_has_a_page_and_each_page_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/machine");
    let pages = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<String> = pages.collect();
    assert_eq!(pages, RULES.iter().map(|rule| format!("{}.md", rule.id)).collect());
    for one in RULES {
        let (id, page) = (one.id, (one.explain)());
        let (first, rest) = one.summary.split_at(1);
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
            let known = rule(word).is_some() || rules::rule(word).is_some();
            assert!(known || word == "sso-session", "{id} names {word}");
        }
    }
}

#[test]
fn no_name_stands_for_two_things() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), RULES.len());
    for id in names {
        assert!(rules::rule(id).is_none() && Gate::ALL.iter().all(|gate| gate.name() != id), "{id}");
    }
}
