//! The first round: who asks, the organization, the instances and the account.

use super::ask::Asker;
use super::clients::Clients;
use super::failure::{self, Failure, Kind};
use super::{account, replace, when};
use crate::error::Error;
use crate::evidence::{AccountRef, Evidence, Fact, InInstance, Instance, InstanceFacts};

/// Who asks, the organization, the instances and the account: nothing here waits for anything else.
pub(super) async fn first_round(asker: &Asker, clients: &Clients, evidence: &mut Evidence) -> Result<(), Error> {
    let id = match &evidence.question.account {
        AccountRef::Id(id) => Some(id.clone()),
        AccountRef::Name(_) => None,
    };
    let (caller, organization, instances, described, listed) = tokio::join!(
        account::caller(asker, clients),
        account::organization(asker, clients),
        account::instances(asker, clients),
        when(id.is_some(), account::account(asker, clients, id.as_deref().unwrap_or_default())),
        when(id.is_none(), account::accounts(asker, clients)),
    );
    evidence.caller = caller;
    evidence.organization = organization;
    evidence.instances = instances;
    first_error(asker, evidence.question.profile.as_deref(), &evidence.shared)?;
    evidence.account.id = id;
    replace(&mut evidence.account.described, described);
    replace(&mut evidence.accounts, listed);
    if let AccountRef::Name(name) = &evidence.question.account
        && let Ok(accounts) = evidence.accounts.known()
    {
        let ids: Vec<String> =
            accounts.iter().filter(|one| one.name.as_deref() == Some(name)).map(|one| one.id.clone()).collect();
        match &ids[..] {
            [] => {}
            [id] => {
                evidence.account.id = Some(id.clone());
                evidence.account.described = account::account(asker, clients, id).await;
            }
            _ => return Err(Error::AmbiguousAccount { name: name.clone(), ids }),
        }
    } else if let Ok(None) = evidence.account.described.known() {
        // Close ids and names help whoever mistyped it.
        evidence.accounts = account::accounts(asker, clients).await;
    }
    place_at_home(evidence);
    Ok(())
}

/// Why nothing can be asked at all, where that is so.
pub(super) fn first_error(asker: &Asker, profile: Option<&str>, known: &InstanceFacts) -> Result<(), Error> {
    let Some(Failure { kind, code, message, .. }) = asker.fatal() else { return reachable(known) };
    let profile = profile.map(str::to_owned);
    Err(match kind {
        Kind::NoCredentials => Error::NoCredentials { message, profile },
        Kind::Clock => Error::WrongClock { message },
        Kind::Between => Error::NotFromAws { message },
        _ => Error::BadCredentials { code, message, profile },
    })
}

/// Refuses to go on where no service that is needed first can be connected to: what comes after needs the same network.
fn reachable(known: &InstanceFacts) -> Result<(), Error> {
    fn lost<T>(fact: &Fact<T>) -> Option<&str> {
        let missing = fact.observed.known().err()?;
        matches!(missing.code.as_str(), failure::NO_CONNECTION | failure::NO_CALL).then_some(missing.message.as_str())
    }
    // An answer without a code is none of AWS's.
    fn is_of_somebody<T>(fact: &Fact<T>) -> bool {
        let code = fact.observed.known().err().map(|missing| missing.code.as_str());
        code.is_some_and(|code| code.starts_with("Http2") || code.starts_with("Http3"))
    }
    if is_of_somebody(&known.caller) && is_of_somebody(&known.organization) && is_of_somebody(&known.instances) {
        let message = "something on the way, such as a web proxy, a firewall or a network that has to be signed in to, \
                       answers in AWS's place: let HTTPS to AWS through, or set HTTPS_PROXY and NO_PROXY";
        return Err(Error::NotFromAws { message: message.to_owned() });
    }
    let all = (lost(&known.caller), lost(&known.organization), lost(&known.instances));
    let (Some(message), Some(_), Some(_)) = all else { return Ok(()) };
    let message = message.lines().next().unwrap_or_default().chars().take(LONGEST).collect();
    Err(Error::Unreachable { message })
}

/// The most that is told of what went wrong on the way.
const LONGEST: usize = 200;

/// The facts of the first round left before the caller's account was known.
fn place_at_home(evidence: &mut Evidence) {
    let Some(account) = evidence.caller.known().ok().map(|caller| caller.account.clone()) else { return };
    for place in [
        &mut evidence.shared.organization.account,
        &mut evidence.shared.instances.account,
        &mut evidence.account.described.account,
        &mut evidence.shared.accounts.account,
    ] {
        *place = Some(account.clone());
    }
}

/// The instance to ask. `Ok(None)`: instances could not be read, and nothing further can be asked.
pub(super) fn organization_instance(known: InInstance<'_>, clients: &Clients) -> Result<Option<Instance>, Error> {
    let account = || known.caller().known().map_or_else(|_| "(unknown)".to_owned(), |caller| caller.account.clone());
    match (known.instances().known(), known.instance()) {
        (Ok(instances), _) if instances.is_empty() => {
            Err(Error::NoInstance { account: account(), region: clients.region().to_owned() })
        }
        (Ok(_), Err(_)) => {
            let organization = known.organization().known().ok().and_then(Option::as_ref);
            let management_account = organization.map(|organization| organization.management_account.clone());
            Err(Error::OnlyAccountInstances { account: account(), management_account })
        }
        (_, instance) => Ok(instance.ok().cloned()),
    }
}
