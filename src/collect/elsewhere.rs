//! What the user reaches in other accounts, where no way into this one was found: it shows a mistyped account, and the
//! permission sets that are probably meant.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::{Home, account};
use crate::evidence::{Elsewhere, Evidence, PermissionSetEvidence};

/// How many of the other accounts, and of the permission sets there, are asked for their names.
const NAMED: usize = 5;

impl Home<'_> {
    /// What AWS lists for the user in all accounts.
    pub(super) async fn elsewhere(&self, evidence: &Evidence, here: &str) -> Option<Elsewhere> {
        let user = evidence.user_id().ok()??;
        let mut assignments = self.assignments_for_principal(user, None).await;
        if let crate::evidence::Observed::Known(rows) = &mut assignments.observed {
            rows.retain(|row| row.account != here);
        }
        Some(Elsewhere { assignments, accounts: BTreeMap::new() })
    }

    /// The same with the names of some of the accounts, and some of the permission sets; asked for where it is not known.
    pub(super) async fn named_elsewhere(
        &self,
        evidence: &Evidence,
        known: Option<Elsewhere>,
        here: &str,
    ) -> Option<(Vec<(String, PermissionSetEvidence)>, Elsewhere)> {
        let mut elsewhere = match known {
            Some(known) => known,
            None => self.elsewhere(evidence, here).await?,
        };
        let rows = || elsewhere.assignments.known().into_iter().flatten();
        let accounts: BTreeSet<&str> = rows().map(|row| row.account.as_str()).collect();
        let sets: BTreeSet<&str> = rows().map(|row| row.permission_set.as_str()).collect();
        let unnamed = sets.into_iter().filter(|arn| !evidence.permission_sets.contains_key(*arn)).take(NAMED);
        let sets = unnamed.map(|arn| async move { (arn.to_owned(), self.named_permission_set(arn).await) });
        let accounts = accounts.into_iter().take(NAMED).map(|id| async move {
            let mut described = account::account(self.asker, self.clients, id).await;
            described.account.clone_from(&self.place.account);
            (id.to_owned(), described)
        });
        let (sets, accounts) = tokio::join!(join_all(sets), join_all(accounts));
        elsewhere.accounts = accounts.into_iter().collect();
        Some((sets, elsewhere))
    }
}
