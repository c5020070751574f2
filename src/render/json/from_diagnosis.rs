//! From what the program uses inside to what the format promises.

use jiff::Timestamp;

use super::words::{Confidence, Effect, Outcome, Part, PathKind, PathState, PrincipalType, Reason, Verdict};
use super::{
    Answer, Caller, Candidate, Cause, Check, Citation, Event, FORMAT_VERSION, Fix, NearMiss, OpenGap, Path, Question,
    Since, Suggested, Via, comparison,
};
use crate::answers::diagnosis::{Changed, Diagnosis, Moment, PathReport, ask_again};
use crate::answers::links;
use crate::evidence::{self, Gap};
use crate::findings;
use crate::findings::Command;
use crate::history;
use crate::verdict::{self, Finding};

impl<'a> From<&'a Diagnosis> for Answer<'a> {
    fn from(diagnosis: &'a Diagnosis) -> Self {
        let question = &diagnosis.question;
        Self {
            format_version: FORMAT_VERSION,
            question: Question {
                user: &question.user,
                account: &diagnosis.account,
                permission_set: question.permission_set.as_deref(),
                group: question.group.as_deref(),
            },
            verdict: diagnosis.verdict.into(),
            summary: &diagnosis.summary,
            root_cause: diagnosis
                .root_cause
                .as_ref()
                .map(|root| Cause { since: diagnosis.since.as_ref().map(Since::from), ..Cause::of(diagnosis, root) }),
            also: diagnosis.also.iter().map(|other| Cause::of(diagnosis, other)).collect(),
            paths: diagnosis.paths.iter().map(Path::from).collect(),
            checks: diagnosis.checks.iter().map(Check::from).collect(),
            gaps: diagnosis.gaps.iter().map(OpenGap::from).collect(),
            notes: &diagnosis.notes,
            timeline: diagnosis.timeline.iter().map(Event::from).collect(),
            complete: diagnosis.complete,
            caller: diagnosis.caller.as_ref().map(Caller::from),
            collected_at: whole(diagnosis.collected_at),
            calls: diagnosis.calls,
            like: diagnosis.comparison.as_ref().map(comparison::Like::from),
            own_machine: diagnosis.own_machine.as_ref().map(Into::into),
        }
    }
}

/// A moment as whole seconds, which is what anybody needs and all that most readers of JSON take.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

impl<'a> Cause<'a> {
    fn of(diagnosis: &'a Diagnosis, finding: &'a Finding) -> Self {
        let fault = &finding.fault;
        Self {
            rule: finding.rule,
            gate: Some(finding.gate.name()),
            effect: fault.effect.into(),
            confidence: fault.confidence.into(),
            path: finding.path,
            message: &fault.message,
            near_misses: fault.near_misses.iter().map(NearMiss::from).collect(),
            suggestions: &fault.suggestions,
            suggested: fault.suggested.iter().map(|one| Suggested::of(diagnosis, one)).collect(),
            candidates: fault.candidates.iter().map(Candidate::from).collect(),
            evidence: fault.proof.iter().map(Citation::from).collect(),
            fixes: fault.fixes.iter().map(Fix::from).collect(),
            since: None,
            follows_from: finding.follows_from,
            documentation: links::documentation(finding.rule),
            console: links::console(finding),
        }
    }
}

impl<'a> Suggested<'a> {
    fn of(diagnosis: &Diagnosis, suggestion: &'a findings::Suggestion) -> Self {
        let findings::Suggestion { part, value, label, id } = suggestion;
        Self {
            part: match part {
                findings::Part::User => Part::User,
                findings::Part::Account => Part::Account,
                findings::Part::PermissionSet => Part::PermissionSet,
                findings::Part::Group => Part::Group,
            },
            value,
            label,
            id: id.as_deref(),
            command: ask_again(&diagnosis.question, &diagnosis.account, Changed::Suggested(suggestion)),
        }
    }
}

impl<'a> From<&'a findings::NearMiss> for NearMiss<'a> {
    fn from(near: &'a findings::NearMiss) -> Self {
        Self { arn: &near.arn, differs_in: near.differs_in }
    }
}

impl<'a> From<&'a findings::Candidate> for Candidate<'a> {
    fn from(candidate: &'a findings::Candidate) -> Self {
        let findings::Candidate { principal, name, permission_sets, roles } = candidate;
        Self { kind: principal.kind.into(), id: &principal.id, name: name.as_deref(), permission_sets, roles }
    }
}

impl<'a> From<&'a findings::Citation> for Citation<'a> {
    fn from(citation: &'a findings::Citation) -> Self {
        Self {
            call: citation.call,
            account: citation.account.as_deref(),
            region: citation.region.as_deref(),
            request_id: citation.request_id.as_deref(),
            at: citation.at.map(whole),
            says: &citation.says,
        }
    }
}

