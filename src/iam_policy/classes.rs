//! Texts that stand for all texts: one for each way in which a text can match some patterns of a list and not the rest.
//! Whatever is decided by these patterns alone is decided for every text once it is for these.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::effort::Effort;
use super::pattern::{Pattern, Token};

/// Which texts count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// All of them.
    Any,
    /// Those that look like an action: `service:Name`.
    Action,
}

/// How far a text of a shape has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Phase {
    Start,
    Service,
    Colon,
    Name,
}

/// The places in the patterns at which what has been read so far may stand, by pattern and token.
type Places = Vec<(usize, usize)>;

/// Texts that match the same patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    /// The shortest of them.
    pub(super) text: String,
    /// The patterns that they match.
    matched: BTreeSet<Pattern>,
}

impl Class {
    /// Whether its texts match one of the patterns that the classes were made of.
    pub(super) fn matches(&self, pattern: &Pattern) -> bool {
        pattern.is_everything() || self.matched.contains(pattern)
    }
}

/// There are too many classes to find them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

/// The classes that some patterns make, one after the other: mostly the first few tell what is to be known.
#[derive(Debug)]
pub(super) struct Classes<'e> {
    effort: &'e Effort,
    patterns: Vec<Pattern>,
    shape: Shape,
    seen: HashSet<(Phase, Places)>,
    waiting: VecDeque<((Phase, Places), String)>,
    /// Which patterns the classes found so far match.
    known: BTreeSet<Vec<usize>>,
}

/// All classes that the patterns make.
pub(super) fn classes(patterns: impl IntoIterator<Item = Pattern>, shape: Shape, effort: &Effort) -> Classes<'_> {
    let patterns: BTreeSet<Pattern> = patterns.into_iter().filter(|pattern| !pattern.is_everything()).collect();
    let patterns: Vec<Pattern> = patterns.into_iter().collect();
    let start = (Phase::Start, closed(&patterns, (0..patterns.len()).map(|pattern| (pattern, 0))));
    let waiting = VecDeque::from([(start.clone(), String::new())]);
    Classes { effort, patterns, shape, seen: HashSet::from([start]), waiting, known: BTreeSet::new() }
}

impl Iterator for Classes<'_> {
    type Item = Result<Class, TooMany>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(((phase, places), text)) = self.waiting.pop_front() {
            let mut steps = 0;
            for c in next_characters(&self.patterns, &places, self.shape) {
                let Some(phase) = next_phase(self.shape, phase, c) else { continue };
                steps += places.len();
                let state = (phase, step(&self.patterns, &places, c));
                if self.seen.insert(state.clone()) {
                    self.waiting.push_back((state, format!("{text}{c}")));
                }
            }
            if !self.effort.spend(steps) {
                self.waiting.clear();
                return Some(Err(TooMany));
            }
            if let Some(class) = self.class(phase, &places, text) {
                return Some(Ok(class));
            }
        }
        None
    }
}

impl Classes<'_> {
    /// The class of a text that has come this far, where it is one that was not found before.
    fn class(&mut self, phase: Phase, places: &Places, text: String) -> Option<Class> {
        if self.shape == Shape::Action && phase != Phase::Name {
            return None;
        }
        let ended =
            |(pattern, at): &&(usize, usize)| self.patterns.get(*pattern).is_some_and(|p| p.tokens().len() == *at);
        let matched: Vec<usize> = places.iter().filter(ended).map(|(pattern, _)| *pattern).collect();
        if !self.known.insert(matched.clone()) {
            return None;
        }
        let matched = matched.into_iter().filter_map(|pattern| self.patterns.get(pattern).cloned()).collect();
        Some(Class { text, matched })
    }
}

fn next_phase(shape: Shape, phase: Phase, c: char) -> Option<Phase> {
    match (shape, phase, c) {
        (Shape::Any, _, _) => Some(Phase::Start),
        (Shape::Action, Phase::Service, ':') => Some(Phase::Colon),
        (Shape::Action, _, ':') => None,
        (Shape::Action, Phase::Start | Phase::Service, _) => Some(Phase::Service),
        (Shape::Action, Phase::Colon | Phase::Name, _) => Some(Phase::Name),
    }
}

