//! Permission sets: what they hold, and where they stand provisioned.

use serde_json::{Value, json};

use super::super::access::{Boundary, PermissionSet};
use super::super::answer::Refusal;
use super::super::call::is_account;
use super::super::desk::Context;
use super::super::organization::Instance;

use super::hidden;

pub(super) fn list(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let sets = context.world.organization.permission_sets.iter().filter(|set| belongs(&set.arn, instance));
    Ok(context.page(sets, 100)?.output(context.call, "PermissionSets", |set| set.arn.clone().into()))
}

/// Whether a permission set is one of the instance's, whose id its ARN carries.
fn belongs(arn: &str, instance: &Instance) -> bool {
    let id = |arn: &str, place| arn.split('/').nth(place).map(str::to_owned);
    id(arn, 1) == id(&instance.arn, 1)
}

/// The permission set that a call names.
pub(super) fn named<'a>(context: &Context<'a>, instance: &Instance) -> Result<&'a PermissionSet, Refusal> {
    let arn = context.call.required("PermissionSetArn")?;
    if !arn.contains(":sso:::permissionSet/") {
        return Err(Refusal::invalid(
            context.call,
            &format!(
                "1 validation error detected: Value '{arn}' at 'permissionSetArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-[a-z]{{1,5}}){{0,3}}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{{16}}/ps-[a-zA-Z0-9-./]{{16}}"
            ),
        ));
    }
    let found = context.world.permission_set(arn).filter(|set| belongs(&set.arn, instance));
    found.ok_or_else(|| {
        let id = arn.rsplit('/').next().unwrap_or(arn);
        Refusal::new(400, "ResourceNotFoundException", format!("Could not find PermissionSet with id {id}"))
    })
}

pub(super) fn describe(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let set = named(context, instance)?;
    Ok(json!({"PermissionSet": {
        "Name": set.name,
        "PermissionSetArn": set.arn,
        "Description": set.description,
        "CreatedDate": set.created.epoch(),
        "SessionDuration": set.session_duration,
        "RelayState": set.relay_state,
    }}))
}

pub(super) fn managed_policies(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let policies = &named(context, instance)?.managed_policies;
    Ok(context.page(policies, 100)?.output(
        context.call,
        "AttachedManagedPolicies",
        |arn| json!({"Name": arn.rsplit('/').next(), "Arn": arn}),
    ))
}

pub(super) fn customer_managed_policies(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let policies = &named(context, instance)?.customer_managed_policies;
    Ok(context.page(policies, 100)?.output(
        context.call,
        "CustomerManagedPolicyReferences",
        |policy| json!({"Name": policy.name, "Path": policy.path}),
    ))
}

/// An empty string where there is none.
pub(super) fn inline_policy(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    Ok(json!({"InlinePolicy": named(context, instance)?.inline_policy.as_deref().unwrap_or_default()}))
}

pub(super) fn permissions_boundary(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    match &named(context, instance)?.permissions_boundary {
        Some(Boundary::CustomerManagedPolicyReference(policy)) => {
            let reference = json!({"Name": policy.name, "Path": policy.path});
            Ok(json!({"PermissionsBoundary": {"CustomerManagedPolicyReference": reference}}))
        }
        Some(Boundary::ManagedPolicyArn(arn)) => Ok(json!({"PermissionsBoundary": {"ManagedPolicyArn": arn}})),
        None => Err(Refusal::new(400, "ResourceNotFoundException", "Permissions boundary not found")),
    }
}

/// Whether only the latest, or only the outdated ones are asked for.
fn status(context: &Context<'_>) -> Result<Option<bool>, Refusal> {
    match context.call.get("ProvisioningStatus") {
        None => Ok(None),
        Some("LATEST_PERMISSION_SET_PROVISIONED") => Ok(Some(true)),
        Some("LATEST_PERMISSION_SET_NOT_PROVISIONED") => Ok(Some(false)),
        Some(other) => Err(Refusal::invalid(
            context.call,
            &format!("Value '{other}' at 'provisioningStatus' failed to satisfy constraint"),
        )),
    }
}

pub(super) fn provisioned_to_account(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let (account, wanted) = (context.call.formed("AccountId", is_account)?, status(context)?);
    let records =
        context.world.provisioned_in(account).iter().map(|place| &context.world.organization.provisioned[*place]);
    let records = records.filter(|record| {
        wanted.is_none_or(|latest| record.latest == latest) && belongs(&record.permission_set, instance)
    });
    Ok(context
        .page(records, 100)?
        .output(context.call, "PermissionSets", |record| record.permission_set.clone().into()))
}

pub(super) fn accounts_provisioned(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let (set, wanted) = (named(context, instance)?, status(context)?);
    let records =
        context.world.provisioned_of(&set.arn).iter().map(|place| &context.world.organization.provisioned[*place]);
    let records = records
        .filter(|record| wanted.is_none_or(|latest| record.latest == latest) && !hidden(context, &record.account));
    Ok(context.page(records, 100)?.output(context.call, "AccountIds", |record| record.account.clone().into()))
}
