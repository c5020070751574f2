//! Permission sets and assignments: deleted, asked for, or never carried out.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::Of;
use crate::evidence::{Change, Evidence, Principal, Thing, What};
use crate::history::Certainty::{Confirmed, Likely};
use crate::history::Lane::{self, Home};
use crate::history::search::{Look, Search};
use crate::model::paths;

/// How far back the event is looked for that tells what an id alone stands for.
const OLDEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Which change it is, `requests` tells.
fn requested<'e>(names: &[(Lane, &'static str)]) -> Search<'e> {
    Search::new(names.iter().copied(), |_| None)
}

pub(super) fn creating(_: Of<'_>) -> Option<Search<'_>> {
    Some(requested(&[(Home, "CreateAccountAssignment"), (Home, "DeleteAccountAssignment")]))
}

pub(super) fn deleting(_: Of<'_>) -> Option<Search<'_>> {
    Some(requested(&[(Home, "DeleteAccountAssignment")]))
}

pub(super) fn provisioning(_: Of<'_>) -> Option<Search<'_>> {
    Some(requested(&[(Home, "ProvisionPermissionSet")]))
}

/// An assignment, or an entitlement, that let the user in and is gone.
pub(super) fn deleted(of: Of<'_>) -> Option<Search<'_>> {
    let evidence = of.evidence;
    let account = evidence.account.id.as_deref()?;
    let user = evidence.user_id().ok().flatten()?;
    let asked = paths::asked_permission_sets(evidence.asked()).ok().flatten();
    let asked: Option<BTreeSet<&str>> = asked.map(|sets| sets.into_iter().collect());
    let group = paths::asked_group(evidence.asked()).ok().and_then(paths::AskedGroup::id);
    let own: BTreeSet<&str> = if let Some(group) = group {
        BTreeSet::from([group])
    } else {
        let groups = evidence.user.memberships.known().ok()?.iter().map(|row| row.group_id.as_str());
        groups.chain([user]).collect()
    };
    let mut names = vec![(Home, "DeleteAccountAssignment"), (Home, "CreateAccountAssignment")];
    let entitles = asked.is_none() && has_entitlements(evidence);
    if entitles {
        names.push((Home, "DeleteEntitlement"));
    }
    let ties = entitled(evidence, account);
    let search = Search::new(names, move |change| {
        let is_own = |id: Option<&str>| id.is_some_and(|id| own.contains(id));
        let fits = match change.what {
            What::AssignmentDeleted => {
                change.names(Thing::Account, account)
                    && is_own(change.is(Thing::Principal))
                    && change
                        .is(Thing::PermissionSet)
                        .is_some_and(|set| asked.as_ref().is_none_or(|sets| sets.contains(set)))
            }
            What::EntitlementDeleted if entitles => {
                let id = change.is(Thing::Entitlement);
                ties.iter().any(|(entitlement, principal)| Some(entitlement.as_str()) == id && is_own(Some(principal)))
            }
            _ => false,
        };
        fits.then_some(Confirmed)
    });
    let search = if entitles {
        search.aided_by(Look { from: Some(evidence.collected_at - OLDEST), ..Look::named(Home, "CreateEntitlement") })
    } else {
        search
    };
    Some(search.undone_by(|change, later| later.what == What::AssignmentCreated && is_same_assignment(change, later)))
}

/// Whether account access manager is there, so that an entitlement may have let the user in.
fn has_entitlements(evidence: &Evidence) -> bool {
    use crate::evidence::Applications;

    match evidence.entitlements.applications.known() {
        Ok(Applications::Listed(applications)) => !applications.is_empty(),
        Ok(_) | Err(_) => false,
    }
}

/// The entitlements to roles of the account whose making was read, each with whom it was for: their deletion names the id
/// alone.
fn entitled(evidence: &Evidence, account: &str) -> Vec<(String, String)> {
    let made = evidence.history.changes().into_iter().filter(|change| {
        change.what == What::EntitlementCreated
            && !change.is_refused()
            && change.is(Thing::Role).is_some_and(|arn| arn.split(':').nth(4) == Some(account))
    });
    made.filter_map(|change| Some((change.is(Thing::Entitlement)?.to_owned(), change.is(Thing::Principal)?.to_owned())))
        .collect()
}

/// Whether two records are about one assignment.
pub(in crate::history) fn is_same_assignment(one: &Change, other: &Change) -> bool {
    let things = [Thing::Account, Thing::PermissionSet, Thing::Principal];
    things.into_iter().all(|thing| one.is(thing).is_some() && one.is(thing) == other.is(thing))
}

/// A permission set that is gone: by its ARN, or by the name that it was made with, which it keeps.
pub(super) fn set_gone(of: Of<'_>) -> Option<Search<'_>> {
    let evidence = of.evidence;
    let gone = of.set();
    let asked = gone.or_else(|| evidence.question.permission_set.clone())?;
    let named: BTreeSet<String> = evidence
        .history
        .changes()
        .into_iter()
        .filter(|change| {
            change.what == What::PermissionSetCreated
                && !change.is_refused()
                && change.names(Thing::PermissionSetName, &asked)
        })
        .filter_map(|change| change.is(Thing::PermissionSet).map(str::to_owned))
        .collect();
    let is_arn = asked.starts_with("arn:");
    let search = Search::new([(Home, "DeletePermissionSet")], move |change| {
        let set = change.is(Thing::PermissionSet).filter(|_| change.what == What::PermissionSetDeleted)?;
        (set == asked || named.contains(set)).then_some(Confirmed)
    });
    let search = search.of_deleted("permission set");
    if is_arn {
        return Some(search);
    }
    let from = Some(evidence.collected_at - OLDEST);
    Some(search.aided_by(Look { from, ..Look::named(Home, "CreatePermissionSet") }))
}

/// Assigned, and never carried out: since somebody asked for it.
pub(super) fn unprovisioned(of: Of<'_>) -> Option<Search<'_>> {
    let evidence = of.evidence;
    let account = evidence.account.id.as_deref()?;
    let (way, _) = of.judgement.paths.get(of.finding.path?)?;
    let path = way.assigned()?;
    let (set, Principal { id, .. }) = (path.permission_set.as_str(), &path.via);
    Some(Search::new([(Home, "CreateAccountAssignment")], move |change| {
        let fits = change.what == What::AssignmentCreated
            && change.names(Thing::Account, account)
            && change.names(Thing::PermissionSet, set)
            && change.names(Thing::Principal, id);
        fits.then_some(Likely)
    }))
}
