//! The machine of the person who asks about themselves: whether the AWS CLI is set up for the account, and what the access
//! portal gives them. Pure, like the rules; but a fault here is about the person's own files, and never by itself a proof
//! that they are kept out.

use crate::evidence::{Content, Evidence, Machine};
use crate::findings::{Change, Command, Fault, Fix};
use crate::wording::shell::option;
use crate::wording::{self, is_treacherous};

mod chain;
mod file;
mod keys;
mod kind;
mod look;
mod permission_set;
mod portal_url;
mod profile;
mod roles;
mod seen;
mod session;
mod sign_in;
mod slip;
mod sources;
mod start_url;

pub use kind::Kind;
use look::Look;
pub(crate) use portal_url::{known_domain, known_domains};
use profile::Profile;
use slip::is_slip;

/// What was found on the machine.
#[derive(Debug)]
pub struct OwnMachine {
    /// What was looked at, each with what it says.
    pub seen: Vec<Seen>,
    /// What is wrong, in the order in which it stops the AWS CLI.
    pub faults: Vec<LocalFault>,
    /// What to add where nothing is wrong but something is not there.
    pub advice: Vec<Advice>,
    /// What could not be read, and why.
    pub unread: Vec<String>,
    /// The permission sets, of those asked about, that the access portal lists for the account; `None` where no portal
    /// told.
    pub listed: Option<Vec<String>>,
    /// The access portal in a sentence.
    pub portal: String,
    /// Why nothing is known from Identity Center itself, where that is so, and who can tell.
    pub alone: Option<String>,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The file or place.
    pub what: String,
    /// What it says, in a few words.
    pub says: String,
}

/// Something that is wrong on the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFault {
    /// What sort of fault.
    pub kind: Kind,
    /// The profile that suffers from it.
    pub profile: Option<String>,
    /// What is wrong, where, and what mends it.
    pub fault: Fault,
}

/// Something to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What is not there, and what to do.
    pub message: String,
    /// Lines for the config file.
    pub lines: Vec<String>,
    /// Or a command.
    pub command: Option<Command>,
}

impl LocalFault {
    const fn new(kind: Kind, message: String) -> Self {
        Self { kind, profile: None, fault: Fault::on_machine(message) }
    }

    /// The line that is wrong, as it is and as it should be.
    fn at(mut self, change: Change) -> Self {
        self.fault.change = Some(change);
        self
    }

    /// The profile that suffers from it.
    fn of(self, profile: &str) -> Self {
        Self { profile: Some(profile.to_owned()), ..self }
    }

    /// Names that were probably meant.
    fn suggesting(mut self, names: Vec<String>) -> Self {
        self.fault.suggestions = names;
        self
    }

    /// The commands that mend it, one after the other.
    fn mended_by(self, commands: impl IntoIterator<Item = Vec<String>>) -> Self {
        let fix = |words| Fix::new(String::new(), Some(Command::here(words)));
        Self { fault: self.fault.mended_by(commands.into_iter().map(fix)), ..self }
    }
}

/// What is known of the access itself, from Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The permission sets that are assigned and whose way is not known to be shut.
    pub open: Vec<String>,
    /// Those that are assigned and whose way is shut.
    pub shut: Vec<String>,
    /// Whether the person is known to get in.
    pub enters: bool,
    /// Whether nothing is known at all.
    pub is_unknown: bool,
}

/// Concludes from the machine what can be concluded.
pub fn examine(evidence: &Evidence, machine: &Machine, access: Access) -> OwnMachine {
    let (enters, nothing_else_known) = (access.enters, access.is_unknown);
    let look = Look::of(evidence, machine, access);
    let mut profiles = look.profiles();
    let roles = roles::profiles(&look, &profiles);
    // A profile that assumes a role is not one that signs in, whatever else it says.
    let assumes = |name: &str| roles.iter().any(|role| role.name() == name && role.is_sound());
    profiles.retain(|profile| !assumes(profile.name()));
    let bases = roles::sign_ins(&roles).into_iter().filter_map(|base| look.base(base.name));
    let with_bases: Vec<Profile<'_>> = profiles.iter().copied().chain(bases).collect();
    let for_account: Vec<&str> =
        profiles.iter().map(Profile::name).chain(roles.iter().map(roles::RoleProfile::name)).collect();
    let mut faults = file::faults(&look);
    faults.extend(keys::faults(&look, &for_account));
    faults.extend(roles::faults(&roles));
    for profile in &with_bases {
        faults.extend(session::faults(&look, profile));
        faults.extend(profile::faults(&look, profile));
    }
    faults.extend(sign_in::faults(&look, &with_bases));
    if for_account.is_empty() {
        faults.extend(profile::without_account(&look));
    }
    if enters && faults.is_empty() {
        faults.extend(sign_in::nothing_listed(&look, &profiles));
    }
    let mut told: Vec<LocalFault> = Vec::new();
    for fault in faults {
        // Two profiles may share the session that is wrong, and two faults one line that mends both.
        let is_same = |one: &LocalFault| one.kind == fault.kind || fault.fault.change.iter().any(Change::is_known);
        let known =
            told.iter().any(|one| one.fault.change.is_some() && one.fault.change == fault.fault.change && is_same(one));
        if !known {
            told.push(fault);
        }
    }
    let mut seen = seen::seen(&look, &with_bases, &roles);
    seen.extend(roles::seen(&look, &roles));
    seen.extend(keys::seen(&look, &profiles));
    OwnMachine {
        seen,
        advice: if for_account.is_empty() { file::advice(&look, &told) } else { Vec::new() },
        faults: told,
        unread: seen::unread(&look, &with_bases),
        listed: look.listed(),
        portal: seen::portal(&look),
        alone: nothing_else_known.then(|| seen::alone(&look)),
    }
}

/// What was meant by a value: without the quotes and the comment that the AWS CLI takes for a part of it.
pub(crate) fn meant(value: &str) -> &str {
    let bare = [" #", " ;", "\t#", "\t;"].iter().fold(value, |text, mark| text.split(mark).next().unwrap_or(text));
    bare.trim().trim_matches(['"', '\'']).trim()
}

/// A setting with another value.
fn line(key: &str, value: &str) -> String {
    format!("{key} = {value}")
}

/// `aws sso login` for a profile; for one that a terminal does not show as it is, the reader has to write its name.
fn login(profile: &str) -> Vec<String> {
    let login = ["aws", "sso", "login"].map(str::to_owned);
    let profile = if profile.chars().any(is_treacherous) { "PROFILE" } else { profile };
    login.into_iter().chain(option("--profile", profile)).collect()
}

/// `aws sso logout`, which ends every sign-in of the AWS CLI.
fn logout() -> Vec<String> {
    ["aws", "sso", "logout"].map(str::to_owned).to_vec()
}

/// Names in a sentence.
fn names(names: &[String]) -> String {
    wording::list(names.iter().cloned(), 5)
}

/// Whether a file holds nothing that could be read.
const fn is_absent<T>(content: &Content<T>) -> bool {
    matches!(content, Content::Absent)
}
