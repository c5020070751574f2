//! Where a profile signs in: the session that it names, its start URL and its Region.

use super::profile::Profile;
use super::{Change, Kind, LocalFault, Look, line, meant};
use crate::evidence::{Content, Setting, SignIn, SsoSection, Token};
use crate::suggest;

/// What must be said of where to sign in.
const NEEDED: [&str; 2] = ["sso_start_url", "sso_region"];

/// What is wrong with where a profile signs in.
pub(super) fn faults(look: &Look<'_>, profile: &Profile<'_>) -> Vec<LocalFault> {
    let faults: Vec<LocalFault> = match undefined(look, profile) {
        Some(fault) => vec![fault],
        None => [missing, contradicts, start_url, region].iter().filter_map(|check| check(look, profile)).collect(),
    };
    faults.into_iter().map(|fault| LocalFault { profile: Some(profile.name().to_owned()), ..fault }).collect()
}

fn undefined(look: &Look<'_>, profile: &Profile<'_>) -> Option<LocalFault> {
    let setting = profile.section.settings.get("sso_session").filter(|_| profile.session.is_none())?;
    let (config, name, session) = (look.config?, profile.name(), &setting.value);
    let misnamed = config.passed_over.iter().find(|section| {
        section.header.split_whitespace().last() == Some(session) && section.settings.contains_key("sso_start_url")
    });
    if let Some(section) = misnamed {
        let message = format!(
            "Profile {name} signs in by session {session}, and the AWS CLI passes over the section [{}]: its header has to \
             be [sso-session {session}].",
            section.header
        );
        let header = format!("[{}]", section.header);
        let change = look.change(section.line, &header, [format!("[sso-session {session}]")]);
        return Some(LocalFault { change: Some(change), ..LocalFault::new(Kind::SectionHeaderWrong, message) });
    }
    let defined = config.sessions.iter().map(|one| (one.name.as_str(), one.name.clone()));
    let close = suggest::closest(meant(session), defined);
    let only = if let [only] = &config.sessions[..] { Some(only.name.clone()) } else { None };
    let right = close.first().cloned().or(only);
    let there = if config.sessions.is_empty() { " No [sso-session …] is." } else { "" };
    let message =
        format!("Profile {name} signs in by session {session}, which {} does not define.{there}", look.path());
    let change = look.change(setting.line, &setting.text, right.map(|name| line("sso_session", &name)));
    Some(LocalFault { change: Some(change), suggestions: close, ..LocalFault::new(Kind::SsoSessionUndefined, message) })
}

fn missing(look: &Look<'_>, profile: &Profile<'_>) -> Option<LocalFault> {
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
    let change = look.change(section.line, &header, lines);
    Some(LocalFault { change: Some(change), ..LocalFault::new(Kind::SsoSettingsMissing, message) })
}

/// The AWS CLI refuses a profile that says another thing than its session.
fn contradicts(look: &Look<'_>, profile: &Profile<'_>) -> Option<LocalFault> {
    let session = profile.session?;
    let own = profile.section.settings.iter();
    let mut both = own.filter_map(|(key, own)| Some((key, own, session.settings.get(key)?)));
    let (key, own, other) = both.find(|(_, own, other)| own.value != other.value)?;
    let message = format!(
        "Profile {} says {key} = {}, and its session {} says {}: the AWS CLI refuses both.",
        profile.name(),
        own.value,
        session.name,
        other.value
    );
    let change = look.change(own.line, &own.text, [line(key, &other.value)]);
    Some(LocalFault { change: Some(change), ..LocalFault::new(Kind::SsoSettingsContradict, message) })
}

/// What a cached sign-in says of itself.
pub(super) fn token(sign_in: &SignIn) -> Option<&Token> {
    match &sign_in.file.content {
        Content::Read(token) => Some(token),
        Content::Absent | Content::Unreadable { .. } => None,
    }
}

/// Whether the portal answered this profile's sign-in with permission sets: then all about it is right.
fn is_proven(profile: &Profile<'_>) -> bool {
    profile.listed().is_some_and(|sets| !sets.is_empty())
}

fn start_url(look: &Look<'_>, profile: &Profile<'_>) -> Option<LocalFault> {
    let setting = profile.of_session("sso_start_url")?;
    let (value, bare) = (setting.value.as_str(), meant(&setting.value));
    let label = section_label(profile);
    let (message, right) = malformed_url(&label, value, bare)
        .or_else(|| elsewhere(look, profile, value).filter(|_| !is_proven(profile)))
        .or_else(|| {
            // The session may have been edited since, and still hold the sign-in from before.
            let made_at = token(profile.sign_in?)?.start_url.as_deref()?;
            let differs = is_proven(profile) && !same_url(made_at, value);
            differs.then(|| {
                (
                    format!("{label} signs in at {value}, but the sign-in that the access portal knows was made at {made_at}."),
                    Some(made_at.to_owned()),
                )
            })
        })
        .or_else(|| by_other_sign_ins(look, profile, value, &label))?;
    let change = changed(look, setting, "sso_start_url", right);
    Some(LocalFault { change: Some(change), ..LocalFault::new(Kind::SsoStartUrlWrong, message) })
}

