//! What Identity Center's `FailureReason` means. It is free text and no interface, so the patterns are data
//! (`docs/failure-reasons.json`); what matches none is quoted as it is.

use std::sync::LazyLock;

use serde::Deserialize;

/// A family of failure reasons or error texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureReason {
    /// Lower-case pieces that must all occur.
    pub pattern: Vec<String>,
    /// The rule that it stands for, where it is one.
    pub rule: Option<String>,
    /// What it means, in one sentence.
    pub means: String,
    /// What to do, in one sentence.
    pub advice: String,
    /// Whether trying again can help.
    #[serde(default)]
    pub retry_helps: bool,
    /// A text of the kind, as AWS sent it.
    #[serde(default)]
    pub example: String,
}

static TABLE: LazyLock<Vec<FailureReason>> = LazyLock::new(|| {
    // A test reads the table too: it cannot be wrong in a build that passed.
    serde_json::from_str(include_str!("../docs/failure-reasons.json")).unwrap_or_default()
});

/// What people see in the access portal and the AWS CLI, which is not Identity Center's own `FailureReason`.
static MESSAGES: LazyLock<Vec<FailureReason>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../docs/error-messages.json")).unwrap_or_default());

/// All families, in order of precedence.
pub fn all() -> &'static [FailureReason] {
    &TABLE
}

/// The family that a text belongs to.
pub fn classify(text: &str) -> Option<&'static FailureReason> {
    first_match(all(), text)
}

/// The family of an error text that somebody pasted: from the access portal, the AWS CLI, or a failed request.
pub fn classify_message(text: &str) -> Option<&'static FailureReason> {
    first_match(&MESSAGES, text).or_else(|| classify(text))
}

fn first_match<'a>(table: &'a [FailureReason], text: &str) -> Option<&'a FailureReason> {
    let text = text.to_lowercase();
    table.iter().find(|reason| reason.pattern.iter().all(|piece| text.contains(piece)))
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
    text.and_then(classify).map_or("Mend what AWS names as the reason", |reason| reason.advice.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rule;

    #[test]
    fn every_example_belongs_to_its_own_family() {
        assert!(all().len() > 10);
        for reason in all() {
            let found = classify(&reason.example).map(|found| &found.pattern);
            assert_eq!(found, Some(&reason.pattern), "{}", reason.example);
            assert!(reason.rule.as_deref().is_none_or(|id| rule(id).is_some()), "{:?}", reason.rule);
        }
    }

    #[test]
    fn knows_what_people_paste() {
        assert!(!MESSAGES.is_empty());
        let pasted = "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access";
        assert!(classify_message(pasted).is_some_and(|reason| reason.advice.contains("sso_role_name")));
        assert!(classify_message("hello").is_none());
    }

    #[test]
    fn quotes_what_it_does_not_know() {
        assert_eq!(explained(Some("The moon is in the seventh house")), "AWS says: The moon is in the seventh house.");
        let suspended =
            "Obtaining permissions to manage your AWS account '1' takes longer than usual. Please try again";
        assert!(explained(Some(suspended)).contains("does not help"), "{}", explained(Some(suspended)));
    }
}
