//! One question after the other, each wherever it belongs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OnceCell, Semaphore};

use super::ask::Place;
use super::clients::Clients;
use super::entry::Door;
use super::limiter::Urgency;
use super::organization_policies::Organizations;
use super::role_policies::Described;
use super::target::Target;
use super::{Home, account};
use crate::evidence::{Answer, Call, Fact, Observed, PolicyDocument, TargetEntry, User, Version, Want, not_entered};

/// How many questions about who is assigned are under way at once; their rate is the limiter's business.
const PARALLEL: usize = 16;
/// How many accounts are read from inside at once: each has a rate of its own, and each takes a connection or two.
const INSIDE_AT_ONCE: usize = 32;

/// An account that was entered, or why not.
pub(super) type Entered = (Fact<TargetEntry>, Option<Clients>);

/// Puts one question after the other, each wherever it belongs.
pub(super) struct Questions<'a> {
    home: &'a Home<'a>,
    organizations: Organizations<'a>,
    door: Door<'a>,
    partition: &'a str,
    entered: Mutex<HashMap<String, Arc<OnceCell<Entered>>>>,
    inside_at_once: Semaphore,
    /// An account that an earlier run entered.
    entered_before: Option<String>,
    /// Who is assigned is asked in the order in which it is wanted, so that other questions get their turn in between.
    assignments_at_once: Semaphore,
    /// What came along with the answers to other questions.
    aside: Mutex<Aside>,
}

/// What answers tell beside what they were asked for, and what is therefore not asked again.
#[derive(Default)]
struct Aside {
    /// The users that a look-up by their ids described.
    users: HashMap<String, Fact<Option<User>>>,
    /// The managed policies that were looked up, each with its name and default version.
    policies: HashMap<String, Described>,
}

impl<'a> Questions<'a> {
    pub(super) fn new(home: &'a Home<'a>, door: Door<'a>, partition: &'a str) -> Self {
        let place = Place { region: None, ..home.place.clone() };
        Self {
            home,
            organizations: Organizations::new(home.asker, home.clients, place),
            door,
            partition,
            entered: Mutex::default(),
            inside_at_once: Semaphore::new(INSIDE_AT_ONCE),
            entered_before: None,
            assignments_at_once: Semaphore::new(PARALLEL),
            aside: Mutex::default(),
        }
    }

    /// The same where an earlier run entered this account.
    pub(super) fn after(self, entered_before: Option<String>) -> Self {
        Self { entered_before, ..self }
    }
}

