//! `sso-admin`: the instance and its Regions, and who may ask what where. Permission sets, assignments and requests
//! are in the modules below.

mod assignments;
mod permission_sets;
mod requests;

use serde_json::{Value, json};

use super::answer::Refusal;
use super::desk::{Context, unknown};
use super::organization::{Instance, PermissionSet};

/// Answers a call.
pub(crate) fn answer(context: &Context<'_>) -> Result<Value, Refusal> {
    let operation = context.call.operation.as_str();
    if operation == "ListInstances" {
        return list_instances(context);
    }
    let instance = || admitted(context);
    match operation {
        "DescribeInstance" => Ok(describe_instance(context, known(context)?)),
        "ListRegions" => list_regions(context, known(context)?),
        "DescribeRegion" => describe_region(context, known(context)?),
        "DescribeInstanceAccessControlAttributeConfiguration" => access_control(instance()?),
        "ListPermissionSets" => permission_sets::list(context, instance()?),
        "DescribePermissionSet" => permission_sets::describe(context, instance()?),
        "ListManagedPoliciesInPermissionSet" => permission_sets::managed_policies(context, instance()?),
        "ListCustomerManagedPolicyReferencesInPermissionSet" => {
            permission_sets::customer_managed_policies(context, instance()?)
        }
        "GetInlinePolicyForPermissionSet" => permission_sets::inline_policy(context, instance()?),
        "GetPermissionsBoundaryForPermissionSet" => permission_sets::permissions_boundary(context, instance()?),
        "ListPermissionSetsProvisionedToAccount" => permission_sets::provisioned_to_account(context, instance()?),
        "ListAccountsForProvisionedPermissionSet" => permission_sets::accounts_provisioned(context, instance()?),
        "ListAccountAssignments" => assignments::list(context, instance()?),
        "ListAccountAssignmentsForPrincipal" => assignments::list_for_principal(context, instance()?),
        "ListAccountAssignmentCreationStatus" => requests::list_creations(context, instance()?),
        "ListAccountAssignmentDeletionStatus" => requests::list_deletions(context, instance()?),
        "ListPermissionSetProvisioningStatus" => requests::list_provisionings(context, instance()?),
        "DescribeAccountAssignmentCreationStatus" => requests::describe_creation(context, instance()?),
        "DescribeAccountAssignmentDeletionStatus" => requests::describe_deletion(context, instance()?),
        "DescribePermissionSetProvisioningStatus" => requests::describe_provisioning(context, instance()?),
        _ => Err(unknown(context.call)),
    }
}

/// "Created in or visible to" the account: its own instance, and the organization's.
fn list_instances(context: &Context<'_>) -> Result<Value, Refusal> {
    let (world, call) = (context.world, context.call);
    let everywhere = match call.get("RegionScope") {
        None | Some("CURRENT_REGION") => false,
        Some("ALL_REGIONS") => true,
        Some(other) => {
            return Err(Refusal::invalid(
                call,
                &format!("Value '{other}' at 'regionScope' failed to satisfy constraint"),
            ));
        }
    };
    let member = world.account(&call.caller.account).is_some();
    let visible = world.organization.instances.iter().filter(|instance| {
        let shared = member && world.is_organization_instance(instance);
        (shared || instance.owner_account_id == call.caller.account) && (everywhere || is_in(instance, &call.region))
    });
    Ok(context.page(visible, 10)?.output(call, "Instances", |instance| metadata(context, instance)))
}

fn is_in(instance: &Instance, region: &str) -> bool {
    instance.primary_region == region || instance.additional_regions.iter().any(|one| one.name == region)
}

/// The instance that a call names, where the caller may see it at all.
fn known<'a>(context: &Context<'a>) -> Result<&'a Instance, Refusal> {
    let call = context.call;
    let arn = call.required("InstanceArn")?;
    if !arn.contains(":sso:::instance/") {
        return Err(Refusal::invalid(
            call,
            &format!(
                "1 validation error detected: Value '{arn}' at 'instanceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-[a-z]{{1,5}}){{0,3}}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{{16}}"
            ),
        ));
    }
    // These operations model no ResourceNotFoundException; of a deleted instance AWS says that access is denied.
    let models_absence = !matches!(call.operation.as_str(), "DescribeInstance" | "ListRegions");
    let instance = context.world.instance(arn).filter(|instance| is_in(instance, &call.region)).ok_or_else(|| {
        if models_absence {
            Refusal::new(400, "ResourceNotFoundException", "Instance not found")
        } else {
            Refusal::off_limits(call)
        }
    })?;
    let organization = &context.world.organization;
    let administrators = [Some(&organization.management_account), organization.delegated_administrator.as_ref()];
    let administers =
        context.world.is_organization_instance(instance) && administrators.contains(&Some(&call.caller.account));
    if administers || instance.owner_account_id == call.caller.account {
        Ok(instance)
    } else {
        Err(Refusal::off_limits(call))
    }
}

