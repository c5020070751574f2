//! What Identity Center's `FailureReason` means. It is free text and no interface, so the patterns are data
//! (`docs/failure-reasons.json`); what matches none is quoted as it is.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::packed::packed;
use crate::wording::plain_text::Plain;

/// A family of failure reasons or error texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureReason {
    /// Pieces that must all occur.
    pub pattern: Vec<String>,
    /// Further patterns of the same family: what other tools or AWS itself write instead.
    #[serde(default)]
    pub also: Vec<Vec<String>>,
    /// Whether a text is of the family only where it says nothing but that.
    #[serde(default)]
    pub alone: bool,
    /// Whether the text may have another, better known reason inside, which then comes first.
    #[serde(default)]
    pub general: bool,
    /// The rule that it stands for, where it is one.
    pub rule: Option<String>,
    /// What it means, in a sentence or two.
    pub means: String,
    /// What to do, in a sentence or two.
    pub advice: String,
    /// Whether trying again can help.
    #[serde(default)]
    pub retry_helps: bool,
    /// A text of the kind, as AWS sent it.
    pub example: String,
    /// The patterns made plain, once for all texts.
    #[serde(skip)]
    plain: OnceLock<Vec<Vec<Plain>>>,
}

impl FailureReason {
    /// All patterns, the first one first.
    pub fn patterns(&self) -> impl Iterator<Item = &Vec<String>> {
        std::iter::once(&self.pattern).chain(&self.also)
    }

    /// The shortest text of the family, which is a name for it too.
    pub fn name(&self) -> String {
        self.pattern.join(" ")
    }

    fn matches(&self, text: &Plain) -> bool {
        let plain = |pieces: &Vec<String>| pieces.iter().map(|piece| Plain::of(piece)).collect();
        let mut patterns = self.plain.get_or_init(|| self.patterns().map(plain).collect()).iter();
        if self.alone {
            let said = without_error_words(&text.letters());
            return patterns.any(|pieces| pieces.iter().map(Plain::letters).collect::<String>() == said);
        }
        patterns.any(|pieces| pieces.iter().all(|piece| text.contains(piece)))
    }
}

/// What is left of a short text when words are gone that every error may have around it.
fn without_error_words(letters: &str) -> String {
    const AROUND: [&str; 5] = ["error", "message", "failed", "http", "403"];
    let mut said = letters;
    while let Some(less) = AROUND.iter().find_map(|word| said.strip_prefix(word).or_else(|| said.strip_suffix(word))) {
        said = less;
    }
    said.to_owned()
}

static TABLE: LazyLock<Vec<FailureReason>> = LazyLock::new(|| {
    // A test reads the table too: it cannot be wrong in a build that passed.
    serde_json::from_str(packed!("docs/failure-reasons.json")).unwrap_or_default()
});

/// What people see in the access portal, the console, the AWS CLI and other tools, which is not Identity Center's own
/// `FailureReason`.
static MESSAGES: LazyLock<Vec<FailureReason>> =
    LazyLock::new(|| serde_json::from_str(packed!("docs/error-messages.json")).unwrap_or_default());

/// All families of Identity Center's own reasons, in order of precedence.
pub fn all() -> &'static [FailureReason] {
    &TABLE
}

/// All families of texts that people may paste, in order of precedence: a text that may hold another one comes last.
pub fn messages() -> impl Iterator<Item = &'static FailureReason> {
    let (general, special): (Vec<_>, Vec<_>) = MESSAGES.iter().partition(|message| message.general);
    special.into_iter().chain(all()).chain(general)
}

/// The family that a text belongs to.
pub fn classify(text: &str) -> Option<&'static FailureReason> {
    first_match(all().iter(), text)
}

/// The family of an error text that somebody pasted: from the access portal, the AWS CLI, or a failed request.
pub fn classify_message(text: &str) -> Option<&'static FailureReason> {
    first_match(messages(), text)
}

fn first_match(
    mut families: impl Iterator<Item = &'static FailureReason>,
    text: &str,
) -> Option<&'static FailureReason> {
    let text = Plain::of(text);
    families.find(|family| family.matches(&text))
}

/// The text as AWS sent it, followed by what it means where that is known.
pub fn explained(text: Option<&str>) -> String {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return "AWS gives no reason.".to_owned();
    };
    let quoted = format!("AWS says: {}{}", text, if text.ends_with(['.', '!']) { "" } else { "." });
    match classify(text) {
        Some(reason) => {
            let again = if reason.retry_helps { "" } else { " Trying again without mending that does not help." };
            format!("{quoted} That means: {}{again}", reason.means)
        }
        None => quoted,
    }
}

/// What to do about it.
pub fn advice(text: Option<&str>) -> &'static str {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => {
            classify(text).map_or("Fix what AWS names as the reason", |reason| reason.advice.trim_end_matches('.'))
        }
        None => {
            "Ask again for what failed; if it keeps failing without a reason, contact AWS Support with the request id"
        }
    }
}

#[cfg(test)]
mod tests;
