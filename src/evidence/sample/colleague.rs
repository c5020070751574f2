//! john.roe, who has access to the sample's account in the way that jane.doe has.

use crate::evidence::{Call, Colleague, Evidence, Fact, LookupBy, Membership, User, UserFacts, UserLookup};

pub(crate) const JOHN: &str = "9067f0c1d2-99999999-2222-3333-4444-555555555555";

fn member() -> Fact<Vec<Membership>> {
    let memberships = vec![Membership {
        group_id: super::GROUP.to_owned(),
        created: None,
        touched: super::super::Touched::default(),
    }];
    super::known(Call::ListGroupMembershipsForMember, memberships)
}

pub(crate) fn john(status: &str) -> User {
    let jane = super::healthy().user.described.known().cloned().expect("known").expect("there");
    User { id: JOHN.into(), user_name: Some("john.roe".into()), status: Some(status.to_owned()), ..jane }
}

/// john.roe, who has access the same way.
pub(crate) fn beside(mut evidence: Evidence) -> Evidence {
    evidence.colleague = Some(Colleague {
        asked: "john.roe".into(),
        user: Box::new(UserFacts {
            lookups: vec![UserLookup {
                by: LookupBy::UserName,
                value: "john.roe".into(),
                found: super::known(Call::GetUserId, Some(JOHN.into())),
            }],
            described: super::known(Call::DescribeUser, Some(john("ENABLED"))),
            memberships: member(),
            for_principal: super::known(
                Call::ListAccountAssignmentsForPrincipal,
                vec![super::assignment(super::group_principal())],
            ),
            ..UserFacts::unasked()
        }),
    });
    evidence
}

/// jane.doe is not in the group.
pub(crate) fn left_out() -> Evidence {
    let mut evidence = super::healthy();
    evidence.user.memberships = super::known(Call::ListGroupMembershipsForMember, vec![]);
    evidence.user.for_principal = super::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    let rows = vec![super::assignment(super::group_principal())];
    evidence.permission_set_arns = super::known(Call::ListPermissionSets, vec![super::SET.to_owned()]);
    evidence.account.assignments.insert(super::SET.into(), super::known(Call::ListAccountAssignments, rows));
    beside(evidence)
}
