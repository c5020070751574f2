//! The configuration file: what somebody would otherwise type each time. It only changes what options are by default,
//! so what is typed outranks it, and so does the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, io};

use clap::ValueEnum;
use clap::builder::{ArgPredicate, PossibleValue};
use serde::Deserialize;
use toml::Spanned;

use crate::answers::organization::{Accepted, OWN_RULES};
use crate::aws_files;
use crate::cli::{self, Color, Form};
use crate::error::Error;
use crate::input;
use crate::rules::RULES;
use crate::wording::suggest;

/// No such file comes near this size.
const LARGEST: u64 = 1 << 20;

/// What is wrong with a value.
type Check = fn(&str) -> Result<(), String>;

/// The keys, each with the check that its option makes of what is typed.
const KEYS: [(&str, Check); 12] = [
    ("profile", name),
    ("region", name),
    (TARGET_ROLE, name),
    (TARGET_PROFILE, name),
    ("trail", |text| cli::trail::source(text).map(drop)),
    ("trail-profile", name),
    ("timeout", |text| cli::timeout(text).map(drop)),
    ("since", |text| cli::since(text).map(drop)),
    ("output", word::<Form>),
    ("color", word::<Color>),
    (NO_HISTORY, switch),
    (VERBOSE, switch),
];
const TARGET_ROLE: &str = "target-role";
const TARGET_PROFILE: &str = "target-profile";
const NO_HISTORY: &str = "no-history";
const VERBOSE: &str = "verbose";

/// Settings that a variable of the AWS environment outranks, although no option reads it.
const OUTRANKED: [(&str, &str); 2] = [("profile", "AWS_ACCESS_KEY_ID"), ("region", "AWS_DEFAULT_REGION")];

/// Where the exceptions stand that a scan leaves out.
const ACCEPT: &str = "accept";

/// What the file says: defaults by the long names of the options, and accepted exceptions.
#[derive(Debug, Default)]
pub struct Config {
    defaults: BTreeMap<&'static str, String>,
    /// What a scan leaves out.
    pub accepted: Vec<Accepted>,
}

/// An exception, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    rule: String,
    account: Option<String>,
    permission_set: Option<String>,
    until: toml::Value,
    because: String,
}

impl TryFrom<Written> for Accepted {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let until = match &written.until {
            toml::Value::String(day) => day.clone(),
            toml::Value::Datetime(day) => day.to_string(),
            _ => String::new(),
        };
        let until = until.parse().map_err(|_| "until has to be a day such as 2027-01-31".to_owned())?;
        if written.because.trim().is_empty() {
            return Err("because is empty: say why it is accepted".to_owned());
        }
        let Written { rule, account, permission_set, because, .. } = written;
        Ok(Self { rule, account, permission_set, until, because })
    }
}

/// Reads the exceptions one by one, so that what is wrong with one is told at its place, with what was probably meant.
fn exceptions(text: &str) -> Result<Vec<Accepted>, (usize, String, Vec<String>)> {
    #[derive(Deserialize)]
    struct Exceptions {
        accept: Vec<Spanned<toml::Value>>,
    }
    let told = |error: &toml::de::Error| error.message().replace('\n', ", ");
    let all: Exceptions =
        toml::from_str(text).map_err(|error| (error.span().map_or(0, |span| span.start), told(&error), vec![]))?;
    let read = |one: Spanned<toml::Value>| {
        let place = one.span().start;
        let written: Written = one.into_inner().try_into().map_err(|error| (place, told(&error), vec![]))?;
        let ids = || RULES.iter().map(|rule| rule.id).chain(OWN_RULES.iter().map(|rule| rule.id));
        if !ids().any(|id| id == written.rule) {
            let close = suggest::closest(&written.rule, ids().map(|id| (id, id.to_owned())));
            return Err((place, format!("there is no rule {}", written.rule), close));
        }
        Accepted::try_from(written).map_err(|message| (place, message, vec![]))
    };
    all.accept.into_iter().map(read).collect()
}

/// Finds and reads the file: the one that `IDC_CONFIG` names, which then has to be there, or else the usual one.
pub fn find() -> Result<Config, Error> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let (path, is_named) = match set("IDC_CONFIG") {
        Some(path) => (path, true),
        None => match usual(set, aws_files::home()) {
            Some(path) => (path, false),
            None => return Ok(Config::default()),
        },
    };
    match text(&path) {
        Ok(text) => read(&path, &text).map(|config| config.outranked(|name| set(name).is_some())),
        // Where the home folder is none, as that of a service is, there is no such file.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) && !is_named => {
            Ok(Config::default())
        }
        Err(error) => {
            Err(Error::Config { path, line: None, message: format!("cannot be read: {error}"), close: vec![] })
        }
    }
}

