//! Where callers get credentials that are in no file: the access portal, a container's endpoint and an instance's
//! metadata. Whoever shows a token that the organization knows is given the credentials of an access key.

use serde_json::json;

use super::answer::Reply;
use super::http::Request;
use super::identifier::hex;
use super::moment::Moment;
use super::organization::Organization;

/// The name of the role that the metadata of the instance tells.
const INSTANCE_ROLE: &str = "idc-runner";
/// What the metadata's role is filed under, and the token that its service gives out.
pub const INSTANCE: &str = "the-token-of-the-instance-metadata";

/// The secret that goes with an access key that was handed out.
pub fn secret(access_key_id: &str) -> String {
    hex(&["handed out", access_key_id])
}

/// The session token that goes with it.
pub fn session_token(access_key_id: &str) -> String {
    hex(&["session token", access_key_id])
}

/// Answers a request for credentials; `None` for every other request.
pub(crate) fn answer(request: &Request, organization: &Organization) -> Option<Reply> {
    let key = |token: Option<&str>| organization.handed_out.get(token.unwrap_or_default());
    let end = Moment::now().plus_seconds(3600);
    let flat = |key: &String| {
        json!({"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": Moment::now().rfc3339(), "AccessKeyId": key,
            "SecretAccessKey": secret(key), "Token": session_token(key), "Expiration": end.rfc3339()})
    };
    let metadata = "/latest/meta-data/iam/security-credentials/";
    let reply = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/federation/credentials") => match key(request.header("x-amz-sso_bearer_token")) {
            Some(key) => {
                let credentials = json!({"accessKeyId": key, "secretAccessKey": secret(key), "sessionToken": session_token(key), "expiration": end.0});
                reply(200, json!({"roleCredentials": credentials}).to_string())
            }
            None => Reply {
                headers: vec![("x-amzn-errortype", "UnauthorizedException".into())],
                ..reply(401, json!({"message": "Session token not found or invalid"}).to_string())
            },
        },
        ("GET", "/container") => match key(request.header("authorization")) {
            Some(key) => reply(200, flat(key).to_string()),
            None => reply(403, json!({"code": "AccessDenied", "message": "unknown token"}).to_string()),
        },
        ("PUT", "/latest/api/token") => Reply {
            headers: vec![("x-aws-ec2-metadata-token-ttl-seconds", "21600".into())],
            ..reply(200, INSTANCE.into())
        },
        ("GET", path) if path.starts_with("/latest/") => {
            match (path.strip_prefix(metadata), key(request.header("x-aws-ec2-metadata-token"))) {
                (_, None) | (None, _) => reply(404, String::new()),
                (Some(""), Some(_)) => reply(200, INSTANCE_ROLE.into()),
                (Some(_), Some(key)) => reply(200, flat(key).to_string()),
            }
        }
        _ => return None,
    };
    Some(reply)
}

fn reply(status: u16, body: String) -> Reply {
    Reply { status, headers: Vec::new(), body, error: None }
}
