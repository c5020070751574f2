//! What one gate means for the ways behind it.

use crate::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("account-suspended", |acme| acme.account("prod-data").state = "SUSPENDED".into())
            .blocked_by("account-not-active")
            .saying(&["is suspended (SUSPENDED)"])
            .silent_on(&["is closed (CLOSED)"]),
    ]
}
