//! CloudTrail records that are kept elsewhere than in event histories: one query to where `--trail` says, or a look through
//! a folder. What could not be read of it is a fact of its own, so that it is never taken for nothing.

mod athena;
mod lake;
mod logs;

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::ask::{Asker, Place};
use super::clients::Clients;
use super::failure::{Failure, NO_CALL};
use crate::evidence::{Call, ChangeLog, Covered, Evidence, Fact, Missing, Observed, Reason, read_change};
use crate::plan::history::LAG;
use crate::plan::trail::sought;
use crate::trail::{Cover, Found, Sought, Source, Window, files};
use crate::wording::count;

/// Where CloudTrail records are kept, and how far back they are to be read.
#[derive(Debug, Clone)]
pub struct Trail {
    /// Where.
    pub source: Source,
    /// The profile whose credentials are for it; the caller's own without.
    pub profile: Option<String>,
    /// How far back.
    pub since: SignedDuration,
}

/// How far event histories go back.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);
/// So many parts that could not be read are told one by one.
const TOLD: usize = 20;
/// What is left of the time for a question when a query is given up.
const SPARE: Duration = Duration::from_secs(2);

/// Whoever asks, and what for.
struct Query<'a> {
    asker: &'a Asker,
    clients: &'a Clients,
    place: Place,
    sought: &'a Sought,
}

/// What a source gave, or the call that did not and why.
type Answer = Result<Found, (Call, Failure)>;

/// Reads what bears on the question. The first fact is what was found; each further one is a part that could not be read.
pub(super) async fn read(
    asker: &Asker,
    clients: &Clients,
    trail: &Trail,
    evidence: &Evidence,
    administrators: &[String],
) -> Vec<Fact<ChangeLog>> {
    let sought = sought(evidence, trail.since, Timestamp::now(), administrators);
    let (call, answer) = match &trail.source {
        Source::Files(folder) => (Call::LookupEvents, of_files(asker, folder, &sought).await),
        Source::Lake(_) => (Call::GetLakeQueryResults, elsewhere(asker, clients, trail, &sought).await),
        Source::Logs(_) => (Call::GetLogsQueryResults, elsewhere(asker, clients, trail, &sought).await),
        Source::Athena { .. } => (Call::GetAthenaQueryResults, elsewhere(asker, clients, trail, &sought).await),
    };
    facts(call, answer, &sought, asker)
}

/// Asks with the credentials that are for it.
async fn elsewhere(asker: &Asker, clients: &Clients, trail: &Trail, sought: &Sought) -> Answer {
    let own = match &trail.profile {
        Some(profile) => Box::pin(signed_in(asker, profile, trail.source.region())).await,
        None => Ok(trail.source.region().map_or_else(|| clients.clone(), |region| clients.in_region(region))),
    };
    let first = match trail.source {
        Source::Athena { .. } => Call::StartAthenaQuery,
        Source::Logs(_) => Call::StartLogsQuery,
        Source::Lake(_) | Source::Files(_) => Call::StartLakeQuery,
    };
    let clients = own.map_err(|failure| (first, failure))?;
    let place = Place { account: None, region: Some(clients.region().to_owned()), ..Place::default() };
    let query = Query { asker, clients: &clients, place, sought };
    match &trail.source {
        Source::Athena { database, table, workgroup } => {
            Box::pin(query.athena(athena::Named { database, table, workgroup: workgroup.as_deref() })).await
        }
        Source::Lake(store) => Box::pin(query.lake(store)).await,
        Source::Logs(group) => Box::pin(query.logs(group)).await,
        Source::Files(_) => Err((first, Failure::unusable("nothing to be asked"))),
    }
}

/// The clients of a profile. That nobody is signed in with it does not end the answer.
async fn signed_in(asker: &Asker, profile: &str, region: Option<&str>) -> Result<Clients, Failure> {
    let failed =
        |error: crate::error::Error| Failure { code: NO_CALL.to_owned(), ..Failure::unusable(error.to_string()) };
    let clients = Clients::of_profile(profile, region).await.map_err(failed)?;
    clients.signed_in(Some(profile), asker.time()).await.map_err(failed)
}

