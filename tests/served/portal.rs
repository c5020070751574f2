//! The access portal (`sso`): what a person gets who is signed in. REST with JSON, unsigned: the sign-in's token says
//! who asks. Here the token is `token-of-<user name>`, and what it gives is what stands assigned and provisioned. With
//! ` since <time>` behind it, the session began then, and knows no group that the user was put into later.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::access::User;
use super::answer::Refusal;
use super::call::Caller;
use super::desk::{Context, unknown};
use super::http::Request;
use super::moment::Moment;
use super::world::World;

/// The header that carries the token.
const TOKEN: &str = "x-amz-sso_bearer_token";
/// Before the time at which a session began.
const SINCE: &str = " since ";

/// The operation and input that a method and path mean; no operation where they mean none.
pub(crate) fn recognise(request: &Request) -> (String, Value) {
    let decoded = |text: &str| Value::String(percent_decode_str(text).decode_utf8_lossy().into_owned());
    let pairs = request.query.split('&').filter_map(|pair| pair.split_once('='));
    let member = |label| match label {
        "account_id" => "accountId",
        "next_token" => "nextToken",
        other => other,
    };
    let input: Map<String, Value> = pairs.map(|(label, value)| (member(label).into(), decoded(value))).collect();
    let operation = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/assignment/accounts") => "ListAccounts",
        ("GET", "/assignment/roles") => "ListAccountRoles",
        ("GET", "/federation/credentials") => "GetRoleCredentials",
        ("POST", "/logout") => "Logout",
        _ => "",
    };
    (operation.into(), Value::Object(input))
}

/// Who the token belongs to. The portal is in the Region of its host, which a loopback address does not tell.
pub(crate) fn authenticate(world: &World, request: &Request) -> Result<Caller, Refusal> {
    let token = request.header(TOKEN).unwrap_or_default();
    let asked = token.strip_prefix("token-of-").unwrap_or_default();
    let (name, _) = asked.split_once(SINCE).unwrap_or((asked, ""));
    let user = world.users_named(name).next();
    let user = user.ok_or_else(|| Refusal::new(401, "UnauthorizedException", "Session token not found or invalid"))?;
    let account = world.organization.management_account.clone();
    Ok(Caller { account, arn: asked.to_owned(), user_id: user.id.clone(), session_policy: None })
}

/// Answers a call; credentials are not given out.
pub(crate) fn answer(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let user = context.world.user(&call.caller.user_id);
    let user = user.ok_or_else(|| Refusal::new(401, "UnauthorizedException", "Session token not found or invalid"))?;
    match call.operation.as_str() {
        "ListAccounts" => list_accounts(context, user),
        "ListAccountRoles" => list_account_roles(context, user),
        _ => Err(unknown(call)),
    }
}

/// The names of the permission sets that a user has in an account.
fn sets<'a>(context: &Context<'a>, user: &User, account: &str) -> Vec<&'a str> {
    let organization = &context.world.organization;
    let began = context.call.caller.arn.split_once(SINCE).and_then(|(_, time)| Moment::parse(time));
    let is_newer = |id: &str| {
        let members = organization.groups.iter().filter(|group| group.id == id).flat_map(|group| &group.members);
        let joined = members.filter(|member| member.user_id == user.id).map(|member| member.created).max();
        began.is_some_and(|began| joined > Some(began))
    };
    let theirs = |id: &str| id == user.id || (context.world.is_member(id, &user.id) && !is_newer(id));
    let stands =
        |set: &str| organization.provisioned.iter().any(|one| one.account == account && one.permission_set == set);
    let rows = organization.assignments.iter().filter(|one| one.account == account && theirs(&one.principal_id));
    let sets = rows.filter(|one| stands(&one.permission_set));
    let mut names: Vec<&str> =
        sets.filter_map(|one| Some(context.world.permission_set(&one.permission_set)?.name.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn list_accounts(context: &Context<'_>, user: &User) -> Result<Value, Refusal> {
    let all = &context.world.organization.accounts;
    let rows = all.iter().filter(|account| !sets(context, user, &account.id).is_empty());
    Ok(context.page(rows, 100)?.output(
        context.call,
        "accountList",
        |account| json!({"accountId": account.id, "accountName": account.name, "emailAddress": account.email}),
    ))
}

fn list_account_roles(context: &Context<'_>, user: &User) -> Result<Value, Refusal> {
    let absent = || Refusal::new(400, "InvalidRequestException", "accountId must be given");
    let account = context.call.get("accountId").ok_or_else(absent)?;
    let rows = sets(context, user, account);
    if rows.is_empty() {
        return Err(Refusal::new(403, "ForbiddenException", "No access"));
    }
    Ok(context.page(rows, 100)?.output(
        context.call,
        "roleList",
        |name| json!({"roleName": name, "accountId": account}),
    ))
}
