//! Collects for people who ask about themselves: from their machine and the access portal, which takes no permission,
//! and from Identity Center as far as their credentials reach.

use jiff::Timestamp;

use super::ask::{Asker, Time};
use super::clients::{self, Clients};
use super::history::Past;
use super::{Settings, account, local_files, portal, processes, require_fitting, rounds};
use crate::error::Error;
use crate::evidence::{AccountRef, Evidence, Machine, Oneself, PortalAccount, Question, session_of_permission_set};

/// Asks for everything that the question needs, where the person who asks is the one it is about.
pub async fn collect_myself(
    question: Question,
    who: Oneself,
    like: Option<&str>,
    settings: &Settings,
) -> Result<Evidence, Error> {
    let result = Box::pin(answers(question, who, like, settings)).await;
    settings.progress.finish();
    processes::end();
    result
}

async fn answers(question: Question, who: Oneself, like: Option<&str>, settings: &Settings) -> Result<Evidence, Error> {
    require_fitting(&question)?;
    let time = Time::from_now(settings.timeout);
    let clients = Clients::load(question.profile.as_deref(), settings, time).await?;
    let asker = Asker::new(time, clients::attempts_from_environment(), settings.progress.clone());
    let found = local_files::read();
    let account = question.account.clone();
    settings.progress.start(settings.timeout);
    let (portal, organization) = tokio::join!(
        Box::pin(portal::ask(&asker, &clients, &found, &account)),
        Box::pin(organization(&asker, &clients, (question, who), like, settings.past())),
    );
    let (mut evidence, who, organization_unasked) = organization?;
    if evidence.account.id.is_none() && evidence.accounts.known().is_err() {
        let known = portal.iter().filter_map(|answer| answer.accounts.as_ref()?.known().ok());
        let is_meant = |one: &&PortalAccount| one.name.as_deref() == Some(account.text());
        evidence.account.id = known.flatten().find(is_meant).map(|one| one.id.clone());
    }
    let local_files::Found { config, keys, sign_ins, .. } = found;
    let (oneself, keys) = (Some(who), Some(keys));
    evidence.machine = Some(Machine { config, sign_ins, portal, organization_unasked, oneself, keys });
    evidence.calls = asker.sent();
    evidence.collected_at = Timestamp::now();
    Ok(evidence)
}

/// The evidence from Identity Center, and whether it is about a user whose name is known; where it cannot be asked, the
/// evidence before anything was asked, and why.
async fn organization(
    asker: &Asker,
    clients: &Clients,
    (mut question, mut who): (Question, Oneself),
    like: Option<&str>,
    past: Past<'_>,
) -> Result<(Evidence, Oneself, Option<String>), Error> {
    let signed_in = Box::pin(clients.clone().signed_in(question.profile.as_deref(), asker.time())).await;
    let clients = &match signed_in {
        Ok(clients) => clients,
        Err(error @ (Error::NoCredentials { .. } | Error::WrongClock { .. })) => {
            return Ok((unasked(question), who, Some(error.to_string())));
        }
        Err(error) => return Err(error),
    };
    if who == Oneself::Unnamed {
        let caller = account::caller(asker, clients).await;
        let known = caller.known().ok().map(|caller| caller.arn.clone());
        let Some(name) = known.as_deref().and_then(session_of_permission_set) else {
            let because = match (known, asker.fatal()) {
                (Some(arn), _) => {
                    format!("the credentials do not tell your user name there ({arn}); idc why --me USER ACCOUNT does")
                }
                (None, Some(failure)) => format!("no credentials work here ({})", failure.message),
                (None, None) => "AWS did not tell whose the credentials are".to_owned(),
            };
            let mut evidence = unasked(question);
            evidence.caller = caller;
            return Ok((evidence, who, Some(because)));
        };
        name.clone_into(&mut question.user);
        who = Oneself::Named;
    }
    match Box::pin(rounds(asker, clients, question.clone(), like, past)).await {
        Ok(evidence) => Ok((evidence, who, None)),
        Err(
            error @ (Error::NoCredentials { .. }
            | Error::BadCredentials { .. }
            | Error::WrongClock { .. }
            | Error::NotFromAws { .. }
            | Error::NoInstance { .. }
            | Error::OnlyAccountInstances { .. }),
        ) => Ok((unasked(question), who, Some(error.to_string()))),
        Err(error) => Err(error),
    }
}

/// The evidence before anything was asked, with the account where its id was given.
fn unasked(question: Question) -> Evidence {
    let id = match &question.account {
        AccountRef::Id(id) => Some(id.clone()),
        AccountRef::Name(_) => None,
    };
    let mut evidence = Evidence::of_question(question);
    evidence.account.id = id;
    evidence
}
