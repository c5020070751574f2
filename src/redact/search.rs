//! The last look before a recording is given out: whether any name, id or word of the original is still somewhere in it,
//! however it is written. It knows nothing of how words were replaced, so that a mistake there shows here; only which
//! words were drawn at random. Of very many originals one or the other is by chance in such a word, and is no name there.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::Match;
use serde_json::Value;

use super::dictionary::{Dictionary, fold};
use super::finder::Finder;
use super::gathered::{ADMIN, FEWEST_DIGITS, Gathered, is_telling_alone};
use super::pieces::{self, Piece};
use super::walk::{KEPT, NAMES, PROSE};
use super::{known, machine, policy, prose, text};
use crate::evidence::Evidence;
use crate::json;
use written::{base64_in, readings};

mod written;

/// Of fewer letters a word occurs within others by chance; as a word of its own it is looked for all the same.
const WITHIN_OTHERS: usize = 4;
/// As many digits as only ids have: they are looked for across dashes and spaces, and backwards.
const DIGITS_OF_AN_ID: usize = 10;
/// Of fewer letters a word occurs by chance in bytes that mean nothing.
const IN_BASE64: usize = 6;
/// Longer texts are hardly ever the same.
const LONGEST_REMEMBERED: usize = 128;

/// The words of an original, ready to be looked for.
pub(super) struct Search {
    originals: Vec<Original>,
    finder: Option<Finder>,
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
        let is_sought_anywhere = |token: &str| {
            gathered.has_word(token) && token.chars().count() >= IN_BASE64 && is_telling_alone(token) && !is_own(token)
        };
        let mut originals = BTreeSet::new();
        for text in gathered.all() {
            let is_made_of_own_words = tokens(text).all(is_own);
            let (letters, digits) =
                (text.chars().filter(|c| c.is_alphanumeric()).count(), text.bytes().filter(u8::is_ascii_digit).count());
            let is_one_word = tokens(text).nth(1).is_none();
            let is_sought = if is_one_word {
                !is_made_of_own_words && is_telling_alone(text)
            } else {
                // Where one of its words stands, that is found.
                let is_sought = letters >= IN_BASE64 && (digits < letters || digits >= FEWEST_DIGITS);
                is_sought && !tokens(text).any(is_sought_anywhere)
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
        let finder = Finder::of(originals.iter().map(|original| &original.text));
        Self { originals, finder, of_policies }
    }

    fn is_own(&self, token: &str) -> bool {
        OWN.contains(token) || self.of_policies.contains(token)
    }

    /// The field in which something of the original still is, as a path without names. Of a recording that cannot be
    /// searched, the whole.
    pub(super) fn field_with_original(&self, redacted: &Evidence, dictionary: &Dictionary) -> Option<String> {
        let Ok(recording) = json::value(redacted) else { return Some("evidence".to_owned()) };
        self.place_in(&recording, "", "evidence", dictionary, &Clean::default())
    }

    /// The same in a value, which stands in the field `field` of `whole`. The dictionary says which words were drawn;
    /// what was clean with it before is so still.
    pub(super) fn place_in(
        &self,
        value: &Value,
        field: &str,
        whole: &str,
        dictionary: &Dictionary,
        clean: &Clean,
    ) -> Option<String> {
        self.finder.as_ref().map_or(Some(whole.to_owned()), |finder| {
            let mut path = vec![whole];
            let looking = Looking { search: self, finder, dictionary, clean };
            looking.is_in(value, field, &mut path).then(|| path.join("."))
        })
    }
}

/// Texts that were looked into and hold no original: ids stand in a file many times.
pub(super) type Clean = RefCell<HashSet<String>>;

/// A look into what was written with the words of a dictionary.
#[derive(Clone, Copy)]
struct Looking<'a> {
    search: &'a Search,
    finder: &'a Finder,
    dictionary: &'a Dictionary,
    clean: &'a Clean,
}

