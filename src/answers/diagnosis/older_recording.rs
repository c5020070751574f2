//! What is worth knowing of a recording that an earlier version of idc made.

use crate::evidence::{Evidence, unrecorded_parts};
use crate::wording;

/// What such a recording cannot tell.
pub(super) fn note(evidence: &Evidence) -> Option<String> {
    let parts: Vec<String> = unrecorded_parts(evidence).into_iter().map(str::to_owned).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "The recording was made by an earlier version of idc, which did not ask for {} yet. What that would show is not \
             known: record the case again to have it looked at.",
            wording::list(parts, 4)
        )
    })
}
