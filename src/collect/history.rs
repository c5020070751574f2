//! What was changed, when and through whom: CloudTrail's event histories, looked up after everything else and only where
//! there is a cause to date. `LookupEvents` takes two requests a second from everybody in an account and Region together,
//! so that a few pages must do, and no more than a quarter of the time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_cloudtrail::types::{Event, LookupAttributeKey};
use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

use super::Home;
use super::ask::Place;
use super::clients::Clients;
use super::entry::Door;
use super::event_history::EventHistory;
use super::failure::Failure;
use super::organization_policies::Organizations;
use super::shared_answers::SharedAnswers;
use super::trail::{self, Trail};
use crate::evidence::{Attribute, Call, Change, ChangeLog, Evidence, Fact, LookedUp, Observed, Reason, read_change};
use crate::history;
use crate::plan::history::{Lookup, MOST, Wanted, bears_on, told_by_assignments, wanted};

/// How often what was found is looked at again, for what it still lacks.
const ROUNDS: usize = 4;
/// What part of the whole time the past may take.
pub(super) const PART: u32 = 4;

/// Whether the past is asked for, and where else than in event histories it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past<'a> {
    pub(super) is_asked: bool,
    pub(super) trail: Option<&'a Trail>,
    /// What several questions have in common, where there are several.
    pub(super) shared: Option<&'a SharedAnswers>,
}

/// Who is let into an account's event history.
type Doors = BTreeMap<String, Result<Clients, (Reason, String)>>;

