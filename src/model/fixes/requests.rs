//! What only shows where something stands, and account access manager's own commands.

use serde_json::json;

use super::command::Line;
use super::place::{self, Concerns};
use crate::evidence::{Evidence, PrincipalType};
use crate::findings::Command;
use crate::model::paths::Entitled;

/// Shows where a request stands.
pub fn describe_request(evidence: &Evidence, operation: &str, option: &str, request: &str) -> Option<Command> {
    let instance = evidence.instance().ok()?;
    let line =
        Line::new("sso-admin", operation).options([("--instance-arn", instance.arn.as_str()), (option, request)]);
    place::at_home(evidence, line, Concerns::Account)
}

/// Shows where the application of account access manager stands.
pub fn describe_application(evidence: &Evidence, application: &str) -> Option<Command> {
    let line = Line::new("account-access", "get-application").option("--application-arn", application);
    place::at_application(evidence, line, application)
}

/// Entitles the user or group to a role.
pub fn entitle(evidence: &Evidence, entitled: &Entitled) -> Option<Command> {
    let member = match entitled.via.kind {
        PrincipalType::User => "userId",
        PrincipalType::Group => "groupId",
    };
    let principal = json!({"identityCenter": {member: entitled.via.id}});
    let entitlement = json!({"principalRole": {"principal": principal, "roleArn": entitled.role_arn}});
    let line = Line::new("account-access", "create-entitlement")
        .option("--application-arn", &entitled.application)
        .json("--entitlement", &entitlement);
    place::at_application(evidence, line, &entitled.application)
}
