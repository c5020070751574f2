//! What the user's roles carry, and what their permission sets need from IAM in the account.

use std::collections::{BTreeMap, BTreeSet};

use super::Plan;
use crate::evidence::{Boundary, Version, Want};
use crate::model::{SetInAccount, paths, permission_set_role, session_policies};

impl Plan<'_> {
    /// The policies of the roles that the ways lead to, whether the AWS managed policies exist, and how many policies a role
    /// may have.
    pub(super) fn carried(&mut self, account: &str) {
        let evidence = self.evidence;
        let inside = &evidence.account.inside;
        if inside.entry.known().is_err() {
            return;
        }
        let id = || account.to_owned();
        let found = paths::find(evidence.asked());
        self.want_all(found.entitled().map(|entitled| Want::EntitledRole(id(), entitled.role_arn.clone())));
        for path in found.assigned() {
            if let Ok(set) = evidence.permission_set(&path.permission_set) {
                let aws_managed = set.aws_managed.known().map(Vec::as_slice).unwrap_or_default();
                let customer_managed = set.customer_managed.known().map(Vec::as_slice).unwrap_or_default();
                if !aws_managed.is_empty() || !customer_managed.is_empty() {
                    self.want(Want::QuotasIn(id()));
                }
                let boundary = match set.boundary.known() {
                    Ok(Some(Boundary::AwsManaged(arn))) => Some(arn),
                    Ok(_) | Err(_) => None,
                };
                self.want_all(aws_managed.iter().chain(boundary).map(|arn| Want::AwsManagedPolicy(arn.clone())));
            }
            let here = SetInAccount::of(evidence.in_account(), path);
            let Ok(Some(role)) = permission_set_role::role_of(here) else { continue };
            self.want(Want::AttachedTo(id(), role.arn.clone()));
            self.want(Want::InlineNames(id(), role.arn.clone()));
            let names = inside.role_policies.get(&role.arn).and_then(|carried| carried.inline.known().ok());
            let names = names.into_iter().flatten();
            self.want_all(names.map(|name| Want::InlineOf(id(), role.arn.clone(), name.clone())));
        }
    }

    /// What the managed policies say that a session hangs on. `at_once`: only those whose version the list of the account's
    /// policies tells, so that nothing else has to be asked first.
    pub(super) fn documents(&mut self, account: &str, at_once: bool) {
        let listed = self.evidence.account.inside.policies.known().into_iter().flatten();
        let versions: BTreeMap<&str, &String> =
            listed.filter_map(|policy| Some((policy.arn.as_str(), policy.default_version.as_ref()?))).collect();
        for arn in self.wanted_documents() {
            let version = versions.get(arn.as_str()).map(|version| (*version).clone());
            if version.is_some() || !at_once {
                self.want(Want::ManagedPolicy(account.to_owned(), arn, version));
            }
        }
    }

    fn wanted_documents(&self) -> BTreeSet<String> {
        if self.evidence.account.inside.entry.known().is_err() {
            return BTreeSet::new();
        }
        let found = paths::find(self.evidence.asked());
        session_policies::wanted(self.evidence.in_account(), self.evidence.person(), &found)
    }

    /// Which accounts have the permission sets of the user's ways that the account lacks although it has their roles: the
    /// second witness, where something speaks against the first. AWS leaves an empty list out of its answer, so that "none"
    /// looks like half an answer.
    pub(super) fn doubted(&mut self) {
        let evidence = self.evidence;
        let found = paths::find(evidence.asked());
        let doubted = found.assigned().filter(|path| path.stands).filter(|path| {
            let here = SetInAccount::of(evidence.in_account(), path);
            let is_listed = here.provisioned().in_any_version();
            is_listed == Ok(false) && matches!(permission_set_role::role_of(here), Ok(Some(_)))
        });
        let doubted: BTreeSet<&str> = doubted.map(|path| path.permission_set.as_str()).collect();
        for set in doubted {
            self.want(Want::AccountsOf(set.to_owned(), Version::Latest));
            self.want(Want::AccountsOf(set.to_owned(), Version::Outdated));
        }
    }
}
