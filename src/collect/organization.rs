//! Asks about a whole organization: what the plan wants goes out at once, at the rates that AWS bears; each answer is kept
//! and taken in, and what follows from it is wanted next. One question is one fact.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;
use tokio::sync::{OnceCell, Semaphore};

use super::ask::{Asker, Place, Time};
use super::clients::{self, Clients};
use super::entry::Door;
use super::first_round::{first_error, organization_instance};
use super::organization_policies::Organizations;
use super::target::Target;
use super::{Home, Settings, account, processes};
use crate::error::Error;
use crate::evidence::{
    About, Account, AccountRef, Answer, Call, Fact, Scope, Snapshot, TargetEntry, Version, Want, not_entered,
};
use crate::plan;
use crate::wording::suggest;

/// How many accounts are read from inside at once: each has a rate of its own, and each takes a connection or two.
const INSIDE_AT_ONCE: usize = 32;

/// How many questions of one lane are under way at once: more than any rate lets leave in the time of an answer, and few
/// enough that memory does not hang on how many wait.
const AT_ONCE: usize = 64;
/// What has rates of its own waits apart, so that nothing holds up something else.
const LANES: usize = 6;

/// A question under way, with the number of its lane.
type Asking<'a> = Pin<Box<dyn Future<Output = (usize, Answer)> + 'a>>;

/// Questions that share a rate.
#[derive(Default)]
struct Lane {
    waiting: VecDeque<Want>,
    running: usize,
}

/// The lane of a question.
const fn lane(want: &Want) -> usize {
    match want {
        Want::Members(_) => 1,
        Want::User(_) | Want::Group(_) | Want::People() | Want::Groups() | Want::Person(_) | Want::Memberships(_) => 2,
        Want::Accounts()
        | Want::Account(_)
        | Want::Organization()
        | Want::Roots()
        | Want::Parent(_)
        | Want::Attached(..)
        | Want::Policies(_)
        | Want::PolicyTargets(_)
        | Want::PolicyDocument(_) => 3,
        Want::Entry(_)
        | Want::PoliciesIn(_)
        | Want::RolesIn(_)
        | Want::SamlProvidersIn(_)
        | Want::QuotasIn(_)
        | Want::EntitledRole(..)
        | Want::AwsManagedPolicy(_) => 4,
        Want::Applications() | Want::Application(_) | Want::Entitlements(..) | Want::EntitlementsOf(..) => 5,
        Want::Caller()
        | Want::Instances()
        | Want::InstanceDetails()
        | Want::Attributes()
        | Want::PermissionSets()
        | Want::PermissionSet(_)
        | Want::AwsManaged(_)
        | Want::CustomerManaged(_)
        | Want::Inline(_)
        | Want::Boundary(_)
        | Want::AccountsOf(..)
        | Want::SetsOf(..)
        | Want::Assignments(..)
        | Want::Requests(..)
        | Want::Request(..)
        | Want::AssignmentsOfPerson(_) => 0,
    }
}

/// Keeps what is answered, as it comes.
pub trait Keeper {
    /// Keeps an answer, or says why the whole had better end.
    fn keep(&mut self, answer: &Answer) -> Result<(), Error>;
}

/// Keeps nothing.
impl Keeper for () {
    fn keep(&mut self, _: &Answer) -> Result<(), Error> {
        Ok(())
    }
}

/// Asks for everything that the question needs. `known`: what was answered before and need not be asked again.
pub async fn collect_organization(
    scope: Scope,
    known: Vec<Answer>,
    settings: &Settings,
    keeper: &mut dyn Keeper,
) -> Result<Snapshot, Error> {
    let result = Box::pin(collected(scope, known, settings, keeper)).await;
    settings.progress.finish();
    processes::end();
    result
}

async fn collected(
    scope: Scope,
    known: Vec<Answer>,
    settings: &Settings,
    keeper: &mut dyn Keeper,
) -> Result<Snapshot, Error> {
    let time = Time::from_now(settings.timeout);
    let profile = scope.profile.clone();
    let clients = Clients::load(profile.as_deref(), settings, time).await?;
    let clients = clients.signed_in(profile.as_deref(), time).await?;
    settings.progress.start();
    let asker = Asker::new(time, clients::attempts_from_environment(), settings.progress.clone()).at(settings.rate);
    let mut run = Run { snapshot: Snapshot::unasked(scope), asked: BTreeSet::new(), keeper };
    for answer in known {
        // What was refused, late or failed is asked again.
        let is_known = answer.head().known().is_ok();
        run.asked.extend(answer.want().filter(|_| is_known));
        run.snapshot.apply(answer);
    }
    Box::pin(run.all(&asker, &clients)).await?;
    run.snapshot.calls += asker.sent();
    run.snapshot.sso_calls += asker.sso_sent();
    run.snapshot.collected_at = Timestamp::now();
    Ok(run.snapshot)
}

