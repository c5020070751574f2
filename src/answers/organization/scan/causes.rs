//! What has the same cause, and is told once.

use std::collections::{BTreeMap, BTreeSet};

use super::ScanFinding;
use crate::answers::organization::pieces::{Piece, Pieces, Words};
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{Assignment, Principal, Snapshot};
use crate::findings::{Effect, Gate, Subject};
use crate::model::organization::Way;
use crate::rules::{Check, rule};
use crate::verdict::Finding;

/// What has the same cause: the rule, what it does, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::answers::organization) struct Cause<'s> {
    effect: Effect,
    pub(super) rule: &'static str,
    about: Vec<Subject>,
    set: Option<&'s str>,
    account: Option<&'s str>,
    pub(super) principal: Option<&'s Principal>,
}

/// A way, and what is wrong with it.
pub(in crate::answers::organization) struct Broken<'s> {
    pub(in crate::answers::organization) way: Way<'s>,
    pub(in crate::answers::organization) cause: Finding,
    pub(in crate::answers::organization) follows: Vec<&'static str>,
}

/// Leaves out what is wrong with a permission set in an account where for each to whom it is assigned that follows from
/// what is wrong with their own assignment.
pub(super) fn leave_out_what_follows(snapshot: &Snapshot, broken: &mut BTreeMap<Cause<'_>, Vec<Broken<'_>>>) {
    let mut own: BTreeSet<(&str, &str, &Principal, &'static str)> = BTreeSet::new();
    for (cause, ways) in &*broken {
        let Some(principal) = cause.principal else { continue };
        for Broken { way, follows, .. } in ways {
            own.extend(follows.iter().map(|rule| (way.account, way.set, principal, *rule)));
        }
    }
    for (cause, ways) in broken.iter_mut().filter(|(cause, _)| cause.principal.is_none()) {
        ways.retain(|Broken { way, .. }| {
            let rows = snapshot.accounts.get(way.account).and_then(|account| account.assignments.get(way.set));
            let rows = rows.and_then(|rows| rows.known().ok()).map(Vec::as_slice).unwrap_or_default();
            let follows = |row: &Assignment| own.contains(&(way.account, way.set, &row.principal, cause.rule));
            rows.is_empty() || !rows.iter().all(follows)
        });
    }
    broken.retain(|_, ways| !ways.is_empty());
}

impl<'s> Cause<'s> {
    pub(in crate::answers::organization) fn of(way: Way<'s>, cause: &Finding) -> Self {
        let check = rule(cause.rule).map(|rule| &rule.check);
        let of_account = matches!(check, Some(Check::Account(_) | Check::Instance(_) | Check::PermissionSets(_)))
            || cause.rule == "saml-provider-missing";
        let of_instance = matches!(check, Some(Check::Instance(_) | Check::PermissionSets(_)));
        let of_organization = cause.fault.about.iter().any(|one| matches!(one, Subject::OrganizationPolicy { .. }));
        let of_one = matches!(check, Some(Check::Assignment(_)));
        Self {
            effect: cause.fault.effect,
            rule: cause.rule,
            about: cause.fault.about.clone(),
            set: (!of_account && !of_organization).then_some(way.set),
            account: (of_account && !of_instance).then_some(way.account),
            principal: way.principal.filter(|_| of_one),
        }
    }

    /// That of a role to which somebody is entitled.
    pub(in crate::answers::organization) fn of_entitlement(account: &'s str, fault: &Finding) -> Self {
        let check = rule(fault.rule).map(|rule| &rule.check);
        let of_account = matches!(check, Some(Check::Account(_)));
        let (effect, about) = (fault.fault.effect, fault.fault.about.clone());
        let account = of_account.then_some(account);
        Self { effect, rule: fault.rule, about, set: None, account, principal: None }
    }

    /// The same where nothing but entitlements shows it.
    pub(in crate::answers::organization) fn told_of_entitlements(&self, gate: Gate, list: Vec<Piece>) -> ScanFinding {
        let pieces = Pieces { list, words: Words::Ways, of_plan: None };
        let mut finding =
            ScanFinding { about: self.about.clone(), ..ScanFinding::of(self.rule, gate, self.effect, pieces) };
        finding.put_together();
        finding
    }

    /// The cause with everything that it does; its people are not counted yet.
    pub(in crate::answers::organization) fn told(
        &self,
        snapshot: &Snapshot,
        broken: Vec<Broken<'_>>,
        words: Words,
    ) -> ScanFinding {
        let gate = broken[0].cause.gate;
        let piece = |Broken { way, cause, follows }: Broken<'_>| Piece {
            set: Some(SetShown::of(snapshot, way.set)),
            principal: way.principal.cloned(),
            message: cause.fault.message,
            confidence: cause.fault.confidence,
            follows,
            fixes: cause.fault.fixes,
            evidence: cause.fault.proof,
            ..Piece::of(Some(AccountShown::of(snapshot, way.account)))
        };
        let pieces = Pieces { list: broken.into_iter().map(piece).collect(), words, of_plan: None };
        let mut finding = ScanFinding {
            about: self.about.clone(),
            permission_set: self.set.map(|arn| SetShown::of(snapshot, arn)),
            principal: self.principal.map(|principal| Via::of(snapshot, principal)),
            ..ScanFinding::of(self.rule, gate, self.effect, pieces)
        };
        finding.put_together();
        finding
    }
}
