//! Where made-up names come from: a small generator of random numbers (`SplitMix64`) and what is spelt with it. Nothing of
//! an original goes into it, so that knowing all it gave tells nothing of what was replaced.

/// Letters that a made-up word alternates between, so that it can be said aloud.
const CONSONANTS: &[u8] = b"bcdfghjklmnpqrstvwxyz";
const VOWELS: &[u8] = b"aeiou";
const HEX: &[u8] = b"0123456789abcdef";
const LETTERS_AND_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// Letters beyond ASCII, each with one capital letter that is beyond ASCII too.
const FOREIGN: &str = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ";
/// Signs that are neither letters nor digits nor white space.
const SIGNS: &str = "☀☁☂☃★☆☎☘☠☢☮☯♔♕♖♗♘♙♚♛♜♝♞♟♠♣♥♦";

/// Random numbers from a seed.
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    /// Starts from a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        // The remainder is never as large as `end`, which is a usize.
        usize::try_from(self.next() % (end as u64)).unwrap_or_default()
    }

    fn among(&mut self, characters: &[u8]) -> char {
        char::from(characters[self.below(characters.len())])
    }

    /// As many different beginnings, in order: one character of the pool, or two where there are many; none where there
    /// are too many for that.
    pub(super) fn in_order(&mut self, pool: &str, count: usize) -> Vec<String> {
        let mut left: Vec<String> = pool.chars().map(String::from).collect();
        if count > left.len() / 2 {
            left = left.iter().flat_map(|first| left.iter().map(move |second| format!("{first}{second}"))).collect();
        }
        while left.len() > count {
            left.remove(self.below(left.len()));
        }
        if left.len() == count { left } else { Vec::new() }
    }

    /// A character of the same class as another: letter, digit, letter beyond ASCII, other sign. `vowel` chooses among
    /// letters.
    pub(super) fn like(&mut self, c: char, vowel: bool) -> char {
        let foreign = |pool: &str, at: usize| pool.chars().nth(at).unwrap_or(c);
        match c {
            _ if c.is_ascii_digit() => self.among(&HEX[..10]),
            _ if c.is_ascii() && vowel => self.among(VOWELS),
            _ if c.is_ascii() => self.among(CONSONANTS),
            _ if c.is_alphanumeric() => {
                let at = self.below(FOREIGN.chars().count());
                foreign(FOREIGN, at)
            }
            _ => {
                let at = self.below(SIGNS.chars().count());
                foreign(SIGNS, at)
            }
        }
    }

    /// A word of the same length, with digits where the other has digits.
    pub(super) fn word(&mut self, word: &str) -> String {
        let mut vowel = self.below(2) == 0;
        let spell = |c| {
            vowel = !vowel;
            self.like(c, vowel)
        };
        word.chars().map(spell).collect()
    }

    /// The same, but that it need not be one that can be said aloud.
    pub(super) fn freely(&mut self, word: &str) -> String {
        let spell = |c| {
            let vowel = self.below(4) == 0;
            if c == '-' { c } else { self.like(c, vowel) }
        };
        word.chars().map(spell).collect()
    }

    /// A number with as many digits, and as many zeros in front. Up to three digits it stays below 256, so that what
    /// stands in an address may stand there again.
    pub(super) fn number(&mut self, number: &str) -> String {
        let digits = number.trim_start_matches('0');
        let zeros = &number[..number.len() - digits.len()];
        let drawn = match digits.len() {
            // Nothing but zeros: that would be left as it is.
            0 => return number.chars().map(|_| self.among(&HEX[1..10])).collect(),
            1 => (1 + self.below(9)).to_string(),
            2 => (10 + self.below(90)).to_string(),
            3 => (100 + self.below(156)).to_string(),
            long => {
                let first = self.among(&HEX[1..10]);
                std::iter::once(first).chain((1..long).map(|_| self.among(&HEX[..10]))).collect()
            }
        };
        format!("{zeros}{drawn}")
    }

    /// A number of so many digits, whatever they are; of one that begins with a zero the first may be one too.
    pub(super) fn digits(&mut self, number: &str) -> String {
        let first = usize::from(!number.starts_with('0'));
        let spell = |at| self.among(if at == 0 { &HEX[first..10] } else { &HEX[..10] });
        (0..number.len()).map(spell).collect()
    }

    /// An id of the same length: hex digits where the other has no others, else letters and digits, after a letter.
    pub(super) fn id(&mut self, id: &str) -> String {
        let hex = id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        let spell = |(at, c)| match c {
            '-' => '-',
            _ if hex => self.among(HEX),
            _ if at == 0 => self.among(CONSONANTS),
            _ => self.among(LETTERS_AND_DIGITS),
        };
        id.chars().enumerate().map(spell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_of_the_same_form() {
        let mut draw = Draw::new(1);
        for word in ["jane", "x", "o365", "ž☎9"] {
            let drawn: Vec<char> = draw.word(word).chars().collect();
            assert_eq!(drawn.len(), word.chars().count());
            for (a, b) in word.chars().zip(drawn) {
                let class = |c: char| (c.is_ascii(), c.is_ascii_digit(), c.is_alphanumeric());
                assert_eq!(class(a), class(b), "{a} {b}");
            }
        }
        for number in ["012345678901", "7", "255", "10"] {
            let drawn = draw.number(number);
            assert_eq!(drawn.len(), number.len());
            let zeros = |text: &str| text.len() - text.trim_start_matches('0').len();
            assert_eq!(zeros(&drawn), zeros(number));
            assert!(number.len() > 3 || drawn.parse::<u8>().is_ok(), "{drawn} fits no address");
        }
        assert_ne!(draw.number("0000"), "0000");
        let many: Vec<String> = (0..200).map(|_| draw.digits("000001")).collect();
        assert!(many.iter().all(|drawn| drawn.len() == 6) && many.iter().any(|drawn| drawn.starts_with('0')));
        assert!((0..200).all(|_| !draw.digits("100001").starts_with('0')), "it would be another number without it");
        let id = draw.id("8dc39e91-28b6-4796-a733-b8e6be804055");
        assert!(crate::evidence::is_user_id(&id), "{id}");
    }

    #[test]
    fn beginnings_are_in_order_and_differ() {
        for count in [0, 1, 8, 9, 16, 100, 256] {
            let drawn = Draw::new(9).in_order("0123456789abcdef", count);
            assert!(drawn.len() == count && drawn.windows(2).all(|pair| pair[0] < pair[1]), "{count}: {drawn:?}");
        }
        assert!(Draw::new(9).in_order("01", 5).is_empty());
    }

    #[test]
    fn capital_letters_beyond_ascii_come_back() {
        for c in FOREIGN.chars() {
            let capital: Vec<char> = c.to_uppercase().collect();
            assert!(matches!(capital[..], [capital] if capital.to_lowercase().eq([c])), "{c}");
        }
        assert!(SIGNS.chars().all(|c| !c.is_alphanumeric() && !c.is_whitespace()));
    }
}
