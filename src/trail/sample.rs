//! A made-up question and records that bear on it, for tests.

use serde_json::{Value, json};

use super::{Accounts, Reach, Sought, Window};

pub(super) const MANAGEMENT: &str = "111122223333";
pub(super) const TARGET: &str = "123456789012";
pub(super) const USER: &str = "906712ab34-1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809";
pub(super) const GROUP: &str = "906712ab34-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

/// A week of one user, one group, one permission set.
pub(super) fn sought() -> Sought {
    let at = |text: &str| text.parse().unwrap_or_default();
    let window = Window { since: at("2026-11-13T14:40:00Z"), until: at("2026-11-20T14:40:00Z") };
    let one = |text: &str| [text.to_owned()].into();
    Sought {
        accounts: Accounts {
            management: Some(MANAGEMENT.to_owned()),
            administrators: one("222233334444"),
            target: Some(TARGET.to_owned()),
        },
        regions: ["eu-west-1", "us-east-1"].map(str::to_owned).into(),
        user: Some(USER.to_owned()),
        user_name: Some("jane.doe".to_owned()),
        others: one(GROUP),
        permission_sets: one("arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-5555666677778888"),
        roles: one("AWSReservedSSO_Analyst_0123456789abcdef"),
        policies: one("BoundaryOfAnalysts"),
        ..Sought::within(window)
    }
}

/// What takes everything, for seven years.
pub(super) fn whole() -> Reach {
    Reach {
        account: Some(MANAGEMENT.to_owned()),
        region: Some("eu-west-1".to_owned()),
        of_organization: true,
        of_every_region: true,
        since: "2024-01-01T00:00:00Z".parse().ok(),
        days: Some(2557),
        is_whole: true,
    }
}

/// A member added to the group.
pub(super) fn added(id: &str, at: &str) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": id, "eventTime": at, "awsRegion": "eu-west-1",
        "eventSource": "sso-directory.amazonaws.com", "eventName": "AddMemberToGroup",
        "recipientAccountId": MANAGEMENT, "userIdentity": {"type": "Root", "accountId": MANAGEMENT},
        "requestParameters": {"groupId": GROUP, "member": {"memberId": USER}}, "responseElements": null,
    })
}
