//! The answer for scripts: version 1 of the JSON format. These structs are the promise; what the program uses inside
//! may change, they may only grow.

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use crate::diagnosis::{Diagnosis, Moment, PathReport};
use crate::evidence::{Call, Gap, Reason};
use crate::fixes;
use crate::rules::{self, Effect, Outcome};
use crate::verdict::{self, Finding, PathState, Verdict};

/// Writes the answer as one JSON object and a line break.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Answer::from(diagnosis))?;
    writeln!(out)
}

#[derive(Serialize)]
struct Answer<'a> {
    format_version: &'static str,
    question: Question<'a>,
    verdict: &'static str,
    summary: &'a str,
    root_cause: Option<Cause<'a>>,
    also: Vec<Cause<'a>>,
    paths: Vec<Path<'a>>,
    checks: Vec<Check>,
    gaps: Vec<OpenGap<'a>>,
    notes: &'a [String],
    timeline: Vec<Event<'a>>,
    caller: Option<Caller<'a>>,
    collected_at: Timestamp,
    calls: u32,
}

#[derive(Serialize)]
struct Question<'a> {
    user: &'a str,
    account: &'a str,
    permission_set: Option<&'a str>,
    group: Option<&'a str>,
}

#[derive(Serialize)]
struct Cause<'a> {
    rule: &'static str,
    gate: Option<&'static str>,
    effect: &'static str,
    confidence: &'static str,
    path: Option<usize>,
    message: &'a str,
    near_misses: Vec<NearMiss<'a>>,
    suggestions: &'a [String],
    candidates: Vec<Candidate<'a>>,
    evidence: Vec<Citation<'a>>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct NearMiss<'a> {
    arn: &'a str,
    differs_in: &'static str,
}

#[derive(Serialize)]
struct Candidate<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    name: Option<&'a str>,
    permission_sets: &'a [String],
    roles: &'a [String],
}

#[derive(Serialize)]
struct Citation<'a> {
    call: Call,
    account: Option<&'a str>,
    region: Option<&'a str>,
    request_id: Option<&'a str>,
    at: Option<Timestamp>,
    says: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    #[serde(rename = "do")]
    what: &'a str,
    command: Option<String>,
}

#[derive(Serialize)]
struct Path<'a> {
    kind: &'static str,
    permission_set: Option<&'a str>,
    permission_set_arn: Option<&'a str>,
    via: Via<'a>,
    role_arn: Option<&'a str>,
    state: &'static str,
    stands: bool,
}

#[derive(Serialize)]
struct Via<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct Check {
    gate: &'static str,
    rule: &'static str,
    path: Option<usize>,
    outcome: &'static str,
}

#[derive(Serialize)]
struct OpenGap<'a> {
    call: Call,
    account: Option<&'a str>,
    region: Option<&'a str>,
    reason: Reason,
    message: &'a str,
    allow: Option<Call>,
}

#[derive(Serialize)]
struct Event<'a> {
    at: Timestamp,
    what: &'a str,
    call: Call,
}

#[derive(Serialize)]
struct Caller<'a> {
    account: &'a str,
    arn: &'a str,
}

impl<'a> From<&'a Diagnosis> for Answer<'a> {
    fn from(diagnosis: &'a Diagnosis) -> Self {
        let question = &diagnosis.question;
        Self {
            format_version: "1.0",
            question: Question {
                user: &question.user,
                account: &diagnosis.account,
                permission_set: question.permission_set.as_deref(),
                group: question.group.as_deref(),
            },
            verdict: match diagnosis.verdict {
                Verdict::Reachable => "reachable",
                Verdict::Degraded => "degraded",
                Verdict::Blocked => "blocked",
                Verdict::Inconclusive => "inconclusive",
            },
            summary: &diagnosis.summary,
            root_cause: diagnosis.root_cause.as_ref().map(Cause::from),
            also: diagnosis.also.iter().map(Cause::from).collect(),
            paths: diagnosis.paths.iter().map(Path::from).collect(),
            checks: diagnosis.checks.iter().map(Check::from).collect(),
            gaps: diagnosis.gaps.iter().map(OpenGap::from).collect(),
            notes: &diagnosis.notes,
            timeline: diagnosis.timeline.iter().map(Event::from).collect(),
            caller: diagnosis.caller.as_ref().map(|caller| Caller { account: &caller.account, arn: &caller.arn }),
            collected_at: diagnosis.collected_at,
            calls: diagnosis.calls,
        }
    }
}

