//! The last look before a recording is given out: whether any name, id or word of the original is still somewhere in it,
//! however it is written. It knows nothing of how words were replaced, so that a mistake there shows here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::dictionary::fold;
use super::gathered::{ADMIN, Gathered};
use super::pieces::{self, Piece};
use super::walk::{KEPT, NAMES, PROSE};
use super::{known, machine, policy, prose, text};
use crate::evidence::Evidence;

/// Of fewer letters a word occurs within others by chance; as a word of its own it is looked for all the same.
const WITHIN_OTHERS: usize = 4;
/// Fewer digits are in times and versions too.
const FEWEST_DIGITS: usize = 5;
/// As many digits as only ids have: they are looked for across dashes and spaces, and backwards.
const DIGITS_OF_AN_ID: usize = 10;
/// Of fewer letters a word occurs by chance in bytes that mean nothing.
const IN_BASE64: usize = 6;
/// Escapes within escapes are undone so often.
const LAYERS: usize = 3;

/// The words of an original, ready to be looked for.
pub(super) struct Search {
    originals: Vec<Original>,
    finder: Option<AhoCorasick>,
    /// Words in the names of the managed policies that AWS keeps.
    of_policies: BTreeSet<String>,
}

/// What AWS, the AWS CLI and idc say themselves, in lower case: a name cannot be told from it.
static OWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut own = known::words();
    let others = prose::words().chain(machine::words()).chain(pieces::marks()).chain(text::own());
    own.extend(others.flat_map(tokens).map(fold));
    own.extend(policy::words().map(|word| fold(&word)));
    own
});

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Original {
    text: String,
    /// Whether all of it is made of words that AWS uses too.
    is_made_of_own_words: bool,
}

impl Search {
    /// Looks for all that was gathered.
    pub(super) fn of(gathered: &Gathered) -> Self {
        let of_policies: BTreeSet<String> = gathered.policies().flat_map(tokens).map(fold).collect();
        let is_own = |token: &str| token == ADMIN || OWN.contains(token) || of_policies.contains(token);
        let mut originals = BTreeSet::new();
        for text in gathered.all() {
            let is_made_of_own_words = tokens(text).all(is_own);
            let (letters, digits) =
                (text.chars().filter(|c| c.is_alphanumeric()).count(), text.bytes().filter(u8::is_ascii_digit).count());
            let is_one_word = tokens(text).nth(1).is_none();
            let is_sought = if is_one_word {
                letters > 1 && !is_made_of_own_words && (digits < letters || digits >= FEWEST_DIGITS)
            } else {
                letters >= IN_BASE64 && (digits < letters || digits >= FEWEST_DIGITS)
            };
            if is_sought {
                originals.insert(Original { text: text.to_owned(), is_made_of_own_words });
            }
            if is_one_word && digits == letters && digits >= DIGITS_OF_AN_ID {
                let backwards = text.chars().rev().collect();
                originals.insert(Original { text: backwards, is_made_of_own_words });
            }
        }
        let originals: Vec<Original> = originals.into_iter().collect();
        let finder = AhoCorasick::new(originals.iter().map(|original| &original.text)).ok();
        Self { originals, finder, of_policies }
    }

    /// The field in which something of the original still is, as a path without names. Of a recording that cannot be
    /// searched, the whole.
    pub(super) fn field_with_original(&self, redacted: &Evidence) -> Option<String> {
        let Ok(recording) = serde_json::to_value(redacted) else { return Some("evidence".to_owned()) };
        self.place_in(&recording, "", "evidence")
    }

    /// The same in a value, which stands in the field `field` of `whole`.
    pub(super) fn place_in(&self, value: &Value, field: &str, whole: &str) -> Option<String> {
        self.finder.as_ref().map_or(Some(whole.to_owned()), |finder| {
            let mut path = vec![whole];
            self.is_in(finder, value, field, &mut path).then(|| path.join("."))
        })
    }

