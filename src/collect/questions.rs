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
use crate::evidence::{
    Account, Answer, Assignment, Call, Fact, Observed, PolicyDocument, TargetEntry, User, UserLookup, Want, not_entered,
};

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

/// Who is asked what: a question with what it is about, and what answers it.
macro_rules! asked {
    ($want:expr, {$($name:ident($($key:ident),*) => $ask:expr,)+} else $other:ident => $else:expr) => {
        match $want {
            $(Want::$name($($key),*) => {
                let fact = Box::pin($ask).await;
                Answer::$name($($key,)* fact)
            })+
            $other => $else,
        }
    };
}

impl Questions<'_> {
    /// Puts a question.
    pub(super) async fn ask(&self, want: Want, urgency: Urgency) -> Answer {
        let Self { home, organizations, .. } = self;
        let (asker, clients) = (home.asker, home.clients);
        asked!(want, {
            Caller() => account::caller(asker, clients),
            Organization() => account::organization(asker, clients),
            Instances() => account::instances(asker, clients),
            Accounts() => account::accounts(asker, clients),
            Account(id) => self.account(&id),
            InstanceDetails() => home.instance_details(),
            Attributes() => home.access_control_attributes(),
            Roots() => organizations.roots(),
            Parent(child) => organizations.parent(&child),
            Attached(target, kind) => organizations.attached_to(&target, kind),
            Policies(kind) => organizations.policies(kind),
            PolicyTargets(id) => organizations.targets(&id),
            PolicyDocument(id) => organizations.document(&id),
            PermissionSets() => home.permission_set_arns(),
            PermissionSet(arn) => home.describe_permission_set(&arn),
            AwsManaged(arn) => home.aws_managed(&arn),
            CustomerManaged(arn) => home.customer_managed(&arn),
            Inline(arn) => home.inline_policy(&arn),
            Boundary(arn) => home.boundary(&arn),
            AccountsOf(arn, version) => home.accounts_of(&arn, version),
            SetsOf(id, version) => home.provisioned(&id, Some(version)),
            SetsIn(id) => home.provisioned(&id, None),
            Assignments(id, arn) => self.assignments(&id, &arn),
            Requests(kind, status) => home.requests_of(kind, status),
            Request(kind, id) => home.request_of(kind, &id, urgency),
        } else other => Box::pin(self.ask_of_people(other)).await)
    }

    /// The questions to the identity store and account access manager.
    async fn ask_of_people(&self, want: Want) -> Answer {
        let home = self.home;
        asked!(want, {
            Applications() => home.applications(),
            Application(arn) => home.application(&arn),
            Entitlements(arn, id) => home.entitlements_in(&arn, &id),
            EntitlementsOf(arn, principal) => home.entitlements_of(&arn, &principal),
            People() => home.people(),
            CloseUsers(typed) => home.close_users(&typed),
            Groups() => home.groups(),
            GroupNamed(name) => home.group_id(&name),
            Group(id) => home.group(&id),
            Members(id) => home.members(&id),
            User(id) => home.user(&id),
            LookUp(typed) => self.look_up(&typed),
            Person(id) => self.person(&id),
            Memberships(id) => home.memberships(&id),
            AssignmentsIn(user, id) => home.assignments_for_principal(&user, Some(&id)),
            AssignmentsOfPerson(id) => home.assignments_for_principal(&id, None),
            AssignmentsOfGroup(id) => home.assignments_for_group(&id),
        } else other => Box::pin(self.ask_inside(other)).await)
    }

    /// The questions that are put in an account, with credentials of that account.
    async fn ask_inside(&self, want: Want) -> Answer {
        asked!(want, {
            Entry(id) => async { self.enter(&id).await.0 },
            PoliciesIn(id) => self.inside(&id, Call::ListPolicies, async |target| target.policies().await),
            RolesIn(id) => self.inside(&id, Call::ListRoles, async |target| target.roles().await),
            SamlProvidersIn(id) =>
                self.inside(&id, Call::ListSamlProviders, async |target| target.saml_providers().await),
            QuotasIn(id) => self.inside(&id, Call::GetAccountSummary, async |target| target.quotas().await),
            EntitledRole(id, arn) =>
                self.inside(&id, Call::GetRole, async |target| target.role(name_of(&arn)).await),
            LastUsed(id, role) => self.inside(&id, Call::GetRole, async |target| target.last_used(&role).await),
            AttachedTo(id, role) =>
                self.inside(&id, Call::ListAttachedRolePolicies, async |target| target.attached(name_of(&role)).await),
            InlineNames(id, role) =>
                self.inside(&id, Call::ListRolePolicies, async |target| target.inline_names(name_of(&role)).await),
            InlineOf(id, role, name) =>
                self.inside(&id, Call::GetRolePolicy, async |target| {
                    target.inline_document(name_of(&role), &name).await
                }),
            ManagedPolicy(id, arn, version) => self.managed_policy(&id, &arn, version.as_deref()),
            AwsManagedPolicy(arn) => self.aws_managed_policy(&arn),
        } else other => unreachable!("{other:?} is asked elsewhere"))
    }

    async fn account(&self, id: &str) -> Fact<Option<Account>> {
        let fact = account::account(self.home.asker, self.home.clients, id).await;
        Fact { account: self.home.place.account.clone(), ..fact }
    }

    async fn assignments(&self, id: &str, arn: &str) -> Fact<Vec<Assignment>> {
        let _turn = self.assignments_at_once.acquire().await;
        self.home.assignments(id, arn).await
    }

    async fn look_up(&self, typed: &str) -> Fact<Vec<UserLookup>> {
        let looked_up = Box::pin(self.home.look_up_user(typed)).await;
        let known = looked_up.described.into_iter().filter_map(|fact| {
            let id = fact.known().ok()?.as_ref()?.id.clone();
            Some((id, fact))
        });
        self.aside().users.extend(known);
        // Each look-up says for itself what came of it.
        Fact { observed: Observed::Known(looked_up.lookups), ..Fact::not_asked(Call::GetUserId, "") }
    }

    async fn person(&self, id: &str) -> Fact<Option<User>> {
        let known = self.aside().users.remove(id);
        match known {
            Some(known) => known,
            None => self.home.user(id).await,
        }
    }

    async fn aws_managed_policy(&self, arn: &str) -> Fact<Option<String>> {
        let fact = match self.any_entered() {
            Some(id) => self.described(&id, arn).await,
            None => Fact::not_asked(Call::GetPolicy, "no account could be entered"),
        };
        fact.map(|policy| policy.map(|(name, _)| name))
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
    async fn managed_policy(&self, id: &str, arn: &str, version: Option<&str>) -> Fact<Option<PolicyDocument>> {
        let version = if let Some(version) = version {
            version.to_owned()
        } else {
            let described = self.described(id, arn).await;
            match described.known() {
                Ok(Some((_, version))) => version.clone(),
                Ok(None) | Err(_) => return described.map(|_| None),
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
