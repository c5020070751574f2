//! The permission set that was asked about by its name: AWS lists none by name, so that one after the other has to be
//! described. Those that are likely come first.

use std::collections::BTreeSet;

use super::Plan;
use super::second_way::FEW;
use crate::evidence::{Want, permission_set_of_role};
use crate::model::{paths, provisioned};

impl Plan<'_> {
    /// Finds the permission set that was asked about: among those of the user's rows; among those of the account, where a
    /// role there has the name or they are few; among those that the user has in other accounts; among the account's
    /// others; and then among all. Whether it is found, or known not to be there, as far as that can be known.
    pub(super) fn asked_set(&mut self) -> bool {
        let Some(asked) = &self.evidence.question.permission_set else { return true };
        if asked.starts_with("arn:") {
            self.whole_set(asked);
            return self.want(Want::PermissionSet(asked.clone()));
        }
        let evidence = self.evidence;
        let rows = evidence.user.for_principal.known().into_iter().flatten();
        let own: BTreeSet<&str> = rows.map(|row| row.permission_set.as_str()).collect();
        let of_account: BTreeSet<&str> = provisioned::permission_sets(&evidence.account).collect();
        let roles = evidence.account.inside.roles.known().into_iter().flatten();
        let names_it = roles.into_iter().any(|role| permission_set_of_role(&role.name) == Some(asked.as_str()));
        if !self.named_until_found(&own) {
            return false;
        }
        if (names_it || of_account.len() <= FEW) && !self.named_until_found(&of_account) {
            return false;
        }
        if self.is_found() {
            return true;
        }
        if !self.elsewhere() {
            return false;
        }
        let rows = evidence.user.elsewhere.iter().flat_map(|one| one.assignments.known()).flatten();
        let had: BTreeSet<&str> = rows.map(|row| row.permission_set.as_str()).collect();
        if !self.named_until_found(&had) || !self.named_until_found(&of_account) {
            return false;
        }
        if self.is_found() {
            return true;
        }
        if !self.want(Want::PermissionSets()) {
            return false;
        }
        let all = evidence.permission_set_arns.known().into_iter().flatten();
        self.named_until_found(&all.map(String::as_str).collect())
    }

    /// Describes permission sets, in the order of their ARNs, until one has the name; whether there is none left to describe.
    fn named_until_found(&mut self, arns: &BTreeSet<&str>) -> bool {
        if self.is_found() {
            return true;
        }
        self.search(arns.iter().map(|arn| Want::PermissionSet((*arn).to_owned())))
    }

    fn is_found(&self) -> bool {
        matches!(paths::asked_permission_sets(self.evidence.asked()), Ok(Some(found)) if !found.is_empty())
    }
}
