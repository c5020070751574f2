//! Keeps below the rates at which AWS refuses, and leaves room for others: the 20 requests a second that Identity
//! Center allows are shared by everybody in the organization. AWS counts by a bucket that refills, and so does this:
//! what was not used in the last second may leave at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::evidence::Call;

/// What shares one rate at AWS: the service or, where AWS counts each API by itself, the action; the account; the
/// Region.
type Key = (&'static str, String, String);

/// What becomes of the answer if the question has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Urgency {
    /// The verdict may hang on it.
    #[default]
    Essential,
    /// It could only show something more; it leaves when nothing essential waits.
    Refining,
}

/// Hands out the times at which requests may leave.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    lanes: Mutex<HashMap<Key, Lane>>,
}

#[derive(Debug)]
struct Lane {
    /// How many requests a second leave as a rule, and how many the bucket holds.
    usual: f64,
    /// The same for now: fewer for a while after AWS refused one.
    rate: f64,
    /// What is in the bucket; below zero where requests that leave later have their place already.
    tokens: f64,
    /// When that was so.
    at: Instant,
    /// AWS refused one: nothing leaves before this.
    not_before: Instant,
}

/// The slowest that refusals make a lane.
const SLOWEST: f64 = 1.0;
/// How much faster each answer makes a lane that was slowed down.
const RECOVERY: f64 = 0.5;

impl Lane {
    fn new(call: Call, now: Instant) -> Self {
        let (_, usual) = allowance(call);
        Self { usual, rate: usual, tokens: usual, at: now, not_before: now }
    }

    fn refill(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.rate).min(self.usual);
        self.at = self.at.max(now);
    }

    /// When the next request may leave. Its place is taken.
    fn reserve(&mut self, now: Instant) -> Instant {
        self.refill(now);
        self.tokens -= 1.0;
        (now + self.until(0.0)).max(self.not_before)
    }

    /// Takes a place only where nothing waits for one; else says when to come again.
    fn try_reserve(&mut self, now: Instant) -> Result<(), Instant> {
        self.refill(now);
        if self.tokens >= 1.0 && now >= self.not_before {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err((now + self.until(1.0)).max(self.not_before))
    }

    /// How long it takes until so much is in the bucket.
    fn until(&self, tokens: f64) -> Duration {
        Duration::from_secs_f64(((tokens - self.tokens) / self.rate).max(0.0))
    }

    fn refused(&mut self, now: Instant) {
        self.refill(now);
        self.rate = (self.rate / 2.0).max(SLOWEST);
        // Whatever was thought to be left is not.
        self.tokens = self.tokens.min(0.0);
        self.not_before = self.not_before.max(now + Duration::from_millis(250));
    }

    fn answered(&mut self) {
        self.rate = (self.rate + RECOVERY).min(self.usual);
    }
}

impl Limiter {
    /// Waits until a request of this kind may leave.
    pub(crate) async fn wait(&self, call: Call, account: &str, region: &str, urgency: Urgency) {
        match urgency {
            Urgency::Essential => {
                let at = self.with_lane(call, account, region, |lane| lane.reserve(Instant::now()));
                tokio::time::sleep_until(at).await;
            }
            Urgency::Refining => {
                while let Err(at) = self.with_lane(call, account, region, |lane| lane.try_reserve(Instant::now())) {
                    tokio::time::sleep_until(at).await;
                }
            }
        }
    }

    /// AWS refused for the rate: halve it.
    pub(crate) fn refused(&self, call: Call, account: &str, region: &str) {
        self.with_lane(call, account, region, |lane| lane.refused(Instant::now()));
    }

    /// AWS answered: go back towards the usual rate, a little each time.
    pub(crate) fn answered(&self, call: Call, account: &str, region: &str) {
        self.with_lane(call, account, region, Lane::answered);
    }

    fn with_lane<T>(&self, call: Call, account: &str, region: &str, f: impl FnOnce(&mut Lane) -> T) -> T {
        let (name, _) = allowance(call);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (name, account.to_owned(), region.to_owned());
        f(lanes.entry(key).or_insert_with(|| Lane::new(call, Instant::now())))
    }
}

/// What a call shares its rate with, and how many requests a second it may take there, which is a little less than AWS
/// allows.
///
/// AWS documents 20 a second for all of Identity Center's administration together, 20 for each API of an identity
/// store, 20 for account access manager, and 2 for `LookupEvents`; the others are not documented and kept moderate.
fn allowance(call: Call) -> (&'static str, f64) {
    let action = call.action();
    match action.split_once(':').map_or("", |(service, _)| service) {
        "sso" => ("sso", 18.5),
        "identitystore" => (action, 18.5),
        "account-access" => ("account-access", 18.5),
        "cloudtrail" => ("cloudtrail", 1.95),
        "organizations" => (action, 10.0),
        _ => (action, 20.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bucket of AWS's own, of 20 that refills at 20 a second, never runs dry.
    #[test]
    fn never_lets_more_leave_than_the_bucket_holds() {
        let start = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, start);
        let times: Vec<Instant> = (0..200).map(|_| lane.reserve(start)).collect();
        let (mut left, mut at) = (20.0, start);
        for time in &times {
            left = f64::min(20.0, left + time.duration_since(at).as_secs_f64() * 20.0) - 1.0;
            at = *time;
            assert!(left >= 0.0);
        }
        assert_eq!(times.iter().filter(|time| **time == start).count(), 18);
    }

    #[test]
    fn what_only_refines_waits_for_what_decides() {
        let start = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, start);
        let last = (0..40).map(|_| lane.reserve(start)).last().expect("forty");
        assert!(lane.try_reserve(start).is_err_and(|again| again > last));
        // An essential question that comes later goes before it.
        let later = lane.reserve(start);
        assert!(lane.try_reserve(later).is_err());
        assert!(lane.try_reserve(later + Duration::from_millis(200)).is_ok());
    }

    #[test]
    fn slows_down_when_refused_and_recovers() {
        let now = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, now);
        lane.refused(now);
        assert!(lane.rate < 10.0 && lane.reserve(now) > now);
        for _ in 0..20 {
            lane.answered();
        }
        assert!((lane.rate - lane.usual).abs() < f64::EPSILON);
    }
}
