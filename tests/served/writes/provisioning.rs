//! Whether a permission set can be provisioned in an account, in AWS's words where it cannot.

use super::super::access::{Boundary, PermissionSet, PolicyReference};
use super::super::organization::{Account, Organization};

/// Provisions a permission set in an account, or says why not.
pub(super) fn provision(organization: &mut Organization, set: &str, account: &str) -> Result<(), String> {
    let set = organization.permission_sets.iter().find(|one| one.arn == set).ok_or("there is no such set")?.clone();
    let here = organization.accounts.iter().find(|one| one.id == account).ok_or("there is no such account")?;
    may_be_provisioned(organization, &set, here)?;
    organization.provision(&set.name, account);
    Ok(())
}

fn may_be_provisioned(organization: &Organization, set: &PermissionSet, account: &Account) -> Result<(), String> {
    if account.state != "ACTIVE" {
        return Err(format!(
            "AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account \
             '{}' is taking longer than usual. Please try again in a few minutes. If this problem continues, contact AWS \
             Support.",
            account.id
        ));
    }
    let missing = |name: &str| format!("Received a 404 status error: Not supported policy {name}.");
    let here = |wanted: &PolicyReference| {
        account.iam.policies.iter().any(|policy| policy.name == wanted.name && policy.path == wanted.path)
    };
    let of_aws = |arn: &String| organization.aws_managed_policies.contains(arn);
    if let Some(absent) = set.customer_managed_policies.iter().find(|wanted| !here(wanted)) {
        return Err(missing(&absent.name));
    }
    if let Some(absent) = set.managed_policies.iter().find(|arn| !of_aws(arn)) {
        return Err(missing(absent));
    }
    match &set.permissions_boundary {
        Some(Boundary::CustomerManagedPolicyReference(wanted)) if !here(wanted) => return Err(missing(&wanted.name)),
        Some(Boundary::ManagedPolicyArn(arn)) if !of_aws(arn) => return Err(missing(arn)),
        Some(_) | None => {}
    }
    let count = set.customer_managed_policies.len() + set.managed_policies.len();
    let quota = account.iam.summary.get("AttachedPoliciesPerRoleQuota").copied().unwrap_or(10);
    if i64::try_from(count).is_ok_and(|count| count > quota) {
        return Err(format!("LimitExceeded: Cannot exceed quota for PoliciesPerRole: {quota}"));
    }
    Ok(())
}
