//! The second witness that there is no way in: who is assigned, permission set by permission set.

use std::collections::BTreeSet;
use std::future::ready;

use futures_util::stream::{self, StreamExt};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::Home;
use super::ways::{Groups, NAMED_GROUPS, PARALLEL};
use crate::evidence::{Evidence, PrincipalType, permission_set_of_role};
use crate::model::{paths, provisioned};

/// How many permission sets that the account does not have are asked about all the same: a second's worth of questions.
pub(super) const FEW: usize = 18;

impl Home<'_> {
    /// Asks permission set by permission set who is assigned to the account: first those that the account has. Others
    /// have no role there; they are asked where AWS's own list for the user is missing, where they are few, or where the
    /// account has a role that belongs to none of its sets. Groups that turn up are described meanwhile, where AWS's own
    /// list says that the user has nothing: then it is they that would help.
    pub(super) async fn second_way(&self, evidence: &mut Evidence, account: &str) -> Groups {
        let (sender, turned_up) = mpsc::unbounded_channel();
        let names_groups = evidence.user.for_principal.known().is_ok();
        let own = evidence.user.memberships.known().into_iter().flatten();
        let own: BTreeSet<String> = own.map(|membership| membership.group_id.clone()).collect();
        let lists = async {
            // Dropped at the end, so that no more groups are waited for.
            let sender = sender;
            self.ask_who_is_assigned(evidence, account, &sender).await;
        };
        let groups = super::when(names_groups, self.described_groups(own, turned_up));
        let (groups, ()) = tokio::join!(groups, Box::pin(lists));
        groups.unwrap_or_default()
    }

    /// Describes groups as they turn up, each once, up to a number; but not the user's own.
    async fn described_groups(&self, own: BTreeSet<String>, mut turned_up: UnboundedReceiver<String>) -> Groups {
        let mut seen = own;
        let ids = stream::poll_fn(move |context| turned_up.poll_recv(context));
        let new = ids.filter(|id| ready(seen.insert(id.clone()))).take(NAMED_GROUPS);
        let described = new.map(|id| async move {
            let group = self.group(&id).await;
            (id, group)
        });
        described.buffer_unordered(NAMED_GROUPS).collect().await
    }

    async fn ask_who_is_assigned(&self, evidence: &mut Evidence, account: &str, groups: &UnboundedSender<String>) {
        if evidence.question.permission_set.is_some() {
            let asked = paths::asked_permission_sets(evidence.asked()).ok().flatten().unwrap_or_default();
            let asked: Vec<String> = asked.into_iter().map(str::to_owned).collect();
            self.ask_assignments(evidence, account, asked, groups).await;
            return;
        }
        let provisioned = provisioned(evidence);
        let count = provisioned.len();
        let (arns, ()) = tokio::join!(
            Box::pin(self.permission_set_arns()),
            self.ask_assignments(evidence, account, provisioned, groups)
        );
        evidence.permission_set_arns = arns;
        let all = evidence.permission_set_arns.known().into_iter().flatten();
        let others: Vec<String> = all.filter(|arn| !evidence.account.assignments.contains_key(*arn)).cloned().collect();
        let stands = any_stands(evidence);
        if paths::is_unsettled(evidence) || (!stands && others.len() <= FEW) {
            self.ask_assignments(evidence, account, others, groups).await;
        } else if !stands && evidence.account.inside.roles.known().is_ok_and(|roles| roles.len() > count) {
            let strays = self.sets_of_stray_roles(evidence, others).await;
            self.ask_assignments(evidence, account, strays, groups).await;
        }
    }

    /// The permission sets, among those that the account does not have, that a role of the account is named after.
    async fn sets_of_stray_roles(&self, evidence: &mut Evidence, others: Vec<String>) -> Vec<String> {
        self.name_all(evidence, provisioned(evidence)).await;
        let roles = evidence.account.inside.roles.known().into_iter().flatten();
        let mut strays: BTreeSet<String> =
            roles.filter_map(|role| permission_set_of_role(&role.name)).map(str::to_owned).collect();
        for arn in provisioned(evidence) {
            strays.remove(evidence.permission_set_label(&arn));
        }
        let asking = others.into_iter().map(|arn| async move {
            let set = self.named_permission_set(&arn).await;
            (arn, set)
        });
        let mut answers = stream::iter(asking).buffered(PARALLEL);
        let mut found = Vec::new();
        while !strays.is_empty() {
            let Some((arn, set)) = answers.next().await else { break };
            if let Ok(Some(described)) = set.described.known()
                && strays.remove(&described.name)
            {
                evidence.permission_sets.insert(arn.clone(), set);
                found.push(arn);
            }
        }
        found
    }

    /// Asks for the names of permission sets, where they are not known yet.
    async fn name_all(&self, evidence: &mut Evidence, arns: Vec<String>) {
        let unnamed = arns.into_iter().filter(|arn| !evidence.permission_sets.contains_key(arn));
        let unnamed: Vec<String> = unnamed.collect();
        let asking = unnamed.into_iter().map(|arn| async move {
            let set = self.named_permission_set(&arn).await;
            (arn, set)
        });
        let named: Vec<_> = stream::iter(asking).buffer_unordered(PARALLEL).collect().await;
        evidence.permission_sets.extend(named);
    }

    pub(super) async fn ask_assignments(
        &self,
        evidence: &mut Evidence,
        account: &str,
        sets: Vec<String>,
        groups: &UnboundedSender<String>,
    ) {
        let asked: BTreeSet<String> =
            sets.into_iter().filter(|arn| !evidence.account.assignments.contains_key(arn)).collect();
        let asking = asked.into_iter().map(|arn| async move {
            let rows = self.assignments(account, &arn).await;
            (arn, rows)
        });
        // In the order of their ARNs, so that the same groups turn up first each time.
        let mut answers = stream::iter(asking).buffered(PARALLEL);
        while let Some((arn, rows)) = answers.next().await {
            let assigned = rows.known().into_iter().flatten().map(|row| &row.principal);
            for group in assigned.filter(|principal| principal.kind == PrincipalType::Group) {
                // Nobody listens once enough of them are described.
                drop(groups.send(group.id.clone()));
            }
            evidence.account.assignments.insert(arn, rows);
        }
    }
}

/// Takes over what the second way has brought.
pub(super) fn take(evidence: &mut Evidence, seen: Evidence) {
    evidence.permission_set_arns = seen.shared.permission_set_arns;
    evidence.account.assignments = seen.account.assignments;
    for (arn, set) in seen.shared.permission_sets {
        evidence.permission_sets.entry(arn).or_insert(set);
    }
}

/// The permission sets that the account has, in whatever version.
pub(super) fn provisioned(evidence: &Evidence) -> Vec<String> {
    provisioned::permission_sets(&evidence.account).map(str::to_owned).collect()
}

/// Whether an assignment or an entitlement of the user's stands: a request alone is no way in, and an assignment without
/// a role shows in no other list than its own permission set's.
pub(super) fn any_stands(evidence: &Evidence) -> bool {
    paths::find(evidence.asked()).list.iter().any(|way| way.assigned().is_none_or(|path| path.stands))
}
