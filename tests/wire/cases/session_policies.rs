//! What the policies of a permission set, its boundary and the organization leave to a session.

use crate::scenario::Scenario;

pub(super) fn scenarios() -> Vec<Scenario> {
    Vec::new()
}
