//! Assignments and provisioning. The answers say `IN_PROGRESS`, as AWS's do; what came of it, the requests tell,
//! which are done by the time they are asked for.

use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::call::{Call, is_account, is_id};
use super::super::desk::Context;
use super::super::identifier::guid;
use super::super::moment::Moment;
use super::super::organization::{Assignment, AssignmentRequest, Instance, Organization, ProvisioningRequest};
use super::super::sso_admin::{admitted, permission_set};
use super::Write;
use super::provisioning::provision;

pub(super) fn of(operation: &str) -> Option<Write> {
    Some(match operation {
        "CreateAccountAssignment" => create_account_assignment,
        "DeleteAccountAssignment" => delete_account_assignment,
        "ProvisionPermissionSet" => provision_permission_set,
        "UpdateInstance" => update_instance,
        _ => return None,
    })
}

/// The account that a call is for, where its caller may change what it holds.
fn target<'a>(context: &Context<'a>, instance: &Instance) -> Result<&'a str, Refusal> {
    let call = context.call;
    let account = call.formed("TargetId", is_account)?;
    let management = &context.world.organization.management_account;
    let delegated = call.caller.account != *management && context.world.is_organization_instance(instance);
    if delegated && account == management { Err(Refusal::off_limits(call)) } else { Ok(account) }
}

fn one_of<'a>(call: &'a Call, member: &str, values: &[&str]) -> Result<&'a str, Refusal> {
    let value = call.required(member)?;
    if values.contains(&value) { Ok(value) } else { Err(call.malformed(member, value)) }
}

fn assignment(context: &Context<'_>) -> Result<Assignment, Refusal> {
    let instance = admitted(context)?;
    let call = context.call;
    one_of(call, "TargetType", &["AWS_ACCOUNT"])?;
    Ok(Assignment {
        account: target(context, instance)?.into(),
        permission_set: permission_set(context, instance)?.arn.clone(),
        principal_type: one_of(call, "PrincipalType", &["USER", "GROUP"])?.into(),
        principal_id: call.formed("PrincipalId", is_id)?.into(),
    })
}

fn request(kind: &str, of: &Assignment, number: usize, failure: Option<String>) -> AssignmentRequest {
    AssignmentRequest {
        request_id: guid(&[kind, &of.account, &of.permission_set, &of.principal_id, &number.to_string()]),
        status: if failure.is_some() { "FAILED" } else { "SUCCEEDED" }.into(),
        failure_reason: failure,
        account: of.account.clone(),
        permission_set: of.permission_set.clone(),
        principal_type: of.principal_type.clone(),
        principal_id: of.principal_id.clone(),
        created: Moment::now(),
    }
}

fn started(name: &str, request: &AssignmentRequest) -> Value {
    json!({name: {
        "Status": "IN_PROGRESS",
        "RequestId": request.request_id,
        "TargetId": request.account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": request.permission_set,
        "PrincipalType": request.principal_type,
        "PrincipalId": request.principal_id,
    }})
}

/// Provisions the permission set too, where it is not yet; without that there is no assignment.
fn create_account_assignment(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let row = assignment(context)?;
    let here = if row.principal_type == "USER" {
        organization.users.iter().any(|user| user.id == row.principal_id)
    } else {
        organization.groups.iter().any(|group| group.id == row.principal_id)
    };
    let provisioned = context.world.is_provisioned(&row.permission_set, &row.account);
    let made = if !here {
        Err(format!(
            "Received a 404 status error: the {} assignee {} was not found in directory {}",
            row.principal_type,
            row.principal_id,
            organization.organization_instance().identity_store_id
        ))
    } else if provisioned {
        Ok(())
    } else {
        provision(organization, &row.permission_set, &row.account)
    };
    let request = request("created by hand", &row, organization.creation_requests.len(), made.err());
    if request.failure_reason.is_none() && !organization.assignments.contains(&row) {
        organization.assignments.push(row);
    }
    organization.creation_requests.push(request.clone());
    Ok(started("AccountAssignmentCreationStatus", &request))
}

/// With its last assignment in an account, a permission set goes from there too.
fn delete_account_assignment(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let row = assignment(context)?;
    let stood = organization.assignments.contains(&row);
    organization.assignments.retain(|one| *one != row);
    let gone = "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key";
    let request =
        request("deleted by hand", &row, organization.deletion_requests.len(), (!stood).then(|| gone.to_owned()));
    let last = !organization
        .assignments
        .iter()
        .any(|one| (&one.account, &one.permission_set) == (&row.account, &row.permission_set));
    if stood && last {
        let name = organization.permission_sets.iter().find(|set| set.arn == row.permission_set);
        let name = name.map(|set| set.name.clone()).unwrap_or_default();
        organization.unprovision(&name, &row.account);
    }
    organization.deletion_requests.push(request.clone());
    Ok(started("AccountAssignmentDeletionStatus", &request))
}

fn provision_permission_set(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let instance = admitted(context)?;
    let set = permission_set(context, instance)?.arn.clone();
    let everywhere = one_of(context.call, "TargetType", &["AWS_ACCOUNT", "ALL_PROVISIONED_ACCOUNTS"])? != "AWS_ACCOUNT";
    let accounts: Vec<String> = if everywhere {
        let records = organization.provisioned.iter().filter(|one| one.permission_set == set);
        records.map(|one| one.account.clone()).collect()
    } else {
        vec![target(context, instance)?.into()]
    };
    let failures: Vec<String> =
        accounts.iter().filter_map(|account| provision(organization, &set, account).err()).collect();
    let request = ProvisioningRequest {
        request_id: guid(&["provisioned by hand", &set, &organization.provisioning_requests.len().to_string()]),
        status: if failures.is_empty() { "SUCCEEDED" } else { "FAILED" }.into(),
        failure_reason: failures.into_iter().next(),
        account: if everywhere { String::new() } else { accounts.into_iter().next().unwrap_or_default() },
        permission_set: set.clone(),
        created: Moment::now(),
    };
    let id = request.request_id.clone();
    organization.provisioning_requests.push(request);
    Ok(json!({"PermissionSetProvisioningStatus": {"Status": "IN_PROGRESS", "RequestId": id, "PermissionSetArn": set}}))
}

/// Permission sets can be switched on, and never off.
fn update_instance(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    let arn = call.required("InstanceArn")?;
    if call.input["PermissionSetsEnabled"] != true {
        return Err(Refusal::invalid(call, "PermissionSetsEnabled accepts only true"));
    }
    let found = organization.instances.iter_mut().find(|instance| instance.arn == arn);
    let instance = found.filter(|instance| instance.owner_account_id == call.caller.account);
    instance.ok_or_else(|| Refusal::off_limits(call))?.permission_sets_enabled = Some(true);
    Ok(json!({}))
}
