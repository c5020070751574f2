//! Asks AWS for the facts, in rounds: what depends on nothing goes out at once, what cannot matter is not asked. The
//! only asynchronous part, and the only one that knows AWS. It concludes nothing; which facts are still needed it
//! learns from the same pure functions that the rules use.

mod access;
mod account;
mod ask;
mod asked_set;
mod bounded;
mod changed;
mod checkup;
mod clients;
mod colleague;
mod credentials;
mod doubted;
mod elsewhere;
mod entitlements;
mod entry;
mod event_history;
mod failure;
mod first_round;
mod gone;
mod history;
mod identity;
mod limiter;
mod local_files;
mod mistaken;
mod myself;
mod organization;
mod organization_policies;
mod permissions;
mod portal;
mod processes;
mod progress;
mod reply;
mod requests;
mod rewritten;
mod role_events;
mod role_policies;
mod second_way;
mod shared_answers;
mod sign_in_events;
mod sign_ins;
mod target;
mod trail;
mod user_attributes;
mod ways;
mod whole;

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use ask::{Asker, Place, Time};
pub use changed::has_changed;
pub use checkup::check;
use clients::Clients;
use first_round::{first_round, organization_instance};
use history::Past;
pub use myself::collect_myself;
pub use organization::{Keeper, collect_organization};
pub use progress::{Progress, Show};
use requests::Kind as Requests;
pub use shared_answers::SharedAnswers;
use target::Target;
pub use trail::Trail;

use crate::error::Error;
use crate::evidence::{
    AccessControlAttributes, AccountRef, Call, Caller, Colleague, Evidence, Fact, Instance, InstanceDetails, Question,
    RequestLog, SignInEvidence, UserFacts,
};
use crate::model::paths;
use crate::plan;

/// How to collect.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Credentials, HTTP client and endpoints; without them, those of the AWS environment and of the profile asked with.
    pub config: Option<aws_config::SdkConfig>,
    /// The Region to look in first.
    pub region: Option<String>,
    /// Stop after this long and answer from what is known.
    pub timeout: Duration,
    /// How many requests a second Identity Center may be sent; without it, a little less than AWS takes.
    pub rate: Option<u32>,
    /// What several questions have in common, where there are several.
    pub shared: Option<SharedAnswers>,
    /// Whether event histories are looked at for since when a cause is there, and through whom.
    pub history: bool,
    /// Where CloudTrail records are kept beyond the event histories.
    pub trail: Option<Trail>,
    /// Where it shows itself meanwhile.
    pub progress: Progress,
}

impl Settings {
    /// What the AWS environment says, within this time, and without a word meanwhile.
    pub fn new(timeout: Duration) -> Self {
        Self {
            config: None,
            region: None,
            timeout,
            rate: None,
            shared: None,
            history: true,
            trail: None,
            progress: Progress::new(Show::Nothing),
        }
    }

    /// What of the past is asked for.
    const fn past(&self) -> Past<'_> {
        Past { is_asked: self.history, trail: self.trail.as_ref(), shared: self.shared.as_ref() }
    }
}

/// Identity Center and its identity store, as the caller sees them.
struct Home<'a> {
    asker: &'a Asker,
    sso_admin: aws_sdk_ssoadmin::Client,
    identity_store: aws_sdk_identitystore::Client,
    account_access: aws_sdk_accountaccess::Client,
    /// Whether something else than AWS answers.
    stand_in: bool,
    clients: &'a Clients,
    place: Place,
    instance: &'a str,
    store: &'a str,
}

/// Asks for everything that the question needs; and what compares the user with a colleague, where one is named. It
/// catches no signal, prints nothing but the progress that was asked for, and leaves no thread behind.
pub async fn collect(question: Question, like: Option<&str>, settings: &Settings) -> Result<Evidence, Error> {
    let result = Box::pin(answers(question, like, settings)).await;
    settings.progress.finish();
    processes::end();
    let (mut evidence, sent) = result?;
    evidence.calls = sent;
    evidence.collected_at = Timestamp::now();
    Ok(evidence)
}

/// What AWS answers, and how many requests it took.
async fn answers(question: Question, like: Option<&str>, settings: &Settings) -> Result<(Evidence, u32), Error> {
    require_fitting(&question)?;
    let time = Time::from_now(settings.timeout);
    let clients = Clients::load(question.profile.as_deref(), settings, time).await?;
    let clients = clients.signed_in(question.profile.as_deref(), time).await?;
    settings.progress.start(settings.timeout);
    let asker = Asker::new(time, clients::attempts_from_environment(), settings.progress.clone());
    let evidence = Box::pin(rounds(&asker, &clients, question, like, settings.past())).await?;
    Ok((evidence, asker.sent()))
}

/// Refuses a question whose parts do not go together.
fn require_fitting(question: &Question) -> Result<(), Error> {
    match &question.account {
        AccountRef::Id(account) => entry::require_role_of(question, account),
        AccountRef::Name(_) => Ok(()),
    }
}

