//! What must not change when names do: the answer and every step to it, without a name in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::comparison::{ColleagueWay, Comparison, Difference, Likeness};
use crate::answers::diagnosis::Diagnosis;
use crate::evidence::{Call, PrincipalType, Reason};
use crate::findings::failure_reasons;
use crate::findings::{Confidence, Effect, Outcome};
use crate::history::Certainty;
use crate::machine::{LocalFault, OwnMachine};
use crate::verdict::{Finding, PathState, Verdict};

/// The answer and the way to it, without names.
#[derive(Debug, PartialEq, Eq)]
pub struct Reasoning {
    verdict: Verdict,
    root_cause: Option<Fault>,
    also: Vec<Fault>,
    /// Rule, path and outcome of each check, in order.
    checks: Vec<(&'static str, Option<usize>, &'static str)>,
    gaps: BTreeSet<(Call, Reason, bool)>,
    /// Kind of principal, whether it is an assignment, whether that stands, and state of each path, in order.
    paths: Vec<(PrincipalType, bool, bool, PathState)>,
    notes: usize,
    timeline: Vec<(jiff::Timestamp, Call, bool)>,
    /// The moment or moments since which the cause is there, whether somebody is named, and how sure that is.
    since: Option<(jiff::Timestamp, Option<jiff::Timestamp>, bool, Certainty)>,
    beside: Option<Beside>,
    own_machine: Option<Own>,
}

/// A fault, without names.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    rule: &'static str,
    path: Option<usize>,
    effect: Effect,
    confidence: Confidence,
    /// How many near misses differ in what.
    near_misses: BTreeMap<&'static str, usize>,
    suggestions: usize,
    candidates: usize,
    /// For each fix, whether there is a command.
    fixes: Vec<bool>,
    proof: BTreeMap<Call, usize>,
    /// What AWS's words in the message are known to mean.
    means: Option<&'static str>,
}

/// The user beside a colleague, without names.
#[derive(Debug, PartialEq, Eq)]
struct Beside {
    likeness: Likeness,
    /// Kind of principal, whether it is an assignment, and whether the user has as much, in order.
    ways: Vec<(PrincipalType, bool, Option<bool>)>,
    /// For each difference, whether there is a fix, and whether that has a command.
    differences: Vec<Option<bool>>,
    suggestions: usize,
    gaps: BTreeSet<(Call, Reason)>,
}

/// The machine of the person who asks, without names.
#[derive(Debug, PartialEq, Eq)]
struct Own {
    seen: usize,
    faults: Vec<Local>,
    /// For each, the number of lines, and whether there is a command.
    advice: Vec<(usize, bool)>,
    unread: usize,
    listed: Option<usize>,
    alone: bool,
}

/// A fault of the machine, without names.
#[derive(Debug, PartialEq, Eq)]
struct Local {
    rule: &'static str,
    has_profile: bool,
    /// The line, whether it is shown, and by how many it is to be replaced.
    change: Option<(u32, bool, usize)>,
    suggestions: usize,
    commands: usize,
}

impl Reasoning {
    /// Takes the names out of an answer.
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let mut timeline: Vec<_> =
            diagnosis.timeline.iter().map(|moment| (moment.at, moment.call, moment.explains)).collect();
        timeline.sort();
        Self {
            verdict: diagnosis.verdict,
            root_cause: diagnosis.root_cause.as_ref().map(fault),
            also: diagnosis.also.iter().map(fault).collect(),
            checks: diagnosis
                .checks
                .iter()
                .map(|check| {
                    let outcome = match &check.judged {
                        Ok(Outcome::Clear) => "clear",
                        Ok(Outcome::NotApplicable) => "not applicable",
                        Ok(Outcome::Fault(_)) => "fault",
                        Err(_) => "unknown",
                    };
                    (check.rule.id, check.path, outcome)
                })
                .collect(),
            gaps: diagnosis.gaps.iter().map(|one| (one.gap.call, one.gap.reason, one.decides)).collect(),
            paths: diagnosis
                .paths
                .iter()
                .map(|path| (path.via.kind, path.permission_set_arn.is_some(), path.stands, path.state))
                .collect(),
            notes: diagnosis.notes.len(),
            timeline,
            since: diagnosis
                .since
                .as_ref()
                .map(|since| (since.at, since.not_before, since.by.is_some(), since.certainty)),
            beside: diagnosis.comparison.as_ref().map(beside),
            own_machine: diagnosis.own_machine.as_ref().map(own),
        }
    }
}

fn fault(finding: &Finding) -> Fault {
    let fault = &finding.fault;
    let mut near_misses = BTreeMap::new();
    fault.near_misses.iter().for_each(|near| *near_misses.entry(near.differs_in).or_default() += 1);
    let mut proof = BTreeMap::new();
    fault.proof.iter().for_each(|citation| *proof.entry(citation.call).or_default() += 1);
    Fault {
        rule: finding.rule,
        path: finding.path,
        effect: fault.effect,
        confidence: fault.confidence,
        near_misses,
        suggestions: fault.suggestions.len(),
        candidates: fault.candidates.len(),
        fixes: fault.fixes.iter().map(|fix| fix.command.is_some()).collect(),
        proof,
        means: failure_reasons::classify(&fault.message).map(|reason| reason.means.as_str()),
    }
}

fn beside(comparison: &Comparison) -> Beside {
    let way = |way: &ColleagueWay| (way.way.via().kind, way.way.assigned().is_some(), way.shared);
    let fix = |difference: &Difference| difference.fix.as_ref().map(|fix| fix.command.is_some());
    Beside {
        likeness: comparison.likeness,
        ways: comparison.ways.iter().map(way).collect(),
        differences: comparison.differences.iter().map(fix).collect(),
        suggestions: comparison.suggestions.len(),
        gaps: comparison.gaps.iter().map(|gap| (gap.call, gap.reason)).collect(),
    }
}

fn own(machine: &OwnMachine) -> Own {
    Own {
        seen: machine.seen.len(),
        faults: machine.faults.iter().map(local).collect(),
        advice: machine.advice.iter().map(|one| (one.lines.len(), one.command.is_some())).collect(),
        unread: machine.unread.len(),
        listed: machine.listed.as_ref().map(Vec::len),
        alone: machine.alone.is_some(),
    }
}

fn local(found: &LocalFault) -> Local {
    let fault = &found.fault;
    let change = fault.change.as_ref();
    Local {
        rule: found.rule,
        has_profile: found.profile.is_some(),
        change: change.map(|change| (change.line, change.is.is_some(), change.should_be.len())),
        suggestions: fault.suggestions.len(),
        commands: fault.fixes.len(),
    }
}
