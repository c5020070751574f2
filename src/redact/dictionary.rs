//! Which word stands for which: one made-up word for each original, whatever its case, and none for two. A made-up word
//! is as long as its original, so that lengths, separators and the place of every letter stay what they were.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::draw::Draw;
use super::gathered::{ADMIN, Gathered, is_telling_alone};

/// How often a word is drawn before the next of the wishes for it is given up.
const TRIES: usize = 40;

/// How often in all a word is drawn anew because it holds one of the original: of very many, each may hold one.
const PATIENCE: usize = 20_000;

/// How often letters of a word are drawn anew because they spell a word of the original.
const RESPELLINGS: usize = 20;

/// The dictionary, while it is made and used.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    draw: Draw,
    patience: usize,
    /// Whether words are only gathered, and given back as they are.
    gathering: bool,
    gathered: Arc<Gathered>,
    words: HashMap<String, String>,
    given: HashSet<String>,
    /// The words that were given something, in order.
    defined: Vec<String>,
}

impl Dictionary {
    /// An empty dictionary that gathers words.
    pub(super) fn new(draw: Draw) -> Self {
        Self {
            draw,
            patience: PATIENCE,
            gathering: true,
            gathered: Arc::default(),
            words: HashMap::new(),
            given: HashSet::new(),
            defined: Vec::new(),
        }
    }

    /// Ends the gathering; from here on words are given.
    pub(super) fn finish(&mut self) {
        Arc::make_mut(&mut self.gathered).finish();
        self.gathering = false;
    }

    /// The same words with nothing given for them yet.
    pub(super) fn with_draw(&self, draw: Draw) -> Self {
        let gathered = Arc::clone(&self.gathered);
        Self { gathering: self.gathering, gathered, ..Self::new(draw) }
    }

    /// Whether words are only gathered.
    pub(super) const fn is_gathering(&self) -> bool {
        self.gathering
    }

    /// What the original holds.
    pub(super) fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// The same, to be added to.
    pub(super) fn gathered_mut(&mut self) -> &mut Gathered {
        Arc::make_mut(&mut self.gathered)
    }

    /// What stands for a word, in the same letters upper and lower case.
    pub(super) fn word(&mut self, word: &str) -> String {
        self.replace(word, Draw::word)
    }

    /// What stands for an id, of which only the length stays.
    pub(super) fn id(&mut self, id: &str) -> String {
        self.replace(id, Draw::id)
    }

    fn replace(&mut self, word: &str, draw: fn(&mut Draw, &str) -> String) -> String {
        let folded = fold(word);
        if self.gathering {
            self.gathered_mut().add_word(folded);
            return word.to_owned();
        }
        let made_up = self.of(&folded, draw);
        let raised = word.chars().zip(folded.chars()).map(|(original, folded)| original != folded);
        let mut raised = raised.chain(std::iter::repeat(false));
        made_up.chars().map(|c| if raised.next() == Some(true) { raise(c) } else { c }).collect()
    }

    fn of(&mut self, folded: &str, draw: fn(&mut Draw, &str) -> String) -> String {
        if let Some(made_up) = self.words.get(folded) {
            return made_up.clone();
        }
        let gathered = Arc::clone(&self.gathered);
        let made_up = match gathered.split(folded) {
            Some(parts) => parts
                .map(|part| match part {
                    "" | ADMIN => part.to_owned(),
                    part => self.of(part, draw),
                })
                .concat(),
            None => self.drawn(folded, |dictionary| {
                let drawn = draw_for(&mut dictionary.draw, folded, draw);
                if is_hex_id(folded) || folded.contains('-') { drawn } else { dictionary.respelt(drawn) }
            }),
        };
        self.define(folded, made_up.clone());
        made_up
    }

    /// Whether a word is drawn as a whole, and not made of pieces or there already.
    pub(super) fn is_free(&self, word: &str) -> bool {
        let folded = fold(word);
        !self.words.contains_key(&folded) && self.gathered.split(&folded).is_none()
    }

