//! The requests that create and delete assignments and provision permission sets. Lists tell status, id and date
//! alone; what a request was about must be asked one by one.

use serde_json::{Value, json};

use super::super::access::{AssignmentRequest, ProvisioningRequest};
use super::super::answer::Refusal;
use super::super::call::is_id;
use super::super::desk::Context;
use super::super::moment::Moment;
use super::super::organization::Instance;

use super::hidden;

pub(super) fn list_creations(context: &Context<'_>, _: &Instance) -> Result<Value, Refusal> {
    let rows = context.world.organization.creation_requests.iter().map(summary);
    list(context, "AccountAssignmentsCreationStatus", rows)
}

pub(super) fn list_deletions(context: &Context<'_>, _: &Instance) -> Result<Value, Refusal> {
    let rows = context.world.organization.deletion_requests.iter().map(summary);
    list(context, "AccountAssignmentsDeletionStatus", rows)
}

pub(super) fn list_provisionings(context: &Context<'_>, _: &Instance) -> Result<Value, Refusal> {
    let requests = context.world.organization.provisioning_requests.iter();
    let rows = requests.map(|request| (request.status.as_str(), request.request_id.as_str(), request.created));
    list(context, "PermissionSetsProvisioningStatus", rows)
}

type Summary<'a> = (&'a str, &'a str, Moment);

fn summary(request: &AssignmentRequest) -> Summary<'_> {
    (&request.status, &request.request_id, request.created)
}

fn list<'a>(context: &Context<'_>, name: &str, rows: impl Iterator<Item = Summary<'a>>) -> Result<Value, Refusal> {
    let wanted = context.call.input["Filter"]["Status"].as_str();
    if let Some(other) = wanted.filter(|status| !matches!(*status, "IN_PROGRESS" | "FAILED" | "SUCCEEDED")) {
        return Err(Refusal::invalid(
            context.call,
            &format!("Value '{other}' at 'filter.status' failed to satisfy constraint"),
        ));
    }
    let rows = rows.filter(|(status, ..)| wanted.is_none_or(|wanted| *status == wanted));
    Ok(context.page(rows, 100)?.output(
        context.call,
        name,
        |(status, id, created)| json!({"Status": status, "RequestId": id, "CreatedDate": created.epoch()}),
    ))
}

pub(super) fn describe_creation(context: &Context<'_>, _: &Instance) -> Result<Value, Refusal> {
    let id = context.call.formed("AccountAssignmentCreationRequestId", is_id)?;
    describe(context, "AccountAssignmentCreationStatus", &context.world.organization.creation_requests, id)
}

pub(super) fn describe_deletion(context: &Context<'_>, _: &Instance) -> Result<Value, Refusal> {
    let id = context.call.formed("AccountAssignmentDeletionRequestId", is_id)?;
    describe(context, "AccountAssignmentDeletionStatus", &context.world.organization.deletion_requests, id)
}

fn describe(context: &Context<'_>, name: &str, requests: &[AssignmentRequest], id: &str) -> Result<Value, Refusal> {
    let request = requests.iter().find(|request| request.request_id == id).ok_or_else(|| absent(id))?;
    if hidden(context, &request.account) {
        return Err(Refusal::off_limits(context.call));
    }
    Ok(json!({name: {
        "Status": request.status,
        "RequestId": request.request_id,
        "FailureReason": request.failure_reason,
        "TargetId": request.account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": request.permission_set,
        "PrincipalType": request.principal_type,
        "PrincipalId": request.principal_id,
        "CreatedDate": request.created.epoch(),
    }}))
}

pub(super) fn describe_provisioning(context: &Context<'_>, _: &Instance) -> Result<Value, Refusal> {
    let id = context.call.formed("ProvisionPermissionSetRequestId", is_id)?;
    let requests = &context.world.organization.provisioning_requests;
    let request: &ProvisioningRequest =
        requests.iter().find(|request| request.request_id == id).ok_or_else(|| absent(id))?;
    if hidden(context, &request.account) {
        return Err(Refusal::off_limits(context.call));
    }
    let account = Some(&request.account).filter(|account| !account.is_empty());
    Ok(json!({"PermissionSetProvisioningStatus": {
        "Status": request.status,
        "RequestId": request.request_id,
        "AccountId": account,
        "PermissionSetArn": request.permission_set,
        "FailureReason": request.failure_reason,
        "CreatedDate": request.created.epoch(),
    }}))
}

fn absent(id: &str) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", format!("Could not find a request with id {id}"))
}
