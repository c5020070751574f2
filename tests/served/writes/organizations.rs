//! Policies of the organization and invitations into it: the management account's alone.

use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::desk::Context;
use super::super::identifier::hex;
use super::super::organization::{Organization, OrganizationPolicy};
use super::{Write, is_policy};

pub(super) fn of(operation: &str) -> Option<Write> {
    Some(match operation {
        "UpdatePolicy" => update_policy,
        "AttachPolicy" => attach_policy,
        "DetachPolicy" => detach_policy,
        "InviteAccountToOrganization" => invite,
        _ => return None,
    })
}

fn refuse(code: &str, message: &str) -> Refusal {
    Refusal::new(400, code, message)
}

fn administered(context: &Context<'_>) -> Result<(), Refusal> {
    let own = context.call.caller.account == context.world.organization.management_account;
    if own {
        return Ok(());
    }
    Err(refuse("AccessDeniedException", "You don't have permissions to access this resource."))
}

fn policy<'a>(
    context: &Context<'_>,
    organization: &'a mut Organization,
) -> Result<&'a mut OrganizationPolicy, Refusal> {
    administered(context)?;
    let id = context.call.required("PolicyId")?;
    let found = organization.policies.iter_mut().find(|policy| policy.id == id);
    found.ok_or_else(|| refuse("PolicyNotFoundException", "You specified a policy that doesn't exist."))
}

fn update_policy(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let policy = policy(context, organization)?;
    if policy.aws_managed {
        return Err(refuse("AccessDeniedException", "AWS managed policies cannot be updated."));
    }
    if let Some(content) = context.call.get("Content") {
        let malformed = || refuse("MalformedPolicyDocumentException", "The provided policy document is not valid.");
        if !is_policy(content) {
            return Err(malformed());
        }
        policy.content = serde_json::from_str(content).map_err(|_| malformed())?;
    }
    Ok(
        json!({"Policy": {"PolicySummary": {"Id": policy.id, "Name": policy.name}, "Content": policy.content.to_string()}}),
    )
}

fn target<'a>(context: &Context<'a>) -> Result<&'a str, Refusal> {
    let (organization, id) = (&context.world.organization, context.call.required("TargetId")?);
    let here = id == organization.root.id
        || organization.units.iter().any(|unit| unit.id == id)
        || organization.accounts.iter().any(|account| account.id == id);
    if here { Ok(id) } else { Err(refuse("TargetNotFoundException", "You specified a target that doesn't exist.")) }
}

fn attach_policy(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let (policy, target) = (policy(context, organization)?, target(context)?);
    if policy.targets.iter().any(|one| one == target || one == "*") {
        return Err(refuse("DuplicatePolicyAttachmentException", "The policy is already attached to the target."));
    }
    policy.targets.push(target.into());
    Ok(json!({}))
}

/// The last service control policy of a target stays.
fn detach_policy(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let target = target(context)?;
    let kind = policy(context, organization)?.policy_type.clone();
    let attached = |one: &OrganizationPolicy| one.targets.iter().any(|at| at == target || at == "*");
    let there = organization.policies.iter().filter(|one| one.policy_type == kind && attached(one)).count();
    let policy = policy(context, organization)?;
    if !policy.targets.iter().any(|one| one == target) {
        return Err(refuse("PolicyNotAttachedException", "The policy isn't attached to the specified target."));
    }
    if kind == "SERVICE_CONTROL_POLICY" && there == 1 {
        return Err(refuse("ConstraintViolationException", "A target has at least one service control policy.")
            .with("Reason", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"));
    }
    policy.targets.retain(|one| one != target);
    Ok(json!({}))
}

/// The account is in the organization once its owner accepts.
fn invite(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    administered(context)?;
    let target = &context.call.input["Target"];
    let (Some(id), Some("ACCOUNT" | "EMAIL")) = (target["Id"].as_str(), target["Type"].as_str()) else {
        return Err(Refusal::invalid(context.call, "Target must hold Id and Type"));
    };
    if organization.accounts.iter().any(|account| account.id == id) {
        return Err(refuse("HandshakeConstraintViolationException", "The account is in the organization already.")
            .with("Reason", "ALREADY_IN_AN_ORGANIZATION"));
    }
    organization.invited.push(id.into());
    Ok(json!({"Handshake": {"Id": format!("h-{}", hex(&["handshake", id])), "State": "OPEN", "Action": "INVITE"}}))
}
