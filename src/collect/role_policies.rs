//! What a role carries, and what its permission set needs from IAM.

use super::identity::{lacking, present};
use super::target::{Target, percent_decoded};
use crate::evidence::{Call, Fact, PolicyDocument, Quotas};

/// A managed policy's name and default version. `None`: there is no such policy (any more).
pub(super) type Described = Fact<Option<(String, String)>>;

impl Target<'_> {
    /// What a managed policy says in this version.
    pub(super) async fn policy_document(&self, arn: &str, version: &str) -> Fact<Option<PolicyDocument>> {
        let iam = self.clients.iam();
        let send = || iam.get_policy_version().policy_arn(arn).version_id(version).send();
        let reply = self.asker.ask(Call::GetPolicyVersion, &self.place(None), send).await.map(|out| {
            let document = out.policy_version().and_then(|version| version.document());
            Ok(percent_decoded(&present(document.unwrap_or_default(), "Document")?))
        });
        reply.or_none().fact()
    }

    pub(super) async fn attached(&self, role: &str) -> Fact<Vec<String>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_attached_role_policies().role_name(role).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_attached_role_policies::ListAttachedRolePoliciesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            let Some(rows) = out.attached_policies else { return (Err(lacking("AttachedPolicies")), marker) };
            (rows.iter().map(|row| present(row.policy_arn().unwrap_or_default(), "PolicyArn")).collect(), marker)
        };
        self.asker.pages(Call::ListAttachedRolePolicies, &self.place(None), send, page).await.fact()
    }

    pub(super) async fn inline_names(&self, role: &str) -> Fact<Vec<String>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_role_policies().role_name(role).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_role_policies::ListRolePoliciesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            (Ok(out.policy_names().to_vec()), marker)
        };
        self.asker.pages(Call::ListRolePolicies, &self.place(None), send, page).await.fact()
    }

    pub(super) async fn inline_document(&self, role: &str, name: &str) -> Fact<Option<PolicyDocument>> {
        let iam = self.clients.iam();
        let send = || iam.get_role_policy().role_name(role).policy_name(name).send();
        let reply = self.asker.ask(Call::GetRolePolicy, &self.place(None), send).await;
        reply.map(|out| Ok(percent_decoded(out.policy_document()))).or_none().fact()
    }

    /// A managed policy's name and default version. `None`: there is no such policy (any more).
    pub(super) async fn policy(&self, arn: &str) -> Described {
        let iam = self.clients.iam();
        let reply =
            self.asker.ask(Call::GetPolicy, &self.place(None), || iam.get_policy().policy_arn(arn).send()).await;
        let reply = reply.map(|out| {
            let policy = out.policy().ok_or_else(|| lacking("Policy"))?;
            let name = present(policy.policy_name().unwrap_or_default(), "PolicyName")?;
            Ok((name, present(policy.default_version_id().unwrap_or_default(), "DefaultVersionId")?))
        });
        reply.or_none().fact()
    }

    pub(super) async fn quotas(&self) -> Fact<Quotas> {
        let iam = self.clients.iam();
        let reply =
            self.asker.ask(Call::GetAccountSummary, &self.place(None), || iam.get_account_summary().send()).await;
        let reply = reply.map(|out| {
            let summary = out.summary_map().ok_or_else(|| lacking("SummaryMap"))?;
            let quota = summary.get(&aws_sdk_iam::types::SummaryKeyType::AttachedPoliciesPerRoleQuota);
            Ok(Quotas { attached_policies_per_role: quota.and_then(|quota| u32::try_from(*quota).ok()) })
        });
        reply.fact()
    }
}