impl Home<'_> {
    /// Looks up what the cause of the answer calls for, if there is one. `inside` is the way into the account asked about.
    pub(super) async fn history(&self, evidence: &mut Evidence, inside: Option<&Clients>, past: Past<'_>) {
        if !past.is_asked {
            return;
        }
        let begun = Instant::now();
        Box::pin(self.look_back(evidence, inside, past)).await;
        if let Some(shared) = past.shared {
            shared.took_for_the_past(begun.elapsed());
        }
    }

    async fn look_back(&self, evidence: &mut Evidence, inside: Option<&Clients>, past: Past<'_>) {
        let mut trail = past.trail;
        let mut end = self.end(past);
        let mut doors = Doors::new();
        let mut taken: BTreeMap<history::Place, AtomicUsize> = BTreeMap::new();
        let mut is_gone_asked = false;
        for _ in 0..ROUNDS {
            let wanted = wanted(evidence);
            if wanted.is_nothing() {
                return;
            }
            if Instant::now() >= end {
                too_late(evidence, wanted);
                return;
            }
            for lookup in &wanted.lookups {
                taken.entry(lookup.place.clone()).or_default();
            }
            self.open(&mut doors, evidence, inside, &wanted.lookups, end).await;
            let trail = trail.take();
            let kept = async {
                let administrators = if wanted.administrators || trail.is_some() {
                    Some(Box::pin(self.administrators()).await)
                } else {
                    None
                };
                let named = administrators.as_ref().and_then(|named| named.known().ok()).cloned().unwrap_or_default();
                let read = match trail {
                    Some(trail) => Box::pin(trail::read(self.asker, self.clients, trail, evidence, &named)).await,
                    None => Vec::new(),
                };
                (administrators, read)
            };
            let looking = wanted.lookups.iter().filter_map(|lookup| {
                let taken = taken.get(&lookup.place)?;
                Some(look_up(self, evidence, doors.get(&lookup.place.account)?, lookup, (taken, end)))
            });
            let ((administrators, read), looked_up) = tokio::join!(kept, join_all(looking));
            super::replace(&mut evidence.history.administrators, administrators);
            evidence.history.looked_up.extend(looked_up);
            if !read.is_empty() {
                take(evidence, read);
                // The query had its own time.
                end = self.end(past);
            }
            if let Some(kind) = told_by_assignments(evidence).filter(|_| !is_gone_asked) {
                is_gone_asked = true;
                // What is not known in time tells nothing.
                let _ = tokio::time::timeout_at(end, Box::pin(self.who_is_gone(evidence, kind))).await;
            }
        }
    }

    /// When look-ups have to be over.
    fn end(&self, past: Past<'_>) -> Instant {
        let most = past.shared.map_or_else(|| self.asker.time().whole / PART, SharedAnswers::left_for_the_past);
        Instant::now() + self.asker.time().left().min(most)
    }

    /// The accounts to which the administration of Identity Center is delegated.
    async fn administrators(&self) -> Fact<Vec<String>> {
        let place = Place { region: None, ..self.place.clone() };
        Organizations::new(self.asker, self.clients, place).administrators().await
    }

    /// Finds a way into each account that is not open yet.
    async fn open(
        &self,
        doors: &mut Doors,
        evidence: &Evidence,
        inside: Option<&Clients>,
        lookups: &[Lookup],
        end: Instant,
    ) {
        let accounts: BTreeSet<&str> = lookups.iter().map(|lookup| lookup.place.account.as_str()).collect();
        let new = accounts.into_iter().filter(|account| !doors.contains_key(*account));
        let opening = new.map(|account| async move {
            let entering = Box::pin(self.enter(evidence, inside, account));
            let late = || Err((Reason::TimedOut, format!("account {account} was not entered in time")));
            (account.to_owned(), tokio::time::timeout_at(end, entering).await.unwrap_or_else(|_| late()))
        });
        let opened = join_all(opening).await;
        doors.extend(opened);
    }

    async fn enter(
        &self,
        evidence: &Evidence,
        inside: Option<&Clients>,
        account: &str,
    ) -> Result<Clients, (Reason, String)> {
        if self.place.account.as_deref() == Some(account) {
            return Ok(self.clients.clone());
        }
        if evidence.account.id.as_deref() == Some(account) {
            return inside.cloned().ok_or_else(|| (Reason::NotAsked, crate::evidence::not_entered(account)));
        }
        let role = evidence.question.target_role.as_deref().filter(|role| !role.starts_with("arn:"));
        let Some(role) = role else {
            let because = format!(
                "changes are logged in account {account} too: name a role that is in every account with --target-role"
            );
            return Err((Reason::NotAsked, because));
        };
        let door = Door { role: Some(role), profile: None, caller: &evidence.caller };
        let (entry, clients) = Box::pin(door.open(self.asker, self.clients, account, evidence.partition())).await;
        clients.ok_or_else(|| match entry.known() {
            Err(gap) => {
                let because = format!("changes are logged in account {account} too, which cannot be entered");
                (Reason::NotAsked, format!("{because}: {}", gap.message))
            }
            Ok(_) => (Reason::NotAsked, format!("account {account} was not entered")),
        })
    }
}

/// Keeps that what was still wanted was not asked for.
fn too_late(evidence: &mut Evidence, wanted: Wanted) {
    const LATE: &str = "the time for the past was over (more of it: --timeout)";
    let late = Observed::missing(Reason::TimedOut, LATE);
    if wanted.administrators {
        evidence.history.administrators.observed = Observed::missing(Reason::TimedOut, LATE);
    }
    evidence.history.looked_up.extend(wanted.lookups.into_iter().map(|lookup| LookedUp {
        by: lookup.by,
        looked_for: lookup.value,
        log: Fact {
            account: Some(lookup.place.account),
            region: Some(lookup.place.region),
            observed: late.clone(),
            ..Fact::not_asked(Call::LookupEvents, "")
        },
    }));
}

/// Keeps what a trail holds, as far as it bears on the question. What names somebody who was removed stands in it too.
fn take(evidence: &mut Evidence, read: Vec<Fact<ChangeLog>>) {
    evidence.history.trail = read;
    let kept = |evidence: &Evidence, log: ChangeLog| {
        let changes = bearing(evidence, log.changes);
        ChangeLog { changes, ..log }
    };
    evidence.history.trail =
        evidence.history.trail.clone().into_iter().map(|fact| fact.map(|log| kept(evidence, log))).collect();
}

