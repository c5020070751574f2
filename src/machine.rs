//! The machine of the person who asks about themselves: whether the AWS CLI is set up for the account, and what the access
//! portal gives them. Pure, like the rules; but a fault here is about the person's own files, and never by itself a proof
//! that they are kept out.

use crate::evidence::{Content, Evidence, Machine};
use crate::findings::{Change, Command};
use crate::wording::shell::option;
use crate::wording::{self, is_treacherous};

/// What a rule's own file says of it; its name and its page are the registry's.
macro_rules! rule {
    ($name:ident: $summary:literal, $($check:expr),+) => {
        pub(super) const $name: Rule = Rule { id: "", explain: || "", summary: $summary, checks: &[$($check),+] };
    };
}

mod chain;
mod file;
mod keys;
mod look;
mod permission_set;
mod portal_url;
mod profile;
mod role_source;
mod roles;
mod rules;
mod seen;
mod session;
mod sign_in;
mod slip;
mod sources;
mod start_url;
mod subjects;

use look::Look;
pub(crate) use portal_url::{known_domain, known_domains};
use rules::{Check, Found};
pub use rules::{LocalFault, RULES, Rule, rule};
use slip::is_slip;
use subjects::Subjects;

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
    let nothing_else_known = access.is_unknown;
    let look = Look::of(evidence, machine, access);
    let subjects = Subjects::of(&look);
    let faults = told_once(rules::judge(&look, &subjects));
    let Subjects { profiles, roles, sign_in_by } = &subjects;
    let mut seen = seen::seen(&look, sign_in_by, roles);
    seen.extend(roles::seen(&look, roles));
    seen.extend(keys::seen(&look, profiles));
    OwnMachine {
        seen,
        advice: if subjects.names().is_empty() { file::advice(&look, &faults) } else { Vec::new() },
        faults,
        unread: seen::unread(&look, sign_in_by),
        listed: look.listed(),
        portal: seen::portal(&look),
        alone: nothing_else_known.then(|| seen::alone(&look)),
    }
}

/// The faults without those that say the same again: two profiles may share the session that is wrong, and two faults one
/// line that mends both.
fn told_once(faults: Vec<LocalFault>) -> Vec<LocalFault> {
    let mut told: Vec<LocalFault> = Vec::new();
    for one in faults {
        let is_same = |other: &LocalFault| other.rule == one.rule || one.fault.change.iter().any(Change::is_known);
        let same_line = |other: &LocalFault| other.fault.change.is_some() && other.fault.change == one.fault.change;
        if !told.iter().any(|other| same_line(other) && is_same(other)) {
            told.push(one);
        }
    }
    told
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