/// The instance that a call names, where it may be asked about permission sets, assignments and settings.
pub(crate) fn admitted<'a>(context: &Context<'a>) -> Result<&'a Instance, Refusal> {
    let (call, instance) = (context.call, known(context)?);
    if call.region != instance.primary_region {
        // AWS documents that these reads are not supported in additional Regions, not with which error.
        let message = format!(
            "{} is not supported in this Region. Use the primary Region {}.",
            call.operation, instance.primary_region
        );
        return Err(Refusal::new(400, "ValidationException", message));
    }
    if instance.status == "CREATE_IN_PROGRESS" {
        return Err(Refusal::new(400, "ValidationException", "The instance is still being created."));
    }
    let settings = call.operation.contains("AccessControlAttribute");
    // An organization's instance has permission sets unless it says otherwise, an account's own only if it says so.
    let enabled = instance.permission_sets_enabled.unwrap_or_else(|| context.world.is_organization_instance(instance));
    if !settings && !enabled {
        return Err(Refusal::new(400, "ValidationException", "Permission sets are not enabled for this instance."));
    }
    // What the delegated administrator may not touch: the management account, and whatever is provisioned there.
    let management = &context.world.organization.management_account;
    if call.caller.account != *management && context.world.is_organization_instance(instance) {
        let account = call.get("AccountId").is_some_and(|account| account == management);
        let set = call.get("PermissionSetArn").is_some_and(|set| context.world.is_provisioned(set, management));
        if account || set {
            return Err(Refusal::off_limits(call));
        }
    }
    Ok(instance)
}

/// The permission set that a call names.
pub(crate) fn permission_set<'a>(context: &Context<'a>, instance: &Instance) -> Result<&'a PermissionSet, Refusal> {
    permission_sets::named(context, instance)
}

/// Whether what concerns an account is hidden from the caller, as the management account is from the delegated
/// administrator.
fn hidden(context: &Context<'_>, account: &str) -> bool {
    let management = &context.world.organization.management_account;
    account == management && context.call.caller.account != *management
}

fn metadata(context: &Context<'_>, instance: &Instance) -> Value {
    let organization = &context.world.organization;
    json!({
        "InstanceArn": instance.arn,
        "IdentityStoreId": instance.identity_store_id,
        "IdentityStoreArn": format!("arn:{}:identitystore::{}:identitystore/{}", organization.partition, instance.owner_account_id, instance.identity_store_id),
        "OwnerAccountId": instance.owner_account_id,
        "Name": instance.name,
        "CreatedDate": instance.created.epoch(),
        "Status": instance.status,
        "StatusReason": instance.status_reason,
        "PrimaryRegion": instance.primary_region,
        "Regions": regions(instance),
    })
}

fn regions(instance: &Instance) -> Vec<Value> {
    let primary = json!({"RegionName": instance.primary_region, "Status": "ACTIVE", "AddedDate": instance.created.epoch(), "IsPrimaryRegion": true});
    let additional = instance.additional_regions.iter().map(|region| {
        json!({"RegionName": region.name, "Status": region.status, "AddedDate": region.added.epoch(), "IsPrimaryRegion": false})
    });
    [primary].into_iter().chain(additional).collect()
}

fn describe_instance(context: &Context<'_>, instance: &Instance) -> Value {
    let mut output = metadata(context, instance);
    let encryption = &instance.encryption;
    output["EncryptionConfigurationDetails"] = json!({
        "KeyType": encryption.key_type,
        "KmsKeyArn": encryption.kms_key_arn,
        "EncryptionStatus": encryption.status,
        "EncryptionStatusReason": encryption.status_reason,
    });
    if let Some(enabled) = instance.permission_sets_enabled {
        output["PermissionSetsEnabled"] = enabled.into();
    }
    if let Some(network) = &instance.network_configuration {
        output["NetworkConfigurationDetails"] = json!({
            "VpceAccessRequired": network.vpce_access_required,
            "RestrictSourceVpcs": network.restrict_source_vpcs,
            "AllowSourceIps": network.allow_source_ips,
            "ExcludeApplicationArns": [],
        });
    }
    output
}

fn list_regions(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    Ok(context.page(regions(instance), 100)?.output(context.call, "Regions", |region| region))
}

fn describe_region(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let name = context.call.required("RegionName")?;
    let found = regions(instance).into_iter().find(|region| region["RegionName"] == name);
    found.ok_or_else(|| Refusal::new(400, "ResourceNotFoundException", format!("Region {name} not found")))
}

fn access_control(instance: &Instance) -> Result<Value, Refusal> {
    let Some(attributes) = &instance.access_control_attributes else {
        return Err(Refusal::new(400, "ResourceNotFoundException", "Access control attribute configuration not found"));
    };
    let rows: Vec<Value> =
        attributes.attributes.iter().map(|(key, source)| json!({"Key": key, "Value": {"Source": [source]}})).collect();
    Ok(json!({
        "Status": attributes.status,
        "StatusReason": attributes.status_reason,
        "InstanceAccessControlAttributeConfiguration": {"AccessControlAttributes": rows},
    }))
}