async fn rounds(
    asker: &Asker,
    clients: &Clients,
    question: Question,
    like: Option<&str>,
    past: Past<'_>,
) -> Result<Evidence, Error> {
    let mut evidence = Evidence::of_question(question);
    if let Some(shared) = past.shared {
        evidence.collected_at = shared.begun();
    }
    evidence.colleague = like.map(|asked| Colleague { asked: asked.to_owned(), user: Box::new(UserFacts::unasked()) });
    Box::pin(first_round(asker, clients, &mut evidence)).await?;
    let Some(instance) = organization_instance(evidence.in_instance(), clients)? else { return Ok(evidence) };
    let home = home(asker, clients, &evidence.caller, &instance);
    let Ok(Some(account)) = evidence.account_id().map(|id| id.map(str::to_owned)) else {
        // Without the account there is nothing to ask but about the instance, and whether there is such a user.
        let user = Box::pin(home.user_and_assignments(&evidence.question.user, None));
        (evidence.user, evidence.shared.instance_details) = tokio::join!(user, home.instance_details());
        home.refuse_swapped(&evidence).await?;
        Box::pin(home.history(&mut evidence, None, past)).await;
        return Ok(evidence);
    };
    entry::require_role_of(&evidence.question, &account)?;
    let so_far = evidence.clone();
    // Level by level, beside everything else.
    let policies = Box::pin(organization_policies::read(asker, clients, &so_far, &account));
    let ways = Box::pin(to_the_account(&home, &mut evidence, like, (&account, &instance)));
    let (policies, entered) = tokio::join!(policies, ways);
    evidence.policies = policies;
    let inside = match entered? {
        Some((inside, versions)) => {
            let target = Target { asker, clients: &inside, account: &account };
            target.read_policies(&mut evidence, versions).await;
            target.look_closer(&mut evidence).await;
            home.doubted_lists(&mut evidence).await;
            home.what_was_rewritten(&mut evidence).await;
            Some(inside)
        }
        None => None,
    };
    Box::pin(home.history(&mut evidence, inside.as_ref(), past)).await;
    Ok(evidence)
}

/// From the user to the account, and into it: the account entered, where that could be done, and what is known of the
/// versions of its policies.
async fn to_the_account(
    home: &Home<'_>,
    evidence: &mut Evidence,
    like: Option<&str>,
    (account, instance): (&str, &Instance),
) -> Result<Option<(Clients, role_policies::Versions)>, Error> {
    let (asker, clients, question) = (home.asker, home.clients, &evidence.question);
    let (user, colleague, shared, in_management, entitlements, (target, inside)) = tokio::join!(
        Box::pin(home.user_and_assignments(&question.user, Some(account))),
        home.colleague(like, account),
        Box::pin(home.shared(question, account)),
        home.provisioned_in_management(evidence, account),
        when(question.permission_set.is_none(), home.entitlements(account)),
        Box::pin(entry::enter(asker, clients, evidence, account, instance)),
    );
    evidence.user = user;
    evidence.colleague = colleague;
    evidence.account.inside = target;
    let (applications, in_account) = entitlements.unwrap_or_else(|| (entitlements::not_asked(), BTreeMap::new()));
    (evidence.shared.entitlements, evidence.account.entitlements) = (applications, in_account);
    evidence.account.provisioned_latest = shared.provisioned_latest;
    evidence.account.provisioned_outdated = shared.provisioned_outdated;
    evidence.provisioned_in_management = in_management;
    evidence.creation = shared.creation;
    evidence.deletion = shared.deletion;
    evidence.instance_details = shared.instance_details;
    evidence.attributes = shared.attributes;
    evidence.asked_group = shared.asked_group;

    if let Ok(None) = evidence.user_id() {
        Home::refuse_account(evidence)?;
        let wanted = plan::colleague::wanted(evidence);
        let close = home.close_users(&evidence.question.user);
        let group = home.refuse_group(&evidence.question, account);
        let (scan, named, group) = tokio::join!(close, home.named(wanted), group);
        group?;
        evidence.user.scan = scan;
        colleague::take(evidence, named);
        return Ok(None);
    }
    let user_name = evidence.user_label().to_owned();
    let from = evidence.collected_at.checked_sub(evidence.question.since).unwrap_or(Timestamp::UNIX_EPOCH);
    let entitled = paths::find(evidence.asked()).entitled().map(|entitled| entitled.role_arn.clone()).collect();
    let target = inside.as_ref().map(|inside| Target { asker, clients: inside, account });
    let in_target = async {
        let Some(target) = &target else {
            return (vec![Fact::not_asked(Call::LookupEvents, crate::evidence::not_entered(account))], BTreeMap::new());
        };
        let regions = instance.sts_regions();
        let logs = regions.into_iter().map(|region| target.events(region, &user_name, from));
        tokio::join!(futures_util::future::join_all(logs), Box::pin(target.entitled_roles(entitled)))
    };
    let caller = evidence.caller.known().ok().cloned();
    let whose = sign_ins::whose(evidence, instance);
    let sign_ins = async {
        match &whose {
            Some(whose) => home.sign_ins(instance, caller.as_ref(), whose, from).await,
            None => SignInEvidence::unasked("which user is meant is not known"),
        }
    };
    let wanted = plan::colleague::wanted(evidence);
    let ways = home.follow_the_ways(evidence, target.as_ref());
    let ((events, roles), sign_ins, versions, named) =
        tokio::join!(Box::pin(in_target), Box::pin(sign_ins), Box::pin(ways), home.named(wanted));
    colleague::take(evidence, named);
    // The user's ways may have brought to light more of the colleague's.
    let named = home.named(plan::colleague::wanted(evidence)).await;
    colleague::take(evidence, named);
    evidence.user.role_events = events;
    evidence.account.inside.entitled_roles = roles;
    evidence.user.sign_ins = sign_ins;
    evidence.user.role_events.iter_mut().filter(|fact| fact.account.is_none()).for_each(|fact| {
        fact.account = Some(account.to_owned());
    });
    Ok(inside.map(|inside| (inside, versions)))
}

