//! The organization's policies and what they are attached to, asked of AWS Organizations.

use aws_sdk_organizations::operation::list_delegated_administrators::ListDelegatedAdministratorsOutput;
use aws_sdk_organizations::operation::list_policies::ListPoliciesOutput;
use aws_sdk_organizations::operation::list_policies_for_target::ListPoliciesForTargetOutput;
use aws_sdk_organizations::operation::list_roots::ListRootsOutput;
use aws_sdk_organizations::operation::list_targets_for_policy::ListTargetsForPolicyOutput;
use aws_sdk_organizations::types::PolicyType;

use super::ask::{Asker, Place};
use super::clients::Clients;
use super::failure::Failure;
use super::identity::{lacking, present};
use super::reply::require_same;
use crate::evidence::{AttachedPolicy, Call, Fact, PolicyDocument, PolicyKind, Root};

/// Whoever asks AWS Organizations.
pub(super) struct Organizations<'a> {
    asker: &'a Asker,
    client: aws_sdk_organizations::Client,
    place: Place,
}

impl<'a> Organizations<'a> {
    /// With the caller's credentials.
    pub(super) fn new(asker: &'a Asker, clients: &Clients, place: Place) -> Self {
        Self { asker, client: clients.organizations(), place }
    }
}

impl Organizations<'_> {
    /// The accounts to which the administration of Identity Center is delegated.
    pub(super) async fn administrators(&self) -> Fact<Vec<String>> {
        let send = |token| {
            let request = self.client.list_delegated_administrators().service_principal("sso.amazonaws.com");
            request.set_next_token(token).send()
        };
        let page = |out: ListDelegatedAdministratorsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.delegated_administrators else {
                return (Err(lacking("DelegatedAdministrators")), token);
            };
            (rows.iter().map(|row| present(row.id().unwrap_or_default(), "Id")).collect(), token)
        };
        self.asker.pages(Call::ListDelegatedAdministrators, &self.place, send, page).await.fact()
    }

    /// All policies of a kind.
    pub(super) async fn policies(&self, kind: PolicyKind) -> Fact<Vec<AttachedPolicy>> {
        let filter = PolicyType::from(kind.as_str());
        let send = |token| self.client.list_policies().filter(filter.clone()).set_next_token(token).send();
        let page = |out: ListPoliciesOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.policies else { return (Err(lacking("Policies")), token) };
            (rows.iter().map(summary).collect(), token)
        };
        self.asker.pages(Call::ListOrganizationPolicies, &self.place, send, page).await.fact()
    }

    /// What a policy is attached to.
    pub(super) async fn targets(&self, policy: &str) -> Fact<Vec<String>> {
        let send = |token| self.client.list_targets_for_policy().policy_id(policy).set_next_token(token).send();
        let page = |out: ListTargetsForPolicyOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.targets else { return (Err(lacking("Targets")), token) };
            (rows.iter().map(|row| present(row.target_id().unwrap_or_default(), "TargetId")).collect(), token)
        };
        self.asker.pages(Call::ListTargetsForPolicy, &self.place, send, page).await.fact()
    }

    /// The root, with the kinds of policy that are switched on.
    pub(super) async fn roots(&self) -> Fact<Vec<Root>> {
        let send = |token| self.client.list_roots().set_next_token(token).send();
        let page = |out: ListRootsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.roots else { return (Err(lacking("Roots")), token) };
            let rows = rows.iter().map(|root| {
                let types = root.policy_types().iter().filter_map(|summary| {
                    Some((summary.r#type()?.as_str().to_owned(), summary.status()?.as_str().to_owned()))
                });
                Ok(Root { id: present(root.id().unwrap_or_default(), "Id")?, policy_types: types.collect() })
            });
            (rows.collect(), token)
        };
        self.asker.pages(Call::ListRoots, &self.place, send, page).await.fact()
    }

    /// What stands directly above an account or a unit.
    pub(super) async fn parent(&self, child: &str) -> Fact<String> {
        let reply =
            self.asker.ask(Call::ListParents, &self.place, || self.client.list_parents().child_id(child).send()).await;
        let reply = reply.map(|out| {
            let parent = out.parents().first().and_then(|parent| parent.id());
            present(parent.unwrap_or_default(), "Parents")
        });
        reply.fact()
    }

    /// The policies of a kind that are attached right to a target.
    pub(super) async fn attached_to(&self, target: &str, kind: PolicyKind) -> Fact<Vec<AttachedPolicy>> {
        let filter = PolicyType::from(kind.as_str());
        let send = |token| {
            let request = self.client.list_policies_for_target().target_id(target).filter(filter.clone());
            request.max_results(20).set_next_token(token).send()
        };
        let page = |out: ListPoliciesForTargetOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(rows) = out.policies else { return (Err(lacking("Policies")), token) };
            (rows.iter().map(summary).collect(), token)
        };
        self.asker.pages(Call::ListPoliciesForTarget, &self.place, send, page).await.fact()
    }

    /// What a policy says.
    pub(super) async fn document(&self, id: &str) -> Fact<PolicyDocument> {
        let send = || self.client.describe_policy().policy_id(id).send();
        let reply = self.asker.ask(Call::DescribePolicy, &self.place, send).await.map(|out| {
            let policy = out.policy().ok_or_else(|| lacking("Policy"))?;
            let found = policy.policy_summary().and_then(|summary| summary.id());
            found.map_or(Ok(()), |found| require_same("Id", found, id))?;
            Ok(present(policy.content().unwrap_or_default(), "Content")?.into())
        });
        reply.fact()
    }
}

fn summary(policy: &aws_sdk_organizations::types::PolicySummary) -> Result<AttachedPolicy, Failure> {
    Ok(AttachedPolicy {
        id: present(policy.id().unwrap_or_default(), "Id")?,
        name: policy.name().map(str::to_owned),
        aws_managed: policy.aws_managed(),
    })
}
