//! A user who is outside: the account is assigned, and not to any group of theirs.

use super::{SET, assignment, group_principal, healthy, known};
use crate::evidence::{Call, Evidence, Membership};

/// The same, but that the user is in none of the groups that would give access.
pub(crate) fn not_in_the_group(memberships: Vec<Membership>) -> Evidence {
    let mut evidence = healthy();
    let rows = vec![assignment(group_principal())];
    evidence.user.memberships = known(Call::ListGroupMembershipsForMember, memberships);
    evidence.user.for_principal = known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = known(Call::ListPermissionSets, vec![SET.to_owned()]);
    evidence.account.assignments.insert(SET.into(), known(Call::ListAccountAssignments, rows));
    evidence
}
