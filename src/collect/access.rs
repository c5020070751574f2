//! Permission sets and assignments: sso-admin, in the instance's primary Region.

use aws_sdk_ssoadmin::types as sso;

use super::Home;
use super::ask::Page;
use super::failure::Failure;
use super::identity::{lacking, present};
use super::reply::require_same;
use crate::evidence::{
    Assignment, Boundary, Call, Fact, PermissionSet, PolicyDocument, PolicyReference, Principal, PrincipalType, Version,
};

impl Home<'_> {
    /// What AWS lists for a user in an account, or in all, through groups too.
    pub(crate) async fn assignments_for_principal(&self, user: &str, account: Option<&str>) -> Fact<Vec<Assignment>> {
        self.assignments_for(user, PrincipalType::User, account).await
    }

    /// What AWS lists for a group, in all accounts.
    pub(crate) async fn assignments_for_group(&self, group: &str) -> Fact<Vec<Assignment>> {
        self.assignments_for(group, PrincipalType::Group, None).await
    }

    async fn assignments_for(&self, id: &str, kind: PrincipalType, account: Option<&str>) -> Fact<Vec<Assignment>> {
        let filter = account.map(|account| sso::ListAccountAssignmentsFilter::builder().account_id(account).build());
        let of_kind = match kind {
            PrincipalType::User => sso::PrincipalType::User,
            PrincipalType::Group => sso::PrincipalType::Group,
        };
        let send = |token| {
            let request = self.sso_admin.list_account_assignments_for_principal().instance_arn(self.instance);
            let request = request.principal_id(id).principal_type(of_kind.clone()).set_filter(filter.clone());
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_account_assignments_for_principal::ListAccountAssignmentsForPrincipalOutput| {
            let token = out.next_token().map(str::to_owned);
            // A list left out counts as empty here: nothing is concluded from this call's silence alone.
            let rows = out.account_assignments.unwrap_or_default().into_iter().map(|row| {
                let row = assignment(row.account_id, row.permission_set_arn, row.principal_type.as_ref(), row.principal_id)?;
                account.map_or(Ok(()), |account| require_same("AccountId", &row.account, account))?;
                // Through a user's groups there are rows of others.
                if row.principal.kind == PrincipalType::User || kind == PrincipalType::Group {
                    require_same("PrincipalId", &row.principal.id, id)?;
                }
                Ok(row)
            });
            (rows.collect(), token)
        };
        self.asker.pages(Call::ListAccountAssignmentsForPrincipal, &self.place, send, page).await.fact()
    }

    /// Who is assigned a permission set in an account.
    pub(crate) async fn assignments(&self, account: &str, set: &str) -> Fact<Vec<Assignment>> {
        let send = |token| {
            let request = self.sso_admin.list_account_assignments().instance_arn(self.instance).account_id(account);
            request.permission_set_arn(set).max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_account_assignments::ListAccountAssignmentsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.account_assignments else { return (Err(lacking("AccountAssignments")), token) };
            let rows = rows.into_iter().map(|row| {
                let row =
                    assignment(row.account_id, row.permission_set_arn, row.principal_type.as_ref(), row.principal_id)?;
                require_same("AccountId", &row.account, account)?;
                require_same("PermissionSetArn", &row.permission_set, set)?;
                Ok(row)
            });
            (rows.collect(), token)
        };
        self.asker.pages(Call::ListAccountAssignments, &self.place, send, page).await.fact()
    }

    /// The permission sets provisioned to an account, in the given version or in any. The status is only a filter: no
    /// answer says it, so each version takes a call of its own.
    pub(crate) async fn provisioned(&self, account: &str, version: Option<Version>) -> Fact<Vec<String>> {
        let status = version.map(status);
        let send = |token| {
            let request = self.sso_admin.list_permission_sets_provisioned_to_account().instance_arn(self.instance);
            let request = request.account_id(account).set_provisioning_status(status.clone());
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_permission_sets_provisioned_to_account::ListPermissionSetsProvisionedToAccountOutput| {
            let token = out.next_token().map(str::to_owned);
            // AWS is seen to leave the member out where an account has none (PeterBengtson/
            // AFT-SSO-account-configuration#1, aws-samples/iam-identity-center-team#12).
            (Ok(out.permission_sets.unwrap_or_default()), token)
        };
        self.asker.pages(Call::ListPermissionSetsProvisionedToAccount, &self.place, send, page).await.fact()
    }

    /// The accounts that have a permission set, in the given version.
    pub(crate) async fn accounts_of(&self, set: &str, version: Version) -> Fact<Vec<String>> {
        let status = status(version);
        let send = |token| {
            let request = self.sso_admin.list_accounts_for_provisioned_permission_set().instance_arn(self.instance);
            let request = request.permission_set_arn(set).provisioning_status(status.clone());
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_accounts_for_provisioned_permission_set::ListAccountsForProvisionedPermissionSetOutput| {
            let token = out.next_token().map(str::to_owned);
            // As for the permission sets of an account, the member is left out where there is none.
            (Ok(out.account_ids.unwrap_or_default()), token)
        };
        self.asker.pages(Call::ListAccountsForProvisionedPermissionSet, &self.place, send, page).await.fact()
    }

    /// All permission sets of the instance.
    pub(crate) async fn permission_set_arns(&self) -> Fact<Vec<String>> {
        let send = |token| {
            let request = self.sso_admin.list_permission_sets().instance_arn(self.instance);
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_permission_sets::ListPermissionSetsOutput| -> Page<String> {
            let token = out.next_token().map(str::to_owned);
            (out.permission_sets.ok_or_else(|| lacking("PermissionSets")), token)
        };
        self.asker.pages(Call::ListPermissionSets, &self.place, send, page).await.fact()
    }

    /// A permission set's name. `None`: it does not exist.
    pub(crate) async fn describe_permission_set(&self, arn: &str) -> Fact<Option<PermissionSet>> {
        let send =
            || self.sso_admin.describe_permission_set().instance_arn(self.instance).permission_set_arn(arn).send();
        let reply = self.asker.ask(Call::DescribePermissionSet, &self.place, send).await.map(|out| {
            let set = out.permission_set().ok_or_else(|| lacking("PermissionSet"))?;
            set.permission_set_arn().map_or(Ok(()), |found| require_same("PermissionSetArn", found, arn))?;
            Ok(PermissionSet { arn: arn.to_owned(), name: present(set.name().unwrap_or_default(), "Name")? })
        });
        reply.or_none().fact()
    }

    /// The ARNs of the AWS managed policies that the permission set names.
    pub(crate) async fn aws_managed(&self, arn: &str) -> Fact<Vec<String>> {
        let send = |token| {
            let request = self.sso_admin.list_managed_policies_in_permission_set();
            let request = request.instance_arn(self.instance).permission_set_arn(arn);
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_managed_policies_in_permission_set::ListManagedPoliciesInPermissionSetOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.attached_managed_policies else {
                return (Err(lacking("AttachedManagedPolicies")), token);
            };
            (rows.iter().map(|row| present(row.arn().unwrap_or_default(), "Arn")).collect(), token)
        };
        self.asker.pages(Call::ListManagedPoliciesInPermissionSet, &self.place, send, page).await.fact()
    }

    /// The permission set's inline policy. `None`: it has none.
    pub(crate) async fn inline_policy(&self, arn: &str) -> Fact<Option<PolicyDocument>> {
        let send = || {
            let request = self.sso_admin.get_inline_policy_for_permission_set();
            request.instance_arn(self.instance).permission_set_arn(arn).send()
        };
        let reply = self.asker.ask(Call::GetInlinePolicyForPermissionSet, &self.place, send).await;
        let reply = reply
            .map(|out| Ok(out.inline_policy().filter(|policy| !policy.trim().is_empty()).map(PolicyDocument::from)));
        reply.or_none().map(|policy| Ok(policy.flatten())).fact()
    }

    /// The policies that the permission set names.
    pub(crate) async fn customer_managed(&self, arn: &str) -> Fact<Vec<PolicyReference>> {
        let send = |token| {
            let request = self.sso_admin.list_customer_managed_policy_references_in_permission_set();
            let request = request.instance_arn(self.instance).permission_set_arn(arn);
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_ssoadmin::operation::list_customer_managed_policy_references_in_permission_set::ListCustomerManagedPolicyReferencesInPermissionSetOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.customer_managed_policy_references else {
                return (Err(lacking("CustomerManagedPolicyReferences")), token);
            };
            (rows.iter().map(reference).collect(), token)
        };
        let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
        self.asker.pages(call, &self.place, send, page).await.fact()
    }

    /// The permission set's permissions boundary. `None`: it has none.
    pub(crate) async fn boundary(&self, arn: &str) -> Fact<Option<Boundary>> {
        let send = || {
            let request = self.sso_admin.get_permissions_boundary_for_permission_set();
            request.instance_arn(self.instance).permission_set_arn(arn).send()
        };
        let reply = self.asker.ask(Call::GetPermissionsBoundaryForPermissionSet, &self.place, send).await;
        let reply = reply.map(|out| {
            let Some(boundary) = out.permissions_boundary() else { return Ok(None) };
            match (boundary.customer_managed_policy_reference(), boundary.managed_policy_arn()) {
                (Some(policy), _) => Ok(Some(Boundary::CustomerManaged(reference(policy)?))),
                (None, Some(arn)) => Ok(Some(Boundary::AwsManaged(arn.to_owned()))),
                (None, None) => Ok(None),
            }
        });
        // A permission set without a boundary is answered with ResourceNotFoundException.
        reply.or_none().map(|boundary| Ok(boundary.flatten())).fact()
    }
}

/// The status by which AWS filters for a version.
const fn status(version: Version) -> sso::ProvisioningStatus {
    match version {
        Version::Latest => sso::ProvisioningStatus::LatestPermissionSetProvisioned,
        Version::Outdated => sso::ProvisioningStatus::LatestPermissionSetNotProvisioned,
    }
}

fn reference(policy: &sso::CustomerManagedPolicyReference) -> Result<PolicyReference, Failure> {
    Ok(PolicyReference {
        name: present(policy.name(), "Name")?,
        path: policy.path().filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
    })
}

fn assignment(
    account: Option<String>,
    set: Option<String>,
    kind: Option<&sso::PrincipalType>,
    id: Option<String>,
) -> Result<Assignment, Failure> {
    Ok(Assignment {
        account: account.ok_or_else(|| lacking("AccountId"))?,
        permission_set: set.ok_or_else(|| lacking("PermissionSetArn"))?,
        principal: Principal { kind: principal_type(kind)?, id: id.ok_or_else(|| lacking("PrincipalId"))? },
    })
}

/// Users and groups; anything newer cannot be judged, and leaving it out could hide a way in.
pub(crate) fn principal_type(kind: Option<&sso::PrincipalType>) -> Result<PrincipalType, Failure> {
    match kind {
        Some(sso::PrincipalType::User) => Ok(PrincipalType::User),
        Some(sso::PrincipalType::Group) => Ok(PrincipalType::Group),
        Some(other) => Err(Failure::unusable(format!("principal type {} is not known", other.as_str()))),
        None => Err(lacking("PrincipalType")),
    }
}
