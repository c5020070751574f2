//! The rules about a machine, each about one fault. None of them proves that somebody is kept out, and so they are apart
//! from the rules about the organization: they have no gate, and no verdict hangs on them alone.

use super::chain::Broken;
use super::look::Look;
use super::profile::Profile;
use super::roles::RoleProfile;
use super::subjects::Subjects;
use super::{file, keys, login, permission_set, profile, role_source, session, sign_in, start_url};
use crate::evidence::{KeyEnvironment, Setting, SignIn, SsoConfig};
use crate::findings::{Change, Command, Fault, Fix, registered};

registered! {
    /// Every rule about a machine, in the order in which the faults stop the AWS CLI.
    RULES: Rule, "docs/machine/",
    "config-file-broken" => file::BROKEN,
    "keys-incomplete" => keys::INCOMPLETE,
    "keys-outrank-profile" => keys::OUTRANK_PROFILE,
    "section-header-wrong" => file::HEADER_WRONG,
    "section-hidden" => file::HIDDEN,
    "line-indented" => file::LINE_INDENTED,
    "role-source-missing" => role_source::MISSING,
    "role-source-contradicts" => role_source::CONTRADICTS,
    "role-source-unknown" => role_source::UNKNOWN,
    "role-source-loop" => role_source::LOOP,
    "role-source-empty" => role_source::EMPTY,
    "credential-source-unknown" => role_source::CREDENTIAL_SOURCE_UNKNOWN,
    "web-identity-role-missing" => role_source::WEB_IDENTITY_ROLE_MISSING,
    "sso-session-undefined" => session::UNDEFINED,
    "sso-settings-missing" => session::SETTINGS_MISSING,
    "sso-settings-contradict" => session::SETTINGS_CONTRADICT,
    "sso-start-url-wrong" => start_url::WRONG,
    "sso-region-wrong" => session::REGION_WRONG,
    "sso-account-id-wrong" => profile::ACCOUNT_ID_WRONG,
    "sso-role-name-wrong" => permission_set::ROLE_NAME_WRONG,
    "permission-set-not-listed" => permission_set::NOT_LISTED,
    "sign-in-missing" => sign_in::MISSING,
    "sign-in-expired" => sign_in::EXPIRED,
    "sign-in-refused" => sign_in::REFUSED,
    "portal-lists-nothing" => sign_in::PORTAL_LISTS_NOTHING,
}

/// One thing that can be wrong on the machine of whoever asks about themselves.
#[derive(Debug)]
pub struct Rule {
    /// The fault's name, kebab-case, by which scripts know it; never reused for another.
    pub id: &'static str,
    /// The fault in one line.
    pub summary: &'static str,
    /// What it means, how we know, how to fix: Markdown, and the project's documentation of the fault.
    pub explain: fn() -> &'static str,
    /// How it is decided: once for each place in which the fault can be.
    pub(super) checks: &'static [Check],
}

