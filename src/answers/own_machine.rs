//! The machine of the person who asks about themselves, beside what is known of their access.

use crate::answers::diagnosis::PathReport;
use crate::evidence::Evidence;
use crate::machine::{self, Access, OwnMachine};
use crate::verdict::{PathState, Verdict};

/// Concludes from the machine what can be concluded; `None` where nobody asked about themselves.
pub fn examine(evidence: &Evidence, verdict: Verdict, ways: &[PathReport], is_unknown: bool) -> Option<OwnMachine> {
    let machine = evidence.machine.as_ref()?;
    let assigned = |shut: bool| {
        let ways = ways.iter().filter(|way| way.stands && (way.state == PathState::Shut) == shut);
        let mut names: Vec<String> = ways.filter_map(|way| way.permission_set.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    let enters = matches!(verdict, Verdict::Reachable | Verdict::Degraded);
    let access = Access { open: assigned(false), shut: assigned(true), enters, is_unknown };
    Some(machine::examine(evidence, machine, access))
}

/// The whole in one or two sentences, for a summary.
pub fn statement(own: &OwnMachine) -> String {
    match own.faults.as_slice() {
        [] => own.portal.clone(),
        [only] => format!("{} On this machine: {}", own.portal, only.fault.message),
        [first, rest @ ..] => {
            format!("{} On this machine: {} ({} more)", own.portal, first.fault.message, rest.len())
        }
    }
}

/// The verdict with what the machine tells: a fault there degrades an access that is known, and never proves that there
/// is none. What the access portal lists changes nothing: it lists what is assigned, and also what is broken further on;
/// its silence may mean that the sign-in is another person's, or belongs to another Identity Center.
pub fn beside(verdict: Verdict, own: &OwnMachine) -> Verdict {
    match (verdict, own.faults.is_empty()) {
        (Verdict::Reachable, false) => Verdict::Degraded,
        (verdict, _) => verdict,
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
