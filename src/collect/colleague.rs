//! The colleague to compare the user with: asked about beside the user, with no more than what decides their access to
//! this account.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::{Home, blank};
use crate::evidence::{ColleagueEvidence, Evidence, Fact, Group, PermissionSet, UserScan};
use crate::plan::colleague::Wanted;

/// What gives the colleague's ways their names, and close names where there is no such colleague.
pub(super) struct Named {
    groups: BTreeMap<String, Fact<Option<Group>>>,
    permission_sets: BTreeMap<String, Fact<Option<PermissionSet>>>,
    scan: Option<Fact<UserScan>>,
}

impl Home<'_> {
    /// The colleague and what AWS lists for them in the account.
    pub(super) async fn colleague(&self, asked: Option<&str>, account: &str) -> Option<ColleagueEvidence> {
        let asked = asked?;
        let (user, for_principal) = Box::pin(self.user_and_assignments(asked, Some(account))).await;
        Some(ColleagueEvidence { user, for_principal, ..blank::colleague(asked) })
    }

    /// Asks for what the comparison lacks.
    pub(super) async fn named(&self, wanted: Wanted) -> Named {
        let groups = wanted.groups.into_iter().map(|id| async move {
            let group = self.group(&id).await;
            (id, group)
        });
        let sets = wanted.permission_sets.into_iter().map(|arn| async move {
            let set = self.describe_permission_set(&arn).await;
            (arn, set)
        });
        let scan = async {
            match &wanted.close_to {
                Some(typed) => Some(Box::pin(self.close_users(typed)).await),
                None => None,
            }
        };
        let (groups, sets, scan) = tokio::join!(join_all(groups), join_all(sets), scan);
        Named { groups: groups.into_iter().collect(), permission_sets: sets.into_iter().collect(), scan }
    }
}

/// Puts the names where the comparison finds them.
pub(super) fn take(evidence: &mut Evidence, named: Named) {
    let Some(colleague) = &mut evidence.colleague else { return };
    colleague.groups.extend(named.groups);
    colleague.permission_sets.extend(named.permission_sets);
    super::replace(&mut colleague.user.scan, named.scan);
}
