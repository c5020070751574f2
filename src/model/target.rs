//! What is inside the target account.

use crate::evidence::{Evidence, Fact, Gap, Gaps};

/// A value from inside the target account. Where it is missing because the account could not be entered, the reason
/// for that comes along.
pub fn inside_target<'a, T>(evidence: &Evidence, fact: &'a Fact<T>) -> Result<&'a T, Gaps> {
    fact.known().map_err(|gap| {
        let entry = evidence.target.entry.known().err().filter(|entry| entry.message != gap.message);
        Gaps(entry.into_iter().chain([gap]).collect::<Vec<Gap>>())
    })
}
