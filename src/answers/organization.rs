//! Answers about a whole organization, each as one value.

mod accepted;
mod before;
mod changes;
mod for_review;
mod own_rules;
mod pieces;
mod planned;
mod relations;
mod reviewed;
mod rows;
#[cfg(test)]
mod sample;
mod scan;
mod sentences;
mod shown;
#[cfg(test)]
mod tests;
mod unread;

use jiff::Timestamp;

use crate::evidence::{Caller, Snapshot, Want};
use crate::model::organization::describe_listed;
use crate::plan::organization::wanted;
use crate::verdict::Unread;

pub use accepted::{Accepted, accept};
pub use before::before_assign;
pub use changes::{Changes, Grant, compare, found_pairs, only_new};
pub use for_review::ForReview;
pub use own_rules::{OWN_RULES, OwnRule};
pub use pieces::Pieces;
pub use planned::planned;
pub use relations::{Given, GroupShown, Judged, Pair, Relations, To, Way, relations};
pub use reviewed::{Review, read_review, reviewed, reviewed_pairs};
pub use rows::{AccessRow, Dead, Via, access, who};
pub use scan::{AccountJudged, Coverage, Note, Outcome, Part, Scan, ScanFinding, scan, scan_with_relations};
pub use sentences::Tally;
pub use shown::{AccountShown, PersonShown, SetShown, Source};

/// What every answer about an organization says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Whether everything that was asked about could be read.
    pub complete: bool,
    /// What could not be read, each once.
    pub gaps: Vec<Unread>,
    /// How many requests AWS was sent.
    pub calls: u32,
    /// When collecting ended.
    pub collected_at: Timestamp,
    /// Who asked.
    pub caller: Option<Caller>,
}

/// Who can get into an account.
#[derive(Debug)]
pub struct Who {
    /// The account.
    pub account: AccountShown,
    /// One row for each way of each person.
    pub access: Vec<AccessRow>,
    /// Assignments to users and groups that no longer exist.
    pub dead: Vec<Dead>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// How it came about.
    pub made: Made,
}

/// Where a person can get in.
#[derive(Debug)]
pub struct Access {
    /// The person.
    pub person: PersonShown,
    /// One row for each way.
    pub access: Vec<AccessRow>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// How it came about.
    pub made: Made,
}

/// What follows from the answers together, before any of them is judged.
pub fn prepare(mut snapshot: Snapshot) -> Snapshot {
    snapshot.attach_policies();
    describe_listed(&mut snapshot);
    snapshot
}

impl Made {
    /// With what was wanted and is not known beside these gaps: nothing is complete that lacks any of it.
    fn of(snapshot: &Snapshot, gaps: Vec<Unread>) -> Self {
        Self::of_wanted(snapshot, gaps, wanted(snapshot, true))
    }

    /// The same where it is known already what was wanted.
    fn of_wanted(snapshot: &Snapshot, mut gaps: Vec<Unread>, wanted: Vec<Want>) -> Self {
        gaps.extend(unread::unread(snapshot, wanted));
        // Of several that are alike, the one that decides comes first and stays.
        gaps.sort_by(|a, b| (&a.gap, !a.decides).cmp(&(&b.gap, !b.decides)));
        gaps.dedup_by(|later, first| later.gap == first.gap);
        Self {
            complete: gaps.is_empty(),
            gaps,
            calls: snapshot.calls,
            collected_at: snapshot.collected_at,
            caller: snapshot.shared.caller.known().ok().cloned(),
        }
    }
}
