//! Tries each call once, as cheaply as it can be asked: whether AWS answers is all that counts. What takes the id of
//! something that may not be there is asked about something that is not: AWS looks whether the caller may before it
//! looks whether there is any.

mod at_home;
mod inside;

use std::future::Future;
use std::pin::Pin;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;

use super::ask::{Asker, Place, Time};
use super::clients::{self, Clients};
use super::first_round::{first_error, organization_instance};
use super::{Settings, account, entry, processes};
use crate::error::Error;
use crate::evidence::{Account, AccountRef, Call, Checkup, Evidence, Fact, Question};
use crate::model::organization::no_such_account;

/// What one try comes to, when it comes.
type Try<'a> = Pin<Box<dyn Future<Output = Fact<()>> + 'a>>;

/// A user or group that nobody is.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Tries what this question would need; its user does not matter, and without an account none is entered.
pub async fn check(question: Question, enters: bool, settings: &Settings) -> Result<Checkup, Error> {
    let result = Box::pin(tries(question, enters, settings)).await;
    settings.progress.finish();
    processes::end();
    result
}

async fn tries(question: Question, enters: bool, settings: &Settings) -> Result<Checkup, Error> {
    let time = Time::from_now(settings.timeout);
    let clients = Clients::load(question.profile.as_deref(), settings, time).await?;
    let clients = clients.signed_in(question.profile.as_deref(), time).await?;
    settings.progress.start(settings.timeout);
    let asker = Asker::new(time, clients::attempts_from_environment(), settings.progress.clone());
    let mut evidence = Evidence::of_question(question);
    let (caller, organization, instances) = tokio::join!(
        account::caller(&asker, &clients),
        account::organization(&asker, &clients),
        account::instances(&asker, &clients),
    );
    evidence.caller = caller;
    evidence.organization = organization;
    evidence.instances = instances;
    first_error(&asker, evidence.question.profile.as_deref(), &evidence.shared)?;
    let instance = organization_instance(evidence.in_instance(), &clients)?;
    let own = evidence.caller.known().ok().map(|caller| caller.account.clone());
    let typed = enters.then(|| evidence.question.account.clone());
    let (account, found) = match &typed {
        None => (None, None),
        Some(AccountRef::Id(id)) => {
            let described = account::account(&asker, &clients, id).await;
            if let Ok(None) = described.known() {
                let accounts = account::accounts(&asker, &clients).await;
                return Err(no_such_account(id, accounts.known().map_or(&[], Vec::as_slice)));
            }
            (Some(id.clone()), Some(described.map(drop)))
        }
        Some(AccountRef::Name(name)) => {
            let accounts = account::accounts(&asker, &clients).await;
            (id_of(&accounts, name)?, Some(accounts.map(drop)))
        }
    };
    if let Some(account) = &account {
        entry::require_role_of(&evidence.question, account)?;
    }
    let place = Place { account: own.clone(), ..Place::default() };
    let mut calls = vec![evidence.caller.clone().map(drop), evidence.organization.clone().map(drop)];
    calls.push(evidence.instances.clone().map(drop));
    calls.extend(found);
    for fact in &mut calls {
        fact.account.clone_from(&own);
    }
    let about = account.as_deref().or(own.as_deref()).unwrap_or("000000000000");
    let at_home = at_home::AtHome { asker: &asker, clients: &clients, place, about };
    let done: Vec<Call> = calls.iter().map(|fact| fact.call).collect();
    let inside = async {
        let (Some(account), Some(instance)) = (&account, &instance) else { return (None, Vec::new()) };
        let door = entry::Door::of(&evidence.question, &evidence.caller);
        let (entry, entered) = Box::pin(door.open(&asker, &clients, account, instance.partition())).await;
        let tried = match &entered {
            Some(inside) => inside::tries(&asker, inside, account, instance).await,
            None => Vec::new(),
        };
        (Some(entry), tried)
    };
    let (organization, home, (entry, tried)) = tokio::join!(
        Box::pin(at_home.organization(&done)),
        async {
            match &instance {
                Some(instance) => Box::pin(at_home.identity_center(instance)).await,
                None => Vec::new(),
            }
        },
        Box::pin(inside),
    );
    calls.extend(organization);
    calls.extend(home);
    // What was entered by the caller's own credentials, or by a profile's, took no permission.
    calls.extend(entry.iter().filter(|entry| entry.call == Call::AssumeRole).map(|entry| entry.clone().map(drop)));
    calls.extend(tried);
    calls.sort_by_key(|fact| fact.call);
    Ok(Checkup {
        asked: typed,
        account,
        caller: evidence.caller.clone(),
        organization: evidence.organization.clone(),
        instance,
        entry,
        target_role: evidence.question.target_role.clone(),
        target_profile: evidence.question.target_profile.clone(),
        profile: evidence.question.profile.clone(),
        timeout: settings.timeout,
        calls,
        sent: asker.sent(),
    })
}

/// The account of that name, where there is one alone.
fn id_of(accounts: &Fact<Vec<Account>>, name: &str) -> Result<Option<String>, Error> {
    let Ok(accounts) = accounts.known() else { return Ok(None) };
    let ids: Vec<String> =
        accounts.iter().filter(|one| one.name.as_deref() == Some(name)).map(|one| one.id.clone()).collect();
    match &ids[..] {
        [] => Err(no_such_account(name, accounts)),
        [id] => Ok(Some(id.clone())),
        _ => Err(Error::AmbiguousAccount { name: name.to_owned(), ids }),
    }
}

/// Puts one question, and keeps of the answer that it came.
fn try_once<'a, T, E, F>(asker: &'a Asker, call: Call, place: &'a Place, send: impl Fn() -> F + 'a) -> Try<'a>
where
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + 'a,
    E: ProvideErrorMetadata + std::error::Error + 'static,
    T: RequestId + 'a,
{
    Box::pin(async move { asker.ask(call, place, send).await.or_none().fact().map(drop) })
}
