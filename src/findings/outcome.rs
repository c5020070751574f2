//! What a rule says.

use super::Fault;
use crate::evidence::Gaps;

/// What a rule says: `Err` where what it needs is not known.
pub type Judged = Result<Outcome, Gaps>;

/// What a rule concluded from what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Looked at, and not so.
    Clear,
    /// The question does not arise here.
    NotApplicable,
    /// It is so.
    Fault(Box<Fault>),
}
