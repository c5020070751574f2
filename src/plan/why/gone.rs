//! Who is assigned to the account and gone: AWS logs a deletion by the id alone, and what was asked for by a name that
//! nobody has is told by the assignments that are left of it.

use std::collections::BTreeSet;

use super::Plan;
use crate::evidence::{PrincipalType, Want};
use crate::model::provisioned;

/// How many principals are described. Of more, one might be left out that is gone too, so that none is.
const MOST: usize = 40;

impl Plan<'_> {
    /// Who is assigned to the account, and which of them are gone.
    pub(super) fn gone(&mut self, kind: PrincipalType) {
        let evidence = self.evidence;
        let Ok(Some(account)) = evidence.account_id() else { return };
        let assignments = &evidence.account.assignments;
        let unasked = provisioned::permission_sets(&evidence.account).filter(|arn| !assignments.contains_key(*arn));
        if !self.want_all(unasked.map(|arn| Want::Assignments(account.to_owned(), arn.to_owned()))) {
            return;
        }
        let rows = assignments.values().filter_map(|fact| fact.known().ok()).flatten();
        let assigned = rows.map(|row| &row.principal).filter(|principal| principal.kind == kind);
        let unknown = assigned.map(|principal| principal.id.as_str()).filter(|id| match kind {
            PrincipalType::Group => !evidence.groups.contains_key(*id),
            PrincipalType::User => !evidence.users.contains_key(*id),
        });
        let unknown: BTreeSet<&str> = unknown.collect();
        if unknown.len() > MOST {
            return;
        }
        let describe = match kind {
            PrincipalType::Group => Want::Group,
            PrincipalType::User => Want::User,
        };
        self.want_all(unknown.into_iter().map(|id| describe(id.to_owned())));
    }
}
