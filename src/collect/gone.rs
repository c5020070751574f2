//! Who is assigned to the account and gone: AWS logs a deletion by the id alone, and what was asked for by a name that
//! nobody has is told by the assignments that are left of it.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc;

use super::Home;
use super::second_way::provisioned;
use super::ways::PARALLEL;
use crate::evidence::{Evidence, PrincipalType};

/// How many principals are described. Of more, one might be left out that is gone too, so that none is.
const MOST: usize = 40;

impl Home<'_> {
    /// Asks who is assigned to the account, and which of them are gone.
    pub(super) async fn who_is_gone(&self, evidence: &mut Evidence, kind: PrincipalType) {
        let Ok(Some(account)) = evidence.account_id().map(|id| id.map(str::to_owned)) else { return };
        // Nobody waits for the groups that turn up.
        let (groups, _) = mpsc::unbounded_channel();
        self.ask_assignments(evidence, &account, provisioned(evidence), &groups).await;
        let rows = evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
        let assigned = rows.map(|row| &row.principal).filter(|principal| principal.kind == kind);
        let unknown = assigned.map(|principal| principal.id.clone()).filter(|id| match kind {
            PrincipalType::Group => !evidence.groups.contains_key(id),
            PrincipalType::User => !evidence.users.contains_key(id),
        });
        let unknown: BTreeSet<String> = unknown.collect();
        if unknown.len() > MOST {
            return;
        }
        match kind {
            PrincipalType::Group => {
                let asking = unknown.into_iter().map(|id| async move { (self.group(&id).await, id) });
                let mut answers = stream::iter(asking).buffered(PARALLEL);
                while let Some((group, id)) = answers.next().await {
                    evidence.groups.insert(id, group);
                }
            }
            PrincipalType::User => {
                let asking = unknown.into_iter().map(|id| async move { (self.user(&id).await, id) });
                let mut answers = stream::iter(asking).buffered(PARALLEL);
                while let Some((user, id)) = answers.next().await {
                    evidence.users.insert(id, user);
                }
            }
        }
    }
}
