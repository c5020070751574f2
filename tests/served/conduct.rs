//! How the server behaves, as data: page sizes, delay, rate limits, standing denials, and faults that strike calls
//! which match.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How the server behaves. The default is AWS on a good day, as documented.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Conduct {
    /// The most rows on a page, where AWS would allow more.
    pub page_size: Option<usize>,
    /// How long every answer takes.
    #[serde(with = "milliseconds")]
    pub latency: Duration,
    /// Whether AWS's request rates are enforced.
    pub rates: bool,
    /// Whether the delegated administrator may call `sso:ListAccountAssignmentsForPrincipal`. AWS documents that only
    /// the management account may.
    pub delegated_lists_for_principal: bool,
    /// Whether user names, e-mails and group names are looked up without regard to case. AWS doesn't document it.
    pub names_ignore_case: bool,
    /// Whether the organization can be changed.
    pub writable: bool,
    /// What callers lack permission for.
    pub deny: Vec<Deny>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
}

impl Conduct {
    /// With at most so many rows on a page.
    #[must_use]
    pub fn with_page_size(mut self, rows: usize) -> Self {
        self.page_size = Some(rows);
        self
    }

    /// With so many milliseconds before every answer.
    #[must_use]
    pub fn with_latency(mut self, milliseconds: u64) -> Self {
        self.latency = Duration::from_millis(milliseconds);
        self
    }

    /// With AWS's request rates enforced.
    #[must_use]
    pub fn with_rates(mut self) -> Self {
        self.rates = true;
        self
    }

    /// Where the organization can be changed.
    #[must_use]
    pub fn with_writes(mut self) -> Self {
        self.writable = true;
        self
    }

    /// With permission missing for actions that match a pattern, in every account.
    #[must_use]
    pub fn with_denied(mut self, action: &str) -> Self {
        self.deny.push(Deny { action: action.into(), ..Deny::default() });
        self
    }

    /// With a fault.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }
}

/// A permission that is missing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deny {
    /// A pattern of actions, as `iam:*`.
    pub action: String,
    /// Only for callers of this account.
    pub account: Option<String>,
    /// Whether a service control policy denies it, and not want of a policy that allows.
    pub by_scp: bool,
}

/// Something that goes wrong with the calls that match.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// A pattern of actions, as `sso:ListAccountAssignments` or `*`.
    pub action: String,
    /// Only calls whose body holds this.
    #[serde(default)]
    pub body_contains: Option<String>,
    /// Only calls from this account.
    #[serde(default)]
    pub account: Option<String>,
    /// Only calls in this Region.
    #[serde(default)]
    pub region: Option<String>,
    /// Let so many matching calls through first.
    #[serde(default)]
    pub after: u32,
    /// Strike so many, then no more.
    #[serde(default)]
    pub times: Option<u32>,
    /// What goes wrong.
    pub kind: Kind,
}

impl Fault {
    /// A fault that strikes every call of an action (or pattern of actions).
    pub fn on(action: &str, kind: Kind) -> Self {
        Self { action: action.into(), body_contains: None, account: None, region: None, after: 0, times: None, kind }
    }

    /// Only calls whose body holds this.
    #[must_use]
    pub fn containing(mut self, text: &str) -> Self {
        self.body_contains = Some(text.into());
        self
    }

    /// Only calls from this account.
    #[must_use]
    pub fn called_from(mut self, account: &str) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Only calls in this Region.
    #[must_use]
    pub fn in_region(mut self, region: &str) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Let so many matching calls through first.
    #[must_use]
    pub fn after(mut self, calls: u32) -> Self {
        self.after = calls;
        self
    }

    /// Strike so many matching calls, then no more.
    #[must_use]
    pub fn times(mut self, calls: u32) -> Self {
        self.times = Some(calls);
        self
    }
}

/// What goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// No identity-based policy allows the action.
    Denied,
    /// A service control policy denies the action.
    DeniedByScp,
    /// The caller may not use the instance's KMS key.
    DeniedByKms,
    /// Too many requests; the seconds go where the service models them.
    Throttled {
        /// Seconds until another try makes sense.
        retry_after: Option<u64>,
    },
    /// Status 500, in the service's own form.
    ServerError,
    /// Status 502, with a proxy's HTML.
    BadGateway,
    /// A body of somebody else's in the place of the answer.
    Body {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: String,
    },
    /// An answer that is so many MiB long.
    Flood(usize),
    /// The connection is closed without an answer.
    Reset,
    /// The answer breaks off in the middle.
    Truncated,
    /// No answer ever comes.
    Hang,
    /// The answer comes so many milliseconds late.
    Delay(u64),
    /// The first page is empty, with a token; the rows follow on later pages.
    EmptyPageWithToken,
    /// So many pages are empty, each with a token of its own; the rows follow after them.
    EmptyPages(usize),
    /// The next token is always the same, and always leads to the first page.
    RepeatedToken,
    /// Two tokens lead to each other, and both to the first page.
    TokenCycle,
    /// A string member has another value wherever it stands in the answer.
    UnknownEnum {
        /// The member.
        field: String,
        /// Its value.
        value: String,
    },
    /// A member is missing wherever it stands in the answer.
    MissingField {
        /// The member.
        field: String,
    },
    /// The caller's credentials have expired.
    ExpiredToken,
    /// Any other error.
    Error {
        /// The HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// The message.
        message: String,
    },
}

/// A duration as a number of milliseconds.
mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}
