//! What was reckoned already. In an organization thousands of sessions are under the same policies, and most policies do
//! not tell these sessions apart.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::request::{Context, Key};
use super::truth::Truth;
use super::{Policy, Statement};

/// How many answers are kept at the most: policies may tell all sessions apart, and then none comes twice.
const MOST: usize = 20_000;

/// What a policy makes of one session. Of sessions that are alike but for some keys, those with the same mark are the same
/// to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mark {
    /// The place in memory where the policy stands as long as it is borrowed.
    policy: usize,
    /// What the conditions on these keys come to.
    met: Vec<Truth>,
    /// The keys themselves, where a policy variable may stand for one.
    keys: Vec<Key>,
}

impl Policy {
    /// Its mark for sessions or calls that are the same to it, whatever it says.
    pub fn mark_of_all(&self) -> Mark {
        Mark { policy: std::ptr::from_ref(self).addr(), met: Vec::new(), keys: Vec::new() }
    }

    /// Its mark for a session; `own` are the keys in which sessions may differ. Most policies ask for none of them.
    pub fn mark<'c>(&self, own: &[&str], context: impl Fn() -> &'c Context) -> Mark {
        let is_own = |key: &str| own.iter().any(|own| own.eq_ignore_ascii_case(key));
        let conditions = self.statements.iter().flat_map(|statement| {
            let own = statement.conditions.iter().filter(|condition| is_own(&condition.key));
            own.map(|condition| statement.holds(condition, context()))
        });
        let has_variables = self.statements.iter().any(Statement::has_variables);
        let keys = own.iter().filter(|_| has_variables).map(|key| context().key(key).clone());
        Mark { policy: std::ptr::from_ref(self).addr(), met: conditions.collect(), keys: keys.collect() }
    }
}

/// What is known of one policy that sessions are under.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// It allows everything, and denies nothing.
    Everything,
    /// That is taken for granted.
    Assumed,
    /// It says something.
    Says(Mark),
    /// It was not read.
    Unread,
}

/// A question about a session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reckoning {
    /// What is asked, in a word.
    pub asked: &'static str,
    /// The account's id, where the answer hangs on the account.
    pub account: Option<String>,
    /// The policies, by tiers of which each has to allow what is done; and whether the tier is the organization's.
    pub tiers: Vec<(bool, Vec<Part>)>,
}

/// Answers to such questions about one organization. They are for whoever borrows it, and may not outlive that: policies
/// are known by where they stand.
#[derive(Debug, Default)]
pub struct Reckoned(RwLock<HashMap<Reckoning, bool>>);

impl Reckoned {
    /// The answer, where it is known.
    pub fn known(&self, reckoning: &Reckoning) -> Option<bool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(reckoning).copied()
    }

    /// Keeps an answer.
    pub fn keep(&self, reckoning: Reckoning, answer: bool) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(reckoning, answer);
        }
    }
}
