//! The colleague to compare the user with: asked about beside the user, with no more than what decides their access to
//! this account.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::Home;
use crate::evidence::{Colleague, Evidence, Fact, Group, PermissionSet, PermissionSetEvidence, UserScan};
use crate::plan::colleague::Wanted;

/// What gives the colleague's ways their names, and close names where there is no such colleague.
pub(super) struct Named {
    groups: BTreeMap<String, Fact<Option<Group>>>,
    permission_sets: BTreeMap<String, Fact<Option<PermissionSet>>>,
    scan: Option<Fact<UserScan>>,
}

impl Home<'_> {
    /// The colleague and what AWS lists for them in the account.
    pub(super) async fn colleague(&self, asked: Option<&str>, account: &str) -> Option<Colleague> {
        let asked = asked?.to_owned();
        let user = Box::new(Box::pin(self.user_and_assignments(&asked, Some(account))).await);
        Some(Colleague { asked, user })
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
    for (id, group) in named.groups {
        evidence.groups.entry(id).or_insert(group);
    }
    for (arn, described) in named.permission_sets {
        evidence.permission_sets.entry(arn).or_insert_with(|| PermissionSetEvidence::named(described));
    }
    if let Some(colleague) = &mut evidence.colleague {
        super::replace(&mut colleague.user.scan, named.scan);
    }
}
