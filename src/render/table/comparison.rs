//! Where the user and a colleague differ.

use std::io;

use super::super::{Tone, hints};
use super::page::Page;
use super::{cause, unread};
use crate::answers::comparison::Comparison;
use crate::evidence::Gap;

/// Writes what came of comparing.
pub(super) fn write(page: &mut Page<'_>, comparison: &Comparison, verbose: bool) -> io::Result<()> {
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
    unread::list(page, &gaps, verbose, verbose)
}
