//! Since when a root cause is there, and through whom: what CloudTrail's records, the state's own dates and the user's last
//! success amount to. It dates what the rules found; no rule reads it, and no verdict hangs on it.

mod causes;
mod federation;
mod lanes;
mod membership;
mod provisioned;
mod put_back;
mod quota;
mod readings;
mod requests;
mod roles;
mod search;
mod sign_ins;
mod success;
mod unnamed;
mod user;
mod words;

use causes::Of;
use jiff::{SignedDuration, Timestamp};

pub use causes::told_by_assignments;
pub use lanes::{Lane, Place, places};
pub use put_back::put_back;
pub use readings::choose;
pub use search::Look;
pub use success::{Success, candidate_roles, last_success};
pub use words::{change, day, who};

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
    /// Whether something was found that may be it, and that dates nothing: then it is not said that nothing was changed.
    pub may_be: bool,
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

/// The causes by which somebody loses what they had, and none that reaches into a session that is open.
const TAKEN_AWAY: [&str; 6] = [
    "user-not-found",
    "user-disabled",
    "not-in-assigned-group",
    "assignment-orphaned-principal",
    "assignment-missing",
    "assignment-deleting",
];

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
        let taken_away = TAKEN_AWAY.contains(&finding.rule);
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
        self.undoing(change, undoes).is_some()
    }

    /// The newest that undid a change.
    fn undoing(&self, change: &Change, undoes: impl Fn(&Change) -> bool) -> Option<&'e Change> {
        let later = self.done.iter().copied().filter(|later| is_after(later.at, change.at + A_SECOND));
        later.filter(|later| undoes(later)).max_by_key(|later| later.at)
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
    let mut looks = Vec::new();
    for finding in findings(judgement) {
        let search =
            causes::cause_of(finding.rule).and_then(|cause| (cause.search)(Of { evidence, finding, judgement }));
        looks.extend(search.into_iter().flat_map(|search| search.looks.into_iter().chain(search.aids)));
    }
    looks
}

/// The cause, and what else may be the cause.
fn findings(judgement: &Judgement) -> impl Iterator<Item = &Finding> {
    cause(judgement).into_iter().chain(readings::other(judgement))
}

/// What is to be looked up after that, for what was found does not name what it is about, or may have been undone.
pub fn further_looks(evidence: &Evidence, judgement: &Judgement) -> Vec<Look> {
    let mut looks = Vec::new();
    for finding in findings(judgement) {
        if let Some(cause) = causes::cause_of(finding.rule) {
            let story = Story::of(evidence, finding, judgement);
            looks.extend((cause.further)(&story, Of { evidence, finding, judgement }));
        }
    }
    looks
}

/// Dates the cause of an answer.
pub fn date(evidence: &Evidence, judgement: &Judgement) -> Dated {
    cause(judgement).map(|finding| date_of(evidence, finding, judgement)).unwrap_or_default()
}

fn date_of(evidence: &Evidence, finding: &Finding, judgement: &Judgement) -> Dated {
    let of = Of { evidence, finding, judgement };
    let Some(cause) = causes::cause_of(finding.rule) else { return Dated::default() };
    let Some(search) = (cause.search)(of) else { return Dated::default() };
    let story = Story::of(evidence, finding, judgement);
    let mut dated = (cause.date)(&story, &search, of);
    if evidence.history.is_unasked() {
        return dated;
    }
    if let Some(since) = &mut dated.since
        && !search.is_read_since(evidence, since.at)
    {
        // What was not read may have undone it, or done it once more.
        since.certainty = Certainty::Likely;
    }
    let unread = search.unread(evidence);
    dated.notes.extend(success::told(&story, of));
    dated.notes.extend(story.session_that_goes_on(finding, dated.since.as_ref()));
    if dated.since.is_none() {
        let back = membership::given_back(&story, finding).filter(|_| finding.rule == "not-in-assigned-group");
        dated.notes.extend(search.nothing_found(&story, back, (&unread, dated.may_be)));
    }
    dated.gaps = unread;
    dated.gaps.extend(evidence.history.trail.iter().filter_map(|part| part.known().err()));
    dated
}
