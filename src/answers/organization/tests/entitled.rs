//! The roles to which account access manager entitles people, in a scan and in who gets in; and accounts that nobody gets into.

use super::{ACCOUNT, GROUP, USER, changes, group_principal, prepare, scan, who, whole};
use crate::answers::organization::sample::whole_of;
use crate::answers::organization::{Outcome, only_new};
use crate::evidence::sample::{denied, entitled, healthy, known};
use crate::evidence::{About, AccountFacts, AccountRef, Answer, Call, InsideFacts, Scope, Snapshot};
use crate::verdict::PathState;

/// The group is assigned the permission set and entitled to the role, whose trust policy is this.
fn with_trust(trust: &str) -> Snapshot {
    let mut evidence = healthy();
    entitled::entitle(&mut evidence, group_principal());
    entitled::with_trust(&mut evidence.account.inside, trust.to_owned());
    prepare(whole_of(evidence))
}

fn sound() -> Snapshot {
    with_trust(&entitled::trust())
}

const CLOSED: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

fn asked_who(snapshot: &Snapshot) -> Vec<(Option<String>, PathState, Option<&'static str>)> {
    let mut snapshot = snapshot.clone();
    snapshot.scope.about = About::Account(AccountRef::Id(ACCOUNT.to_owned()));
    let rows = who(&snapshot).access.into_iter().filter(|row| row.permission_set.is_none());
    rows.map(|row| (row.person.map(|person| person.id), row.state, row.rule)).collect()
}

#[test]
fn a_role_that_lets_nobody_in_is_a_finding() {
    let answer = scan(&sound());
    assert_eq!((answer.outcome, answer.made.complete), (Outcome::Clean, true), "{:?}", answer.made.gaps);
    let snapshot = with_trust(CLOSED);
    let answer = scan(&snapshot);
    let [finding] = &answer.findings[..] else { panic!("{:?}", answer.findings) };
    assert_eq!(finding.rule, "entitlement-role-trust-missing");
    // They get in by the permission set.
    assert_eq!((finding.people, finding.kept_out), (Some(1), Some(0)));
    assert_eq!(finding.accounts[0].id, ACCOUNT);
    let shut = (Some(USER.to_owned()), PathState::Shut, Some("entitlement-role-trust-missing"));
    assert_eq!(asked_who(&snapshot), [shut]);
}

#[test]
fn what_was_not_read_of_a_role_is_not_clean() {
    let mut snapshot = sound();
    let role = Answer::EntitledRole(ACCOUNT.to_owned(), entitled::ROLE.to_owned(), denied(Call::GetRole));
    snapshot.apply(role);
    let answer = scan(&snapshot);
    assert_eq!((answer.outcome, answer.made.complete), (Outcome::Inconclusive, false));
    // Nor is it put right, or new, where one of the two did not look.
    let broken = with_trust(CLOSED);
    assert!(changes(&snapshot, &broken).put_right.is_empty());
    let mut answer = scan(&broken);
    super::compare(&mut answer, &scan(&snapshot), (&broken, &snapshot));
    only_new(&mut answer, &broken);
    assert_eq!(answer.findings[0].new, None);
    assert_eq!(changes(&sound(), &broken).put_right.len(), 1);
    // Nor is a role that is gone new where the other did not look for it.
    let mut gone = sound();
    gone.apply(Answer::EntitledRole(ACCOUNT.to_owned(), entitled::ROLE.to_owned(), known(Call::GetRole, None)));
    let is_new = |older: &Snapshot| {
        let mut answer = scan(&gone);
        super::compare(&mut answer, &scan(older), (&gone, older));
        answer.findings.iter().map(|one| (one.rule, one.new)).collect::<Vec<_>>()
    };
    assert_eq!(is_new(&snapshot), [("role-missing", None)]);
    assert_eq!(is_new(&sound()), [("role-missing", Some(true))]);
}

#[test]
fn whoever_is_gone_and_still_entitled_is_told() {
    let mut snapshot = sound();
    snapshot.apply(Answer::Group(GROUP.to_owned(), known(Call::DescribeGroup, None)));
    let snapshot = prepare(snapshot);
    let rules: Vec<_> = scan(&snapshot).findings.iter().map(|one| (one.rule, one.permission_set.is_some())).collect();
    assert!(rules.contains(&("assignment-orphaned-principal", false)), "{rules:?}");
    assert_eq!(asked_who(&snapshot), [(None, PathState::Shut, Some("assignment-orphaned-principal"))]);
}

/// Nobody gets into an account that is suspended, whatever else is not known of it.
#[test]
fn what_is_in_a_suspended_account_is_no_gap() {
    let mut snapshot = sound();
    let mut described = snapshot.accounts[ACCOUNT].described.known().cloned().unwrap().expect("described");
    described.state = Some("SUSPENDED".to_owned());
    snapshot.apply(Answer::Accounts(known(Call::ListAccounts, vec![described.clone()])));
    snapshot.apply(Answer::Account(ACCOUNT.to_owned(), known(Call::DescribeAccount, Some(described))));
    snapshot.accounts.get_mut(ACCOUNT).unwrap().inside = InsideFacts::unasked("nobody looked", Some(ACCOUNT));
    let snapshot = prepare(snapshot);
    let answer = scan(&snapshot);
    let [finding] = &answer.findings[..] else { panic!("{:?}", answer.findings) };
    // One cause of both ways.
    assert_eq!((finding.rule, finding.people, finding.kept_out), ("account-not-active", Some(1), Some(1)));
    assert!(answer.made.complete, "{:?}", answer.made.gaps);
    let mut asked = snapshot.clone();
    asked.scope.about = About::Account(AccountRef::Id(ACCOUNT.to_owned()));
    let who = who(&asked);
    assert!(who.made.complete, "{:?}", who.made.gaps);
    assert!(who.access.iter().all(|row| row.rule == Some("account-not-active")), "{:?}", who.access);
}

#[test]
fn an_account_that_is_not_active_is_shut_whatever_else_is_not_known() {
    let mut snapshot = whole();
    let account = snapshot.accounts.entry(ACCOUNT.to_owned()).or_insert_with(AccountFacts::unasked);
    account.inside = InsideFacts::unasked("nobody gets in", Some(ACCOUNT));
    let about = About::Account(AccountRef::Id(ACCOUNT.to_owned()));
    snapshot.scope = Scope { about, ..snapshot.scope };
    let entry = |snapshot: &Snapshot| {
        let gaps = who(snapshot).made.gaps;
        gaps.into_iter().find(|unread| unread.gap.call == Call::AssumeRole)
    };
    let unread = entry(&snapshot).expect("an active account has to be entered");
    assert_eq!(unread.gap.account.as_deref(), Some(ACCOUNT));
    let account = snapshot.accounts.entry(ACCOUNT.to_owned()).or_insert_with(AccountFacts::unasked);
    let mut described = account.described.known().cloned().expect("known").expect("there");
    described.state = Some("SUSPENDED".to_owned());
    account.described = known(Call::DescribeAccount, Some(described));
    let shut = who(&snapshot);
    assert!(!shut.access.is_empty());
    assert!(shut.access.iter().all(|row| (row.state, row.rule) == (PathState::Shut, Some("account-not-active"))));
    assert!(shut.made.complete, "{:?}", shut.made.gaps);
}
