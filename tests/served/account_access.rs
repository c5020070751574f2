//! `account-access`: account access manager, the second way into an account. REST with JSON; it lives in the
//! management account, in the instance's primary Region.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::access::{Application, Entitlement};
use super::answer::Refusal;
use super::call::Call;
use super::desk::{Context, unknown};
use super::http::Request;

/// The operation and input that a method and path mean; no operation where they mean none.
pub(crate) fn recognise(request: &Request, body: &str) -> (String, Value) {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let input = serde_json::from_str(body).unwrap_or_else(|_| Value::Object(Map::new()));
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/applications-list") => ("ListApplications".into(), input),
        ("POST", "/entitlements-list") => ("ListEntitlements".into(), input),
        ("POST", "/entitlements") => ("CreateEntitlement".into(), input),
        ("GET", path) if path.starts_with("/applications/") => {
            ("GetApplication".into(), json!({"applicationArn": decoded(&path["/applications/".len()..])}))
        }
        (method @ ("POST" | "PUT" | "DELETE" | "PATCH"), path)
            if path.starts_with("/applications") || path.starts_with("/entitlements") =>
        {
            (format!("{method} {path}"), input)
        }
        _ => (String::new(), input),
    }
}

/// Answers a call.
pub(crate) fn answer(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let operation: fn(&Context<'_>) -> Result<Value, Refusal> = match call.operation.as_str() {
        "ListApplications" => list_applications,
        "ListEntitlements" => list_entitlements,
        "GetApplication" => get_application,
        _ => return Err(unknown(call)),
    };
    administered(context)?;
    operation(context)
}

/// Whether the caller's account may ask anything here.
pub(crate) fn administered(context: &Context<'_>) -> Result<(), Refusal> {
    let organization = &context.world.organization;
    let administrators = [Some(&organization.management_account), organization.delegated_administrator.as_ref()];
    let asks = administrators.contains(&Some(&context.call.caller.account));
    if asks { Ok(()) } else { Err(Refusal::off_limits(context.call)) }
}

/// The applications that live in the Region asked.
fn applications<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Application> {
    let region = context.call.region.clone();
    context.world.organization.applications.iter().filter(move |one| one.arn.split(':').nth(3) == Some(&region))
}

fn named<'a>(context: &Context<'a>) -> Result<&'a Application, Refusal> {
    let arn = required(context.call, "applicationArn")?;
    let absent = || Refusal::new(404, "ResourceNotFoundException", format!("Application {arn} not found"));
    applications(context).find(|one| one.arn == arn).ok_or_else(absent)
}

fn required<'a>(call: &'a Call, member: &str) -> Result<&'a str, Refusal> {
    call.get(member).ok_or_else(|| Refusal::new(400, "ValidationException", format!("{member} must be given")))
}

fn list_applications(context: &Context<'_>) -> Result<Value, Refusal> {
    Ok(context.page(applications(context), 100)?.output(context.call, "applications", |one| {
        json!({"applicationArn": one.arn, "createdAt": one.created.rfc3339(), "updatedAt": one.created.rfc3339()})
    }))
}

fn get_application(context: &Context<'_>) -> Result<Value, Refusal> {
    let one = named(context)?;
    Ok(json!({
        "identitySource": {"identityCenter": {"instanceArn": one.instance_arn}},
        "status": one.status,
        "error": one.error.as_ref().map(|(code, message)| json!({"code": code, "message": message})),
        "createdAt": one.created.rfc3339(),
        "updatedAt": one.created.rfc3339(),
    }))
}

/// A user's own entitlements; whether those of their groups come with them is not documented, so here they do not.
fn list_entitlements(context: &Context<'_>) -> Result<Value, Refusal> {
    let application = named(context)?;
    let filter = &context.call.input["filter"]["principalRole"];
    if !filter.is_object() {
        return Err(Refusal::new(400, "ValidationException", "filter must be given"));
    }
    let principal = &filter["principal"]["identityCenter"];
    let wanted = |value: &Value, held: &str| value.as_str().is_none_or(|value| value == held);
    let rows = context.world.organization.entitlements.iter().filter(|one| {
        one.application_arn == application.arn
            && wanted(&filter["roleArn"], &one.role_arn)
            && wanted(&filter["account"], &one.account)
            && principal["userId"].as_str().is_none_or(|id| one.principal_type == "USER" && one.principal_id == id)
            && principal["groupId"].as_str().is_none_or(|id| one.principal_type == "GROUP" && one.principal_id == id)
    });
    Ok(context.page(rows, 100)?.output(context.call, "entitlements", |one| row(context, one)))
}

fn row(context: &Context<'_>, one: &Entitlement) -> Value {
    let member = if one.principal_type == "USER" { "userId" } else { "groupId" };
    json!({
        "entitlementId": one.id,
        "entitlement": {"principalRole": {
            "principal": {"identityCenter": {member: one.principal_id}},
            "roleArn": one.role_arn,
            "account": one.account,
            "accountName": context.world.account(&one.account).map(|account| account.name.clone()),
        }},
        "createdAt": one.created.rfc3339(),
    })
}