impl<'a> From<&'a Finding> for Cause<'a> {
    fn from(finding: &'a Finding) -> Self {
        let fault = &finding.fault;
        Self {
            rule: finding.rule,
            gate: rules::rule(finding.rule).map(|rule| rule.gate.name()),
            effect: match fault.effect {
                Effect::Blocks => "blocks",
                Effect::Degrades => "degrades",
            },
            confidence: super::confidence_word(fault.confidence),
            path: finding.path,
            message: &fault.message,
            near_misses: fault.near_misses.iter().map(NearMiss::from).collect(),
            suggestions: &fault.suggestions,
            candidates: fault.candidates.iter().map(Candidate::from).collect(),
            evidence: fault.proof.iter().map(Citation::from).collect(),
            fixes: fault.fixes.iter().map(Fix::from).collect(),
        }
    }
}

impl<'a> From<&'a rules::NearMiss> for NearMiss<'a> {
    fn from(near: &'a rules::NearMiss) -> Self {
        Self { arn: &near.arn, differs_in: near.differs_in }
    }
}

impl<'a> From<&'a rules::Candidate> for Candidate<'a> {
    fn from(candidate: &'a rules::Candidate) -> Self {
        let rules::Candidate { principal, name, permission_sets, roles } = candidate;
        Self { kind: principal.kind.as_str(), id: &principal.id, name: name.as_deref(), permission_sets, roles }
    }
}

impl<'a> From<&'a rules::Citation> for Citation<'a> {
    fn from(citation: &'a rules::Citation) -> Self {
        Self {
            call: citation.call,
            account: citation.account.as_deref(),
            region: citation.region.as_deref(),
            request_id: citation.request_id.as_deref(),
            at: citation.at,
            says: &citation.says,
        }
    }
}

impl<'a> From<&'a rules::Fix> for Fix<'a> {
    fn from(fix: &'a rules::Fix) -> Self {
        Self { what: &fix.what, command: fix.command.as_deref().map(fixes::shell) }
    }
}

impl<'a> From<&'a PathReport> for Path<'a> {
    fn from(path: &'a PathReport) -> Self {
        Self {
            kind: if path.permission_set_arn.is_some() { "assignment" } else { "entitlement" },
            permission_set: path.permission_set.as_deref(),
            permission_set_arn: path.permission_set_arn.as_deref(),
            via: Via { kind: path.via.kind.as_str(), id: &path.via.id, name: path.via_name.as_deref() },
            role_arn: path.role_arn.as_deref(),
            state: match path.state {
                PathState::Open => "open",
                PathState::Degraded => "degraded",
                PathState::Shut => "shut",
                PathState::Unknown => "unknown",
            },
            stands: path.stands,
        }
    }
}

impl From<&verdict::Check> for Check {
    fn from(check: &verdict::Check) -> Self {
        Self {
            gate: check.rule.gate.name(),
            rule: check.rule.id,
            path: check.path,
            outcome: match &check.judged {
                Ok(Outcome::Clear) => "clear",
                Ok(Outcome::Fault(_)) => "fault",
                Ok(Outcome::NotApplicable) => "not-applicable",
                Err(_) => "unknown",
            },
        }
    }
}

impl<'a> From<&'a Gap> for OpenGap<'a> {
    fn from(gap: &'a Gap) -> Self {
        Self {
            call: gap.call,
            account: gap.account.as_deref(),
            region: gap.region.as_deref(),
            reason: gap.reason,
            message: &gap.message,
            // A question that was not put would still need to be allowed; one that failed was.
            allow: match gap.reason {
                Reason::Denied | Reason::NotAsked => Some(gap.call),
                Reason::Throttled | Reason::Failed | Reason::TimedOut => None,
            },
        }
    }
}

impl<'a> From<&'a Moment> for Event<'a> {
    fn from(moment: &'a Moment) -> Self {
        Self { at: moment.at, what: &moment.what, call: moment.call }
    }
}

#[cfg(test)]
mod tests;
