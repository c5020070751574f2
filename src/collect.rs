//! Asks AWS for the facts, in rounds: what depends on nothing goes out at once, what cannot matter is not asked. The
//! only asynchronous part, and the only one that knows AWS. It concludes nothing; which facts are still needed it
//! learns from the same pure functions that the rules use.

mod access;
mod account;
mod ask;
mod bounded;
mod changed;
mod checkup;
mod clients;
mod credentials;
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
mod one_question;
mod organization;
mod organization_policies;
mod permissions;
mod portal;
mod processes;
mod progress;
mod questions;
mod reply;
mod requests;
mod role_events;
mod role_policies;
mod shared_answers;
mod sign_in_events;
mod sign_ins;
mod target;
mod trail;
mod user_attributes;
mod whole;

use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;

use ask::{Asker, Place, Time};
pub use changed::has_changed;
pub use checkup::check;
use clients::Clients;
use entry::Door;
use first_round::{first_round, organization_instance};
use history::Past;
pub use myself::collect_myself;
use one_question::OneQuestion;
pub use organization::{Keeper, collect_organization};
pub use progress::{Progress, Show};
use questions::Questions;
pub use shared_answers::SharedAnswers;
use target::Target;
pub use trail::Trail;

use crate::error::Error;
use crate::evidence::{
    AccountRef, Call, Caller, Colleague, Evidence, Fact, Instance, Question, SignInEvidence, UserFacts,
};
use crate::plan::why;

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
    let (question, caller) = (evidence.question.clone(), evidence.caller.clone());
    let home = home(asker, clients, &caller, &instance);
    let questions = Questions::new(&home, Door::of(&question, &caller), instance.partition());
    let mut asking = OneQuestion::new(&questions);
    let Ok(Some(account)) = evidence.account_id().map(|id| id.map(str::to_owned)) else {
        // Without the account there is nothing to ask but about the instance, and whether there is such a user.
        Box::pin(asking.ask(&mut evidence, why::to_the_account)).await;
        home.refuse_swapped(&evidence).await?;
        Box::pin(home.history(&mut evidence, None, past)).await;
        return Ok(evidence);
    };
    entry::require_role_of(&question, &account)?;
    let mut bound = evidence.clone();
    // Level by level, beside everything else.
    let policies = async {
        OneQuestion::new(&questions).ask(&mut bound, why::policies).await;
        bound.shared.policies
    };
    let to_the_account = to_the_account(&home, &mut asking, &mut evidence, &account, &instance);
    let (policies, result) = tokio::join!(Box::pin(policies), Box::pin(to_the_account));
    result?;
    evidence.policies = policies;
    let inside = questions.entered(&account).filter(|_| !matches!(evidence.user_id(), Ok(None)));
    if let Some(inside) = &inside {
        Box::pin(asking.ask(&mut evidence, why::closer)).await;
        Target { asker, clients: inside, account: &account }.look_closer(&mut evidence).await;
        Box::pin(asking.ask(&mut evidence, why::rewritten)).await;
    }
    Box::pin(home.history(&mut evidence, inside.as_ref(), past)).await;
    Ok(evidence)
}

/// From the user to the account, and into it.
async fn to_the_account(
    home: &Home<'_>,
    asking: &mut OneQuestion<'_>,
    evidence: &mut Evidence,
    account: &str,
    instance: &Instance,
) -> Result<(), Error> {
    Box::pin(asking.ask(evidence, why::to_the_account)).await;
    if let Ok(None) = evidence.user_id() {
        Home::refuse_account(evidence)?;
        let question = evidence.question.clone();
        let group = home.refuse_group(&question, account);
        let (group, ()) = tokio::join!(group, Box::pin(asking.ask(evidence, why::ways)));
        return group;
    }
    let from = evidence.collected_at.checked_sub(evidence.question.since).unwrap_or(Timestamp::UNIX_EPOCH);
    let user_name = evidence.user_label().to_owned();
    let inside = asking.entered(account);
    let events = async {
        let Some(inside) = &inside else {
            return vec![Fact::not_asked(Call::LookupEvents, crate::evidence::not_entered(account))];
        };
        let target = Target { asker: home.asker, clients: inside, account };
        let regions = instance.sts_regions();
        join_all(regions.into_iter().map(|region| target.events(region, &user_name, from))).await
    };
    let caller = evidence.caller.known().ok().cloned();
    let whose = sign_ins::whose(evidence, instance);
    let sign_ins = async {
        match &whose {
            Some(whose) => home.sign_ins(instance, caller.as_ref(), whose, from).await,
            None => SignInEvidence::unasked("which user is meant is not known"),
        }
    };
    let ways = asking.ask(evidence, why::ways);
    let (events, sign_ins, ()) = tokio::join!(Box::pin(events), Box::pin(sign_ins), Box::pin(ways));
    evidence.user.role_events = events;
    evidence.user.sign_ins = sign_ins;
    for fact in &mut evidence.user.role_events {
        fact.account.get_or_insert_with(|| account.to_owned());
    }
    Ok(())
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
