//! The rules: independent pure functions, each about one fault. Their causal order is data (the order of [`RULES`],
//! which follows [`Gate`]); what follows from several outcomes together is for `verdict` to say, never for a rule.

use crate::evidence::Evidence;
use crate::findings::{Candidate, Citation, Fault, Fix, Gate, Judged, Outcome};
use crate::model::inside_target;
use crate::model::paths::{Entitled, Path, Way};

mod account_not_active;
mod account_not_in_organization;
mod assignment_creating;
mod assignment_creation_failed;
mod assignment_deleting;
mod assignment_missing;
mod assignment_orphaned_principal;
mod assume_role_failed;
mod aws_managed_policy_missing;
mod customer_managed_policy_missing;
mod entitlement_application_not_active;
mod entitlement_role_trust_missing;
mod group_not_found;
mod instance_not_active;
mod not_in_assigned_group;
mod permission_set_denies_session;
mod permission_set_empty;
mod permission_set_not_found;
mod permission_set_not_provisioned;
mod permission_set_outdated;
mod permission_sets_disabled;
mod permissions_boundary_missing;
mod policies_per_role_quota;
mod provisioning_failed;
mod provisioning_in_progress;
mod resource_control_policy_denies;
mod role_missing;
mod role_policies_differ;
mod role_trust_altered;
mod saml_provider_missing;
mod service_control_policy_denies_session;
mod session_tags_invalid;
mod sign_in_failed;
mod user_denied_by_policy;
mod user_disabled;
mod user_not_found;

/// Every rule, in causal order: an earlier fault is the cause of a later one.
pub static RULES: &[&Rule] = &[
    &instance_not_active::RULE,
    &permission_sets_disabled::RULE,
    &account_not_in_organization::RULE,
    &account_not_active::RULE,
    &user_not_found::RULE,
    &user_disabled::RULE,
    &sign_in_failed::RULE,
    &group_not_found::RULE,
    &not_in_assigned_group::RULE,
    &permission_set_not_found::RULE,
    &assignment_orphaned_principal::RULE,
    &assignment_missing::RULE,
    &assignment_deleting::RULE,
    &entitlement_application_not_active::RULE,
    &customer_managed_policy_missing::RULE,
    &permissions_boundary_missing::RULE,
    &aws_managed_policy_missing::RULE,
    &policies_per_role_quota::RULE,
    &assignment_creating::RULE,
    &assignment_creation_failed::RULE,
    &provisioning_in_progress::RULE,
    &provisioning_failed::RULE,
    &permission_set_not_provisioned::RULE,
    &permission_set_outdated::RULE,
    &permission_set_empty::RULE,
    &role_missing::RULE,
    &role_trust_altered::RULE,
    &entitlement_role_trust_missing::RULE,
    &saml_provider_missing::RULE,
    &role_policies_differ::RULE,
    &resource_control_policy_denies::RULE,
    &service_control_policy_denies_session::RULE,
    &session_tags_invalid::RULE,
    &user_denied_by_policy::RULE,
    &permission_set_denies_session::RULE,
    &assume_role_failed::RULE,
];

/// One thing that can be wrong.
#[derive(Debug)]
pub struct Rule {
    /// The fault's name, kebab-case, never reused for another.
    pub id: &'static str,
    /// Where on the way it stands.
    pub gate: Gate,
    /// The worst that the fault can do: what a rule that could not tell may be hiding.
    pub worst: Worst,
    /// What is so where the rule is clear, in a few words; empty where that says nothing to a reader.
    pub clear: &'static str,
    /// The fault in one line.
    pub summary: &'static str,
    /// What it means, how we know, how to fix: Markdown, and the project's documentation of the rule.
    pub explain: &'static str,
    /// How it is decided.
    pub check: Check,
}

/// The worst that a fault can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worst {
    /// Keep the user out.
    Blocks,
    /// Keep them out while the account has no role for the permission set; leave a role that is there as it was.
    BlocksWithoutRole,
    /// Let them in to something old, less, or nothing.
    Degrades,
}

/// What a rule looks at.
#[derive(Debug)]
pub enum Check {
    /// What every path shares.
    Shared(fn(&Evidence) -> Judged),
    /// What every path shares, where no other kind of way goes past it; and each path through a permission set.
    SharedAndPerPath(fn(&Evidence) -> Judged, fn(&Evidence, &Path) -> Judged),
    /// One path through a permission set.
    PerPath(fn(&Evidence, &Path) -> Judged),
    /// One entitlement.
    PerEntitlement(fn(&Evidence, &Entitled) -> Judged),
    /// One way of either kind: the same fault, found in two places.
    PerWay(fn(&Evidence, &Path) -> Judged, fn(&Evidence, &Entitled) -> Judged),
}

impl Rule {
    /// What the rule says of what all paths share; `None` for a rule about single paths.
    pub fn judge_shared(&self, evidence: &Evidence) -> Option<Judged> {
        match self.check {
            Check::Shared(check) | Check::SharedAndPerPath(check, _) => Some(check(evidence)),
            Check::PerPath(_) | Check::PerEntitlement(_) | Check::PerWay(..) => None,
        }
    }

    /// What the rule says of a way; `None` for a rule about what all share. A rule about the other kind of way does not
    /// apply.
    pub fn judge_way(&self, evidence: &Evidence, way: &Way) -> Option<Judged> {
        match (&self.check, way) {
            (Check::Shared(_), _) | (Check::SharedAndPerPath(..), Way::Entitled(_)) => None,
            // What is said of all need not be said again.
            (Check::SharedAndPerPath(_, check), Way::Assigned(path)) => {
                Some(check(evidence, path)).filter(|judged| *judged != Ok(Outcome::NotApplicable))
            }
            (Check::PerPath(check) | Check::PerWay(check, _), Way::Assigned(path)) => Some(check(evidence, path)),
            (Check::PerEntitlement(check) | Check::PerWay(_, check), Way::Entitled(entitled)) => {
                Some(check(evidence, entitled))
            }
            (Check::PerPath(_), Way::Entitled(_)) | (Check::PerEntitlement(_), Way::Assigned(_)) => {
                Some(Ok(Outcome::NotApplicable))
            }
        }
    }
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
