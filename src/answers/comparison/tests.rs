//! A colleague beside the user of the healthy sample.

use super::*;
use crate::evidence::sample::colleague::{JOHN, beside, john, left_out};
use crate::evidence::{Assignment, Call, Evidence, Fact, PrincipalType, UserFacts, UserScan, sample};

const LISTS: Call = Call::ListAccountAssignmentsForPrincipal;

fn johns(evidence: &mut Evidence) -> &mut UserFacts {
    &mut evidence.colleague.as_mut().expect("beside somebody").user
}

fn compared(evidence: &Evidence) -> Comparison {
    compare(evidence, None).expect("a colleague was named")
}

fn told(evidence: &Evidence) -> (Likeness, String, Vec<String>) {
    let found = compared(evidence);
    (found.likeness, found.summary, found.differences.into_iter().map(|one| one.message).collect())
}

#[test]
fn nobody_was_named() {
    assert_eq!(compare(&sample::healthy(), None), None);
}

#[test]
fn names_the_group_that_the_user_is_not_in() {
    let (likeness, summary, differences) = told(&left_out());
    assert_eq!(likeness, Likeness::Differs);
    assert_eq!(summary, "john.roe has RedshiftAnalyst through group DataAnalysts. jane.doe does not.");
    assert_eq!(differences, ["jane.doe is not in group DataAnalysts, which gives john.roe RedshiftAnalyst"]);
    let fix = compared(&left_out()).differences.remove(0).fix.expect("a fix");
    assert!(fix.command.is_some_and(|command| command.words.contains(&"create-group-membership".to_owned())));
}

#[test]
fn a_group_of_the_identity_provider_is_filled_there() {
    let mut evidence = left_out();
    let group = evidence
        .group(sample::GROUP)
        .expect("known")
        .cloned()
        .map(|group| crate::evidence::Group { external_issuers: vec!["https://scim.example".into()], ..group });
    evidence.groups.clear();
    evidence.groups.insert(sample::GROUP.into(), sample::known(Call::DescribeGroup, group));
    let fix = compared(&evidence).differences.remove(0).fix.expect("a fix");
    assert!(fix.command.is_none() && fix.what.starts_with("In your identity provider"), "{fix:?}");
}

#[test]
fn the_same_on_both_sides_sends_the_reader_elsewhere() {
    let evidence = beside(sample::healthy());
    let found = compare(&evidence, Some("role-missing")).expect("compared");
    assert_eq!((found.likeness, found.differences.len(), found.gaps.len()), (Likeness::Same, 0, 0));
    assert!(found.summary.ends_with("what is assigned: the cause is elsewhere (role-missing)."), "{}", found.summary);
}

#[test]
fn what_could_not_be_read_is_no_difference() {
    let mut evidence = left_out();
    evidence.user.memberships = sample::denied(Call::ListGroupMembershipsForMember);
    let found = compared(&evidence);
    assert_eq!((found.likeness, found.differences.len()), (Likeness::Unknown, 0));
    assert_eq!((found.ways[0].shared, found.gaps[0].call), (None, Call::ListGroupMembershipsForMember));
    // Not in the group, but what AWS lists for her is not known: she may have as much by another way.
    let mut evidence = left_out();
    evidence.user.for_principal = sample::denied(LISTS);
    evidence.account.assignments.clear();
    assert_eq!((told(&evidence).0, compared(&evidence).ways[0].shared), (Likeness::Unknown, None));
}

#[test]
fn a_direct_assignment_is_a_difference_unless_the_user_has_as_much() {
    let direct = |mut evidence: Evidence| {
        let john = Principal { kind: PrincipalType::User, id: JOHN.into() };
        johns(&mut evidence).for_principal = sample::known(LISTS, vec![sample::assignment(john)]);
        johns(&mut evidence).memberships = sample::known(Call::ListGroupMembershipsForMember, vec![]);
        evidence
    };
    assert_eq!(told(&direct(beside(sample::healthy()))).0, Likeness::Same);
    let found = compared(&direct(left_out()));
    assert_eq!(found.differences[0].message, "john.roe has RedshiftAnalyst directly, jane.doe has it in no way");
    let command = found.differences[0].fix.clone().and_then(|fix| fix.command).expect("a command");
    let words = command.words;
    assert!(words.contains(&sample::USER.to_owned()) && !words.contains(&JOHN.to_owned()), "{words:?}");
}

