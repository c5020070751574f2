//! A fact is one question put to AWS and what came back. There is a single way to its value, [`Fact::known`], and that
//! returns a [`Gap`] wherever the value is not known: nobody can mistake "could not look" for "is not there".

mod recorded;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Call;

/// What came back. "There is none" is knowledge: it is a `Known` that holds `None` or an empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed<T> {
    /// AWS answered, all pages of it.
    Known(T),
    /// It did not, or was not asked.
    Missing(Missing),
}

/// Why a value is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// In one word.
    pub reason: Reason,
    /// Of a failure, AWS's error code, or a word for what went wrong on the way; else empty.
    pub code: String,
    /// AWS's own text; of what took too long or was not asked, why, in words.
    pub message: String,
}

impl Missing {
    /// Any but a failure.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, code: String::new(), message: message.into() }
    }

    /// The whole in words.
    pub fn words(&self) -> String {
        match self.reason {
            Reason::Failed => format!("{}: {}", self.code, self.message),
            Reason::Denied | Reason::Throttled | Reason::TimedOut | Reason::NotAsked => self.message.clone(),
        }
    }
}

impl<T> Observed<T> {
    /// No value, for any reason but a failure.
    pub fn missing(reason: Reason, message: impl Into<String>) -> Self {
        Self::Missing(Missing::new(reason, message))
    }

    /// The value, or why it is not there.
    pub const fn known(&self) -> Result<&T, &Missing> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Missing(missing) => Err(missing),
        }
    }

    /// Whether there is no value for this reason.
    pub fn is_missing(&self, reason: Reason) -> bool {
        matches!(self, Self::Missing(missing) if missing.reason == reason)
    }
}

/// One question put to AWS: which, where, when, and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    /// The action.
    pub call: Call,
    /// The account whose permissions the call needs; `None` where not even the caller is known.
    pub account: Option<String>,
    /// The Region that was asked; `None` for global services.
    pub region: Option<String>,
    /// AWS's id for the (last) request.
    pub request_id: Option<String>,
    /// When the answer came, by the clock of the machine that asked.
    pub at: Option<Timestamp>,
    /// What came back.
    pub observed: Observed<T>,
}

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The caller may not read it.
    Denied,
    /// AWS kept asking to slow down.
    Throttled,
    /// AWS, or the way to it, failed, or the answer lacked what was asked for.
    Failed,
    /// No answer in time.
    TimedOut,
    /// The question was not put.
    NotAsked,
}

/// Something that could not be read, and what would settle it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The call that would have told.
    pub call: Call,
    /// The account that must allow it.
    pub account: Option<String>,
    /// The Region asked, where it matters.
    pub region: Option<String>,
    /// Why it is not known.
    pub reason: Reason,
    /// The same in words.
    pub message: String,
    /// Whether the answer came: it was read, and does not tell.
    pub answered: bool,
    /// Whether no permission of that account would help: AWS answers such questions to others alone.
    pub in_vain: bool,
}

impl Gap {
    /// The action that has to be allowed for it to be read; `None` where allowing it would change nothing.
    pub fn allow(&self) -> Option<&'static str> {
        if self.is_for_want_of_the_key() {
            return Some(DECRYPT);
        }
        match self.reason {
            _ if self.in_vain => None,
            // A question that was not put would still need to be allowed; one that failed was.
            Reason::Denied | Reason::NotAsked => Some(self.call.action()),
            Reason::Throttled | Reason::Failed | Reason::TimedOut => None,
        }
    }

    /// Whether the caller may ask, but may not use the KMS key with which the instance is encrypted. AWS says so by a
    /// reason beside the error's code, or in its text alone.
    pub fn is_for_want_of_the_key(&self) -> bool {
        let denied = match self.reason {
            Reason::Denied => true,
            Reason::Failed => {
                let text = self.message.to_ascii_uppercase();
                text.contains("KMS_ACCESS_DENIED") || text.contains("KMS_ACCESSDENIED")
            }
            Reason::Throttled | Reason::TimedOut | Reason::NotAsked => false,
        };
        denied && self.message.contains(DECRYPT)
    }
}

/// What whoever asks must be allowed on the key of an instance that is encrypted with a customer managed one.
const DECRYPT: &str = "kms:Decrypt";

/// One or more gaps: the error side of whatever a rule asks of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gaps(pub Vec<Gap>);

impl From<Gap> for Gaps {
    fn from(gap: Gap) -> Self {
        Self(vec![gap])
    }
}

impl Gaps {
    /// `Ok` where there is no gap.
    pub fn none_or_err(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Keeps the gap of a `Result` and hands on its value.
    pub fn keep<T>(&mut self, result: Result<T, impl Into<Self>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(gaps) => {
                self.0.extend(gaps.into().0);
                None
            }
        }
    }
}

impl<T> Fact<T> {
    /// A question that was not put, and why.
    pub fn not_asked(call: Call, because: impl Into<String>) -> Self {
        Self {
            call,
            account: None,
            region: None,
            request_id: None,
            at: None,
            observed: Observed::missing(Reason::NotAsked, because),
        }
    }

    /// The value, or the gap that stands in its place.
    pub fn known(&self) -> Result<&T, Gap> {
        self.observed.known().map_err(|missing| self.gap(missing.reason, missing.words()))
    }

    /// A gap about this very question; for answers that came but do not tell.
    pub fn gap(&self, reason: Reason, message: impl Into<String>) -> Gap {
        Gap {
            call: self.call,
            account: self.account.clone(),
            region: self.region.clone(),
            reason,
            message: message.into(),
            answered: matches!(self.observed, Observed::Known(_)) && reason == Reason::Failed,
            in_vain: false,
        }
    }

    /// The answer came, but without what was looked for, or with a value this version does not know.
    pub fn unclear(&self, message: impl Into<String>) -> Gap {
        self.gap(Reason::Failed, message)
    }

    /// Whether the question was left out.
    pub fn is_not_asked(&self) -> bool {
        self.observed.is_missing(Reason::NotAsked)
    }

    /// Another view of the same answer, which stays.
    pub fn view<U>(&self, f: impl FnOnce(&T) -> U) -> Fact<U> {
        let observed = match &self.observed {
            Observed::Known(value) => Observed::Known(f(value)),
            Observed::Missing(missing) => Observed::Missing(missing.clone()),
        };
        let Self { call, account, region, request_id, at, .. } = self;
        let (account, region, request_id) = (account.clone(), region.clone(), request_id.clone());
        Fact { call: *call, account, region, request_id, at: *at, observed }
    }

    /// Another view of the same answer.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        let observed = match self.observed {
            Observed::Known(value) => Observed::Known(f(value)),
            Observed::Missing(missing) => Observed::Missing(missing),
        };
        Fact {
            call: self.call,
            account: self.account,
            region: self.region,
            request_id: self.request_id,
            at: self.at,
            observed,
        }
    }
}
