//! What the person's own machine and access portal make of an answer.

use super::Verdict;
use crate::own_machine::OwnMachine;

/// The verdict with what the machine tells. Where nothing else is known, a portal that lists the account settles it;
/// where Identity Center was read in part it does not, since it may list what is broken further on. Its silence settles
/// nothing: the sign-in may be another person's, or belong to another Identity Center. A fault on the machine degrades an
/// access that is known, and never proves that there is none.
pub fn beside(verdict: Verdict, own: &OwnMachine) -> Verdict {
    let lists = own.listed.as_ref().is_some_and(|listed| !listed.is_empty());
    let settled = verdict == Verdict::Inconclusive && own.alone.is_some() && lists;
    let enters = settled || verdict == Verdict::Reachable;
    match (enters, own.faults.is_empty()) {
        (true, true) => Verdict::Reachable,
        (true, false) => Verdict::Degraded,
        (false, _) => verdict,
    }
}
