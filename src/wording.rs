//! Counting and listing in plain English, and characters that may not be shown as they are.

pub mod plain_text;
pub mod shell;
pub mod suggest;

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::wording::plain_text::is_invisible;

/// `no group`, `1 group`, `2 groups`, `2 policies`, `2 ways`.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => match noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
            Some(stem) => format!("{number} {stem}ies"),
            None => format!("{number} {noun}s"),
        },
    }
}

/// `a, b and c`, or `a, b and 38 more`.
pub fn list(names: impl IntoIterator<Item = String>, most: usize) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    if names.len() > most + 1 {
        let rest = names.len() - most;
        names.truncate(most);
        names.push(format!("{rest} more"));
    }
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// With a capital at the beginning.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Makes characters harmless that move the cursor, turn the direction of writing round, break the line or cannot be
/// seen, by writing them as `\u{202e}`.
pub fn clean(text: &str) -> Cow<'_, str> {
    clean_but(text, |_| false)
}

/// The same, but for some characters.
pub fn clean_but(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_kept = |c: char| !is_treacherous(c) || keep(c);
    if text.chars().all(is_kept) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len());
    for c in text.chars() {
        if is_kept(c) {
            harmless.push(c);
        } else {
            harmless.extend(c.escape_default());
        }
    }
    Cow::Owned(harmless)
}

/// Whether a character would do something to the terminal or the reader's eye beside being seen: by its general category, and
/// not by a list that forgets one.
pub fn is_treacherous(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match c.general_category() {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned => true,
        // Some letters and marks are none: they fill, join or choose a form.
        _ => is_invisible(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_english() {
        let names = |n: usize| (0..n).map(|i| i.to_string());
        assert_eq!(list(names(1), 3), "0");
        assert_eq!(list(names(4), 3), "0, 1, 2 and 3");
        assert_eq!(list(names(40), 3), "0, 1, 2 and 37 more");
        assert_eq!(
            (count(0, "group"), count(1, "group"), count(2, "group")),
            ("no group".into(), "1 group".into(), "2 groups".into())
        );
    }

    #[test]
    fn nothing_from_a_directory_can_steer_the_terminal() {
        assert_eq!(clean("\u{1b}[2Jjane\u{202e}eod\n\u{9b}1m"), r"\u{1b}[2Jjane\u{202e}eod\n\u{9b}1m");
        assert_eq!(clean("a\u{200b}b\u{2066}c\u{e0041}"), r"a\u{200b}b\u{2066}c\u{e0041}");
        for name in ["Jürgen Müller-李", "नमस्ते", "สวัสดี", "عبد الله", "☎️ Ops 🎉", "e\u{301}"]
        {
            assert!(matches!(clean(name), Cow::Borrowed(_)), "{name}");
        }
    }

    #[test]
    fn a_character_is_judged_by_its_category() {
        for (category, c) in [
            ("Cc", '\u{85}'),
            ("Cc", '\u{7f}'),
            ("Cf", '\u{110bd}'),
            ("Cf", '\u{600}'),
            ("Cf", '\u{1d173}'),
            ("Cf", '\u{ad}'),
            ("Co", '\u{e000}'),
            ("Co", '\u{10fffd}'),
            ("Cn", '\u{ffff}'),
            ("Cn", '\u{378}'),
            ("Zl", '\u{2028}'),
            ("Zp", '\u{2029}'),
            ("a letter that fills", '\u{3164}'),
            ("a sign without ink", '\u{2800}'),
            ("a mark that chooses a form", '\u{e0100}'),
        ] {
            assert!(is_treacherous(c), "{category} {c:?}");
            assert_eq!(clean(&format!("a{c}b")), format!("a\\u{{{:x}}}b", u32::from(c)));
        }
    }
}
