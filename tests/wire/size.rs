//! A large organization: 100,000 users, 2,000 groups, 1,000 accounts, 500 permission sets. What is asked grows with the
//! question and not with the organization, and stays within AWS's rates.

use crate::run::Question;
use crate::served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

fn ask(organization: Organization, question: &str) -> (Served, crate::run::Answer) {
    let served = Served::start(organization, Conduct::default().with_page_size(20).with_rates());
    let question = Question::new(question).with(&["--target-role", READ_ROLE]);
    let answer = question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask();
    (served, answer)
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