/// The characters that some pattern waits for, one that none waits for, and what the shape needs.
fn next_characters(patterns: &[Pattern], places: &Places, shape: Shape) -> BTreeSet<char> {
    let waited_for = places.iter().filter_map(|(pattern, at)| match patterns.get(*pattern)?.tokens().get(*at)? {
        Token::Char(c) => Some(*c),
        Token::Any | Token::One => None,
    });
    let needed = (shape == Shape::Action).then_some(':');
    let mut characters: BTreeSet<char> = waited_for.chain(needed).collect();
    characters
        .extend(('a'..='z').rev().chain('0'..='9').chain('\u{e000}'..='\u{f8ff}').find(|c| !characters.contains(c)));
    characters
}

fn step(patterns: &[Pattern], places: &Places, c: char) -> Places {
    let next = places.iter().filter_map(|(pattern, at)| match patterns.get(*pattern)?.tokens().get(*at)? {
        Token::Any => Some((*pattern, *at)),
        Token::One => Some((*pattern, at + 1)),
        Token::Char(wanted) => (*wanted == c).then_some((*pattern, at + 1)),
    });
    closed(patterns, next)
}

/// The places with those behind a `*` that stands for nothing.
fn closed(patterns: &[Pattern], places: impl Iterator<Item = (usize, usize)>) -> Places {
    let mut all = Places::new();
    for (pattern, mut at) in places {
        all.push((pattern, at));
        while patterns.get(pattern).and_then(|p| p.tokens().get(at)) == Some(&Token::Any) {
            at += 1;
            all.push((pattern, at));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::super::request::Text;
    use super::*;

    fn of(patterns: &[&str], shape: Shape) -> Vec<String> {
        let effort = Effort::default();
        let classes = classes(patterns.iter().map(|text| Pattern::wild(text)), shape, &effort);
        classes.map(|class| class.expect("few").text).collect()
    }

    #[test]
    fn one_text_for_each_way_to_match() {
        assert_eq!(of(&[], Shape::Any), [""]);
        assert_eq!(of(&["*"], Shape::Action), ["z:z"]);
        assert_eq!(of(&["s3:*", "s3:Get*"], Shape::Action), ["s:z", "s3:G", "s3:Get"]);
        assert_eq!(of(&["s3:*", "*:*"], Shape::Action), ["s:z", "s3:z"]);
        let both = of(&["*a", "b*"], Shape::Any);
        assert_eq!(both.len(), 4, "{both:?}");
        assert_eq!(of(&["a?", "ab"], Shape::Any), ["", "ab", "az"]);
    }

    #[test]
    fn each_way_is_another() {
        let patterns = ["s3:*", "s3:Get*", "*:Get*", "s3:GetObject", "s3:G?tObject", "ec2:*Instances", "ec2:Run*"];
        let ways: Vec<Vec<bool>> = of(&patterns, Shape::Action)
            .iter()
            .map(|text| patterns.map(|p| Pattern::wild(p).matches(&Text::Exact(text.clone())) == Some(true)).to_vec())
            .collect();
        let different: BTreeSet<_> = ways.iter().collect();
        assert_eq!((ways.len(), different.len()), (different.len(), ways.len()));
        assert!(ways.len() >= 9, "{ways:?}");
    }

    #[test]
    fn thousands_of_actions_are_not_slow_and_the_endless_ends() {
        let names: Vec<String> = (0..2000).map(|n| format!("service{}:DescribeThing{n}*", n % 50)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(of(&names, Shape::Action).len() > 2000);
        let endless = (0..40).map(|n| Pattern::wild(&format!("*{n}*{}*", n * 7)));
        assert!(classes(endless, Shape::Any, &Effort::default()).any(|class| class == Err(TooMany)));
    }
}
