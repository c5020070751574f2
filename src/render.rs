//! How an answer is told. Renderers decide nothing: they take the same `Diagnosis`, and never look at the clock or the
//! environment. Names come from a directory that others may write to, so nothing reaches a terminal or a ticket before
//! [`clean`].

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::answers::diagnosis::{Diagnosis, PathReport};
use crate::evidence::PrincipalType;
use crate::findings::Confidence;
use crate::verdict::{PathState, Verdict};
use crate::wording;
pub use crate::wording::clean;

#[cfg(test)]
mod cases;
mod causes;
mod chain;
pub mod explain;
mod gaps;
mod gates;
mod hints;
pub mod json;
pub mod line;
pub mod markdown;
pub mod table;

/// What the reader's terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
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

/// The verdict as a sentence about what was asked, without the cause.
fn headline(diagnosis: &Diagnosis) -> String {
    let Diagnosis { user_label: user, account_label: account, question, .. } = diagnosis;
    let account = format!("{account}{}", question.narrowed());
    match diagnosis.verdict {
        Verdict::Reachable => format!("{user} can reach {account}"),
        Verdict::Degraded => format!("{user} can reach {account}, but something is wrong"),
        Verdict::Blocked => format!("{user} cannot reach {account}"),
        Verdict::Inconclusive => format!("cannot tell whether {user} can reach {account}"),
    }
}

/// What gives access, where all is well.
fn reassurance(diagnosis: &Diagnosis) -> String {
    if let (true, Some(own)) = (diagnosis.paths.is_empty(), &diagnosis.own_machine) {
        return own.portal.clone();
    }
    let open = diagnosis.paths.iter().filter(|path| path.state == PathState::Open);
    let ways: Vec<String> = open.map(way).collect();
    let verb = if ways.len() == 1 { "gives" } else { "give" };
    let ways = wording::list(ways, 4);
    // A permission set's name stays as it is; a role's begins with a word of ours.
    let ways = ways.strip_prefix("role ").map_or_else(|| ways.clone(), |rest| format!("Role {rest}"));
    if diagnosis.complete {
        format!("{ways} {verb} access, and nothing is wrong on the way.")
    } else {
        format!("{ways} {verb} access. No fault was found, but not everything could be read.")
    }
}

/// The way that is likely, in spite of an open question.
fn so_far(diagnosis: &Diagnosis) -> Option<String> {
    let open = diagnosis.verdict == Verdict::Inconclusive;
    let likely = diagnosis.paths.iter().find(|path| open && path.state != PathState::Shut)?;
    Some(format!("The way that is likely: {}. No gate on it is known to be shut.", way(likely)))
}

/// A path in a few words: `RedshiftAnalyst through group DataAnalysts`.
fn way(path: &PathReport) -> String {
    let set = path.grant();
    let requested = match (&path.permission_set_arn, path.stands) {
        (None, _) => " (entitlement)",
        (Some(_), true) => "",
        (Some(_), false) => " (only requested)",
    };
    match path.via.kind {
        PrincipalType::User => format!("{set} directly{requested}"),
        PrincipalType::Group => {
            format!("{set} through group {}{requested}", path.via_name.as_deref().unwrap_or(&path.via.id))
        }
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
        let style = Style { width: 24, color: false, unicode: false };
        let lines = style.wrap("see permission-set-not-provisioned … now", "", "  ");
        assert_eq!(lines, ["see", "  permission-set-not-provisioned", "  ... now"]);
    }
}