/// What a check is about. It takes that and what there is to go by, and says what is wrong.
#[derive(Debug)]
pub(super) enum Check {
    /// The config file as a whole.
    ConfigFile(fn(&Look<'_>, &SsoConfig) -> Vec<Found>),
    /// The keys in the environment, beside the names of the profiles for the account.
    Environment(fn(&Look<'_>, &KeyEnvironment, &[&str]) -> Option<Found>),
    /// A profile that would assume a role, and does not come to credentials for it.
    Way(fn(&Broken<'_>) -> Option<Found>),
    /// A profile whose session is not defined; with the setting that names it.
    Session(fn(&Look<'_>, &Profile<'_>, &Setting) -> Option<Found>),
    /// Where a profile signs in.
    SignsIn(fn(&Look<'_>, &Profile<'_>) -> Option<Found>),
    /// The account of a profile.
    Account(fn(&Look<'_>, &Profile<'_>) -> Option<Found>),
    /// The permission set of a profile that is for the account.
    PermissionSet(fn(&Look<'_>, &Profile<'_>) -> Option<Found>),
    /// A sign-in, by the first profile that uses it.
    SignIn(fn(&Look<'_>, &Profile<'_>, &SignIn) -> Option<Found>),
    /// The profiles for no account, where none is for the one asked about.
    WithoutAccount(fn(&Look<'_>) -> Vec<Found>),
    /// The access portal, where the person gets in and nothing else is wrong.
    Portal(fn(&Look<'_>, &[Profile<'_>]) -> Option<Found>),
}

/// Something that is wrong, as a check finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    profile: Option<String>,
    fault: Fault,
}

impl Found {
    pub(super) const fn new(message: String) -> Self {
        Self { profile: None, fault: Fault::on_machine(message) }
    }

    /// The line that is wrong, as it is and as it should be.
    pub(super) fn at(mut self, change: Change) -> Self {
        self.fault.change = Some(change);
        self
    }

    /// The profile that suffers from it.
    pub(super) fn of(self, profile: &str) -> Self {
        Self { profile: Some(profile.to_owned()), ..self }
    }

    /// Names that were probably meant.
    pub(super) fn suggesting(mut self, names: Vec<String>) -> Self {
        self.fault.suggestions = names;
        self
    }

    /// The commands that mend it, one after the other.
    pub(super) fn mended_by(self, commands: impl IntoIterator<Item = Vec<String>>) -> Self {
        let fix = |words| Fix::new(String::new(), Some(Command::here(words)));
        Self { fault: self.fault.mended_by(commands.into_iter().map(fix)), ..self }
    }

    /// The same, unless something mends it already.
    fn or_mended_by(self, commands: impl IntoIterator<Item = Vec<String>>) -> Self {
        if self.fault.fixes.is_empty() { self.mended_by(commands) } else { self }
    }
}

/// Something that is wrong on the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFault {
    /// The rule that found it.
    pub rule: &'static str,
    /// The profile that suffers from it.
    pub profile: Option<String>,
    /// What is wrong, where, and what mends it.
    pub fault: Fault,
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// What all rules say, in the order in which it stops the AWS CLI: the config file, keys, roles, then profile by profile.
pub(super) fn judge(look: &Look<'_>, subjects: &Subjects<'_>) -> Vec<LocalFault> {
    let mut said = Vec::new();
    if let Some(config) = look.config {
        said.extend(ask(|check| if let Check::ConfigFile(check) = check { check(look, config) } else { Vec::new() }));
    }
    if let Some(sources) = look.sources {
        let (environment, names) = (&sources.found.environment, subjects.names());
        said.extend(ask(|check| match check {
            Check::Environment(check) => check(look, environment, &names).into_iter().collect(),
            _ => Vec::new(),
        }));
    }
    for broken in subjects.roles.iter().filter_map(RoleProfile::broken) {
        said.extend(ask_one(|check| if let Check::Way(check) = check { check(broken) } else { None }));
    }
    for profile in &subjects.sign_in_by {
        let of_profile = |found: Found| found.of(profile.name());
        let undefined = profile.undefined_session(look);
        said.extend(ask_one(|check| match (check, undefined) {
            (Check::Session(check), Some(setting)) => check(look, profile, setting).map(of_profile),
            (Check::SignsIn(check), None) => check(look, profile).map(of_profile),
            _ => None,
        }));
        said.extend(ask_one(|check| match check {
            Check::Account(check) => check(look, profile).map(of_profile),
            _ => None,
        }));
        said.extend(ask_one(|check| match check {
            Check::PermissionSet(check) if profile.is_for_account() => check(look, profile).map(of_profile),
            _ => None,
        }));
    }
    for (profile, sign_in) in subjects.sign_ins() {
        let name = profile.name();
        said.extend(ask_one(|check| match check {
            Check::SignIn(check) => Some(check(look, profile, sign_in)?.of(name).or_mended_by([login(name)])),
            _ => None,
        }));
    }
    if subjects.names().is_empty() {
        said.extend(ask(|check| if let Check::WithoutAccount(check) = check { check(look) } else { Vec::new() }));
    }
    if look.enters && said.is_empty() {
        said.extend(ask_one(|check| match check {
            Check::Portal(check) => check(look, &subjects.profiles),
            _ => None,
        }));
    }
    said
}

/// What the rules find by the checks that are taken, in the order of the rules.
fn ask(found: impl Fn(&Check) -> Vec<Found>) -> Vec<LocalFault> {
    let of_rule = |rule: &&'static Rule| {
        let found: Vec<Found> = rule.checks.iter().flat_map(&found).collect();
        let id = rule.id;
        found.into_iter().map(move |Found { profile, fault }| LocalFault { rule: id, profile, fault })
    };
    RULES.iter().flat_map(of_rule).collect()
}

/// The same of checks that find one thing at most.
fn ask_one(found: impl Fn(&Check) -> Option<Found>) -> Vec<LocalFault> {
    ask(|check| found(check).into_iter().collect())
}
