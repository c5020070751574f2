//! What the original holds: gathered in a first walk, before any word is given for another.

use std::collections::{BTreeSet, HashSet};

use super::dictionary::fold;
use super::finder::Finder;
use super::known;

/// Part of a name that stays, since advice depends on it: whoever is told to join a group should not become an
/// administrator by accident.
pub(super) const ADMIN: &str = "admin";

/// Of fewer letters any word may hold another by chance.
const TELLING: usize = 3;

/// Fewer digits are in times and versions too.
pub(super) const FEWEST_DIGITS: usize = 5;

/// Nothing that AWS keeps has a longer name, and looking for pieces takes time by the square of it.
const LONGEST_NAME: usize = 128;

/// Of anything longer the beginning tells enough.
const LONGEST_LOOKED_FOR: usize = 64;

/// Words, whole texts, pieces beside wildcards and AWS managed policies of the original.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    words: HashSet<String>,
    texts: BTreeSet<String>,
    pieces: Pieces,
    policies: BTreeSet<String>,
    telling: Option<Finder>,
}

/// Pieces of words beside a wildcard of a policy: words that they match must go on to be matched.
#[derive(Debug, Clone, Default)]
struct Pieces {
    lengths: BTreeSet<usize>,
    at_start: HashSet<String>,
    at_end: HashSet<String>,
    anywhere: HashSet<String>,
}

impl Gathered {
    /// Takes note of a word.
    pub(super) fn add_word(&mut self, folded: String) {
        self.words.insert(folded);
    }

    /// Takes note of a whole text that holds words. Of one that is longer than names are, the words tell enough.
    pub(super) fn add_text(&mut self, text: &str) {
        if text.len() <= LONGEST_NAME {
            self.texts.insert(fold(text));
        }
    }

    /// Takes note of a piece of a word that wildcards stand beside.
    pub(super) fn add_piece(&mut self, piece: &str, after_wildcard: bool, before_wildcard: bool) {
        let folded = fold(piece);
        self.pieces.lengths.insert(folded.len());
        for (among, fits) in [
            (&mut self.pieces.at_start, before_wildcard),
            (&mut self.pieces.at_end, after_wildcard),
            (&mut self.pieces.anywhere, before_wildcard && after_wildcard),
        ] {
            if fits {
                among.insert(folded.clone());
            }
        }
    }

    /// Takes note that AWS keeps the managed policies of these ARNs.
    pub(super) fn add_policies(&mut self, arns: impl Iterator<Item = String>) {
        self.policies.extend(arns);
    }

    /// Makes ready for what is asked while words are given.
    pub(super) fn finish(&mut self) {
        let telling = self.words.iter().filter(|word| word.chars().count() >= TELLING && is_telling_alone(word));
        let telling = telling.map(|word| beginning(word));
        self.telling = Finder::of(telling.chain([ADMIN]));
    }

    /// Whether a word of the original is replaced wherever it stands for itself.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.words.contains(&fold(word))
    }

    /// Whether a text is one of the original's as a whole.
    pub(super) fn has_text(&self, text: &str) -> bool {
        self.texts.contains(&fold(text))
    }

    /// Every word, cut where it is very long, and every text, in lower case.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| beginning(word)).chain(self.texts.iter().map(String::as_str))
    }

    /// The ARNs of policies that AWS keeps, as far as the original shows.
    pub(super) fn policies(&self) -> impl Iterator<Item = &str> {
        self.policies.iter().map(String::as_str)
    }

    /// Whether an ARN, or a pattern of ARNs, is of a policy that AWS keeps.
    pub(super) fn is_policy_of_aws(&self, arn: &str) -> bool {
        let known = |name: &str| known::POLICIES.iter().any(|policy| known::fits(name, policy));
        self.policies.contains(arn) || arn.split_once(":iam::aws:policy/").is_some_and(|(_, name)| known(name))
    }

    /// Whether a made-up word holds a word of the original by chance.
    pub(super) fn is_telling(&self, made_up: &str) -> bool {
        self.telling.as_ref().is_some_and(|telling| telling.finds_one_in(made_up))
    }

    /// Where words of the original end in a made-up word.
    pub(super) fn ends_of_telling(&self, made_up: &str) -> BTreeSet<usize> {
        self.telling.iter().flat_map(|telling| telling.in_turn(made_up)).map(|found| found.end()).collect()
    }

    /// Splits a word around a piece that must stay a piece: the part that advice depends on, else the longest one beside
    /// a wildcard.
    pub(super) fn split<'a>(&self, folded: &'a str) -> Option<[&'a str; 3]> {
        if folded.len() > LONGEST_NAME {
            return None;
        }
        if let Some(at) = folded.find(ADMIN) {
            return Some([&folded[..at], &folded[at..at + ADMIN.len()], &folded[at + ADMIN.len()..]]);
        }
        self.pieces.longest_in(folded).map(|(from, to)| [&folded[..from], &folded[from..to], &folded[to..]])
    }
}

impl Pieces {
    fn longest_in(&self, folded: &str) -> Option<(usize, usize)> {
        let whole = folded.len();
        self.lengths.range(..whole).rev().find_map(|&length| {
            let is = |among: &HashSet<String>, from: usize| {
                folded.get(from..from + length).is_some_and(|piece| among.contains(piece))
            };
            let from = if is(&self.at_start, 0) {
                Some(0)
            } else if is(&self.at_end, whole - length) {
                Some(whole - length)
            } else if self.anywhere.is_empty() {
                None
            } else {
                (0..=whole - length).find(|from| is(&self.anywhere, *from))
            };
            from.map(|from| (from, from + length))
        })
    }
}

/// Whether a word by itself says whose it is: a letter or a small number does not.
pub(super) fn is_telling_alone(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
    letters > 1 && (digits < letters || digits >= FEWEST_DIGITS)
}

/// As much of a text as is looked for.
fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST_LOOKED_FOR).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_piece_beside_a_wildcard_is_found_and_no_whole_word() {
        let mut gathered = Gathered::default();
        gathered.add_piece("Red", false, true);
        gathered.add_piece("Redshift", false, true);
        gathered.add_piece("lyst", true, false);
        gathered.add_piece("mid", true, true);
        assert_eq!(gathered.split("redshiftuser"), Some(["", "redshift", "user"]));
        assert_eq!(gathered.split("redshift"), Some(["", "red", "shift"]));
        assert_eq!(gathered.split("analyst"), Some(["ana", "lyst", ""]));
        assert_eq!(gathered.split("amidb"), Some(["a", "mid", "b"]));
        assert_eq!(gathered.split("myred"), None);
        assert_eq!(gathered.split("dataadmins"), Some(["data", "admin", "s"]));
        assert_eq!(gathered.split(&"admin".repeat(40)), None, "no name is that long");
    }
}
