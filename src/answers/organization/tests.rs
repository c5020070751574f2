//! What was not read of groups, and groups that are gone: neither is taken for the other.

use super::sample::{assigned, group, members, whole};
use super::{Changes, Scan, compare, prepare, scan};
use crate::evidence::sample::{ACCOUNT, GROUP, SET, USER, denied, group_principal, known};
use crate::evidence::{Answer, Call, Snapshot};

/// A group that was deleted and still has an assignment.
const GONE: &str = "9067f0c1d2-dddddddd-2222-3333-4444-555555555555";

fn with(answers: impl IntoIterator<Item = Answer>) -> Snapshot {
    let mut snapshot = whole();
    answers.into_iter().for_each(|answer| snapshot.apply(answer));
    prepare(snapshot)
}

fn members_of(id: &str, denied_to_us: bool) -> Answer {
    let fact = if denied_to_us { denied(Call::ListGroupMemberships) } else { members(&[USER]) };
    Answer::Members(id.to_owned(), fact)
}

/// The deleted group is assigned beside the living one; AWS has no members of it to list.
fn with_a_group_gone() -> Snapshot {
    with([
        Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(&[group_principal(), group(GONE)])),
        Answer::Group(GONE.to_owned(), known(Call::DescribeGroup, None)),
        members_of(GONE, true),
    ])
}

fn asks_for_members(scan: &Scan) -> bool {
    scan.made.gaps.iter().any(|unread| unread.gap.call == Call::ListGroupMemberships)
}

fn changes(now: &Snapshot, then: &Snapshot) -> Changes {
    let mut answer = scan(now);
    compare(&mut answer, &scan(then), (now, then));
    answer.changes.unwrap_or_default()
}

#[test]
fn a_scan_in_which_everything_was_read_is_complete() {
    let scan = scan(&with([]));
    assert!(scan.made.complete, "{:?}", scan.made.gaps);
    assert!(scan.findings.is_empty(), "{:?}", scan.findings);
}

#[test]
fn members_that_were_not_read_are_told() {
    let scan = scan(&with([members_of(GROUP, true)]));
    assert!(!scan.made.complete && asks_for_members(&scan), "{:?}", scan.made.gaps);
}

#[test]
fn a_group_that_is_gone_has_no_members_to_be_read() {
    let scan = scan(&with_a_group_gone());
    assert!(scan.made.complete && !asks_for_members(&scan), "{:?}", scan.made.gaps);
    let rules: Vec<&str> = scan.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["assignment-orphaned-principal"]);
}

/// Not known whether it is gone: then its members may be there.
#[test]
fn a_group_that_may_be_gone_has_members_that_were_not_read() {
    let scan = scan(&with([
        Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(&[group(GONE)])),
        Answer::Group(GONE.to_owned(), denied(Call::DescribeGroup)),
        members_of(GONE, true),
    ]));
    assert!(!scan.made.complete && asks_for_members(&scan), "{:?}", scan.made.gaps);
}

#[test]
fn nobody_lost_what_was_not_read() {
    let (all, unread) = (with([]), with([members_of(GROUP, true)]));
    for (now, then) in [(&unread, &all), (&all, &unread)] {
        let changes = changes(now, then);
        assert!(!changes.knows_access, "{changes:?}");
        assert!(changes.gained.is_empty() && changes.lost.is_empty(), "{changes:?}");
    }
}

#[test]
fn who_left_a_group_lost_what_it_gave() {
    let left = with([Answer::Members(GROUP.to_owned(), members(&[]))]);
    let changes = changes(&left, &with([]));
    assert!(changes.knows_access && changes.gained.is_empty(), "{changes:?}");
    let lost: Vec<&str> = changes.lost.iter().map(|grant| grant.person.id.as_str()).collect();
    assert_eq!(lost, [USER]);
}

#[test]
fn a_group_that_is_gone_gives_nothing_and_hides_nothing() {
    let changes = changes(&with_a_group_gone(), &with([]));
    assert!(changes.knows_access, "{changes:?}");
    assert!(changes.gained.is_empty() && changes.lost.is_empty(), "{changes:?}");
}
