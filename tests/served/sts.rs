//! `sts`: who the caller is, and sessions in other accounts. A session may do what its session policy allows.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::account::Role;
use super::answer::Refusal;
use super::call::Caller;
use super::desk::{Context, unknown};
use super::identifier::{hex, unique};
use super::moment::Moment;
use super::session::SessionPolicy;

/// The most characters that STS takes for a session policy.
const LONGEST_POLICY: usize = 2048;

/// The sessions that were given out.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    sessions: Mutex<HashMap<String, (Caller, String)>>,
}

impl Sessions {
    /// Who a temporary access key belongs to, where the session's token comes with it.
    pub(crate) fn caller(&self, access_key_id: &str, token: &str) -> Option<Caller> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(access_key_id).filter(|(_, known)| known == token).map(|(caller, _)| caller.clone())
    }
}

/// Answers a call.
pub(crate) fn answer(context: &Context<'_>, sessions: &Sessions) -> Result<Value, Refusal> {
    let caller = &context.call.caller;
    match context.call.operation.as_str() {
        "GetCallerIdentity" => Ok(json!({"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn})),
        "AssumeRole" => assume_role(context, sessions),
        _ => Err(unknown(context.call)),
    }
}

fn assume_role(context: &Context<'_>, sessions: &Sessions) -> Result<Value, Refusal> {
    let call = context.call;
    let (arn, name) = (call.required("RoleArn")?, call.required("RoleSessionName")?);
    let sound = (2..=64).contains(&name.len())
        && name.chars().all(|one| one.is_ascii_alphanumeric() || "_+=,.@-".contains(one));
    if !sound {
        let message = format!(
            "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        );
        return Err(Refusal::invalid(call, &message));
    }
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, partition, "iam", _, account, resource] = parts[..] else {
        return Err(Refusal::invalid(call, &format!("{arn} is invalid")));
    };
    let role = resource.rsplit('/').next().unwrap_or_default();
    if !resource.starts_with("role/") || !may_be_assumed(context, partition, account, resource) {
        return Err(Refusal::new(
            403,
            "AccessDenied",
            format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}", call.caller.arn),
        ));
    }
    let session_policy = call.get("Policy").map(session_policy).transpose()?;
    let seconds: i64 = call.get("DurationSeconds").unwrap_or("3600").parse().unwrap_or_default();
    if !(900..=43_200).contains(&seconds) {
        return Err(Refusal::invalid(
            call,
            "1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200",
        ));
    }
    let policy = call.get("Policy").unwrap_or_default();
    let (key, token) = (unique("ASIA", &[arn, name, policy]), hex(&["token", arn, name, policy]));
    let (id, session) = (unique("AROA", &[arn]), format!("arn:{partition}:sts::{account}:assumed-role/{role}/{name}"));
    let caller =
        Caller { account: account.into(), arn: session.clone(), user_id: format!("{id}:{name}"), session_policy };
    sessions.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), (caller, token.clone()));
    Ok(json!({
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": hex(&["secret", &key]),
            "SessionToken": token,
            "Expiration": Moment::now().plus_seconds(seconds).rfc3339(),
        },
        "AssumedRoleUser": {"AssumedRoleId": format!("{id}:{name}"), "Arn": session},
        "PackedPolicySize": policy.len() * 100 / LONGEST_POLICY,
    }))
}

fn session_policy(document: &str) -> Result<SessionPolicy, Refusal> {
    if document.len() > LONGEST_POLICY {
        return Err(Refusal::new(
            400,
            "PackedPolicyTooLarge",
            "Packed policy consumes more than 100% of allotted space, please use smaller policy.",
        ));
    }
    SessionPolicy::parse(document)
        .ok_or_else(|| Refusal::new(400, "MalformedPolicyDocument", "This policy contains invalid Json"))
}

/// A role may be assumed where the account says so, or where its trust policy speaks of `sts:AssumeRole`.
fn may_be_assumed(context: &Context<'_>, partition: &str, account: &str, resource: &str) -> bool {
    let name = resource.rsplit('/').next().unwrap_or_default();
    let account = context.world.account(account).filter(|_| partition == context.world.organization.partition);
    account.is_some_and(|account| {
        let trusts = |policy: &str| policy.contains("\"sts:AssumeRole\"") || policy.contains("\"sts:*\"");
        let here = |role: &Role| format!("role{}{}", role.path, role.name) == resource;
        account.assumable_roles.iter().any(|role| role == name)
            || account.iam.roles.iter().any(|role| here(role) && trusts(&role.trust_policy))
    })
}