    /// Whether a value holds an original; then `path` leads there.
    fn is_in<'a>(&self, finder: &AhoCorasick, value: &'a Value, field: &'a str, path: &mut Vec<&'a str>) -> bool {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
            Value::String(_) if KEPT.contains(&field) => false,
            Value::String(text) => self.is_in_text(finder, text, field),
            Value::Array(items) => items.iter().any(|item| self.is_in(finder, item, field, path)),
            Value::Object(entries) => {
                let is_fact = entries.contains_key("observed");
                let is_by_name = NAMES.contains(&field) && !is_fact;
                entries.iter().any(|(name, value)| {
                    path.push(if is_by_name { "*" } else { name });
                    let below = if is_by_name { "" } else { name };
                    let found =
                        (is_by_name && self.is_in_text(finder, name, field)) || self.is_in(finder, value, below, path);
                    if !found {
                        path.pop();
                    }
                    found
                })
            }
        }
    }

    fn is_in_text(&self, finder: &AhoCorasick, text: &str, field: &str) -> bool {
        let is_prose = PROSE.contains(&field);
        let written = readings(text);
        written.iter().any(|text| self.finds(finder, text, is_prose, 0))
            || written.iter().any(|text| self.finds_digits(finder, text))
            || base64_in(text).any(|decoded| self.finds(finder, &decoded, is_prose, IN_BASE64))
    }

    /// Whether a text holds an original of so many letters at the least.
    fn finds(&self, finder: &AhoCorasick, text: &str, is_prose: bool, letters: usize) -> bool {
        let folded = fold(text);
        finder.find_overlapping_iter(&folded).any(|found| {
            let original = &self.originals[found.pattern()];
            let long = original.text.chars().count();
            let around = token_around(&folded, found.start(), found.end());
            let is_whole = around.len() == found.len();
            if long < letters || (long < WITHIN_OTHERS && !is_whole) {
                return false;
            }
            if original.is_made_of_own_words {
                // What people read is made of such words, and so are places of AWS's own.
                return !is_prose && !is_in_own_place(text, &original.text);
            }
            !tokens(around).all(|token| OWN.contains(token) || self.of_policies.contains(token))
        })
    }

    /// Whether the digits of an id are there, however they are set apart.
    fn finds_digits(&self, finder: &AhoCorasick, text: &str) -> bool {
        let mut joined = String::with_capacity(text.len());
        let mut letters = text.chars().peekable();
        while let Some(c) = letters.next() {
            let between_digits =
                joined.ends_with(|c: char| c.is_ascii_digit()) && letters.peek().is_some_and(char::is_ascii_digit);
            if !(matches!(c, '-' | ' ' | '.') && between_digits) {
                joined.push(c);
            }
        }
        let is_id = |text: &str| text.len() >= DIGITS_OF_AN_ID && text.bytes().all(|byte| byte.is_ascii_digit());
        joined.len() < text.len()
            && finder.find_overlapping_iter(&joined).any(|found| is_id(&self.originals[found.pattern()].text))
    }
}

/// Whether all of an original within a text stands in something that is AWS's own: a Region, an action, a path.
fn is_in_own_place(text: &str, original: &str) -> bool {
    let theirs: String = pieces::pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Kept(own) if own.contains(char::is_alphanumeric) => "\0",
            Piece::Kept(text) | Piece::Word(text) | Piece::Id(text) => text,
        })
        .collect();
    let is_own = |chunk: &str| known::are_actions(chunk) || known::is_condition_key(chunk) || known::is_code(chunk);
    let chunks = theirs.split(['"', ',', '[', ']', '{', '}']).filter(|chunk| !is_own(chunk));
    !chunks.map(fold).any(|chunk| chunk.contains(original))
}

/// The words of a text.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty())
}

/// The text from `start` to `end` with the rest of the words that it begins and ends in.
fn token_around(text: &str, start: usize, end: usize) -> &str {
    let begins = text[..start].trim_end_matches(char::is_alphanumeric).len();
    let after = &text[end..];
    let ends = end + after.len() - after.trim_start_matches(char::is_alphanumeric).len();
    &text[begins..ends]
}

