//! What is promised of every rule, whoever writes it, put to every recording in `fixtures/`. A recording is named after
//! what it is for: `<rule-id>` or `<rule-id>--…` where that rule is the cause, `<rule-id>--near-miss…` where the rule
//! must not fire although nearly everything speaks for it, `healthy--…`, and `blind--…` where something cannot be read.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod comparison;
mod described;
mod fields;
mod fixtures;
mod monotone;
mod older;
mod recordings;
mod redaction;
mod redaction_of_planted_names;
mod schema;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use idc::evidence::{Call, Gap, Reason};
use idc::findings::{Confidence, Outcome};
use idc::rules::RULES;
use idc::verdict::Verdict;

use fixtures::{About, Fixture};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn registered_under_its_own_name_and_in_causal_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-"))
        .collect();
    let ids: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(files, ids, "each file in src/rules is one rule, and is listed in RULES");
    assert_eq!(ids.len(), RULES.len(), "ids are unique");
    assert!(RULES.is_sorted_by_key(|rule| rule.gate), "RULES follows the order of the gates");
}

#[test]
fn registered_in_the_readme_and_explained() {
    let readme = read("docs/findings.md");
    for rule in RULES {
        assert!(readme.contains(&format!("| `{}` |", rule.id)), "{} has no row in docs/findings.md", rule.id);
        assert!(!read(&format!("docs/rules/{}.md", rule.id)).is_empty(), "{} is explained nowhere", rule.id);
    }
}

#[test]
fn exemplified_by_a_case_and_by_a_near_miss() {
    for rule in RULES {
        let is_for = |fixture: &Fixture, near_miss| fixture.about == About::Rule { id: rule.id, near_miss };
        let names = |near_miss| fixtures::all().iter().any(|fixture| is_for(fixture, near_miss));
        assert!(names(false), "no fixture {0}.json, where {0} is the cause", rule.id);
        assert!(names(true), "no fixture {0}--near-miss.json, where {0} nearly fires", rule.id);
    }
    for Fixture { name, about, diagnosis, .. } in fixtures::all() {
        match about {
            About::Rule { id, near_miss: false } => {
                assert_eq!(diagnosis.root_cause.as_ref().map(|root| root.rule), Some(*id), "{name}");
            }
            About::Rule { id, near_miss: true } => {
                let faults: Vec<&str> = fixtures::faults(diagnosis).map(|(rule, ..)| rule).collect();
                assert!(!faults.contains(id), "{name} trips the rule");
            }
            About::Healthy | About::Blind => {}
        }
    }
}

#[test]
fn proven_by_facts_that_are_in_the_recording() {
    for Fixture { name, recording, diagnosis, .. } in fixtures::all() {
        let known: BTreeSet<String> = fixtures::facts(recording)
            .into_iter()
            .map(|place| recording.pointer(&place).unwrap())
            .filter(|fact| fact["observed"].get("Known").is_some())
            .map(|fact| ["call", "account", "region", "request_id", "at"].map(|key| fact[key].to_string()).join(" "))
            .collect();
        for finding in diagnosis.root_cause.iter().chain(&diagnosis.also) {
            assert!(!finding.fault.proof.is_empty(), "{name}: {} proves nothing", finding.rule);
            for citation in &finding.fault.proof {
                let cited = [
                    serde_json::to_string(&citation.call),
                    serde_json::to_string(&citation.account),
                    serde_json::to_string(&citation.region),
                    serde_json::to_string(&citation.request_id),
                    serde_json::to_string(&citation.at),
                ];
                let cited = cited.map(Result::unwrap).join(" ");
                assert!(known.contains(&cited), "{name}: {} cites what was not read: {citation:?}", finding.rule);
                assert!(!citation.says.is_empty(), "{name}: {} cites without words", finding.rule);
            }
        }
    }
}

#[test]
fn healthy_trips_nothing_and_blind_says_so() {
    for Fixture { name, about, diagnosis, .. } in fixtures::all() {
        match about {
            About::Healthy => {
                let faults: Vec<_> = fixtures::faults(diagnosis).collect();
                assert_eq!((diagnosis.verdict, faults), (Verdict::Reachable, vec![]), "{name}");
                // Only the management account can see how somebody signed in; whoever asks from another is told so.
                let beyond = |gap: &Gap| gap.call == Call::LookupEvents && gap.reason == Reason::NotAsked;
                assert!(diagnosis.gaps.iter().all(|unread| beyond(&unread.gap)), "{name}: {:?}", diagnosis.gaps);
            }
            About::Blind => assert!(!diagnosis.gaps.is_empty(), "{name} has no gap"),
            About::Rule { .. } => {}
        }
    }
}

/// Every verdict, and every rule that does not say "clear", on every recording: a rule that fires on a neighbour's
/// fixture shows here.
#[test]
fn matrix_of_fixtures_and_rules() {
    let mut matrix = String::new();
    for Fixture { name, diagnosis, .. } in fixtures::all() {
        let root = diagnosis.root_cause.as_ref();
        let mut said: Vec<String> = Vec::new();
        for check in &diagnosis.checks {
            let path = check.path.map(|path| format!("[{path}]")).unwrap_or_default();
            let is_root = root.is_some_and(|root| (root.rule, root.path) == (check.rule.id, check.path));
            let sign = match &check.judged {
                Ok(Outcome::Clear | Outcome::NotApplicable) => continue,
                Ok(Outcome::Fault(_)) if is_root => match root.unwrap().fault.confidence {
                    Confidence::Confirmed => "root cause: ",
                    Confidence::Likely => "likely root cause: ",
                },
                Ok(Outcome::Fault(_)) => "",
                Err(_) => "unknown: ",
            };
            said.push(format!("{sign}{}{path}", check.rule.id));
        }
        writeln!(matrix, "{name}: {:?}", diagnosis.verdict).unwrap();
        for line in said {
            writeln!(matrix, "    {line}").unwrap();
        }
    }
    insta::assert_snapshot!(matrix);
}
