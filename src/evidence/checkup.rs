//! What came of trying each call once: whether these credentials, and the way into an account, suffice.

use std::time::Duration;

use super::{AccountRef, Caller, Fact, Instance, Organization, TargetEntry};

/// Each call, tried once.
#[derive(Debug)]
pub struct Checkup {
    /// The account that was to be entered, as it was typed; none was named without.
    pub asked: Option<AccountRef>,
    /// That account's id, where it is known.
    pub account: Option<String>,
    /// Who asks.
    pub caller: Fact<Caller>,
    /// The caller's organization; `None` where the caller's account is in none.
    pub organization: Fact<Option<Organization>>,
    /// The instance that would be asked.
    pub instance: Option<Instance>,
    /// The way into the account; none where no account was named.
    pub entry: Option<Fact<TargetEntry>>,
    /// The role that was named for that.
    pub target_role: Option<String>,
    /// The profile that was named for that.
    pub target_profile: Option<String>,
    /// The profile of whoever asks, as it was given.
    pub profile: Option<String>,
    /// How long AWS was given to answer.
    pub timeout: Duration,
    /// What each call came to. That there is no such thing is an answer, and so is an empty list.
    pub calls: Vec<Fact<()>>,
    /// How many requests AWS was sent.
    pub sent: u32,
}
