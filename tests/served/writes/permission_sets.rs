//! What a permission set holds. A change reaches no account before the set is provisioned there again.

use serde_json::{Value, json};

use super::super::access::{Boundary, PermissionSet, PolicyReference};
use super::super::answer::Refusal;
use super::super::call::Call;
use super::super::desk::Context;
use super::super::organization::Organization;
use super::super::sso_admin::{admitted, permission_set};
use super::{Write, is_policy};

pub(super) fn of(operation: &str) -> Option<Write> {
    Some(match operation {
        "AttachManagedPolicyToPermissionSet" => attach_managed,
        "DetachManagedPolicyFromPermissionSet" => detach_managed,
        "AttachCustomerManagedPolicyReferenceToPermissionSet" => attach_customer_managed,
        "DetachCustomerManagedPolicyReferenceFromPermissionSet" => detach_customer_managed,
        "PutInlinePolicyToPermissionSet" => put_inline,
        "DeleteInlinePolicyFromPermissionSet" => delete_inline,
        "PutPermissionsBoundaryToPermissionSet" => put_boundary,
        "DeletePermissionsBoundaryFromPermissionSet" => delete_boundary,
        _ => return None,
    })
}

/// Changes the permission set that a call names; wherever it stands provisioned, it is out of date then.
fn change(
    context: &Context<'_>,
    organization: &mut Organization,
    change: impl FnOnce(&mut PermissionSet) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let instance = admitted(context)?;
    let arn = &permission_set(context, instance)?.arn;
    let set = organization.permission_sets.iter_mut().find(|set| set.arn == *arn);
    change(set.ok_or_else(|| absent("The permission set is gone"))?)?;
    organization.provisioned.iter_mut().filter(|one| one.permission_set == *arn).for_each(|one| one.latest = false);
    Ok(json!({}))
}

fn absent(message: &str) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", message)
}

fn conflict(message: &str) -> Refusal {
    Refusal::new(400, "ConflictException", message)
}

fn attach_managed(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let arn = context.call.formed("ManagedPolicyArn", |arn| arn.contains(":iam::aws:policy/"))?;
    if !organization.aws_managed_policies.iter().any(|known| known == arn) {
        return Err(absent("The managed policy does not exist"));
    }
    change(context, organization, |set| {
        if set.managed_policies.iter().any(|known| known == arn) {
            return Err(conflict("The policy is attached already"));
        }
        set.managed_policies.push(arn.into());
        Ok(())
    })
}

fn detach_managed(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let arn = context.call.formed("ManagedPolicyArn", |arn| arn.contains(":iam::aws:policy/"))?;
    change(context, organization, |set| remove(&mut set.managed_policies, &arn.to_owned()))
}

fn remove<T: PartialEq>(list: &mut Vec<T>, item: &T) -> Result<(), Refusal> {
    let before = list.len();
    list.retain(|known| known != item);
    if list.len() == before { Err(absent("The policy is not attached")) } else { Ok(()) }
}

fn reference(call: &Call, value: &Value) -> Result<PolicyReference, Refusal> {
    let word =
        |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c)) && !text.is_empty();
    let name = value["Name"].as_str().unwrap_or_default();
    let path = value["Path"].as_str().unwrap_or("/");
    let sound = path.len() == 1 || path.len() > 2 && path[1..path.len() - 1].split('/').all(word);
    if !word(name) {
        return Err(call.malformed("Name", name));
    }
    if !path.starts_with('/') || !path.ends_with('/') || !sound {
        return Err(call.malformed("Path", path));
    }
    Ok(PolicyReference::new(name, path))
}

fn attach_customer_managed(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let wanted = reference(context.call, &context.call.input["CustomerManagedPolicyReference"])?;
    change(context, organization, |set| {
        // Whether AWS takes two of one name but for case or path is not documented; a fix must not need it.
        if set.customer_managed_policies.iter().any(|known| known.name.eq_ignore_ascii_case(&wanted.name)) {
            return Err(conflict("A policy of that name is attached already"));
        }
        set.customer_managed_policies.push(wanted);
        Ok(())
    })
}

fn detach_customer_managed(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let wanted = reference(context.call, &context.call.input["CustomerManagedPolicyReference"])?;
    change(context, organization, |set| remove(&mut set.customer_managed_policies, &wanted))
}

fn put_inline(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let policy = context.call.formed("InlinePolicy", is_policy)?;
    change(context, organization, |set| {
        set.inline_policy = Some(policy.into());
        Ok(())
    })
}

fn delete_inline(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    change(context, organization, |set| {
        set.inline_policy = None;
        Ok(())
    })
}

fn put_boundary(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let boundary = &context.call.input["PermissionsBoundary"];
    let boundary = match (boundary.get("CustomerManagedPolicyReference"), boundary["ManagedPolicyArn"].as_str()) {
        (Some(policy), None) => Boundary::CustomerManagedPolicyReference(reference(context.call, policy)?),
        (None, Some(arn)) => Boundary::ManagedPolicyArn(arn.into()),
        _ => return Err(Refusal::invalid(context.call, "PermissionsBoundary must hold exactly one policy")),
    };
    change(context, organization, |set| {
        set.permissions_boundary = Some(boundary);
        Ok(())
    })
}

fn delete_boundary(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    change(context, organization, |set| {
        set.permissions_boundary = None;
        Ok(())
    })
}
