//! How far a way is known to go.

use crate::findings::{Effect, Gate};
use crate::verdict::Judgement;

/// Where a way stops, and what is not known of it before that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The first gate that is known to be shut.
    pub stops_at: Option<Gate>,
    /// The gates before it that decide and could not be read.
    pub undecided: Vec<Gate>,
}

impl Reach {
    /// How far one way goes; without one, how far any could.
    pub(super) fn of(judgement: &Judgement, path: Option<usize>) -> Self {
        let is_on_it = |on: Option<usize>| on.is_none() || on == path;
        let faults = judgement.root_cause.iter().chain(&judgement.also).filter(|finding| is_on_it(finding.path));
        let shut = faults.filter(|finding| finding.fault.effect == Effect::Blocks);
        let stops_at = shut.map(|finding| finding.gate).min();
        let unread = judgement.checks.iter().filter(|check| check.decides && is_on_it(check.path));
        let before = |gate: &Gate| stops_at.is_none_or(|stop| *gate < stop);
        let mut undecided: Vec<Gate> = unread.map(|check| check.rule.gate).filter(before).collect();
        undecided.sort_unstable();
        undecided.dedup();
        Self { stops_at, undecided }
    }
}
