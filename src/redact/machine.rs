//! The machine of the person who asks: its files keep their form, line by line, so that the same is wrong with them.
//! Every field is named here, so that one that is added cannot be forgotten.

use crate::evidence::{
    Content, Flaw, FlawKind, LocalFile, Machine, Missing, Observed, PortalAccount, PortalAnswer, Setting, SignIn,
    SsoConfig, SsoSection, Swallowed, Token,
};
use crate::machine::meant;

mod address;
mod keys;

use super::dictionary::Dictionary;
use super::{known, prose, text};

/// What the AWS CLI calls its files and folders, and systems the folders above them.
const FILES: [&str; 9] = ["~", ".aws", "cache", "config", "credentials", "home", "root", "sso", "Users"];
/// With what a header begins, rightly or by mistake.
const HEADERS: [&str; 7] = ["default", "profile", "services", "session", "sso-session", "sso_session", "ssosession"];
/// The settings that the AWS CLI knows, as far as people have them.
const SETTINGS: [&str; 24] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_security_token",
    "aws_session_token",
    "ca_bundle",
    "cli_pager",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "endpoint_url",
    "login_session",
    "mfa_serial",
    "output",
    "region",
    "role_arn",
    "role_session_name",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
];
const SOURCES: [&str; 3] = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];
const SCOPE: &str = "sso:account:access";

/// Every word of the AWS CLI's own and of addresses.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    FILES.into_iter().chain(HEADERS).chain(SETTINGS).chain(SOURCES).chain([SCOPE, "json"]).chain(address::words())
}

/// Replaces what is not the AWS CLI's own.
pub(super) fn replaced(dictionary: &mut Dictionary, machine: &Machine) -> Machine {
    Machine {
        config: file(dictionary, &machine.config, sso_config),
        sign_ins: machine.sign_ins.iter().map(|one| sign_in(dictionary, one)).collect(),
        portal: machine.portal.iter().map(|one| portal_answer(dictionary, one)).collect(),
        organization_unasked: machine.organization_unasked.as_ref().map(|why| prose::replaced(dictionary, why)),
        oneself: machine.oneself,
        keys: machine.keys.as_ref().map(|found| keys::replaced(dictionary, found)),
    }
}

fn file<T>(dictionary: &mut Dictionary, file: &LocalFile<T>, read: fn(&mut Dictionary, &T) -> T) -> LocalFile<T> {
    let content = match &file.content {
        Content::Read(content) => Content::Read(read(dictionary, content)),
        Content::Absent => Content::Absent,
        Content::Unreadable { because } => Content::Unreadable { because: prose::replaced(dictionary, because) },
    };
    LocalFile { path: path(dictionary, &file.path), content }
}

fn path(dictionary: &mut Dictionary, path: &str) -> String {
    let part = |part: &str| {
        let name = part.trim_end_matches(['/', '\\']);
        let (stem, extension) = name.strip_suffix(".json").map_or((name, ""), |stem| (stem, ".json"));
        let stem = if FILES.contains(&stem) { stem.to_owned() } else { text::words(dictionary, stem) };
        format!("{stem}{extension}{}", &part[name.len()..])
    };
    path.split_inclusive(['/', '\\']).map(part).collect()
}

fn sso_config(dictionary: &mut Dictionary, config: &SsoConfig) -> SsoConfig {
    let mut sections = |sections: &[SsoSection], name: fn(&mut Dictionary, &str) -> String| {
        sections.iter().map(|one| section(dictionary, one, name)).collect()
    };
    SsoConfig {
        profiles: sections(&config.profiles, profile),
        sessions: sections(&config.sessions, value),
        passed_over: sections(&config.passed_over, header),
        flaws: config.flaws.iter().map(|one| flaw(dictionary, one)).collect(),
    }
}

fn section(dictionary: &mut Dictionary, section: &SsoSection, name: fn(&mut Dictionary, &str) -> String) -> SsoSection {
    let settings = section.settings.iter().map(|(key, setting)| {
        let value = setting_value(dictionary, key, &setting.value);
        let setting = Setting { value, line: setting.line, text: line(dictionary, &setting.text) };
        (setting_name(dictionary, key), setting)
    });
    let settings = settings.collect();
    let swallowed = section.swallowed.iter().map(|one| Swallowed {
        line: one.line,
        text: one.text.as_ref().map(|text| line(dictionary, text)),
        into: setting_name(dictionary, &one.into),
    });
    let swallowed = swallowed.collect();
    let (name, header) = (name(dictionary, &section.name), header(dictionary, &section.header));
    SsoSection { name, header, line: section.line, settings, swallowed }
}

fn flaw(dictionary: &mut Dictionary, flaw: &Flaw) -> Flaw {
    let kind = match &flaw.kind {
        FlawKind::NotUtf8 => FlawKind::NotUtf8,
        FlawKind::ByteOrderMark => FlawKind::ByteOrderMark,
        FlawKind::BeforeAnySection => FlawKind::BeforeAnySection,
        FlawKind::NoEqualsSign => FlawKind::NoEqualsSign,
        FlawKind::DuplicateSection { header: twice, first } => {
            FlawKind::DuplicateSection { header: header(dictionary, twice), first: *first }
        }
        FlawKind::DuplicateSetting { key, first } => {
            FlawKind::DuplicateSetting { key: setting_name(dictionary, key), first: *first }
        }
    };
    Flaw { line: flaw.line, kind }
}

