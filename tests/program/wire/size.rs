//! A large organization: 100,000 users, 2,000 groups, 1,000 accounts, 500 permission sets. What is asked grows with the
//! question and not with the organization, and stays within AWS's rates.

use std::time::Duration;

use crate::wire::run::{Answer, Question};
use served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

fn ask(organization: Organization, question: &str) -> (Served, Answer) {
    ask_with(Conduct::default().with_page_size(20).with_rates(), organization, question)
}

fn ask_with(conduct: Conduct, organization: Organization, question: &str) -> (Served, Answer) {
    let served = Served::start(organization, conduct);
    let question = Question::new(question).with(&["--target-role", READ_ROLE]);
    let answer = question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask();
    (served, answer)
}

/// A round is a question that needs the answer to the one before.
#[test]
fn takes_six_rounds_where_all_is_well() {
    let latency = Duration::from_millis(400);
    let conduct = Conduct::default().with_latency(400).with_rates();
    let (served, answer) = ask_with(conduct, Organization::large(5_000, 500, 200, 100), "jane.doe 123456789012");
    assert_eq!(answer.code, 0, "{}", answer.brief());
    let calls = served.calls();
    let came = || calls.iter().map(|call| call.at);
    let between = came().max().unwrap_or_default().saturating_sub(came().min().unwrap_or_default());
    assert!(between < 6 * latency, "the last question came {between:?} after the first, of {latency:?} each");
    assert!(calls.len() < 60, "{} calls", calls.len());
    assert_eq!(served.refused_by_rate(), 0);
}

#[test]
fn is_answered_with_few_calls_and_within_the_rates() {
    let large = Organization::large(100_000, 2_000, 1_000, 500);

    let (served, answer) = ask(large.clone(), "jane.doe 123456789012");
    assert_eq!(answer.code, 0, "{}", answer.brief());
    let calls = served.calls().len();
    assert!(calls < 250, "{calls} calls for a healthy verdict");

    // To say that there is no way, every permission set has to be asked about; that is all it takes.
    let mut left_out = large;
    left_out.remove_member("DataAnalysts", "jane.doe");
    let (served, answer) = ask(left_out, "jane.doe 123456789012");
    let json = answer.json().unwrap();
    assert_eq!(
        (answer.code, json["root_cause"]["rule"].as_str()),
        (10, Some("not-in-assigned-group")),
        "{}",
        answer.brief()
    );
    let (calls, refused) = (served.calls().len(), served.refused_by_rate());
    assert!(calls < 1_200, "{calls} calls for a negative verdict");
    assert!(refused * 20 < calls, "{refused} of {calls} calls came too fast");
}
