//! Who made a call, from a record's `userIdentity`.

use std::net::IpAddr;

use serde_json::Value;

use super::read::text;
use super::{Actor, ActorKind, Tool};

/// The role with which Identity Center carries out in an account what somebody asked it.
const OWN_ROLE: &str = "AWSServiceRoleForSSO";
/// The beginning of the name of a permission set's role.
const RESERVED: &str = "AWSReservedSSO_";

/// Who made the call that the record is of.
pub(super) fn actor(record: &Value, source: &str) -> Actor {
    let identity = &record["userIdentity"];
    let (kind, name, role) = who(identity, source);
    let of_aws = matches!(kind, ActorKind::IdentityCenter | ActorKind::Aws);
    // Of SCIM it would be the id of the bearer token, and of a user of Identity Center there is none.
    let keyed = matches!(kind, ActorKind::Person | ActorKind::Role | ActorKind::IamUser | ActorKind::Root);
    Actor {
        kind,
        name,
        role,
        through: if of_aws { None } else { tool(record, identity) },
        address: text(&record["sourceIPAddress"]).filter(|it| it.parse::<IpAddr>().is_ok()),
        access_key: text(&identity["accessKeyId"]).filter(|key| keyed && !key.is_empty()),
    }
}

/// Of what kind, their name, and the role they are in.
fn who(identity: &Value, source: &str) -> (ActorKind, Option<String>, Option<String>) {
    let issuer = text(&identity["sessionContext"]["sessionIssuer"]["userName"]);
    let invoked_by = identity["invokedBy"].as_str();
    let kind = identity["type"].as_str().unwrap_or_default();
    if issuer.as_deref() == Some(OWN_ROLE) || invoked_by == Some("sso.amazonaws.com") {
        return (ActorKind::IdentityCenter, None, None);
    }
    if source == "identitystore-scim" {
        return (ActorKind::Scim, None, None);
    }
    match kind {
        "AssumedRole" => {
            let (role, session) = role_and_session(identity, issuer);
            in_role(role, session)
        }
        "IAMUser" => (ActorKind::IamUser, text(&identity["userName"]), None),
        "Root" => (ActorKind::Root, text(&identity["accountId"]), None),
        "IdentityCenterUser" => (ActorKind::IdentityCenterUser, text(&identity["onBehalfOf"]["userId"]), None),
        "AWSService" => (ActorKind::Aws, text(&identity["invokedBy"]), None),
        "" if invoked_by.is_some() => (ActorKind::Aws, text(&identity["invokedBy"]), None),
        _ => {
            let name = ["userName", "accountId"].iter().find_map(|key| text(&identity[*key]));
            (ActorKind::Other, name, None)
        }
    }
}

/// The role's name and the session's. The ARN has both: `arn:aws:sts::123456789012:assumed-role/scim-sync/run-17`.
fn role_and_session(identity: &Value, issuer: Option<String>) -> (Option<String>, Option<String>) {
    let arn = text(&identity["arn"]).unwrap_or_default();
    let mut parts = arn.split('/').skip(1).map(str::to_owned);
    let role = parts.next();
    let session = parts.next().or_else(|| {
        let principal = text(&identity["principalId"])?;
        principal.split_once(':').map(|(_, session)| session.to_owned())
    });
    (issuer.or(role).filter(|it| !it.is_empty()), session.filter(|it| !it.is_empty()))
}

fn in_role(role: Option<String>, session: Option<String>) -> (ActorKind, Option<String>, Option<String>) {
    if let Some(set) = role.as_deref().and_then(permission_set) {
        return (ActorKind::Person, session, Some(set.to_owned()));
    }
    match session.filter(|session| !is_made_up(session)) {
        Some(session) => (ActorKind::Role, Some(session), role),
        None => (ActorKind::Role, role, None),
    }
}

/// The permission set of a role that Identity Center made: `AWSReservedSSO_IdentityAdmin_1f2e3d4c5b6a7988`.
fn permission_set(role: &str) -> Option<&str> {
    let (set, suffix) = role.strip_prefix(RESERVED)?.rsplit_once('_')?;
    (!set.is_empty() && suffix.len() == 16 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(set)
}

/// Whether a session's name is one that a tool makes up: the role's name then tells more.
fn is_made_up(session: &str) -> bool {
    const BEGINNINGS: [&str; 12] = [
        "aws-go-sdk-",
        "aws-sdk-",
        "botocore-session-",
        "AWSCLI-Session",
        "aws-cli-",
        "GitHubActions",
        "AWSCloudFormation",
        "AWSCodeBuild-",
        "terraform-run-",
        "GitLabRunner",
        "i-0",
        "AssumeRoleSession",
    ];
    let digits = session.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    digits || BEGINNINGS.iter().any(|beginning| session.starts_with(beginning))
}

/// With what, by the words of the tool itself; of these nothing else is kept.
fn tool(record: &Value, identity: &Value) -> Option<Tool> {
    const TOOLS: [(&str, Tool); 11] = [
        ("OpenTofu/", Tool::OpenTofu),
        ("Terraform/", Tool::Terraform),
        ("Pulumi/", Tool::Pulumi),
        ("cloudformation.amazonaws.com", Tool::CloudFormation),
        ("aws-cli/", Tool::AwsCli),
        ("Boto3/", Tool::Boto3),
        ("Okta", Tool::Okta),
        ("Microsoft", Tool::Entra),
        ("Azure", Tool::Entra),
        ("aws-sdk-", Tool::AwsSdk),
        ("Mozilla/", Tool::Console),
    ];
    if identity["invokedBy"].as_str() == Some("cloudformation.amazonaws.com") {
        return Some(Tool::CloudFormation);
    }
    if record["sessionCredentialFromConsole"].as_str() == Some("true") {
        return Some(Tool::Console);
    }
    let agent = record["userAgent"].as_str()?;
    TOOLS.iter().find(|(words, _)| agent.contains(words)).map(|(_, tool)| *tool)
}
