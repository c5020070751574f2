//! The policies of a permission set, and the account's own that it names.

use super::Of;
use crate::evidence::{Change, PolicyReference, Thing, What};
use crate::findings::Subject;
use crate::history::Certainty::{Confirmed, Likely};
use crate::history::Lane::{self, Home, TargetGlobal};
use crate::history::search::Search;
use crate::history::{Dated, Story, words};

/// Whatever gives a permission set a policy.
const GIVING: [(Lane, &str); 4] = [
    (Home, "AttachManagedPolicyToPermissionSet"),
    (Home, "AttachCustomerManagedPolicyReferenceToPermissionSet"),
    (Home, "PutInlinePolicyToPermissionSet"),
    (Home, "PutPermissionsBoundaryToPermissionSet"),
];
/// Whatever takes one away.
const TAKING: [(Lane, &str); 4] = [
    (Home, "DetachManagedPolicyFromPermissionSet"),
    (Home, "DetachCustomerManagedPolicyReferenceFromPermissionSet"),
    (Home, "DeleteInlinePolicyFromPermissionSet"),
    (Home, "DeletePermissionsBoundaryFromPermissionSet"),
];

/// The account does not have a policy that the permission set names: since the one was deleted, or the other named it.
pub(super) fn missing(of: Of<'_>) -> Option<Search<'_>> {
    let (evidence, finding, set) = (of.evidence, of.finding, of.set()?);
    let asks = asking(finding.rule);
    let mut names = vec![(Home, asks)];
    let own = finding.fault.about.iter().any(|about| matches!(about, Subject::Policy(_)));
    if own {
        names.extend([(TargetGlobal, "DeletePolicy"), (TargetGlobal, "CreatePolicy")]);
    }
    let account = evidence.account.id.clone().unwrap_or_default();
    let search = Search::new(names, move |change| {
        let policy = change.is(Thing::Policy)?;
        let fits = finding.fault.about.iter().any(|about| match (change.what, about) {
            (What::PolicyDeleted, Subject::Policy(reference)) => {
                change.account == account && PolicyReference::of_arn(policy).as_ref() == Some(reference)
            }
            (What::PermissionSetPolicyAdded, Subject::Policy(reference)) => {
                change.names(Thing::PermissionSet, &set) && is_by(change, asks) && is_named(change, reference)
            }
            (What::PermissionSetPolicyAdded, Subject::AwsManagedPolicy(arn)) => {
                change.names(Thing::PermissionSet, &set) && is_by(change, asks) && policy == arn
            }
            _ => false,
        });
        fits.then_some(Confirmed)
    });
    Some(search.undone_by(|change, later| match change.what {
        What::PolicyDeleted => later.what == What::PolicyCreated && later.is(Thing::Policy) == change.is(Thing::Policy),
        _ => {
            later.what == What::PermissionSetPolicyRemoved
                && later.is(Thing::PermissionSet) == change.is(Thing::PermissionSet)
                && later.is(Thing::Policy) == change.is(Thing::Policy)
        }
    }))
}

/// The event by which a permission set comes to name a policy.
fn asking(rule: &str) -> &'static str {
    match rule {
        "permissions-boundary-missing" => "PutPermissionsBoundaryToPermissionSet",
        "aws-managed-policy-missing" => "AttachManagedPolicyToPermissionSet",
        _ => "AttachCustomerManagedPolicyReferenceToPermissionSet",
    }
}

fn is_by(change: &Change, event: &str) -> bool {
    change.event.split_once(':').is_some_and(|(_, name)| name == event)
}

/// Whether a record names a customer managed policy, path included where it has one.
fn is_named(change: &Change, reference: &PolicyReference) -> bool {
    change.names(Thing::Policy, &reference.name) && change.is(Thing::PolicyPath).unwrap_or("/") == reference.path
}

/// The later of two made it so: that the policy was deleted, and that the permission set names it. The other is told too.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, _: Of<'_>) -> Dated {
    let mut dated = search.newest(story);
    let Some(since) = &dated.since else { return dated };
    let Some(event) = &since.event else { return dated };
    let Some(newest) = story.done.iter().find(|change| change.id == event.id) else { return dated };
    let other = search.fitting(story).filter(|(change, _)| change.what != newest.what);
    let Some((other, _)) = other.max_by_key(|(change, _)| change.at) else { return dated };
    dated.explains.push(other.id.clone());
    dated.notes.push(words::told_of(story.evidence, other));
    dated
}

/// What was given to the permission set, and taken from it.
pub(super) fn given(of: Of<'_>) -> Option<Search<'_>> {
    let set = of.set()?;
    let names = GIVING.into_iter().take(2).chain(TAKING.into_iter().take(2));
    Some(Search::new(names, move |change| {
        let fits = [What::PermissionSetPolicyAdded, What::PermissionSetPolicyRemoved].contains(&change.what)
            && change.names(Thing::PermissionSet, &set)
            && !change.event.contains("Boundary")
            && !change.event.contains("Inline");
        fits.then_some(Likely)
    }))
}

/// A policy of the permission set denies: the newest that it was given, or that was edited in the account.
pub(super) fn denials(of: Of<'_>) -> Option<Search<'_>> {
    let set = of.set()?;
    let evidence = of.evidence;
    let account = evidence.account.id.as_deref()?;
    let own: Vec<PolicyReference> = evidence
        .permission_sets
        .get(&set)
        .and_then(|facts| facts.customer_managed.known().ok())
        .cloned()
        .unwrap_or_default();
    let edited = [(TargetGlobal, "CreatePolicyVersion"), (TargetGlobal, "SetDefaultPolicyVersion")];
    let edited = if own.is_empty() { &[][..] } else { &edited[..] };
    let names: Vec<(Lane, &str)> = GIVING.iter().chain(edited).copied().collect();
    Some(Search::new(names, move |change| {
        let fits = match change.what {
            What::PermissionSetPolicyAdded => change.names(Thing::PermissionSet, &set),
            What::PolicyUpdated => {
                let policy = change.is(Thing::Policy).and_then(PolicyReference::of_arn);
                change.account == account && policy.is_some_and(|policy| own.contains(&policy))
            }
            _ => false,
        };
        fits.then_some(Likely)
    }))
}

/// The permission set was changed after it came into the account; when it came, `provisioned` tells.
pub(super) fn outdated(of: Of<'_>) -> Option<Search<'_>> {
    let set = of.set()?;
    let carried_out = ["UpdatePermissionSet", "ProvisionPermissionSet", "CreateAccountAssignment"];
    let names = carried_out.map(|name| (Home, name)).into_iter().chain(GIVING).chain(TAKING);
    Some(Search::new(names, move |change| {
        let changes = [What::PermissionSetUpdated, What::PermissionSetPolicyAdded, What::PermissionSetPolicyRemoved];
        (changes.contains(&change.what) && change.names(Thing::PermissionSet, &set)).then_some(Likely)
    }))
}

/// The permission set has no policy: since the last was taken, or since it was made without any.
pub(super) fn emptied(of: Of<'_>) -> Option<Search<'_>> {
    let set = of.set()?;
    let names = TAKING.into_iter().take(3).chain([(Home, "CreatePermissionSet")]);
    Some(Search::new(names, move |change| {
        let fits = match change.what {
            // A boundary grants nothing, so that none is missed.
            What::PermissionSetPolicyRemoved => !change.event.contains("Boundary"),
            What::PermissionSetCreated => true,
            _ => false,
        };
        (fits && change.names(Thing::PermissionSet, &set)).then_some(Confirmed)
    }))
}
