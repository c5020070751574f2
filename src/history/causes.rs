//! How each cause comes about: what to look for, by the rule that found it, or why there is nothing to look for. A change is
//! the one by the ids of what it is about, never by names that may have been given anew.

#![expect(clippy::unnecessary_wraps, reason = "one form for whatever stands in the table")]

mod assignments;
mod organization;
mod people;
mod policies;
mod settings;
mod target;

pub(super) use assignments::is_same_assignment;
pub use people::told_by_assignments;

use super::search::{Look, Search};
use super::{Dated, Story, federation, membership, provisioned, quota, requests, roles, sign_ins, unnamed, user};
use crate::evidence::Evidence;
use crate::verdict::{Finding, Judgement};

/// A cause, and what is known about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'e> {
    pub(super) evidence: &'e Evidence,
    pub(super) finding: &'e Finding,
    pub(super) judgement: &'e Judgement,
}

impl Of<'_> {
    /// The permission set of the way on which the cause was found.
    pub(super) fn set(self) -> Option<String> {
        let (way, _) = self.judgement.paths.get(self.finding.path?)?;
        way.assigned().map(|path| path.permission_set.clone())
    }
}

/// How a cause comes about through changes that are logged.
#[derive(Debug)]
pub(super) struct Cause {
    /// The rule that finds it.
    pub(super) rule: &'static str,
    /// What to look for; nothing where too little is known.
    pub(super) search: for<'e> fn(Of<'e>) -> Option<Search<'e>>,
    /// Since when it is there, from what was found.
    pub(super) date: fn(&Story<'_>, &Search<'_>, Of<'_>) -> Dated,
    /// What else to look up, after that.
    pub(super) further: fn(&Story<'_>, Of<'_>) -> Vec<Look>,
}

impl Cause {
    /// Dated by the newest change that fits.
    const fn of(rule: &'static str, search: for<'e> fn(Of<'e>) -> Option<Search<'e>>) -> Self {
        Self { rule, search, date: |story, search, _| search.newest(story), further: |_, _| Vec::new() }
    }

    const fn dated_by(self, date: fn(&Story<'_>, &Search<'_>, Of<'_>) -> Dated) -> Self {
        Self { date, ..self }
    }

    const fn then(self, further: fn(&Story<'_>, Of<'_>) -> Vec<Look>) -> Self {
        Self { further, ..self }
    }
}

/// How the cause came about, where changes tell.
pub(super) fn cause_of(rule: &str) -> Option<&'static Cause> {
    CAUSES.iter().find(|cause| cause.rule == rule)
}

/// Every cause that changes bring about.
static CAUSES: &[Cause] = &[
    Cause::of("instance-not-active", settings::instance),
    Cause::of("account-not-in-organization", organization::removed),
    Cause::of("account-not-active", organization::closed),
    Cause::of("user-not-found", people::user_gone).dated_by(unnamed::users),
    Cause::of("user-disabled", people::disabled)
        .dated_by(|story, _, _| user::date(story))
        .then(|story, _| user::further(story)),
    Cause::of("sign-in-failed", settings::sign_in).dated_by(sign_ins::date),
    Cause::of("group-not-found", people::group_gone).dated_by(unnamed::groups),
    Cause::of("not-in-assigned-group", people::members)
        .dated_by(|story, _, of| membership::date(story, of.finding))
        .then(|story, of| membership::further(story, of.finding)),
    Cause::of("permission-set-not-found", assignments::set_gone).dated_by(unnamed::permission_sets),
    Cause::of("assignment-orphaned-principal", people::principals),
    Cause::of("assignment-missing", assignments::deleted),
    Cause::of("assignment-deleting", assignments::deleting).dated_by(requests::date),
    Cause::of("customer-managed-policy-missing", policies::missing).dated_by(policies::date),
    Cause::of("permissions-boundary-missing", policies::missing).dated_by(policies::date),
    Cause::of("aws-managed-policy-missing", policies::missing).dated_by(policies::date),
    Cause::of("policies-per-role-quota", policies::given).dated_by(quota::date),
    Cause::of("assignment-creating", assignments::creating).dated_by(requests::date),
    Cause::of("assignment-creation-failed", assignments::creating).dated_by(requests::date),
    Cause::of("provisioning-in-progress", assignments::provisioning).dated_by(requests::date),
    Cause::of("provisioning-failed", assignments::provisioning).dated_by(requests::date),
    Cause::of("permission-set-not-provisioned", assignments::unprovisioned),
    Cause::of("permission-set-outdated", policies::outdated).dated_by(provisioned::date),
    Cause::of("permission-set-empty", policies::emptied),
    Cause::of("role-missing", target::role_gone).dated_by(roles::date),
    Cause::of("role-trust-altered", target::trust),
    Cause::of("entitlement-role-trust-missing", target::trust),
    Cause::of("saml-provider-missing", target::provider),
    Cause::of("role-policies-differ", target::role_policies),
    Cause::of("resource-control-policy-denies", organization::policies),
    Cause::of("service-control-policy-denies-session", organization::policies),
    Cause::of("session-tags-invalid", settings::session_tags).dated_by(settings::date_session_tags),
    Cause::of("user-denied-by-policy", policies::denials),
    Cause::of("permission-set-denies-session", policies::denials),
    Cause::of("assume-role-failed", target::refused).dated_by(federation::date),
];

/// The rules whose causes no change tells of, and why.
#[cfg(test)]
const UNTOLD: [(&str, &str); 2] = [
    ("permission-sets-disabled", "an instance is made without them, and no call takes them away"),
    (
        "entitlement-application-not-active",
        "how account access manager logs what is done to its application is documented nowhere and was seen nowhere",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules::RULES;

    /// A new rule has to decide: through which changes its cause comes about, or why none tells.
    #[test]
    fn every_rule_tells_how_its_cause_comes_about_or_why_nothing_does() {
        let told: Vec<&str> = CAUSES.iter().map(|cause| cause.rule).chain(UNTOLD.map(|(rule, _)| rule)).collect();
        let once: BTreeSet<&str> = told.iter().copied().collect();
        assert_eq!(once.len(), told.len(), "a rule is told twice");
        let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(once, rules);
        assert!(UNTOLD.iter().all(|(_, why)| why.len() > 20));
        let documented = include_str!("../../docs/history.md");
        for (rule, _) in UNTOLD {
            assert!(documented.contains(&format!("`{rule}`")), "docs/history.md does not say why {rule} has no date");
        }
    }

    #[test]
    fn they_stand_in_the_order_of_the_rules() {
        let place = |id: &str| RULES.iter().position(|rule| rule.id == id);
        assert!(CAUSES.is_sorted_by_key(|cause| place(cause.rule)), "not in causal order");
    }
}
