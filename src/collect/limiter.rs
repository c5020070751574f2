//! Keeps below the rates at which AWS refuses, and leaves room for others: the 20 requests a second that Identity
//! Center allows are shared by everybody in the organization. AWS counts by a bucket that refills, and so does this:
//! what was not used in the last second may leave at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
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

/// Lets requests leave, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    lanes: Mutex<HashMap<Key, Lane>>,
    /// How many requests a second Identity Center's administration may be sent, where that was said.
    rate: Option<u32>,
}

#[derive(Debug)]
struct Lane {
    /// How many requests a second leave as a rule.
    usual: f64,
    /// The same for now: fewer for a while after AWS refused one.
    rate: f64,
    /// How many the bucket holds.
    size: f64,
    /// What is in it.
    tokens: f64,
    /// When that was so.
    at: Instant,
    /// AWS refused one: nothing leaves before this.
    not_before: Instant,
    /// When AWS last refused one that had left at the present rate.
    slowed: Option<Instant>,
    /// How many essential questions wait.
    waiting: usize,
    /// Whose turn it is among them: whoever waits longest.
    essential: Turn,
    /// The same among those that only refine.
    refining: Turn,
}

/// Only whoever holds it may leave next.
type Turn = Arc<tokio::sync::Mutex<()>>;

/// The slowest that refusals make a lane.
const SLOWEST: f64 = 1.0;
/// How much faster each answer makes a lane that was slowed down.
const RECOVERY: f64 = 0.5;

impl Lane {
    fn new(call: Call, now: Instant) -> Self {
        let Allowance { rate, size, .. } = allowance(call);
        let (essential, refining) = (Turn::default(), Turn::default());
        Self {
            usual: rate,
            rate,
            size,
            tokens: size,
            at: now,
            not_before: now,
            slowed: None,
            waiting: 0,
            essential,
            refining,
        }
    }

    /// Lets so many leave in a second.
    fn go_at(&mut self, rate: f64) {
        (self.usual, self.rate) = (rate, rate);
        self.size = self.size.min(rate);
        self.tokens = self.size;
    }

    fn refill(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.rate).min(self.size);
        self.at = self.at.max(now);
    }

    /// Lets a request leave, or says when to come again: what only refines not while something essential waits.
    fn take(&mut self, now: Instant, urgency: Urgency) -> Result<(), Instant> {
        self.refill(now);
        let ahead = if urgency == Urgency::Refining { self.waiting } else { 0 };
        if ahead == 0 && self.tokens >= 1.0 && now >= self.not_before {
            self.tokens -= 1.0;
            return Ok(());
        }
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        let missing = (f64::from(ahead) + 1.0 - self.tokens).max(0.0);
        // A little later than that, since clocks count in whole steps.
        let until = Duration::from_secs_f64(missing / self.rate) + Duration::from_micros(100);
        Err((now + until).max(self.not_before))
    }

    /// One that had left at some time was refused. Those that were on their way together count as one refusal.
    fn refused(&mut self, now: Instant, left: Instant) {
        self.refill(now);
        // Whatever was thought to be left is not.
        self.tokens = self.tokens.min(0.0);
        if self.slowed.is_none_or(|slowed| left > slowed) {
            self.slowed = Some(now);
            self.rate = (self.rate / 2.0).max(SLOWEST);
            self.not_before = self.not_before.max(now + Duration::from_millis(250));
        }
    }

    fn answered(&mut self) {
        self.rate = (self.rate + RECOVERY).min(self.usual);
    }
}

/// One essential question that waits. It may be given up at any time.
struct Waiting<'a> {
    limiter: &'a Limiter,
    key: &'a Key,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.limiter.with_known(self.key, |lane| lane.waiting -= 1);
    }
}

impl Limiter {
    /// With so many requests a second for Identity Center's administration.
    pub(crate) fn at(rate: Option<u32>) -> Self {
        Self { rate, ..Self::default() }
    }

    /// Waits until a request of this kind may leave.
    pub(crate) async fn wait(&self, call: Call, account: &str, region: &str, urgency: Urgency) {
        let key = key(call, account, region);
        let (turn, _waiting) = match urgency {
            Urgency::Essential => {
                let turn = self.with_lane(call, &key, |lane| {
                    lane.waiting += 1;
                    Arc::clone(&lane.essential)
                });
                (turn, Some(Waiting { limiter: self, key: &key }))
            }
            Urgency::Refining => (self.with_lane(call, &key, |lane| Arc::clone(&lane.refining)), None),
        };
        let _turn = turn.lock().await;
        while let Err(again) = self.with_lane(call, &key, |lane| lane.take(Instant::now(), urgency)) {
            tokio::time::sleep_until(again).await;
        }
    }

    /// AWS refused one that left at that time, for the rate: halve it, for what waits already too.
    pub(crate) fn refused(&self, call: Call, account: &str, region: &str, left: Instant) {
        self.with_lane(call, &key(call, account, region), |lane| lane.refused(Instant::now(), left));
    }

    /// AWS answered: go back towards the usual rate, a little each time.
    pub(crate) fn answered(&self, call: Call, account: &str, region: &str) {
        self.with_lane(call, &key(call, account, region), Lane::answered);
    }

    /// A request that was let go did not leave.
    pub(crate) fn spared(&self, call: Call, account: &str, region: &str) {
        self.with_lane(call, &key(call, account, region), |lane| lane.tokens = (lane.tokens + 1.0).min(lane.size));
    }

    fn with_lane<T>(&self, call: Call, key: &Key, f: impl FnOnce(&mut Lane) -> T) -> T {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(key.clone()).or_insert_with(|| {
            let mut lane = Lane::new(call, Instant::now());
            if let Some(rate) = self.rate.filter(|_| key.0 == "sso") {
                lane.go_at(f64::from(rate));
            }
            lane
        });
        f(lane)
    }

    fn with_known(&self, key: &Key, f: impl FnOnce(&mut Lane)) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get_mut(key) {
            f(lane);
        }
    }
}

fn key(call: Call, account: &str, region: &str) -> Key {
    (allowance(call).shared_by, account.to_owned(), region.to_owned())
}

/// What requests of a kind may take.
struct Allowance {
    /// What shares it.
    shared_by: &'static str,
    /// How many a second, which is a little less than AWS allows.
    rate: f64,
    /// How many at once where none has left for a while. AWS's own bucket holds a second's worth; the difference is
    /// what may be late on the way.
    size: f64,
}

/// What a call shares its rate with, and how fast it may go.
///
/// AWS documents 20 a second for all of Identity Center's administration together, 20 for each API of an identity
/// store, 20 for account access manager, and 2 for `LookupEvents`; the others are not documented and kept moderate.
fn allowance(call: Call) -> Allowance {
    let action = call.action();
    let (shared_by, rate, size) = match action.split_once(':').map_or("", |(service, _)| service) {
        "sso" => ("sso", 19.5, 18.5),
        "identitystore" => (action, 19.5, 18.5),
        "account-access" => ("account-access", 19.5, 18.5),
        "cloudtrail" if call == Call::LookupEvents => ("cloudtrail", 1.95, 1.95),
        // Queries have rates of their own.
        "cloudtrail" => (action, 5.0, 5.0),
        "organizations" => (action, 10.0, 10.0),
        _ => (action, 20.0, 20.0),
    };
    Allowance { shared_by, rate, size }
}

#[cfg(test)]
mod tests;
