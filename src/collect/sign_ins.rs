//! The user's sign-ins in CloudTrail: asked in the account that owns the instance, in its primary Region. First what
//! failed; only where the user was refused, whether they got in since. `LookupEvents` takes two requests a second from
//! everybody in the account together, so that a few pages of each must do.

use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use futures_util::future::join_all;
use jiff::Timestamp;

use super::ask::Reply;
use super::failure::Failure;
use super::identity::lacking;
use super::sign_in_events::{SignIn, Whose};
use super::{Home, blank};
use crate::evidence::{Call, Caller, Evidence, Fact, Instance, SUCCESSES, SignInEvidence, SignInLog};
use crate::rules::KEEPS_FAILING;

/// How many events a page holds when AWS fills it. Caps count events: AWS may send shorter pages.
const PAGE: usize = 50;
/// How many pages of 50 events are read of what failed: with the one of the other event name a second and a half.
const FAILURE_PAGES: usize = 2;
/// How many of each other event.
const OTHER_PAGES: usize = 1;

/// Why sign-ins cannot be looked for from here.
fn because(caller: Option<&Caller>, instance: &Instance) -> Option<String> {
    let Some(owner) = &instance.owner_account else {
        return Some("which account owns the instance is not known".to_owned());
    };
    (caller.map(|caller| &caller.account) != Some(owner))
        .then(|| format!("sign-ins are logged in account {owner}, which owns the instance; the caller is in another"))
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
        if let Some(because) = because(caller, instance) {
            let mut evidence = blank::sign_ins(&because);
            for fact in [&mut evidence.verifications, &mut evidence.external] {
                fact.account.clone_from(&instance.owner_account);
                fact.region.clone_from(&self.place.region);
            }
            return evidence;
        }
        let (verifications, external) = tokio::join!(
            self.sign_in_events("CredentialVerification", from, FAILURE_PAGES),
            self.sign_in_events("ExternalIdPDirectoryLogin", from, OTHER_PAGES),
        );
        let [verifications, external] =
            [verifications, external].map(|reply| reply.map(|read| Ok(whose.failures_among(read, from))).fact());
        let mut evidence = SignInEvidence { verifications, external, ..blank::sign_ins("") };
        if let Some(first) = first_of_many_failures(&evidence) {
            let asking = SUCCESSES.map(|name| async move {
                let reply = self.sign_in_events(name, first, OTHER_PAGES).await;
                (name.to_owned(), reply.map(|read| Ok(whose.successes_among(read, first))).fact())
            });
            evidence.successes = join_all(asking).await.into_iter().collect();
        }
        evidence
    }

    /// The events of one name, newest first, and whether older ones were left unread.
    async fn sign_in_events(&self, name: &str, from: Timestamp, pages: usize) -> Reply<(Vec<SignIn>, bool)> {
        let attribute =
            LookupAttribute::builder().attribute_key(LookupAttributeKey::EventName).attribute_value(name).build().ok();
        let send = |token| {
            let request =
                self.cloud_trail.lookup_events().set_lookup_attributes(attribute.clone().map(|one| vec![one]));
            let request = request.start_time(aws_smithy_types::DateTime::from_secs(from.as_second()));
            request.max_results(50).set_next_token(token).send()
        };
        let page = |out: LookupEventsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(events) = out.events else { return (Err(lacking("Events")), token) };
            let events: Result<Vec<SignIn>, Failure> =
                events.iter().map(|event| SignIn::read(event.cloud_trail_event().unwrap_or_default())).collect();
            (events, token)
        };
        self.asker
            .pages_while(Call::LookupEvents, &self.place, send, page, |events, _| events.len() < pages * PAGE)
            .await
    }
}

/// When the user was first refused, where that happened often enough to matter.
fn first_of_many_failures(evidence: &SignInEvidence) -> Option<Timestamp> {
    let logs = [&evidence.verifications, &evidence.external]
        .into_iter()
        .filter_map(|fact: &Fact<SignInLog>| fact.known().ok());
    let failures: Vec<Timestamp> =
        logs.flat_map(|log| &log.events).filter(|event| !event.succeeded).map(|event| event.at).collect();
    failures.iter().min().filter(|_| failures.len() >= KEEPS_FAILING).copied()
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