#[test]
fn what_only_the_user_has_is_told() {
    let mut evidence = beside(sample::healthy());
    let other = format!("{}-Other", sample::SET);
    let jane = Principal { kind: PrincipalType::User, id: sample::USER.into() };
    let rows = vec![
        sample::assignment(sample::group_principal()),
        Assignment { permission_set: other, ..sample::assignment(jane) },
    ];
    evidence.user.for_principal = sample::known(LISTS, rows);
    let (likeness, _, differences) = told(&evidence);
    assert_eq!(
        (likeness, &differences[..]),
        (Likeness::Same, &["jane.doe has ps-a1b9e6bd2d4fb336-Other, john.roe has not".to_owned()][..])
    );
    johns(&mut evidence).for_principal = sample::denied(LISTS);
    assert!(told(&evidence).2.is_empty());
}

#[test]
fn whoever_is_disabled_or_has_nothing_is_no_model() {
    let mut evidence = left_out();
    johns(&mut evidence).described = sample::known(Call::DescribeUser, Some(john("DISABLED")));
    let (likeness, summary, differences) = told(&evidence);
    assert!(likeness == Likeness::NoModel && summary.starts_with("john.roe is disabled"), "{summary}");
    assert_eq!(differences.len(), 1);
    let mut evidence = left_out();
    johns(&mut evidence).memberships = sample::known(Call::ListGroupMembershipsForMember, vec![]);
    johns(&mut evidence).for_principal = sample::known(LISTS, vec![]);
    let (likeness, summary, _) = told(&evidence);
    assert_eq!(likeness, Likeness::NoModel);
    assert!(summary.contains("has no access to prod-data (123456789012) either"), "{summary}");
    // AWS lists nothing for him, but what was never provisioned is in no list of his.
    let rows = evidence.account.assignments.values_mut().next().expect("asked");
    *rows = sample::denied(Call::ListAccountAssignments);
    assert_eq!(told(&evidence).0, Likeness::Unknown);
}

#[test]
fn a_disabled_user_differs_from_an_enabled_colleague_only() {
    let mut evidence = beside(sample::healthy());
    let jane = User { status: Some("DISABLED".into()), ..john("") };
    let jane = User { id: sample::USER.into(), user_name: Some("jane.doe".into()), ..jane };
    evidence.user.described = sample::known(Call::DescribeUser, Some(jane));
    let (likeness, _, differences) = told(&evidence);
    assert_eq!(likeness, Likeness::Differs);
    assert_eq!(differences, ["jane.doe is disabled in Identity Center, john.roe is enabled"]);
    johns(&mut evidence).described = sample::denied(Call::DescribeUser);
    let found = compared(&evidence);
    assert_eq!((found.likeness, found.differences.len()), (Likeness::Unknown, 0));
}

#[test]
fn nobody_and_perhaps_nobody_are_told_apart() {
    let mut evidence = left_out();
    let scan = UserScan { close: vec![john("ENABLED")], read: 9, capped: false, external: 0 };
    johns(&mut evidence).scan = sample::known(Call::ListUsers, scan);
    johns(&mut evidence).lookups[0].found = sample::known(Call::GetUserId, None);
    let found = compared(&evidence);
    assert_eq!((found.likeness, found.suggestions), (Likeness::NotFound, vec!["john.roe".to_owned()]));
    johns(&mut evidence).lookups[0].found = sample::denied(Call::GetUserId);
    let found = compared(&evidence);
    assert_eq!((found.likeness, found.gaps[0].call), (Likeness::Unknown, Call::GetUserId));
    johns(&mut evidence).lookups[0].found = sample::known(Call::GetUserId, Some(sample::USER.into()));
    assert!(told(&evidence).1.contains("is the same user"));
}

#[test]
fn a_user_who_is_not_there_lacks_nothing_but_that() {
    let mut evidence = left_out();
    evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
    evidence.user.described = Fact::not_asked(Call::DescribeUser, "there is no such user");
    let (likeness, _, differences) = told(&evidence);
    assert_eq!(
        (likeness, &differences[..]),
        (Likeness::Differs, &["jane.doe is not in the identity store, john.roe is".to_owned()][..])
    );
}
