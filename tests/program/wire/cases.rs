//! Kinds of organization that need no recording of their own in `fixtures/`: each gets its answer over the wire, and the
//! same from its recording. A name ends in `--near-miss…` where one fact differs and the answer is another.

mod commands;
mod events;
mod gates;
mod principals;
mod requests;
mod sentences;
mod session_policies;

use std::collections::BTreeSet;

use crate::wire::parallel;
use crate::wire::scenario::Scenario;

fn all() -> Vec<Scenario> {
    [
        commands::scenarios(),
        events::scenarios(),
        gates::scenarios(),
        principals::scenarios(),
        requests::scenarios(),
        sentences::scenarios(),
        session_policies::scenarios(),
    ]
    .concat()
}

#[test]
fn each_gets_its_answer_live_and_the_same_from_its_recording() {
    let check = |scenario: &Scenario| scenario.recorded().map(|_| ());
    let all = all();
    let names: BTreeSet<&str> = all.iter().map(|scenario| scenario.name).collect();
    assert_eq!(names.len(), all.len(), "names are unique");
    parallel::each(&all, |scenario| scenario.name, check);
}
