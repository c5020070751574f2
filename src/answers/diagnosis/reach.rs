//! How far a way is known to go.

use std::iter;

use crate::findings::{Effect, Gate};
use crate::verdict::{Check, Finding, Judgement, by_path};

/// Where a way stops, and what is not known of it before that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The first gate that is known to be shut.
    pub stops_at: Option<Gate>,
    /// The gates before it that decide and could not be read.
    pub undecided: Vec<Gate>,
}

impl Reach {
    /// How far any way could go, by what all of them share, and how far each goes.
    pub(super) fn of(judgement: &Judgement) -> (Self, Vec<Self>) {
        let faults = by_path(judgement.root_cause.iter().chain(&judgement.also), |finding| finding.path);
        let checks = by_path(&judgement.checks, |check| check.path);
        let of = |path: Option<usize>| {
            let on_it = || iter::once(None).chain(path.map(Some));
            let faults = on_it().filter_map(|on| faults.get(&on)).flatten().copied();
            Self::by(faults, on_it().filter_map(|on| checks.get(&on)).flatten().copied())
        };
        (of(None), (0..judgement.paths.len()).map(|path| of(Some(path))).collect())
    }

    /// How far a way goes by its faults and by what was said of it.
    fn by<'a>(faults: impl Iterator<Item = &'a Finding>, checks: impl Iterator<Item = &'a Check>) -> Self {
        let shut = faults.filter(|finding| finding.fault.effect == Effect::Blocks);
        let stops_at = shut.map(|finding| finding.gate).min();
        let unread = checks.filter(|check| check.decides);
        let before = |gate: &Gate| stops_at.is_none_or(|stop| *gate < stop);
        let mut undecided: Vec<Gate> = unread.map(|check| check.rule.gate).filter(before).collect();
        undecided.sort_unstable();
        undecided.dedup();
        Self { stops_at, undecided }
    }
}
