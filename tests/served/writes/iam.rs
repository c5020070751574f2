//! Policies and roles of the caller's account. Names are unique whatever their case and path; what Identity Center made
//! is AWS's to change.

use serde_json::{Value, json};

use super::super::account::{AccountIam, CustomerPolicy, Role};
use super::super::answer::Refusal;
use super::super::call::Call;
use super::super::desk::Context;
use super::super::moment::Moment;
use super::super::organization::Organization;
use super::{Write, is_policy};

pub(super) fn of(operation: &str) -> Option<Write> {
    Some(match operation {
        "CreatePolicy" => create_policy,
        "CreatePolicyVersion" => create_policy_version,
        "CreateRole" => create_role,
        "UpdateAssumeRolePolicy" => update_assume_role_policy,
        _ => return None,
    })
}

fn held<'a>(context: &Context<'_>, organization: &'a mut Organization) -> Result<&'a mut AccountIam, Refusal> {
    let account = organization.accounts.iter_mut().find(|account| account.id == context.call.caller.account);
    account.map(|account| &mut account.iam).ok_or_else(|| Refusal::off_limits(context.call))
}

fn exists(what: &str) -> Refusal {
    Refusal::new(409, "EntityAlreadyExists", format!("{what} already exists."))
}

fn document<'a>(call: &'a Call, member: &str) -> Result<&'a str, Refusal> {
    let document = call.required(member)?;
    let malformed = || Refusal::new(400, "MalformedPolicyDocument", "This policy contains invalid Json");
    if is_policy(document) { Ok(document) } else { Err(malformed()) }
}

fn named(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c))
}

fn path(call: &Call) -> Result<&str, Refusal> {
    let path = call.get("Path").unwrap_or("/");
    let sound = path.starts_with('/') && path.ends_with('/') && !path.starts_with("/aws-reserved/");
    if sound { Ok(path) } else { Err(call.malformed("Path", path)) }
}

fn create_policy(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    let (name, path) = (call.formed("PolicyName", named)?, path(call)?);
    let document = document(call, "PolicyDocument")?;
    let policies = &mut held(context, organization)?.policies;
    if policies.iter().any(|policy| policy.name.eq_ignore_ascii_case(name)) {
        return Err(exists(&format!("A policy called {name}")));
    }
    let document = serde_json::from_str(document).unwrap_or_default();
    policies.push(CustomerPolicy { name: name.into(), path: path.into(), document, created: Moment::now() });
    Ok(json!({"Policy": {"PolicyName": name, "Path": path}}))
}

/// Each policy has one version here, which always counts.
fn create_policy_version(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    let arn = call.required("PolicyArn")?;
    let document = serde_json::from_str(document(call, "PolicyDocument")?).unwrap_or_default();
    if call.get("SetAsDefault") != Some("true") {
        return Err(call.malformed("SetAsDefault", call.get("SetAsDefault").unwrap_or_default()));
    }
    let account = &call.caller.account;
    let is_named =
        |policy: &&mut CustomerPolicy| arn.ends_with(&format!("{account}:policy{}{}", policy.path, policy.name));
    let policy = held(context, organization)?.policies.iter_mut().find(is_named);
    let absent = || Refusal::new(404, "NoSuchEntity", format!("Policy {arn} does not exist or is not attachable."));
    policy.ok_or_else(absent)?.document = document;
    Ok(json!({"PolicyVersion": {"VersionId": "v1", "IsDefaultVersion": true}}))
}

fn create_role(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    let (name, path) = (call.formed("RoleName", named)?, path(call)?);
    let trust_policy = document(call, "AssumeRolePolicyDocument")?.to_owned();
    let roles = &mut held(context, organization)?.roles;
    if roles.iter().any(|role| role.name.eq_ignore_ascii_case(name)) {
        return Err(exists(&format!("Role with name {name}")));
    }
    let created = Moment::now();
    roles.push(Role { path: path.into(), name: name.into(), created, trust_policy, ..Role::default() });
    Ok(json!({"Role": {"RoleName": name, "Path": path}}))
}

fn update_assume_role_policy(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    let name = call.required("RoleName")?;
    let trust_policy = document(call, "PolicyDocument")?.to_owned();
    let roles = &mut held(context, organization)?.roles;
    let role = roles.iter_mut().find(|role| role.name.eq_ignore_ascii_case(name));
    let absent = || Refusal::new(404, "NoSuchEntity", format!("The role with name {name} cannot be found."));
    let role = role.ok_or_else(absent)?;
    if role.path.starts_with("/aws-reserved/") {
        let message = format!(
            "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
        );
        return Err(Refusal::new(400, "UnmodifiableEntity", message));
    }
    role.trust_policy = trust_policy;
    Ok(json!({}))
}
