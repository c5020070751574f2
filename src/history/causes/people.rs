//! Users and groups: gone, disabled, or no longer in a group.

use std::collections::BTreeSet;

use super::Of;
use crate::evidence::{Evidence, LookupBy, PrincipalType, Thing, What};
use crate::history::Certainty::{Confirmed, Likely};
use crate::history::Lane::Home;
use crate::history::search::{Look, Search};
use crate::history::{self, user};
use crate::model::paths;
use crate::verdict::Judgement;

/// Which change it is, `membership` tells.
pub(super) fn members(_: Of<'_>) -> Option<Search<'_>> {
    let names = [(Home, "RemoveMemberFromGroup"), (Home, "DeleteGroupMembership"), (Home, "PatchGroup")];
    Some(Search::new(names, |_| None).about_people())
}

/// Which change it is, `user` tells.
pub(super) fn disabled(of: Of<'_>) -> Option<Search<'_>> {
    let names = [(Home, "DisableUser"), (Home, "EnableUser"), (Home, "PatchUser"), (Home, "PutUser")];
    let mut search = Search::new(names, |_| None).about_people();
    if let Some(window) = user::window(of.evidence) {
        search.looks = vec![window];
    }
    Some(search)
}

/// Users and groups that are assigned here, and gone.
pub(super) fn principals(of: Of<'_>) -> Option<Search<'_>> {
    let dead = paths::dead_assignments(of.evidence).ok()?;
    let dead: BTreeSet<_> = dead.principals();
    let is_of = |kind| dead.iter().any(|principal| principal.kind == kind);
    let mut names = Vec::new();
    if is_of(PrincipalType::Group) {
        names.push((Home, "DeleteGroup"));
    }
    if is_of(PrincipalType::User) {
        names.push((Home, "DeleteUser"));
    }
    let gone: BTreeSet<(PrincipalType, String)> =
        dead.iter().map(|principal| (principal.kind, principal.id.clone())).collect();
    let search = Search::new(names, move |change| {
        let (kind, thing) = match change.what {
            What::GroupDeleted => (PrincipalType::Group, Thing::Group),
            What::UserDeleted => (PrincipalType::User, Thing::User),
            _ => return None,
        };
        gone.contains(&(kind, change.is(thing)?.to_owned())).then_some(Confirmed)
    });
    Some(search.about_people())
}

/// A user that is gone: by the id that was asked for, or by the one that somebody of that name signed in with.
pub(super) fn user_gone(of: Of<'_>) -> Option<Search<'_>> {
    let evidence = of.evidence;
    let ids = ids_asked_for(evidence);
    if !ids.is_empty() {
        let search = Search::new([(Home, "DeleteUser")], move |change| {
            let fits =
                change.what == What::UserDeleted && change.is(Thing::User).is_some_and(|user| ids.contains(user));
            fits.then_some(Confirmed)
        });
        return Some(search.about_people().of_deleted("user"));
    }
    names_asked_for(evidence).next()?;
    // A name may have been somebody else's before: what hangs on it is never certain.
    let ids = known_by_that_name(evidence);
    let search = Search::new([(Home, "DeleteUser")], move |change| {
        let fits = change.what == What::UserDeleted && change.is(Thing::User).is_some_and(|user| ids.contains(user));
        fits.then_some(Likely)
    });
    Some(search.about_people().of_deleted("user").aided_by(Look::named(Home, "UserAuthentication")))
}

/// The ids that the question is about, where it names one.
fn ids_asked_for(evidence: &Evidence) -> BTreeSet<&str> {
    let lookups = evidence.user.lookups.iter().filter(|lookup| lookup.by == LookupBy::UserId);
    let found = evidence.user_id().ok().flatten();
    lookups.map(|lookup| lookup.value.as_str()).chain(found).collect()
}

fn names_asked_for(evidence: &Evidence) -> impl Iterator<Item = &str> {
    let lookups = evidence.user.lookups.iter().filter(|lookup| lookup.by == LookupBy::UserName);
    lookups.map(|lookup| lookup.value.as_str())
}

/// The ids with which somebody signed in under the name that was asked for, or was assigned here and is the only user who
/// is and is gone.
pub(in crate::history) fn known_by_that_name(evidence: &Evidence) -> BTreeSet<String> {
    let changes = evidence.history.changes().into_iter().filter(|change| !change.is_refused());
    let signed_in = changes.filter(|change| {
        matches!(change.what, What::SignedIn | What::RoleOpened)
            && change
                .is(Thing::UserName)
                .is_some_and(|typed| names_asked_for(evidence).any(|name| name.eq_ignore_ascii_case(typed)))
    });
    let mut ids: BTreeSet<String> = signed_in.filter_map(|change| change.is(Thing::User).map(str::to_owned)).collect();
    if ids.is_empty() {
        ids.extend(only_one_gone(evidence, PrincipalType::User));
    }
    ids
}

/// A group that has the name no longer: AWS logs the id alone. It is known where one group alone is assigned here and gone.
pub(super) fn group_gone(of: Of<'_>) -> Option<Search<'_>> {
    let gone = only_one_gone(of.evidence, PrincipalType::Group);
    let search = Search::new([(Home, "DeleteGroup")], move |change| {
        let fits =
            change.what == What::GroupDeleted && change.is(Thing::Group).is_some_and(|id| gone.as_deref() == Some(id));
        fits.then_some(Likely)
    });
    Some(search.about_people().of_deleted("group"))
}

/// Whether the assignments that are left of it would tell which of those that were deleted had the name.
pub fn told_by_assignments(evidence: &Evidence, judgement: &Judgement) -> Option<PrincipalType> {
    let is_deleted = |what| evidence.history.changes().iter().any(|change| change.what == what && !change.is_refused());
    match history::cause(judgement)?.rule {
        "user-not-found" if ids_asked_for(evidence).is_empty() && known_by_that_name(evidence).is_empty() => {
            is_deleted(What::UserDeleted).then_some(PrincipalType::User)
        }
        "group-not-found" => is_deleted(What::GroupDeleted).then_some(PrincipalType::Group),
        _ => None,
    }
}

/// The one user or group that is assigned to the account and known to be gone, as far as the assignments were read.
pub(in crate::history) fn only_one_gone(evidence: &Evidence, kind: PrincipalType) -> Option<String> {
    let rows = evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
    let gone = rows.map(|row| &row.principal).filter(|principal| {
        principal.kind == kind
            && match kind {
                PrincipalType::Group => matches!(evidence.group(&principal.id), Ok(None)),
                PrincipalType::User => matches!(evidence.other_user(&principal.id), Ok(None)),
            }
    });
    let gone: BTreeSet<&str> = gone.map(|principal| principal.id.as_str()).collect();
    match gone.iter().next() {
        Some(only) if gone.len() == 1 => Some((*only).to_owned()),
        Some(_) | None => None,
    }
}
