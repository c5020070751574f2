//! What is asked about the organization's policies, and what half an answer is enough for.

use crate::wire::scenarios::named;
use served::{Conduct, Fault, Kind, Served};

#[test]
fn asks_for_what_is_attached_on_the_way_up_and_for_no_more() {
    let scenario = named("resource-control-policy-denies");
    let served = scenario.serve();
    scenario.expected.matches(&scenario.question(&served).ask()).unwrap();
    // DescribeAccount tells the path, and AWS's own policies need not be read.
    assert_eq!(served.count("organizations:ListParents"), 0);
    assert_eq!(served.count("organizations:ListRoots"), 1);
    assert_eq!(served.count("organizations:ListPoliciesForTarget"), 8);
    assert_eq!(served.count("organizations:DescribePolicy"), 2);
}

#[test]
fn halfway_up_is_enough_only_where_something_is_found_there() {
    let scenario = named("resource-control-policy-denies");
    for (target, verdict) in [("r-acme", "inconclusive"), ("ou-acme-prod0001", "blocked")] {
        let mut acme = scenario.organization();
        acme.policies.last_mut().expect("the policy").targets = vec![target.to_owned()];
        let withheld = Fault::on("organizations:DescribeAccount", Kind::MissingField { field: "Paths".into() });
        let denied = Fault::on("organizations:ListParents", Kind::Denied).after(1);
        let served = Served::start(acme, Conduct::default().with_fault(withheld).with_fault(denied));
        let answer = scenario.question(&served).ask();
        assert_eq!(answer.json().unwrap()["verdict"], verdict, "{target}: {}", answer.brief());
    }
}

#[test]
fn asks_nothing_where_no_policy_can_bind() {
    let scenario = named("resource-control-policy-denies").asking("jane.doe 111122223333");
    let served = scenario.serve();
    let answer = scenario.question(&served).ask();
    assert!(!answer.stdout.contains("GRSTSDPB"), "{}", answer.brief());
    assert_eq!(served.count("organizations:ListRoots"), 0);
    let scenario = named("resource-control-policy-denies--near-miss-switched-off");
    let served = scenario.serve();
    scenario.expected.matches(&scenario.question(&served).ask()).unwrap();
    assert_eq!(served.count("organizations:ListPoliciesForTarget"), 0);
}
