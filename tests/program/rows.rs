//! How much of a small terminal an answer takes: 24 rows of 80 columns where there is one fault on one way.
#![expect(clippy::expect_used, reason = "a test that cannot read a fixture has to stop")]

use std::sync::LazyLock;

use idc::answers::diagnosis::{Diagnosis, Replayed, diagnose};
use idc::evidence;
use idc::render::{self, Style};
use idc::verdict::Verdict;

use crate::kept;

const ROWS: usize = 24;
const COLUMNS: usize = 80;

/// The answers to all fixtures.
fn answers() -> impl Iterator<Item = &'static (String, Diagnosis)> {
    static ANSWERS: LazyLock<Vec<(String, Diagnosis)>> = LazyLock::new(|| {
        let answer = |name: String| {
            let evidence = evidence::read(&kept::text(&name).expect("a fixture")).expect("evidence");
            let replayed = Replayed { file: "case.json".to_owned(), now: evidence.collected_at };
            (name, Diagnosis { replayed: Some(replayed), ..diagnose(&evidence) })
        };
        kept::names().into_iter().map(answer).collect()
    });
    ANSWERS.iter()
}

fn at_80(diagnosis: &Diagnosis, verbose: bool) -> String {
    let mut text = Vec::new();
    let style = Style { width: COLUMNS, color: false, unicode: true, height: 24 };
    render::table::write(&mut text, diagnosis, &style, verbose).expect("rendered");
    String::from_utf8(text).expect("text")
}

/// The rows that a terminal shows: it wraps what is longer, which commands are.
fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(COLUMNS).max(1)).sum()
}

#[test]
fn one_fault_on_one_way_fits_a_small_terminal() {
    let (mut counted, mut long) = (0, Vec::new());
    for (name, diagnosis) in answers() {
        let others = diagnosis.also.iter().filter(|finding| finding.follows_from.is_none()).count();
        let one_fault = diagnosis.root_cause.is_some() && others == 0;
        if diagnosis.paths.len() > 1
            || !diagnosis.complete
            || diagnosis.comparison.is_some()
            || diagnosis.verdict != Verdict::Reachable && !one_fault
        {
            continue;
        }
        let text = at_80(diagnosis, false);
        let rows = rows(&text);
        if rows > ROWS {
            long.push(format!("{name}: {rows} rows\n{text}"));
        }
        counted += 1;
    }
    assert!(long.is_empty(), "{} are longer\n{}", long.len(), long.join("\n"));
    assert!(counted > 80, "{counted} answers");
}

/// What could not be read may be much; what keeps an answer open is told in few lines all the same.
#[test]
fn an_open_answer_is_short_too() {
    for (name, diagnosis) in answers().filter(|(_, diagnosis)| diagnosis.verdict == Verdict::Inconclusive) {
        let text = at_80(diagnosis, false);
        assert!(rows(&text) <= ROWS + 10, "{name}\n{text}");
    }
}

/// What is spared for the rows is told where all is wanted.
#[test]
fn every_step_is_in_the_long_answer() {
    for (name, diagnosis) in answers() {
        let text = at_80(diagnosis, true);
        for fix in diagnosis.root_cause.iter().flat_map(|root| &root.fault.fixes) {
            let command = fix.command.as_ref().map(idc::findings::Command::shell).unwrap_or_default();
            assert!(text.contains(&command), "{name} lacks {command}");
        }
    }
}

/// Whoever takes one of several ways has read what it does besides, and reads it there.
#[test]
fn every_caution_stands_under_its_own_step() {
    let mut several = 0;
    for (name, diagnosis) in answers() {
        let text = at_80(diagnosis, true).split_whitespace().collect::<Vec<_>>().join(" ");
        let mut markdown = Vec::new();
        render::markdown::write(&mut markdown, diagnosis).expect("rendered");
        let markdown = String::from_utf8(markdown).expect("text");
        let fixes = diagnosis.root_cause.iter().flat_map(|root| &root.fault.fixes);
        let cautions: Vec<&str> = fixes.filter_map(|fix| fix.caution.as_deref()).collect();
        for caution in &cautions {
            let caution = caution.split_whitespace().collect::<Vec<_>>().join(" ");
            let wanted = cautions.iter().filter(|other| **other == caution).count();
            let told = text.matches(&format!("Careful: {caution}")).count();
            let of_all = text.contains(&format!("Careful with each: {caution}"));
            assert!(told >= wanted || of_all, "{name}: {told} of {wanted} times: {caution}\n{text}");
            several += usize::from(wanted > 1);
        }
        assert!(markdown.matches("**Careful:**").count() >= cautions.len(), "{name}\n{markdown}");
    }
    assert!(several > 1, "no fixture has two ways with the same caution");
}

/// A command that is broken cannot be pasted.
#[test]
fn every_command_stands_on_a_line_of_its_own() {
    for (name, diagnosis) in answers() {
        let text = at_80(diagnosis, true);
        for fix in diagnosis.root_cause.iter().chain(&diagnosis.also).flat_map(|found| &found.fault.fixes) {
            let Some(command) = fix.command.as_ref().map(idc::findings::Command::shell) else { continue };
            let is_told = text.contains(&command);
            assert!(!is_told || text.lines().any(|line| line.trim() == command), "{name}: {command}");
        }
    }
}
