//! A fix mends what it says: after the commands of an answer have been carried out, the same question gets the next
//! answer, which is that they get in unless the table says otherwise.

mod table;

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::kept;
use crate::wire::by_hand::Hand;
use crate::wire::parallel;
use crate::wire::run::{Answer, Question};
use crate::wire::scenario::Scenario;
use crate::wire::scenarios;
use served::{Conduct, MANAGEMENT_KEY, Organization, Served};

/// A scenario, how its answer is carried out, and what comes then.
struct Mend {
    scenario: Scenario,
    /// What stands in the place of what is in capital letters.
    choices: fn(&Organization) -> Vec<(&'static str, String)>,
    /// How whoever mends it edits what they got.
    edit: fn(&str) -> String,
    /// Lines that are not carried out, by how they begin: the other way to do it.
    without: &'static [&'static str],
    /// What is done without a command, before and after those.
    before: fn(&mut Organization),
    after: fn(&mut Organization),
    /// The verdict then, where it is a matter of this, and its root cause.
    then: (Option<&'static str>, Option<&'static str>),
}

fn mend(scenario: Scenario) -> Mend {
    Mend {
        scenario,
        choices: |_| Vec::new(),
        edit: str::to_owned,
        without: &[],
        before: |_| {},
        after: |_| {},
        then: (Some("reachable"), None),
    }
}

fn named(name: &str) -> Mend {
    mend(scenarios::named(name))
}

impl Mend {
    fn choosing(self, choices: fn(&Organization) -> Vec<(&'static str, String)>) -> Self {
        Self { choices, ..self }
    }

    fn editing(self, edit: fn(&str) -> String) -> Self {
        Self { edit, ..self }
    }

    fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    fn before(self, before: fn(&mut Organization)) -> Self {
        Self { before, ..self }
    }

    fn after(self, after: fn(&mut Organization)) -> Self {
        Self { after, ..self }
    }

    fn then(self, verdict: &'static str, root: &'static str) -> Self {
        Self { then: (Some(verdict), Some(root)), ..self }
    }

    /// No fault is left, and not everything can be read.
    fn without_a_fault(self) -> Self {
        Self { then: (None, None), ..self }
    }

    fn carry_out(&self) -> Result<(), String> {
        let served = self.scenario.serve_with(Conduct::with_writes);
        let question = self.scenario.question(&served);
        let answer = question.ask();
        let expected = &self.scenario.expected;
        is_said(&answer, (Some(expected.verdict), expected.root))?;
        let fixes = self.commands(&answer.json()?["root_cause"])?;
        served.change(self.before);
        let choices = (self.choices)(&served.organization());
        fails_as_it_stands(&served, &self.scenario, &fixes)?;
        let mut hand = Hand::new(&served, self.scenario.caller)
            .with_profiles(choices)
            .editing(self.edit)
            .holding("name.json", r#"{"GivenName": "Jan", "FamilyName": "Doe"}"#);
        for (line, account) in &fixes {
            hand.paste(line, account.as_deref()).map_err(|error| format!("{line}\n  {error}"))?;
        }
        served.change(self.after);
        self.is_mended(&served, &question)
    }

    /// The commands of a fault that are carried out, each with the account that it is said to act in.
    fn commands(&self, fault: &Value) -> Result<Vec<(String, Option<String>)>, String> {
        let mut commands = Vec::new();
        for fix in fault["fixes"].as_array().into_iter().flatten() {
            let what = fix["do"].as_str().unwrap_or_default();
            if !self.without.iter().any(|begin| what.starts_with(begin))
                && let Some(command) = fix["command"].as_str()
            {
                commands.push((command.to_owned(), fix["account"].as_str().map(str::to_owned)));
            }
        }
        if commands.is_empty() { Err(format!("no command: {fault}")) } else { Ok(commands) }
    }

    fn is_mended(&self, served: &Served, question: &Question) -> Result<(), String> {
        is_said(&question.ask(), self.then).map_err(|error| format!("then: {error}"))?;
        let unknown = served.unknown_actions();
        if unknown.is_empty() { Ok(()) } else { Err(format!("idc asked for {unknown:?}")) }
    }
}

fn is_said(answer: &Answer, (verdict, root): (Option<&str>, Option<&str>)) -> Result<(), String> {
    let json = answer.json()?;
    let said = (json["verdict"].as_str(), json["root_cause"]["rule"].as_str());
    if said.1 == root && (verdict.is_none() || said.0 == verdict) {
        return Ok(());
    }
    Err(format!("it is {said:?} and not {:?}\n{}", (verdict, root), answer.brief()))
}

/// Whatever has to be replaced, and whatever names no file that is there, is refused and changes nothing.
fn fails_as_it_stands(served: &Served, scenario: &Scenario, lines: &[(String, Option<String>)]) -> Result<(), String> {
    let before = format!("{:?}", served.organization());
    for (line, account) in lines {
        let has_placeholder = line.split([' ', '=', ':', '/', ',']).any(|word| {
            word.contains('_')
                && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
                && !["AWS_ACCOUNT"].contains(&word)
        });
        if has_placeholder || line.contains("file://") {
            let pasted = Hand::new(served, scenario.caller).paste(line, account.as_deref());
            if pasted.is_ok() {
                return Err(format!("can be pasted as it stands: {line}"));
            }
        }
    }
    if before == format!("{:?}", served.organization()) { Ok(()) } else { Err("something was changed".into()) }
}

#[test]
fn what_is_advised_mends_what_it_says() {
    parallel::each(&table::all(), |mend| mend.scenario.name, Mend::carry_out);
}

/// The program's promise that it only reads is watched over where the organization can be changed, too.
#[test]
fn a_write_of_the_program_would_be_seen() {
    let outdated = scenarios::named("permission-set-outdated");
    let line = |served: &Served| {
        let answer = outdated.question(served).ask().json().unwrap();
        answer["root_cause"]["fixes"][0]["command"].as_str().unwrap().to_owned()
    };
    let fixed = outdated.serve();
    assert!(Hand::new(&fixed, MANAGEMENT_KEY).paste(&line(&fixed), None).is_err(), "nothing is served that writes");
    assert_eq!(fixed.unknown_actions(), ["sso:ProvisionPermissionSet"]);
    let writable = outdated.serve_with(Conduct::with_writes);
    Hand::new(&writable, MANAGEMENT_KEY).paste(&line(&writable), None).unwrap();
    assert!(writable.unknown_actions().is_empty());
    Hand::new(&writable, MANAGEMENT_KEY).in_disguise().paste(&line(&fixed), None).unwrap();
    assert_eq!(writable.unknown_actions(), ["sso:ProvisionPermissionSet"]);
}

/// Whatever rule has a command is tried here.
#[test]
fn no_command_is_left_untried() {
    let tried: BTreeSet<&str> = table::all().iter().filter_map(|mend| mend.scenario.expected.root).collect();
    let with_commands = kept::names().into_iter().filter_map(|name| {
        let folder = tempfile::tempdir().unwrap();
        let recording = folder.path().join("recording.json");
        fs::write(&recording, kept::text(&name).unwrap()).unwrap();
        let answer = Question::replay(&recording).ask().json().ok()?;
        let root = &answer["root_cause"];
        let has = root["fixes"].as_array()?.iter().any(|fix| fix["command"].is_string());
        root["rule"].as_str().filter(|_| has).map(str::to_owned)
    });
    let untried: BTreeSet<String> = with_commands.filter(|rule| !tried.contains(rule.as_str())).collect();
    assert!(untried.is_empty(), "{untried:?}");
}
