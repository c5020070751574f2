//! What the user's sign-ins in CloudTrail amount to: whether they keep failing, and whether anybody gets in through the
//! identity provider. The rule, the notes and what else is asked for follow from the same reckoning.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::evidence::{
    Call, Evidence, FURTHER_SUCCESSES, Fact, Gap, Gaps, SUCCESSES, SignInEvent, SignInEvidence, SignInLog,
};
use crate::model::refusals;

/// How many attempts in a row are more than a typing error, or somebody else's guess.
pub const KEEPS_FAILING: usize = 3;
/// How recent the newest has to be to say something about now.
pub const STILL: SignedDuration = SignedDuration::from_hours(24);
/// How many refusals that name nobody, and over how long, are more than one person's trouble.
const MANY: usize = 5;
const FOR_LONG: SignedDuration = SignedDuration::from_mins(30);

/// An attempt to sign in that failed, and the log that holds it.
pub type Attempt<'a> = (&'a Fact<SignInLog>, &'a SignInEvent);

/// The user's attempts that failed, oldest first: in all Regions, by whatever was checked. What the identity provider
/// asserted is logged by two names, and counts once.
pub fn attempts(sign_ins: &SignInEvidence) -> Vec<Attempt<'_>> {
    let failed = |fact: &'_ Fact<SignInLog>, event: &SignInEvent| !event.succeeded && fact.known().is_ok();
    let verified = events(sign_ins, |one| &one.verifications).filter(|(fact, event)| failed(fact, event));
    let mut attempts: Vec<Attempt<'_>> = verified.collect();
    let logged: BTreeSet<&str> = attempts.iter().filter_map(|(_, event)| event.workflow.as_deref()).collect();
    let external = events(sign_ins, |one| &one.external).filter(|(fact, event)| failed(fact, event));
    let external = external.filter(|(_, event)| event.workflow.as_deref().is_none_or(|id| !logged.contains(id)));
    attempts.extend(external.collect::<Vec<_>>());
    attempts.sort_by_key(|(_, event)| event.at);
    attempts
}

fn events<'a>(
    sign_ins: &'a SignInEvidence,
    which: impl Fn(&'a SignInEvidence) -> &'a Fact<SignInLog>,
) -> impl Iterator<Item = Attempt<'a>> {
    let logs = sign_ins.everywhere().map(which);
    logs.flat_map(|fact| fact.known().into_iter().flat_map(|log| &log.events).map(move |event| (fact, event)))
}

/// How far a credential takes somebody: the password first, then a second factor, or their identity provider's word. What
/// AWS does not name may be any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Unnamed,
    Password,
    Further,
}

fn step(event: &SignInEvent) -> Step {
    let named = event.credential.as_deref().unwrap_or_default().split(',').map(str::trim);
    let steps = named.filter(|name| !name.is_empty());
    steps.map(|name| if name == "PASSWORD" { Step::Password } else { Step::Further }).max().unwrap_or(Step::Unnamed)
}

/// Whether what failed was accepted later, or something behind it: whatever was wrong with it then is right now.
fn was_accepted_since(sign_ins: &SignInEvidence, failed: &SignInEvent) -> bool {
    let checks = events(sign_ins, |one| &one.verifications).chain(events(sign_ins, |one| &one.external));
    let mut accepted = checks.map(|(_, event)| event).filter(|event| event.succeeded && event.at > failed.at);
    accepted.any(|event| step(event) == Step::Unnamed || step(event) >= step(failed))
}

/// When the user is last known to have got in: past the sign-in, or as far as into an account, in whatever Region. That a
/// password was right is not enough.
pub fn last_success(evidence: &Evidence) -> Option<Timestamp> {
    let logs = evidence.user.sign_ins.everywhere().flat_map(|region| region.successes.values());
    let events = logs.filter_map(|fact| fact.known().ok()).flat_map(|log| &log.events);
    let signed_in = events.filter(|event| event.succeeded).map(|event| event.at);
    let let_in = refusals::of_user(evidence).filter(|seen| seen.event.error_code.is_none()).map(|seen| seen.event.at);
    signed_in.chain(let_in).max()
}

/// The attempts since the last known success, without those that failed by what was accepted later.
pub fn failing(evidence: &Evidence) -> Vec<Attempt<'_>> {
    let success = last_success(evidence);
    let since = attempts(&evidence.user.sign_ins).into_iter().filter(|(_, event)| Some(event.at) > success);
    since.filter(|(_, event)| !was_accepted_since(&evidence.user.sign_ins, event)).collect()
}

