//! What is inside the target account.

use crate::evidence::{Fact, Gap, Gaps, InAccount};

/// A value from inside the target account. Where it is missing because the account could not be entered, the reason
/// for that comes along.
pub fn inside_target<'a, T>(here: InAccount<'_>, fact: &'a Fact<T>) -> Result<&'a T, Gaps> {
    fact.known().map_err(|gap| {
        let entry = here.inside().entry.known().err().filter(|entry| entry.message != gap.message);
        Gaps(entry.into_iter().chain([gap]).collect::<Vec<Gap>>())
    })
}
