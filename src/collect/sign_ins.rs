//! The user's sign-ins in CloudTrail: asked in the account that owns the instance, in every Region that the instance is
//! in. First what failed; only where the user keeps being refused, whether they got in since; and only where the identity
//! provider keeps being refused, whether anybody did. `LookupEvents` takes two requests a second from everybody in the
//! account and Region together, so that a few pages of each must do.

use aws_sdk_cloudtrail::types::LookupAttributeKey;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::Home;
use super::ask::{Place, Reply};
use super::event_history::{EventHistory, PAGE};
use super::sign_in_events::{SignIn, Whose};
use crate::evidence::{Caller, Evidence, FURTHER_SUCCESSES, Instance, SUCCESSES, SignInEvidence};
use crate::model::sign_ins::{self, Attempt};

/// How many pages of 50 events are read of what failed: with the one of the other event name a second and a half.
const FAILURE_PAGES: usize = 2;
/// How many of each other event.
const OTHER_PAGES: usize = 1;
/// The end of a sign-in, whatever was checked on the way.
const SIGNED_IN: &str = "UserAuthentication";

/// Why sign-ins cannot be looked for from here.
fn because(caller: Option<&Caller>, instance: &Instance) -> Option<String> {
    let Some(owner) = &instance.owner_account else {
        return Some("which account owns the instance is not known".to_owned());
    };
    (caller.map(|caller| &caller.account) != Some(owner))
        .then(|| format!("sign-ins are logged in account {owner}, which owns the instance; the caller is in another"))
}

/// The event history of one Region.
struct History<'a> {
    events: EventHistory<'a>,
    whose: &'a Whose,
}

/// From when on it has to be known who got in.
#[derive(Debug, Clone, Copy)]
struct Since {
    /// The user.
    own: Option<Timestamp>,
    /// Anybody.
    anybody: Option<Timestamp>,
}

impl Home<'_> {
    /// Looks for the user's sign-ins.
    pub(super) async fn sign_ins(
        &self,
        instance: &Instance,
        caller: Option<&Caller>,
        whose: &Whose,
        from: Timestamp,
    ) -> SignInEvidence {
        let regions = instance.sign_in_regions();
        if let Some(because) = because(caller, instance) {
            return gathered(regions.into_iter().map(|region| {
                let mut evidence = SignInEvidence::unasked(&because);
                for fact in [&mut evidence.verifications, &mut evidence.external] {
                    fact.account.clone_from(&instance.owner_account);
                    fact.region = Some(region.to_owned());
                }
                evidence
            }));
        }
        let histories = regions.into_iter().map(|region| {
            let place =
                Place { account: self.place.account.clone(), region: Some(region.to_owned()), ..Place::default() };
            let cloud_trail = self.clients.in_region(region).cloud_trail();
            History { events: EventHistory { asker: self.asker, cloud_trail, place }, whose }
        });
        let histories: Vec<History<'_>> = histories.collect();
        let evidence = gathered(join_all(histories.iter().map(|history| history.failures(from))).await);
        let now = Timestamp::now();
        let attempts = sign_ins::attempts(&evidence);
        let own = attempts.first().filter(|_| sign_ins::are_telling(&attempts, now)).map(|(_, event)| event.at);
        let anybody = sign_ins::may_be_outage(&evidence, now).map(|outage| outage.first);
        let since = Since { own, anybody };
        let mut found = each_region(&evidence);
        let asking = histories.iter().zip(&mut found).map(|(history, found)| history.successes(since, found));
        join_all(asking).await;
        if let Some(first) = own
            && keep_failing(&found, &attempts, now)
        {
            let asking = histories
                .iter()
                .zip(&mut found)
                .map(|(history, found)| history.own_successes(FURTHER_SUCCESSES, first, found));
            join_all(asking).await;
        }
        gathered(found)
    }
}

