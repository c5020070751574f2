//! What could not be read, and what it takes.

use std::io;

use super::super::Tone;
use super::super::gaps::{self, Group};
use super::page::Page;
use crate::evidence::Gap;

/// What would settle an open answer: first of all that is said.
pub(super) fn settle(page: &mut Page<'_>, gaps: &[&Gap]) -> io::Result<()> {
    page.title(gaps::title(gaps))?;
    list(page, gaps, true)
}

/// What else could not be read.
pub(super) fn not_checked(page: &mut Page<'_>, gaps: &[&Gap], verbose: bool) -> io::Result<()> {
    if let [gap] = gaps {
        page.gap()?;
        return page.led(("Not checked:", Tone::Strong), &format!(" {}", gaps::sentence(gap, verbose)), "  ");
    }
    page.title("Not checked")?;
    list(page, gaps, verbose)
}

/// Gaps by reason and account, without a title.
pub(super) fn list(page: &mut Page<'_>, gaps: &[&Gap], words: bool) -> io::Result<()> {
    gaps::group(gaps).iter().try_for_each(|group| write(page, group, words))
}

/// One group. AWS's own words tell a missing permission from one that is denied, so they come where they count.
fn write(page: &mut Page<'_>, group: &Group<'_>, words: bool) -> io::Result<()> {
    page.text(&group.heading(), "  ", "  ")?;
    for unread in &group.calls {
        page.text(&unread.line(), "    ", "      ")?;
        if group.needs_words() || (words && !group.heading_tells()) {
            page.text(unread.message, "      ", "      ")?;
        }
    }
    Ok(())
}
