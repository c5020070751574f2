//! Every check with its evidence, for those who want to see it all.

use std::io;

use super::super::gaps;
use super::super::gates::Mark;
use super::gates::word;
use super::page::Page;
use crate::answers::diagnosis::Diagnosis;
use crate::answers::diagnosis::sentences::way;
use crate::findings::{Citation, Outcome};
use crate::rules::RULES;
use crate::verdict::Check;

/// The width of the longest outcome, and a gutter.
const WORD: usize = 9;

const INDENT: &str = "             ";
const FURTHER: &str = "               ";

/// Writes what every rule said: what is in order once for all paths, what is not path by path.
pub(super) fn write(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    page.title("Every check")?;
    for rule in RULES {
        let checks = || diagnosis.checks.iter().filter(|check| check.rule.id == rule.id);
        for mark in [Mark::Fault, Mark::Unknown] {
            checks().filter(|check| Mark::of(check) == mark).try_for_each(|check| one(page, diagnosis, check))?;
        }
        for mark in [Mark::Clear, Mark::NotApplicable] {
            let count = checks().filter(|check| Mark::of(check) == mark).count();
            let ways = if count > 1 { format!(" ({count} ways)") } else { String::new() };
            if count > 0 {
                head(page, mark, &format!("{}{ways}", rule.id))?;
            }
        }
    }
    Ok(())
}

/// The outcome in a column of its own, and what it is about.
fn head(page: &mut Page<'_>, mark: Mark, about: &str) -> io::Result<()> {
    let plain = page.style.text(mark.word());
    let column = format!("  {plain}{}", " ".repeat(WORD - plain.chars().count()));
    let painted = column.replacen(&plain, &word(page.style, mark), 1);
    for line in page.style.wrap(about, &column, INDENT) {
        match line.strip_prefix(&column) {
            Some(end) => page.line(&format!("{painted}{end}"))?,
            None => page.line(&line)?,
        }
    }
    Ok(())
}

fn one(page: &mut Page<'_>, diagnosis: &Diagnosis, check: &Check) -> io::Result<()> {
    let path = check.path.and_then(|index| diagnosis.paths.get(index));
    let on = path.map(|path| format!(": {}", way(path))).unwrap_or_default();
    head(page, Mark::of(check), &format!("{}{on}", check.rule.id))?;
    match &check.judged {
        Ok(Outcome::Fault(fault)) => {
            fault.proof.iter().try_for_each(|proof| page.text(&citation(proof), INDENT, FURTHER))
        }
        Ok(Outcome::Clear | Outcome::NotApplicable) => Ok(()),
        Err(unread) => unread.0.iter().try_for_each(|gap| page.text(&gaps::phrase(gap), INDENT, FURTHER)),
    }
}

/// What a fact says, and by which answer of AWS.
fn citation(citation: &Citation) -> String {
    let place = [&citation.account, &citation.region].into_iter().flatten().map(|part| format!(" {part}"));
    let request = citation.request_id.iter().map(|id| format!(", request {id}"));
    let at = citation.at.iter().map(|at| format!(", {at}"));
    let source: String = std::iter::once(citation.call.to_string()).chain(place).chain(request).chain(at).collect();
    format!("{} ({source})", citation.says)
}