/// Whether the attempts since the last success that was read are still many.
fn keep_failing(found: &[SignInEvidence], attempts: &[Attempt<'_>], now: Timestamp) -> bool {
    let logs = found.iter().flat_map(|region| region.successes.values()).filter_map(|fact| fact.known().ok());
    let success = logs.flat_map(|log| &log.events).filter(|event| event.succeeded).map(|event| event.at).max();
    let since: Vec<Attempt<'_>> = attempts.iter().filter(|(_, event)| Some(event.at) > success).copied().collect();
    sign_ins::are_telling(&since, now)
}

/// The Regions' answers as one, the primary Region's first.
fn gathered(regions: impl IntoIterator<Item = SignInEvidence>) -> SignInEvidence {
    let mut regions = regions.into_iter();
    let mut first = regions.next().unwrap_or_else(|| SignInEvidence::unasked("the instance is in no Region"));
    first.elsewhere = regions.collect();
    first
}

/// The answers of each Region by itself.
fn each_region(evidence: &SignInEvidence) -> Vec<SignInEvidence> {
    evidence.everywhere().map(|region| SignInEvidence { elsewhere: Vec::new(), ..region.clone() }).collect()
}

impl History<'_> {
    /// What failed, in this Region.
    async fn failures(&self, from: Timestamp) -> SignInEvidence {
        let (verifications, external) = tokio::join!(
            self.events("CredentialVerification", from, FAILURE_PAGES),
            self.events("ExternalIdPDirectoryLogin", from, OTHER_PAGES),
        );
        let [verifications, external] =
            [verifications, external].map(|reply| reply.map(|read| Ok(self.whose.failures_among(read, from))).fact());
        SignInEvidence { verifications, external, ..SignInEvidence::unasked("") }
    }

    /// Who got in since, in this Region.
    async fn successes(&self, since: Since, found: &mut SignInEvidence) {
        let signed_in = async {
            let from = [since.own, since.anybody].into_iter().flatten().min()?;
            Some(self.events(SIGNED_IN, from, OTHER_PAGES).await.fact())
        };
        let others = SUCCESSES.into_iter().filter(|name| *name != SIGNED_IN);
        let others = async {
            if let Some(first) = since.own {
                self.own_successes(others, first, found).await;
            }
        };
        let (signed_in, ()) = tokio::join!(signed_in, others);
        let Some(signed_in) = signed_in else { return };
        if let Some(first) = since.own {
            let own = signed_in.clone().map(|read| self.whose.successes_among(&read, first));
            found.successes.insert(SIGNED_IN.to_owned(), own);
        }
        found.anybody = since.anybody.map(|first| signed_in.map(|read| self.whose.anybody_among(&read, first)));
    }

    /// Whether the user got in since, by events of these names.
    async fn own_successes(
        &self,
        names: impl IntoIterator<Item = &'static str>,
        first: Timestamp,
        found: &mut SignInEvidence,
    ) {
        let asking = names.into_iter().map(|name| async move {
            let reply = self.events(name, first, OTHER_PAGES).await;
            (name.to_owned(), reply.map(|read| Ok(self.whose.successes_among(&read, first))).fact())
        });
        found.successes.extend(join_all(asking).await);
    }

    /// The events of one name, newest first, and whether older ones were left unread.
    async fn events(&self, name: &str, from: Timestamp, pages: usize) -> Reply<(Vec<SignIn>, bool)> {
        let read =
            |event: &aws_sdk_cloudtrail::types::Event| SignIn::read(event.cloud_trail_event().unwrap_or_default());
        let more = |events: &[SignIn]| events.len() < pages * PAGE;
        self.events.look_up((LookupAttributeKey::EventName, name), from, read, more).await
    }
}

/// Whose sign-ins to look for.
pub(super) fn whose(evidence: &Evidence, instance: &Instance) -> Option<Whose> {
    Some(Whose {
        user_id: evidence.user_id().ok()??.to_owned(),
        user_name: evidence.user_label().to_owned(),
        store: instance.identity_store_id.clone(),
        instance: instance.arn.rsplit('/').next().unwrap_or_default().to_owned(),
    })
}
