//! Users of the identity store.

use serde_json::json;

use super::command::Line;
use super::credentials::{self, Concerns};
use crate::evidence::{Evidence, is_user_id};
use crate::findings::Command;

/// The file that the reader writes the person's name to: no one else knows it.
pub const NAME_FILE: &str = "name.json";

/// Creates a user with the name or the e-mail that was asked for. With an id there is nothing to create: AWS gives it.
pub fn create_user(evidence: &Evidence) -> Option<Command> {
    let store = &evidence.instance().ok()?.identity_store_id;
    let asked = evidence.question.user.as_str();
    if is_user_id(asked) || asked.contains(char::is_whitespace) {
        return None;
    }
    let (_, domain) = asked.split_once('@').unwrap_or_default();
    let line = Line::new("identitystore", "create-user")
        .options([("--identity-store-id", store.as_str()), ("--user-name", asked), ("--display-name", asked)])
        .document("--name", NAME_FILE);
    let line = if domain.contains('.') {
        line.json("--emails", &json!([{"Value": asked, "Type": "work", "Primary": true}]))
    } else {
        line
    };
    credentials::at_home(evidence.in_instance(), line, Concerns::People)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample;

    fn asked(user: &str) -> Option<String> {
        let mut evidence = sample::healthy();
        evidence.question.user = user.to_owned();
        create_user(&evidence).map(|command| command.shell())
    }

    #[test]
    fn creates_what_was_asked_for() {
        let name = asked("jan.doe").unwrap_or_default();
        assert!(name.contains("--user-name jan.doe ") && !name.contains("--emails"), "{name}");
        let email = asked("o'neil@acme.example").unwrap_or_default();
        let emails = r#"--emails '[{"Primary":true,"Type":"work","Value":"o'\''neil@acme.example"}]'"#;
        assert!(email.contains(emails), "{email}");
        assert!(asked("-jan").is_some_and(|shell| shell.contains("--user-name=-jan ")));
    }

    #[test]
    fn never_with_an_id_or_what_the_aws_cli_would_load() {
        for user in ["9d976f61-3b89-4b98-88db-2ea3bbc1f3fa", "9067f0c1d2-9d976f61-3b89-4b98-88db-2ea3bbc1f3fa"] {
            assert_eq!(asked(user), None, "{user}");
        }
        let loaded = asked("file:///etc/passwd").unwrap_or_default();
        let input = r#"--cli-input-json '{"DisplayName":"file:///etc/passwd","UserName":"file:///etc/passwd"}'"#;
        assert!(loaded.contains(input) && !loaded.contains("--user-name"), "{loaded}");
        assert_eq!(asked("Jan Doe"), None, "a user name has no spaces");
    }
}
