//! Entitlements of account access manager.

use serde_json::{Value, json};

use super::super::access::Entitlement;
use super::super::account_access::administered;
use super::super::answer::Refusal;
use super::super::call::is_id;
use super::super::desk::Context;
use super::super::identifier::guid;
use super::super::moment::Moment;
use super::super::organization::Organization;
use super::{Write, field};

pub(super) fn of(operation: &str) -> Option<Write> {
    (operation == "CreateEntitlement").then_some(create_entitlement as Write)
}

fn create_entitlement(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    administered(context)?;
    let application = call.get("applicationArn").unwrap_or_default();
    if field(application, 3) != call.region || !organization.applications.iter().any(|one| one.arn == application) {
        return Err(Refusal::new(404, "ResourceNotFoundException", format!("Application {application} not found")));
    }
    let entitlement = &call.input["entitlement"]["principalRole"];
    let principal = &entitlement["principal"]["identityCenter"];
    let invalid = |message: &str| Refusal::new(400, "ValidationException", message);
    let (kind, id) = match (principal["userId"].as_str(), principal["groupId"].as_str()) {
        (Some(id), None) => ("USER", id),
        (None, Some(id)) => ("GROUP", id),
        _ => return Err(invalid("principal must hold exactly one of userId and groupId")),
    };
    let role_arn = entitlement["roleArn"].as_str().unwrap_or_default();
    if !is_id(id) || !field(role_arn, 5).starts_with("role/") {
        return Err(invalid("the principal or the role is malformed"));
    }
    let id = id.to_owned();
    let made = Entitlement {
        id: guid(&["entitled by hand", &id, role_arn]),
        application_arn: application.into(),
        principal_type: kind.into(),
        principal_id: id,
        role_arn: role_arn.into(),
        account: field(role_arn, 4).into(),
        created: Moment::now(),
    };
    let answer = json!({"entitlementId": made.id});
    organization.entitlements.push(made);
    Ok(answer)
}
