//! One question after the other, each wherever it belongs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OnceCell, Semaphore};

use crate::collect::clients::Clients;
use crate::collect::entry::Door;
use crate::collect::organization_policies::Organizations;
use crate::collect::target::Target;
use crate::collect::{Home, account};
use crate::evidence::{Answer, Call, Fact, TargetEntry, Version, Want, not_entered};

/// An account that was entered, or why not.
pub(super) type Entered = (Fact<TargetEntry>, Option<Clients>);

/// Puts one question after the other, each wherever it belongs.
pub(super) struct Questions<'a> {
    pub(super) home: &'a Home<'a>,
    pub(super) organizations: Organizations<'a>,
    pub(super) door: Door<'a>,
    pub(super) partition: &'a str,
    pub(super) entered: Mutex<HashMap<String, Arc<OnceCell<Entered>>>>,
    pub(super) at_once: Semaphore,
    /// An account that an earlier run entered.
    pub(super) entered_before: Option<String>,
}

impl Questions<'_> {
    pub(super) async fn ask(&self, want: Want) -> Answer {
        let (home, asker, clients) = (self.home, self.home.asker, self.home.clients);
        match want {
            Want::Caller() => Answer::Caller(account::caller(asker, clients).await),
            Want::Organization() => Answer::Organization(account::organization(asker, clients).await),
            Want::Instances() => Answer::Instances(account::instances(asker, clients).await),
            Want::InstanceDetails() => Answer::InstanceDetails(home.instance_details().await),
            Want::Attributes() => Answer::Attributes(home.access_control_attributes().await),
            Want::Accounts() => Answer::Accounts(account::accounts(asker, clients).await),
            Want::Account(id) => {
                let fact = account::account(asker, clients, &id).await;
                Answer::Account(id, fact)
            }
            Want::Roots() => Answer::Roots(self.organizations.roots().await),
            Want::Parent(child) => {
                let fact = self.organizations.parent(&child).await;
                Answer::Parent(child, fact)
            }
            Want::Attached(target, kind) => {
                let fact = self.organizations.attached_to(&target, kind).await;
                Answer::Attached(target, kind, fact)
            }
            Want::Policies(kind) => Answer::Policies(kind, self.organizations.policies(kind).await),
            Want::PolicyTargets(id) => {
                let fact = self.organizations.targets(&id).await;
                Answer::PolicyTargets(id, fact)
            }
            Want::PolicyDocument(id) => {
                let fact = self.organizations.document(&id).await;
                Answer::PolicyDocument(id, fact)
            }
            Want::PermissionSets() => Answer::PermissionSets(home.permission_set_arns().await),
            Want::PermissionSet(arn) => {
                let fact = home.describe_permission_set(&arn).await;
                Answer::PermissionSet(arn, fact)
            }
            Want::AwsManaged(arn) => {
                let fact = home.aws_managed(&arn).await;
                Answer::AwsManaged(arn, fact)
            }
            Want::CustomerManaged(arn) => {
                let fact = home.customer_managed(&arn).await;
                Answer::CustomerManaged(arn, fact)
            }
            Want::Inline(arn) => {
                let fact = home.inline_policy(&arn).await;
                Answer::Inline(arn, fact)
            }
            Want::Boundary(arn) => {
                let fact = home.boundary(&arn).await;
                Answer::Boundary(arn, fact)
            }
            Want::AccountsOf(arn, version) => {
                let fact = home.accounts_of(&arn, version).await;
                Answer::AccountsOf(arn, version, fact)
            }
            Want::SetsOf(id, version) => {
                use aws_sdk_ssoadmin::types::ProvisioningStatus::{
                    LatestPermissionSetNotProvisioned, LatestPermissionSetProvisioned,
                };
                let status = match version {
                    Version::Latest => LatestPermissionSetProvisioned,
                    Version::Outdated => LatestPermissionSetNotProvisioned,
                };
                let fact = home.provisioned(&id, Some(status)).await;
                Answer::SetsOf(id, version, fact)
            }
            Want::Assignments(id, arn) => {
                let fact = home.assignments(&id, &arn).await;
                Answer::Assignments(id, arn, fact)
            }
            Want::Requests(kind, status) => Answer::Requests(kind, status, home.requests_of(kind, status).await),
            Want::Request(kind, id) => {
                let fact = home.request_of(kind, &id).await;
                Answer::Request(kind, id, fact)
            }
            other => Box::pin(self.ask_of_people(other)).await,
        }
    }

    /// The questions to the identity store and account access manager.
    async fn ask_of_people(&self, want: Want) -> Answer {
        let home = self.home;
        match want {
            Want::Applications() => Answer::Applications(home.applications().await),
            Want::Application(arn) => {
                let fact = home.application(&arn).await;
                Answer::Application(arn, fact)
            }
            Want::Entitlements(arn, id) => {
                let fact = home.entitlements_in(&arn, &id).await;
                Answer::Entitlements(arn, id, fact)
            }
            Want::EntitlementsOf(arn, principal) => {
                let fact = home.entitlements_of(&arn, &principal).await;
                Answer::EntitlementsOf(arn, principal, fact)
            }
            Want::People() => Answer::People(home.people().await),
            Want::Groups() => Answer::Groups(home.groups().await),
            Want::User(id) => {
                let fact = home.user(&id).await;
                Answer::User(id, fact)
            }
            Want::Group(id) => {
                let fact = home.group(&id).await;
                Answer::Group(id, fact)
            }
            Want::Members(id) => {
                let fact = home.members(&id).await;
                Answer::Members(id, fact)
            }
            Want::Person(id) => {
                let fact = home.user(&id).await;
                Answer::Person(id, fact)
            }
            Want::Memberships(id) => {
                let fact = home.memberships(&id).await;
                Answer::Memberships(id, fact)
            }
            Want::AssignmentsOfPerson(id) => {
                let fact = home.assignments_for_principal(&id, None).await;
                Answer::AssignmentsOfPerson(id, fact)
            }
            Want::AssignmentsOfGroup(id) => {
                let fact = home.assignments_for_group(&id).await;
                Answer::AssignmentsOfGroup(id, fact)
            }
            other => Box::pin(self.ask_inside(other)).await,
        }
    }

    /// The questions that are put in an account, with credentials of that account.
    async fn ask_inside(&self, want: Want) -> Answer {
        match want {
            Want::Entry(id) => {
                let (fact, _) = self.enter(&id).await;
                Answer::Entry(id, fact)
            }
            Want::PoliciesIn(id) => {
                let fact = self.inside(&id, Call::ListPolicies, async |target| target.policies().await).await;
                Answer::PoliciesIn(id, fact)
            }
            Want::RolesIn(id) => {
                let fact = self.inside(&id, Call::ListRoles, async |target| target.roles().await).await;
                Answer::RolesIn(id, fact)
            }
            Want::SamlProvidersIn(id) => {
                let ask = async |target: Target<'_>| target.saml_providers().await;
                let fact = self.inside(&id, Call::ListSamlProviders, ask).await;
                Answer::SamlProvidersIn(id, fact)
            }
            Want::QuotasIn(id) => {
                let fact = self.inside(&id, Call::GetAccountSummary, async |target| target.quotas().await).await;
                Answer::QuotasIn(id, fact)
            }
            Want::EntitledRole(id, arn) => {
                let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
                let fact = self.inside(&id, Call::GetRole, async |target| target.role(&name).await).await;
                Answer::EntitledRole(id, arn, fact)
            }
            Want::LastUsed(id, role) => {
                let fact = self.inside(&id, Call::GetRole, async |target| target.last_used(&role).await).await;
                Answer::LastUsed(id, role, fact)
            }
            Want::AwsManagedPolicy(arn) => {
                let fact = match self.any_entered() {
                    Some(id) => self.inside(&id, Call::GetPolicy, async |target| target.policy(&arn).await).await,
                    None => Fact::not_asked(Call::GetPolicy, "no account could be entered"),
                };
                Answer::AwsManagedPolicy(arn, fact.map(|policy| policy.map(|(name, _)| name)))
            }
            other => unreachable!("{other:?} is asked elsewhere"),
        }
    }

    /// Enters an account, once.
    async fn enter(&self, id: &str) -> Entered {
        let cell = {
            let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(entered.entry(id.to_owned()).or_default())
        };
        let Home { asker, clients, .. } = self.home;
        let open = async || {
            let _turn = self.at_once.acquire().await;
            Box::pin(self.door.open(asker, clients, id, self.partition)).await
        };
        cell.get_or_init(open).await.clone()
    }

    /// Puts a question in an account, where that can be entered.
    async fn inside<T>(&self, id: &str, call: Call, ask: impl AsyncFnOnce(Target<'_>) -> Fact<T>) -> Fact<T> {
        let (_, inside) = Box::pin(self.enter(id)).await;
        let Some(inside) = inside else {
            let fact = Fact::not_asked(call, not_entered(id));
            return Fact { account: Some(id.to_owned()), ..fact };
        };
        let _turn = self.at_once.acquire().await;
        Box::pin(ask(Target { asker: self.home.asker, clients: &inside, account: id })).await
    }

    /// Some account that was entered.
    fn any_entered(&self) -> Option<String> {
        let entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |cell: &Arc<OnceCell<Entered>>| cell.get().is_some_and(|(_, inside)| inside.is_some());
        let now = entered.iter().filter(|(_, cell)| is_open(cell)).map(|(id, _)| id.clone()).min();
        now.or_else(|| self.entered_before.clone())
    }
}
