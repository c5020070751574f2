//! What is wrong, what comes close, and what to do.

use std::io;

use textwrap::core::display_width;

use super::super::causes::{Causes, Told};
use super::super::{confidence_word, more_ways};
use super::page::Page;
use crate::answers::diagnosis::Diagnosis;
use crate::answers::diagnosis::sentences::way;
use crate::findings::Fix;
use crate::verdict::Verdict;
use crate::wording;

/// The message, with the rule's id and the confidence at the end, and what follows from the fault.
pub(super) fn paragraph(
    page: &mut Page<'_>,
    diagnosis: &Diagnosis,
    told: &Told<'_>,
    (first, indent): (&str, &str),
    verbose: bool,
) -> io::Result<()> {
    let fault = &told.finding.fault;
    let so = told.follows_in_words().map(|words| format!(" {words}")).unwrap_or_default();
    let mut lines = page.style.wrap(&format!("{}{so}", fault.message), first, indent);
    let tag = page.style.text(&format!("{} · {}", told.finding.rule, confidence_word(fault.confidence)));
    let columns = page.style.columns();
    let last = lines.pop().unwrap_or_default();
    let room = columns.saturating_sub(display_width(&last));
    for line in lines {
        page.line(&line)?;
    }
    if room >= display_width(&tag) + 2 {
        page.line(&format!("{last}{}{tag}", " ".repeat(room - display_width(&tag))))?;
    } else {
        page.line(&last)?;
        let space = " ".repeat(columns.saturating_sub(display_width(&tag)));
        page.text(&tag, if space.is_empty() { indent } else { &space }, indent)?;
    }
    let further = format!("{indent}  ");
    let same = told.same.iter().filter_map(|index| diagnosis.paths.get(*index)).map(way);
    let same = wording::list(same, 3);
    if !same.is_empty() {
        page.text(&format!("The same on the way by {same}"), indent, &further)?;
    }
    let mut follows = told.follows.clone();
    follows.dedup();
    if verbose && !follows.is_empty() {
        page.text(&format!("Follows from it: {}", follows.join(", ")), indent, &further)?;
    }
    Ok(())
}

/// How many fixes are told where not all are wanted: of those that do the same for one and another, a few.
pub(super) fn enough(fixes: &[Fix]) -> usize {
    if are_alike(fixes) { fixes.len().min(ALIKE) } else { fixes.len() }
}

/// Whether fixes do the same for one and another: one of them is enough.
pub(super) fn are_alike(fixes: &[Fix]) -> bool {
    let kind = |fix: &Fix| {
        let words = fix.command.as_ref().map(|command| command.words.iter().take(KIND).cloned().collect::<Vec<_>>());
        (fix.caution.clone(), words)
    };
    fixes.windows(2).all(|pair| kind(&pair[0]) == kind(&pair[1]))
}

/// Fixes that are alike.
const ALIKE: usize = 3;

/// The words of a command that say what it does: `aws identitystore create-group-membership`.
const KIND: usize = 3;

pub(super) fn steps<'a>(page: &mut Page<'_>, fixes: impl IntoIterator<Item = &'a Fix>, indent: &str) -> io::Result<()> {
    let fixes: Vec<&Fix> = fixes.into_iter().collect();
    // Said before the first, so that whoever takes another has read it.
    let of_all = fixes
        .first()
        .and_then(|first| first.caution.as_ref())
        .filter(|caution| fixes.len() > 1 && fixes.iter().all(|fix| fix.caution.as_ref() == Some(*caution)));
    if let Some(caution) = of_all {
        page.text(&format!("Careful with each: {caution}"), indent, indent)?;
    }
    for (index, fix) in fixes.into_iter().enumerate() {
        let number = format!("{indent}{}. ", index + 1);
        let under = " ".repeat(number.len());
        page.text(&fix.what, &number, &under)?;
        match of_all {
            Some(_) => command(page, fix, &under)?,
            None => under_it(page, fix, &under)?,
        }
    }
    Ok(())
}

/// What stands under the words of a fix: what else it does, and its command.
pub(super) fn under_it(page: &mut Page<'_>, fix: &Fix, indent: &str) -> io::Result<()> {
    if let Some(caution) = &fix.caution {
        page.text(&format!("Careful: {caution}"), indent, indent)?;
    }
    command(page, fix, indent)
}

fn command(page: &mut Page<'_>, fix: &Fix, indent: &str) -> io::Result<()> {
    fix.command.iter().try_for_each(|command| page.command(indent, &command.shell()))
}

/// The other faults. Where nothing is settled they are what is known, and their fixes come with them.
pub(super) fn also(page: &mut Page<'_>, diagnosis: &Diagnosis, causes: &Causes<'_>, verbose: bool) -> io::Result<()> {
    let open = diagnosis.verdict == Verdict::Inconclusive;
    let with_fixes = open || verbose;
    page.title(match (open, with_fixes) {
        (true, _) => "Found so far",
        (false, true) => "Also",
        (false, false) => "Also (fixes with --verbose)",
    })?;
    for told in &causes.also {
        paragraph(page, diagnosis, told, ("  - ", "    "), verbose)?;
        if with_fixes {
            steps(page, &told.finding.fault.fixes, "    ")?;
        }
    }
    for (rule, count) in &causes.more {
        page.text(&format!("- and {} with {rule}", more_ways(*count)), "  ", "    ")?;
    }
    Ok(())
}