impl<'a> From<&'a findings::Fix> for Fix<'a> {
    fn from(fix: &'a findings::Fix) -> Self {
        let command = fix.command.as_ref();
        Self {
            what: &fix.what,
            caution: fix.caution.as_deref(),
            command: command.map(Command::shell),
            account: command.and_then(|command| command.account.as_deref()),
        }
    }
}

impl<'a> From<&'a PathReport> for Path<'a> {
    fn from(path: &'a PathReport) -> Self {
        Self {
            kind: if path.permission_set_arn.is_some() { PathKind::Assignment } else { PathKind::Entitlement },
            permission_set: path.permission_set.as_deref(),
            permission_set_arn: path.permission_set_arn.as_deref(),
            via: Via { kind: path.via.kind.into(), id: &path.via.id, name: path.via_name.as_deref() },
            role_arn: path.role_arn.as_deref(),
            state: path.state.into(),
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
                Ok(findings::Outcome::Clear) => Outcome::Clear,
                Ok(findings::Outcome::Fault(_)) => Outcome::Fault,
                Ok(findings::Outcome::NotApplicable) => Outcome::NotApplicable,
                Err(_) => Outcome::Unknown,
            },
        }
    }
}

impl<'a> From<&'a verdict::Unread> for OpenGap<'a> {
    fn from(unread: &'a verdict::Unread) -> Self {
        Self { decides: unread.decides, ..Self::from(&unread.gap) }
    }
}

/// A gap that no verdict hangs on.
impl<'a> From<&'a Gap> for OpenGap<'a> {
    fn from(gap: &'a Gap) -> Self {
        Self {
            call: gap.call,
            account: gap.account.as_deref(),
            region: gap.region.as_deref(),
            reason: match gap.reason {
                evidence::Reason::Denied => Reason::Denied,
                evidence::Reason::Throttled => Reason::Throttled,
                evidence::Reason::Failed => Reason::Failed,
                evidence::Reason::TimedOut => Reason::TimedOut,
                evidence::Reason::NotAsked => Reason::NotAsked,
            },
            message: &gap.message,
            allow: gap.allow(),
            decides: false,
        }
    }
}

impl<'a> From<&'a history::Since> for Since<'a> {
    fn from(since: &'a history::Since) -> Self {
        let event = since.event.as_ref();
        Self {
            at: whole(since.at),
            not_before: since.not_before.map(whole),
            by: since.by.as_ref().map(history::who),
            event_id: event.map(|event| event.id.as_str()).filter(|id| !id.is_empty()),
            account: event.map(|event| event.account.as_str()),
            region: event.map(|event| event.region.as_str()),
            certainty: match since.certainty {
                history::Certainty::Confirmed => Confidence::Confirmed,
                history::Certainty::Likely => Confidence::Likely,
            },
        }
    }
}

impl<'a> From<&'a Moment> for Event<'a> {
    fn from(moment: &'a Moment) -> Self {
        Self {
            at: whole(moment.at),
            what: &moment.what,
            call: moment.call,
            who: moment.who.as_deref(),
            account: moment.account.as_deref(),
            region: moment.region.as_deref(),
            id: moment.event_id.as_deref(),
            explains: moment.explains,
        }
    }
}

impl From<evidence::PrincipalType> for PrincipalType {
    fn from(kind: evidence::PrincipalType) -> Self {
        match kind {
            evidence::PrincipalType::User => Self::User,
            evidence::PrincipalType::Group => Self::Group,
        }
    }
}

impl<'a> From<&'a evidence::Caller> for Caller<'a> {
    fn from(caller: &'a evidence::Caller) -> Self {
        Self { account: &caller.account, arn: &caller.arn }
    }
}

impl From<verdict::PathState> for PathState {
    fn from(state: verdict::PathState) -> Self {
        match state {
            verdict::PathState::Open => Self::Open,
            verdict::PathState::Degraded => Self::Degraded,
            verdict::PathState::Shut => Self::Shut,
            verdict::PathState::Unknown => Self::Unknown,
        }
    }
}

impl From<findings::Effect> for Effect {
    fn from(effect: findings::Effect) -> Self {
        match effect {
            findings::Effect::Blocks => Self::Blocks,
            findings::Effect::Degrades => Self::Degrades,
        }
    }
}

impl From<findings::Confidence> for Confidence {
    fn from(confidence: findings::Confidence) -> Self {
        match confidence {
            findings::Confidence::Confirmed => Self::Confirmed,
            findings::Confidence::Likely => Self::Likely,
        }
    }
}

impl From<verdict::Verdict> for Verdict {
    fn from(verdict: verdict::Verdict) -> Self {
        match verdict {
            verdict::Verdict::Reachable => Self::Reachable,
            verdict::Verdict::Degraded => Self::Degraded,
            verdict::Verdict::Blocked => Self::Blocked,
            verdict::Verdict::Inconclusive => Self::Inconclusive,
        }
    }
}
