//! The whole answer as one value: what the renderers show. They decide nothing; everything is decided here and in
//! `verdict`.

use jiff::Timestamp;

use crate::answers::comparison::{Comparison, compare};
use crate::answers::own_machine;
use crate::evidence::{Call, Caller, Evidence, Gap, Principal, Question, Reason, RequestStatus};
use crate::findings::Gate;
use crate::history::{self, Dated, Since};
use crate::machine::OwnMachine;
use crate::model::SetInAccount;
use crate::model::callers_account;
use crate::model::paths::{self, Path};
use crate::model::permission_set_role;
use crate::model::session_policies;
use crate::verdict::{self, Check, Finding, PathState, Unread, Verdict};

mod asking;
mod beyond;
mod entitlements;
mod freshness;
mod notes;
mod older_recording;
mod past;
mod reach;
mod refusals;
mod replayed;
pub mod sentences;
mod sign_ins;

pub use asking::{Changed, ask_again, ask_with};
pub use past::since;
pub use reach::Reach;
pub use replayed::{Replayed, origin};
use sentences::Said;

/// The whole answer.
#[derive(Debug)]
pub struct Diagnosis {
    /// What was asked.
    pub question: Question,
    /// The account's id where it is known, else what was typed.
    pub account: String,
    /// The user for people.
    pub user_label: String,
    /// The account for people, with its name where that is known.
    pub account_label: String,
    /// The answer.
    pub verdict: Verdict,
    /// The answer in one or two sentences.
    pub summary: String,
    /// The earliest fault that explains the verdict.
    pub root_cause: Option<Finding>,
    /// Since when it is there, and through whom, as far as that could be told.
    pub since: Option<Since>,
    /// Every other fault, in causal order.
    pub also: Vec<Finding>,
    /// The ways to the account.
    pub paths: Vec<PathReport>,
    /// How far any way could go.
    pub reach: Reach,
    /// What every rule said, in causal order.
    pub checks: Vec<Check>,
    /// What could not be read, each once.
    pub gaps: Vec<Unread>,
    /// Whether everything that was asked about could be read.
    pub complete: bool,
    /// The user beside a colleague, where one was named.
    pub comparison: Option<Comparison>,
    /// The management account, where the caller's own is one that Identity Center does not answer.
    pub ask_from: Option<String>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// Those of them that tell of the past.
    pub past: Vec<String>,
    /// The gates at which something hangs on circumstances that nobody can know from outside, as the notes tell.
    pub doubted: Vec<Gate>,
    /// What happened when, oldest first.
    pub timeline: Vec<Moment>,
    /// Who asked.
    pub caller: Option<Caller>,
    /// When collecting ended.
    pub collected_at: Timestamp,
    /// How many requests AWS was sent.
    pub calls: u32,
    /// What the machine of the person tells who asks; only where they ask about themselves.
    pub own_machine: Option<OwnMachine>,
    /// The recording that it comes from, where AWS was not asked now.
    pub replayed: Option<Replayed>,
}

/// One way to the account, and what is known of it.
#[derive(Debug)]
pub struct PathReport {
    /// The permission set's ARN; none for an entitlement, which leads straight to a role.
    pub permission_set_arn: Option<String>,
    /// Its name, where known.
    pub permission_set: Option<String>,
    /// The user or group that it is assigned to.
    pub via: Principal,
    /// That user's or group's name, where known.
    pub via_name: Option<String>,
    /// The role in the account, where known.
    pub role_arn: Option<String>,
    /// Whether the assignment stands, or was only requested.
    pub stands: bool,
    /// What is known of it.
    pub state: PathState,
    /// How far it is known to go.
    pub reach: Reach,
}

