//! Two readings of the same facts: history may choose, and never changes the verdict.

use super::*;
use crate::evidence::{Group, Membership, Touched};
use crate::findings::Confidence;

const T: &str = "2026-11-20T14:02:11Z";

/// Jane is in a group that is not assigned, and another group is.
fn either() -> Evidence {
    let mut evidence = sample::healthy();
    let own = Group {
        id: "own".to_owned(),
        name: Some("Developers".to_owned()),
        external_issuers: vec![],
        created: None,
        touched: Touched::default(),
    };
    evidence.groups.insert("own".to_owned(), sample::known(Call::DescribeGroup, Some(own)));
    let membership = Membership { group_id: "own".to_owned(), created: None, touched: Touched::default() };
    evidence.user.memberships = sample::known(Call::ListGroupMembershipsForMember, vec![membership]);
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    let rows = vec![sample::assignment(sample::group_principal())];
    evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, rows));
    evidence
}

fn chosen(evidence: &Evidence) -> (&'static str, Confidence) {
    let judgement = choose(evidence, judge(evidence, paths::find(evidence.asked())));
    assert_eq!(judgement.verdict, Verdict::Blocked);
    assert_eq!(judgement.also.len(), 1);
    judgement.root_cause.map(|root| (root.rule, root.fault.confidence)).expect("a cause")
}

#[test]
fn the_one_that_is_certain_is_taken() {
    let removed = change(What::MemberRemoved, T, &[(Thing::Group, sample::GROUP), (Thing::User, sample::USER)]);
    let about = [(Thing::PermissionSet, sample::SET), (Thing::Account, sample::ACCOUNT), (Thing::Principal, "own")];
    let deleted = change(What::AssignmentDeleted, T, &about);
    let nothing = chosen(&with(either(), &[]));
    assert_eq!(nothing.1, Confidence::Likely);
    let (group, assignment) = ("not-in-assigned-group", "assignment-missing");
    assert_eq!(chosen(&with(either(), std::slice::from_ref(&removed))), (group, Confidence::Confirmed));
    assert_eq!(chosen(&with(either(), std::slice::from_ref(&deleted))), (assignment, Confidence::Confirmed));
    // Both happened, or neither is certain: the state alone tells.
    assert_eq!(chosen(&with(either(), &[removed.clone(), deleted])), nothing);
    assert_eq!(chosen(&with(either(), &[refused(removed.clone())])), nothing);
    // Not all was read: it stays in doubt.
    let mut unread = with(either(), &[removed]);
    unread.history.looked_up[0].log = sample::denied(Call::LookupEvents);
    assert_eq!(chosen(&unread).1, Confidence::Likely);
}
