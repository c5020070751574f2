//! What the user's roles carry, and what their permission sets need from IAM: asked once the paths are known.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::identity::{lacking, present};
use super::target::{Target, percent_decoded};
use crate::account_role;
use crate::evidence::{Boundary, Call, Evidence, Fact, Quotas, RolePolicies};
use crate::paths;

impl Target<'_> {
    /// Reads the policies of the roles that the paths lead to, whether the AWS managed policies exist, and how many
    /// policies a role may have.
    pub(super) async fn read_policies(&self, evidence: &mut Evidence) {
        let found = paths::find(evidence);
        let sets: BTreeSet<&str> = found.assigned().map(|path| path.permission_set.as_str()).collect();
        let sets = sets.into_iter().filter_map(|arn| evidence.permission_set(arn).ok());
        let mut aws_managed = BTreeSet::new();
        let mut names_policies = false;
        for set in sets {
            let named = set.aws_managed.known().map_or(0, Vec::len) + set.customer_managed.known().map_or(0, Vec::len);
            names_policies |= named > 0;
            aws_managed.extend(set.aws_managed.known().into_iter().flatten().cloned());
            if let Ok(Some(Boundary::AwsManaged(arn))) = set.boundary.known() {
                aws_managed.insert(arn.clone());
            }
        }
        let roles = found.assigned().filter_map(|path| account_role::role_of(evidence, path).ok().flatten());
        let roles: BTreeSet<(&str, &str)> = roles.map(|role| (role.arn.as_str(), role.name.as_str())).collect();
        let roles =
            roles.into_iter().map(|(arn, name)| async move { (arn.to_owned(), self.role_policies(name).await) });
        let policies = aws_managed.iter().map(|arn| async move { (arn.clone(), self.policy_name(arn).await) });
        let (roles, policies, quotas) =
            tokio::join!(join_all(roles), join_all(policies), Box::pin(super::when(names_policies, self.quotas())),);
        evidence.target.role_policies = roles.into_iter().collect();
        evidence.target.aws_managed = policies.into_iter().collect();
        super::replace(&mut evidence.target.quotas, quotas);
    }

    async fn role_policies(&self, role: &str) -> RolePolicies {
        let (attached, inline) = tokio::join!(self.attached(role), self.inline_names(role));
        let names = inline.known().cloned().unwrap_or_default();
        let documents = names.into_iter().map(|name| async move {
            let document = self.inline_document(role, &name).await;
            (name, document)
        });
        let documents = join_all(documents).await.into_iter().collect();
        RolePolicies { attached, inline, documents }
    }

    async fn attached(&self, role: &str) -> Fact<Vec<String>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_attached_role_policies().role_name(role).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_attached_role_policies::ListAttachedRolePoliciesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            let Some(rows) = out.attached_policies else { return (Err(lacking("AttachedPolicies")), marker) };
            (rows.iter().map(|row| present(row.policy_arn().unwrap_or_default(), "PolicyArn")).collect(), marker)
        };
        self.asker.pages(Call::ListAttachedRolePolicies, &self.place(None), send, page).await.fact()
    }

    async fn inline_names(&self, role: &str) -> Fact<Vec<String>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_role_policies().role_name(role).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_role_policies::ListRolePoliciesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            (Ok(out.policy_names().to_vec()), marker)
        };
        self.asker.pages(Call::ListRolePolicies, &self.place(None), send, page).await.fact()
    }

    async fn inline_document(&self, role: &str, name: &str) -> Fact<Option<String>> {
        let iam = self.clients.iam();
        let send = || iam.get_role_policy().role_name(role).policy_name(name).send();
        let reply = self.asker.ask(Call::GetRolePolicy, &self.place(None), send).await;
        reply.map(|out| Ok(percent_decoded(out.policy_document()))).or_none().fact()
    }

    /// The name of an AWS managed policy. `None`: AWS has no such policy (any more).
    async fn policy_name(&self, arn: &str) -> Fact<Option<String>> {
        let iam = self.clients.iam();
        let reply =
            self.asker.ask(Call::GetPolicy, &self.place(None), || iam.get_policy().policy_arn(arn).send()).await;
        let reply = reply.map(|out| {
            let policy = out.policy().ok_or_else(|| lacking("Policy"))?;
            present(policy.policy_name().unwrap_or_default(), "PolicyName")
        });
        reply.or_none().fact()
    }

    async fn quotas(&self) -> Fact<Quotas> {
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
