//! Keeps below the rates at which AWS refuses, and leaves room for others: the 20 requests a second that Identity
//! Center allows are shared by everybody in the organization.

use std::collections::{HashMap, VecDeque};
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
    /// How many requests may leave within any second.
    usual: usize,
    /// The same for now: fewer for a while after AWS refused one.
    allowed: usize,
    /// When the last requests left, or will leave.
    departures: VecDeque<Instant>,
    /// AWS refused one: nothing leaves before this.
    not_before: Instant,
}

/// A little more than the second that AWS counts by, for requests that arrive closer together than they left.
const WINDOW: Duration = Duration::from_millis(1050);

impl Lane {
    fn new(call: Call, now: Instant) -> Self {
        let (_, usual) = allowance(call);
        Self { usual, allowed: usual, departures: VecDeque::with_capacity(usual), not_before: now }
    }

    /// When the next request may leave.
    fn reserve(&mut self, now: Instant) -> Instant {
        let earlier = self.departures.len().checked_sub(self.allowed).and_then(|at| self.departures.get(at));
        let at = earlier.map_or(now, |earlier| *earlier + WINDOW).max(now).max(self.not_before);
        self.departures.push_back(at);
        if self.departures.len() > self.usual {
            self.departures.pop_front();
        }
        at
    }

    fn refused(&mut self, now: Instant) {
        self.allowed = (self.allowed / 2).max(1);
        self.not_before = self.not_before.max(now + WINDOW / 4);
    }

    fn answered(&mut self) {
        self.allowed = (self.allowed + 1).min(self.usual);
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
fn allowance(call: Call) -> (&'static str, usize) {
    let action = call.action();
    match action.split_once(':').map_or("", |(service, _)| service) {
        "sso" => ("sso", 18),
        "identitystore" => (action, 18),
        "account-access" => ("account-access", 18),
        "cloudtrail" => ("cloudtrail", 2),
        "organizations" => (action, 10),
        _ => (action, 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_lets_more_leave_within_a_second_than_allowed() {
        let start = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, start);
        let times: Vec<Instant> = (0..100).map(|_| lane.reserve(start)).collect();
        for (index, time) in times.iter().enumerate() {
            let within =
                times[index..].iter().filter(|other| other.duration_since(*time) < Duration::from_secs(1)).count();
            assert!(within <= 18, "{within} from {index} on");
        }
        assert_eq!(times.iter().filter(|time| **time == start).count(), 18);
    }

    #[test]
    fn slows_down_when_refused_and_recovers() {
        let now = Instant::now();
        let mut lane = Lane::new(Call::ListPermissionSets, now);
        lane.refused(now);
        assert_eq!(lane.allowed, 9);
        assert!(lane.reserve(now) > now);
        for _ in 0..20 {
            lane.answered();
        }
        assert_eq!(lane.allowed, lane.usual);
    }
}
