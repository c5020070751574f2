//! Where a profile signs in: the session that it names, what that says, and its Region.

use super::profile::Profile;
use super::start_url::same_url;
use super::{Check, Found, Look, Rule, line, meant, permission_set, portal_url, profile, start_url};
use crate::evidence::{Content, Setting, SignIn, SsoSection, Token};
use crate::findings::Change;
use crate::wording::suggest;

/// What must be said of where to sign in.
const NEEDED: [&str; 2] = ["sso_start_url", "sso_region"];

rule!(UNDEFINED: "a profile signs in by a session that the config file does not define", Check::Session(undefined));
rule!(
    SETTINGS_MISSING: "a profile or session lacks a setting that signing in takes",
    Check::SignsIn(missing),
    Check::Account(profile::incomplete_base),
    Check::PermissionSet(permission_set::missing),
    Check::WithoutAccount(profile::without_account)
);
rule!(SETTINGS_CONTRADICT: "a profile and its session say two things of the same", Check::SignsIn(contradicts));
rule!(REGION_WRONG: "the access portal is looked for in a Region in which it is not", Check::SignsIn(region));

/// A section that is meant to define the session, and that the AWS CLI passes over.
fn misnamed<'a>(look: &Look<'a>, session: &str) -> Option<&'a SsoSection> {
    look.config?.passed_over.iter().find(|section| {
        section.header.split_whitespace().last() == Some(session) && section.settings.contains_key("sso_start_url")
    })
}

/// The header of that section.
pub(super) fn header_wrong(look: &Look<'_>, profile: &Profile<'_>, setting: &Setting) -> Option<Found> {
    let (name, session) = (profile.name(), &setting.value);
    let section = misnamed(look, session)?;
    let message = format!(
        "Profile {name} signs in by session {session}, and the AWS CLI passes over the section [{}]: its header has to be \
         [sso-session {session}].",
        section.header
    );
    let header = format!("[{}]", section.header);
    let change = look.change(section.line, &header, [format!("[sso-session {session}]")]);
    Some(Found::new(message).at(change))
}

fn undefined(look: &Look<'_>, profile: &Profile<'_>, setting: &Setting) -> Option<Found> {
    let (config, name, session) = (look.config?, profile.name(), &setting.value);
    if misnamed(look, session).is_some() {
        return None;
    }
    let defined = config.sessions.iter().map(|one| (one.name.as_str(), one.name.clone()));
    let close = suggest::closest(meant(session), defined);
    let only = if let [only] = &config.sessions[..] { Some(only.name.clone()) } else { None };
    let right = close.first().cloned().or(only);
    let there = if config.sessions.is_empty() { " No [sso-session …] is." } else { "" };
    let message =
        format!("Profile {name} signs in by session {session}, which {} does not define.{there}", look.path());
    let change = look.change_of(profile, setting, right.map(|name| line("sso_session", &name)));
    Some(Found::new(message).at(change).suggesting(close))
}

fn missing(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    let lacking: Vec<&str> = NEEDED.into_iter().filter(|key| profile.of_session(key).is_none()).collect();
    if lacking.is_empty() {
        return None;
    }
    let section = profile.session.unwrap_or(profile.section);
    let message = format!("Section [{}] does not say {}.", section.header, lacking.join(" and "));
    let header = format!("[{}]", section.header);
    let mut lines = Vec::new();
    // A profile that says nothing of where to sign in most likely lost its session.
    if profile.session.is_none() && lacking.len() == NEEDED.len() {
        if let [only] = &look.config?.sessions[..] {
            lines = vec![header.clone(), line("sso_session", &only.name)];
        }
    } else if let Some(token) = profile.sign_in.and_then(token) {
        let told = [("sso_start_url", &token.start_url), ("sso_region", &token.region)];
        let told = told.into_iter().filter(|(key, _)| lacking.contains(key));
        let told: Vec<String> = told.filter_map(|(key, value)| Some(line(key, value.as_deref()?))).collect();
        if told.len() == lacking.len() {
            lines = [vec![header.clone()], told].concat();
        }
    }
    let change = match profile.session {
        Some(_) => look.change(section.line, &header, lines),
        None => look.change_of_header(profile, lines),
    };
    Some(Found::new(message).at(change))
}

