//! AWS's request rates, as token buckets: 20 a second over all of sso-admin for an account, 20 a second for each
//! operation of the identity store, 2 a second of `LookupEvents` for an account and Region.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

use super::call::{Call, Service};

/// The buckets that have been drawn from.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rates {
    /// Whether a call is within its rate; a bucket holds one second's worth.
    pub(crate) fn admit(&self, call: &Call) -> bool {
        let (key, a_second) = match call.service {
            Service::SsoAdmin => (format!("sso {}", call.caller.account), 20.0),
            Service::IdentityStore => (format!("{} {}", call.action(), call.region), 20.0),
            Service::CloudTrail => (format!("trail {} {}", call.caller.account, call.region), 2.0),
            _ => return true,
        };
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = buckets.entry(key).or_insert((a_second, now));
        *left = (*left + now.duration_since(*at).as_secs_f64() * a_second).min(a_second);
        *at = now;
        let admitted = *left >= 1.0;
        if admitted {
            *left -= 1.0;
        }
        admitted
    }
}
