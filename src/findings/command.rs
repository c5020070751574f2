//! A command of the AWS CLI that a fix consists of.

/// A command that is printed, and never run by this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its words.
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

    /// The command for a POSIX shell, on one line.
    pub fn shell(&self) -> String {
        let into = self.into.map(|file| format!(" > {file}")).unwrap_or_default();
        format!("{}{into}", shell(&self.words))
    }
}

/// Joins the words of a command for a POSIX shell.
pub fn shell(words: &[String]) -> String {
    let quote = |word: &String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
        // Some shells look up a command for a word that begins with an equals sign.
        if !word.is_empty() && !word.starts_with('=') && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}
