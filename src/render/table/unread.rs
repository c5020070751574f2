//! What could not be read, and what it takes.

use std::io;

use super::super::Tone;
use super::super::gaps::{self, Door, Group};
use super::page::Page;
use crate::answers::diagnosis::{Diagnosis, sentences};
use crate::evidence::Gap;

/// What would settle an open answer: first of all that is said.
pub(super) fn settle(page: &mut Page<'_>, gaps: &[&Gap], verbose: bool) -> io::Result<()> {
    page.title(gaps::title(gaps))?;
    list(page, gaps, true, verbose)
}

/// That nobody said how to get into the account, and what to type.
pub(super) fn no_way_in(page: &mut Page<'_>, diagnosis: &Diagnosis, door: &Door, verbose: bool) -> io::Result<()> {
    page.gap()?;
    let said = sentences::no_way_in(diagnosis);
    if !door.decides && !verbose {
        let inside = format!(" what is inside {}, for want of a role there:", diagnosis.account_label);
        page.led(("Not checked:", Tone::Strong), &inside, "  ")?;
        return said.command.iter().try_for_each(|command| page.command("  ", command));
    }
    page.text(&said.why, "", "")?;
    said.command.iter().try_for_each(|command| page.command("  ", command))?;
    page.text(&said.otherwise, "", "")?;
    if verbose {
        page.text(&format!("It would read: {}", gaps::names(&door.behind)), "", "  ")?;
    }
    Ok(())
}

/// What else could not be read.
pub(super) fn not_checked(page: &mut Page<'_>, gaps: &[&Gap], verbose: bool) -> io::Result<()> {
    if let [gap] = gaps {
        page.gap()?;
        return page.led(("Not checked:", Tone::Strong), &format!(" {}", gaps::sentence(gap, verbose)), "  ");
    }
    if verbose {
        page.title("Not checked")?;
        return list(page, gaps, verbose, verbose);
    }
    page.gap()?;
    let groups: Vec<String> = gaps::group(gaps).iter().map(Group::in_a_clause).collect();
    page.led(("Not checked:", Tone::Strong), &format!(" {}; -v tells more", groups.join("; ")), "  ")
}

/// Gaps by reason and account, without a title.
pub(super) fn list(page: &mut Page<'_>, gaps: &[&Gap], words: bool, verbose: bool) -> io::Result<()> {
    gaps::group(gaps).iter().try_for_each(|group| write(page, group, words, verbose))
}

/// One group. AWS's own words tell a missing permission from one that is denied, so they come where they count.
fn write(page: &mut Page<'_>, group: &Group<'_>, words: bool, verbose: bool) -> io::Result<()> {
    let with_words = group.needs_words() || (words && !group.heading_tells());
    if !verbose {
        page.text(&format!("{} {}", group.heading(), group.together()), "  ", "    ")?;
        let said = if with_words { group.words() } else { Vec::new() };
        return said.into_iter().try_for_each(|words| page.text(words, "    ", "    "));
    }
    page.text(&group.heading(), "  ", "  ")?;
    for unread in &group.calls {
        page.text(&unread.line(), "    ", "      ")?;
        if with_words {
            page.text(unread.message, "      ", "      ")?;
        }
    }
    Ok(())
}
