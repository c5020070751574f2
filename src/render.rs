//! How an answer is told. Renderers decide nothing: they take the same `Diagnosis`, and never look at the clock or the
//! environment. Names come from a directory that others may write to, so nothing reaches a terminal or a ticket before
//! [`clean`].

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::findings::Confidence;
use crate::verdict::Verdict;
pub use crate::wording::clean;

#[cfg(test)]
mod cases;
mod causes;
mod chain;
mod csv;
pub mod doctor;
pub mod explain;
mod gaps;
mod gates;
mod hints;
mod html;
pub mod json;
mod junit;
pub mod line;
pub mod markdown;
pub mod organization;
pub mod several;
mod story;
pub mod table;

/// The rows that a terminal has from of old, and that an answer has to do with where nothing tells how many there are.
pub const HEIGHT: usize = 24;

/// What the reader's terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// Rows that are seen at once.
    pub height: usize,
    /// Whether colours may be used.
    pub color: bool,
    /// Whether anything but ASCII may be used for what does not come from AWS.
    pub unicode: bool,
}

/// What a piece of text means to the reader; never said by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Good,
    Bad,
    Unsure,
    Strong,
}

/// Below this no layout helps; a pipe may report a width of 0.
const NARROWEST: usize = 24;

/// Longer lines are hard to read.
const WIDEST: usize = 120;

impl Style {
    /// The text as this terminal may show it.
    fn text(&self, raw: &str) -> String {
        let text = clean(raw);
        if self.unicode {
            return text.into_owned();
        }
        let plain = |c: char| match c {
            '…' => "...".to_owned(),
            '–' | '—' | '·' => "-".to_owned(),
            '‘' | '’' => "'".to_owned(),
            '“' | '”' => "\"".to_owned(),
            other => other.to_string(),
        };
        text.chars().map(plain).collect()
    }

    /// The text in the colour of its meaning. Plain yellow, blue, cyan and grey are left out: each cannot be read on
    /// some common background.
    fn paint(&self, text: &str, tone: Tone) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = match tone {
            Tone::Good => owo_colors::Style::new().green(),
            Tone::Bad => owo_colors::Style::new().red(),
            Tone::Unsure => owo_colors::Style::new().magenta(),
            Tone::Strong => owo_colors::Style::new(),
        };
        style.bold().style(text).to_string()
    }

    fn columns(&self) -> usize {
        self.width.clamp(NARROWEST, WIDEST)
    }

    /// Breaks a text into lines, at spaces only: an id cut in two is no id.
    fn wrap(&self, text: &str, first: &str, rest: &str) -> Vec<String> {
        self.wrap_within(self.columns(), text, first, rest)
    }

    fn wrap_within(&self, columns: usize, text: &str, first: &str, rest: &str) -> Vec<String> {
        let options = Options::new(columns)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        textwrap::wrap(&self.text(text), options).into_iter().map(Cow::into_owned).collect()
    }
}

/// The verdict as the first word of an answer.
const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "REACHABLE",
        Verdict::Degraded => "DEGRADED",
        Verdict::Blocked => "BLOCKED",
        Verdict::Inconclusive => "INCONCLUSIVE",
    }
}

const fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Reachable => Tone::Good,
        Verdict::Blocked => Tone::Bad,
        Verdict::Degraded | Verdict::Inconclusive => Tone::Unsure,
    }
}

/// How sure a cause is, for people and for scripts.
const fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Confirmed => "confirmed",
        Confidence::Likely => "likely",
    }
}

/// `1 more way`, `2 more ways`.
fn more_ways(count: usize) -> String {
    format!("{count} more {}", if count == 1 { "way" } else { "ways" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_ids_whole_when_it_wraps() {
        let style = Style { width: 24, color: false, unicode: false, height: 24 };
        let lines = style.wrap("see permission-set-not-provisioned … now", "", "  ");
        assert_eq!(lines, ["see", "  permission-set-not-provisioned", "  ... now"]);
    }
}
