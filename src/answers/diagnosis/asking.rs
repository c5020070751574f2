//! What to type to ask again: the same question with one part of it changed.

use super::Diagnosis;
use crate::evidence::Question;
use crate::findings::{Part, Suggestion};

/// A part of the question, and what is to stand there.
#[derive(Debug, Clone, Copy)]
pub enum Changed<'a> {
    /// A suggestion in the place of what fits nothing.
    Suggested(&'a Suggestion),
    /// A role in the target account.
    TargetRole(&'a str),
}

/// The command that asks again; none where a word of it cannot be shown as it is.
pub fn ask_again(question: &Question, account: &str, changed: Changed<'_>) -> Option<String> {
    let mut again = question.clone();
    let (mut user, mut account) = (question.user.as_str(), account);
    match changed {
        Changed::TargetRole(role) => again.target_role = Some(role.to_owned()),
        Changed::Suggested(Suggestion { part, value, .. }) => match part {
            Part::User => user = value,
            Part::Account => account = value,
            Part::PermissionSet => again.permission_set = Some(value.clone()),
            Part::Group => again.group = Some(value.clone()),
        },
    }
    again.typed(user, account)
}

/// The commands that ask again with each of the suggestions.
pub fn ask_with(diagnosis: &Diagnosis, suggested: &[Suggestion]) -> Vec<String> {
    let (question, account) = (&diagnosis.question, diagnosis.account.as_str());
    suggested.iter().filter_map(|one| ask_again(question, account, Changed::Suggested(one))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample;

    #[test]
    fn repeats_what_was_asked_but_for_one_part() {
        let mut question = sample::healthy().question;
        question.permission_set = Some("Redshift Analyst".to_owned());
        question.profile = Some("management".to_owned());
        let close = |value: &str, part| Suggestion { part, value: value.to_owned(), label: String::new(), id: None };
        let john = close("john.roe", Part::User);
        assert_eq!(
            ask_again(&question, "123456789012", Changed::Suggested(&john)).as_deref(),
            Some(
                "idc why john.roe 123456789012 --permission-set 'Redshift Analyst' --profile management --target-role idc-read"
            )
        );
        let set = close("ReadOnly", Part::PermissionSet);
        let again = ask_again(&question, "123456789012", Changed::Suggested(&set));
        assert!(again.is_some_and(|command| command.contains(" 123456789012 --permission-set ReadOnly ")));
        let role = ask_again(&question, "123456789012", Changed::TargetRole("ROLE"));
        assert!(role.is_some_and(|command| command.ends_with(" --target-role ROLE")));
    }

    #[test]
    fn a_name_that_cannot_be_shown_is_in_no_command() {
        let question = sample::healthy().question;
        for odd in ["a\u{202e}b", "-rf"] {
            let close = Suggestion { part: Part::User, value: odd.to_owned(), label: String::new(), id: None };
            assert_eq!(ask_again(&question, "123456789012", Changed::Suggested(&close)), None, "{odd}");
        }
    }
}
