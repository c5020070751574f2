//! The answers about several people, for scripts.

use std::io;

use serde::Serialize;

use super::{Answer, FORMAT_VERSION, words::Verdict, write_harmless};
use crate::answers::diagnosis::Diagnosis;
use crate::answers::several::alike;

/// Who fares alike, and each answer whole.
#[derive(Serialize)]
struct Several<'a> {
    format_version: &'static str,
    kind: &'static str,
    /// Those who have the same verdict for the same cause, the worst first.
    groups: Vec<Group<'a>>,
    /// The answers, in the order of the question: each as `idc why` gives it for one person.
    answers: Vec<Answer<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    verdict: Verdict,
    rule: Option<&'static str>,
    users: Vec<&'a str>,
    /// The cause, with `USER` where each one's name would stand; null where there is none.
    message: Option<String>,
}

/// Writes them as one JSON object and a line break.
pub fn write(out: &mut dyn io::Write, answers: &[Diagnosis]) -> io::Result<()> {
    let groups = alike(answers).into_iter().map(|group| Group {
        verdict: group.verdict().into(),
        rule: group.rule,
        users: group.users(),
        message: group.message,
    });
    let several = Several {
        format_version: FORMAT_VERSION,
        kind: "several",
        groups: groups.collect(),
        answers: answers.iter().map(Answer::from).collect(),
    };
    write_harmless(out, &several)
}
