//! A large organization: 100,000 users, 2,000 groups, 1,000 accounts, 500 permission sets. What is asked grows with the
//! question and not with the organization, and stays within AWS's rates.

use std::ops::RangeInclusive;
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

/// An answer over an organization of 500 permission sets, whose requests have all succeeded.
fn ask_of_500(change: impl FnOnce(&mut Organization), conduct: Conduct, question: &str) -> (Served, Answer) {
    let mut large = Organization::large(300, 600, 50, 500);
    change(&mut large);
    large.creation_requests.retain(|request| request.status != "FAILED");
    ask_with(conduct, large, question)
}

/// How often Identity Center was asked.
fn of_identity_center(served: &Served) -> usize {
    served.calls().iter().filter(|call| call.action.starts_with("sso:")).count()
}

#[track_caller]
fn hold(served: &Served, answer: &Answer, calls: &[(&str, RangeInclusive<usize>)]) {
    for (action, times) in calls {
        let count = served.count(action);
        assert!(times.contains(&count), "{count} of {action}, not {times:?}\n{}", answer.brief());
    }
}

/// How many rounds the questions came in: one begins with the first question that may have waited for an answer to the
/// first of the round before.
fn rounds(served: &Served, latency: Duration) -> usize {
    let mut times: Vec<Duration> = served.calls().iter().map(|call| call.at).collect();
    times.sort_unstable();
    let (mut rounds, mut begun) = (0, None);
    for at in times {
        if begun.is_none_or(|begun| at >= begun + latency) {
            (rounds, begun) = (rounds + 1, Some(at));
        }
    }
    rounds
}

/// Three permission sets are read in the rounds of one; what limits them, and requests that failed, hold nothing up.
#[test]
fn takes_six_rounds_for_three_permission_sets_through_six_groups() {
    let latency = Duration::from_millis(600);
    let mut large = Organization::large(5_000, 500, 1_000, 500);
    large.give_three_sets("break-glass", "prod-data");
    let conduct = Conduct::default().with_latency(600).with_rates();
    let (served, answer) = ask_with(conduct, large, "break-glass 123456789012");
    assert_eq!(answer.code, 0, "{}", answer.brief());
    let rounds = rounds(&served, latency);
    assert!(rounds <= 6, "{rounds} rounds");
    assert_eq!(served.refused_by_rate(), 0);
    let called = of_identity_center(&served);
    assert!(called <= 25, "{called} questions to Identity Center, which takes 20 at once and 20 a second");
    assert_eq!(served.count("sso:DescribeAccountAssignmentCreationStatus"), 0);
}

#[test]
fn proves_that_nothing_is_assigned_by_what_the_account_has() {
    let crowd = |large: &mut Organization| large.crowd("log-archive", 19);
    let (served, answer) = ask_of_500(crowd, Conduct::default(), "break-glass 666677778888");
    let root = &answer.json().unwrap()["root_cause"];
    assert_eq!(
        (answer.code, &root["rule"], &root["confidence"]),
        (10, &"not-in-assigned-group".into(), &"confirmed".into())
    );
    hold(&served, &answer, &[("sso:ListAccountAssignments", 20..=20), ("sso:DescribePermissionSet", 12..=20)]);
    let called = of_identity_center(&served);
    assert!(called <= 53, "{called} questions to Identity Center take more than two seconds");
}

#[test]
fn proves_it_of_500_permission_sets_with_little_beside() {
    let crowd = |large: &mut Organization| large.crowd("log-archive", 494);
    let (served, answer) = ask_of_500(crowd, Conduct::default(), "break-glass 666677778888");
    assert_eq!(answer.code, 10, "{}", answer.brief());
    hold(&served, &answer, &[("sso:ListAccountAssignments", 495..=500), ("sso:DescribePermissionSet", 0..=20)]);
    let called = of_identity_center(&served);
    assert!(called <= 500 + 35, "{called} questions to Identity Center");
}

/// At the end of the time the answer says what is likely, and how far it got.
#[test]
fn says_how_far_it_got_when_the_time_is_over() {
    let crowd = |large: &mut Organization| large.crowd("log-archive", 494);
    let conduct = Conduct::default().with_rates();
    let (_, answer) = ask_of_500(crowd, conduct, "break-glass 666677778888 --timeout 3s");
    assert_eq!(answer.code, 12, "{}", answer.brief());
    let notes = answer.json().unwrap()["notes"].to_string();
    assert!(notes.contains("of 495 permission sets had been asked about"), "{notes}");
    assert!(notes.contains("it is likely that nothing is assigned"), "{notes}");
}

/// A permission set is looked for first where its name is known to be.
#[test]
fn finds_a_permission_set_by_a_role_or_a_row() {
    let crowd = |large: &mut Organization| large.crowd("log-archive", 19);
    let (served, answer) = ask_of_500(crowd, Conduct::default(), "jane.doe 666677778888 -p Duty-0020");
    assert_eq!(answer.code, 10, "{}", answer.brief());
    hold(&served, &answer, &[("sso:DescribePermissionSet", 1..=25), ("sso:ListPermissionSets", 0..=0)]);
    let elsewhere = |large: &mut Organization| {
        large.crowd("log-archive", 100);
        large.assign("Duty-0300", "jane.doe", "legacy");
        large.provision("Duty-0300", "legacy");
    };
    let (served, answer) = ask_of_500(elsewhere, Conduct::default(), "jane.doe 666677778888 -p Duty-0300");
    assert_eq!(answer.code, 10, "{}", answer.brief());
    hold(&served, &answer, &[("sso:DescribePermissionSet", 1..=10), ("sso:ListPermissionSets", 0..=0)]);
    hold(&served, &answer, &[("sso:ListAccountAssignmentsForPrincipal", 2..=2)]);
}

#[test]
fn looks_for_close_names_within_a_second() {
    let conduct = Conduct::default().with_latency(100);
    let (served, answer) = ask_with(conduct, Organization::large(20_000, 20, 10, 10), "jane.dough 123456789012");
    assert_eq!(answer.code, 10, "{}", answer.brief());
    hold(&served, &answer, &[("identitystore:ListUsers", 1..=11)]);
    let said = answer.json().unwrap().to_string();
    assert!(said.contains("more were left unread"), "{said}");
}

/// Other people's sessions do not hide the user's own: their role is looked up by its ARN.
#[test]
fn finds_a_session_among_thousands_of_others() {
    let mut acme = Organization::acme();
    acme.let_others_in("prod-data", 3_000, "RedshiftAnalyst");
    let (served, answer) = ask_with(Conduct::default(), acme, "jane.doe 123456789012");
    assert_eq!(answer.code, 0, "{}", answer.brief());
    let in_target = served
        .calls()
        .iter()
        .filter(|call| call.action == "cloudtrail:LookupEvents" && call.account == "123456789012")
        .count();
    assert_eq!(in_target, 2, "one page of everybody's, and one of the role's");
}
