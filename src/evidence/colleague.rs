//! What is known of the colleague named by `--like`. It is kept apart from all that is known of the user, so that no
//! rule can read it: a comparison explains an answer and never makes one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Assignment, Fact, Group, PermissionSet, UserEvidence};

/// A colleague, as far as it decides their access to the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColleagueEvidence {
    /// The user name, e-mail or user id, as typed.
    pub asked: String,
    /// Who it is, and the groups they are in.
    pub user: UserEvidence,
    /// What AWS lists for them in the account, through groups too.
    pub for_principal: Fact<Vec<Assignment>>,
    /// The groups on their ways that are not on the user's own, by id; `None` where a group no longer exists.
    pub groups: BTreeMap<String, Fact<Option<Group>>>,
    /// The permission sets on their ways that are not on the user's own, by ARN; `None` where one does not exist.
    pub permission_sets: BTreeMap<String, Fact<Option<PermissionSet>>>,
}