/// One run: what is known, and what was asked.
struct Run<'k> {
    snapshot: Snapshot,
    asked: BTreeSet<Want>,
    keeper: &'k mut dyn Keeper,
}

impl Run<'_> {
    fn take(&mut self, mut answer: Answer) -> Result<(), Error> {
        if let Ok(caller) = self.snapshot.shared.caller.known() {
            answer.place(&caller.account);
        }
        self.keeper.keep(&answer)?;
        self.snapshot.apply(answer);
        Ok(())
    }

    async fn all(&mut self, asker: &Asker, clients: &Clients) -> Result<(), Error> {
        Box::pin(self.first(asker, clients)).await?;
        let Some(instance) = organization_instance(self.snapshot.in_instance(), clients)? else { return Ok(()) };
        let caller = self.snapshot.shared.caller.clone();
        let home = super::home(asker, clients, &caller, &instance);
        self.who_and_where(asker, clients, &home).await?;
        let place = Place { region: None, ..home.place.clone() };
        let scope = self.snapshot.scope.clone();
        let questions = Questions {
            home: &home,
            organizations: Organizations::new(asker, clients, place),
            door: Door {
                role: scope.target_role.as_deref(),
                profile: scope.target_profile.as_deref(),
                caller: &caller,
            },
            partition: instance.partition(),
            entered: Mutex::new(HashMap::new()),
            at_once: Semaphore::new(INSIDE_AT_ONCE),
            entered_before: self.entered_before(),
        };
        self.rounds(&questions).await
    }

    fn entered_before(&self) -> Option<String> {
        let mut accounts = self.snapshot.accounts.iter();
        accounts.find(|(_, account)| account.inside.entry.known().is_ok()).map(|(id, _)| id.clone())
    }

    /// Asks what is wanted until nothing is.
    async fn rounds(&mut self, questions: &Questions<'_>) -> Result<(), Error> {
        let mut running: FuturesUnordered<Asking<'_>> = FuturesUnordered::new();
        let mut lanes: [Lane; LANES] = Default::default();
        // How many answers may come before the plan is made anew: making it takes longer the more is known.
        let mut unplanned = 0_usize;
        let mut settled = false;
        loop {
            let waiting: usize = lanes.iter().map(|lane| lane.waiting.len()).sum();
            // What the whole picture tells takes judging all of it, so that is done once for each round.
            let is_due = !settled && unplanned >= (running.len() + waiting) / 8;
            if is_due || running.is_empty() {
                unplanned = 0;
                for want in plan::organization::wanted(&self.snapshot, settled) {
                    if self.asked.insert(want.clone()) {
                        lanes[lane(&want)].waiting.push_back(want);
                    }
                }
            }
            for (number, lane) in lanes.iter_mut().enumerate() {
                while lane.running < AT_ONCE
                    && let Some(want) = lane.waiting.pop_front()
                {
                    lane.running += 1;
                    running.push(Box::pin(async move { (number, questions.ask(want).await) }));
                }
            }
            match running.next().await {
                Some((number, answer)) => {
                    lanes[number].running -= 1;
                    self.take(answer)?;
                    unplanned += 1;
                }
                None if settled => return Ok(()),
                None => {
                    // Whom what is broken touches is asked for once it is known what is broken.
                    self.snapshot.attach_policies();
                    settled = true;
                }
            }
        }
    }

    /// Who asks, the organization and the instances: without them nothing else can be asked.
    async fn first(&mut self, asker: &Asker, clients: &Clients) -> Result<(), Error> {
        let (caller, organization, instances) = tokio::join!(
            account::caller(asker, clients),
            account::organization(asker, clients),
            account::instances(asker, clients),
        );
        for answer in [Answer::Caller(caller), Answer::Organization(organization), Answer::Instances(instances)] {
            self.asked.extend(answer.want());
            self.take(answer)?;
        }
        first_error(asker, self.snapshot.scope.profile.as_deref(), &self.snapshot.shared)
    }

    /// The account or the person that was typed.
    async fn who_and_where(&mut self, asker: &Asker, clients: &Clients, home: &Home<'_>) -> Result<(), Error> {
        match self.snapshot.scope.about.clone() {
            About::Everything(narrowed) | About::BeforeAssign(narrowed) if narrowed.accounts.is_empty() => Ok(()),
            About::Everything(narrowed) | About::BeforeAssign(narrowed) => {
                self.take(Answer::Accounts(account::accounts(asker, clients).await))?;
                self.asked.insert(Want::Accounts());
                let Ok(accounts) = self.snapshot.shared.accounts.known() else { return Ok(()) };
                for typed in &narrowed.accounts {
                    let fits = |account: &&Account| account.id == *typed || account.name.as_deref() == Some(typed);
                    let ids: Vec<String> = accounts.iter().filter(fits).map(|account| account.id.clone()).collect();
                    match ids.len() {
                        0 => return Err(no_such_account(typed, accounts)),
                        1 => {}
                        _ => return Err(Error::AmbiguousAccount { name: typed.clone(), ids }),
                    }
                }
                Ok(())
            }
            About::Account(AccountRef::Id(id)) => {
                let described = account::account(asker, clients, &id).await;
                self.asked.insert(Want::Account(id.clone()));
                if let Ok(None) = described.known() {
                    let accounts = account::accounts(asker, clients).await;
                    let accounts = accounts.known().cloned().unwrap_or_default();
                    return Err(no_such_account(&id, &accounts));
                }
                self.take(Answer::Account(id, described))
            }
            About::Account(AccountRef::Name(name)) => {
                let listed = account::accounts(asker, clients).await;
                let accounts = match listed.known() {
                    Ok(accounts) => accounts.clone(),
                    Err(gap) => return Err(Error::Unanswered { gap: Box::new(gap) }),
                };
                let named: Vec<_> = accounts.iter().filter(|one| one.name.as_deref() == Some(&name)).collect();
                match &named[..] {
                    [] => Err(no_such_account(&name, &accounts)),
                    [one] => {
                        let id = one.id.clone();
                        let described = account::account(asker, clients, &id).await;
                        self.asked.insert(Want::Account(id.clone()));
                        self.take(Answer::Account(id, described))
                    }
                    several => {
                        let ids = several.iter().map(|one| one.id.clone()).collect();
                        Err(Error::AmbiguousAccount { name, ids })
                    }
                }
            }
            About::Person(typed) => {
                let looked_up = Box::pin(home.look_up_user(&typed)).await;
                for lookup in looked_up.lookups {
                    self.take(Answer::Lookup(lookup))?;
                }
                match self.snapshot.person().id() {
                    Ok(Some(id)) => {
                        let id = id.to_owned();
                        let described = match looked_up.described {
                            Some(described) => described,
                            None => home.user(&id).await,
                        };
                        self.asked.insert(Want::Person(id.clone()));
                        self.take(Answer::Person(id, described))
                    }
                    Ok(None) => {
                        let scan = home.close_users(&typed).await;
                        let close = scan.known().map(|scan| scan.close.clone()).unwrap_or_default();
                        let close = close.into_iter().filter_map(|user| user.user_name).collect();
                        Err(Error::NoSuchUser { typed, close })
                    }
                    Err(_) => Ok(()),
                }
            }
        }
    }
}

fn no_such_account(typed: &str, accounts: &[Account]) -> Error {
    let names = accounts.iter().filter_map(|account| Some((account.name.as_deref()?, account)));
    let close = suggest::closest(typed, names.map(|(name, account)| (name, format!("{name} ({})", account.id))));
    Error::NoSuchAccount { typed: typed.to_owned(), close }
}

/// An account that was entered, or why not.
type Entered = (Fact<TargetEntry>, Option<Clients>);

/// Puts one question after the other, each wherever it belongs.
struct Questions<'a> {
    home: &'a Home<'a>,
    organizations: Organizations<'a>,
    door: Door<'a>,
    partition: &'a str,
    entered: Mutex<HashMap<String, Arc<OnceCell<Entered>>>>,
    at_once: Semaphore,
    /// An account that an earlier run entered.
    entered_before: Option<String>,
}

impl Questions<'_> {
    async fn ask(&self, want: Want) -> Answer {
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
