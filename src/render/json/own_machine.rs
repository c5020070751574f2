//! The machine of the person who asks about themselves, for scripts.

use serde::Serialize;

use crate::findings::Command;
use crate::machine::{self, LocalFault};

/// What the AWS CLI's own files and the access portal say where somebody asks about themselves.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct OwnMachine<'a> {
    /// What the access portal lists of what was asked; null where it was not asked or did not tell.
    portal_lists: Option<&'a [String]>,
    /// What was looked at, and what it says.
    seen: Vec<Seen<'a>>,
    /// What is wrong in these files.
    faults: Vec<Fault<'a>>,
    /// What else to do.
    advice: Vec<Advice<'a>>,
    /// What could not be read.
    unread: &'a [String],
    /// Why Identity Center itself was not read; null where it was.
    alone: Option<&'a str>,
}

/// One thing that was looked at.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Seen<'a> {
    /// What.
    what: &'a str,
    /// What it says.
    says: &'a str,
}

/// Something wrong in the AWS CLI's files.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fault<'a> {
    /// What it is, by the name under which `idc explain` has a page.
    kind: &'static str,
    /// The profile that it is about; null where it is about none.
    profile: Option<&'a str>,
    /// What is wrong, in a sentence or two.
    message: &'a str,
    /// The line to change; null where it takes something else.
    change: Option<Change<'a>>,
    /// Names close to the one that fits nothing.
    suggestions: &'a [String],
    /// One command on each line, where there is one that mends it.
    command: Option<String>,
}

/// The line to change.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Change<'a> {
    /// The file.
    path: &'a str,
    /// The line, from 1.
    line: u32,
    /// What it is; null where a line is lacking.
    is: Option<&'a str>,
    /// What it should be.
    should_be: &'a [String],
}

/// Something to do.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Advice<'a> {
    /// What to do.
    message: &'a str,
    /// Lines for a file, where it takes some.
    lines: &'a [String],
    /// The command that does it, where there is one.
    command: Option<String>,
}

impl<'a> From<&'a machine::OwnMachine> for OwnMachine<'a> {
    fn from(own: &'a machine::OwnMachine) -> Self {
        let seen = own.seen.iter().map(|seen| Seen { what: &seen.what, says: &seen.says });
        let faults = own.faults.iter().map(|LocalFault { rule, profile, fault }| Fault {
            kind: rule,
            profile: profile.as_deref(),
            message: &fault.message,
            change: fault.change.as_ref().map(|change| Change {
                path: &change.path,
                line: change.line,
                is: change.is.as_deref(),
                should_be: &change.should_be,
            }),
            suggestions: &fault.suggestions,
            command: {
                let commands = fault.fixes.iter().filter_map(|fix| fix.command.as_ref());
                let lines: Vec<String> = commands.map(Command::shell).collect();
                (!lines.is_empty()).then(|| lines.join("\n"))
            },
        });
        let advice = own.advice.iter().map(|advice| Advice {
            message: &advice.message,
            lines: &advice.lines,
            command: advice.command.as_ref().map(Command::shell),
        });
        Self {
            portal_lists: own.listed.as_deref(),
            seen: seen.collect(),
            faults: faults.collect(),
            advice: advice.collect(),
            unread: &own.unread,
            alone: own.alone.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::render::{cases, json as renderer};

    #[test]
    fn is_there_only_where_people_ask_about_themselves() {
        let answer = |diagnosis| -> Value {
            serde_json::from_str(&cases::written(|out| renderer::write(out, &diagnosis))).unwrap()
        };
        assert!(answer(cases::healthy())["own_machine"].is_null());
        let own = answer(cases::own_machine())["own_machine"].take();
        assert_eq!(own["portal_lists"], json!(["ReadOnly", "RedshiftAnalyst"]));
        assert_eq!(own["faults"][1]["kind"], "sso-role-name-wrong");
        let change = json!({
            "path": "~/.aws/config",
            "line": 4,
            "is": "sso_role_name = redshift-analyst",
            "should_be": ["sso_role_name = RedshiftAnalyst"],
        });
        assert_eq!(own["faults"][1]["change"], change);
        assert!(own["unread"][0].as_str().is_some_and(|text| text.starts_with("~/.aws/sso/cache/other.json: ")));
        assert!(answer(cases::own_machine_too())["own_machine"]["alone"].is_null());
    }
}
