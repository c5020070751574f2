//! Watches over answers whose list must be there. The SDK reads a list that is required but missing as an empty one,
//! and an empty list of groups or roles is a finding: half an answer must not pass for it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

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
        let operation = config.load::<Metadata>().map(Metadata::name).unwrap_or_default();
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