/// The instance's own Region, asked with the caller's credentials.
fn home<'a>(asker: &'a Asker, clients: &'a Clients, caller: &Fact<Caller>, instance: &'a Instance) -> Home<'a> {
    let at_home = clients.in_region(instance.region());
    Home {
        asker,
        sso_admin: at_home.sso_admin(),
        identity_store: at_home.identity_store(),
        account_access: at_home.account_access(),
        stand_in: clients::is_stand_in(clients),
        clients,
        place: Place {
            account: caller.known().ok().map(|caller| caller.account.clone()),
            region: Some(instance.region().to_owned()),
            ..Place::default()
        },
        instance: &instance.arn,
        store: &instance.identity_store_id,
    }
}

/// What is asked about the account whoever the user is.
struct Shared {
    provisioned_latest: Fact<Vec<String>>,
    provisioned_outdated: Fact<Vec<String>>,
    creation: RequestLog,
    deletion: RequestLog,
    instance_details: Fact<InstanceDetails>,
    attributes: Fact<Option<AccessControlAttributes>>,
    asked_group: Option<Fact<Option<String>>>,
}

impl Home<'_> {
    async fn shared(&self, question: &Question, account: &str) -> Shared {
        use aws_sdk_ssoadmin::types::ProvisioningStatus::{
            LatestPermissionSetNotProvisioned, LatestPermissionSetProvisioned,
        };
        let group = async {
            match &question.group {
                Some(name) => Some(self.group_id(name).await),
                None => None,
            }
        };
        let (provisioned_latest, provisioned_outdated, creation, deletion, instance_details, attributes, asked_group) = tokio::join!(
            self.provisioned(account, Some(LatestPermissionSetProvisioned)),
            self.provisioned(account, Some(LatestPermissionSetNotProvisioned)),
            Box::pin(self.list_requests(Requests::Creation)),
            Box::pin(self.list_requests(Requests::Deletion)),
            self.instance_details(),
            self.access_control_attributes(),
            group,
        );
        Shared {
            provisioned_latest,
            provisioned_outdated,
            creation,
            deletion,
            instance_details,
            attributes,
            asked_group,
        }
    }

    /// A user, their groups, and what AWS lists for them.
    async fn user_and_assignments(&self, typed: &str, account: Option<&str>) -> UserFacts {
        let mut user = UserFacts::unasked();
        let looked_up = Box::pin(self.look_up_user(typed)).await;
        user.lookups = looked_up.lookups;
        if account.is_some() {
            let because = "there is no such user, or they could not be looked up";
            user.for_principal = Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, because);
        }
        let found = user.lookups.iter().find_map(|lookup| lookup.found.known().ok().cloned().flatten());
        if let Some(id) = found {
            let described = async {
                match looked_up.described {
                    Some(described) => described,
                    None => self.user(&id).await,
                }
            };
            let assignments = when(account.is_some(), self.assignments_for_principal(&id, account));
            let (described, memberships, assignments) = tokio::join!(described, self.memberships(&id), assignments);
            user.described = described;
            user.memberships = memberships;
            replace(&mut user.for_principal, assignments);
        }
        user
    }
}

/// Puts a question only where it makes sense.
async fn when<T>(condition: bool, question: impl Future<Output = T>) -> Option<T> {
    if condition { Some(Box::pin(question).await) } else { None }
}

fn replace<T>(fact: &mut T, answer: Option<T>) {
    if let Some(answer) = answer {
        *fact = answer;
    }
}

/// An SDK date as a timestamp.
fn timestamp(date: &aws_smithy_types::DateTime) -> Option<Timestamp> {
    let nanoseconds = i32::try_from(date.subsec_nanos()).ok()?;
    Timestamp::new(date.secs(), nanoseconds).ok()
}