fn text(path: &Path) -> io::Result<String> {
    let bytes = input::file_or_pipe(path, LARGEST)?;
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

/// Where the file usually is.
fn usual(set: impl Fn(&'static str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        set("APPDATA")
    } else {
        let configured = set("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute());
        configured.or_else(|| home.map(|home| home.join(".config")))
    };
    folder.map(|folder| folder.join("idc").join("config.toml"))
}

/// Reads what such a file says; the path is for messages only.
pub fn read(path: &Path, text: &str) -> Result<Config, Error> {
    let line = |place: usize| text.get(..place).map(|before| before.matches('\n').count() + 1);
    let wrong = |place: Option<usize>, message: String, close| Error::Config {
        path: path.to_owned(),
        line: place.and_then(line),
        message,
        close,
    };
    let entries: BTreeMap<Spanned<String>, Spanned<toml::Value>> = toml::from_str(text)
        .map_err(|error| wrong(error.span().map(|span| span.start), error.message().replace('\n', ", "), vec![]))?;
    let (mut config, mut accepted) = (BTreeMap::new(), Vec::new());
    for (key, value) in &entries {
        let asked = key.get_ref();
        if asked == ACCEPT {
            accepted = exceptions(text)
                .map_err(|(place, message, close)| wrong(Some(place), format!("{ACCEPT}: {message}"), close))?;
            continue;
        }
        let Some((known, check)) = KEYS.iter().find(|(known, _)| known == asked) else {
            let close = suggest::closest(asked, KEYS.map(|(known, _)| (known, known.to_owned())));
            return Err(wrong(Some(key.span().start), format!("there is no setting {asked}"), close));
        };
        let text = match value.get_ref() {
            toml::Value::String(text) => Ok(text.clone()),
            toml::Value::Boolean(switch) => Ok(switch.to_string()),
            _ => Err("expected a string".to_owned()),
        };
        let text = text.and_then(|text| check(&text).map(|()| text));
        let text = text.map_err(|message| wrong(Some(value.span().start), format!("{known}: {message}"), vec![]))?;
        config.insert(*known, text);
    }
    if let (Some((role, _)), Some((profile, _))) =
        (entries.get_key_value(TARGET_ROLE), entries.get_key_value(TARGET_PROFILE))
    {
        let second = role.span().start.max(profile.span().start);
        let message = format!("{TARGET_ROLE} and {TARGET_PROFILE} exclude each other");
        return Err(wrong(Some(second), message, vec![]));
    }
    Ok(Config { defaults: config, accepted })
}

impl Config {
    /// Leaves out what the environment says as well.
    fn outranked(mut self, is_set: impl Fn(&'static str) -> bool) -> Self {
        for (key, _) in OUTRANKED.into_iter().filter(|(_, variable)| is_set(variable)) {
            self.defaults.remove(key);
        }
        self
    }

    /// Makes what the file says the default of every command's option of that name.
    pub fn set_defaults(&self, command: clap::Command) -> clap::Command {
        command.mut_subcommands(|command| self.defaults.iter().fold(command, set_default))
    }
}

fn set_default(command: clap::Command, (key, value): (&&'static str, &String)) -> clap::Command {
    let id_of =
        |long: &str| command.get_arguments().find(|arg| arg.get_long() == Some(long)).map(|arg| arg.get_id().clone());
    // A question about one person is over in seconds, one about an organization may take long.
    let is_about_many = matches!(command.get_name(), "scan" | "who" | "access");
    let Some(id) = id_of(key).filter(|_| !(is_about_many && *key == "timeout")) else { return command };
    // Whoever gives the one on the command line or in the environment does not want the file's other one.
    let other = match *key {
        TARGET_ROLE => id_of(TARGET_PROFILE),
        TARGET_PROFILE => id_of(TARGET_ROLE),
        VERBOSE => id_of("quiet"),
        _ => None,
    };
    // That option counts how often it was given, and the other one is a switch, which is always there.
    let (value, given, otherwise) = match (*key, value.as_str()) {
        (VERBOSE, "true") => ("1", ArgPredicate::Equals("true".into()), Some("0")),
        (VERBOSE, _) => ("0", ArgPredicate::Equals("true".into()), Some("0")),
        (_, value) => (value, ArgPredicate::IsPresent, None),
    };
    command.mut_arg(id, |arg| {
        let arg = arg.default_value(value.to_owned());
        match other {
            Some(other) => arg.default_value_if(other, given, otherwise),
            None => arg,
        }
    })
}

fn name(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(()) }
}

fn switch(text: &str) -> Result<(), String> {
    text.parse::<bool>().map(drop).map_err(|_| format!("{text} is neither true nor false"))
}

fn word<T: ValueEnum>(text: &str) -> Result<(), String> {
    if T::from_str(text, false).is_ok() {
        return Ok(());
    }
    let words: Vec<_> = T::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
    let names: Vec<&str> = words.iter().map(PossibleValue::get_name).collect();
    Err(format!("{text} is none of {}", names.join(", ")))
}

#[cfg(test)]
mod tests;
