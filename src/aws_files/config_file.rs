//! Reads the AWS CLI's two files as the AWS CLI does, and keeps the lines, so that a fault can be shown where it is. Only
//! what concerns sign-in and roles is kept: the other settings may be secrets, and of keys it is kept that they are there.

use std::collections::BTreeMap;

use crate::evidence::{Flaw, FlawKind, KeyProfile, Setting, SsoConfig, SsoSection, Swallowed};

/// What all settings that concern sign-in begin with.
const PREFIX: &str = "sso_";
/// Other settings that a session may hold by mistake, and then has to have in common with its profiles.
const SHARED: [&str; 2] = ["output", "region"];
/// The settings by which a profile assumes a role.
const ROLES: [&str; 3] = ["role_arn", "source_profile", "credential_source"];
/// Settings of which it is only kept that they are there.
const PRESENT: [&str; 7] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "credential_process",
    "login_session",
    "web_identity_token_file",
];
/// The section whose settings count in every other one that has none of that name.
const FOR_ALL: &str = "DEFAULT";

/// Reads the file. There is no failure: what keeps the AWS CLI from reading it is told as a flaw, and the rest is read
/// as it was probably meant.
pub fn read(bytes: &[u8]) -> SsoConfig {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::of(&text);
    if let Err(error) = std::str::from_utf8(bytes) {
        // In a file of another encoding every other flaw is but a consequence.
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        reader.flaws = vec![Flaw { line: u32::try_from(line).unwrap_or(u32::MAX), kind: FlawKind::NotUtf8 }];
    } else if text.starts_with('\u{feff}') {
        reader.flaws.insert(0, Flaw { line: 1, kind: FlawKind::ByteOrderMark });
    }
    of_sign_in(reader)
}

/// The profiles that the config file holds, whatever their settings are.
pub fn profiles(text: &str) -> Vec<String> {
    Reader::of(text).finish(File::Config).into_iter().filter_map(|section| section.kind().profile()).collect()
}

/// What stands between the brackets of each section; in the credentials file, that is a profile.
pub fn headers(text: &str) -> Vec<String> {
    Reader::of(text).finish(File::Credentials).into_iter().map(|section| section.sso.header).collect()
}

/// Which of the two files it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// The config file, in which a header says that it is a profile's.
    Config,
    /// The shared credentials file, in which each section is a profile.
    Credentials,
}

/// What the profiles of a file say of keys and roles.
pub fn key_profiles(bytes: &[u8], file: File) -> Vec<KeyProfile> {
    let sections = Reader::of(&String::from_utf8_lossy(bytes)).finish(file).into_iter();
    let profile = |section: Section| {
        let (name, of_sign_in) = match file {
            File::Config => (section.kind().profile()?, BTreeMap::new()),
            File::Credentials => (section.sso.header.clone(), section.sso.settings),
        };
        let of_sign_in = of_sign_in.into_iter().filter(|(key, _)| key.starts_with(PREFIX));
        let settings = of_sign_in.chain(section.roles).collect();
        let (header, line) = (section.sso.header, section.sso.line);
        Some(KeyProfile { name, header, line, settings, present: section.present })
    };
    sections.filter_map(profile).collect()
}

/// The name of the profile that a header is meant for, whether or not it is in the right form.
pub fn meant_profile(header: &str) -> &str {
    let header = header.trim();
    let behind = ["profile", "Profile", "PROFILE"].iter().find_map(|word| header.strip_prefix(word));
    // `profiles-of-ours` is a name.
    let name = behind.filter(|name| name.starts_with([' ', '\t', ':', '"', '\''])).unwrap_or(header);
    name.trim_matches([' ', '\t', ':', '"', '\''])
}

/// The header that makes its section a profile.
pub fn profile_header(name: &str) -> String {
    match name {
        "default" => "[default]".to_owned(),
        _ if name.contains([' ', '\t', '\'']) => format!("[profile \"{name}\"]"),
        _ => format!("[profile {name}]"),
    }
}

/// What a header makes of its section.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Profile(String),
    Session(String),
    Other,
}

impl Kind {
    fn profile(self) -> Option<String> {
        match self {
            Self::Profile(name) => Some(name),
            Self::Session(_) | Self::Other => None,
        }
    }
}

/// A section with all that is kept of it.
#[derive(Debug)]
struct Section {
    sso: SsoSection,
    roles: BTreeMap<String, Setting>,
    present: BTreeMap<String, u32>,
}

impl Section {
    fn kind(&self) -> Kind {
        kind(&self.sso.header)
    }

    fn is_for_all(&self) -> bool {
        self.sso.header == FOR_ALL
    }
}

/// The rules are those of Python's `configparser` and of botocore's `configloader`, by which the AWS CLI goes.
#[derive(Debug, Default)]
struct Reader {
    sections: Vec<Section>,
    flaws: Vec<Flaw>,
    /// The line of each setting of the section under way, whatever it concerns.
    lines: BTreeMap<String, u32>,
    /// The setting that an indented line goes on with.
    open: Option<String>,
    /// Whether that has nothing on its own line, so that what follows is a list of settings.
    is_nested: bool,
    /// How far the last line that stood for itself was indented.
    indent: usize,
}

