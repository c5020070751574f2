//! The profiles of both files as the AWS CLI puts them together: a setting of the credentials file outranks the config
//! file's, and of two sections with one name in the same file the later counts.

use std::borrow::Cow;

use crate::evidence::{Content, Evidence, KeyProfile, KeySources, Machine, Setting, SsoConfig, SsoSection};

/// A setting or key, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) path: &'a str,
    pub(super) line: u32,
    pub(super) setting: Option<&'a Setting>,
}

impl<'a> Placed<'a> {
    /// The value; empty for one that is not kept.
    pub(super) fn value(&self) -> &'a str {
        self.setting.map(|setting| setting.value.as_str()).unwrap_or_default()
    }
}

/// What both files say of one profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merged<'a> {
    pub(super) name: &'a str,
    paths: [&'a str; 2],
    sso: Option<&'a SsoSection>,
    config: Option<&'a KeyProfile>,
    credentials: Option<&'a KeyProfile>,
}

impl<'a> Merged<'a> {
    /// A setting.
    pub(super) fn get(&self, key: &str) -> Option<Placed<'a>> {
        let [config, credentials] = self.paths;
        let placed = |path| move |setting: &'a Setting| Placed { path, line: setting.line, setting: Some(setting) };
        let of_sign_in = || self.sso?.settings.get(key).map(placed(config));
        let of_credentials = self.credentials.and_then(|one| one.settings.get(key)).map(placed(credentials));
        of_credentials.or_else(|| self.config?.settings.get(key).map(placed(config))).or_else(of_sign_in)
    }

    /// A setting of which only the place is kept.
    pub(super) fn place(&self, key: &str) -> Option<Placed<'a>> {
        self.in_credentials(key).or_else(|| self.in_config(key))
    }

    /// The same in the credentials file alone.
    pub(super) fn in_credentials(&self, key: &str) -> Option<Placed<'a>> {
        Some(Placed { path: self.paths[1], line: *self.credentials?.present.get(key)?, setting: None })
    }

    /// The same in the config file alone.
    pub(super) fn in_config(&self, key: &str) -> Option<Placed<'a>> {
        Some(Placed { path: self.paths[0], line: *self.config?.present.get(key)?, setting: None })
    }

    /// Where the profile begins.
    pub(super) fn header(&self) -> Placed<'a> {
        let of = |path| move |one: &'a KeyProfile| Placed { path, line: one.line, setting: None };
        let config = self.config.map(of(self.paths[0]));
        let place = config.or_else(|| self.credentials.map(of(self.paths[1])));
        place.unwrap_or(Placed { path: self.paths[0], line: 0, setting: None })
    }
}

/// All that is known of the profiles, where it was looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) found: &'a KeySources,
    config: Option<&'a SsoConfig>,
    path: &'a str,
}

impl<'a> Sources<'a> {
    pub(super) fn of(machine: &'a Machine) -> Option<Self> {
        let (found, config) = (machine.keys.as_ref()?, machine.config.content.read());
        Some(Self { found, config, path: &machine.config.path })
    }

    /// The profiles of the credentials file.
    fn credentials(&self) -> &'a [KeyProfile] {
        self.found.credentials.content.read().map(Vec::as_slice).unwrap_or_default()
    }

    /// Every name that either file defines, in order.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let all = self.found.config.iter().chain(self.credentials());
        let mut names: Vec<&str> = all.map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The profile of this name.
    pub(super) fn profile(&self, name: &str) -> Option<Merged<'a>> {
        let is = |one: &&KeyProfile| one.name == name;
        let config = self.found.config.iter().rev().find(is);
        let credentials = self.credentials().iter().rev().find(is);
        let name = config.or(credentials)?.name.as_str();
        let line = config.map(|one| one.line);
        let sso = self.config.and_then(|all| all.profiles.iter().find(|one| Some(one.line) == line));
        Some(Merged { name, paths: [self.path, &self.found.credentials.path], sso, config, credentials })
    }

    /// The section that hides one of the config file: a later one that defines the same profile under another header.
    pub(super) fn hides(&self, section: &SsoSection) -> Option<&'a KeyProfile> {
        let last = self.found.config.iter().rev().find(|one| one.name == section.name)?;
        (last.header != section.header).then_some(last)
    }

    /// Whether whatever is not among the profiles is not there: no file went unread or is one that the AWS CLI refuses.
    pub(super) fn is_whole(&self, machine: &Machine) -> bool {
        let config = match &machine.config.content {
            Content::Read(config) => config.flaws.is_empty(),
            Content::Absent => true,
            Content::Unreadable { .. } => false,
        };
        config && !matches!(self.found.credentials.content, Content::Unreadable { .. })
    }
}

/// The sections that hold a profile's settings for sign-in, with those that the credentials file outranks replaced. A
/// section that a later one of the same name hides is left out.
pub(super) fn sections(evidence: &Evidence) -> Vec<Cow<'_, SsoSection>> {
    let Some(machine) = evidence.machine.as_ref() else { return Vec::new() };
    let Some(config) = machine.config.content.read() else { return Vec::new() };
    let mut sections: Vec<Cow<'_, SsoSection>> = Vec::new();
    let sources = Sources::of(machine);
    let counts = |section: &&SsoSection| sources.is_none_or(|sources| sources.hides(section).is_none());
    sections.extend(config.profiles.iter().filter(counts).map(Cow::Borrowed));
    let Some(sources) = sources else { return sections };
    for one in sources.credentials() {
        let settings = || one.settings.iter().filter(|(key, _)| key.starts_with("sso_"));
        if settings().next().is_none() {
            continue;
        }
        let settings = settings().map(|(key, setting)| (key.clone(), setting.clone()));
        if let Some(section) = sections.iter_mut().find(|section| section.name == one.name) {
            section.to_mut().settings.extend(settings);
        } else {
            let (name, header, line) = (one.name.clone(), one.header.clone(), one.line);
            sections.push(Cow::Owned(SsoSection {
                name,
                header,
                line,
                settings: settings.collect(),
                swallowed: Vec::new(),
            }));
        }
    }
    sections
}
