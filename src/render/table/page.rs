//! Lines on their way out: wrapped, indented, with one empty line between sections.

use std::io;

use super::super::{Style, Tone};

/// Where the answer goes, and in what style.
pub(in crate::render) struct Page<'a> {
    pub(in crate::render) out: &'a mut dyn io::Write,
    pub(in crate::render) style: &'a Style,
}

impl Page<'_> {
    /// A line that is ready as it is.
    pub(in crate::render) fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", line.trim_end())
    }

    /// An empty line.
    pub(in crate::render) fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// The head of a section.
    pub(in crate::render) fn title(&mut self, title: &str) -> io::Result<()> {
        self.gap()?;
        self.line(&self.style.paint(title, Tone::Strong))
    }

    /// A text that may hold names from AWS, wrapped.
    pub(in crate::render) fn text(&mut self, text: &str, first: &str, rest: &str) -> io::Result<()> {
        self.style.wrap(text, first, rest).iter().try_for_each(|line| self.line(line))
    }

    /// A text behind a word that is painted.
    pub(in crate::render) fn led(&mut self, (word, tone): (&str, Tone), text: &str, rest: &str) -> io::Result<()> {
        let painted = self.style.paint(word, tone);
        for line in self.style.wrap(&format!("{word}{text}"), "", rest) {
            match line.strip_prefix(word) {
                Some(end) => self.line(&format!("{painted}{end}"))?,
                None => self.line(&line)?,
            }
        }
        Ok(())
    }

    /// A command on a line of its own, however long: broken, it could not be pasted.
    pub(in crate::render) fn command(&mut self, indent: &str, command: &str) -> io::Result<()> {
        self.line(&format!("{indent}{}", super::super::clean(command)))
    }
}
