//! Finds documentation and known error texts by words of theirs. It ranks and leaves out; it never decides that
//! something else was meant.

use std::cmp::Reverse;

use crate::answers::pages::{self, Page};
use crate::findings::failure_reasons::{self, FailureReason};
use crate::wording::plain_text::Plain;

/// Words that say nothing about what is looked for.
const EMPTY_WORDS: &str = "a about an and any are as at be by can do does for from get gets has have how i if in into is it its me \
    my of on or our so some than that the their them then there these they this to us was we what when where which who why \
    will with you your";

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// What stands there, in a sentence: what it is about, or else the sentence that has the words.
    pub says: String,
}

/// Where something was found.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A page of documentation.
    Page(Page),
    /// An error text.
    Text(&'static FailureReason),
}

impl Place {
    /// What to hand to `idc explain`.
    pub fn name(&self) -> String {
        match self {
            Self::Page(page) => page.id.to_owned(),
            Self::Text(text) => text.name(),
        }
    }

    /// Its texts, each with what a word in it is worth: the name, what it is about, all the rest.
    fn fields(&self) -> [(usize, String); 3] {
        match self {
            Self::Page(page) => {
                [(40, page.id.to_owned()), (12, page.summary.to_owned()), (2, (page.text)().to_owned())]
            }
            Self::Text(text) => {
                let patterns = text.patterns().map(|pieces| pieces.join(" ")).collect::<Vec<_>>().join("; ");
                [(24, patterns), (6, text.means.clone()), (4, text.advice.clone())]
            }
        }
    }

    /// The sentence that tells best why it was found.
    fn says(&self, wanted: &[String]) -> String {
        let [(_, name), (_, about), (_, text)] = self.fields();
        let first = sentences(&about).next().unwrap_or_default();
        if has_all(&format!("{name} {about}"), wanted) {
            return first;
        }
        let sentences: Vec<String> = sentences(&text).collect();
        let with = |has: Has| sentences.iter().find(|one| has(one, wanted)).map(|one| from_the_words(one, wanted, has));
        with(has_all).or_else(|| with(has_one)).unwrap_or(first)
    }
}

/// What has all the words, best match first.
pub fn search(asked: &str) -> Vec<Found> {
    let wanted: Vec<String> =
        words(asked).filter(|word| !EMPTY_WORDS.split_whitespace().any(|empty| empty == word)).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let everything = pages::pages().map(Place::Page).chain(failure_reasons::messages().map(Place::Text));
    let mut ranked: Vec<(usize, Place)> =
        everything.filter_map(|place| Some((worth(&place, &wanted)?, place))).collect();
    // Among equals the order of the rules stays.
    ranked.sort_by_key(|(worth, _)| Reverse(*worth));
    ranked.into_iter().map(|(_, place)| Found { place, says: place.says(&wanted) }).collect()
}

/// How well it fits: `None` where it lacks one of the words.
fn worth(place: &Place, wanted: &[String]) -> Option<usize> {
    let fields: Vec<(usize, Vec<String>)> =
        place.fields().into_iter().map(|(weight, text)| (weight, words(&text).collect())).collect();
    let mut total = 0;
    for word in wanted {
        let of_field = |(weight, words): &(usize, Vec<String>)| {
            let whole = words.iter().filter(|known| *known == word).count();
            let begun = words.iter().filter(|known| begins_with(known, word)).count();
            // A word that comes again and again is what the text is about, up to a point.
            if whole > 0 {
                weight * 2 + whole.min(8)
            } else if begun > 0 {
                weight + begun.min(8)
            } else {
                0
            }
        };
        let found: usize = fields.iter().map(of_field).sum();
        if found == 0 {
            return None;
        }
        total += found;
    }
    let together = |words: &[String]| words.windows(wanted.len()).any(|window| window == wanted);
    let phrase = fields.iter().filter(|(_, words)| wanted.len() > 1 && together(words)).map(|(weight, _)| weight * 2);
    Some(total + phrase.sum::<usize>())
}

fn has_all(text: &str, wanted: &[String]) -> bool {
    let known: Vec<String> = words(text).collect();
    wanted.iter().all(|word| known.iter().any(|known| known == word || begins_with(known, word)))
}

fn has_one(text: &str, wanted: &[String]) -> bool {
    words(text).any(|known| wanted.iter().any(|word| known == *word || begins_with(&known, word)))
}

