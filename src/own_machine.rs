//! What follows from the machine of the person who asks about themselves: whether the AWS CLI is set up for the account,
//! and what the access portal gives them. Pure, like the rules; but a fault here is about the person's own files, and
//! never by itself a proof that they are kept out.

use crate::diagnosis::PathReport;
use crate::evidence::{Content, Evidence, Machine, Observed, PortalAnswer, SsoConfig};
use crate::fixes;
use crate::paths;
use crate::verdict::Verdict;
use crate::wording;

mod file;
mod profile;
mod seen;
mod session;
mod sign_in;

use profile::Profile;

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
    /// What sort of fault, by which scripts know it.
    pub kind: &'static str,
    /// The profile that suffers from it.
    pub profile: Option<String>,
    /// What is wrong, for people.
    pub message: String,
    /// What to change where.
    pub change: Option<Change>,
    /// Names that were probably meant.
    pub suggestions: Vec<String>,
    /// A command that mends it.
    pub command: Option<Vec<String>>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The line as it is, where that may be shown.
    pub is: Option<String>,
    /// The line, or lines, as it should be, where that is known.
    pub should_be: Vec<String>,
}

/// Something to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What is not there, and what to do.
    pub message: String,
    /// Lines for the config file.
    pub lines: Vec<String>,
    /// Or a command.
    pub command: Option<Vec<String>>,
}

impl LocalFault {
    fn new(kind: &'static str, message: String) -> Self {
        Self { kind, profile: None, message, change: None, suggestions: Vec::new(), command: None }
    }
}

/// The permission sets that the person has in the account, and who says so.
#[derive(Debug)]
struct Sets {
    names: Vec<String>,
    told_by: &'static str,
}

/// Everything that the files say about one question.
#[derive(Debug)]
struct Look<'a> {
    evidence: &'a Evidence,
    machine: &'a Machine,
    config: Option<&'a SsoConfig>,
    account: Option<&'a str>,
    /// The ways that Identity Center itself knows, and whether these are all.
    assigned: Option<Vec<String>>,
}

/// Concludes from the machine what can be concluded; `None` where nobody asked about themselves.
pub fn examine(
    evidence: &Evidence,
    verdict: Verdict,
    ways: &[PathReport],
    nothing_else_known: bool,
) -> Option<OwnMachine> {
    let machine = evidence.machine.as_ref()?;
    let look = Look {
        evidence,
        machine,
        config: machine.config.content.read(),
        account: evidence.account.id.as_deref(),
        assigned: assigned(evidence, ways),
    };
    let profiles = look.profiles();
    let mut faults = file::faults(&look);
    for profile in &profiles {
        faults.extend(session::faults(&look, profile));
        faults.extend(profile::faults(&look, profile));
    }
    faults.extend(sign_in::faults(&look, &profiles));
    let enters = matches!(verdict, Verdict::Reachable | Verdict::Degraded);
    if enters && faults.is_empty() {
        faults.extend(sign_in::nothing_listed(&look, &profiles));
    }
    let mut told: Vec<LocalFault> = Vec::new();
    for fault in faults {
        // Two profiles may share the session that is wrong.
        let known = told.iter().any(|one| one.kind == fault.kind && one.change.is_some() && one.change == fault.change);
        if !known {
            told.push(fault);
        }
    }
    Some(OwnMachine {
        seen: seen::seen(&look, &profiles),
        advice: file::advice(&look, &profiles, &told),
        faults: told,
        unread: seen::unread(&look, &profiles),
        listed: look.listed(),
        portal: seen::portal(&look),
        alone: nothing_else_known.then(|| seen::alone(&look)),
    })
}

/// The permission sets through which Identity Center assigns the account, where all of them are known.
fn assigned(evidence: &Evidence, ways: &[PathReport]) -> Option<Vec<String>> {
    let whole = !ways.is_empty() && paths::find(evidence).hidden_assignments.0.is_empty();
    let mut names: Vec<String> =
        ways.iter().filter(|way| way.stands).filter_map(|way| way.permission_set.clone()).collect();
    names.sort();
    names.dedup();
    (whole && !names.is_empty()).then_some(names)
}