/// Looks through a folder, aside: what else is asked goes on meanwhile.
async fn of_files(asker: &Asker, folder: &Path, sought: &Sought) -> Answer {
    let (path, wanted) = (folder.to_owned(), sought.clone());
    let end = std::time::Instant::now() + asker.time().left();
    let reading = tokio::task::spawn_blocking(move || files::read(&path, &wanted, end));
    let failed = |why: String| (Call::LookupEvents, Failure::unusable(format!("{}: {why}", folder.display())));
    let found = reading.await.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    if found.read == 0 && found.unread.is_empty() {
        let why = "no record of CloudTrail of that time is in it, in the accounts and Regions in question";
        return Err(failed(why.to_owned()));
    }
    asker.say(&format!(
        "{}: {} read, {} bear on it",
        folder.display(),
        count(found.read, "record"),
        found.records.len()
    ));
    Ok(found)
}

fn facts(call: Call, answer: Answer, sought: &Sought, asker: &Asker) -> Vec<Fact<ChangeLog>> {
    let fact = |call, observed| Fact {
        call,
        account: None,
        region: None,
        request_id: None,
        at: Some(Timestamp::now()),
        observed,
    };
    let found = match answer {
        Ok(found) => found,
        Err((call, failure)) => return vec![fact(call, Observed::Missing(failure.into()))],
    };
    if let Some(scanned) = found.scanned {
        asker.say(&format!("{scanned} bytes were scanned, {} came back", count(found.read, "record")));
    }
    let part = |why: String| {
        let missing = Missing { reason: Reason::Failed, code: "Unread".to_owned(), message: why };
        fact(call, Observed::Missing(missing))
    };
    let mut parts: Vec<Fact<ChangeLog>> =
        found.unread.iter().take(TOLD).map(|unread| part(unread.to_string())).collect();
    let more = found.unread.len().saturating_sub(TOLD);
    if more > 0 {
        parts.push(part(format!("{} more of it could not be read", count(more, "part"))));
    }
    let log = log(&found, sought);
    // What is younger, event histories are asked for where a trail does not have it, and that tells more.
    let is_told = !parts.is_empty() || log.capped || sought.window.until.duration_since(sought.window.since) <= KEPT;
    for account in sought.accounts.all().into_iter().filter(|_| !is_told) {
        if log.covers.iter().all(|cover| cover.account != account) {
            parts.push(part(format!("it is not known to hold the records of account {account} of all of this time")));
        }
    }
    let mut all = vec![fact(call, Observed::Known(log))];
    all.extend(parts);
    all
}

/// What was found, as history has it.
fn log(found: &Found, sought: &Sought) -> ChangeLog {
    let changes: Vec<_> = found.records.iter().filter_map(read_change).collect();
    let oldest = changes.last().map(|change| change.at).filter(|_| found.capped);
    let covers = if found.unread.is_empty() { whole(&found.covers, sought) } else { Vec::new() };
    ChangeLog {
        since: oldest.unwrap_or(sought.window.since),
        until: sought.window.until,
        changes,
        read: found.read,
        capped: found.capped,
        covers,
    }
}

/// The accounts and Regions of which the source holds the whole time, but for what is still on its way.
fn whole(covers: &[Cover], sought: &Sought) -> Vec<Covered> {
    let Window { since, until } = sought.window;
    let is_whole = |cover: &&Cover| cover.since <= since && cover.until >= until.checked_sub(LAG).unwrap_or(until);
    let regions = |cover: &Cover| match &cover.region {
        Some(region) => vec![region.clone()],
        None => sought.regions.iter().cloned().collect(),
    };
    let covered = |cover: &Cover| {
        let account = cover.account.clone();
        regions(cover).into_iter().map(move |region| Covered { account: account.clone(), region })
    };
    covers.iter().filter(is_whole).flat_map(covered).collect()
}

/// How long to wait before asking a query for its state again: ever longer.
fn pause(asked: u32) -> Duration {
    Duration::from_millis(250).saturating_mul(1 << asked.min(3))
}