impl Looking<'_> {
    /// Whether a value holds an original; then `path` leads there.
    fn is_in<'a>(self, value: &'a Value, field: &'a str, path: &mut Vec<&'a str>) -> bool {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
            Value::String(_) if KEPT.contains(&field) => false,
            Value::String(text) => self.is_in_text(text, field),
            Value::Array(items) => items.iter().any(|item| self.is_in(item, field, path)),
            Value::Object(entries) => {
                let is_fact = entries.contains_key("observed");
                let is_by_name = NAMES.contains(&field) && !is_fact;
                entries.iter().any(|(name, value)| {
                    path.push(if is_by_name { "*" } else { name });
                    let below = if is_by_name { "" } else { name };
                    let found = (is_by_name && self.is_in_text(name, field)) || self.is_in(value, below, path);
                    if !found {
                        path.pop();
                    }
                    found
                })
            }
        }
    }

    fn is_in_text(self, text: &str, field: &str) -> bool {
        let is_prose = PROSE.contains(&field);
        let is_short = text.len() <= LONGEST_REMEMBERED && !is_prose;
        if is_short && self.clean.borrow().contains(text) {
            return false;
        }
        let is_found = self.is_written_in(text, is_prose);
        if is_short && !is_found {
            self.clean.borrow_mut().insert(text.to_owned());
        }
        is_found
    }

    fn is_written_in(self, text: &str, is_prose: bool) -> bool {
        let written = readings(text);
        written.iter().any(|text| self.finds(text, is_prose))
            || written.iter().any(|text| self.finds_digits(text))
            || base64_in(text).any(|(run, decoded)| self.finds_decoded(run, &decoded, is_prose))
    }

    /// Whether a text holds an original.
    fn finds(self, text: &str, is_prose: bool) -> bool {
        let folded = fold(text);
        let mut made_up = None;
        self.finder.everywhere_in(&folded).any(|found| {
            self.tells(text, &folded, &found, is_prose)
                && !made_up.get_or_insert_with(|| self.made_up(text)).covers(found.range())
        })
    }

    /// Whether what letters and digits say as Base64 holds an original. Letters that were drawn say nothing.
    fn finds_decoded(self, run: &str, decoded: &str, is_prose: bool) -> bool {
        let folded = fold(decoded);
        let is_long = |found: &Match| self.search.originals[found.pattern()].text.chars().count() >= IN_BASE64;
        let mut all = self.finder.everywhere_in(&folded);
        all.any(|found| is_long(&found) && self.tells(decoded, &folded, &found, is_prose))
            && !self.made_up(run).covers(0..fold(run).len())
    }

    /// Whether what was found is more than AWS's own words.
    fn tells(self, text: &str, folded: &str, found: &Match, is_prose: bool) -> bool {
        let original = &self.search.originals[found.pattern()];
        let around = token_around(folded, found.start(), found.end());
        if original.text.chars().count() < WITHIN_OTHERS && around.len() > found.len() {
            return false;
        }
        if original.is_made_of_own_words {
            // What people read is made of such words, and so are places of AWS's own.
            return !is_prose && !is_in_own_place(text, &original.text);
        }
        !tokens(around).all(|token| self.search.is_own(token))
    }

    /// Whether the digits of an id are there, however they are set apart.
    fn finds_digits(self, text: &str) -> bool {
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
        let is_found = |found: Match| is_id(&self.search.originals[found.pattern()].text);
        joined.len() < text.len() && self.finder.everywhere_in(&joined).any(is_found)
    }

    /// Which parts of a text were drawn.
    fn made_up(self, text: &str) -> MadeUp {
        let mut end = 0;
        let part = |piece: Piece<'_>| {
            let (Piece::Kept(text) | Piece::Word(text) | Piece::Id(text)) = piece;
            let folded = fold(text);
            end += folded.len();
            let whose = match piece {
                Piece::Kept(_) => Whose::Nobody,
                _ if self.dictionary.is_made_up(text) => Whose::MadeUp,
                _ if self.search.is_own(&folded) => Whose::Nobody,
                _ => Whose::Somebody,
            };
            (end, whose)
        };
        MadeUp(pieces::pieces(text).into_iter().map(part).collect())
    }
}

/// Where in a text, in lower case, its pieces end, and what they are.
struct MadeUp(Vec<(usize, Whose)>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    MadeUp,
    /// AWS's or idc's own, or no word.
    Nobody,
    Somebody,
}

impl MadeUp {
    /// Whether whatever stands in some part of the text stands there by chance.
    fn covers(&self, part: Range<usize>) -> bool {
        let first = self.0.partition_point(|(end, _)| *end <= part.start);
        let before = |end: usize| end < part.end;
        let last = first + self.0[first..].partition_point(|(end, _)| before(*end));
        let touched = self.0.get(first..=last).unwrap_or_default();
        touched.iter().any(|(_, whose)| *whose == Whose::MadeUp)
            && touched.iter().all(|(_, whose)| *whose != Whose::Somebody)
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

#[cfg(test)]
mod tests;
