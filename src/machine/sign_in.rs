//! Whether the AWS CLI is signed in for the profiles, and what the access portal makes of that.

use super::portal_url::may_be_same;
use super::profile::Profile;
use super::session::token;
use super::{Check, Found, Look, Rule, is_absent, login, logout};
use crate::evidence::{Reason, SignIn, Token};

rule!(MISSING: "the AWS CLI is not signed in", Check::SignIn(missing));
rule!(EXPIRED: "the sign-in has run out", Check::SignIn(expired));
rule!(REFUSED: "the access portal does not take the sign-in", Check::SignIn(refused));
rule!(
    PORTAL_LISTS_NOTHING: "the access portal lists nothing where Identity Center assigns something",
    Check::SignIn(listed_to_another),
    Check::Portal(nothing_listed)
);

fn missing(_: &Look<'_>, _: &Profile<'_>, sign_in: &SignIn) -> Option<Found> {
    let is_missing = is_absent(&sign_in.file.content);
    is_missing.then(|| Found::new(format!("The AWS CLI is not signed in for {}.", session_of(sign_in))))
}

fn expired(look: &Look<'_>, profile: &Profile<'_>, sign_in: &SignIn) -> Option<Found> {
    let token = token(sign_in).filter(|token| !may_be_used(look, profile, token))?;
    Some(Found::new(format!("The sign-in for {} ran out at {}.", session_of(sign_in), token.expires)))
}

/// What a sign-in is for, as its profile names it.
fn session_of(sign_in: &SignIn) -> &str {
    sign_in.of.as_deref().unwrap_or_default()
}

/// Whether a sign-in holds, or the AWS CLI renews it.
fn may_be_used(look: &Look<'_>, profile: &Profile<'_>, token: &Token) -> bool {
    !is_over(look, token) || is_renewable(look, profile, token)
}

/// Whether a sign-in had run out when it was read.
pub(super) fn is_over(look: &Look<'_>, token: &Token) -> bool {
    token.expires <= look.evidence.collected_at
}

/// Whether the AWS CLI renews a sign-in by itself: it does for sessions, not for the older form.
pub(super) fn is_renewable(look: &Look<'_>, profile: &Profile<'_>, token: &Token) -> bool {
    profile.session.is_some() && token.renewable_until.is_some_and(|until| until > look.evidence.collected_at)
}

fn refused(look: &Look<'_>, profile: &Profile<'_>, sign_in: &SignIn) -> Option<Found> {
    token(sign_in).filter(|token| may_be_used(look, profile, token))?;
    let (answer, of) = (profile.answer?, session_of(sign_in));
    let refusal = answer.permission_sets.known().err().filter(|missing| missing.reason == Reason::Denied)?;
    let message = format!(
        "The access portal in {} does not take the sign-in for {of} ({}): it was ended elsewhere, or the start URL or the \
         Region belong to another Identity Center.",
        answer.region, refusal.message
    );
    Some(Found::new(message))
}

/// The portal says to this sign-in that there is nothing, and lists the account to another one that may be at the same
/// portal.
fn listed_to_another(look: &Look<'_>, profile: &Profile<'_>, sign_in: &SignIn) -> Option<Found> {
    token(sign_in).filter(|token| may_be_used(look, profile, token))?;
    let of = session_of(sign_in);
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
    Some(Found::new(message).mended_by([logout(), login(profile.name())]))
}

/// Identity Center lets the person in, and the portal says to this sign-in that there is nothing.
fn nothing_listed(look: &Look<'_>, profiles: &[Profile<'_>]) -> Option<Found> {
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
    let fault = Found::new(message);
    Some(match profile.map(Profile::name) {
        Some(profile) => fault.of(profile).mended_by([logout(), login(profile)]),
        None => fault,
    })
}
