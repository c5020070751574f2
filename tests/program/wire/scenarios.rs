//! The table of scenarios, by gate. Each is told by how it differs from the healthy organization, whose own noise (other
//! people's faults, other accounts' faults, faults long mended) is in all of them and must colour no answer.

mod account;
mod assignment;
mod blind;
mod entitlement;
mod federation;
mod healthy;
mod history;
mod instance;
mod membership;
mod organization_policy;
mod partition;
mod policy;
mod provisioning;
mod role;
mod session;
mod sign_in;
mod user;

use crate::wire::scenario::Scenario;
use crate::wire::{fixture, parallel};

/// Every scenario, in the order of the gates.
pub(crate) fn all() -> Vec<Scenario> {
    [
        healthy::scenarios(),
        blind::scenarios(),
        instance::scenarios(),
        account::scenarios(),
        user::scenarios(),
        sign_in::scenarios(),
        membership::scenarios(),
        assignment::scenarios(),
        entitlement::scenarios(),
        policy::scenarios(),
        provisioning::scenarios(),
        role::scenarios(),
        organization_policy::scenarios(),
        session::scenarios(),
        federation::scenarios(),
        partition::scenarios(),
        history::scenarios(),
    ]
    .concat()
}

/// The scenario of that name.
pub(crate) fn named(name: &str) -> Scenario {
    all().into_iter().find(|scenario| scenario.name == name).unwrap_or_else(|| panic!("no scenario {name}"))
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = all().iter().map(|scenario| scenario.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn each_gets_its_answer_live_and_the_same_from_its_recording() {
    let check = |scenario: &Scenario| fixture::compare(scenario.name, &scenario.recorded()?);
    // Whole recordings first: the others are kept as patches of them.
    let (whole, patches): (Vec<_>, Vec<_>) = all().into_iter().partition(|scenario| fixture::is_whole(scenario.name));
    for scenarios in [whole, patches] {
        parallel::each(&scenarios, |scenario| scenario.name, check);
    }
}
