//! Profiles: which are for the account, whether they say so rightly, and whether the permission set is one that the
//! person has there.

use super::{Check, Found, Look, Rule, line, meant};
use crate::evidence::{PortalAnswer, Setting, SignIn, SsoSection};
use crate::wording::suggest;

rule!(ACCOUNT_ID_WRONG: "the account is not named by its 12 digits, or by others", Check::Account(account));

/// How a profile comes to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    /// It names the account.
    Right,
    /// It names the account in a form that the AWS CLI does not understand.
    Mangled,
    /// It names one that is nearly the same, and that nobody knows of.
    NearMiss,
}

/// A profile that is, or is probably meant to be, for the account, with the session that it names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile<'a> {
    pub(super) section: &'a SsoSection,
    pub(super) session: Option<&'a SsoSection>,
    pub(super) sign_in: Option<&'a SignIn>,
    pub(super) answer: Option<&'a PortalAnswer>,
    account: Option<Account>,
}

impl<'a> Profile<'a> {
    /// The profile, if it is for the account.
    pub(super) fn of(look: &'a Look<'_>, section: &'a SsoSection, account: &str) -> Option<Self> {
        let account = compare(look, section.value("sso_account_id")?, account)?;
        Some(Self::with(look, section, Some(account)))
    }

    /// The profile with its session and sign-in, and how it comes to be for the account; `None` where it is not, and
    /// another profile goes on from it.
    pub(super) fn with(look: &'a Look<'_>, section: &'a SsoSection, account: Option<Account>) -> Self {
        let sessions = look.config.map(|config| config.sessions.as_slice()).unwrap_or_default();
        let name = section.value("sso_session");
        let session = name.and_then(|name| sessions.iter().rev().find(|session| session.name == name));
        let key = name.or_else(|| section.value("sso_start_url"));
        let sign_ins = &look.machine.sign_ins;
        let sign_in = key.and_then(|key| sign_ins.iter().find(|sign_in| sign_in.of.as_deref() == Some(key)));
        let answer = sign_in.and_then(|one| look.machine.portal.iter().find(|answer| answer.sign_in == one.file.path));
        Self { section, session, sign_in, answer, account }
    }

    /// Whether it is for another account, from which another profile goes on.
    pub(super) const fn is_base(&self) -> bool {
        self.account.is_none()
    }

    pub(super) fn is_near_miss(&self) -> bool {
        self.account == Some(Account::NearMiss)
    }

    /// Whether it is for the account, however it names it. Which permission set one should name that names nearly the
    /// account is for the account to say that it is for.
    pub(super) fn is_for_account(&self) -> bool {
        !self.is_base() && !self.is_near_miss()
    }

    /// The setting that names a session, where the config file does not define that.
    pub(super) fn undefined_session(&self, look: &Look<'_>) -> Option<&'a Setting> {
        self.section.settings.get("sso_session").filter(|_| self.session.is_none() && look.config.is_some())
    }

    pub(super) fn name(&self) -> &'a str {
        &self.section.name
    }

    /// A setting that belongs to the session, which in the older form stands in the profile; with its section.
    pub(super) fn of_session(&self, key: &str) -> Option<&'a Setting> {
        self.session.and_then(|session| session.settings.get(key)).or_else(|| self.section.settings.get(key))
    }

    /// The permission sets that the portal lists for this profile's sign-in in the account asked about.
    pub(super) fn listed(&self) -> Option<&'a [String]> {
        Some(self.answer?.permission_sets.known().ok()?)
    }
}

/// How the account that a profile names compares with the one asked about.
fn compare(look: &Look<'_>, value: &str, account: &str) -> Option<Account> {
    if value == account {
        return Some(Account::Right);
    }
    let digits: String = meant(value).chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    // Whoever lost its leading zeros names another account, however near it comes.
    let whole = format!("{digits:0>12}");
    if whole == account {
        return Some(Account::Mangled);
    }
    let near = suggest::is_one_off(&digits, account);
    (near && !exists(look, &whole)).then_some(Account::NearMiss)
}

/// Whether the portal or the organization has an account of this id.
fn exists(look: &Look<'_>, id: &str) -> bool {
    let portal = look.machine.portal.iter().filter_map(|answer| answer.accounts.as_ref()?.known().ok());
    let organization = look.evidence.accounts.known().into_iter().flatten();
    portal.flatten().any(|one| one.id == id) || organization.into_iter().any(|one| one.id == id)
}

/// A profile from which another one goes on.
pub(super) fn incomplete_base(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    if profile.is_base() { incomplete(look, profile) } else { None }
}

/// What the AWS CLI misses in a profile that signs in to whatever account.
fn incomplete(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    let section = profile.section;
    let lacking = ["sso_account_id", "sso_role_name"].into_iter().find(|key| !section.settings.contains_key(*key))?;
    let what = if lacking == "sso_role_name" { "permission set" } else { "account" };
    let message = format!("Profile {} names no {what} ({lacking}).", profile.name());
    let change = look.change_of_header(profile, Vec::new());
    Some(Found::new(message).at(change))
}

/// Profiles for no account, where none is for the one asked about: one of them may be meant to be.
pub(super) fn without_account(look: &Look<'_>) -> Vec<Found> {
    let profiles = look.without_account();
    let is_only = profiles.len() == 1;
    let fault = |profile: &Profile<'_>| {
        let fault = incomplete(look, profile)?;
        let set = profile.section.value("sso_role_name").unwrap_or_default();
        let header = format!("[{}]", profile.section.header);
        let lines =
            look.account.filter(|_| is_only && look.has(set)).map(|id| vec![header, line("sso_account_id", id)]);
        let change = look.change_of_header(profile, lines.unwrap_or_default());
        Some(fault.at(change).of(profile.name()))
    };
    profiles.iter().filter_map(fault).collect()
}

fn account(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    let (setting, id) = (profile.section.settings.get("sso_account_id")?, look.account?);
    let (name, value) = (profile.name(), &setting.value);
    let message = match profile.account? {
        Account::Right => return None,
        Account::NearMiss => {
            format!("Profile {name} is for account {value}, which comes close to {}.", look.account_label())
        }
        Account::Mangled if id.trim_start_matches('0') == value.trim_start_matches('0') => {
            format!("Profile {name} names account {value}; with its leading zeros it is {id}.")
        }
        Account::Mangled => format!(
            "Profile {name} names its account as {value}: the AWS CLI takes nothing but the 12 digits, without dashes, \
             quotes or a comment."
        ),
    };
    let change = look.change_of(profile, setting, Some(line("sso_account_id", id)));
    Some(Found::new(message).at(change))
}
