//! Texts that stand for all texts: one for each way in which a text can match some patterns of a list and not the rest.
//! Whatever is decided by these patterns alone is decided for every text once it is for these.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::pattern::{Pattern, Token};

/// More steps than any policy of AWS's takes; patterns can be thought out that take more than the machine has.
const MOST_STEPS: usize = 1_000_000;

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

/// All classes that the patterns make. `None` where there are too many.
pub(super) fn classes(patterns: impl IntoIterator<Item = Pattern>, shape: Shape) -> Option<Vec<Class>> {
    let patterns: BTreeSet<Pattern> = patterns.into_iter().filter(|pattern| !pattern.is_everything()).collect();
    let patterns: Vec<Pattern> = patterns.into_iter().collect();
    let start = (Phase::Start, closed(&patterns, (0..patterns.len()).map(|pattern| (pattern, 0))));
    let mut seen = HashSet::from([start.clone()]);
    let mut waiting = VecDeque::from([(start, String::new())]);
    let mut known: BTreeSet<Vec<usize>> = BTreeSet::new();
    let mut found = Vec::new();
    let mut steps = 0;
    while let Some(((phase, places), text)) = waiting.pop_front() {
        if shape == Shape::Any || phase == Phase::Name {
            let ended =
                |(pattern, at): &&(usize, usize)| patterns.get(*pattern).is_some_and(|p| p.tokens().len() == *at);
            let matched: Vec<usize> = places.iter().filter(ended).map(|(pattern, _)| *pattern).collect();
            if known.insert(matched.clone()) {
                let matched = matched.into_iter().filter_map(|pattern| patterns.get(pattern).cloned()).collect();
                found.push(Class { text: text.clone(), matched });
            }
        }
        for c in next_characters(&patterns, &places, shape) {
            let Some(phase) = next_phase(shape, phase, c) else { continue };
            steps += places.len();
            if steps > MOST_STEPS {
                return None;
            }
            let state = (phase, step(&patterns, &places, c));
            if seen.insert(state.clone()) {
                waiting.push_back((state, format!("{text}{c}")));
            }
        }
    }
    Some(found)
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
    let mut all = BTreeSet::new();
    for (pattern, mut at) in places {
        all.insert((pattern, at));
        while patterns.get(pattern).and_then(|p| p.tokens().get(at)) == Some(&Token::Any) {
            at += 1;
            all.insert((pattern, at));
        }
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::request::Text;
    use super::*;

    fn of(patterns: &[&str], shape: Shape) -> Vec<String> {
        let classes = classes(patterns.iter().map(|text| Pattern::wild(text)), shape).expect("few");
        classes.into_iter().map(|class| class.text).collect()
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
        assert_eq!(classes(endless, Shape::Any), None);
    }
}
