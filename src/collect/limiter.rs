//! Keeps below the rates at which AWS refuses, and leaves room for others: the 20 requests a second that Identity
//! Center allows are shared by everybody in the organization.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::evidence::Call;

/// What shares one rate at AWS: the service or, where AWS counts each API by itself, the action; the account; the
/// Region.
type Key = (&'static str, String, String);

/// Hands out the times at which requests may leave.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    lanes: Mutex<HashMap<Key, Lane>>,
}

#[derive(Debug)]
struct Lane {
    /// The usual distance between two requests.
    usual: Duration,
    /// The distance now: longer for a while after AWS refused one.
    spacing: Duration,
    /// How many requests may leave at once after a pause.
    burst: u32,
    /// When the next request would leave, were there no burst.
    next: Instant,
}

/// The longest distance that refusals lead to.
const SLOWEST: Duration = Duration::from_secs(2);

impl Lane {
    fn new(call: Call, now: Instant) -> Self {
        let (_, rate, burst) = allowance(call);
        let usual = Duration::from_secs(1) / rate;
        Self { usual, spacing: usual, burst, next: now.checked_sub(usual * burst).unwrap_or(now) }
    }

    /// When the next request may leave. Time that was not used is saved up, but only for a burst.
    fn reserve(&mut self, now: Instant) -> Instant {
        let saved = now.checked_sub(self.spacing * self.burst).unwrap_or(now);
        let at = self.next.max(saved);
        self.next = at + self.spacing;
        at.max(now)
    }

    fn refused(&mut self, now: Instant) {
        self.spacing = (self.spacing * 2).min(SLOWEST.max(self.usual));
        // What was saved up is forfeit: the next request waits its turn.
        self.next = self.next.max(now + self.spacing);
    }

    fn answered(&mut self) {
        self.spacing = (self.spacing * 9 / 10).max(self.usual);
    }
}

impl Limiter {
    /// Waits until a request of this kind may leave.
    pub(crate) async fn wait(&self, call: Call, account: &str, region: &str) {
        let at = self.with_lane(call, account, region, |lane| lane.reserve(Instant::now()));
        tokio::time::sleep_until(at).await;
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
        let (name, _, _) = allowance(call);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (name, account.to_owned(), region.to_owned());
        f(lanes.entry(key).or_insert_with(|| Lane::new(call, Instant::now())))
    }
}

/// The requests a second that a call may take, below what AWS allows, and how many may leave at once.
///
/// AWS documents 20 a second for all of Identity Center's administration together, 20 for each API of an identity
/// store, and 2 for `LookupEvents`; the others are not documented and kept moderate.
fn allowance(call: Call) -> (&'static str, u32, u32) {
    let action = call.action();
    match action.split_once(':').map_or("", |(service, _)| service) {
        "sso" => ("sso", 16, 12),
        "identitystore" => (action, 16, 8),
        "cloudtrail" => ("cloudtrail", 2, 1),
        "organizations" => (action, 10, 5),
        _ => (action, 20, 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_a_burst_go_and_then_keeps_the_distance() {
        let now = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, now);
        let times: Vec<Duration> = (0..30).map(|_| lane.reserve(now).duration_since(now)).collect();
        assert_eq!(times.iter().filter(|time| time.is_zero()).count(), 13);
        // Never more than the 20 that AWS allows in the first second.
        assert!(times.iter().filter(|time| **time < Duration::from_secs(1)).count() <= 28);
        assert!(times[29] > Duration::from_secs(1));
    }

    #[test]
    fn slows_down_when_refused_and_recovers() {
        let now = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, now);
        lane.refused(now);
        assert_eq!(lane.spacing, lane.usual * 2);
        assert!(lane.reserve(now) > now);
        for _ in 0..20 {
            lane.answered();
        }
        assert_eq!(lane.spacing, lane.usual);
    }
}
