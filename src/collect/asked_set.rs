//! The permission set that was asked about by its name: AWS lists none by name, so that one after the other has to be
//! described. Those that are likely come first.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};

use super::Home;
use super::second_way::FEW;
use super::ways::PARALLEL;
use crate::evidence::{Elsewhere, Evidence, permission_set_of_role};
use crate::model::{paths, provisioned};

impl Home<'_> {
    /// Finds the permission set that was asked about: among those of the user's rows; among those of the account, where a
    /// role there has the name or they are few; among those that the user has in other accounts; among the account's
    /// others; and then among all. What the user has elsewhere is handed on, where it was asked for.
    pub(super) async fn find_asked_set(&self, evidence: &mut Evidence, account: &str) -> Option<Elsewhere> {
        let asked = evidence.question.permission_set.clone()?;
        if asked.starts_with("arn:") {
            let set = self.whole_permission_set(&asked).await;
            evidence.permission_sets.insert(asked, set);
            return None;
        }

        let rows = evidence.user.for_principal.known().into_iter().flatten();
        let own: BTreeSet<String> = rows.map(|row| row.permission_set.clone()).collect();
        self.name_until_found(evidence, own, &asked).await;
        let of_account: BTreeSet<String> = provisioned::permission_sets(&evidence.account).map(str::to_owned).collect();
        let roles = evidence.account.inside.roles.known().into_iter().flatten();
        let names_it = roles.into_iter().any(|role| permission_set_of_role(&role.name) == Some(asked.as_str()));
        if names_it || of_account.len() <= FEW {
            self.name_until_found(evidence, of_account.clone(), &asked).await;
        }
        if is_found(evidence) {
            return None;
        }
        let elsewhere = self.elsewhere(evidence, account).await;
        let rows = elsewhere.iter().flat_map(|one| one.assignments.known()).flatten();
        let had = rows.map(|row| row.permission_set.clone()).collect();
        self.name_until_found(evidence, had, &asked).await;
        self.name_until_found(evidence, of_account, &asked).await;
        if !is_found(evidence) {
            evidence.permission_set_arns = self.permission_set_arns().await;
            let all = evidence.permission_set_arns.known().into_iter().flatten().cloned().collect();
            self.name_until_found(evidence, all, &asked).await;
        }
        elsewhere
    }

    /// Describes permission sets, in the order of their ARNs, until one has the name: in that order, so that the same
    /// organization makes the same recording.
    async fn name_until_found(&self, evidence: &mut Evidence, arns: BTreeSet<String>, name: &str) {
        if is_found(evidence) {
            return;
        }
        let unnamed = arns.into_iter().filter(|arn| !evidence.permission_sets.contains_key(arn));
        let unnamed: Vec<String> = unnamed.collect();
        let asking = unnamed.into_iter().map(|arn| async move {
            let set = self.named_permission_set(&arn).await;
            (arn, set)
        });
        let mut answers = stream::iter(asking).buffered(PARALLEL);
        while let Some((arn, set)) = answers.next().await {
            let found = matches!(set.described.known(), Ok(Some(set)) if set.name == name);
            evidence.permission_sets.insert(arn, set);
            if found {
                return;
            }
        }
    }
}

fn is_found(evidence: &Evidence) -> bool {
    matches!(paths::asked_permission_sets(evidence.asked()), Ok(Some(found)) if !found.is_empty())
}
