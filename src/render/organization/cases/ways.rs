//! Who can get in, and where, for the renderers' tests.

use super::{HOSTILE, account, at, gap, group, hostile_scan, made, person, set};
use crate::answers::organization::{Access, AccessRow, Dead, ForReview, PersonShown, SetShown, Via, Who};
use crate::evidence::{Call, Principal, PrincipalType, Reason};
use crate::verdict::{PathState, Unread};

fn row(name: &str, state: PathState, rule: Option<&'static str>) -> AccessRow {
    AccessRow {
        account: account("prod-data", 123_456_789_012),
        person: Some(person(name)),
        permission_set: Some(set("RedshiftAnalyst")),
        via: group("DataAnalysts"),
        role_arn: Some("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_R_1".to_owned()),
        state,
        rule,
        why: rule.map(|rule| format!("{name} is shut out by {rule}.")),
        review: ForReview {
            department: Some("Data".to_owned()),
            privileged: Some(Some("AdministratorAccess")),
            member_since: Some(at()),
            ..ForReview::default()
        },
    }
}

fn rows() -> Vec<AccessRow> {
    let shut = row("sam", PathState::Shut, Some("user-disabled"));
    let directly = Via { kind: PrincipalType::User, id: "id-of-kim".to_owned(), name: Some("kim".to_owned()) };
    let direct = AccessRow { via: directly, permission_set: Some(set("Admin")), ..row("kim", PathState::Open, None) };
    let entitled = AccessRow { permission_set: None, ..row("kim", PathState::Degraded, Some("role-missing")) };
    let unread = AccessRow {
        person: None,
        via: group("Locked"),
        why: Some("who is in the group is not known: Rate exceeded".to_owned()),
        ..row("", PathState::Unknown, None)
    };
    vec![row("jane", PathState::Open, None), row("kim", PathState::Open, None), shut, direct, entitled, unread]
}

pub(in crate::render) fn who() -> Who {
    let dead = Dead {
        principal: Principal { kind: PrincipalType::Group, id: "g-gone".to_owned() },
        permission_set: set("RedshiftAnalyst"),
        account: account("prod-data", 123_456_789_012),
    };
    let gap = gap(Call::ListGroupMemberships, Some(111_122_223_333), Reason::Throttled, "Rate exceeded");
    Who {
        account: account("prod-data", 123_456_789_012),
        access: rows(),
        dead: vec![dead],
        notes: vec!["open says that they get in".to_owned()],
        made: made(vec![Unread { gap, decides: true }]),
    }
}

pub(in crate::render) fn access() -> Access {
    let mut access = rows();
    access.retain(|row| row.person.is_some());
    for row in &mut access {
        row.person = Some(person("kim"));
    }
    access[0].account = account("dev", 7);
    Access { person: person("kim"), access, notes: Vec::new(), made: made(Vec::new()) }
}

/// Whatever comes from AWS is hostile.
pub(in crate::render) fn hostile_who() -> Who {
    let of = |(number, name): (usize, &&str)| AccessRow {
        account: account(name, number),
        person: Some(PersonShown {
            display_name: Some((*name).to_owned()),
            email: Some((*name).to_owned()),
            status: Some((*name).to_owned()),
            ..person(name)
        }),
        permission_set: Some(SetShown { name: Some((*name).to_owned()), arn: (*name).to_owned() }),
        via: group(name),
        why: Some((*name).to_owned()),
        ..row("", PathState::Unknown, None)
    };
    let dead = |name: &&str| Dead {
        principal: Principal { kind: PrincipalType::User, id: (*name).to_owned() },
        permission_set: SetShown { name: Some((*name).to_owned()), arn: (*name).to_owned() },
        account: account(name, 1),
    };
    Who {
        account: account(HOSTILE[0], 1),
        access: HOSTILE.iter().enumerate().map(of).collect(),
        dead: HOSTILE.iter().map(dead).collect(),
        notes: HOSTILE.iter().map(|name| (*name).to_owned()).collect(),
        made: hostile_scan().made,
    }
}
