//! A command of the AWS CLI that a fix consists of.

use crate::wording::shell::shell;

/// A command that is printed, and never run by this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its words; none where it cannot be written.
    pub words: Vec<String>,
    /// The file that its output goes to.
    pub into: Option<&'static str>,
    /// The account in which it acts, where that is known.
    pub account: Option<String>,
    /// What has to be said of where it is run.
    pub remark: Option<String>,
}

impl Command {
    /// A command for the machine on which it is read.
    pub const fn here(words: Vec<String>) -> Self {
        Self { words, into: None, account: None, remark: None }
    }

    /// No command, and why there is none.
    pub const fn unwritable(because: String) -> Self {
        Self { words: Vec::new(), into: None, account: None, remark: Some(because) }
    }

    /// Says what has to be said of where it is run, where it can be run.
    #[must_use]
    pub fn remarked(self, remark: &str) -> Self {
        if self.words.is_empty() { self } else { Self { remark: Some(remark.to_owned()), ..self } }
    }

    /// The command for a POSIX shell, on one line.
    pub fn shell(&self) -> String {
        let into = self.into.map(|file| format!(" > {file}")).unwrap_or_default();
        format!("{}{into}", shell(&self.words))
    }
}
