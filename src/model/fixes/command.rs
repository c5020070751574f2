//! A command of the AWS CLI, word by word. A value that came from AWS or from the question is never read as anything else
//! than that value: what the AWS CLI would take for an option, a file or a link is written otherwise, or not at all.

use serde_json::{Map, Value};

use crate::findings::Command;
use crate::wording::shell::option;
use crate::wording::{capitalised, is_treacherous};

/// What the AWS CLI replaces by what the file or the link holds, where an option's value begins like this: version 2
/// reads files, version 1 follows links too.
const LOADED: [&str; 4] = ["file://", "fileb://", "http://", "https://"];

/// Services whose input is named as their options are, but for capitals and dashes.
const NAMED_ALIKE: [&str; 5] = ["iam", "identitystore", "organizations", "service-quotas", "sso-admin"];

/// Options of the AWS CLI itself.
const ITS_OWN: [&str; 2] = ["--profile", "--region"];

/// A command on its way: what it does, before it is known where.
#[derive(Debug, Clone)]
pub(super) struct Line {
    words: Vec<String>,
    /// What is not given as an option, since the AWS CLI would not take it for itself there.
    input: Map<String, Value>,
    into: Option<&'static str>,
    /// Why a value cannot be written so that it stays what it is.
    unwritable: Option<&'static str>,
}

impl Line {
    pub(super) fn new(service: &str, operation: &str) -> Self {
        let words = ["aws", service, operation].map(str::to_owned).to_vec();
        Self { words, input: Map::new(), into: None, unwritable: None }
    }

    /// An option with a value of any origin.
    pub(super) fn option(mut self, name: &str, value: &str) -> Self {
        if value.chars().any(is_treacherous) {
            self.unwritable = Some("no command is shown: a value in it has characters that a terminal does not show");
        } else if !is_taken_otherwise(value) {
            self.words.extend(option(name, value));
        } else if NAMED_ALIKE.contains(&self.words[1].as_str()) && !ITS_OWN.contains(&name) {
            self.input.insert(member(name), value.into());
        } else {
            self.unwritable = Some("no command is shown: the AWS CLI would take a value in it for something else");
        }
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

    /// The command, or why there is none.
    pub(super) fn finish(self) -> Command {
        let Self { mut words, input, into, unwritable } = self;
        if let Some(because) = unwritable {
            return Command::unwritable(because.to_owned());
        }
        if !input.is_empty() {
            words.extend(["--cli-input-json".to_owned(), Value::from(input).to_string()]);
        }
        Command { words, into, account: None, remark: None }
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

/// Whether the AWS CLI would take a value for the place of another, or for the end of its options.
fn is_taken_otherwise(value: &str) -> bool {
    let lower = value.trim_start().to_ascii_lowercase();
    value == "--" || LOADED.iter().any(|prefix| lower.starts_with(prefix))
}

/// What the input calls an option: `UserName` for `--user-name`.
fn member(option: &str) -> String {
    option.split('-').map(capitalised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str) -> String {
        Line::new("identitystore", "create-user").option("--user-name", value).finish().shell()
    }

    #[test]
    fn a_value_is_never_an_option_a_file_or_a_link() {
        let begin = "aws identitystore create-user --user-name";
        assert_eq!(line("jane.doe"), format!("{begin} jane.doe"));
        assert_eq!(line("-rf"), format!("{begin}=-rf"));
        assert_eq!(line("--profile other"), format!("{}'", begin.replace("--user", "'--user") + "=--profile other"));
        for loaded in
            ["file:///etc/passwd", "fileb://x", "http://evil.example", "HTTPS://evil.example", " file://x", "--"]
        {
            let input = format!(r#"aws identitystore create-user --cli-input-json '{{"UserName":"{loaded}"}}'"#);
            assert_eq!(line(loaded), input);
            let of_another =
                Line::new("account-access", "get-application").option("--application-arn", loaded).finish();
            assert!(of_another.words.is_empty() && of_another.remark.is_some(), "{of_another:?}");
            assert!(Line::new("iam", "list-roles").option("--profile", loaded).finish().words.is_empty());
        }
        assert_eq!(line("profile://x"), format!("{begin} profile://x"));
    }

    #[test]
    fn what_a_terminal_would_not_show_is_no_command_and_says_why() {
        for hidden in ["jane\u{202e}eod", "a\nb", "a\u{e000}", "\u{3164}"] {
            let command = Line::new("identitystore", "create-user").option("--user-name", hidden).finish();
            let fix = crate::findings::Fix::new("Create them", Some(command.remarked("run this elsewhere")));
            assert_eq!(fix.command, None);
            assert!(fix.what.contains("no command is shown") && !fix.what.contains("elsewhere"), "{fix:?}");
        }
    }

    #[test]
    fn a_structure_that_shorthand_cannot_hold_is_json() {
        let structure = |name: &str| {
            let line = Line::new("sso-admin", "attach");
            line.structure("--reference", &[("Name", name), ("Path", "/")]).finish().words[4].clone()
        };
        assert_eq!(structure("reader"), "Name=reader,Path=/");
        assert_eq!(structure("a,b=c"), r#"{"Name":"a,b=c","Path":"/"}"#);
        assert_eq!(structure("it's"), r#"{"Name":"it's","Path":"/"}"#);
    }

    #[test]
    fn writes_to_a_file() {
        let line = Line::new("iam", "get-role").part_into("Role.AssumeRolePolicyDocument", Form::Json, "trust.json");
        let shell = line.finish().shell();
        let due = "aws iam get-role --query Role.AssumeRolePolicyDocument --output json > trust.json";
        assert_eq!(shell, due);
    }
}