/// A text as it is and as it reads where characters are escaped, as in addresses or in JSON.
fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let mut readings = vec![Cow::Borrowed(text)];
    for _ in 0..LAYERS {
        let last = readings[readings.len() - 1].as_ref();
        if !last.contains(['%', '\\', '+']) {
            break;
        }
        let decoded = unescaped(&percent_decode_str(&last.replace('+', " ")).decode_utf8_lossy());
        readings.push(Cow::Owned(decoded));
    }
    readings
}

/// A text in which `\u00e9` is a letter, and of other escapes the backslash is left out.
fn unescaped(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        read.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let code =
            rest.strip_prefix('u').and_then(|rest| rest.get(..4)).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            read.push(c);
            rest = &rest[5..];
        }
    }
    read + rest
}

/// What the runs of letters and digits in a text say if they are Base64, from whichever letter it begins.
fn base64_in(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|c: char| sextet(c).is_none()).filter(|run| run.len() >= IN_BASE64 * 4 / 3);
    runs.flat_map(|run| (0..4).filter_map(move |skipped| run.get(skipped..))).map(|run| {
        let mut bytes = Vec::with_capacity(run.len());
        let (mut bits, mut held) = (0_u32, 0);
        for value in run.chars().filter_map(sextet) {
            bits = (bits << 6) | value;
            held += 6;
            if held >= 8 {
                held -= 8;
                bytes.extend(u8::try_from((bits >> held) & 0xff));
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn sextet(c: char) -> Option<u32> {
    let from = |first: char, value: u32| Some(u32::from(c) - u32::from(first) + value);
    match c {
        'A'..='Z' => from('A', 0),
        'a'..='z' => from('a', 26),
        '0'..='9' => from('0', 52),
        '+' | '-' => Some(62),
        '/' | '_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::dictionary::Dictionary;
    use crate::redact::draw::Draw;

    fn finds(names: &[&str], text: &str) -> bool {
        let mut dictionary = Dictionary::new(Draw::new(0));
        for name in names {
            text::replaced(&mut dictionary, name);
        }
        dictionary.finish();
        let search = Search::of(dictionary.gathered());
        search.is_in_text(search.finder.as_ref().expect("words"), text, "value")
    }

    #[test]
    fn finds_names_however_they_are_written() {
        for (name, text) in [
            ("Payroll", "a payroll b"),
            ("Payroll", "MyPayrolls"),
            ("jo", "x-jo-y"),
            ("müller", "M%C3%BCLLER"),
            ("Jane Doe", "jane+doe"),
            ("Jane Doe", "jane%2520doe"),
            ("müller", r"m\u00fcller"),
            ("payroll", r#"{\"pa\u0079roll\":1}"#),
            ("payroll", "cGF5cm9sbA"),
            ("payroll", "eHBheXJvbGw="),
            ("payroll", "eHhwYXlyb2xs"),
            ("payroll", "zzcGF5cm9sbA"),
            ("123456789012", "1234-5678-9012"),
            ("123456789012", "123 456 789 012"),
            ("123456789012", "210987654321"),
            ("123456789012", "x123456789012y"),
            ("customer-support", "my customer-support"),
            ("8dc39e91-28b6-4796-a733-b8e6be804055", "8DC39E91-28B6-4796-A733-B8E6BE804055"),
        ] {
            assert!(finds(&[name], text), "{name}: {text}");
        }
    }

    #[test]
    fn finds_no_name_in_what_is_aws_s_own() {
        for (name, text) in [
            ("jo", "join a major"),
            ("auth", "the authorization failed"),
            ("policy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ("us-east", "us-east-1"),
            ("west", "arn:aws:s3:eu-west-1::x"),
            ("Get Object", r#"{"Action":"s3:GetObject"}"#),
            ("2026", "2026-11-26"),
            ("ünrelated", "something else"),
            ("admin", "dataadmins"),
        ] {
            assert!(!finds(&[name], text), "{name}: {text}");
        }
    }
}
