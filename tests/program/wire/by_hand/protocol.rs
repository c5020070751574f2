//! The AWS protocols from the client's side, for the services that answers' commands name. Requests carry no valid
//! signature: the served organization looks at nothing but the key in it.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Map, Value, json};

/// Sends what a command asks for, and gives the answer as the AWS CLI shows it.
pub(super) fn send(
    (endpoint, agent): (&str, &str),
    (key, region): (&str, &str),
    (service, operation): (&str, &str),
    options: &Map<String, Value>,
) -> Result<Value, String> {
    let name = pascal(operation);
    let input = |first: fn(&str) -> String| -> Map<String, Value> {
        options.iter().map(|(name, value)| (first(name), value.clone())).collect()
    };
    let json = "application/x-amz-json-1.1";
    let targeted = |prefix: &str| {
        let target = format!("x-amz-target: {prefix}.{name}\r\n");
        ("POST /".to_owned(), json, target, Value::Object(input(pascal)).to_string())
    };
    let (request, kind, target, body) = match service {
        "sso-admin" => targeted("SWBExternalService"),
        "identitystore" => targeted("AWSIdentityStore"),
        "organizations" => targeted("AWSOrganizationsV20161128"),
        "service-quotas" => targeted("ServiceQuotasV20190624"),
        "account-access" => {
            let input = input(camel);
            let (request, body) = match name.as_str() {
                "CreateEntitlement" => ("POST /entitlements".to_owned(), Value::Object(input).to_string()),
                "GetApplication" => {
                    let arn = input["applicationArn"].as_str().unwrap_or_default();
                    (format!("GET /applications/{}", arn.replace('/', "%2F")), String::new())
                }
                other => return Err(format!("no operation {other}")),
            };
            (request, "application/json", String::new(), body)
        }
        "iam" => {
            let mut form = format!("Action={name}&Version=2010-05-08");
            for (name, value) in input(pascal) {
                let value = value.as_str().map_or_else(|| value.to_string(), served::url_encoded);
                form.extend(["&", name.as_str(), "=", value.as_str()]);
            }
            ("POST /".to_owned(), "application/x-www-form-urlencoded", String::new(), form)
        }
        other => return Err(format!("no service {other}")),
    };
    let head = format!(
        "{request} HTTP/1.1\r\nhost: served\r\nuser-agent: {agent}\r\ncontent-type: {kind}\r\n{target}authorization: \
         AWS4-HMAC-SHA256 Credential={key}/20261122/{region}/{service}/aws4_request\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (status, reply) = exchange(endpoint, &format!("{head}{body}"))?;
    if status != 200 {
        return Err(format!("{operation}: {status} {reply}"));
    }
    Ok(if service == "iam" { documents(&reply) } else { serde_json::from_str(&reply).unwrap_or(Value::Null) })
}

fn exchange(endpoint: &str, request: &str) -> Result<(u16, String), String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(endpoint.trim_start_matches("http://")).map_err(failed)?;
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut reply = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).map_err(failed)?;
        reply.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&reply);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if read == 0 || length.is_some_and(|length| body.len() >= length) {
            let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
            return Ok((status.ok_or("no status")?, body.to_owned()));
        }
    }
}

/// The policy documents of an answer of IAM, which the AWS CLI shows as objects.
fn documents(xml: &str) -> Value {
    let inner = |name: &str| {
        let (_, rest) = xml.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        serde_json::from_str::<Value>(&text).ok()
    };
    json!({
        "Role": {"AssumeRolePolicyDocument": inner("AssumeRolePolicyDocument")},
        "PolicyVersion": {"Document": inner("Document")},
    })
}

/// `instance-arn` is `InstanceArn`.
fn pascal(kebab: &str) -> String {
    kebab.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn camel(kebab: &str) -> String {
    let pascal = pascal(kebab);
    pascal[..1].to_lowercase() + &pascal[1..]
}
