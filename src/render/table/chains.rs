//! Draws the ways to the account.

use std::io;

use super::super::chain::{self, Chain};
use super::page::Page;
use crate::answers::diagnosis::Diagnosis;

const INDENT: &str = "  ";
const FURTHER: &str = "      ";

/// Writes a chain for each path.
pub(super) fn write(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    let (chains, rest) = chain::chains(diagnosis);
    page.gap()?;
    for chain in &chains {
        draw(page, chain)?;
    }
    rest.iter().try_for_each(|rest| page.text(rest, INDENT, FURTHER))
}

/// Breaks a chain before its lines only, so that a line and what it leads to stay together.
fn draw(page: &mut Page<'_>, chain: &Chain) -> io::Result<()> {
    let mut line = INDENT.to_owned();
    let mut taken = INDENT.len();
    let mut fresh = true;
    for stretch in
        chain.stretches(page.style).into_iter().flat_map(|stretch| stretch.within(page.style.columns() - FURTHER.len()))
    {
        let space = usize::from(!stretch.line.is_empty());
        let width = stretch.width();
        if !fresh && taken + 1 + width > page.style.columns() {
            page.line(&line)?;
            FURTHER.clone_into(&mut line);
            (taken, fresh) = (FURTHER.len(), true);
        }
        if !fresh {
            line.push(' ');
            taken += 1;
        }
        match stretch.tone {
            Some(tone) => line.push_str(&page.style.paint(&stretch.line, tone)),
            None => line.push_str(&stretch.line),
        }
        line.push_str(&" ".repeat(space));
        line.push_str(&stretch.text);
        (taken, fresh) = (taken + width, false);
    }
    page.line(&line)
}
