//! What only shows where something stands, and account access manager's own commands.

use serde_json::json;

use super::command::Line;
use super::credentials::{self, Concerns};
use crate::evidence::{InAccount, PrincipalType};
use crate::findings::Command;
use crate::model::paths::Entitled;

/// Shows where a request stands.
pub fn describe_request(here: InAccount<'_>, operation: &str, option: &str, request: &str) -> Option<Command> {
    let instance = here.instance().ok()?;
    let line =
        Line::new("sso-admin", operation).options([("--instance-arn", instance.arn.as_str()), (option, request)]);
    credentials::at_home(here.in_instance(), line, Concerns::Account(here))
}

/// Shows where the application of account access manager stands.
pub fn describe_application(here: InAccount<'_>, application: &str) -> Option<Command> {
    let line = Line::new("account-access", "get-application").option("--application-arn", application);
    credentials::at_application(here.in_instance(), line, application)
}

/// Entitles the user or group to a role.
pub fn entitle(here: InAccount<'_>, entitled: &Entitled) -> Option<Command> {
    let member = match entitled.via.kind {
        PrincipalType::User => "userId",
        PrincipalType::Group => "groupId",
    };
    let principal = json!({"identityCenter": {member: entitled.via.id}});
    let entitlement = json!({"principalRole": {"principal": principal, "roleArn": entitled.role_arn}});
    let line = Line::new("account-access", "create-entitlement")
        .option("--application-arn", &entitled.application)
        .json("--entitlement", &entitlement);
    credentials::at_application(here.in_instance(), line, &entitled.application)
}
