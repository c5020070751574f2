//! What there is to go by for one question: the machine, what the access portal answered, and what Identity Center itself
//! assigns. It looks things up and concludes nothing.

use std::borrow::Cow;

use super::Access;
use super::profile::Profile;
use super::sources::{Sources, sections};
use crate::evidence::{Evidence, Machine, PortalAnswer, Setting, SsoConfig, SsoSection};
use crate::findings::Change;
use crate::model::paths;

/// Everything that the files say about one question.
#[derive(Debug)]
pub(super) struct Look<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) machine: &'a Machine,
    pub(super) config: Option<&'a SsoConfig>,
    pub(super) account: Option<&'a str>,
    pub(super) assigned: Assigned,
    /// Whether Identity Center is known to let the person in.
    pub(super) enters: bool,
    /// What is known of keys and roles, where that was looked at.
    pub(super) sources: Option<Sources<'a>>,
    /// The sections of the config file that the AWS CLI takes for the profiles that sign in.
    sections: Vec<Cow<'a, SsoSection>>,
}

/// The permission sets through which Identity Center assigns the account to the person.
#[derive(Debug)]
pub(super) struct Assigned {
    /// Those whose way is not known to be shut.
    pub(super) open: Vec<String>,
    /// The others.
    pub(super) shut: Vec<String>,
    /// Whether no other way within the question can be hidden.
    whole: bool,
}

impl Assigned {
    fn of(evidence: &Evidence, machine: &Machine, Access { open, shut, .. }: Access) -> Self {
        let whole = machine.organization_unasked.is_none()
            && evidence.user_id().is_ok_and(|id| id.is_some())
            && paths::find(evidence.asked()).hidden_assignments.0.is_empty();
        Self { open, shut, whole }
    }

    /// Whether Identity Center is known to tell of this permission set, were it assigned.
    pub(super) fn settles(&self, look: &Look<'_>, permission_set: &str) -> bool {
        let question = &look.evidence.question;
        self.whole
            && question.group.is_none()
            && question.permission_set.as_deref().is_none_or(|asked| asked == permission_set)
    }
}

impl<'a> Look<'a> {
    /// Gathers what there is.
    pub(super) fn of(evidence: &'a Evidence, machine: &'a Machine, access: Access) -> Self {
        let (config, account) = (machine.config.content.read(), evidence.account.id.as_deref());
        let (enters, sources) = (access.enters, Sources::of(machine));
        let assigned = Assigned::of(evidence, machine, access);
        Self { evidence, machine, config, account, assigned, enters, sources, sections: sections(evidence) }
    }

    /// The profiles that are, or are probably meant to be, for the account.
    pub(super) fn profiles(&self) -> Vec<Profile<'_>> {
        let Some(account) = self.account else { return Vec::new() };
        let all = || self.sections.iter().filter_map(|section| Profile::of(self, section, account));
        let right: Vec<Profile<'_>> = all().filter(|profile| !profile.is_near_miss()).collect();
        if right.is_empty() { all().collect() } else { right }
    }

    /// The profiles that name a permission set, and no account that it would be in.
    pub(super) fn without_account(&self) -> Vec<Profile<'_>> {
        let lacks = |section: &&Cow<'_, SsoSection>| {
            section.settings.contains_key("sso_role_name") && !section.settings.contains_key("sso_account_id")
        };
        self.sections.iter().filter(lacks).map(|section| Profile::with(self, section, None)).collect()
    }

    /// The profile with whose sign-in another one assumes a role.
    pub(super) fn base(&self, name: &str) -> Option<Profile<'_>> {
        self.sections.iter().find(|section| section.name == name).map(|section| Profile::with(self, section, None))
    }

    /// The portal's answers that came.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&'a PortalAnswer, &'a Vec<String>)> {
        self.machine.portal.iter().filter_map(|answer| Some((answer, answer.permission_sets.known().ok()?)))
    }

    /// Of the permission sets asked about, those that any portal lists.
    pub(super) fn listed(&self) -> Option<Vec<String>> {
        let wanted = self.evidence.question.permission_set.as_deref();
        let wanted = |set: &&String| wanted.is_none_or(|wanted| wanted == set.as_str());
        let mut answers = self.answers().peekable();
        answers.peek()?;
        let mut sets: Vec<String> = answers.flat_map(|(_, sets)| sets.iter().filter(wanted).cloned()).collect();
        sets.sort();
        sets.dedup();
        Some(sets)
    }

    /// Whether the person has this permission set in the account, by the portal or by Identity Center itself.
    pub(super) fn has(&self, set: &str) -> bool {
        self.answers().any(|(_, sets)| sets.iter().any(|one| one == set))
            || self.assigned.open.iter().any(|one| one == set)
    }

    /// A permission set that the person has in the account, by the portal or else by Identity Center itself.
    pub(super) fn some_set(&self) -> Option<&str> {
        let listed = self.answers().find_map(|(_, sets)| sets.first());
        listed.or_else(|| self.assigned.open.first()).map(String::as_str)
    }

    /// The config file as it is called in sentences.
    pub(super) fn path(&self) -> &'a str {
        &self.machine.config.path
    }

    /// A change of a line of the config file.
    pub(super) fn change(&self, line: u32, is: &str, should_be: impl IntoIterator<Item = String>) -> Change {
        let (path, is) = (self.path().to_owned(), Some(is.to_owned()));
        Change { path, line, is, should_be: should_be.into_iter().collect() }
    }

    /// A change of a setting of a profile, in the file that it stands in.
    pub(super) fn change_of(&self, profile: &Profile<'_>, setting: &Setting, should_be: Option<String>) -> Change {
        let change = self.change(setting.line, &setting.text, should_be);
        Change { path: self.place(profile, setting).to_owned(), ..change }
    }

    /// What to put under a profile's header, in the file that it stands in.
    pub(super) fn change_of_header(&self, profile: &Profile<'_>, lines: Vec<String>) -> Change {
        let section = profile.section;
        let change = self.change(section.line, &format!("[{}]", section.header), lines);
        let in_config =
            self.config.is_some_and(|config| config.profiles.iter().any(|one| one.header == section.header));
        match self.sources {
            Some(sources) if !in_config => Change { path: sources.found.credentials.path.clone(), ..change },
            Some(_) | None => change,
        }
    }

    /// The file in which a setting of a profile stands.
    pub(super) fn place(&self, profile: &Profile<'_>, setting: &Setting) -> &'a str {
        let credentials = self.sources.map(|sources| &sources.found.credentials);
        let own = credentials.and_then(|file| file.content.read()).into_iter().flatten();
        let mut own = own.filter(|one| one.name == profile.name()).flat_map(|one| one.settings.values());
        let in_session = profile.session.is_some_and(|session| session.settings.values().any(|one| one == setting));
        match credentials {
            Some(file) if !in_session && own.any(|one| one == setting) => &file.path,
            Some(_) | None => self.path(),
        }
    }

    /// The account for people.
    pub(super) fn account_label(&self) -> String {
        self.evidence.account_label()
    }
}
