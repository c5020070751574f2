//! The user and a colleague, each as the one whom the evidence is about.

use super::paths::{self, Paths};
use crate::evidence::{ColleagueEvidence, Evidence, PermissionSetEvidence};

/// The two, each as the one whom the evidence is about.
pub struct Sides {
    /// The user.
    pub user: Evidence,
    /// The colleague.
    pub colleague: Evidence,
    /// The ways by which the user gets in.
    pub users_ways: Paths,
    /// The ways by which the colleague does.
    pub colleagues_ways: Paths,
}

impl Sides {
    /// The two, with all that is known of either.
    pub fn new(evidence: &Evidence, colleague: &ColleagueEvidence) -> Self {
        let mut user = evidence.clone();
        for (id, group) in &colleague.groups {
            user.groups.entry(id.clone()).or_insert_with(|| group.clone());
        }
        for (arn, described) in &colleague.permission_sets {
            let set = || PermissionSetEvidence::named(described.clone());
            user.access.permission_sets.entry(arn.clone()).or_insert_with(set);
        }
        let mut other = user.clone();
        other.question.user.clone_from(&colleague.asked);
        other.user.clone_from(&colleague.user);
        other.access.for_principal.clone_from(&colleague.for_principal);
        let (users_ways, colleagues_ways) = (standing(&user), standing(&other));
        Self { user, colleague: other, users_ways, colleagues_ways }
    }
}

/// The ways by which somebody gets in; one that has only been requested lets nobody in.
fn standing(evidence: &Evidence) -> Paths {
    let mut found = paths::find(evidence);
    found.list.retain(|way| way.assigned().is_none_or(|path| path.stands));
    found
}
