//! Whether the AWS CLI is signed in for the profiles, and what the access portal makes of that.

use super::portal_url::may_be_same;
use super::profile::Profile;
use super::session::token;
use super::{Kind, LocalFault, Look, login, logout};
use crate::evidence::{Content, Reason, Token};

/// What is wrong with the sign-ins, each told once however many profiles share it.
pub(super) fn faults(look: &Look<'_>, profiles: &[Profile<'_>]) -> Vec<LocalFault> {
    let mut told: Vec<&str> = Vec::new();
    let mut faults = Vec::new();
    for profile in profiles {
        let Some(sign_in) = profile.sign_in else { continue };
        if told.contains(&sign_in.file.path.as_str()) {
            continue;
        }
        told.push(&sign_in.file.path);
        let of = sign_in.of.as_deref().unwrap_or_default();
        let fault = match &sign_in.file.content {
            Content::Absent => {
                Some(LocalFault::new(Kind::SignInMissing, format!("The AWS CLI is not signed in for {of}.")))
            }
            Content::Read(token) if is_over(look, token) && !is_renewable(look, profile, token) => Some(
                LocalFault::new(Kind::SignInExpired, format!("The sign-in for {of} ran out at {}.", token.expires)),
            ),
            Content::Read(_) => refused(profile, of).or_else(|| listed_to_another(look, profile, of)),
            Content::Unreadable { .. } => None,
        };
        faults.extend(fault.map(|fault| {
            let fault = fault.of(profile.name());
            if fault.fault.fixes.is_empty() { fault.mended_by([login(profile.name())]) } else { fault }
        }));
    }
    faults
}

/// Whether a sign-in had run out when it was read.
pub(super) fn is_over(look: &Look<'_>, token: &Token) -> bool {
    token.expires <= look.evidence.collected_at
}

/// Whether the AWS CLI renews a sign-in by itself: it does for sessions, not for the older form.
pub(super) fn is_renewable(look: &Look<'_>, profile: &Profile<'_>, token: &Token) -> bool {
    profile.session.is_some() && token.renewable_until.is_some_and(|until| until > look.evidence.collected_at)
}

fn refused(profile: &Profile<'_>, of: &str) -> Option<LocalFault> {
    let answer = profile.answer?;
    let refusal = answer.permission_sets.known().err().filter(|missing| missing.reason == Reason::Denied)?;
    let message = format!(
        "The access portal in {} does not take the sign-in for {of} ({}): it was ended elsewhere, or the start URL or the \
         Region belong to another Identity Center.",
        answer.region, refusal.message
    );
    Some(LocalFault::new(Kind::SignInRefused, message))
}

/// The portal says to this sign-in that there is nothing, and lists the account to another one that may be at the same
/// portal.
fn listed_to_another(look: &Look<'_>, profile: &Profile<'_>, of: &str) -> Option<LocalFault> {
    profile.listed().filter(|sets| sets.is_empty() && !profile.is_base())?;
    let url = profile.of_session("sso_start_url")?.value.as_str();
    let other = look.machine.sign_ins.iter().find(|one| {
        let at = token(one).and_then(|token| token.start_url.as_deref());
        let lists = look.answers().any(|(answer, sets)| answer.sign_in == one.file.path && !sets.is_empty());
        lists && at.is_some_and(|at| may_be_same(at, url))
    })?;
    let other = other.of.as_deref().or_else(|| token(other)?.start_url.as_deref()).unwrap_or_default();
    let message = format!(
        "The access portal lists nothing in {} to the sign-in for {of}, and lists it to the one for {other}: that one is newer, \
         or another person's. Sign out of the access portal in the browser, then of the AWS CLI, and sign in again.",
        look.account_label()
    );
    Some(LocalFault::new(Kind::PortalListsNothing, message).mended_by([logout(), login(profile.name())]))
}

/// Identity Center lets the person in, and the portal says to this sign-in that there is nothing.
pub(super) fn nothing_listed(look: &Look<'_>, profiles: &[Profile<'_>]) -> Option<LocalFault> {
    let listed = look.listed()?;
    if !listed.is_empty() {
        return None;
    }
    let profile = profiles.iter().find(|profile| profile.listed().is_some());
    let at = profile.and_then(|profile| token(profile.sign_in?)?.start_url.clone());
    let at = at.map(|url| format!(" at {url}")).unwrap_or_default();
    let message = format!(
        "The access portal lists nothing of what was asked in {} to the sign-in{at}, although Identity Center assigns it: \
         it is another person's sign-in or another Identity Center's, or older than the assignment. Sign out of the access \
         portal in the browser, then of the AWS CLI, and sign in again.",
        look.account_label()
    );
    let fault = LocalFault::new(Kind::PortalListsNothing, message);
    Some(match profile.map(Profile::name) {
        Some(profile) => fault.of(profile).mended_by([logout(), login(profile)]),
        None => fault,
    })
}