/// The AWS CLI refuses a profile that says another thing than its session.
fn contradicts(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    let session = profile.session?;
    let own = profile.section.settings.iter();
    let mut both = own.filter_map(|(key, own)| Some((key, own, session.settings.get(key)?)));
    let (key, own, other) = both.find(|(_, own, other)| own.value != other.value)?;
    let (name, what) = (profile.name(), &session.name);
    let refuses = format!(
        "Profile {name} says {key} = {} (line {}), and its session {what} says {} (line {}): the AWS CLI refuses both.",
        own.value, own.line, other.value, other.line
    );
    let right = match key.as_str() {
        "sso_region" => right_region(look, profile, [&own.value, &other.value]),
        "sso_start_url" => start_url::right(look, profile, [&own.value, &other.value]),
        "sso_account_id" | "sso_role_name" | "region" | "output" => {
            let message = format!("{refuses} It is the profile's to say: remove the line from the session.");
            let change = look.change_of(profile, other, None);
            return Some(Found::new(message).at(change));
        }
        _ => None,
    };
    let (message, change) = match right {
        Some(right) if right == own.value => (refuses, look.change_of(profile, other, Some(line(key, &right)))),
        Some(right) => (refuses, look.change_of(profile, own, Some(line(key, &right)))),
        None => {
            let message = format!("{refuses} Remove the one that is wrong.");
            (message, look.change_of(profile, own, None))
        }
    };
    Some(Found::new(message).at(change))
}

/// Which of two Regions is the right one, where something speaks for one of them.
fn right_region(look: &Look<'_>, profile: &Profile<'_>, regions: [&str; 2]) -> Option<String> {
    let accepted = profile.listed().and_then(|_| token(profile.sign_in?)?.region.clone());
    let home = || look.evidence.instance().ok().map(|one| one.region().to_owned());
    accepted.or_else(home).filter(|right| regions.contains(&right.as_str()))
}

/// What a cached sign-in says of itself.
pub(super) fn token(sign_in: &SignIn) -> Option<&Token> {
    match &sign_in.file.content {
        Content::Read(token) => Some(token),
        Content::Absent | Content::Unreadable { .. } => None,
    }
}

fn region(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    if profile.is_base() {
        // Of another account's portal nothing is known here.
        return None;
    }
    let setting = profile.of_session("sso_region")?;
    let (value, bare) = (setting.value.as_str(), meant(&setting.value));
    let own = profile.sign_in.and_then(token);
    let url = profile.of_session("sso_start_url").map(|setting| setting.value.as_str()).unwrap_or_default();
    let elsewhere = |region: &String| region != value;
    let of_url = portal_url::region(url).map(str::to_owned);
    let accepted = || own.filter(|_| profile.listed().is_some())?.region.clone().filter(elsewhere);
    let instance = look.evidence.instance().ok();
    let home = || instance.map(|one| one.region().to_owned()).filter(elsewhere);
    let others = || {
        let tokens = look.machine.sign_ins.iter().filter_map(token);
        let same = tokens.filter(|token| token.start_url.as_deref().is_some_and(|other| same_url(other, url)));
        same.filter_map(|token| token.region.clone()).find(elsewhere)
    };
    let (says, right) = if !is_region(value) {
        let right = if is_region(bare) { Some(bare.to_owned()) } else { zone(bare) };
        (", which is no Region".to_owned(), right.or(of_url).or_else(accepted).or_else(home))
    } else if of_url.as_deref() == Some(value) {
        // The portal in another Region that Identity Center was extended to.
        return None;
    } else if let Some(region) = accepted() {
        (format!(", but the access portal that took the sign-in is in {region}"), Some(region))
    } else if profile.listed().is_some() {
        return None;
    } else if let Some(region) = home().filter(|_| instance.is_some_and(|one| one.listed_in != value)) {
        (format!(", but Identity Center is at home in {region}"), Some(region))
    } else {
        let region = others().filter(|_| own.is_none())?;
        (format!(", but your other sign-in at the same start URL was made in {region}"), Some(region))
    };
    let message = format!("{} looks for the access portal in {value}{says}.", section_label(profile));
    let change = changed(look, profile, setting, ("sso_region", right));
    Some(Found::new(message).at(change))
}

/// `us-east-1`, `us-gov-west-1`, `ap-southeast-2`
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let (Some((number, words)), true) = (parts.split_last(), parts.len() >= 3) else { return false };
    let lower = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    words.iter().all(lower) && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

/// The Region of an availability zone, or of a Region in capitals.
fn zone(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let region = lower.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(&lower);
    is_region(region).then(|| region.to_owned())
}

pub(super) fn section_label(profile: &Profile<'_>) -> String {
    match profile.session {
        Some(SsoSection { name, .. }) => format!("Session {name}"),
        None => format!("Profile {}", profile.name()),
    }
}

pub(super) fn changed(
    look: &Look<'_>,
    profile: &Profile<'_>,
    setting: &Setting,
    (key, right): (&str, Option<String>),
) -> Change {
    look.change_of(profile, setting, right.map(|value| line(key, &value)))
}