impl<'a> Look<'a> {
    /// The profiles that are, or are probably meant to be, for the account.
    fn profiles(&self) -> Vec<Profile<'a>> {
        let (Some(config), Some(account)) = (self.config, self.account) else { return Vec::new() };
        let all = || config.profiles.iter().filter_map(|section| Profile::of(self, section, account));
        let right: Vec<Profile<'_>> = all().filter(|profile| !profile.is_near_miss()).collect();
        if right.is_empty() { all().collect() } else { right }
    }

    /// The portal's answers that came.
    fn answers(&self) -> impl Iterator<Item = (&'a PortalAnswer, &'a Vec<String>)> {
        self.machine.portal.iter().filter_map(|answer| match &answer.permission_sets {
            Observed::Known(sets) => Some((answer, sets)),
            Observed::Denied { .. }
            | Observed::Throttled { .. }
            | Observed::TimedOut { .. }
            | Observed::Failed { .. }
            | Observed::NotAsked { .. } => None,
        })
    }

    /// Of the permission sets asked about, those that any portal lists.
    fn listed(&self) -> Option<Vec<String>> {
        let wanted = self.evidence.question.permission_set.as_deref();
        let wanted = |set: &&String| wanted.is_none_or(|wanted| wanted == set.as_str());
        let mut answers = self.answers().peekable();
        answers.peek()?;
        let mut sets: Vec<String> = answers.flat_map(|(_, sets)| sets.iter().filter(wanted).cloned()).collect();
        sets.sort();
        sets.dedup();
        Some(sets)
    }

    /// The permission sets that the person has in the account: by the portal of this sign-in, else by any, else by
    /// Identity Center itself.
    fn sets(&self, sign_in: Option<&str>) -> Option<Sets> {
        let own = self.answers().filter(|(answer, _)| Some(answer.sign_in.as_str()) == sign_in);
        let any = self.answers().filter(|(_, sets)| !sets.is_empty());
        let listed = own.chain(any).map(|(_, sets)| sets).find(|sets| !sets.is_empty());
        listed
            .map(|names| Sets { names: names.clone(), told_by: "the access portal lists" })
            .or_else(|| self.assigned.clone().map(|names| Sets { names, told_by: "Identity Center assigns" }))
    }

    /// The file as it is called in sentences.
    fn path(&self) -> &'a str {
        &self.machine.config.path
    }

    /// A change of a line of the config file.
    fn change(&self, line: u32, is: &str, should_be: impl IntoIterator<Item = String>) -> Change {
        let (path, is) = (self.path().to_owned(), Some(is.to_owned()));
        Change { path, line, is, should_be: should_be.into_iter().collect() }
    }

    /// The account for people.
    fn account_label(&self) -> String {
        self.evidence.account_label()
    }
}

impl OwnMachine {
    /// The whole in one or two sentences, for a summary.
    pub fn statement(&self) -> String {
        match self.faults.as_slice() {
            [] => self.portal.clone(),
            [only] => format!("{} On this machine: {}", self.portal, only.message),
            [first, rest @ ..] => {
                format!("{} On this machine: {} ({} more)", self.portal, first.message, rest.len())
            }
        }
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

/// `aws sso login` for a profile.
fn login(profile: &str) -> Vec<String> {
    let login = ["aws", "sso", "login"].map(str::to_owned);
    login.into_iter().chain(fixes::option("--profile", profile)).collect()
}

/// Names in a sentence.
fn names(names: &[String]) -> String {
    wording::list(names.iter().cloned(), 5)
}

/// Whether a file holds nothing that could be read.
const fn is_absent<T>(content: &Content<T>) -> bool {
    matches!(content, Content::Absent)
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
