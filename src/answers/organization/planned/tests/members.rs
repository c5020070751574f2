//! Whom a plan puts into groups and takes out of them.

use super::*;
use crate::answers::organization::sample::members;
use crate::evidence::sample::{USER, denied};
use crate::evidence::{
    Candidates, EndedMembership, MadePrincipal, Principal, PrincipalType, ProposedMembership, Touched, User,
};

pub(super) const OTHER: &str = "u-2";
pub(super) const MADE: &str = "aws_identitystore_group.made";
const JOINS: &str = "aws_identitystore_group_membership.joins";
const LEAVES: &str = "aws_identitystore_group_membership.leaves";

/// The organization with a second user, and these people in its group.
pub(super) fn with_members(evidence: Evidence, people: &[&str]) -> Snapshot {
    let mut snapshot = organization(evidence);
    for id in [USER, OTHER] {
        let user = User {
            id: id.to_owned(),
            user_name: Some(format!("name of {id}")),
            display_name: None,
            emails: vec![],
            status: Some("ENABLED".to_owned()),
            external_issuers: vec![],
            attributes: std::collections::BTreeMap::new(),
            extended: true,
            created: None,
            touched: Touched::default(),
        };
        snapshot.apply(Answer::User(id.to_owned(), known(Call::DescribeUser, Some(user))));
    }
    snapshot.apply(Answer::Members(GROUP.to_owned(), members(people)));
    snapshot
}

fn sure(id: &str) -> Candidates {
    Candidates { ids: vec![id.to_owned()], certain: true }
}

pub(super) fn joins(group: &str, member: &str) -> ProposedMembership {
    ProposedMembership { address: JOINS.to_owned(), group: sure(group), member: sure(member) }
}

pub(super) fn leaves(group: &str, member: &str) -> EndedMembership {
    EndedMembership { address: LEAVES.to_owned(), group: group.to_owned(), member: member.to_owned() }
}

pub(super) fn made_group() -> MadePrincipal {
    MadePrincipal { principal: group(MADE), name: Some("Made".to_owned()) }
}

fn left(people: &[&str]) -> Proposed {
    Proposed { left: people.iter().map(|one| leaves(GROUP, one)).collect(), ..Proposed::default() }
}

fn note(scan: &Scan) -> &str {
    let note = scan.notes.iter().find(|note| note.id == "plan-changes-members");
    note.map(|note| note.message.as_str()).expect("a note")
}

