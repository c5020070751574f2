//! Watches over answers whose list must be there. The SDK reads a list that is required but missing as an empty one,
//! and an empty list of groups or roles is a finding: half an answer must not pass for it. Nor must what is no answer to
//! the question at all, such as an error that somebody on the way sent as a success: the SDK reads every object so.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

/// What the answers to these operations must name, in JSON or XML.
const LISTS: [(&str, &str); 8] = [
    ("ListGroupMemberships", "\"GroupMemberships\""),
    ("ListGroups", "\"Groups\""),
    ("ListGroupMembershipsForMember", "\"GroupMemberships\""),
    ("ListUsers", "\"Users\""),
    ("ListApplications", "\"applications\""),
    ("ListEntitlements", "\"entitlements\""),
    ("ListRoles", "<Roles"),
    ("ListRolePolicies", "<PolicyNames"),
];

/// The lists that AWS leaves out where they are empty, as it is seen to, by operation. Nothing but a token may then stand in
/// their place.
const LEFT_OUT: [(&str, &str); 6] = [
    ("ListAccountAssignmentsForPrincipal", "AccountAssignments"),
    ("ListPermissionSetsProvisionedToAccount", "PermissionSets"),
    ("ListAccountsForProvisionedPermissionSet", "AccountIds"),
    ("ListAccountAssignmentCreationStatus", "AccountAssignmentsCreationStatus"),
    ("ListAccountAssignmentDeletionStatus", "AccountAssignmentsDeletionStatus"),
    ("ListPermissionSetProvisioningStatus", "PermissionSetsProvisioningStatus"),
];

/// The services whose answers are JSON objects, and whose errors name their kind, as the SDK calls them.
const OF_JSON: [&str; 3] = ["SSO Admin", "identitystore", "Organizations"];

/// The services whose answers are XML, each within an element that ends in `Response`.
const OF_XML: [&str; 1] = ["IAM"];

/// What stands in errors of this protocol and in no answer.
const ERROR: &str = "__type";

/// The interceptor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole;

#[dyn_dispatch_hint]
impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "Whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (service, operation) =
            config.load::<Metadata>().map(|asked| (asked.service(), asked.name())).unwrap_or_default();
        if OF_JSON.contains(&service) && context.response().status().is_success() {
            let body = context.response().body().bytes().unwrap_or_default();
            answers(operation, body).map_err(BoxError::from)?;
        }
        if OF_XML.contains(&service) && context.response().status().is_success() {
            // The SDK takes what came of a list for all of it, wherever the text ends.
            let body = context.response().body().bytes().unwrap_or_default().trim_ascii_end();
            if !body.ends_with(b"Response>") {
                return Err("the answer was cut short".into());
            }
        }
        let Some((_, list)) = LISTS.iter().find(|(name, _)| *name == operation) else { return Ok(()) };
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default();
        let names_it = body.windows(list.len()).any(|part| part == list.as_bytes());
        if response.status().is_success() && !names_it {
            return Err(format!("the answer lacks {}", list.trim_matches(['"', '<'])).into());
        }
        Ok(())
    }
}

/// Whether a body is an answer to the operation, as far as its members tell.
fn answers(operation: &str, body: &[u8]) -> Result<(), String> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return Err("the answer is no JSON object".to_owned());
    };
    if members.contains_key(ERROR) {
        return Err("the answer is an error that was sent as a success".to_owned());
    }
    let lists = LISTS.iter().map(|(name, list)| (*name, list.trim_matches('"'))).chain(LEFT_OUT);
    let nothing = lists.filter(|(name, list)| *name == operation && members.get(*list).is_some_and(Value::is_null));
    if let Some((_, list)) = nothing.into_iter().next() {
        return Err(format!("the answer has nothing as its {list}"));
    }
    let left_out = LEFT_OUT.iter().find(|(name, list)| *name == operation && !members.contains_key(*list));
    match left_out.filter(|_| members.keys().any(|name| name != "NextToken")) {
        Some((_, list)) => Err(format!("the answer lacks {list} and holds something else")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_may_be_left_out_and_nothing_may_stand_in_its_place() {
        let list = "ListPermissionSetsProvisionedToAccount";
        for body in ["{}", r#"{"PermissionSets":[]}"#, r#"{"NextToken":null}"#, r#"{"PermissionSets":[],"New":1}"#] {
            assert_eq!(answers(list, body.as_bytes()), Ok(()), "{body}");
        }
        for body in
            ["", "[]", "<html>", r#"{"message":"no"}"#, r#"{"__type":"X"}"#, r#"{"PermissionSets":[],"__type":"X"}"#]
        {
            assert!(answers(list, body.as_bytes()).is_err(), "{body}");
        }
        assert!(answers(list, br#"{"PermissionSets":null}"#).is_err());
        assert!(answers("ListGroupMemberships", br#"{"GroupMemberships":null}"#).is_err());
        assert_eq!(answers("DescribeInstance", br#"{"Status":"ACTIVE"}"#), Ok(()));
        assert!(answers("GetInlinePolicyForPermissionSet", b"").is_err());
        assert!(answers("GetInlinePolicyForPermissionSet", br#"{"__type":"ThrottlingException"}"#).is_err());
    }
}