    /// Draws a word that is nobody's and, as far as that can be, holds nobody's. Where too few are left of those that were
    /// wished for, there is more to choose from among any of the same length, and then among longer ones.
    fn drawn(&mut self, folded: &str, mut draw: impl FnMut(&mut Self) -> String) -> String {
        let is_number = folded.bytes().all(|byte| byte.is_ascii_digit());
        for tries in 0.. {
            let given_up = tries / TRIES;
            let mut drawn = match given_up {
                0 | 1 => draw(self),
                _ if is_number => self.draw.digits(folded),
                _ => self.draw.freely(folded),
            };
            for _ in 3..given_up {
                drawn.push(self.draw.like(if is_number { '0' } else { 'a' }, true));
            }
            let taken = self.given.contains(&drawn) || drawn == folded;
            let unclear = self.gathered.has_word(&drawn) && (given_up < 3 || is_telling_alone(&drawn));
            let telling = given_up.is_multiple_of(2) && self.patience > 0 && self.gathered.is_telling(&drawn);
            if !(taken || unclear || telling) {
                return drawn;
            }
            self.patience = self.patience.saturating_sub(usize::from(telling));
        }
        folded.to_owned()
    }

    /// A made-up word with other letters where it spells a word of the original: of a long one no draw would be free of
    /// all of them.
    fn respelt(&mut self, mut drawn: String) -> String {
        for _ in 0..RESPELLINGS {
            let ends = self.gathered.ends_of_telling(&drawn);
            if ends.is_empty() {
                break;
            }
            let vowel = self.draw.below(2) == 0;
            let spell = |(at, c): (usize, char)| {
                if ends.contains(&(at + c.len_utf8())) { self.draw.like(c, vowel) } else { c }
            };
            drawn = drawn.char_indices().map(spell).collect();
        }
        drawn
    }

    /// Gives a word what stands for it.
    pub(super) fn define(&mut self, word: &str, made_up: String) {
        self.given.insert(made_up.clone());
        let folded = fold(word);
        self.defined.push(folded.clone());
        self.words.insert(folded, made_up);
    }

    /// Gives words by trial: where they will not do, all of them are taken back.
    pub(super) fn attempt(&mut self, define: impl FnOnce(&mut Self) -> bool) -> bool {
        let before = self.defined.len();
        let done = define(self);
        if !done {
            for word in self.defined.drain(before..) {
                if let Some(made_up) = self.words.remove(&word) {
                    self.given.remove(&made_up);
                }
            }
        }
        done
    }

    /// Draws a word that begins with certain letters or digits, and gives it.
    pub(super) fn define_from(&mut self, word: &str, initials: &str) {
        let folded = fold(word);
        let made_up = self.drawn(&folded, |dictionary| {
            let is_id = folded.contains('-') || is_hex_id(&folded);
            let drawn = draw_for(&mut dictionary.draw, &folded, if is_id { Draw::id } else { Draw::word });
            initials.chars().chain(drawn.chars().skip(initials.len())).collect()
        });
        self.define(word, made_up);
    }

    /// Draws what is not given of a word's characters, and gives it.
    pub(super) fn define_like(&mut self, word: &str, given: &[Option<char>]) {
        let folded = fold(word);
        let made_up = self.drawn(&folded, |dictionary| {
            let spell = |(at, c): (usize, char)| match given.get(at).copied().flatten() {
                Some(other) if is_alike(c, other) => other,
                _ => {
                    let vowel = dictionary.draw.below(2) == 0;
                    dictionary.draw.like(c, vowel)
                }
            };
            folded.chars().enumerate().map(spell).collect()
        });
        self.define(word, made_up);
    }

    /// Random beginnings for as many words that are to stay in order; none where there are too many.
    pub(super) fn initials(&mut self, pool: &str, count: usize) -> Vec<String> {
        self.draw.in_order(pool, count)
    }

    /// Whether a word was drawn, and is none of the original's: what it holds of these, it holds by chance.
    pub(super) fn is_made_up(&self, word: &str) -> bool {
        let folded = fold(word);
        self.given.contains(&folded) && !self.gathered.has_word(&folded)
    }

