//! A fault that got worse, one that was put right in part, and one that an older file does not tell of; and whatever is told
//! of some of a finding's accounts is of those alone.

use jiff::civil::date;

use crate::answers::organization::sample::{assigned, members, whole};
use crate::answers::organization::{Accepted, Outcome, Scan, accept, compare, only_new, prepare, scan};
use crate::evidence::sample::{ACCOUNT, GROUP, SET, USER, denied, group_principal, known};
use crate::evidence::{Account, Answer, Call, Fact, Snapshot, User, Version};
use crate::findings::{Confidence, Effect};

const OTHER: &str = "210987654321";
const COLLEAGUE: &str = "9067f0c1d2-22222222-2222-3333-4444-555555555555";
const RULE: &str = "customer-managed-policy-missing";

fn with(answers: impl IntoIterator<Item = Answer>) -> Snapshot {
    let mut snapshot = whole();
    answers.into_iter().for_each(|answer| snapshot.apply(answer));
    prepare(snapshot)
}

/// An answer that something is not there in an account.
fn none<T>(account: &str, call: Call) -> Fact<Vec<T>> {
    Fact { account: Some(account.to_owned()), ..known(call, Vec::new()) }
}

/// The policy that the permission set names is gone.
fn without_policy(account: &str) -> Answer {
    Answer::PoliciesIn(account.to_owned(), none(account, Call::ListPolicies))
}

/// Nor is the permission set provisioned any more in these accounts.
fn without_role(accounts: &[&str]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for version in [Version::Latest, Version::Outdated] {
        let nowhere = known(Call::ListAccountsForProvisionedPermissionSet, Vec::new());
        answers.push(Answer::AccountsOf(SET.to_owned(), version, nowhere));
        let no_sets = |id: &&str| {
            let list = none(id, Call::ListPermissionSetsProvisionedToAccount);
            Answer::SetsOf((*id).to_owned(), version, list)
        };
        answers.extend(accounts.iter().map(no_sets));
    }
    answers.extend(accounts.iter().map(|id| Answer::RolesIn((*id).to_owned(), none(id, Call::ListRoles))));
    answers
}

fn degraded() -> Snapshot {
    with([without_policy(ACCOUNT)])
}

fn shut() -> Snapshot {
    with(without_role(&[ACCOUNT]).into_iter().chain([without_policy(ACCOUNT)]))
}

/// Shut in two accounts, or in the second alone.
fn shut_in_two(both: bool) -> Snapshot {
    let described = |snapshot: &Snapshot| {
        let all = snapshot.shared.accounts.known().expect("accounts").clone();
        let other = Account { id: OTHER.to_owned(), name: Some("other".to_owned()), ..all[0].clone() };
        all.into_iter().chain([other]).collect::<Vec<_>>()
    };
    let accounts = described(&whole());
    let mut answers = vec![
        Answer::Accounts(known(Call::ListAccounts, accounts)),
        Answer::Assignments(OTHER.to_owned(), SET.to_owned(), assigned(&[group_principal()])),
        without_policy(OTHER),
    ];
    if both {
        answers.extend(without_role(&[ACCOUNT, OTHER]));
        answers.push(without_policy(ACCOUNT));
    } else {
        answers.push(Answer::RolesIn(OTHER.to_owned(), none(OTHER, Call::ListRoles)));
    }
    with(answers)
}

fn compared(now: &Snapshot, then: &Snapshot) -> Scan {
    let mut answer = scan(now);
    compare(&mut answer, &scan(then), (now, then));
    answer
}

fn new_alone(now: &Snapshot, then: &Snapshot) -> Scan {
    let mut answer = compared(now, then);
    only_new(&mut answer, now);
    answer
}

#[test]
fn what_was_degraded_and_blocks_now_is_new() {
    let answer = new_alone(&shut(), &degraded());
    assert_eq!(answer.outcome, Outcome::Broken, "{:?}", answer.findings);
    let [finding] = &answer.findings[..] else { panic!("{:?}", answer.findings) };
    assert_eq!((finding.rule, finding.new, finding.was()), (RULE, Some(true), Some(Effect::Degrades)));
    assert_eq!((finding.novelty(), finding.effect), (Some("worse"), Effect::Blocks));
    let changes = answer.changes.as_ref().expect("changes");
    assert_eq!((changes.broke, changes.left_out), (1, 0));
    assert!(changes.worse[0].contains("kept nobody out; now it keeps people out"), "{changes:?}");
    assert!(changes.put_right.is_empty() && changes.put_right_in_part.is_empty(), "{changes:?}");
    let said = answer.changed();
    assert!(said[0].contains("1 finding new or worse") && said[1].starts_with("Got worse: "), "{said:?}");
}