impl PathReport {
    /// What the way gives, for people: the permission set by its name or the last part of its ARN, or the role.
    pub fn grant(&self) -> String {
        let last = |arn: &str| arn.rsplit('/').next().unwrap_or(arn).to_owned();
        match (&self.permission_set, &self.permission_set_arn) {
            (Some(name), _) => name.clone(),
            (None, Some(arn)) => last(arn),
            (None, None) => format!("role {}", last(self.role_arn.as_deref().unwrap_or_default())),
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What, in a few words.
    pub what: String,
    /// The call that told.
    pub call: Call,
    /// Through whom, where a record of CloudTrail tells.
    pub who: Option<String>,
    /// The account in which that is logged.
    pub account: Option<String>,
    /// The Region in which it is.
    pub region: Option<String>,
    /// CloudTrail's id for it.
    pub event_id: Option<String>,
    /// Whether it explains the root cause.
    pub explains: bool,
}

impl Moment {
    /// Something that the state of things tells.
    pub(crate) const fn new(at: Timestamp, what: String, call: Call) -> Self {
        Self { at, what, call, who: None, account: None, region: None, event_id: None, explains: false }
    }
}

/// Diagnoses the evidence.
pub fn diagnose(evidence: &Evidence) -> Diagnosis {
    let here = evidence.in_account();
    let judgement = history::choose(evidence, verdict::judge(evidence, paths::find(evidence.asked())));
    let dated = history::date(evidence, &judgement);
    let mut judgement = history::put_back(evidence, judgement, &dated);
    for finding in judgement.root_cause.iter_mut().chain(&mut judgement.also) {
        beyond::warn(evidence, &mut finding.fault.fixes);
    }
    let (reach, reaches) = Reach::of(&judgement);
    let paths: Vec<PathReport> = judgement
        .paths
        .iter()
        .zip(reaches)
        .map(|((way, state), reach)| PathReport {
            permission_set_arn: way.assigned().map(|path| path.permission_set.clone()),
            permission_set: way
                .assigned()
                .and_then(|path| evidence.permission_set_name(&path.permission_set).ok().flatten())
                .map(str::to_owned),
            via: way.via().clone(),
            via_name: principal_name(evidence, way.via()),
            role_arn: match way {
                Path::Assigned(path) => {
                    permission_set_role::role_of(SetInAccount::of(here, path)).ok().flatten().map(|r| r.arn.clone())
                }
                Path::Entitled(entitled) => Some(entitled.role_arn.clone()),
            },
            stands: way.assigned().is_none_or(|path| path.stands),
            state: *state,
            reach,
        })
        .collect();
    let found_any = judgement.root_cause.is_some() || !judgement.also.is_empty();
    let nothing_known = judgement.verdict == Verdict::Inconclusive && !found_any && paths.is_empty();
    let ways: Vec<Path> = judgement.paths.iter().map(|(way, _)| way.clone()).collect();
    let (doubted, left): (Vec<Option<Gate>>, Vec<String>) =
        session_policies::notes(here, evidence.person(), &ways).into_iter().unzip();
    let own_machine = own_machine::examine(evidence, judgement.verdict, &paths, nothing_known);
    let verdict = own_machine.as_ref().map_or(judgement.verdict, |own| own_machine::beside(judgement.verdict, own));
    let mut deciding = judgement.gaps.iter().filter(|unread| unread.decides).peekable();
    let all_read = deciding.peek().is_some() && deciding.all(|unread| unread.gap.answered);
    let gaps = past::with_gaps(judgement.gaps.iter().cloned().chain(unnamed(evidence)), &dated);
    let complete = gaps.is_empty() && own_machine.as_ref().is_none_or(|own| own.unread.is_empty());
    Diagnosis {
        question: evidence.question.clone(),
        account: evidence.account.id.clone().unwrap_or_else(|| evidence.question.account.text().to_owned()),
        user_label: evidence.user_label().to_owned(),
        account_label: evidence.account_label(),
        verdict,
        summary: sentences::summary(&Said {
            user: evidence.user_label(),
            account: evidence.account_label(),
            question: &evidence.question,
            verdict,
            root: judgement.root_cause.as_ref(),
            paths: &paths,
            complete,
            all_read,
            own: own_machine.as_ref(),
        }),
        comparison: compare(evidence, judgement.root_cause.as_ref().map(|root| root.rule)).map(|mut comparison| {
            let fixes = comparison.differences.iter_mut().filter_map(|difference| difference.fix.as_mut());
            fixes.for_each(|fix| beyond::warn(evidence, std::slice::from_mut(fix)));
            comparison
        }),
        ask_from: callers_account::refused_by(evidence).map(|organization| organization.management_account.clone()),
        past: dated.notes.clone(),
        notes: notes::notes(evidence, &judgement.paths).into_iter().chain(left).chain(dated.notes.clone()).collect(),
        since: dated.since.clone().filter(|_| judgement.root_cause.is_some()),
        doubted: doubted.into_iter().flatten().collect(),
        timeline: timeline(evidence, &judgement.paths, &dated),
        reach,
        root_cause: judgement.root_cause,
        also: judgement.also,
        paths,
        checks: judgement.checks,
        gaps,
        complete,
        caller: evidence.caller.known().ok().cloned(),
        collected_at: evidence.collected_at,
        calls: evidence.calls,
        own_machine,
        replayed: None,
    }
}

/// What was asked for names alone and not answered: who asks, and what groups and other users are called. Each call once.
fn unnamed(evidence: &Evidence) -> Vec<Unread> {
    let of_groups = evidence.groups.values().filter_map(|group| group.known().err());
    let of_users = evidence.users.values().filter_map(|user| user.known().err());
    let of_caller = evidence.caller.known().err().filter(|_| evidence.machine.is_none());
    let mut gaps: Vec<Gap> = of_groups.chain(of_users).chain(of_caller).collect();
    gaps.retain(|gap| gap.reason != Reason::NotAsked);
    gaps.sort();
    gaps.dedup_by(|later, first| (later.call, later.reason) == (first.call, first.reason));
    gaps.into_iter().map(|gap| Unread { gap, decides: false }).collect()
}

fn principal_name(evidence: &Evidence, principal: &Principal) -> Option<String> {
    match principal.kind {
        crate::evidence::PrincipalType::User => Some(evidence.user_label().to_owned()),
        crate::evidence::PrincipalType::Group => evidence.group(&principal.id).ok().flatten()?.name.clone(),
    }
}

/// The dated facts about the user's own paths.
fn timeline(evidence: &Evidence, ways: &[(Path, PathState)], dated: &Dated) -> Vec<Moment> {
    let mut moments = Vec::new();
    let paths: Vec<&paths::Assigned> = ways.iter().filter_map(|(way, _)| way.assigned()).collect();
    let via = |id: &str| ways.iter().any(|(way, _)| way.via().id == id);
    for membership in evidence.user.memberships.known().into_iter().flatten().filter(|m| via(&m.group_id)) {
        let (user, group) = (evidence.user_label(), evidence.group_label(&membership.group_id));
        let what = format!("{user} was added to group {group}");
        moments.extend(membership.created.map(|at| Moment::new(at, what, Call::ListGroupMembershipsForMember)));
    }
    for (log, what) in [(&evidence.creation, "assign"), (&evidence.provisioning, "provision")] {
        for fact in log.described.values() {
            let Ok(Some(request)) = fact.known() else { continue };
            let (Some(at), Some(status), Some(set)) = (request.created, request.status, &request.permission_set) else {
                continue;
            };
            let here = request.account == evidence.account.id
                && paths.iter().any(|path| {
                    path.permission_set == *set
                        && request.principal.as_ref().is_none_or(|principal| path.via == *principal)
                });
            let ended = match status {
                RequestStatus::InProgress => "is still running",
                RequestStatus::Failed => "failed",
                RequestStatus::Succeeded => "succeeded",
            };
            if here {
                let set = evidence.permission_set_label(set);
                let what = format!("a request to {what} {set} was made, which {ended}");
                moments.push(Moment::new(at, what, fact.call));
            }
        }
    }
    for path in paths {
        if let Ok(Some(role)) = permission_set_role::role_of(SetInAccount::of(evidence.in_account(), path)) {
            let call = Call::ListRoles;
            moments.extend(role.created.map(|at| Moment::new(at, format!("role {} was made", role.name), call)));
        }
    }
    moments.extend(refusals::moments(evidence));
    moments.extend(entitlements::moments(evidence, ways));
    moments.extend(sign_ins::moments(evidence));
    moments.extend(past::moments(evidence, dated));
    moments.sort();
    moments.dedup();
    moments
}
