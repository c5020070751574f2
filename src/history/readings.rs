//! Of two readings that fit the same facts, the one that came about last. Somebody in a group that is not assigned, before
//! an account that another group has: they may have been taken out of that one, or theirs may have lost its assignment.

use super::{Certainty, Finding, date_of};
use crate::evidence::Evidence;
use crate::findings::Confidence;
use crate::verdict::Judgement;

/// The rules whose faults are such readings.
const READINGS: [&str; 2] = ["assignment-missing", "not-in-assigned-group"];

/// The other reading of the facts that the root cause is one of.
pub(super) fn other(judgement: &Judgement) -> Option<&Finding> {
    let root = judgement.root_cause.as_ref().filter(|root| is_reading(root))?;
    judgement.also.iter().find(|finding| is_reading(finding) && finding.rule != root.rule)
}

fn is_reading(finding: &Finding) -> bool {
    READINGS.contains(&finding.rule) && finding.path.is_none()
}

/// Takes the reading that history is certain of, where it is of one alone; the verdict stays what it is.
pub fn choose(evidence: &Evidence, mut judgement: Judgement) -> Judgement {
    let (Some(root), Some(other)) = (&judgement.root_cause, other(&judgement)) else { return judgement };
    let is_certain = |finding: &Finding| {
        let since = date_of(evidence, finding, &judgement).since;
        since.is_some_and(|since| since.certainty == Certainty::Confirmed)
    };
    let of_other = match (is_certain(root), is_certain(other)) {
        (true, false) => false,
        (false, true) => true,
        (true, true) | (false, false) => return judgement,
    };
    let other = other.rule;
    if of_other
        && let Some(place) = judgement.also.iter().position(|finding| is_reading(finding) && finding.rule == other)
        && let Some(root) = &mut judgement.root_cause
    {
        std::mem::swap(root, &mut judgement.also[place]);
    }
    if let Some(root) = judgement.root_cause.as_mut().filter(|root| root.fault.is_one_reading) {
        root.fault.confidence = Confidence::Confirmed;
    }
    judgement
}
