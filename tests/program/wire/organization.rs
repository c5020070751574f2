//! Questions about a whole organization: held against the data that is served, person by person, and against what the
//! program says of each person by itself.

mod files;
mod forms;
mod plans;
mod redacted;
mod reviews;
mod scans;
mod unread;
mod who;
mod whole;

use serde_json::Value;

use crate::wire::run::{Answer, Question};
use served::{Assignment, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

/// Asks a command of a served organization, with the role that reads accounts.
fn ask(served: &Served, command: &str) -> Answer {
    let question = Question::of_line(&format!("{command} --target-role {READ_ROLE}"));
    question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask()
}

/// The answer as JSON.
fn json(answer: &Answer) -> Result<Value, String> {
    answer.json().map_err(|error| format!("{error}\n{}", answer.stderr))
}

/// Whether a permission set works in an account: it is provisioned there, with its role and the provider that it trusts,
/// and the account is active.
fn works(organization: &Organization, account: &str, arn: &str) -> bool {
    let Some(account) = organization.accounts.iter().find(|one| one.id == account) else { return false };
    let Some(set) = organization.permission_sets.iter().find(|set| set.arn == arn) else { return false };
    let provider = organization.saml_provider_name(&account.id);
    let role = organization.reserved_role_name(&set.name, &account.id);
    account.state == "ACTIVE"
        && account.iam.saml_providers.iter().any(|one| one.name == provider)
        && organization.provisioned.iter().any(|one| one.account == account.id && one.permission_set == arn)
        && account.iam.roles.iter().any(|one| one.name == role)
}

/// The people who have an assignment, by id: those who exist.
fn people(organization: &Organization, row: &Assignment) -> Vec<String> {
    let exists = |id: &String| organization.users.iter().any(|user| user.id == *id);
    let ids: Vec<String> = if row.principal_type == "USER" {
        vec![row.principal_id.clone()]
    } else {
        let group = organization.groups.iter().find(|group| group.id == row.principal_id);
        group.map(|group| group.members.iter().map(|one| one.user_id.clone()).collect()).unwrap_or_default()
    };
    ids.into_iter().filter(exists).collect()
}

/// Whether a user may sign in.
fn is_enabled(organization: &Organization, id: &str) -> bool {
    let user = organization.users.iter().find(|user| user.id == id);
    user.is_some_and(|user| user.status.as_deref() != Some("DISABLED"))
}
