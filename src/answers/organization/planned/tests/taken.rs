//! Whom a plan leaves without an assignment.

use super::members::{OTHER, leaves, with_members};
use super::*;
use crate::evidence::sample::{USER, assignment, denied};
use crate::evidence::{Entitlement, Principal, PrincipalType};

const SECOND: &str = "arn:aws:sso:::permissionSet/ssoins-1/ps-second";

fn takes_away() -> Proposed {
    let taken = TakenAssignment {
        address: "aws_ssoadmin_account_assignment.a".to_owned(),
        permission_set: SET.to_owned(),
        account: ACCOUNT.to_owned(),
        principal: group_principal(),
    };
    Proposed { taken: vec![taken], ..Proposed::default() }
}

fn user(id: &str) -> Principal {
    Principal { kind: PrincipalType::User, id: id.to_owned() }
}

fn both() -> Snapshot {
    with_members(healthy(), &[USER, OTHER])
}

fn assigns(snapshot: &mut Snapshot, set: &str, principals: &[Principal]) {
    snapshot.apply(Answer::Assignments(ACCOUNT.to_owned(), set.to_owned(), assigned(principals)));
}

fn note(scan: &Scan) -> &str {
    scan.notes.iter().find(|note| note.id == "plan-takes-away").map_or("", |note| &note.message)
}

const TAKEN: &str = "The plan takes away 1 assignment: RedshiftAnalyst from DataAnalysts in prod-data (123456789012).";

#[test]
fn whoever_loses_the_last_assignment_is_told() {
    let found = judged(both(), takes_away());
    let lost =
        format!("2 users lose the last assignment in an account: name of {USER} and name of {OTHER} in prod-data");
    assert!(note(&found).starts_with(&format!("{TAKEN} {lost}")), "{}", note(&found));
    assert_eq!((found.outcome, found.made.complete), (Outcome::Clean, true), "{:?}", found.made.gaps);
    // One of them has it directly too; the other another permission set.
    let mut kept = both();
    assigns(&mut kept, SET, &[group_principal(), user(USER)]);
    let found = judged(kept.clone(), takes_away());
    assert!(note(&found).contains(&format!("1 user loses the last assignment in an account: name of {OTHER} in")));
    kept.apply(Answer::Assignments(ACCOUNT.to_owned(), SECOND.to_owned(), assigned(&[user(OTHER)])));
    let found = judged(kept, takes_away());
    let other = format!("1 user keeps only another permission set there: name of {OTHER} in prod-data (123456789012).");
    assert_eq!(note(&found), format!("{TAKEN} {other}"));
    // What is made again takes nothing away.
    let mut again = takes_away();
    again.given = vec![given(SET)];
    assert_eq!(note(&judged(both(), again)), "");
    // Who is not assigned it any more loses nothing.
    let mut gone = both();
    assigns(&mut gone, SET, &[]);
    assert_eq!(note(&judged(gone, takes_away())), TAKEN);
    // Whom account access manager lets in has a way.
    let mut entitled = both();
    let row = |id: &str| Entitlement {
        id: "e".to_owned(),
        principal: user(id),
        role_arn: format!("arn:aws:iam::{ACCOUNT}:role/r"),
        account: ACCOUNT.to_owned(),
        created: None,
    };
    let rows = known(Call::ListEntitlements, vec![row(USER), row(OTHER)]);
    entitled.apply(Answer::Entitlements("app".to_owned(), ACCOUNT.to_owned(), rows));
    assert!(!note(&judged(entitled, takes_away())).contains("last assignment"));
}

#[test]
fn whoever_loses_by_a_group_that_is_deleted_is_told() {
    let address = "aws_identitystore_group.g".to_owned();
    let gone = GonePrincipal { address, principal: group(GROUP) };
    let found = judged(both(), Proposed { gone_people: vec![gone], ..Proposed::default() });
    assert!(note(&found).starts_with("2 users lose the last assignment in an account: "), "{}", note(&found));
}

/// What was not read is a gap, keeps no plan from passing, and nobody is said to lose anything for it.
#[test]
fn nobody_is_said_to_lose_what_was_not_read() {
    let call = Call::ListAccountsForProvisionedPermissionSet;
    let nowhere = |snapshot: &mut Snapshot| {
        snapshot.apply(Answer::AccountsOf(SECOND.to_owned(), Version::Latest, denied(call)));
        let mut all = snapshot.shared.permission_set_arns.known().cloned().expect("known");
        all.push(SECOND.to_owned());
        snapshot.apply(Answer::PermissionSets(known(Call::ListPermissionSets, all)));
        let account = snapshot.accounts.get_mut(ACCOUNT).expect("the account");
        let unasked = || crate::evidence::Fact::not_asked(Call::ListPermissionSetsProvisionedToAccount, "by account");
        (account.provisioned_latest, account.provisioned_outdated) = (unasked(), unasked());
    };
    let elsewhere = |snapshot: &mut Snapshot| {
        let rows = vec![assignment(user("u-9"))];
        snapshot.apply(Answer::Assignments(
            ACCOUNT.to_owned(),
            SECOND.to_owned(),
            known(Call::ListAccountAssignments, rows),
        ));
        snapshot.apply(Answer::Members(GROUP.to_owned(), denied(Call::ListGroupMemberships)));
    };
    let unasked = |snapshot: &mut Snapshot| {
        snapshot.accounts.get_mut(ACCOUNT).expect("the account").assignments.clear();
    };
    let hide: [&dyn Fn(&mut Snapshot); 3] = [&nowhere, &elsewhere, &unasked];
    for (number, hide) in hide.into_iter().enumerate() {
        let mut snapshot = both();
        hide(&mut snapshot);
        let found = judged(snapshot, takes_away());
        assert!(note(&found).starts_with(TAKEN), "{number}: {}", note(&found));
        assert!(!note(&found).contains("last assignment"), "{number}: {}", note(&found));
        assert_eq!(note(&found).contains("Of 2 users it is not known"), number == 0, "{}", note(&found));
        assert!(!found.made.complete, "{number}");
        assert_eq!(found.outcome, Outcome::Clean, "{number}: {:?}", found.made.gaps);
    }
    // Nor of a membership that ends.
    let mut snapshot = both();
    nowhere(&mut snapshot);
    let left = Proposed { left: vec![leaves(GROUP, OTHER)], ..Proposed::default() };
    let found = judged(snapshot, left);
    let told = found.notes.iter().find(|note| note.id == "plan-changes-members").expect("a note");
    assert!(!told.message.contains("no other assignment"), "{}", told.message);
}
