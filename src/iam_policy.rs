//! The little evaluation of IAM policies that the rules need: is a statement about this request? Three-valued, since
//! the request is never seen: only what AWS documents of it is known, and a statement that hangs on anything else is
//! undecided, with the reason. It does not know which policies there are or how they combine.

mod classes;
mod condition;
mod document;
mod effort;
mod listed;
mod pattern;
mod principal;
mod reckoned;
mod remaining;
mod request;
mod statement;
#[cfg(test)]
mod tests;
mod truth;

use std::fmt;

use serde::Deserialize;

pub use effort::Effort;
pub use reckoned::{Part, Reckoned, Reckoning};
pub use remaining::{Cut, Doubt, Layer, Remaining, Says, cuts, remaining};
pub use request::{Caller, Context, HEX_DIGIT, Key, Request, Text};
pub use statement::{Match, Statement};

/// What a statement does with what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Effect {
    /// It lets it happen.
    Allow,
    /// It forbids it, whatever else allows it.
    Deny,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

/// A statement of which it cannot be told whether it is about the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The statement, by its Sid or place.
    pub statement: String,
    /// Why, as a clause.
    pub why: String,
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be decided: {}", self.statement, self.why)
    }
}

/// What the statements of one effect come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<'a> {
    /// This one is about the request: the first of them.
    Applies(&'a Statement),
    /// None is known to be, but these may be.
    Undecided(Vec<Undecided>),
    /// None is.
    Nothing,
}

/// Whether a policy that must allow lets a request through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission<'a> {
    /// It does.
    Admitted,
    /// This statement denies it.
    Denied(&'a Statement),
    /// No statement allows it.
    NotAllowed,
    /// It cannot be told, because of these statements.
    Undecided(Vec<Undecided>),
}

impl Policy {
    /// Reads a document. `Err`: why it cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: document::RawPolicy = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let variables = raw.version.as_deref() == Some("2012-10-17");
        let statements = raw.statement.0.into_iter().zip(1..);
        let statements = statements.map(|(raw, place)| Statement::new(raw, place, variables)).collect::<Result<_, _>>();
        Ok(Self { statements: statements? })
    }

    /// What the statements of one effect say of a call.
    pub fn says(&self, effect: Effect, request: &Request) -> Said<'_> {
        let mut undecided = Vec::new();
        for statement in self.statements.iter().filter(|statement| statement.effect == effect) {
            match statement.judge(request) {
                Match::Applies => return Said::Applies(statement),
                Match::DoesNotApply => {}
                Match::Undecided(why) => undecided.push(Undecided { statement: statement.label(), why }),
            }
        }
        if undecided.is_empty() { Said::Nothing } else { Said::Undecided(undecided) }
    }

    /// Whether the policy lets a request through, as a trust policy does: something allows it and nothing denies it.
    pub fn admits(&self, request: &Request) -> Admission<'_> {
        match (self.says(Effect::Deny, request), self.says(Effect::Allow, request)) {
            (Said::Applies(statement), _) => Admission::Denied(statement),
            (_, Said::Nothing) => Admission::NotAllowed,
            (Said::Nothing, Said::Applies(_)) => Admission::Admitted,
            (Said::Undecided(undecided), Said::Applies(_)) | (Said::Nothing, Said::Undecided(undecided)) => {
                Admission::Undecided(undecided)
            }
            (Said::Undecided(mut undecided), Said::Undecided(more)) => {
                undecided.extend(more);
                Admission::Undecided(undecided)
            }
        }
    }

    /// Whether any statement names resources: a trust policy that AWS takes names none, and is about the role that has it.
    pub fn names_resources(&self) -> bool {
        self.statements.iter().any(Statement::names_resources)
    }

    /// The federated principals that the policy allows something, in order.
    pub fn federated_principals(&self) -> Vec<&str> {
        let allowing = self.statements.iter().filter(|statement| statement.effect == Effect::Allow);
        allowing.flat_map(Statement::federated).collect()
    }
}

/// Whether two policies are the same, whatever their white space and the order of their keys.
pub fn is_same(a: &str, b: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    a == b || matches!((parse(a), parse(b)), (Some(a), Some(b)) if a == b)
}
