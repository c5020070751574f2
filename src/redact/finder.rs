//! Many words looked for at once.

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Input, Match};

/// Words to be found. A recording has words of its own and is not long: of the automata this one is soon made.
#[derive(Debug, Clone)]
pub(super) struct Finder(NFA);

impl Finder {
    /// `None`: they are too many.
    pub(super) fn of<Word: AsRef<[u8]>>(words: impl IntoIterator<Item = Word>) -> Option<Self> {
        NFA::new(words).ok().map(Self)
    }

    /// Whether one of the words is in a text.
    pub(super) fn finds_one_in(&self, text: &str) -> bool {
        self.in_turn(text).next().is_some()
    }

    /// Where the words are in a text, one after the other.
    pub(super) fn in_turn<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Match> + 'a {
        self.0.try_find_iter(Input::new(text)).into_iter().flatten()
    }

    /// Where all words are in a text, those within others too.
    pub(super) fn everywhere_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Match> + 'a {
        self.0.try_find_overlapping_iter(Input::new(text)).into_iter().flatten()
    }
}