/// What stands between the brackets.
fn header(dictionary: &mut Dictionary, text: &str) -> String {
    let start = text.len() - text.trim_start().len();
    let of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let end = text[start..].find(|c| !of_word(c)).map_or(text.len(), |length| start + length);
    let (word, name) = text.split_at(end);
    match word.trim_start().to_ascii_lowercase().as_str() {
        "profile" => format!("{word}{}", profile(dictionary, name)),
        known if HEADERS.contains(&known) => format!("{word}{}", value(dictionary, name)),
        _ => value(dictionary, text),
    }
}

/// A profile's name.
fn profile(dictionary: &mut Dictionary, name: &str) -> String {
    if name.trim() == "default" { name.to_owned() } else { value(dictionary, name) }
}

/// A setting as it is written.
fn line(dictionary: &mut Dictionary, text: &str) -> String {
    let Some(at) = text.find(['=', ':']) else { return text::words(dictionary, text) };
    let (key, rest) = text.split_at(at);
    let value = rest[1..].trim();
    let start = rest.len() - rest[1..].trim_start().len();
    let name = key.trim_end();
    format!(
        "{}{}{}{}{}",
        setting_name(dictionary, name),
        &key[name.len()..],
        &rest[..start],
        setting_value(dictionary, &name.to_lowercase(), value),
        &rest[start + value.len()..]
    )
}

fn setting_name(dictionary: &mut Dictionary, name: &str) -> String {
    let known = SETTINGS.iter().any(|known| known.eq_ignore_ascii_case(name));
    if known { name.to_owned() } else { text::words(dictionary, name) }
}

fn setting_value(dictionary: &mut Dictionary, key: &str, text: &str) -> String {
    match key {
        "sso_account_id" => inside(dictionary, text, account),
        "sso_region" | "region" => region(dictionary, text),
        "source_profile" => inside(dictionary, text, profile),
        "credential_source" => inside(dictionary, text, source),
        _ if text == SCOPE => text.to_owned(),
        _ => value(dictionary, text),
    }
}

/// What gives credentials to a role; the AWS CLI knows three.
fn source(dictionary: &mut Dictionary, text: &str) -> String {
    let known = SOURCES.iter().any(|known| known.eq_ignore_ascii_case(text));
    if known { text.to_owned() } else { value(dictionary, text) }
}

/// A name or an address, perhaps with quotes around it and a comment behind it.
fn value(dictionary: &mut Dictionary, text: &str) -> String {
    inside(dictionary, text, |dictionary, bare| {
        address::replaced(dictionary, bare).unwrap_or_else(|| text::replaced(dictionary, bare))
    })
}

/// Replaces what was meant as it is replaced elsewhere, and then what stands around it.
fn inside(dictionary: &mut Dictionary, text: &str, replaced: fn(&mut Dictionary, &str) -> String) -> String {
    let bare = meant(text);
    let (before, behind) = text.split_once(bare).unwrap_or_default();
    format!("{}{}{}", text::words(dictionary, before), replaced(dictionary, bare), text::words(dictionary, behind))
}

fn region(dictionary: &mut Dictionary, text: &str) -> String {
    inside(dictionary, text, |dictionary, bare| {
        let lower = bare.to_ascii_lowercase();
        let of_zone = lower.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(&lower);
        if known::is_region(of_zone) { bare.to_owned() } else { text::words(dictionary, bare) }
    })
}

/// An account id, which may lack leading zeros or have dashes: the digits are the end of what stands for all twelve.
fn account(dictionary: &mut Dictionary, text: &str) -> String {
    let Some(id) = account_id(text) else { return text::replaced(dictionary, text) };
    let made_up = dictionary.word(&id);
    let typed = text.chars().filter(char::is_ascii_digit).count();
    let mut digits = made_up.chars().skip(made_up.len().saturating_sub(typed));
    text.chars().map(|c| if c.is_ascii_digit() { digits.next().unwrap_or(c) } else { c }).collect()
}

/// The digits of an account id with the zeros that were lost.
pub(super) fn account_id(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let all = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    all.then(|| format!("{digits:0>12}"))
}

fn sign_in(dictionary: &mut Dictionary, sign_in: &SignIn) -> SignIn {
    SignIn {
        of: sign_in.of.as_ref().map(|of| value(dictionary, of)),
        file: file(dictionary, &sign_in.file, |dictionary, token| Token {
            start_url: token.start_url.as_ref().map(|url| value(dictionary, url)),
            region: token.region.as_ref().map(|name| region(dictionary, name)),
            expires: token.expires,
            renewable_until: token.renewable_until,
        }),
    }
}

fn portal_answer(dictionary: &mut Dictionary, answer: &PortalAnswer) -> PortalAnswer {
    let accounts = answer.accounts.as_ref().map(|accounts| {
        observed(dictionary, accounts, |dictionary, one| PortalAccount {
            id: text::replaced(dictionary, &one.id),
            name: one.name.as_ref().map(|name| text::replaced(dictionary, name)),
        })
    });
    PortalAnswer {
        sign_in: path(dictionary, &answer.sign_in),
        region: region(dictionary, &answer.region),
        permission_sets: observed(dictionary, &answer.permission_sets, |dictionary, set| {
            text::replaced(dictionary, set)
        }),
        accounts,
    }
}

fn observed<T>(
    dictionary: &mut Dictionary,
    observed: &Observed<Vec<T>>,
    known: fn(&mut Dictionary, &T) -> T,
) -> Observed<Vec<T>> {
    match observed {
        Observed::Known(list) => Observed::Known(list.iter().map(|one| known(dictionary, one)).collect()),
        Observed::Missing(Missing { reason, code, message }) => {
            let code = if known::is_code(code) { code.clone() } else { text::replaced(dictionary, code) };
            Observed::Missing(Missing { reason: *reason, code, message: prose::replaced(dictionary, message) })
        }
    }
}

#[cfg(test)]
mod tests;
