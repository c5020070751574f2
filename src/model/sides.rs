//! The user and a colleague, each with the ways by which they get in.

use super::paths::{self, Paths};
use crate::evidence::{Asked, Evidence};

/// The two before the same account.
pub struct Sides<'e> {
    /// The user.
    pub user: Asked<'e>,
    /// The colleague.
    pub colleague: Asked<'e>,
    /// The ways by which the user gets in.
    pub users_ways: Paths,
    /// The ways by which the colleague does.
    pub colleagues_ways: Paths,
}

impl<'e> Sides<'e> {
    /// The two, where a colleague was named.
    pub fn of(evidence: &'e Evidence) -> Option<Self> {
        let (user, colleague) = (evidence.asked(), evidence.asked_of_colleague()?);
        Some(Self { user, colleague, users_ways: standing(user), colleagues_ways: standing(colleague) })
    }
}

/// The ways by which somebody gets in; one that has only been requested lets nobody in.
fn standing(asked: Asked<'_>) -> Paths {
    let mut found = paths::find(asked);
    found.list.retain(|way| way.assigned().is_none_or(|path| path.stands));
    found
}
