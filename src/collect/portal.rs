//! Asks the access portal what it gives to the person who signed in. The portal goes by the sign-in's token alone: no
//! credentials and no permission are needed. Credentials are never asked of it.

use std::collections::BTreeSet;

use aws_sdk_sso::Client;
use jiff::Timestamp;

use super::ask::Asker;
use super::clients::Clients;
use super::failure::Failure;
use super::identity::{lacking, present};
use super::local_files::{AccessToken, Found};
use crate::evidence::{AccountRef, Content, Observed, PortalAccount, PortalAnswer, Reason, SignIn, SsoConfig};

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
    let (permission_sets, accounts) = match account {
        AccountRef::Id(id) => {
            let sets = portal.permission_sets(id).await;
            // Other accounts are needed for close ids alone.
            let is_none = matches!(&sets, Ok(sets) if sets.is_empty());
            let accounts = if is_none { Some(observed(portal.accounts().await)) } else { None };
            (observed(sets), accounts)
        }
        AccountRef::Name(name) => match portal.accounts().await {
            Ok(listed) => {
                let sets = match listed.iter().find(|one| one.name.as_ref() == Some(name)) {
                    Some(one) => observed(portal.permission_sets(&one.id).await),
                    None => Observed::missing(Reason::NotAsked, "the portal lists no account of that name"),
                };
                (sets, Some(Observed::Known(listed)))
            }
            // Which account is meant is not known then, and that is not to say that none is.
            Err(failure) => (observed(Err(failure.clone())), Some(observed(Err(failure)))),
        },
    };
    PortalAnswer { sign_in: sign_in.to_owned(), region, permission_sets, accounts }
}

struct Portal<'a> {
    asker: &'a Asker,
    client: Client,
    token: &'a AccessToken,
}

impl Portal<'_> {
    /// The permission sets that the person has in an account. "No access" is an answer: there are none.
    async fn permission_sets(&self, account: &str) -> Result<Vec<String>, Failure> {
        let (mut names, mut token, mut seen) = (Vec::new(), None::<String>, BTreeSet::new());
        loop {
            let request = self.client.list_account_roles().access_token(self.token.reveal()).account_id(account);
            let sent = request.set_next_token(token.clone()).send();
            match Box::pin(self.asker.ask_portal("portal:ListAccountRoles", sent)).await {
                // The SDK reads a missing list as an empty one, and that would be a finding.
                Ok(page) if page.role_list.is_none() => return Err(lacking("roleList")),
                Ok(page) => {
                    for role in page.role_list() {
                        names.push(present(role.role_name().unwrap_or_default(), "roleName")?);
                    }
                    match page.next_token().filter(|next| !next.is_empty()) {
                        None => return Ok(names),
                        Some(next) if !seen.insert(next.to_owned()) => return Err(endless()),
                        Some(next) => token = Some(next.to_owned()),
                    }
                }
                // Any other refusal is not AWS's word that there are none.
                Err(failure) if failure.code == "ForbiddenException" && failure.message.contains("No access") => {
                    return Ok(Vec::new());
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn accounts(&self) -> Result<Vec<PortalAccount>, Failure> {
        let (mut accounts, mut token, mut seen) = (Vec::new(), None::<String>, BTreeSet::new());
        loop {
            let request = self.client.list_accounts().access_token(self.token.reveal()).set_next_token(token.clone());
            match Box::pin(self.asker.ask_portal("portal:ListAccounts", request.send())).await {
                Ok(page) if page.account_list.is_none() => return Err(lacking("accountList")),
                Ok(page) => {
                    for one in page.account_list() {
                        let id = present(one.account_id().unwrap_or_default(), "accountId")?;
                        accounts.push(PortalAccount { id, name: one.account_name().map(str::to_owned) });
                    }
                    match page.next_token().filter(|next| !next.is_empty()) {
                        None => return Ok(accounts),
                        Some(next) if !seen.insert(next.to_owned()) => return Err(endless()),
                        Some(next) => token = Some(next.to_owned()),
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
    }
}

fn endless() -> Failure {
    Failure::unusable("AWS sent the same page token twice, so the list has no end")
}

fn observed<T>(answer: Result<T, Failure>) -> Observed<T> {
    answer.map_or_else(|failure| Observed::Missing(failure.into()), Observed::Known)
}
