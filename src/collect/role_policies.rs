//! What the user's roles carry, and what their permission sets need from IAM: asked once the paths are known.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::identity::{lacking, present};
use super::target::{Target, percent_decoded};
use crate::evidence::{Boundary, Call, Evidence, Fact, PolicyDocument, Quotas, RolePolicies};
use crate::model::{SetInAccount, paths, permission_set_role, session_policies};

/// The default versions of managed policies, by ARN, as far as they are known.
pub(super) type Versions = BTreeMap<String, String>;

impl Target<'_> {
    /// Reads the policies of the roles that the paths lead to, whether the AWS managed policies exist, how many policies a
    /// role may have, and what those managed policies say that a session hangs on; what of it is not read yet.
    pub(super) async fn read_policies(&self, evidence: &mut Evidence, mut versions: Versions) {
        self.read_what_roles_carry(evidence, &mut versions).await;
        // What the roles carry beside, and what of AWS's own turned out to decide: by what one says, others may.
        loop {
            let documents = self.policy_documents(evidence, &versions, |_| true).await;
            if documents.is_empty() {
                return;
            }
            evidence.account.inside.policy_documents.extend(documents);
        }
    }

    /// The same but for what may turn out not to be needed once the permission sets are read whole.
    pub(super) async fn read_what_roles_carry(&self, evidence: &mut Evidence, versions: &mut Versions) {
        let found = paths::find(evidence.asked());
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
        aws_managed.retain(|arn| !evidence.account.inside.aws_managed.contains_key(arn));
        let roles = found.assigned().map(|path| SetInAccount::of(evidence.in_account(), path));
        let roles = roles.filter_map(|set| permission_set_role::role_of(set).ok().flatten());
        let roles = roles.filter(|role| !evidence.account.inside.role_policies.contains_key(&role.arn));
        let roles: BTreeSet<(&str, &str)> = roles.map(|role| (role.arn.as_str(), role.name.as_str())).collect();
        let roles =
            roles.into_iter().map(|(arn, name)| async move { (arn.to_owned(), self.role_policies(name).await) });
        let policies = aws_managed.iter().map(|arn| async move { (arn.clone(), self.policy(arn).await) });
        let listed = evidence.account.inside.policies.known().into_iter().flatten();
        let own: Versions =
            listed.filter_map(|policy| Some((policy.arn.clone(), policy.default_version.clone()?))).collect();
        let asks_quotas = names_policies && evidence.account.inside.quotas.is_not_asked();
        let (roles, policies, quotas, documents) = tokio::join!(
            join_all(roles),
            join_all(policies),
            Box::pin(super::when(asks_quotas, self.quotas())),
            // What can be read in the same round, since its version is known.
            self.policy_documents(evidence, &own, |arn| own.contains_key(arn)),
        );
        evidence.account.inside.role_policies.extend(roles);
        versions.extend(own);
        for (arn, policy) in policies {
            versions.extend(
                policy.known().ok().and_then(Option::as_ref).map(|(_, version)| (arn.clone(), version.clone())),
            );
            evidence.account.inside.aws_managed.insert(arn, policy.map(|policy| policy.map(|(name, _)| name)));
        }
        super::replace(&mut evidence.account.inside.quotas, quotas);
        evidence.account.inside.policy_documents.extend(documents);
    }

    /// What managed policies say, of those that are wanted and to be read now.
    async fn policy_documents(
        &self,
        evidence: &Evidence,
        versions: &Versions,
        now: impl Fn(&str) -> bool,
    ) -> Vec<(String, Fact<Option<PolicyDocument>>)> {
        let wanted = session_policies::wanted(evidence.in_account(), evidence.person(), &paths::find(evidence.asked()))
            .into_iter()
            .filter(|arn| now(arn));
        let documents = wanted.map(|arn| async move {
            let document = Box::pin(self.policy_document(evidence, &arn, versions.get(&arn))).await;
            (arn, document)
        });
        join_all(documents).await
    }

    async fn policy_document(
        &self,
        evidence: &Evidence,
        arn: &str,
        version: Option<&String>,
    ) -> Fact<Option<PolicyDocument>> {
        let version = match (version, evidence.account.inside.aws_managed.get(arn)) {
            (Some(version), _) => version.clone(),
            // It was looked up in vain.
            (None, Some(fact)) => return fact.clone().map(|_| None),
            (None, None) => {
                let looked_up = self.policy(arn).await;
                match looked_up.known() {
                    Ok(Some((_, version))) => version.clone(),
                    Ok(None) | Err(_) => return looked_up.map(|_| None),
                }
            }
        };
        let iam = self.clients.iam();
        let send = || iam.get_policy_version().policy_arn(arn).version_id(&version).send();
        let reply = self.asker.ask(Call::GetPolicyVersion, &self.place(None), send).await.map(|out| {
            let document = out.policy_version().and_then(|version| version.document());
            Ok(percent_decoded(&present(document.unwrap_or_default(), "Document")?))
        });
        reply.or_none().fact()
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

    async fn inline_document(&self, role: &str, name: &str) -> Fact<Option<PolicyDocument>> {
        let iam = self.clients.iam();
        let send = || iam.get_role_policy().role_name(role).policy_name(name).send();
        let reply = self.asker.ask(Call::GetRolePolicy, &self.place(None), send).await;
        reply.map(|out| Ok(percent_decoded(out.policy_document()))).or_none().fact()
    }

    /// A managed policy's name and default version. `None`: there is no such policy (any more).
    pub(super) async fn policy(&self, arn: &str) -> Fact<Option<(String, String)>> {
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
