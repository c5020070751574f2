//! What the person's own machine makes of an answer.

use super::Verdict;
use crate::own_machine::OwnMachine;

/// The verdict with what the machine tells: a fault there degrades an access that is known, and never proves that there
/// is none. What the access portal lists changes nothing: it lists what is assigned, and also what is broken further on;
/// its silence may mean that the sign-in is another person's, or belongs to another Identity Center.
pub fn beside(verdict: Verdict, own: &OwnMachine) -> Verdict {
    match (verdict, own.faults.is_empty()) {
        (Verdict::Reachable, false) => Verdict::Degraded,
        (verdict, _) => verdict,
    }
}
