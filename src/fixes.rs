//! The AWS CLI commands that mend things, word by word, with the ids that were found and the profiles that were given.
//! They are printed for a person to run; nothing here runs anything.

use crate::evidence::{Evidence, Principal, PrincipalType};
use crate::paths::Path;

/// A command for the management account or the delegated administrator, in the instance's primary Region.
pub fn at_home(evidence: &Evidence, words: &[&str]) -> Vec<String> {
    let mut command = aws(words);
    if let (Ok(instance), Some("sso-admin" | "identitystore" | "account-access")) =
        (evidence.instance(), words.first().copied())
    {
        command.extend(["--region".to_owned(), instance.region().to_owned()]);
    }
    with_profile(command, evidence.question.profile.as_deref())
}

/// A command for the target account.
pub fn in_target(evidence: &Evidence, words: &[&str]) -> Vec<String> {
    with_profile(aws(words), evidence.question.target_profile.as_deref())
}

fn aws(words: &[&str]) -> Vec<String> {
    std::iter::once("aws").chain(words.iter().copied()).map(str::to_owned).collect()
}

fn with_profile(mut command: Vec<String>, profile: Option<&str>) -> Vec<String> {
    command.extend(profile.into_iter().flat_map(|name| ["--profile".to_owned(), name.to_owned()]));
    command
}

/// Has Identity Center make the account's copy of the permission set again: by provisioning it where the assignment
/// stands, else by creating the assignment, which provisions it too.
pub fn push_again(evidence: &Evidence, path: &Path) -> (String, Option<Vec<String>>) {
    let set = evidence.permission_set_label(&path.permission_set);
    if !path.stands {
        return (
            format!("Create the assignment of {set} again"),
            create_assignment(evidence, &path.permission_set, &path.via),
        );
    }
    let command = ids(evidence).map(|(instance, account)| {
        let target = ["--target-type", "AWS_ACCOUNT", "--target-id", account];
        let set = ["--instance-arn", instance, "--permission-set-arn", &path.permission_set];
        at_home(evidence, &[&["sso-admin", "provision-permission-set"], &set[..], &target[..]].concat())
    });
    (format!("Push permission set {set} to the account again"), command)
}

/// Creates an account assignment.
pub fn create_assignment(evidence: &Evidence, permission_set: &str, principal: &Principal) -> Option<Vec<String>> {
    assignment_command(evidence, "create-account-assignment", permission_set, principal)
}

/// Deletes an account assignment.
pub fn delete_assignment(evidence: &Evidence, permission_set: &str, principal: &Principal) -> Option<Vec<String>> {
    assignment_command(evidence, "delete-account-assignment", permission_set, principal)
}

fn assignment_command(
    evidence: &Evidence,
    operation: &str,
    permission_set: &str,
    principal: &Principal,
) -> Option<Vec<String>> {
    let (instance, account) = ids(evidence)?;
    let set = ["--instance-arn", instance, "--permission-set-arn", permission_set];
    let target = ["--target-type", "AWS_ACCOUNT", "--target-id", account];
    let to = ["--principal-type", principal.kind.as_str(), "--principal-id", &principal.id];
    Some(at_home(evidence, &[&["sso-admin", operation], &set[..], &target[..], &to[..]].concat()))
}

/// Adds the user to a group of the identity store.
pub fn join_group(evidence: &Evidence, group: &str) -> Option<Vec<String>> {
    let (instance, user) = (evidence.instance().ok()?, evidence.user_id().ok()??);
    let member = format!("UserId={user}");
    let store = ["--identity-store-id", &instance.identity_store_id];
    let membership = ["--group-id", group, "--member-id", &member];
    Some(at_home(evidence, &[&["identitystore", "create-group-membership"], &store[..], &membership[..]].concat()))
}

/// Writes a policy of the organization anew.
pub fn update_policy(evidence: &Evidence, policy: &str) -> Vec<String> {
    at_home(evidence, &["organizations", "update-policy", "--policy-id", policy, "--content", "file://policy.json"])
}

/// Takes a policy of the organization off a root, a unit or an account.
pub fn detach_policy(evidence: &Evidence, policy: &str, target: &str) -> Vec<String> {
    at_home(evidence, &["organizations", "detach-policy", "--policy-id", policy, "--target-id", target])
}

/// Puts a policy of the organization on a root, a unit or an account.
pub fn attach_policy(evidence: &Evidence, policy: &str, target: &str) -> Vec<String> {
    at_home(evidence, &["organizations", "attach-policy", "--policy-id", policy, "--target-id", target])
}

/// Writes a permission set's inline policy anew.
pub fn put_inline_policy(evidence: &Evidence, permission_set: &str) -> Option<Vec<String>> {
    let instance = &evidence.instance().ok()?.arn;
    let set = ["--instance-arn", instance, "--permission-set-arn", permission_set];
    let policy = ["--inline-policy", "file://policy.json"];
    let words = ["sso-admin", "put-inline-policy-to-permission-set"];
    Some(at_home(evidence, &[&words[..], &set[..], &policy[..]].concat()))
}

/// Shows where a request stands.
pub fn describe_request(evidence: &Evidence, operation: &str, option: &str, request: &str) -> Option<Vec<String>> {
    let instance = evidence.instance().ok()?;
    Some(at_home(evidence, &["sso-admin", operation, "--instance-arn", &instance.arn, option, request]))
}

fn ids(evidence: &Evidence) -> Option<(&str, &str)> {
    Some((&evidence.instance().ok()?.arn, evidence.account.id.as_deref()?))
}

/// Whether the user or the group comes from an external identity provider: then it is mended there, since the provider
/// overwrites what is changed here.
pub fn is_external(evidence: &Evidence, principal: &Principal) -> bool {
    match principal.kind {
        PrincipalType::User => {
            let user = evidence.user.described.known().ok().and_then(Option::as_ref);
            user.is_some_and(|user| !user.external_issuers.is_empty())
        }
        PrincipalType::Group => {
            evidence.group(&principal.id).ok().flatten().is_some_and(|group| !group.external_issuers.is_empty())
        }
    }
}

/// Joins the words of a command for a POSIX shell.
pub fn shell(words: &[String]) -> String {
    let quote = |word: &String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::shell;

    #[test]
    fn quotes_for_a_posix_shell() {
        let words = ["aws", "--profile", "it's mine", "UserId=a-b", ""].map(str::to_owned);
        assert_eq!(shell(&words), r"aws --profile 'it'\''s mine' UserId=a-b ''");
    }
}
