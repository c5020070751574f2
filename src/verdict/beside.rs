//! What the person's own machine and access portal make of an answer.

use super::Verdict;
use crate::own_machine::OwnMachine;

/// The verdict with what the machine tells. A portal that lists the account settles what Identity Center left open,
/// unless a fault was found there; its silence settles nothing, since the sign-in may be another person's or belong to
/// another Identity Center. A fault on the machine degrades an access that is known, and never proves that there is none.
pub fn beside(verdict: Verdict, found_any: bool, own: &OwnMachine) -> Verdict {
    let lists = own.listed.as_ref().is_some_and(|listed| !listed.is_empty());
    let settled = verdict == Verdict::Inconclusive && lists && !found_any;
    let enters = settled || verdict == Verdict::Reachable;
    match (enters, own.faults.is_empty()) {
        (true, true) => Verdict::Reachable,
        (true, false) => Verdict::Degraded,
        (false, _) => verdict,
    }
}
