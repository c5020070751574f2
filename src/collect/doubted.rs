//! The second witness that a permission set is not in an account, where something speaks against the first: the account's
//! list lacks it, and yet its role is there. AWS leaves an empty list out of its answer, so that "none" looks like half an
//! answer. Elsewhere nothing is asked.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::Home;
use crate::evidence::{AccountsOf, Evidence, Version};
use crate::model::{SetInAccount, paths, permission_set_role};

impl Home<'_> {
    /// Asks which accounts have the permission sets of the user's ways that the account lacks although it has their roles.
    pub(super) async fn doubted_lists(&self, evidence: &mut Evidence) {
        let asking = doubted(evidence).into_iter().map(|set| async move {
            let (latest, outdated) =
                tokio::join!(self.accounts_of(&set, Version::Latest), self.accounts_of(&set, Version::Outdated));
            (set, AccountsOf { latest, outdated })
        });
        let answers = join_all(asking).await;
        evidence.shared.accounts_of.extend(answers);
    }
}

/// The permission sets that are assigned, not listed in the account, and have a role there.
fn doubted(evidence: &Evidence) -> BTreeSet<String> {
    let found = paths::find(evidence.asked());
    let standing = found.assigned().filter(|path| path.stands);
    let doubted = standing.filter(|path| {
        let here = SetInAccount::of(evidence.in_account(), path);
        here.provisioned().in_any_version() == Ok(false) && matches!(permission_set_role::role_of(here), Ok(Some(_)))
    });
    doubted.map(|path| path.permission_set.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    #[test]
    fn only_where_the_list_lacks_what_has_a_role() {
        let mut evidence = sample::healthy();
        assert!(doubted(&evidence).is_empty());
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert_eq!(doubted(&evidence), BTreeSet::from([sample::SET.to_owned()]));
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
        assert!(doubted(&evidence).is_empty());
    }
}
