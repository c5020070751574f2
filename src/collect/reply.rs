//! What came of a question.

use jiff::Timestamp;

use super::ask::Place;
use super::failure::{Failure, Kind};
use crate::evidence::{Call, Fact, Observed};

/// What came of a question.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(super) call: Call,
    pub(super) place: Place,
    pub(super) request_id: Option<String>,
    pub(super) at: Timestamp,
    pub(crate) result: Result<T, Failure>,
}

impl<T> Reply<T> {
    /// Makes something else of the answer, or says why it cannot be used.
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> Result<U, Failure>) -> Reply<U> {
        Reply {
            call: self.call,
            place: self.place,
            request_id: self.request_id,
            at: self.at,
            result: self.result.and_then(f),
        }
    }

    /// "There is none" is an answer too.
    pub(crate) fn or_none(self) -> Reply<Option<T>> {
        self.or_none_unless(|_| false)
    }

    /// The same, unless AWS says that something else is missing than what was asked for.
    pub(crate) fn or_none_unless(self, other: impl FnOnce(&Failure) -> bool) -> Reply<Option<T>> {
        let result = match self.result {
            Ok(value) => Ok(Some(value)),
            Err(failure) if failure.kind == Kind::NotFound && !other(&failure) => Ok(None),
            Err(failure) => Err(failure),
        };
        Reply { call: self.call, place: self.place, request_id: self.request_id, at: self.at, result }
    }

    /// The reply as a fact.
    pub(crate) fn fact(self) -> Fact<T> {
        let request_id = self.result.as_ref().err().and_then(|failure| failure.request_id.clone()).or(self.request_id);
        let observed = match self.result {
            Ok(value) => Observed::Known(value),
            Err(failure) => Observed::Missing(failure.into()),
        };
        Fact {
            call: self.call,
            account: self.place.account,
            region: self.place.region,
            request_id,
            at: Some(self.at),
            observed,
        }
    }
}

/// Whether an answer is about what was asked: what says to be about something else is no answer.
pub(crate) fn require_same(member: &str, found: &str, asked: &str) -> Result<(), Failure> {
    if found == asked {
        return Ok(());
    }
    Err(Failure::unusable(format!("{asked} was asked about, and the answer has {found} as its {member}")))
}

/// Whether what an answer of IAM names is in the account that was asked.
pub(crate) fn require_account(arn: &str, account: &str) -> Result<(), Failure> {
    // Policies of AWS's own are in the account "aws".
    match arn.split(':').nth(4) {
        Some(owner) if owner == account || owner == "aws" => Ok(()),
        _ => Err(Failure::unusable(format!("account {account} was asked, and the answer has {arn}"))),
    }
}