#[test]
fn what_blocked_and_degrades_now_is_put_right_in_part_and_nothing_new() {
    let answer = compared(&degraded(), &shut());
    assert_eq!((answer.findings[0].new, answer.findings[0].was()), (Some(false), Some(Effect::Blocks)));
    let changes = answer.changes.as_ref().expect("changes");
    assert_eq!((changes.broke, changes.put_right.len(), changes.put_right_in_part.len()), (0, 0, 1));
    assert!(changes.put_right_in_part[0].contains("kept people out"), "{changes:?}");
    assert_eq!(new_alone(&degraded(), &shut()).outcome, Outcome::Clean);
}

#[test]
fn the_same_again_is_not_new() {
    for snapshot in [degraded(), shut()] {
        let answer = new_alone(&snapshot, &snapshot);
        assert!(
            answer.findings.is_empty() && answer.outcome == Outcome::Clean,
            "{:?} {:?}",
            answer.findings,
            answer.made.gaps
        );
        assert_eq!(answer.changes.as_ref().map(|changes| (changes.broke, changes.left_out)), Some((0, 1)));
        assert!(answer.headline().contains("1 finding that was there before is still there"), "{}", answer.headline());
    }
}

/// To be surer of the same is no change of what is wrong.
#[test]
fn what_was_likely_and_is_confirmed_is_not_new() {
    let (now, then) = (shut(), shut());
    let mut older = scan(&then);
    older.findings[0].confidence = Confidence::Likely;
    older.findings[0].pieces.list[0].confidence = Confidence::Likely;
    let mut answer = scan(&now);
    compare(&mut answer, &older, (&now, &then));
    assert_eq!((answer.findings[0].new, answer.findings[0].was()), (Some(false), None));
}

#[test]
fn a_fault_that_touches_more_people_is_new() {
    let more = || Answer::Members(GROUP.to_owned(), members(&[USER, COLLEAGUE]));
    for (make, effect) in [(degraded as fn() -> Snapshot, Outcome::Degraded), (shut, Outcome::Broken)] {
        let mut now = make();
        now.apply(more());
        let answer = new_alone(&now, &make());
        assert_eq!(answer.outcome, effect);
        let changes = answer.changes.as_ref().expect("changes");
        assert!(changes.worse[0].contains(&format!("it did not touch {COLLEAGUE}")), "{changes:?}");
        // Whoever left makes nothing worse.
        assert_eq!(new_alone(&make(), &now).outcome, Outcome::Clean);
        // Where it was not read who is in it, nothing is said of it.
        let mut blind = make();
        blind.apply(Answer::Members(GROUP.to_owned(), denied(Call::ListGroupMemberships)));
        assert_eq!(compared(&now, &blind).findings[0].new, Some(false));
    }
}

#[test]
fn what_the_older_file_does_not_tell_stays_and_does_not_count() {
    let blind = with([Answer::PoliciesIn(ACCOUNT.to_owned(), denied(Call::ListPolicies))]);
    let answer = new_alone(&degraded(), &blind);
    assert_eq!(answer.outcome, Outcome::Inconclusive);
    assert_eq!(
        answer.findings.iter().map(|one| (one.new, one.novelty())).collect::<Vec<_>>(),
        [(None, Some("may be new"))]
    );
    assert!(answer.headline().starts_with("1 finding may be new in 1 of 1 account"), "{}", answer.headline());
    let changes = answer.changes.as_ref().expect("changes");
    assert_eq!((changes.broke, changes.may_be_new.len(), changes.left_out), (0, 1, 0));
}

/// What names an account in a finding, beside the list of them.
fn named(finding: &crate::answers::organization::ScanFinding) -> String {
    format!("{} {:?} {:?}", finding.message, finding.fixes, finding.evidence)
}

#[test]
fn of_a_finding_in_two_accounts_the_new_one_alone_is_told() {
    // In the second it was there.
    let (now, then) = (shut_in_two(true), shut_in_two(false));
    let whole = compared(&now, &then);
    let [finding] = &whole.findings[..] else { panic!("{:?}", whole.findings) };
    assert_eq!((finding.accounts.len(), finding.new), (2, Some(true)));
    assert_eq!(finding.new_in().collect::<Vec<_>>(), [ACCOUNT]);
    assert!(finding.message.ends_with("The same in 1 more account."));
    let answer = new_alone(&now, &then);
    let [finding] = &answer.findings[..] else { panic!("{:?}", answer.findings) };
    assert_eq!(finding.accounts.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [ACCOUNT]);
    assert!(!named(finding).contains(OTHER) && !finding.message.contains("The same in"), "{finding:#?}");
    assert_eq!((finding.people, finding.first_fixes), (Some(1), finding.fixes.len()));
    // And the other way round what was put right is of the one that was.
    let mended = compared(&then, &now).changes.expect("changes");
    assert!(mended.put_right.iter().all(|what| what.contains(ACCOUNT) && !what.contains(OTHER)), "{mended:?}");
    assert_eq!(mended.put_right.len() + mended.put_right_in_part.len(), 1, "{mended:?}");
}

