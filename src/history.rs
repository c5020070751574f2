//! Since when a root cause is there, and through whom: what CloudTrail's records, the state's own dates and the user's last
//! success amount to. It dates what the rules found; no rule reads it, and no verdict hangs on it.

mod causes;
mod lanes;
mod membership;
mod readings;
mod requests;
mod roles;
mod search;
mod success;
mod user;
mod words;

use jiff::{SignedDuration, Timestamp};

pub use lanes::{Lane, Place, places};
pub use readings::choose;
pub use search::Look;
pub use success::{Success, candidate_roles, last_success};
pub use words::{change, who};

use crate::evidence::{Actor, Change, Evidence, Gap};
use crate::findings::Effect;
use crate::verdict::{Finding, Judgement, Verdict};

/// How sure it is that a change is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It had to be inferred.
    Likely,
    /// The record names all that it is about.
    Confirmed,
}

/// Since when something is as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The moment; with `not_before`, the latest that it can be.
    pub at: Timestamp,
    /// The earliest that it can be, where no moment is known.
    pub not_before: Option<Timestamp>,
    /// Through whom.
    pub by: Option<Actor>,
    /// The event that tells.
    pub event: Option<Event>,
    /// How sure that is.
    pub certainty: Certainty,
}

/// An event, and where it is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// CloudTrail's event id.
    pub id: String,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
}

impl Since {
    /// Since a change.
    fn of(change: &Change, certainty: Certainty) -> Self {
        Self {
            at: change.at,
            not_before: None,
            by: Some(change.by.clone()),
            event: Some(Event {
                id: change.id.clone(),
                account: change.account.clone(),
                region: change.region.clone(),
            }),
            certainty,
        }
    }
}

/// What history says of an answer's cause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dated {
    /// Since when the cause is there.
    pub since: Option<Since>,
    /// The ids of the events that explain it.
    pub explains: Vec<String>,
    /// What else is to be said.
    pub notes: Vec<String>,
    /// What of the history could not be read.
    pub gaps: Vec<Gap>,
}

/// What is known of changes, with what the user's success bounds.
#[derive(Debug)]
struct Story<'e> {
    evidence: &'e Evidence,
    /// What was done, each event once, oldest first.
    done: Vec<&'e Change>,
    /// When the user last got in as far as the cause goes.
    success: Option<Success>,
}

/// How much earlier than the last success a change may be: what was opened before goes on for a while, and clocks differ.
const GRACE: SignedDuration = SignedDuration::from_mins(10);
/// How long a role's session lasts at the most.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(12);
/// Two events within a second have no order.
const A_SECOND: SignedDuration = SignedDuration::from_secs(1);
/// How long a pipeline takes between deleting something and making it anew.
const REPLACED: SignedDuration = SignedDuration::from_mins(10);

impl<'e> Story<'e> {
    fn of(evidence: &'e Evidence, finding: &Finding, judgement: &Judgement) -> Self {
        let done = evidence.history.changes().into_iter().filter(|change| !change.is_refused()).collect();
        // What only gives less keeps nobody from getting in.
        let success = (finding.fault.effect == Effect::Blocks)
            .then(|| last_success(evidence, &success::sets_of(evidence, finding, judgement)))
            .flatten();
        Self { evidence, done, success }
    }

    /// Whether a change is too old: the user got in after it.
    fn is_before_success(&self, change: &Change) -> bool {
        self.success.as_ref().is_some_and(|success| is_after(success.at, change.at + GRACE))
    }

    /// That a session which was opened before access was taken away goes on.
    fn session_that_goes_on(&self, finding: &Finding, since: Option<&Since>) -> Option<String> {
        let success = self.success.as_ref()?.at;
        let taken_away = ["not-in-assigned-group", "assignment-missing", "user-disabled"].contains(&finding.rule);
        let is_open = is_after(success + LONGEST_SESSION, self.evidence.collected_at);
        (taken_away && is_open && since.is_some_and(|since| !is_after(success, since.at + GRACE))).then(|| {
            format!(
                "A session that {} opened before goes on until it ends, at most 12 hours after it began.",
                self.evidence.user_label()
            )
        })
    }