fn gaps(scan: &Scan) -> String {
    scan.made.gaps.iter().map(|unread| unread.gap.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_group_that_the_plan_empties_is_found() {
    let found = judged(with_members(healthy(), &[USER]), left(&[USER]));
    assert_eq!((rules(&found), found.outcome), (vec!["group-empty"], Outcome::Degraded), "{}", gaps(&found));
    let one = &found.findings[0];
    assert_eq!(one.addresses, [LEAVES]);
    assert!(one.message.starts_with("Group DataAnalysts has no members once the plan is carried out"), "{one:?}");
    assert!(one.message.contains("RedshiftAnalyst is assigned to it in 1 account"), "{one:?}");
    assert_eq!(one.accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), [ACCOUNT]);
    assert!(one.evidence.iter().any(|citation| citation.says == "1 member now"), "{:?}", one.evidence);
    // Somebody stays, or comes.
    assert_eq!(rules(&judged(with_members(healthy(), &[USER, OTHER]), left(&[USER]))), Vec::<&str>::new());
    let mut swapped = left(&[USER]);
    swapped.joined = vec![joins(GROUP, OTHER)];
    let fine = judged(with_members(healthy(), &[USER]), swapped);
    assert_eq!((rules(&fine), fine.outcome), (vec![], Outcome::Clean), "{}", gaps(&fine));
    // Nothing is assigned to it any more.
    let mut taken = left(&[USER]);
    taken.taken = vec![TakenAssignment {
        address: "aws_ssoadmin_account_assignment.a".to_owned(),
        permission_set: SET.to_owned(),
        account: ACCOUNT.to_owned(),
        principal: group_principal(),
    }];
    assert_eq!(rules(&judged(with_members(healthy(), &[USER]), taken)), Vec::<&str>::new());
    // Whoever is deleted is in no group.
    let address = "aws_identitystore_user.u".to_owned();
    let principal = Principal { kind: PrincipalType::User, id: USER.to_owned() };
    let gone = Proposed { gone_people: vec![GonePrincipal { address, principal }], ..Proposed::default() };
    let found = judged(with_members(healthy(), &[USER]), gone.clone());
    assert_eq!(
        (rules(&found), &found.findings[0].addresses[..]),
        (vec!["group-empty"], &["aws_identitystore_user.u".to_owned()][..])
    );
    // Who is in the group was not read.
    for plan in [gone, left(&[USER])] {
        let mut unread = with_members(healthy(), &[USER]);
        unread.apply(Answer::Members(GROUP.to_owned(), denied(Call::ListGroupMemberships)));
        assert_eq!(judged(unread, plan).outcome, Outcome::Inconclusive);
    }
    // What is assigned to it was not read.
    let mut unread = with_members(healthy(), &[USER]);
    unread.accounts.values_mut().for_each(|account| account.assignments.clear());
    assert_eq!(judged(unread, left(&[USER])).outcome, Outcome::Inconclusive);
}

#[test]
fn an_assignment_is_judged_with_the_members_that_its_group_will_have() {
    let made = |joined: Vec<ProposedMembership>| {
        let mut plan = changing(Fate::Made, |set| set.aws_managed = only([READ_ONLY.to_owned()]));
        plan.joined = joined;
        plan
    };
    let empty = judged(with_members(healthy(), &[]), made(vec![]));
    assert_eq!((rules(&empty), empty.outcome), (vec!["group-empty"], Outcome::Degraded), "{}", gaps(&empty));
    assert_eq!(empty.findings[0].addresses, ["aws_ssoadmin_account_assignment.a"]);
    let filled = judged(with_members(healthy(), &[]), made(vec![joins(GROUP, USER)]));
    assert_eq!((rules(&filled), filled.outcome), (vec![], Outcome::Clean), "{}", gaps(&filled));
    // Of a group that the plan makes, the same.
    for (joined, expected) in [(vec![], vec!["group-empty"]), (vec![joins(MADE, USER)], vec![])] {
        let mut plan = made(joined);
        plan.made_people = vec![made_group()];
        plan.given[0].principal = Some(group(MADE));
        let found = judged(with_members(healthy(), &[USER]), plan);
        assert_eq!((rules(&found), found.made.complete), (expected, true), "{}", gaps(&found));
    }
    let mut unread = with_members(healthy(), &[]);
    unread.apply(Answer::Members(GROUP.to_owned(), denied(Call::ListGroupMemberships)));
    assert_eq!(judged(unread.clone(), made(vec![])).outcome, Outcome::Inconclusive);
}

#[test]
fn what_the_plan_leaves_open_is_no_finding_and_never_fine() {
    // Into one of two groups.
    let mut perhaps = joins(GROUP, OTHER);
    perhaps.group = Candidates { ids: vec![GROUP.to_owned(), MADE.to_owned()], certain: false };
    let mut plan = left(&[USER]);
    plan.joined = vec![perhaps];
    plan.made_people = vec![made_group()];
    let found = judged(with_members(healthy(), &[USER]), plan.clone());
    assert_eq!((rules(&found), found.outcome), (vec![], Outcome::Inconclusive));
    assert!(gaps(&found).contains("one of DataAnalysts and Made"), "{}", gaps(&found));
    assert!(note(&found).contains("into one of DataAnalysts and Made"), "{}", note(&found));
    // Where somebody stays, it makes no difference.
    let fine = judged(with_members(healthy(), &[USER, "u-3"]), plan);
    assert_eq!((rules(&fine), fine.outcome), (vec![], Outcome::Clean), "{}", gaps(&fine));
    // For one of two groups, of which one is empty.
    let mut plan = changing(Fate::Made, |set| set.aws_managed = only([READ_ONLY.to_owned()]));
    let other = "aws_identitystore_group.other";
    plan.made_people = vec![made_group(), MadePrincipal { principal: group(other), name: Some("Other".to_owned()) }];
    (plan.given[0].principal, plan.given[0].may_be_for) = (None, vec![group(MADE), group(other)]);
    plan.joined = vec![joins(MADE, USER)];
    let found = judged(with_members(healthy(), &[USER]), plan.clone());
    assert_eq!((rules(&found), found.outcome), (vec![], Outcome::Inconclusive));
    assert!(gaps(&found).contains("to which of Made and Other"), "{}", gaps(&found));
    plan.joined.push(joins(other, USER));
    let fine = judged(with_members(healthy(), &[USER]), plan);
    assert_eq!((rules(&fine), fine.outcome), (vec![], Outcome::Clean), "{}", gaps(&fine));
}

#[test]
fn a_membership_that_aws_refuses_is_found() {
    let of = |one: ProposedMembership| Proposed { joined: vec![one], ..Proposed::default() };
    let again = judged(with_members(healthy(), &[USER]), of(joins(GROUP, USER)));
    assert_eq!((rules(&again), again.outcome), (vec!["membership-refused"], Outcome::Degraded), "{}", gaps(&again));
    assert_eq!(again.findings[0].addresses, [JOINS]);
    let mut moved = of(joins(GROUP, USER));
    moved.left = vec![leaves(GROUP, USER)];
    let fine = judged(with_members(healthy(), &[USER]), moved);
    assert_eq!((rules(&fine), fine.notes.len()), (vec![], 0), "{:?}", fine.notes);
    let mut snapshot = with_members(healthy(), &[USER]);
    snapshot.apply(Answer::User("u-none".to_owned(), known(Call::DescribeUser, None)));
    snapshot.apply(Answer::Group("g-none".to_owned(), known(Call::DescribeGroup, None)));
    for one in [joins(GROUP, "u-none"), joins("g-none", OTHER)] {
        let found = judged(snapshot.clone(), of(one));
        assert_eq!((rules(&found), found.outcome), (vec!["membership-refused"], Outcome::Broken), "{}", gaps(&found));
    }
}

#[test]
fn who_gains_and_who_loses_the_only_way_is_told() {
    let gains = Proposed { joined: vec![joins(GROUP, OTHER)], ..Proposed::default() };
    let found = judged(with_members(healthy(), &[USER]), gains);
    let said = format!("name of {OTHER} into DataAnalysts (gives RedshiftAnalyst in prod-data ({ACCOUNT})).");
    assert_eq!(note(&found), format!("The plan makes 1 membership: {said}"));
    let both = || with_members(healthy(), &[USER, OTHER]);
    let loses = judged(both(), left(&[OTHER]));
    let said =
        format!("name of {OTHER} out of DataAnalysts (no other assignment lets them into prod-data ({ACCOUNT})).");
    assert_eq!(note(&loses), format!("The plan ends 1 membership: {said}"));
    // They have a way of their own there.
    let own = Principal { kind: PrincipalType::User, id: OTHER.to_owned() };
    let mut kept = both();
    let account = kept.accounts.entry(ACCOUNT.to_owned()).or_insert_with(|| unreachable!("it is there"));
    account.assignments.insert(SET.to_owned(), assigned(&[group_principal(), own]));
    let keeps = judged(kept, left(&[OTHER]));
    assert_eq!(note(&keeps), format!("The plan ends 1 membership: name of {OTHER} out of DataAnalysts."));
    // Whether they are in another group there was not read.
    let mut unread = both();
    let account = unread.accounts.entry(ACCOUNT.to_owned()).or_insert_with(|| unreachable!("it is there"));
    account.assignments.insert(SET.to_owned(), assigned(&[group_principal(), group("g-other")]));
    unread.apply(Answer::Members("g-other".to_owned(), denied(Call::ListGroupMemberships)));
    let unknown = judged(unread, left(&[OTHER]));
    assert!(!note(&unknown).contains("no other assignment"), "{}", note(&unknown));
    assert!(!unknown.made.complete);
}

#[test]
fn a_plan_that_touches_no_account_says_so() {
    let found = judged(with_members(healthy(), &[USER]), Proposed::default());
    assert_eq!(found.headline(), "Nothing wrong was found. There was no account to look into.");
    assert!(!found.coverage.sentence().contains("of no"), "{}", found.coverage.sentence());
    let unread = Proposed {
        untold: vec![Untold { call: Call::ListPermissionSets, message: "more comes".to_owned() }],
        ..Proposed::default()
    };
    let unknown = judged(with_members(healthy(), &[USER]), unread);
    assert!(unknown.headline().starts_with("Nothing wrong was found, but something"), "{}", unknown.headline());
}
