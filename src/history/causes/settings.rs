//! Settings of the instance: that it is there, how people sign in, and what is passed on of them.

use super::Of;
use crate::evidence::{Change, Thing, What};
use crate::history::Certainty::Likely;
use crate::history::Lane::Home;
use crate::history::search::Search;
use crate::history::{Dated, Story, sign_ins};

fn is_named(change: &Change, event: &str) -> bool {
    change.event.split_once(':').is_some_and(|(_, name)| name == event)
}

/// The instance is being deleted. The record that is kept does not say which: an account has one of its own at the most.
pub(super) fn instance(of: Of<'_>) -> Option<Search<'_>> {
    let instance = of.evidence.instance().ok()?;
    if instance.status.as_deref() != Some("DELETE_IN_PROGRESS") {
        return None;
    }
    let owner = instance.owner_account.as_deref();
    Some(Search::new([(Home, "DeleteInstance")], move |change| {
        let fits = is_named(change, "DeleteInstance") && owner.is_none_or(|owner| change.account == owner);
        fits.then_some(Likely)
    }))
}

/// How people sign in was changed; what became of that, `sign_ins` tells.
pub(super) fn sign_in(of: Of<'_>) -> Option<Search<'_>> {
    let names = [
        "AssociateDirectory",
        "DisassociateDirectory",
        "EnableExternalIdPConfigurationForDirectory",
        "DisableExternalIdPConfigurationForDirectory",
        "ImportExternalIdPCertificate",
        "DeleteExternalIdPCertificate",
        "PutMfaDeviceManagementForDirectory",
    ];
    let search = Search::new(names.map(|name| (Home, name)), |change| {
        let fits = change.what == What::IdentitySourceChanged || is_named(change, "PutMfaDeviceManagementForDirectory");
        fits.then_some(Likely)
    });
    Some(match sign_ins::before_the_first_failure(of.evidence) {
        Some(look) => search.aided_by(look),
        None => search,
    })
}

/// What is passed on was changed, or what the user has: which of both made it invalid, no record says. The settings are
/// changed seldom, and users day by day.
pub(super) fn date_session_tags(story: &Story<'_>, search: &Search<'_>, _: Of<'_>) -> Dated {
    let of_settings = search.newest_of(story, |change| change.what == What::AccessControlAttributesChanged);
    if of_settings.since.is_some() { of_settings } else { search.newest(story) }
}

/// What is looked for of these.
pub(super) fn session_tags(of: Of<'_>) -> Option<Search<'_>> {
    let user = of.evidence.user_id().ok().flatten()?;
    let names = [
        "UpdateInstanceAccessControlAttributeConfiguration",
        "CreateInstanceAccessControlAttributeConfiguration",
        "UpdateUser",
        "PatchUser",
        "PutUser",
    ];
    let search = Search::new(names.map(|name| (Home, name)), move |change| {
        let fits = match change.what {
            What::AccessControlAttributesChanged => {
                !is_named(change, "DeleteInstanceAccessControlAttributeConfiguration")
            }
            What::UserUpdated => change.names(Thing::User, user),
            // A user is put whole.
            What::UserActiveSet => change.names(Thing::User, user) && is_named(change, "PutUser"),
            _ => false,
        };
        fits.then_some(Likely)
    });
    Some(search.about_people())
}