/// Whether so many are enough, and late enough, to say that the user does not get in.
pub fn are_telling(attempts: &[Attempt<'_>], now: Timestamp) -> bool {
    let newest = attempts.last().filter(|_| attempts.len() >= KEEPS_FAILING);
    newest.is_some_and(|(_, event)| now.duration_since(event.at) <= STILL)
}

/// The attempts of a user whose sign-ins keep failing; `None` where they do not. `Err` where a later success may be
/// hidden, or the failures themselves are.
pub fn keep_failing(evidence: &Evidence) -> Result<Option<Vec<Attempt<'_>>>, Gaps> {
    let mut gaps = Gaps::default();
    let regions = evidence.instance()?.sign_in_regions();
    for region in &regions {
        match evidence.user.sign_ins.everywhere().find(|one| one.region().is_none_or(|one| one == *region)) {
            Some(one) => one.failures().into_iter().for_each(|fact| _ = gaps.keep(fact.known())),
            None => gaps.0.push(unasked(evidence, region, "failed sign-ins")),
        }
    }
    let mut failing = failing(evidence);
    if !are_telling(&failing, evidence.collected_at) {
        return gaps.none_or_err().map(|()| None);
    }
    // Whether they got in since must be known for the whole time: a success that was not read would clear everything.
    let cut = known_since(evidence, &regions)?;
    failing.retain(|(_, event)| cut.iter().all(|(_, since)| event.at >= *since));
    if are_telling(&failing, evidence.collected_at) {
        return Ok(Some(failing));
    }
    Err(Gaps(cut.into_iter().max_by_key(|(_, since)| *since).map(|(gap, _)| gap).into_iter().collect()))
}

/// From when on each log would show that the user got in, with the gap of what is before.
fn known_since(evidence: &Evidence, regions: &[&str]) -> Result<Vec<(Gap, Timestamp)>, Gaps> {
    let mut gaps = Gaps::default();
    let mut since = Vec::new();
    for region in regions {
        let one = evidence.user.sign_ins.everywhere().find(|one| one.region().is_none_or(|one| one == *region));
        let asked = |name: &str| one.and_then(|one| one.successes.get(name));
        for name in SUCCESSES {
            match asked(name) {
                Some(fact) => since.extend(gaps.keep(fact.known()).map(|log| cut(fact, log.since))),
                None => gaps.0.push(unasked(evidence, region, name)),
            }
        }
        // What else a success shows by is asked for only as long as nothing else does, and later versions may ask for
        // more: what was not asked for is not missed.
        for fact in FURTHER_SUCCESSES.into_iter().filter_map(asked) {
            since.extend(gaps.keep(fact.known()).map(|log| cut(fact, log.since)));
        }
    }
    for region in evidence.instance()?.sts_regions() {
        let read = gaps.keep(refusals::read_back_to(evidence, region, None));
        since.extend(read.map(|(fact, back_to)| (refusals::unread(fact, back_to), back_to)));
    }
    gaps.none_or_err().map(|()| since)
}

fn cut(fact: &Fact<SignInLog>, since: Timestamp) -> (Gap, Timestamp) {
    (refusals::unread(fact, since), since)
}

fn unasked(evidence: &Evidence, region: &str, what: &str) -> Gap {
    let because = format!("CloudTrail in {region} was not asked for {what}");
    Gap { region: Some(region.to_owned()), ..evidence.unasked(Call::LookupEvents, because) }
}

/// Refusals of the external identity provider's assertions that name nobody: so many, for so long, that nobody may get
/// in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// How many.
    pub count: usize,
    /// When the first of them happened.
    pub first: Timestamp,
    /// When the last did.
    pub last: Timestamp,
}

/// The refusals that name nobody of the last day, as far as they count; `None` where they are few.
fn unnamed(sign_ins: &SignInEvidence, now: Timestamp, counts: impl Fn(Timestamp) -> bool) -> Option<Outage> {
    let logs = sign_ins.everywhere().filter_map(|region| region.external.known().ok());
    let times = logs.flat_map(|log| &log.unattributed.times).copied();
    let times: Vec<Timestamp> = times.filter(|at| now.duration_since(*at) <= STILL && counts(*at)).collect();
    let (first, last) = (*times.iter().min()?, *times.iter().max()?);
    let many = times.len() >= MANY && last.duration_since(first) >= FOR_LONG;
    many.then_some(Outage { count: times.len(), first, last })
}

/// Whether so many sign-ins through the external identity provider fail that it has to be asked whether anybody gets in.
pub fn may_be_outage(sign_ins: &SignInEvidence, now: Timestamp) -> Option<Outage> {
    unnamed(sign_ins, now, |_| true)
}

/// Whether nobody seems to get in through the external identity provider. `None` where somebody does, or where that is
/// not known.
pub fn outage(evidence: &Evidence) -> Option<Outage> {
    let (mut newest, mut since) = (None, None);
    for region in evidence.instance().ok()?.sign_in_regions() {
        let one = evidence.user.sign_ins.everywhere().find(|one| one.region() == Some(region))?;
        let anybody = one.anybody.as_ref()?.known().ok()?;
        (newest, since) = (newest.max(anybody.newest), since.max(Some(anybody.since)));
    }
    unnamed(&evidence.user.sign_ins, evidence.collected_at, |at| Some(at) > newest && Some(at) >= since)
}
