//! Questions about a whole organization: held against the data that is served, person by person, and against what the
//! program says of each person by itself.

mod cut;
mod denied;
mod endless;
mod files;
mod findings;
mod forms;
mod halves;
mod kinds;
mod mistaken;
mod nights;
mod older;
mod plans;
mod redacted;
mod reviews;
mod scans;
mod unread;
mod who;
mod whole;

use serde_json::{Value, json};

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

/// An organization with something of everything, so small that many rounds are few seconds.
fn small() -> Organization {
    let mut small = Organization::acme();
    let accounts =
        ["acme-management", "prod-data", "dev-data", "legacy", "prod-web"].map(|name| small.account_id(name));
    let sets = ["RedshiftAnalyst", "RedshiftAdmin", "RedshiftAnalystV2", "ReadOnly"];
    let sets: Vec<String> =
        small.permission_sets.iter().filter(|set| sets.contains(&&*set.name)).map(|set| set.arn.clone()).collect();
    keep(&mut small, &accounts, &sets);
    // Each is wrong in a way of its own somewhere, and right elsewhere.
    small.permission_set("ReadOnly").customer_managed("team-data-access", "/");
    for account in ["dev-data", "legacy", "prod-web"] {
        small.add_policy(account, "team-data-access", "/");
    }
    small.permission_set("RedshiftAnalyst").boundary("limits", "/");
    small.add_policy("dev-data", "limits", "/");
    small.assign("RedshiftAnalystV2", "jane.doe", "dev-data");
    small.provision("RedshiftAnalystV2", "dev-data");
    small.provisioned("RedshiftAnalystV2", "dev-data").latest = false;
    small.remove_role("RedshiftAnalyst", "dev-data");
    small.assign("RedshiftAnalystV2", "amir.khan", "prod-data");
    small.assign("ReadOnly", "00000000-0000-4000-8000-000000000000", "prod-data");
    small.add_group("Nobody");
    small.assign("ReadOnly", "Nobody", "prod-data");
    let nothing = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]});
    let legacy = small.account_id("legacy");
    small.attach_policy("SERVICE_CONTROL_POLICY", "DenyAll", &legacy, nothing);
    let nobody = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithSAML", "Resource": "*"}]});
    let web = small.account_id("prod-web");
    small.attach_policy("RESOURCE_CONTROL_POLICY", "NoSaml", &web, nobody);
    small
}

/// Leaves these accounts and permission sets, by id and ARN, and what is theirs.
fn keep(organization: &mut Organization, accounts: &[String], sets: &[String]) {
    let has = |account: &String, set: &String| accounts.contains(account) && sets.contains(set);
    organization.accounts.retain(|account| accounts.contains(&account.id));
    organization.permission_sets.retain(|set| sets.contains(&set.arn));
    organization.assignments.retain(|row| has(&row.account, &row.permission_set));
    organization.provisioned.retain(|row| has(&row.account, &row.permission_set));
    organization.creation_requests.retain(|request| has(&request.account, &request.permission_set));
    organization.deletion_requests.retain(|request| has(&request.account, &request.permission_set));
    organization.provisioning_requests.retain(|request| has(&request.account, &request.permission_set));
}