impl Questions<'_> {
    /// Puts a question.
    pub(super) async fn ask(&self, want: Want, urgency: Urgency) -> Answer {
        let (home, asker, clients) = (self.home, self.home.asker, self.home.clients);
        match want {
            Want::Caller() => Answer::Caller(account::caller(asker, clients).await),
            Want::Organization() => Answer::Organization(account::organization(asker, clients).await),
            Want::Instances() => Answer::Instances(account::instances(asker, clients).await),
            Want::InstanceDetails() => Answer::InstanceDetails(home.instance_details().await),
            Want::Attributes() => Answer::Attributes(home.access_control_attributes().await),
            Want::Accounts() => Answer::Accounts(account::accounts(asker, clients).await),
            Want::Account(id) => {
                let mut fact = account::account(asker, clients, &id).await;
                fact.account.clone_from(&home.place.account);
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
            Want::SetsIn(id) => {
                let fact = home.provisioned(&id, None).await;
                Answer::SetsIn(id, fact)
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
                let _turn = self.assignments_at_once.acquire().await;
                let fact = home.assignments(&id, &arn).await;
                Answer::Assignments(id, arn, fact)
            }
            Want::Requests(kind, status) => Answer::Requests(kind, status, home.requests_of(kind, status).await),
            Want::Request(kind, id) => {
                let fact = home.request_of(kind, &id, urgency).await;
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
            Want::LookUp(typed) => {
                let looked_up = home.look_up_user(&typed).await;
                let known = looked_up.described.into_iter().filter_map(|fact| {
                    let id = fact.known().ok()?.as_ref()?.id.clone();
                    Some((id, fact))
                });
                self.aside().users.extend(known);
                // Each look-up says for itself what came of it.
                let observed = Observed::Known(looked_up.lookups);
                Answer::LookUp(typed, Fact { observed, ..Fact::not_asked(Call::GetUserId, "") })
            }
            Want::CloseUsers(typed) => {
                let fact = home.close_users(&typed).await;
                Answer::CloseUsers(typed, fact)
            }
            Want::GroupNamed(name) => {
                let fact = home.group_id(&name).await;
                Answer::GroupNamed(name, fact)
            }
            Want::Person(id) => {
                let known = self.aside().users.remove(&id);
                let fact = match known {
                    Some(known) => known,
                    None => home.user(&id).await,
                };
                Answer::Person(id, fact)
            }
            Want::AssignmentsIn(user, id) => {
                let fact = home.assignments_for_principal(&user, Some(&id)).await;
                Answer::AssignmentsIn(user, id, fact)
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
                let fact = self.inside(&id, Call::GetRole, async |target| target.role(name_of(&arn)).await).await;
                Answer::EntitledRole(id, arn, fact)
            }
            Want::LastUsed(id, role) => {
                let fact = self.inside(&id, Call::GetRole, async |target| target.last_used(&role).await).await;
                Answer::LastUsed(id, role, fact)
            }
            Want::AttachedTo(id, role) => {
                let ask = async |target: Target<'_>| target.attached(name_of(&role)).await;
                let fact = self.inside(&id, Call::ListAttachedRolePolicies, ask).await;
                Answer::AttachedTo(id, role, fact)
            }
            Want::InlineNames(id, role) => {
                let ask = async |target: Target<'_>| target.inline_names(name_of(&role)).await;
                let fact = self.inside(&id, Call::ListRolePolicies, ask).await;
                Answer::InlineNames(id, role, fact)
            }
            Want::InlineOf(id, role, name) => {
                let ask = async |target: Target<'_>| target.inline_document(name_of(&role), &name).await;
                let fact = self.inside(&id, Call::GetRolePolicy, ask).await;
                Answer::InlineOf(id, role, name, fact)
            }
            Want::ManagedPolicy(id, arn, version) => {
                let fact = Box::pin(self.managed_policy(&id, &arn, version.clone())).await;
                Answer::ManagedPolicy(id, arn, version, fact)
            }
            Want::AwsManagedPolicy(arn) => {
                let fact = match self.any_entered() {
                    Some(id) => self.described(&id, &arn).await,
                    None => Fact::not_asked(Call::GetPolicy, "no account could be entered"),
                };
                Answer::AwsManagedPolicy(arn, fact.map(|policy| policy.map(|(name, _)| name)))
            }
            other => unreachable!("{other:?} is asked elsewhere"),
        }
    }

    /// A managed policy's name and default version, looked up once. `None`: there is no such policy (any more).
    async fn described(&self, id: &str, arn: &str) -> Described {
        let known = self.aside().policies.get(arn).cloned();
        if let Some(known) = known {
            return known;
        }
        let fact = self.inside(id, Call::GetPolicy, async |target| target.policy(arn).await).await;
        self.aside().policies.insert(arn.to_owned(), fact.clone());
        fact
    }

    /// What a managed policy says, in its default version.
    async fn managed_policy(&self, id: &str, arn: &str, version: Option<String>) -> Fact<Option<PolicyDocument>> {
        let version = match version {
            Some(version) => version,
            None => {
                let described = self.described(id, arn).await;
                match described.known() {
                    Ok(Some((_, version))) => version.clone(),
                    Ok(None) | Err(_) => return described.map(|_| None),
                }
            }
        };
        self.inside(id, Call::GetPolicyVersion, async |target| target.policy_document(arn, &version).await).await
    }

    fn aside(&self) -> MutexGuard<'_, Aside> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account, where it was entered.
    pub(super) fn entered(&self, id: &str) -> Option<Clients> {
        let entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        entered.get(id)?.get()?.1.clone()
    }

    /// Enters an account, once.
    async fn enter(&self, id: &str) -> Entered {
        let cell = {
            let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(entered.entry(id.to_owned()).or_default())
        };
        let Home { asker, clients, .. } = self.home;
        let open = async || {
            let _turn = self.inside_at_once.acquire().await;
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
        let _turn = self.inside_at_once.acquire().await;
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

/// The name of a role by its ARN.
fn name_of(role: &str) -> &str {
    role.rsplit('/').next().unwrap_or(role)
}