/// Whether a text has the words.
type Has = fn(&str, &[String]) -> bool;

/// The end of a sentence, from the clause on that has the words, where they would come too late to be seen.
fn from_the_words(sentence: &str, wanted: &[String], has: Has) -> String {
    const SHORT: usize = 48;
    let mut rest = sentence;
    while rest.chars().count() > SHORT {
        let next = [": ", "; ", ", "].iter().filter_map(|mark| rest.split_once(mark)).map(|(_, behind)| behind);
        match next.max_by_key(|behind| behind.len()).filter(|behind| has(behind, wanted)) {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    if rest.len() == sentence.len() { sentence.to_owned() } else { format!("… {rest}") }
}

/// The sentences of a text, without the marks of Markdown and without its commands.
fn sentences(text: &str) -> impl Iterator<Item = String> {
    let mut prose = String::new();
    let mut in_code = false;
    for line in text.lines().map(str::trim) {
        let fence = line.starts_with("```");
        in_code ^= fence;
        if fence || in_code || line.starts_with('#') {
            continue;
        }
        let item = line.split_once(". ").filter(|(number, _)| number.chars().all(|c| c.is_ascii_digit()));
        let item = item.map(|(_, rest)| rest).or_else(|| line.strip_prefix("- "));
        let ends = line.is_empty() || item.is_some();
        prose.push(if ends { '\n' } else { ' ' });
        prose.push_str(item.unwrap_or(line));
    }
    let prose = prose.replace('`', "");
    let sentences: Vec<String> =
        prose.lines().flat_map(|line| line.split(". ")).map(|one| one.trim().to_owned()).collect();
    sentences.into_iter().filter(|sentence| !sentence.is_empty())
}

/// Whether a word begins with another that is long enough to tell.
fn begins_with(word: &str, beginning: &str) -> bool {
    beginning.chars().count() >= 4 && word.starts_with(beginning)
}

/// The words of a text, each without the ending of the plural.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = Plain::of(text).words().collect();
    words.into_iter().map(|word| singular(&word))
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &str) -> Vec<String> {
        search(asked).iter().map(|found| found.place.name()).collect()
    }

    #[test]
    fn what_is_named_after_the_word_comes_first() {
        assert_eq!(names("saml provider")[0], "saml-provider-missing");
        assert_eq!(names("SAML Providers")[0], "saml-provider-missing");
        assert_eq!(names("disabled user")[0], "user-disabled");
        assert!(names("permission set").iter().take(5).all(|name| name.starts_with("permission-set")));
        assert_eq!(names("orphaned")[0], "assignment-orphaned-principal");
    }

    #[test]
    fn words_of_the_documentation_and_of_texts_are_found() {
        let scim = names("scim");
        assert!(scim.contains(&"user-not-found".to_owned()), "{scim:?}");
        assert!(scim.iter().any(|name| name.contains("violates schema")), "{scim:?}");
        assert!(names("clock").contains(&"Signature expired".to_owned()));
        assert!(names("nested groups").contains(&"not-in-assigned-group".to_owned()));
    }

    #[test]
    fn every_word_has_to_be_there() {
        assert!(names("scim zeppelin").is_empty());
        assert!(names("").is_empty() && names("the of").is_empty() && names("hello").is_empty());
        assert!(!names("why is the user disabled").is_empty());
    }

    #[test]
    fn the_sentence_tells_why_it_was_found() {
        let says = |asked: &str, name: &str| {
            let found = search(asked);
            found.iter().find(|found| found.place.name() == name).map(|found| found.says.clone()).unwrap_or_default()
        };
        assert_eq!(
            says("provider", "saml-provider-missing"),
            "the SAML provider that the role trusts is gone from the account"
        );
        assert!(says("nested", "not-in-assigned-group").to_lowercase().contains("nested"));
        assert!(says("leading zeros", "AccountNotFoundException").contains("leading zeros"));
        for asked in ["scim", "policy", "mfa", "nested groups"] {
            assert!(
                search(asked).iter().all(|found| !found.says.is_empty() && !found.says.contains(['\n', '`'])),
                "{asked}"
            );
        }
    }

    #[test]
    fn nothing_is_told_twice() {
        for word in ["policy", "session", "account"] {
            let mut names = names(word);
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{word}: {names:?}");
        }
    }
}
