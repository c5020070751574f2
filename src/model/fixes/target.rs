//! What is made or changed in the target account itself: policies, roles that somebody is entitled to, quotas.

use super::command::{Form, Line};
use super::credentials;
use crate::evidence::{InAccount, Instance, PolicyReference};
use crate::findings::{Command, Fix};

/// The quota "Managed policies per role" of AWS IAM.
const POLICIES_PER_ROLE: &str = "L-0DA4ABF3";

/// Has a customer managed policy created as it is in an account that has it.
pub fn create_policy(here: InAccount<'_>, policy: &PolicyReference) -> Vec<Fix> {
    let (name, account) = (policy.label(), here.account().id.as_deref().unwrap_or_default());
    let arn = policy.arn(here.partition(), "ANOTHER_ACCOUNT_ID");
    let get = Line::new("iam", "get-policy-version")
        .options([("--policy-arn", arn.as_str()), ("--version-id", "DEFAULT_VERSION_ID")])
        .part_into("PolicyVersion.Document", Form::Json, "policy.json");
    let create = Line::new("iam", "create-policy")
        .options([("--policy-name", policy.name.as_str()), ("--path", policy.path.as_str())])
        .document("--policy-document", "policy.json");
    vec![
        Fix::new("Get policy.json from an account that has the policy, or write it", credentials::elsewhere(get)),
        Fix::new(format!("Create policy {name} in account {account}"), credentials::in_target(here, create)),
    ]
}

/// Has a policy of the account read, changed as `what` says, and made its default version.
pub fn edit_policy(here: InAccount<'_>, arn: &str, what: &str) -> Vec<Fix> {
    let policies = here.inside().policies.known().ok();
    let policy = policies.and_then(|policies| policies.iter().find(|policy| policy.arn == arn));
    let version = policy.and_then(|policy| policy.default_version.as_deref()).unwrap_or("DEFAULT_VERSION_ID");
    let get = Line::new("iam", "get-policy-version")
        .options([("--policy-arn", arn), ("--version-id", version)])
        .part_into("PolicyVersion.Document", Form::Json, "policy.json");
    let create = Line::new("iam", "create-policy-version")
        .option("--policy-arn", arn)
        .document("--policy-document", "policy.json")
        .flag("--set-as-default");
    let caution =
        "it counts at once, wherever the account uses the policy; of five versions, one has to be deleted first";
    vec![
        Fix::new(format!("Get {arn}"), credentials::in_target(here, get)),
        Fix::new(what, credentials::in_target(here, create)).careful(caution),
    ]
}

/// Has a role's trust policy read, changed as `what` says, and written back.
pub fn add_to_trust(here: InAccount<'_>, role: &str, what: &str) -> Vec<Fix> {
    let get = Line::new("iam", "get-role").option("--role-name", role).part_into(
        "Role.AssumeRolePolicyDocument",
        Form::Json,
        "trust.json",
    );
    let put = Line::new("iam", "update-assume-role-policy")
        .option("--role-name", role)
        .document("--policy-document", "trust.json");
    vec![
        Fix::new(format!("Get the trust policy of role {role}"), credentials::in_target(here, get)),
        Fix::new(format!("{what}; then write trust.json back"), credentials::in_target(here, put)),
    ]
}

/// Creates a role with a trust policy.
pub fn create_role(here: InAccount<'_>, name: &str, path: &str, trust: &serde_json::Value) -> Option<Command> {
    let line = Line::new("iam", "create-role")
        .options([("--role-name", name), ("--path", path)])
        .json("--assume-role-policy-document", trust);
    credentials::in_target(here, line)
}

/// Asks AWS for so many managed policies on a role of the account. The quotas of IAM are kept in one Region.
pub fn raise_policies_per_role(here: InAccount<'_>, policies: usize) -> Option<Command> {
    let line = Line::new("service-quotas", "request-service-quota-increase")
        .options([("--service-code", "iam"), ("--quota-code", POLICIES_PER_ROLE)])
        .option("--desired-value", &policies.to_string());
    let region = here.instance().ok().and_then(Instance::global_region);
    credentials::in_target(here, region.into_iter().fold(line, |line, region| line.option("--region", region)))
}
