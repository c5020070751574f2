//! Start URLs under other names: whose page it is, and whether it may be an access portal's, stays.

use super::super::dictionary::Dictionary;
use super::super::{known, text};
use crate::machine::{known_domain, known_domains};

/// Labels of hosts that are AWS's own.
const LABELS: [&str; 16] = [
    "app",
    "console",
    "device",
    "home",
    "identitycenter",
    "identitystore",
    "localhost",
    "oidc",
    "portal",
    "scim",
    "signin",
    "sso",
    "start",
    "us-gov",
    "us-gov-home",
    "www",
];
/// Parts of paths that tell whose page it is.
const PATHS: [&str; 12] = [
    "adfs",
    "cas",
    "console",
    "directory",
    "idp",
    "idpinitiatedsignon",
    "login",
    "oauth2",
    "realms",
    "saml",
    "saml2",
    "simplesaml",
];
const START: &str = "start";

/// Every word that may stay in an address.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    LABELS.into_iter().chain(PATHS).chain(known_domains())
}

/// Replaces what is somebody's in an address; `None` where it is none.
pub(super) fn replaced(dictionary: &mut Dictionary, url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let (host, path) = rest.split_at(rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len()));
    let domain = known_domain(host);
    let (own, kept) = host.split_at(host.len() - domain.map_or(0, str::len));
    let labels: String = own.split_inclusive('.').map(|label| label_of(dictionary, label)).collect();
    let parts: String = path.split_inclusive(['/', '?', '#', '.']).map(|part| part_of(dictionary, part)).collect();
    Some(format!("https://{labels}{kept}{parts}"))
}

fn label_of(dictionary: &mut Dictionary, label: &str) -> String {
    let name = label.trim_end_matches('.');
    let kept = LABELS.iter().any(|known| known.eq_ignore_ascii_case(name)) || known::is_region(name);
    if kept { label.to_owned() } else { text::replaced(dictionary, label) }
}

fn part_of(dictionary: &mut Dictionary, part: &str) -> String {
    let name = part.trim_end_matches(['/', '?', '#', '.']);
    if PATHS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return part.to_owned();
    }
    match part.strip_prefix(START) {
        Some(rest) => format!("{START}{}", text::words(dictionary, rest)),
        None => text::replaced(dictionary, part),
    }
}