/// The changes that bear on the question.
fn bearing(evidence: &Evidence, changes: impl IntoIterator<Item = Change>) -> Vec<Change> {
    let mut is_scim_seen = false;
    let bears = |change: &Change| {
        // That SCIM is logged at all is worth knowing.
        let first = change.event.starts_with("identitystore-scim:") && !std::mem::replace(&mut is_scim_seen, true);
        first || bears_on(evidence, change)
    };
    changes.into_iter().filter(bears).collect()
}

/// One look-up, as far as its pages, its account's and the time allow.
async fn look_up(
    home: &Home<'_>,
    evidence: &Evidence,
    door: &Result<Clients, (Reason, String)>,
    lookup: &Lookup,
    (taken, end): (&AtomicUsize, Instant),
) -> LookedUp {
    let place = Place {
        account: Some(lookup.place.account.clone()),
        region: Some(lookup.place.region.clone()),
        ..Place::default()
    };
    let missing = |reason, because: String| Fact {
        account: place.account.clone(),
        region: place.region.clone(),
        observed: Observed::missing(reason, because),
        ..Fact::not_asked(Call::LookupEvents, "")
    };
    let log = match door {
        Err((reason, because)) => missing(*reason, because.clone()),
        Ok(clients) => {
            let cloud_trail = clients.in_region(&lookup.place.region).cloud_trail();
            let events = EventHistory { asker: home.asker, cloud_trail, place: place.clone() };
            let pages = AtomicUsize::new(0);
            taken.fetch_add(1, Ordering::Relaxed);
            let more = |_: &[Read]| {
                let goes_on = pages.fetch_add(1, Ordering::Relaxed) + 1 < lookup.pages
                    && taken.load(Ordering::Relaxed) < MOST
                    && Instant::now() + A_PAGE < end;
                taken.fetch_add(usize::from(goes_on), Ordering::Relaxed);
                goes_on
            };
            let looking =
                events.look_up_until((key(lookup.by), &lookup.value), (lookup.from, lookup.until), read, more);
            match tokio::time::timeout_at(end, Box::pin(looking)).await {
                Ok(reply) => reply.map(|(read, capped)| Ok(log(evidence, lookup, read, capped))).fact(),
                Err(_) => missing(Reason::TimedOut, "the event history took too long".to_owned()),
            }
        }
    };
    LookedUp { by: lookup.by, looked_for: lookup.value.clone(), log }
}

/// How long a page takes at the rate that AWS allows.
const A_PAGE: Duration = Duration::from_millis(550);

/// When an event happened, and what is kept of it.
type Read = (Option<Timestamp>, Option<Change>);

fn read(event: &Event) -> Result<Read, Failure> {
    let record: Value = serde_json::from_str(event.cloud_trail_event().unwrap_or_default())
        .map_err(|error| Failure::unusable(format!("an event of CloudTrail cannot be read: {error}")))?;
    let at = event.event_time().and_then(super::timestamp);
    Ok((at, read_change(&record)))
}

fn log(evidence: &Evidence, lookup: &Lookup, events: Vec<Read>, capped: bool) -> ChangeLog {
    let read = events.len();
    let oldest = events.iter().filter_map(|(at, change)| at.or(change.as_ref().map(|change| change.at))).min();
    let changes = bearing(evidence, events.into_iter().filter_map(|(_, change)| change));
    let since = oldest.filter(|_| capped).unwrap_or(lookup.from);
    let until = lookup.until.unwrap_or_else(Timestamp::now);
    ChangeLog { since, until, changes, read, capped, covers: Vec::new() }
}

const fn key(by: Attribute) -> LookupAttributeKey {
    match by {
        Attribute::EventName => LookupAttributeKey::EventName,
        Attribute::ResourceName => LookupAttributeKey::ResourceName,
        Attribute::AccessKeyId => LookupAttributeKey::AccessKeyId,
        Attribute::ReadOnly => LookupAttributeKey::ReadOnly,
    }
}
