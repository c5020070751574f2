//! The answers about several people, for scripts.

use std::io;

use serde::Serialize;

use super::{Answer, FORMAT_VERSION, words::Verdict, write_harmless};
use crate::answers::diagnosis::Diagnosis;
use crate::answers::several::alike;
use crate::packed::packed;

/// The schema of what is written here.
pub fn schema() -> &'static str {
    packed!("docs/several.schema.json")
}

/// Who fares alike, and each answer whole.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Answer of idc why about several people"))]
pub(super) struct Several<'a> {
    /// The version of this format. The first number changes only when a field goes or changes its meaning.
    #[cfg_attr(test, schemars(regex(pattern = r"^1\.[0-9]+$")))]
    format_version: &'static str,
    /// What the answer is of.
    #[cfg_attr(test, schemars(extend("const" = "several")))]
    kind: &'static str,
    /// Those who have the same verdict for the same cause, the worst first.
    groups: Vec<Group<'a>>,
    /// The answers, in the order of the question: each as `idc why` gives it for one person.
    answers: Vec<Answer<'a>>,
}

/// People who fare alike.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Group<'a> {
    /// What all of them were answered.
    verdict: Verdict,
    /// The rule of the cause that they share; null where there is none.
    rule: Option<&'static str>,
    /// Who they are.
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