    /// Whether no two words have been given the same.
    pub(super) fn is_one_to_one(&self) -> bool {
        self.words.values().collect::<HashSet<_>>().len() == self.words.len()
    }
}

fn draw_for(draw: &mut Draw, folded: &str, otherwise: fn(&mut Draw, &str) -> String) -> String {
    if folded.bytes().all(|byte| byte.is_ascii_digit()) { draw.number(folded) } else { otherwise(draw, folded) }
}

fn is_alike(a: char, b: char) -> bool {
    // What stands for a letter of an id may be a digit.
    a.is_ascii() == b.is_ascii() && a.is_alphanumeric() == b.is_alphanumeric()
}

/// Whether it looks like a random number in hex digits.
pub(super) fn is_hex_id(word: &str) -> bool {
    word.len() >= 8 && word.bytes().all(|b| b.is_ascii_hexdigit()) && word.bytes().any(|b| b.is_ascii_digit())
}

/// Lower case, for letters of which that can be taken back.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(lower), None) if raise(lower) == c && lower.is_ascii() == c.is_ascii() => lower,
            _ => c,
        }
    };
    text.chars().map(lower).collect()
}

fn raise(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(words: &[&str]) -> Dictionary {
        let mut dictionary = Dictionary::new(Draw::new(0));
        for word in words {
            assert_eq!(dictionary.word(word), *word, "gathering changes nothing");
        }
        dictionary.finish();
        dictionary.with_draw(Draw::new(7))
    }

    #[test]
    fn the_same_word_in_another_case_stays_the_same_word() {
        let mut dictionary = gathered(&["jane", "doe"]);
        let lower = dictionary.word("jane");
        assert_ne!(lower, "jane");
        assert_eq!(dictionary.word("JANE"), lower.to_uppercase());
        assert_ne!(dictionary.word("jAne"), dictionary.word("jaNe"));
        let foreign = dictionary.word("Žané");
        assert!(foreign.eq_ignore_ascii_case(&dictionary.word("ŽANé")));
        assert!(!foreign.eq_ignore_ascii_case(&dictionary.word("žané")));
    }

    #[test]
    fn no_two_words_become_one_however_few_there_are() {
        let letters: Vec<String> = ('a'..='z').map(String::from).collect();
        let words: Vec<&str> =
            letters.iter().map(String::as_str).chain(["1", "2", "3", "4", "5", "6", "7", "8", "9"]).collect();
        let mut dictionary = gathered(&words);
        let given: HashSet<String> = words.iter().map(|word| dictionary.word(word)).collect();
        assert_eq!(given.len(), words.len());
        assert!(dictionary.is_one_to_one());
    }

    /// Of teams that are numbered, every number with as many zeros in front may be somebody's.
    #[test]
    fn a_number_among_many_becomes_one_of_nobody() {
        let numbers: Vec<String> = (1..100).map(|number| format!("{number:05}")).collect();
        let mut dictionary = gathered(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
        for number in &numbers {
            let given = dictionary.word(number);
            assert!(given.len() == 5 && !numbers.contains(&given), "{given}");
        }
        assert!(dictionary.is_one_to_one());
    }

    #[test]
    fn what_a_wildcard_matches_it_goes_on_to_match() {
        let mut dictionary = Dictionary::new(Draw::new(0));
        dictionary.gathered_mut().add_piece("Redshift", false, true);
        dictionary.finish();
        let mut dictionary = dictionary.with_draw(Draw::new(3));
        let (piece, whole) = (dictionary.word("Redshift"), dictionary.word("RedshiftAnalyst"));
        assert!(whole.starts_with(&piece), "{whole} {piece}");
        assert!(!dictionary.word("MyRedshift").ends_with(&piece[1..]));
    }

    #[test]
    fn administrators_stay_recognizable() {
        let given = gathered(&[]).word("DataAdmins");
        assert!(given.contains("Admin") && !given.starts_with("Data"), "{given}");
    }
}
