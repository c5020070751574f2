//! Service Quotas, for the one quota that a permission set can run into. What is asked for is granted at once.

use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::desk::Context;
use super::super::organization::Organization;
use super::Write;

/// "Managed policies per role".
const POLICIES_PER_ROLE: &str = "L-0DA4ABF3";

pub(super) fn of(operation: &str) -> Option<Write> {
    (operation == "RequestServiceQuotaIncrease").then_some(request_increase as Write)
}

/// The quotas of IAM are kept in one Region of the partition.
fn request_increase(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let call = context.call;
    let home = match organization.partition.as_str() {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => "us-east-1",
    };
    let known = call.get("ServiceCode") == Some("iam") && call.get("QuotaCode") == Some(POLICIES_PER_ROLE);
    if !known || call.region != home {
        return Err(Refusal::new(400, "NoSuchResourceException", "The request failed because the quota is unknown"));
    }
    let desired = call.input["DesiredValue"].as_f64().filter(|value| value.fract() == 0.0);
    let desired = desired.ok_or_else(|| Refusal::new(400, "IllegalArgumentException", "DesiredValue is no number"))?;
    #[expect(clippy::cast_possible_truncation, reason = "a quota is a small whole number")]
    let desired = desired as i64;
    let account = organization.accounts.iter_mut().find(|account| account.id == call.caller.account);
    let account = account.ok_or_else(|| Refusal::off_limits(call))?;
    account.iam.summary.insert("AttachedPoliciesPerRoleQuota".into(), desired);
    Ok(json!({"RequestedQuota": {"Status": "PENDING", "DesiredValue": desired}}))
}
