//! Where the user and a colleague differ.

use std::io;

use super::super::{Tone, hints};
use super::page::Page;
use super::{cause, unread};
use crate::answers::diagnosis::Diagnosis;
use crate::evidence::Gap;

/// Writes what came of comparing, where a colleague was named.
pub(super) fn write(page: &mut Page<'_>, diagnosis: &Diagnosis, verbose: bool) -> io::Result<()> {
    let Some(comparison) = &diagnosis.comparison else { return Ok(()) };
    page.gap()?;
    page.led(("Compared with", Tone::Strong), &format!(" {}", comparison.colleague), "  ")?;
    page.text(&comparison.summary, "  ", "  ")?;
    let suggestions = hints::did_you_mean(&comparison.suggestions);
    suggestions.iter().try_for_each(|close| page.text(close, "  ", "    "))?;
    for difference in &comparison.differences {
        page.text(&difference.message, "  - ", "    ")?;
        cause::steps(page, &difference.fix, "    ")?;
    }
    let gaps: Vec<&Gap> = comparison.gaps.iter().collect();
    unread::list(page, &gaps, verbose)
}
