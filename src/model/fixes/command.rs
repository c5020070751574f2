//! A command of the AWS CLI, word by word. A value that came from AWS or from the question is never read as anything else
//! than that value: what the AWS CLI would take for an option, a file or a link is written otherwise, or not at all.

use serde_json::{Map, Value};

use crate::findings::Command;
use crate::wording::is_treacherous;

/// An option of the AWS CLI with its value, which may begin like an option.
pub fn option(name: &str, value: &str) -> Vec<String> {
    if value.starts_with('-') { vec![format!("{name}={value}")] } else { vec![name.to_owned(), value.to_owned()] }
}

/// A command on its way: what it does, before it is known where.
#[derive(Debug, Clone)]
pub(super) struct Line {
    words: Vec<String>,
    into: Option<&'static str>,
    /// Whether every value can be written so that it stays what it is.
    printable: bool,
}

impl Line {
    pub(super) fn new(service: &str, operation: &str) -> Self {
        let words = ["aws", service, operation].map(str::to_owned).to_vec();
        Self { words, into: None, printable: true }
    }

    /// An option with a value of any origin.
    pub(super) fn option(mut self, name: &str, value: &str) -> Self {
        self.printable &= is_printable(value);
        self.words.extend(option(name, value));
        self
    }

    /// Options with their values.
    pub(super) fn options<'a>(self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        pairs.into_iter().fold(self, |line, (name, value)| line.option(name, value))
    }

    /// An option without a value.
    pub(super) fn flag(mut self, name: &str) -> Self {
        self.words.push(name.to_owned());
        self
    }

    /// An option whose value is what a file holds that an earlier command or the reader wrote.
    pub(super) fn document(mut self, name: &str, file: &str) -> Self {
        self.words.extend([name.to_owned(), format!("file://{file}")]);
        self
    }

    /// An option whose value is a structure, in the AWS CLI's shorthand where that can hold the values.
    pub(super) fn structure(self, name: &str, members: &[(&str, &str)]) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+".contains(c);
        if members.iter().all(|(_, value)| !value.is_empty() && value.chars().all(plain)) {
            let pairs: Vec<String> = members.iter().map(|(member, value)| format!("{member}={value}")).collect();
            return self.option(name, &pairs.join(","));
        }
        let members = members.iter().map(|(member, value)| ((*member).to_owned(), Value::from(*value)));
        self.json(name, &members.collect::<Map<_, _>>().into())
    }

    /// An option whose value is JSON.
    pub(super) fn json(self, name: &str, value: &Value) -> Self {
        self.option(name, &value.to_string())
    }

    /// Writes a part of the answer to a file: a string as it is, or an object as JSON.
    pub(super) fn part_into(mut self, part: &str, form: Form, file: &'static str) -> Self {
        self.words.extend(["--query", part, "--output", form.name()].map(str::to_owned));
        self.into = Some(file);
        self
    }

    /// The command, where all of it can be written.
    pub(super) fn finish(self) -> Option<Command> {
        let Self { words, into, printable } = self;
        printable.then_some(Command { words, into, account: None, remark: None })
    }
}

/// How the AWS CLI writes a part of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// A string, without its quotes.
    Text,
    /// Anything, as JSON.
    Json,
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// Whether the AWS CLI takes a value for itself, and a terminal shows it as it is. A value that begins like this is
/// replaced by what the file or the link holds.
fn is_printable(value: &str) -> bool {
    const LOADED: [&str; 4] = ["file://", "fileb://", "http://", "https://"];
    let lower = value.trim_start().to_ascii_lowercase();
    !LOADED.iter().any(|prefix| lower.starts_with(prefix)) && !value.chars().any(is_treacherous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::shell;

    fn line(value: &str) -> Option<String> {
        Some(Line::new("identitystore", "create-user").option("--user-name", value).finish()?.shell())
    }

    #[test]
    fn quotes_for_a_posix_shell() {
        let words = ["aws", "--profile", "it's mine", "UserId=a-b", "", "=ls", "$HOME"].map(str::to_owned);
        assert_eq!(shell(&words), r"aws --profile 'it'\''s mine' UserId=a-b '' '=ls' '$HOME'");
    }

    #[test]
    fn a_value_is_never_an_option_a_file_or_a_link() {
        let begin = "aws identitystore create-user --user-name";
        assert_eq!(line("jane.doe"), Some(format!("{begin} jane.doe")));
        assert_eq!(line("-rf"), Some(format!("{begin}=-rf")));
        assert_eq!(
            line("--profile other"),
            Some(format!("{}'", begin.replace("--user", "'--user") + "=--profile other"))
        );
        for loaded in ["file:///etc/passwd", "fileb://x", "http://evil.example", "HTTPS://evil.example", " file://x"] {
            assert_eq!(line(loaded), None, "{loaded}");
        }
        assert_eq!(line("jane\u{202e}eod"), None, "what is shown would not be what it is");
        assert_eq!(line("a\nb"), None);
        assert!(line("profile://x").is_some());
    }

    #[test]
    fn a_structure_that_shorthand_cannot_hold_is_json() {
        let structure = |name: &str| {
            let line = Line::new("sso-admin", "attach");
            line.structure("--reference", &[("Name", name), ("Path", "/")]).finish().map(|one| one.words[4].clone())
        };
        assert_eq!(structure("reader").as_deref(), Some("Name=reader,Path=/"));
        assert_eq!(structure("a,b=c").as_deref(), Some(r#"{"Name":"a,b=c","Path":"/"}"#));
        assert_eq!(structure("it's").as_deref(), Some(r#"{"Name":"it's","Path":"/"}"#));
    }

    #[test]
    fn writes_to_a_file() {
        let line = Line::new("iam", "get-role").part_into("Role.AssumeRolePolicyDocument", Form::Json, "trust.json");
        let shell = line.finish().map(|command| command.shell());
        let due = "aws iam get-role --query Role.AssumeRolePolicyDocument --output json > trust.json";
        assert_eq!(shell.as_deref(), Some(due));
    }
}
