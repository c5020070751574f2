//! Operations that change the organization, served only where the conduct says so: what a person does who carries out
//! what an answer advises. Each takes the organization as it is and leaves it as AWS would; a refusal changes nothing.

mod account_access;
mod iam;
mod identity_store;
mod organizations;
mod permission_sets;
mod provisioning;
mod service_quotas;
mod sso_admin;

use serde_json::Value;

use super::answer::Refusal;
use super::call::{Call, Service};
use super::desk::Context;
use super::organization::Organization;

/// What a person's requests carry as their `User-Agent`; a write that carries anything else is the program's own.
pub const BY_HAND: &str = "by-hand";

/// An operation that changes something.
pub(crate) type Write = fn(&Context<'_>, &mut Organization) -> Result<Value, Refusal>;

/// The operation that a call asks for, where it is one that changes something.
pub(crate) fn of(call: &Call) -> Option<Write> {
    let operation = call.operation.as_str();
    match call.service {
        Service::SsoAdmin => sso_admin::of(operation).or_else(|| permission_sets::of(operation)),
        Service::IdentityStore => identity_store::of(operation),
        Service::Organizations => organizations::of(operation),
        Service::Iam => iam::of(operation),
        Service::AccountAccess => account_access::of(operation),
        Service::Quotas => service_quotas::of(operation),
        Service::CloudTrail | Service::Athena | Service::Logs | Service::Sts | Service::Portal | Service::Other => None,
    }
}

/// Whether a text is a policy document, as far as services look at it when they store it.
fn is_policy(document: &str) -> bool {
    serde_json::from_str::<Value>(document).is_ok_and(|policy| {
        let statements = match &policy["Statement"] {
            Value::Array(statements) => statements.clone(),
            statement => vec![statement.clone()],
        };
        !statements.is_empty() && statements.iter().all(|one| matches!(one["Effect"].as_str(), Some("Allow" | "Deny")))
    })
}

/// An ARN's field, counted from 0.
fn field(arn: &str, place: usize) -> &str {
    arn.splitn(6, ':').nth(place).unwrap_or_default()
}