#[test]
fn what_stays_of_a_finding_beside_an_exception_is_of_its_own_accounts() {
    let snapshot = shut_in_two(true);
    for (accepted, stays) in [(ACCOUNT, OTHER), (OTHER, ACCOUNT), ("other", ACCOUNT)] {
        let mut answer = scan(&snapshot);
        let exception = Accepted {
            rule: RULE.to_owned(),
            account: Some(accepted.to_owned()),
            permission_set: None,
            until: date(2026, 12, 31),
            because: "known".to_owned(),
        };
        accept(&mut answer, &snapshot, &[exception], date(2026, 11, 27));
        let [finding] = &answer.findings[..] else { panic!("{:?}", answer.findings) };
        assert_eq!(finding.accounts.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [stays]);
        let gone = if stays == OTHER { ACCOUNT } else { OTHER };
        assert!(named(finding).contains(stays) && !named(finding).contains(gone), "{finding:#?}");
        assert_eq!((finding.people, answer.accepted, answer.outcome), (Some(1), 1, Outcome::Broken));
    }
}

#[test]
fn an_exception_is_no_longer_counted_as_new() {
    let (now, then) = (shut_in_two(true), shut_in_two(false));
    let mut answer = compared(&now, &then);
    let exception = Accepted {
        rule: RULE.to_owned(),
        account: Some(ACCOUNT.to_owned()),
        permission_set: None,
        until: date(2026, 12, 31),
        because: String::new(),
    };
    accept(&mut answer, &now, &[exception], date(2026, 11, 27));
    assert_eq!(answer.findings.iter().map(|one| one.new).collect::<Vec<_>>(), [Some(false)]);
    assert_eq!(answer.changes.as_ref().map(|changes| changes.broke), Some(0));
    only_new(&mut answer, &now);
    assert!(answer.findings.is_empty() && answer.outcome != Outcome::Broken, "{:?}", answer.findings);
}

fn people(grants: &[crate::answers::organization::Grant]) -> Vec<(&str, bool, Option<&str>)> {
    grants.iter().map(|grant| (grant.person.id.as_str(), grant.certain, grant.shut_by)).collect()
}

#[test]
fn whoever_is_shut_out_by_a_fault_lost_access() {
    let changes = compared(&shut(), &with([])).changes.expect("changes");
    assert_eq!((people(&changes.lost), people(&changes.gained)), (vec![(USER, true, Some(RULE))], vec![]));
    let changes = compared(&with([]), &shut()).changes.expect("changes");
    assert_eq!((people(&changes.lost), people(&changes.gained)), (vec![], vec![(USER, true, None)]));
}

#[test]
fn a_disabled_user_gains_nothing_by_an_assignment() {
    let disabled = |status: &str| {
        let snapshot = whole();
        let all = snapshot.people.known().expect("people").clone();
        let all: Vec<User> = all.into_iter().map(|user| User { status: Some(status.to_owned()), ..user }).collect();
        let each =
            all.clone().into_iter().map(|user| Answer::User(user.id.clone(), known(Call::DescribeUser, Some(user))));
        with(each.chain([Answer::People(known(Call::ListUsers, all))]))
    };
    let nobody = with([Answer::Members(GROUP.to_owned(), members(&[]))]);
    for (status, gained) in [("ENABLED", 1), ("DISABLED", 0)] {
        let changes = compared(&disabled(status), &nobody).changes.expect("changes");
        assert!(changes.knows_access && changes.lost.is_empty(), "{changes:?}");
        assert_eq!(changes.gained.len(), gained, "{status}: {changes:?}");
    }
    let changes = compared(&disabled("DISABLED"), &disabled("ENABLED")).changes.expect("changes");
    assert_eq!(people(&changes.lost), [(USER, true, Some("user-disabled"))]);
}

#[test]
fn an_assignment_of_which_it_is_not_known_whether_it_lets_in_is_told_as_that() {
    let blind = || Answer::RolesIn(ACCOUNT.to_owned(), denied(Call::ListRoles));
    let now = with([blind()]);
    let nobody = with([blind(), Answer::Members(GROUP.to_owned(), members(&[]))]);
    let changes = compared(&now, &nobody).changes.expect("changes");
    assert_eq!(people(&changes.gained), [(USER, false, None)]);
    let changes = compared(&nobody, &now).changes.expect("changes");
    assert_eq!(people(&changes.lost), [(USER, false, None)]);
    // The same people as before, of whom one file does not tell.
    let changes = compared(&now, &with([])).changes.expect("changes");
    assert!(changes.gained.is_empty() && changes.lost.is_empty(), "{changes:?}");
    assert!(changes.not_compared.iter().any(|what| what.contains("1 place")), "{changes:?}");
}
