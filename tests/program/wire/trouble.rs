//! Trouble on the way to AWS, or at AWS: some of it passes, some does not. What passes changes nothing; what does not is
//! a gap, in good time.

use std::time::Duration;

use crate::wire::parallel;
use crate::wire::run::Answer;
use crate::wire::sameness::{lasting, same_or_none};
use crate::wire::untouched::Untouched;
use served::{Fault, Kind};

/// Actions of each service without which nothing is proven of `healthy--group`.
const NEEDED: [&str; 6] = [
    "organizations:DescribeAccount",
    "identitystore:DescribeUser",
    "sso:ListPermissionSetsProvisionedToAccount",
    "sso:DescribePermissionSet",
    "iam:ListRoles",
    "iam:ListPolicies",
];

const SLOW_DOWN: Kind = Kind::Throttled { retry_after: None };

/// Puts the healthy question in each of these troubles with each needed action, for ever or so many times.
fn in_each(
    kinds: &[Kind],
    times: Option<u32>,
    options: &[&str],
    check: impl Fn(&Answer, &Answer, &str) -> Result<(), String> + Sync,
) {
    let healthy = Untouched::ask("healthy--group");
    let cases: Vec<(&str, &Kind)> =
        NEEDED.iter().flat_map(|action| kinds.iter().map(move |kind| (*action, kind))).collect();
    parallel::each(
        &cases,
        |(action, kind)| (*action, (*kind).clone()),
        |(action, kind)| {
            let fault = Fault { times, ..Fault::on(action, (*kind).clone()) };
            let (_served, question) = healthy.serve(|conduct| conduct.with_fault(fault));
            check(&healthy.answer, &question.with(options).ask(), action)
        },
    );
}

/// The reasons that the answer gives for not knowing what was asked for.
fn reasons(answer: &Answer, action: Option<&str>) -> Result<Vec<String>, String> {
    let json = answer.json()?;
    let gaps = json["gaps"].as_array().cloned().unwrap_or_default();
    let asked = gaps.iter().filter(|gap| gap["reason"] != "not-asked");
    let told = asked.filter(|gap| action.is_none_or(|action| gap["call"] == action));
    let reasons: Vec<String> = told.filter_map(|gap| gap["reason"].as_str().map(str::to_owned)).collect();
    if reasons.is_empty() { Err(format!("gives no reason\n{}", answer.brief())) } else { Ok(reasons) }
}

fn unchanged(untouched: &Answer, answer: &Answer) -> Result<(), String> {
    if lasting(untouched)? == lasting(answer)? { Ok(()) } else { Err(answer.brief()) }
}

#[test]
fn what_passes_changes_nothing() {
    let kinds =
        [Kind::Reset, Kind::Truncated, Kind::BadGateway, Kind::ServerError, Kind::Throttled { retry_after: Some(1) }];
    in_each(&kinds, Some(1), &[], |untouched, answer, _| unchanged(untouched, answer));
}

#[test]
fn patience_with_a_busy_service_changes_nothing() {
    in_each(&[SLOW_DOWN], Some(3), &[], |untouched, answer, _| unchanged(untouched, answer));
}

#[test]
fn what_does_not_pass_is_a_gap() {
    let kinds = [Kind::Reset, Kind::Truncated, Kind::BadGateway, Kind::ServerError];
    in_each(&kinds, None, &[], |untouched, answer, action| {
        same_or_none(untouched, answer, Some(action))?;
        let reasons = reasons(answer, Some(action))?;
        if reasons.iter().all(|reason| reason == "failed") { Ok(()) } else { Err(format!("{reasons:?}")) }
    });
}

#[test]
fn throttled_for_ever_ends_with_the_timeout() {
    in_each(&[SLOW_DOWN], None, &["--timeout", "5s"], |untouched, answer, _| {
        same_or_none(untouched, answer, None)?;
        let reasons = reasons(answer, None)?;
        let fits = reasons.iter().all(|reason| matches!(reason.as_str(), "throttled" | "timed-out"));
        if fits && answer.took < Duration::from_secs(40) {
            Ok(())
        } else {
            Err(format!("{reasons:?} after {:?}", answer.took))
        }
    });
}

#[test]
fn no_answer_ends_with_the_timeout() {
    in_each(&[Kind::Hang], None, &["--timeout", "3s"], |untouched, answer, _| {
        same_or_none(untouched, answer, None)?;
        let reasons = reasons(answer, None)?;
        // Three seconds, and time to start on a busy machine; without the deadline it would be at least twenty.
        if reasons.iter().all(|reason| reason == "timed-out") && answer.took < Duration::from_secs(18) {
            Ok(())
        } else {
            Err(format!("{reasons:?} after {:?}", answer.took))
        }
    });
}

#[test]
fn a_server_that_is_gone_is_an_error_in_one_line() {
    let healthy = Untouched::ask("healthy--group");
    let (served, question) = healthy.serve(|conduct| conduct);
    drop(served);
    let answer = question.with(&["--timeout", "5s"]).ask();
    let error = answer.error().unwrap_or_default();
    assert_eq!((answer.code, error["code"].as_str()), (1, Some("unreachable")), "{}", answer.brief());
    assert_eq!(answer.stderr.lines().count(), 2, "what is wrong, and what to do: {}", answer.stderr);
}