    /// Whether the same was done anew after a change, so that this is not how it came to be.
    fn is_undone(&self, change: &Change, undoes: impl Fn(&Change) -> bool) -> bool {
        self.done.iter().any(|later| is_after(later.at, change.at + A_SECOND) && undoes(later))
    }
}

fn is_after(one: Timestamp, other: Timestamp) -> bool {
    one > other
}

/// The finding that is dated: the root cause; where the answer is open, the first fault that would keep them out.
pub fn cause(judgement: &Judgement) -> Option<&Finding> {
    match judgement.verdict {
        Verdict::Reachable => None,
        Verdict::Blocked | Verdict::Degraded => judgement.root_cause.as_ref(),
        Verdict::Inconclusive => judgement.also.iter().find(|finding| finding.fault.effect == Effect::Blocks),
    }
}

/// When the user last got in as far as the cause of an answer goes.
pub fn success_before(evidence: &Evidence, judgement: &Judgement) -> Option<Timestamp> {
    Story::of(evidence, cause(judgement)?, judgement).success.map(|success| success.at)
}

/// What there is to look up for the cause of an answer.
pub fn looks(evidence: &Evidence, judgement: &Judgement) -> Vec<Look> {
    let searches = findings(judgement).filter_map(|finding| causes::search(evidence, finding, judgement));
    searches.flat_map(|search| search.looks).collect()
}

/// The cause, and what else may be the cause.
fn findings(judgement: &Judgement) -> impl Iterator<Item = &Finding> {
    cause(judgement).into_iter().chain(readings::other(judgement))
}

/// What is to be looked up after that, for what was found does not name what it is about, or may have been undone.
pub fn further_looks(evidence: &Evidence, judgement: &Judgement) -> Vec<Look> {
    let further = |finding: &Finding| {
        let story = Story::of(evidence, finding, judgement);
        match finding.rule {
            "not-in-assigned-group" => membership::further(&story, finding),
            "user-disabled" => user::further(&story),
            _ => Vec::new(),
        }
    };
    findings(judgement).flat_map(further).collect()
}

/// Dates the cause of an answer.
pub fn date(evidence: &Evidence, judgement: &Judgement) -> Dated {
    cause(judgement).map(|finding| date_of(evidence, finding, judgement)).unwrap_or_default()
}

fn date_of(evidence: &Evidence, finding: &Finding, judgement: &Judgement) -> Dated {
    let story = Story::of(evidence, finding, judgement);
    let search = causes::search(evidence, finding, judgement);
    let mut dated = match (finding.rule, &search) {
        ("not-in-assigned-group", _) => membership::date(&story, finding),
        ("user-disabled", _) => user::date(&story),
        (
            "assignment-creation-failed"
            | "assignment-creating"
            | "assignment-deleting"
            | "provisioning-failed"
            | "provisioning-in-progress",
            _,
        ) => requests::date(&story, finding, judgement),
        ("role-missing", Some(search)) => roles::date(&story, search, finding, judgement),
        (_, Some(search)) => search.newest(&story),
        (_, None) => Dated::default(),
    };
    if evidence.history.is_unasked() {
        return dated;
    }
    if let Some(search) = &search {
        if let Some(since) = &mut dated.since
            && !search.is_read_since(evidence, since.at)
        {
            // What was not read may have undone it, or done it once more.
            since.certainty = Certainty::Likely;
        }
        let unread = search.unread(evidence);
        dated.notes.extend(story.session_that_goes_on(finding, dated.since.as_ref()));
        if dated.since.is_none() {
            dated.notes.extend(search.nothing_found(evidence, &unread));
        }
        dated.gaps = unread;
        dated.gaps.extend(evidence.history.trail.iter().filter_map(|part| part.known().err()));
    }
    dated
}
