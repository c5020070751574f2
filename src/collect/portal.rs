//! Asks the access portal what it gives to the person who signed in. The portal goes by the sign-in's token alone: no
//! credentials and no permission are needed. Credentials are never asked of it.

use aws_sdk_sso::Client;
use jiff::Timestamp;

use super::ask::Asker;
use super::clients::Clients;
use super::failure::{Failure, Kind};
use super::identity::lacking;
use super::local_files::{AccessToken, Found};
use crate::evidence::{AccountRef, Content, Observed, PortalAccount, PortalAnswer, SignIn, SsoConfig};

/// More pages than any portal has; a list without an end is no answer.
const MOST_PAGES: usize = 200;

/// Asks with every sign-in that still holds.
pub(super) async fn ask(asker: &Asker, clients: &Clients, found: &Found, account: &AccountRef) -> Vec<PortalAnswer> {
    let config = found.config.content.read();
    let askable = found.sign_ins.iter().filter_map(|sign_in| {
        let Content::Read(token) = &sign_in.file.content else { return None };
        let secret = found.tokens.get(&sign_in.file.path).filter(|_| token.expires > Timestamp::now())?;
        let region = token.region.clone().or_else(|| configured_region(config?, sign_in))?;
        // The Region becomes a part of the host's name, and the token goes to that host.
        let sound = region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        sound.then(|| one(asker, clients, &sign_in.file.path, secret, region, account))
    });
    futures_util::future::join_all(askable).await
}

/// The Region in which the config file looks for the portal of a sign-in.
fn configured_region(config: &SsoConfig, sign_in: &SignIn) -> Option<String> {
    let of = sign_in.of.as_deref()?;
    let sessions = config.sessions.iter().filter(|session| session.name == of);
    let legacy = config.profiles.iter().filter(|profile| profile.value("sso_start_url") == Some(of));
    sessions.chain(legacy).find_map(|section| section.value("sso_region")).map(str::to_owned)
}

async fn one(
    asker: &Asker,
    clients: &Clients,
    sign_in: &str,
    token: &AccessToken,
    region: String,
    account: &AccountRef,
) -> PortalAnswer {
    let portal = Portal { asker, client: clients.portal(&region), token };
    let mut answer = PortalAnswer {
        sign_in: sign_in.to_owned(),
        region,
        permission_sets: Observed::NotAsked { because: "the portal lists no account of that name".to_owned() },
        accounts: None,
    };
    match account {
        AccountRef::Id(id) => {
            answer.permission_sets = portal.permission_sets(id).await;
            // Other accounts are needed for close ids alone.
            if matches!(&answer.permission_sets, Observed::Known(sets) if sets.is_empty()) {
                answer.accounts = Some(portal.accounts().await);
            }
        }
        AccountRef::Name(name) => {
            let accounts = portal.accounts().await;
            let named = |accounts: &Vec<PortalAccount>| {
                accounts.iter().find(|one| one.name.as_ref() == Some(name)).map(|one| one.id.clone())
            };
            if let Observed::Known(listed) = &accounts
                && let Some(id) = named(listed)
            {
                answer.permission_sets = portal.permission_sets(&id).await;
            }
            answer.accounts = Some(accounts);
        }
    }
    answer
}

struct Portal<'a> {
    asker: &'a Asker,
    client: Client,
    token: &'a AccessToken,
}

impl Portal<'_> {
    /// The permission sets that the person has in an account. "No access" is an answer: there are none.
    async fn permission_sets(&self, account: &str) -> Observed<Vec<String>> {
        let (mut names, mut token) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let request = self.client.list_account_roles().access_token(self.token.reveal()).account_id(account);
            let sent = request.set_next_token(token.clone()).send();
            match Box::pin(self.asker.ask_portal("portal:ListAccountRoles", sent)).await {
                // The SDK reads a missing list as an empty one, and that would be a finding.
                Ok(page) if page.role_list.is_none() => return observed(lacking("roleList")),
                Ok(page) => {
                    names.extend(page.role_list().iter().filter_map(|role| role.role_name()).map(str::to_owned));
                    match page.next_token().filter(|next| !next.is_empty()) {
                        None => return Observed::Known(names),
                        Some(next) => token = Some(next.to_owned()),
                    }
                }
                Err(failure) if failure.code == "ForbiddenException" => return Observed::Known(Vec::new()),
                Err(failure) => return observed(failure),
            }
        }
        observed(endless())
    }

    async fn accounts(&self) -> Observed<Vec<PortalAccount>> {
        let (mut accounts, mut token) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let request = self.client.list_accounts().access_token(self.token.reveal()).set_next_token(token.clone());
            match Box::pin(self.asker.ask_portal("portal:ListAccounts", request.send())).await {
                Ok(page) if page.account_list.is_none() => return observed(lacking("accountList")),
                Ok(page) => {
                    accounts.extend(page.account_list().iter().filter_map(|one| {
                        let name = one.account_name().map(str::to_owned);
                        Some(PortalAccount { id: one.account_id()?.to_owned(), name })
                    }));
                    match page.next_token().filter(|next| !next.is_empty()) {
                        None => return Observed::Known(accounts),
                        Some(next) => token = Some(next.to_owned()),
                    }
                }
                Err(failure) => return observed(failure),
            }
        }
        observed(endless())
    }
}

fn endless() -> Failure {
    Failure::unusable("the list has no end")
}

fn observed<T>(failure: Failure) -> Observed<T> {
    let Failure { kind, code, message, .. } = failure;
    match kind {
        Kind::Denied => Observed::Denied { message },
        Kind::Throttled => Observed::Throttled { message },
        Kind::TimedOut => Observed::TimedOut { message },
        Kind::NotFound | Kind::Expired | Kind::NoCredentials | Kind::Passing | Kind::Other => {
            Observed::Failed { code, message }
        }
    }
}
