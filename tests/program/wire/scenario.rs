//! What a scenario is: an organization that differs from the healthy one, a question, and the answer it must get.

use std::{fmt, fs};

use crate::wire::run::{Answer, Question};
use served::partition_of;
use served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

/// What must come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) verdict: &'static str,
    pub(crate) root: Option<&'static str>,
    pub(crate) confidence: Option<&'static str>,
}

/// One row of the table. Its name is the stem of its fixture: a rule's id, a rule's id with `--near-miss` for an
/// organization that differs in one fact and does not trip the rule, `healthy--…` or `blind--…`.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) caller: &'static str,
    pub(crate) expected: Expected,
    question: &'static str,
    target_role: Option<&'static str>,
    home: &'static str,
    conduct: fn(Conduct) -> Conduct,
    change: fn(&mut Organization),
    /// What its answer must say, and must not say, anywhere in its JSON.
    says: &'static [&'static str],
    silent_on: &'static [&'static str],
}

/// A scenario that changes the healthy organization, in which jane.doe reaches 123456789012. Until told otherwise the
/// question is about the two of them, a caller in the management account puts it, and the answer is `reachable`.
pub(crate) fn scenario(name: &'static str, change: fn(&mut Organization)) -> Scenario {
    Scenario {
        name,
        caller: MANAGEMENT_KEY,
        expected: Expected { verdict: "reachable", root: None, confidence: None },
        question: "jane.doe 123456789012",
        target_role: Some(READ_ROLE),
        home: "us-east-1",
        conduct: |conduct| conduct,
        change,
        says: &[],
        silent_on: &[],
    }
}

impl Scenario {
    /// Asks this, as it is typed behind `idc why`.
    pub(crate) fn asking(self, question: &'static str) -> Self {
        Self { question, ..self }
    }

    /// Has somebody else ask.
    pub(crate) fn called_by(self, caller: &'static str) -> Self {
        Self { caller, ..self }
    }

    /// Asks without a role for the target account.
    pub(crate) fn without_target_role(self) -> Self {
        Self { target_role: None, ..self }
    }

    /// Moves Identity Center to another Region; the caller goes on asking in us-east-1, unless that is in another
    /// partition.
    pub(crate) fn at_home_in(self, home: &'static str) -> Self {
        Self { home, ..self }
    }

    /// Lets the server misbehave.
    pub(crate) fn where_aws(self, conduct: fn(Conduct) -> Conduct) -> Self {
        Self { conduct, ..self }
    }

    /// The rule that is the cause of `blocked`.
    pub(crate) fn blocked_by(self, rule: &'static str) -> Self {
        self.expecting("blocked", Some(rule))
    }

    /// The rule that is the cause of `degraded`.
    pub(crate) fn degraded_by(self, rule: &'static str) -> Self {
        self.expecting("degraded", Some(rule))
    }

    /// Nothing can be told.
    pub(crate) fn inconclusive(self) -> Self {
        self.expecting("inconclusive", None)
    }

    /// The cause is likely and not confirmed.
    pub(crate) fn likely(mut self) -> Self {
        self.expected.confidence = Some("likely");
        self
    }

    /// Texts that the answer must hold, as its JSON writes them.
    pub(crate) fn saying(self, says: &'static [&'static str]) -> Self {
        Self { says, ..self }
    }

    /// Texts that the answer must not hold.
    pub(crate) fn silent_on(self, silent_on: &'static [&'static str]) -> Self {
        Self { silent_on, ..self }
    }

    /// Whether an answer is the one that is due, in its words too.
    pub(crate) fn check(&self, answer: &Answer) -> Result<(), String> {
        self.expected.matches(answer)?;
        let missing = self.says.iter().find(|text| !answer.stdout.contains(**text));
        let wrong = self.silent_on.iter().find(|text| answer.stdout.contains(**text));
        match (missing, wrong) {
            (Some(text), _) => Err(format!("does not say {text:?}\n{}", answer.stdout)),
            (None, Some(text)) => Err(format!("says {text:?}\n{}", answer.stdout)),
            (None, None) => Ok(()),
        }
    }

    fn expecting(self, verdict: &'static str, root: Option<&'static str>) -> Self {
        Self { expected: Expected { verdict, root, confidence: root.map(|_| "confirmed") }, ..self }
    }

    /// Asks the question over the wire, and again of what was recorded: the recording, where both get the answer that is
    /// expected.
    pub(crate) fn recorded(&self) -> Result<String, String> {
        let served = self.serve();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recording.json");
        let live = self.question(&served).recording(&file).ask();
        self.check(&live)?;
        let unknown = served.unknown_actions();
        if !unknown.is_empty() {
            return Err(format!("asked for {unknown:?}"));
        }
        let replayed = Question::replay(&file).ask();
        if (replayed.code, &replayed.stdout) != (live.code, &live.stdout) {
            return Err(format!("its recording is answered differently: {}", replayed.brief()));
        }
        fs::read_to_string(&file).map_err(|error| error.to_string())
    }

    /// The organization as this scenario has it.
    pub(crate) fn organization(&self) -> Organization {
        let mut acme = Organization::acme_in(self.home);
        (self.change)(&mut acme);
        acme
    }

    /// How the server behaves in it.
    pub(crate) fn conduct(&self) -> Conduct {
        (self.conduct)(Conduct::default())
    }

    /// Serves the organization.
    pub(crate) fn serve(&self) -> Served {
        self.serve_with(|conduct| conduct)
    }

    /// Serves the organization with more that goes wrong.
    pub(crate) fn serve_with(&self, more: impl FnOnce(Conduct) -> Conduct) -> Served {
        Served::start(self.organization(), more(self.conduct()))
    }

    /// The question, ready to be put to a server.
    pub(crate) fn question(&self, served: &Served) -> Question {
        // Whoever asks is in the same partition.
        let region = if partition_of(self.home) == "aws" { "us-east-1" } else { self.home };
        let question = Question::new(self.question).environment(served.environment(self.caller, region));
        match self.target_role {
            Some(role) => question.with(&["--target-role", role]),
            None => question,
        }
    }
}

impl Expected {
    /// What an answer says in the same terms.
    pub(crate) fn matches(&self, answer: &Answer) -> Result<(), String> {
        let json = answer.json()?;
        let root = &json["root_cause"];
        let said = (json["verdict"].as_str().unwrap_or_default(), root["rule"].as_str(), root["confidence"].as_str());
        let due = (self.verdict, self.root, self.confidence);
        if said != due {
            return Err(format!("should be {due:?}, is {said:?}\n{}", answer.brief()));
        }
        let code = self.exit_code();
        if answer.code == code { Ok(()) } else { Err(format!("exit code {} and not {code}", answer.code)) }
    }

    const fn exit_code(&self) -> i32 {
        match self.verdict.as_bytes() {
            b"reachable" => 0,
            b"blocked" => 10,
            b"degraded" => 11,
            _ => 12,
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
