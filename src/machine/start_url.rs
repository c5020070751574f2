//! The start URL of a profile or its session: whether it can be an access portal's, whether it is the organization's, and
//! what the sign-ins on the machine say against it.

use super::portal_url::{Page, Portal, may_be_same, page};
use super::profile::Profile;
use super::session::{changed, section_label, token};
use super::{Check, Found, Look, Rule, is_slip, meant};
use crate::evidence::{Instance, SignIn};
use crate::wording::suggest;

rule!(WRONG: "the start URL is not that of the organization's access portal", Check::SignsIn(wrong));

/// What is wrong, and the right start URL where that is known.
type Says = Option<(String, Option<String>)>;

fn wrong(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    if profile.is_base() {
        // Of another account's portal nothing is known here.
        return None;
    }
    let setting = profile.of_session("sso_start_url")?;
    let (value, bare) = (setting.value.as_str(), meant(&setting.value));
    let label = section_label(profile);
    let (message, right) =
        malformed(&label, value, bare).or_else(|| no_portal(look, profile, value, &label)).or_else(|| {
            match names_the_instance(look, value) {
                Some(own) if own.is_right => None,
                Some(own) if !is_proven(profile) => Some(elsewhere(look, profile, value, &label, own.name)),
                Some(_) | None => {
                    edited_since(profile, value, &label).or_else(|| by_other_sign_ins(look, profile, value, &label))
                }
            }
        })?;
    let change = changed(look, profile, setting, ("sso_start_url", right));
    Some(Found::new(message).at(change))
}

/// Whether the portal answered this profile's sign-in with permission sets: then all about it is right.
fn is_proven(profile: &Profile<'_>) -> bool {
    profile.listed().is_some_and(|sets| !sets.is_empty())
}

/// The start URL that the profile's sign-in was made at.
fn made_at<'a>(profile: &Profile<'a>) -> Option<&'a str> {
    token(profile.sign_in?)?.start_url.as_deref()
}

/// What can be no URL of any page.
fn malformed(label: &str, value: &str, bare: &str) -> Says {
    if value != bare {
        let message =
            format!("{label} signs in at {value}: the AWS CLI takes quotes and comments for a part of the start URL.");
        return Some((message, Some(bare.to_owned())));
    }
    if bare.starts_with("https://") {
        return None;
    }
    let message = format!("{label} signs in at {value}, which is no https:// URL.");
    let rest = bare.strip_prefix("http://").unwrap_or(bare);
    Some((message, rest.contains('.').then(|| format!("https://{rest}"))))
}

/// A page that is none of an access portal. One that a sign-in was made at is one, whatever it looks like.
fn no_portal(look: &Look<'_>, profile: &Profile<'_>, value: &str, label: &str) -> Says {
    let signed_in_there =
        |one: &SignIn| token(one).and_then(|token| token.start_url.as_deref()).is_some_and(|url| same_url(url, value));
    if look.machine.sign_ins.iter().any(signed_in_there) {
        return None;
    }
    match page(value) {
        Page::Portal(_) | Page::Unknown => None,
        Page::Unfinished(end) => {
            let message = format!("{label} signs in at {value}; the access portal's URL ends in {end}.");
            let host = value.trim_end_matches(['/', '#']);
            let right = if end == "/start" { Some(format!("{host}/start")) } else { known_portal(look, profile) };
            Some((message, right))
        }
        Page::Other(whose) => {
            let message = format!(
                "{label} signs in at {value}, which is {whose} and not the access portal's. A link that leads to the portal in \
                 a browser does not do: the AWS CLI needs the portal's own start URL."
            );
            Some((message, known_portal(look, profile)))
        }
    }
}

/// The right start URL, as far as something tells: the sign-in to which the account is listed, or the instance.
fn known_portal(look: &Look<'_>, profile: &Profile<'_>) -> Option<String> {
    let lists =
        |one: &&SignIn| look.answers().any(|(answer, sets)| answer.sign_in == one.file.path && !sets.is_empty());
    let proven = || made_at(profile).filter(|_| is_proven(profile));
    let other = || token(look.machine.sign_ins.iter().find(lists)?)?.start_url.as_deref();
    proven().or_else(other).map(str::to_owned).or_else(|| usual_portal(look.evidence.instance().ok()?))
}

/// Which of two start URLs is the right one, where something speaks for one of them.
pub(super) fn right(look: &Look<'_>, profile: &Profile<'_>, urls: [&str; 2]) -> Option<String> {
    let proven = made_at(profile).filter(|_| is_proven(profile));
    let named = || urls.into_iter().find(|url| names_the_instance(look, url).is_some_and(|own| own.is_right));
    let right = urls.into_iter().find(|url| proven.is_some_and(|made_at| same_url(made_at, url))).or_else(named)?;
    // Both may be.
    let other = urls.into_iter().find(|url| *url != right)?;
    (!may_be_same(right, other)).then(|| right.to_owned())
}

