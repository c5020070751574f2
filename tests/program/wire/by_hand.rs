//! Somebody who pastes what an answer advises: reads the line as a POSIX shell would, and does what the AWS CLI would do
//! with it. Files are kept here, placeholders are filled in by whoever writes the test.

mod line;
mod protocol;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use served::{BY_HAND, Credential, Served};

/// Which options take what, beside text; the AWS CLI knows it from the services' models.
const STRUCTURES: [&str; 8] = [
    "customer-managed-policy-reference",
    "emails",
    "entitlement",
    "member-id",
    "name",
    "permissions-boundary",
    "target",
    "alternate-identifier",
];
const NUMBERS: [&str; 1] = ["desired-value"];
const FLAGS: [&str; 2] = ["permission-sets-enabled", "set-as-default"];

/// Somebody with credentials and a folder.
pub(crate) struct Hand<'a> {
    served: &'a Served,
    /// The access key that is used without a profile.
    key: String,
    /// Access keys by profile.
    profiles: BTreeMap<String, String>,
    /// What stands in the place of what is in capital letters.
    choices: Vec<(&'static str, String)>,
    files: BTreeMap<String, String>,
    edit: fn(&str) -> String,
    /// What requests carry as their `User-Agent`.
    agent: &'static str,
}

impl<'a> Hand<'a> {
    /// Somebody who has nothing but the caller's own credentials.
    pub(crate) fn new(served: &'a Served, key: &str) -> Self {
        let (profiles, files) = (BTreeMap::new(), BTreeMap::new());
        Self { served, key: key.to_owned(), profiles, choices: Vec::new(), files, edit: str::to_owned, agent: BY_HAND }
    }

    /// Somebody who has a profile in every account, and replaces what has to be replaced.
    pub(crate) fn with_profiles(mut self, choices: Vec<(&'static str, String)>) -> Self {
        let accounts: Vec<String> =
            self.served.organization().accounts.iter().map(|account| account.id.clone()).collect();
        self.served.change(|organization| {
            for account in &accounts {
                let arn = format!("arn:aws:sts::{account}:assumed-role/Administrator/somebody");
                let credential = Credential { account: account.clone(), arn, user_id: "AROA:somebody".into() };
                organization.credentials.insert(format!("AKIAHAND{account}"), credential);
            }
        });
        self.profiles = accounts.iter().map(|one| (format!("PROFILE_IN_{one}"), format!("AKIAHAND{one}"))).collect();
        // It has the policies that scenarios take out of prod-data.
        self.profiles.insert("PROFILE_IN_ANOTHER_ACCOUNT".into(), "AKIAHAND210987654321".into());
        self.choices = choices;
        self
    }

    /// Somebody who is taken for the program.
    pub(crate) fn in_disguise(self) -> Self {
        Self { agent: "aws-sdk-rust", ..self }
    }

    /// Edits whatever a command writes to a file.
    pub(crate) fn editing(mut self, edit: fn(&str) -> String) -> Self {
        self.edit = edit;
        self
    }

    /// Writes a file.
    pub(crate) fn holding(mut self, file: &str, text: &str) -> Self {
        self.files.insert(file.to_owned(), text.to_owned());
        self
    }

    /// Pastes a line; `account` is where the answer says that it acts.
    pub(crate) fn paste(&mut self, line: &str, account: Option<&str>) -> Result<(), String> {
        let mut line = line.to_owned();
        for (placeholder, value) in &self.choices {
            line = line.replace(placeholder, value);
        }
        let pasted = line::read(&line)?;
        let [aws, service, operation, options @ ..] = &pasted.words[..] else {
            return Err(format!("not a command: {line}"));
        };
        if aws != "aws" {
            return Err(format!("not a command of the AWS CLI: {line}"));
        }
        let mut options = self.options(options)?;
        let key = match options.remove("profile") {
            Some(Value::String(profile)) => self
                .profiles
                .get(&profile)
                .cloned()
                .ok_or(format!("The config profile ({profile}) could not be found"))?,
            _ => self.key.clone(),
        };
        let credentials = self.served.organization().credentials;
        let acts_in = credentials.get(&key).map(|credential| credential.account.as_str());
        if account.is_some() && account != acts_in {
            return Err(format!("acts in {acts_in:?}, and the answer says {account:?}: {line}"));
        }
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let region = text(options.remove("region")).unwrap_or_else(|| "us-east-1".into());
        let (part, form) = (text(options.remove("query")), text(options.remove("output")));
        let reply =
            protocol::send((&self.served.endpoint(), self.agent), (&key, &region), (service, operation), &options)?;
        if let Some(file) = pasted.into {
            let part = part.ok_or("a whole answer is no document")?;
            let found = part.split('.').fold(&reply, |value, member| &value[member]);
            let written = match (found, form.as_deref()) {
                (Value::String(text), Some("text")) => text.clone(),
                (Value::Object(_), Some("json")) => format!("{found:#}"),
                other => return Err(format!("{part} is no document in that form: {other:?}")),
            };
            self.files.insert(file, (self.edit)(&written));
        }
        Ok(())
    }

    fn options(&self, words: &[String]) -> Result<Map<String, Value>, String> {
        let mut options = Map::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").ok_or(format!("unknown options: {word}"))?;
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None if FLAGS.contains(&name) => (name, None),
                None => {
                    let value = words.next().filter(|value| !value.starts_with('-'));
                    (name, Some(value.ok_or(format!("--{name} expects one argument"))?.clone()))
                }
            };
            let value = match value {
                None => Value::Bool(true),
                Some(value) => self.value(name, &value)?,
            };
            if options.insert(name.to_owned(), value).is_some() {
                return Err(format!("--{name} is given twice"));
            }
        }
        Ok(options)
    }

    fn value(&self, name: &str, text: &str) -> Result<Value, String> {
        let text = match text.strip_prefix("file://") {
            Some(file) => self.files.get(file).ok_or(format!("Unable to load paramfile {file}"))?,
            None => text,
        };
        if ["http://", "https://", "fileb://"].iter().any(|prefix| text.starts_with(prefix)) {
            return Err(format!("--{name} would be loaded from {text}"));
        }
        if NUMBERS.contains(&name) {
            return text.parse::<f64>().map(Value::from).map_err(|_| format!("--{name} is no number: {text}"));
        }
        if !STRUCTURES.contains(&name) {
            return Ok(text.into());
        }
        if text.starts_with(['{', '[']) {
            return serde_json::from_str(text).map_err(|error| format!("--{name} is no JSON: {error}"));
        }
        let pairs = text.split(',').map(|pair| pair.split_once('=').ok_or(format!("--{name}: Expected '=' in {pair}")));
        let members = pairs.map(|pair| pair.map(|(member, value)| (member.to_owned(), Value::from(value))));
        members.collect::<Result<Map<_, _>, String>>().map(Value::Object)
    }
}