/// A start URL that can be none.
fn malformed_url(label: &str, value: &str, bare: &str) -> Option<(String, Option<String>)> {
    if value != bare {
        let message =
            format!("{label} signs in at {value}: the AWS CLI takes quotes and comments for a part of the start URL.");
        return Some((message, Some(bare.to_owned())));
    }
    let Some(rest) = bare.strip_prefix("https://") else {
        let message = format!("{label} signs in at {value}, which is no https:// URL.");
        let rest = bare.strip_prefix("http://").unwrap_or(bare);
        return Some((message, rest.contains('.').then(|| format!("https://{rest}"))));
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.ends_with(".awsapps.com") && path.trim_matches(['/', '#']).is_empty() {
        let message = format!("{label} signs in at {value}; the access portal's URL ends in /start.");
        return Some((message, Some(format!("https://{host}/start"))));
    }
    let console = ["console.aws.amazon.com", "signin.aws.amazon.com"];
    let is_console = console.iter().any(|of| host == *of || host.ends_with(&format!(".{of}")));
    is_console
        .then(|| (format!("{label} signs in at {value}, which is the console's and not the access portal's."), None))
}

/// A start URL that names another instance than the organization's.
fn elsewhere(look: &Look<'_>, profile: &Profile<'_>, value: &str) -> Option<(String, Option<String>)> {
    let instance = look.evidence.instance().ok()?;
    let label = value.strip_prefix("https://")?.split('.').next()?;
    let (own, right) = match label.split_once('-')?.0 {
        "d" if value.contains(".awsapps.com/") => {
            let store = instance.identity_store_id.as_str();
            (store, store.starts_with("d-").then(|| format!("https://{store}.awsapps.com/start")))
        }
        "ssoins" => (instance.arn.rsplit('/').next()?, None),
        _ => return None,
    };
    (label != own).then(|| {
        let message = format!(
            "{} signs in at {value}, which belongs to another Identity Center than the organization's ({own}).",
            section_label(profile)
        );
        (message, right)
    })
}

/// What the other sign-ins on the machine tell: the account is theirs, or their start URL is spelt nearly the same.
fn by_other_sign_ins(
    look: &Look<'_>,
    profile: &Profile<'_>,
    value: &str,
    label: &str,
) -> Option<(String, Option<String>)> {
    if is_proven(profile) {
        return None;
    }
    let others = || look.machine.sign_ins.iter().filter(|one| profile.sign_in.is_none_or(|own| own.file != one.file));
    let lists = |one: &SignIn| look.answers().any(|(answer, sets)| answer.sign_in == one.file.path && !sets.is_empty());
    for other in others().filter(|other| lists(other)) {
        if let Some(url) = token(other).and_then(|token| token.start_url.as_deref())
            && !same_url(url, value)
        {
            let message = format!(
                "{label} signs in at {value}, but it is your sign-in at {url} to which the access portal lists the account."
            );
            return Some((message, Some(url.to_owned())));
        }
    }
    let never = profile.sign_in.and_then(token).is_none();
    let mut urls = others().filter_map(|other| token(other)?.start_url.as_deref());
    let close = urls.find(|url| never && !same_url(url, value) && suggest::distance(value, url).is_some())?;
    let message = format!("{label} signs in at {value}; your sign-in at {close} is spelt nearly the same.");
    Some((message, Some(close.to_owned())))
}

fn region(look: &Look<'_>, profile: &Profile<'_>) -> Option<LocalFault> {
    let setting = profile.of_session("sso_region")?;
    let (value, bare) = (setting.value.as_str(), meant(&setting.value));
    let label = section_label(profile);
    let own = profile.sign_in.and_then(token);
    let url = profile.of_session("sso_start_url").map(|setting| setting.value.as_str()).unwrap_or_default();
    let elsewhere = |region: &str| region != value;
    let accepted = || own.filter(|_| profile.listed().is_some())?.region.clone().filter(|region| elsewhere(region));
    let home = || look.evidence.instance().ok().map(|one| one.region().to_owned()).filter(|region| elsewhere(region));
    let others = || {
        let tokens = look.machine.sign_ins.iter().filter_map(token);
        let same = tokens.filter(|token| token.start_url.as_deref().is_some_and(|other| same_url(other, url)));
        same.filter_map(|token| token.region.clone()).find(|region| elsewhere(region))
    };
    let (message, right) = if !is_region(value) {
        let right = if is_region(bare) { Some(bare.to_owned()) } else { zone(bare) };
        let right = right.or_else(accepted).or_else(home);
        (format!("{label} looks for the access portal in {value}, which is no Region."), right)
    } else if let Some(region) = accepted() {
        let says = "but the access portal that took the sign-in is in";
        (format!("{label} looks for the access portal in {value}, {says} {region}."), Some(region))
    } else if profile.listed().is_some() {
        return None;
    } else if let Some(region) = home() {
        let says = "but Identity Center is at home in";
        (format!("{label} looks for the access portal in {value}, {says} {region}."), Some(region))
    } else {
        let region = others().filter(|_| own.is_none())?;
        let says = "but your other sign-in at the same start URL was made in";
        (format!("{label} looks for the access portal in {value}, {says} {region}."), Some(region))
    };
    let change = changed(look, setting, "sso_region", right);
    Some(LocalFault { change: Some(change), ..LocalFault::new(Kind::SsoRegionWrong, message) })
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

/// The same but for what browsers put behind a URL.
fn same_url(a: &str, b: &str) -> bool {
    let bare = |url: &str| url.trim_end_matches(['/', '#']).to_owned();
    bare(a).eq_ignore_ascii_case(&bare(b))
}

fn section_label(profile: &Profile<'_>) -> String {
    match profile.session {
        Some(SsoSection { name, .. }) => format!("Session {name}"),
        None => format!("Profile {}", profile.name()),
    }
}

fn changed(look: &Look<'_>, setting: &Setting, key: &str, right: Option<String>) -> Change {
    look.change(setting.line, &setting.text, right.map(|value| line(key, &value)))
}
