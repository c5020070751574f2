//! The one way to standard output and standard error. Renderers clean the names that they put into a text; here nothing
//! gets by that could steer a terminal, whoever forgot it. `clippy.toml` refuses every other way.

#[cfg(feature = "live")]
use std::io::IsTerminal;
use std::io::{self, Write};

use crate::wording::{clean, clean_but};

/// What a text may hold beside what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Line breaks.
    Plain,
    /// Line breaks and the colours of this program.
    Coloured,
    /// What a shell or another program reads: the signs by which it tells columns apart too.
    ForProgram,
}

/// The colours of this program and of its help. None of them can hide what is written.
const COLOURS: [&str; 7] = ["0", "1", "4", "31", "32", "33", "35"];

/// Prints an answer whole. Whoever closes the pipe early has seen enough: that is no error.
pub fn print(text: &[u8], kind: Text) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the one way")]
    let mut stdout = io::stdout().lock();
    let text = harmless(&String::from_utf8_lossy(text), kind);
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Says something beside the answer. Standard error may be closed; that is no reason to stop.
pub fn say(text: &str, kind: Text) {
    #[expect(clippy::disallowed_methods, reason = "this is the one way")]
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(harmless(text, kind).as_bytes());
}

/// Whether somebody sees at a terminal what is said beside the answer.
#[cfg(feature = "live")]
pub fn tells_a_terminal() -> bool {
    #[expect(clippy::disallowed_methods, reason = "it is looked at, not written to")]
    let stderr = io::stderr();
    stderr.is_terminal()
}

/// Says one line beside the answer, whatever is in it.
pub fn say_line(line: &str) {
    say(&format!("{}\n", clean(line)), Text::Plain);
}

/// Standard error for what writes to it by itself, such as a log.
#[derive(Debug, Clone, Copy)]
pub struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        say(&String::from_utf8_lossy(bytes), Text::Plain);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text without what its kind may not hold.
fn harmless(text: &str, kind: Text) -> String {
    match kind {
        Text::Plain => clean_but(text, |c| c == '\n').into_owned(),
        Text::ForProgram => clean_but(text, |c| matches!(c, '\n' | '\r' | '\t' | '\u{b}')).into_owned(),
        Text::Coloured => coloured(text, |c| c == '\n'),
    }
}

/// One line of a text in this program's colours, without line breaks.
pub fn coloured_line(text: &str) -> String {
    coloured(text, |_| false)
}

fn coloured(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut harmless = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('\u{1b}') {
        let (before, sequence) = rest.split_at(place);
        harmless.push_str(&clean_but(before, &keep));
        let end = colour(sequence).or_else(|| link(sequence)).unwrap_or(0);
        harmless.push_str(&sequence[..end]);
        rest = &sequence[end..];
        if end == 0 {
            harmless.push_str(&clean(&sequence[..1]));
            rest = &sequence[1..];
        }
    }
    harmless.push_str(&clean_but(rest, &keep));
    harmless
}

/// How long the colour is that the text begins with.
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let known = parameters[..end].split(';').all(|one| COLOURS.contains(&one));
    (known && parameters[end..].starts_with('m')).then_some(end + 3)
}

/// How long the link is that the text begins with: its beginning with an address of AWS's, or its end.
fn link(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(LINK)?;
    let (address, _) = rest.split_once(LINK_END)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#=&%".contains(c);
    let is_ours = address.is_empty() || LINKED.iter().any(|host| address.starts_with(host));
    (is_ours && address.chars().all(is_plain)).then_some(LINK.len() + address.len() + LINK_END.len())
}

/// How a terminal takes a link: this, its address, and the end of that; without an address it ends.
const LINK: &str = "\u{1b}]8;;";
const LINK_END: &str = "\u{1b}\\";

/// Where links of this program lead.
const LINKED: [&str; 2] = ["https://docs.aws.amazon.com/", "https://console.aws.amazon.com/"];

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mb\u{1b}[8mc\u{1b}]0;title\u{7}\r\u{9b}1m\u{202e}\n\td";

    #[test]
    fn nothing_gets_by_that_steers_a_terminal() {
        let plain = "a\\u{1b}[31mb\\u{1b}[8mc\\u{1b}]0;title\\u{7}\\r\\u{9b}1m\\u{202e}\n\\td";
        assert_eq!(harmless(HOSTILE, Text::Plain), plain);
        assert_eq!(harmless(HOSTILE, Text::Coloured), plain.replacen("\\u{1b}[31m", "\u{1b}[31m", 1));
        assert_eq!(harmless(HOSTILE, Text::ForProgram), plain.replace("\\r", "\r").replace("\\t", "\t"));
    }

    #[test]
    fn links_lead_to_aws_alone() {
        let ours = "\u{1b}]8;;https://docs.aws.amazon.com/a/b.html\u{1b}\\x\u{1b}]8;;\u{1b}\\";
        assert_eq!(harmless(ours, Text::Coloured), ours);
        for other in [
            "https://example.com/",
            "https://docs.aws.amazon.com.example.com/",
            "file:///etc",
            "https://docs.aws.amazon.com/\u{7}",
        ] {
            let text = format!("\u{1b}]8;;{other}\u{1b}\\x");
            assert!(!harmless(&text, Text::Coloured).contains('\u{1b}'), "{other}");
            assert!(!harmless(ours, Text::Plain).contains('\u{1b}'));
        }
    }

    #[test]
    fn colours_of_this_program_stay() {
        for text in ["\u{1b}[31;1mBLOCKED\u{1b}[0m  x\n", "\u{1b}[1m\u{1b}[4mUsage:\u{1b}[0m", "\u{1b}[33m"] {
            assert_eq!(harmless(text, Text::Coloured), text);
        }
        for text in ["\u{1b}", "\u{1b}[", "\u{1b}[31", "\u{1b}[m", "\u{1b}[31J", "\u{1b}[38;5;1m", "\u{1b}\u{1b}[1A"] {
            assert!(!harmless(text, Text::Coloured).contains('\u{1b}'), "{text:?}");
        }
        assert_eq!(coloured_line("a\n\u{1b}[1mb"), "a\\n\u{1b}[1mb");
    }
}
