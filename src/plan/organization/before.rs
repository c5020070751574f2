//! Where assigning permission sets would fail: what they need, and what the accounts have of it.

use std::collections::BTreeSet;

use super::Plan;
use crate::evidence::{Narrowed, PolicyKind, Want};
use crate::model::organization::{accounts_asked, is_active, sets_asked};

impl Plan<'_> {
    pub(super) fn before_assign(&mut self, narrowed: &Narrowed) {
        let snapshot = self.snapshot;
        self.want(Want::Accounts());
        self.want(Want::PermissionSets());
        self.instance();
        self.policies(&[PolicyKind::ServiceControl, PolicyKind::ResourceControl]);
        let all = snapshot.shared.permission_set_arns.known().into_iter().flatten();
        if !narrowed.permission_sets.is_empty() {
            self.wants.extend(all.map(|arn| Want::PermissionSet(arn.clone())));
        }
        let (sets, _) = sets_asked(snapshot);
        for arn in &sets {
            self.want(Want::PermissionSet((*arn).to_owned()));
            self.contents(arn);
        }
        let accounts: BTreeSet<&str> =
            accounts_asked(snapshot).into_iter().map(|account| account.id.as_str()).collect();
        for id in accounts.into_iter().filter(|id| is_active(snapshot, id)) {
            self.inside(id, true);
        }
        self.aws_managed(sets.iter().copied());
    }
}