/// The start URL that every instance has by its directory.
fn usual_portal(instance: &Instance) -> Option<String> {
    let directory = Some(instance.identity_store_id.as_str()).filter(|id| id.starts_with("d-"))?;
    match instance.partition() {
        "aws" => Some(format!("https://{directory}.awsapps.com/start")),
        "aws-us-gov" => Some(format!("https://start.us-gov-home.awsapps.com/directory/{directory}")),
        "aws-cn" => Some(format!("https://start.{}.home.awsapps.cn/directory/{directory}", instance.region())),
        _ => None,
    }
}

/// What the organization's instance or directory is called where a start URL names one, and whether it is that one.
struct Own<'a> {
    name: &'a str,
    is_right: bool,
}

/// Whether a start URL names the organization's instance; `None` where that cannot be told.
fn names_the_instance<'a>(look: &Look<'a>, value: &str) -> Option<Own<'a>> {
    let instance = look.evidence.instance().ok()?;
    let Page::Portal(Portal { directory, instance: named, .. }) = page(value) else { return None };
    let (name, named) = match (named, directory) {
        (Some(named), _) if named.starts_with("ssoins-") => (instance.arn.rsplit('/').next()?, named),
        // Any other name may have been chosen for it.
        (_, Some(directory)) if directory.starts_with("d-") && instance.identity_store_id.starts_with("d-") => {
            (instance.identity_store_id.as_str(), directory)
        }
        _ => return None,
    };
    Some(Own { name, is_right: name == named })
}

fn elsewhere(look: &Look<'_>, profile: &Profile<'_>, value: &str, label: &str, own: &str) -> (String, Option<String>) {
    let message = format!(
        "{label} signs in at {value}, which belongs to another Identity Center than the organization's ({own})."
    );
    (message, known_portal(look, profile))
}

/// The session may have been edited since, and still hold the sign-in from before.
fn edited_since(profile: &Profile<'_>, value: &str, label: &str) -> Says {
    let made_at = made_at(profile).filter(|_| is_proven(profile))?;
    if same_url(made_at, value) || may_be_same(made_at, value) {
        return None;
    }
    let message =
        format!("{label} signs in at {value}, but the sign-in that the access portal knows was made at {made_at}.");
    Some((message, Some(made_at.to_owned())))
}

/// What the other sign-ins on the machine tell: the account is theirs, or their start URL is spelt nearly the same.
fn by_other_sign_ins(look: &Look<'_>, profile: &Profile<'_>, value: &str, label: &str) -> Says {
    if is_proven(profile) {
        return None;
    }
    let others = || look.machine.sign_ins.iter().filter(|one| profile.sign_in.is_none_or(|own| own.file != one.file));
    let lists = |one: &SignIn| look.answers().any(|(answer, sets)| answer.sign_in == one.file.path && !sets.is_empty());
    for other in others().filter(|other| lists(other)) {
        if let Some(url) = token(other).and_then(|token| token.start_url.as_deref())
            && !may_be_same(url, value)
        {
            let message = format!(
                "{label} signs in at {value}, but it is your sign-in at {url} to which the access portal lists the account."
            );
            return Some((message, Some(url.to_owned())));
        }
    }
    let never = profile.sign_in.and_then(token).is_none();
    let mut urls = others().filter_map(|other| token(other)?.start_url.as_deref());
    let close = urls.find(|url| never && !same_url(url, value) && is_misspelt(value, url))?;
    let message = format!("{label} signs in at {value}; your sign-in at {close} is spelt nearly the same.");
    Some((message, Some(close.to_owned())))
}

/// Whether one start URL is most likely the other with a slip in it. The id of a directory is nobody's choice, so that
/// one letter of it for another is a slip too.
fn is_misspelt(value: &str, url: &str) -> bool {
    let directory = |url| match page(url) {
        Page::Portal(portal) => portal.directory,
        Page::Unfinished(_) | Page::Other(_) | Page::Unknown => None,
    };
    match (directory(value), directory(url)) {
        (Some(one), Some(other)) if one.starts_with("d-") && other.starts_with("d-") => suggest::is_one_off(one, other),
        (Some(one), Some(other)) => one != other && is_slip(one, other),
        _ => is_slip(value, url),
    }
}

/// The same but for what browsers put behind a URL.
pub(super) fn same_url(a: &str, b: &str) -> bool {
    let bare = |url: &str| url.trim_end_matches(['/', '#']).to_owned();
    bare(a).eq_ignore_ascii_case(&bare(b))
}
