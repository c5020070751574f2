//! The organization: its policies, and the account's place in it.

use std::collections::BTreeSet;

use super::Of;
use crate::evidence::{Change, Evidence, PolicyKind, Thing, What};
use crate::findings::Subject;
use crate::history::Certainty::{Confirmed, Likely};
use crate::history::Lane::{self, Global, TargetGlobal};
use crate::history::search::Search;

/// Whatever makes a policy count for an account that it did not count for.
pub(super) const EFFECTIVE: [(Lane, &str); 4] =
    [(Global, "AttachPolicy"), (Global, "UpdatePolicy"), (Global, "MoveAccount"), (Global, "EnablePolicyType")];

/// A policy of the organization denies: since it was attached above the account, changed, or the account came under it.
pub(super) fn policies(of: Of<'_>) -> Option<Search<'_>> {
    let (evidence, finding) = (of.evidence, of.finding);
    let kind = match finding.rule {
        "resource-control-policy-denies" => PolicyKind::ResourceControl,
        _ => PolicyKind::ServiceControl,
    };
    let names = EFFECTIVE.into_iter().chain([(Global, "DetachPolicy")]);
    let policies: BTreeSet<&str> = finding
        .fault
        .about
        .iter()
        .filter_map(|about| match about {
            Subject::OrganizationPolicy { id, .. } => Some(id.as_str()),
            Subject::Policy(_) | Subject::AwsManagedPolicy(_) | Subject::Principal(_) => None,
        })
        .collect();
    let search = Search::new(names, move |change| {
        let is_it = change.is(Thing::Policy).is_some_and(|policy| policies.contains(policy));
        match change.what {
            What::OrganizationPolicyAttached if is_it => {
                change.is(Thing::Target).is_some_and(|target| is_above(evidence, target)).then_some(Confirmed)
            }
            What::OrganizationPolicyUpdated if is_it => Some(Likely),
            // That nothing is allowed is no one policy's doing: one that allowed was taken away, or rewritten.
            What::OrganizationPolicyDetached if policies.is_empty() => {
                change.is(Thing::Target).is_some_and(|target| is_above(evidence, target)).then_some(Likely)
            }
            What::OrganizationPolicyUpdated if policies.is_empty() => {
                is_attached(evidence, kind, change).then_some(Likely)
            }
            What::AccountMoved => came_under(evidence, &policies, change).then_some(Likely),
            What::PolicyTypeEnabled => change.names(Thing::PolicyType, kind.as_str()).then_some(Likely),
            _ => None,
        }
    });
    Some(search.undone_by(|change, later| {
        change.what == What::OrganizationPolicyAttached
            && later.what == What::OrganizationPolicyDetached
            && later.is(Thing::Policy) == change.is(Thing::Policy)
            && later.is(Thing::Target) == change.is(Thing::Target)
    }))
}

/// Whether a change may have brought a denial about that is not known by its policy: of resource control policies alone, for
/// no other keeps AWS STS from letting somebody in.
pub(super) fn may_deny(evidence: &Evidence, change: &Change) -> bool {
    let kind = PolicyKind::ResourceControl;
    let is_attached = || is_attached(evidence, kind, change);
    match change.what {
        What::OrganizationPolicyAttached => {
            is_attached() && change.is(Thing::Target).is_some_and(|target| is_above(evidence, target))
        }
        What::OrganizationPolicyUpdated => is_attached(),
        What::AccountMoved => came_under(evidence, &attached(evidence, kind), change),
        What::PolicyTypeEnabled => change.names(Thing::PolicyType, kind.as_str()),
        _ => false,
    }
}

/// The ids of the policies that count for the account and that AWS did not write.
fn attached(evidence: &Evidence, kind: PolicyKind) -> BTreeSet<&str> {
    let lists = evidence.policies.attached.values().filter_map(|target| match kind {
        PolicyKind::ResourceControl => target.resource_control.known().ok(),
        PolicyKind::ServiceControl => target.service_control.known().ok(),
    });
    lists.flatten().filter(|policy| !policy.aws_managed).map(|policy| policy.id.as_str()).collect()
}

fn is_attached(evidence: &Evidence, kind: PolicyKind, change: &Change) -> bool {
    change.is(Thing::Policy).is_some_and(|policy| attached(evidence, kind).contains(policy))
}

/// The account and everything above it, from the root down, as far as that is known.
fn above(evidence: &Evidence) -> Vec<&str> {
    let account = evidence.account.id.as_deref().unwrap_or_default();
    let described = evidence.account.described.known().ok().and_then(Option::as_ref);
    let path = described.and_then(|account| account.path.as_deref()).unwrap_or_default();
    path.split('/')
        .filter(|part| !part.is_empty() && !part.starts_with("o-") && *part != account)
        .chain([account])
        .collect()
}

fn is_above(evidence: &Evidence, target: &str) -> bool {
    above(evidence).contains(&target)
        || evidence.policies.parents.contains_key(target)
        || evidence.policies.attached.contains_key(target)
}

/// Whether the account came under one of these policies when it was moved: where all of them stand above the place that it
/// came from as well, it was under them before.
fn came_under(evidence: &Evidence, policies: &BTreeSet<&str>, change: &Change) -> bool {
    let account = evidence.account.id.as_deref();
    if change.is(Thing::Account) != account || account.is_none() {
        return false;
    }
    let above = above(evidence);
    let place = |id: Option<&str>| above.iter().position(|part| Some(*part) == id);
    let holds = |target: &&str| {
        let Some(here) = evidence.policies.attached.get(*target) else { return false };
        let lists = [&here.service_control, &here.resource_control];
        lists.into_iter().filter_map(|list| list.known().ok()).flatten().any(|policy| policies.contains(&*policy.id))
    };
    // What is attached to the account itself goes with it.
    let units = above.len().saturating_sub(1);
    let mut held = above.iter().take(units).enumerate().filter(|(_, target)| holds(target)).map(|(place, _)| place);
    // What is above everything, and what is above the place that it came from, was above the account before.
    let from = place(change.is(Thing::From)).unwrap_or_default();
    // Where the account stands may not be known.
    units == 0 || held.any(|place| place > from)
}

pub(super) fn closed(of: Of<'_>) -> Option<Search<'_>> {
    account(of.evidence, &[(Global, "CloseAccount"), (Global, "CloseAccountResult")], What::AccountClosed)
}

pub(super) fn removed(of: Of<'_>) -> Option<Search<'_>> {
    let names = [(Global, "RemoveAccountFromOrganization"), (TargetGlobal, "LeaveOrganization")];
    account(of.evidence, &names, What::AccountRemoved)
}

fn account<'e>(evidence: &'e Evidence, names: &[(Lane, &'static str)], what: What) -> Option<Search<'e>> {
    let account = evidence.account.id.as_deref()?;
    Some(Search::new(names.iter().copied(), move |change| {
        (change.what == what && change.names(Thing::Account, account)).then_some(Confirmed)
    }))
}