impl Reader {
    fn of(text: &str) -> Self {
        let mut reader = Self::default();
        for (line, text) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
            reader.line(line, text);
        }
        reader
    }

    fn line(&mut self, line: u32, text: &str) {
        let content = text.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return;
        }
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        if let Some(into) = self.open.clone()
            && indent > self.indent
        {
            if self.is_nested && !content.contains('=') {
                self.flaw(line, FlawKind::NoEqualsSign);
            }
            self.swallow(line, content, into);
            return;
        }
        self.indent = indent;
        let header = content.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')).map(|(header, _)| header);
        match header.filter(|header| !header.is_empty()) {
            Some(header) => self.section(line, header),
            None if self.sections.is_empty() => self.flaw(line, FlawKind::BeforeAnySection),
            None => self.setting(line, content),
        }
    }

    fn section(&mut self, line: u32, header: &str) {
        let first = self.sections.iter().find(|section| section.sso.header == header && !section.is_for_all());
        if let Some(first) = first {
            let kind = FlawKind::DuplicateSection { header: header.to_owned(), first: first.sso.line };
            self.flaw(line, kind);
        }
        self.lines.clear();
        self.open = None;
        let name = match kind(header) {
            Kind::Profile(name) | Kind::Session(name) => name,
            Kind::Other => header.trim().to_owned(),
        };
        let (settings, swallowed) = (BTreeMap::new(), Vec::new());
        let sso = SsoSection { name, header: header.to_owned(), line, settings, swallowed };
        self.sections.push(Section { sso, roles: BTreeMap::new(), present: BTreeMap::new() });
    }

    fn setting(&mut self, line: u32, content: &str) {
        let Some((key, value)) = content.split_once(['=', ':']).filter(|(key, _)| !key.trim().is_empty()) else {
            self.flaw(line, FlawKind::NoEqualsSign);
            return;
        };
        let key = key.trim_end().to_lowercase();
        if let Some(first) = self.lines.insert(key.clone(), line) {
            self.flaw(line, FlawKind::DuplicateSetting { key: key.clone(), first });
        }
        if let Some(section) = self.sections.last_mut() {
            let setting = || Setting { value: value.trim().to_owned(), line, text: content.to_owned() };
            if key.starts_with(PREFIX) || SHARED.contains(&key.as_str()) {
                section.sso.settings.insert(key.clone(), setting());
            } else if ROLES.contains(&key.as_str()) {
                section.roles.insert(key.clone(), setting());
            } else if PRESENT.contains(&key.as_str()) {
                section.present.insert(key.clone(), line);
            }
        }
        self.is_nested = value.trim().is_empty();
        self.open = Some(key);
    }

    /// An indented line is part of the value above it, even if it looks like a setting.
    fn swallow(&mut self, line: u32, content: &str, into: String) {
        let ours = content.to_lowercase().starts_with(PREFIX) && content.contains(['=', ':']);
        if let Some(section) = self.sections.last_mut()
            && (ours || into.starts_with(PREFIX))
        {
            let text = ours.then(|| content.to_owned());
            section.sso.swallowed.push(Swallowed { line, text, into });
        }
    }

    fn flaw(&mut self, line: u32, kind: FlawKind) {
        self.flaws.push(Flaw { line, kind });
    }

    /// The sections, each with what counts in all of them, where it is taken for a profile or session.
    fn finish(self, file: File) -> Vec<Section> {
        let (for_all, mut sections): (Vec<Section>, Vec<Section>) =
            self.sections.into_iter().partition(Section::is_for_all);
        let counts = |section: &Section| file == File::Credentials || section.kind() != Kind::Other;
        for section in sections.iter_mut().filter(|section| counts(section)) {
            for more in for_all.iter().rev() {
                add(&mut section.sso.settings, &more.sso.settings);
                add(&mut section.roles, &more.roles);
                add(&mut section.present, &more.present);
            }
        }
        sections
    }
}

fn add<T: Clone>(own: &mut BTreeMap<String, T>, more: &BTreeMap<String, T>) {
    for (key, value) in more {
        own.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// What concerns sign-in.
fn of_sign_in(reader: Reader) -> SsoConfig {
    let mut config = SsoConfig { flaws: reader.flaws.clone(), ..SsoConfig::default() };
    for section in reader.finish(File::Config) {
        let (kind, mut section) = (section.kind(), section.sso);
        if !matches!(kind, Kind::Session(_)) && !section.settings.contains_key("sso_session") {
            section.settings.retain(|key, _| key.starts_with(PREFIX));
        }
        if section.settings.is_empty() && section.swallowed.is_empty() && !matches!(kind, Kind::Session(_)) {
            continue;
        }
        match kind {
            Kind::Profile(_) => config.profiles.push(section),
            Kind::Session(_) => config.sessions.push(section),
            Kind::Other => config.passed_over.push(section),
        }
    }
    config
}

/// `default`, `profile NAME` and `sso-session NAME` count, with the name in quotes where it holds spaces; everything
/// else is passed over without a word.
fn kind(header: &str) -> Kind {
    if header == "default" {
        return Kind::Profile("default".to_owned());
    }
    let mut words = words(header).unwrap_or_default().into_iter();
    match (words.next(), words.next(), words.next()) {
        (Some(_), Some(name), None) if header.starts_with("profile") => Kind::Profile(name),
        (Some(_), Some(name), None) if header.starts_with("sso-session") => Kind::Session(name),
        _ => Kind::Other,
    }
}

/// Words as a shell splits them; `None` where a quote is not closed.
fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().push(chars.next()?),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests;
