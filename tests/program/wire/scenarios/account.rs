//! The AWS account.

use crate::wire::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("account-not-in-organization", |_| {})
            .asking("jane.doe 123456789021")
            .blocked_by("account-not-in-organization"),
        scenario("account-not-in-organization--by-name", |_| {})
            .asking("jane.doe prod-dta")
            .blocked_by("account-not-in-organization"),
        // A spreadsheet has eaten the leading zero.
        scenario("account-not-in-organization--near-miss", |_| {}).asking("jane.doe 12345678901"),
        scenario("account-not-active", |acme| acme.account("prod-data").state = "SUSPENDED".into())
            .blocked_by("account-not-active"),
        scenario("account-not-active--closing", |acme| acme.account("prod-data").state = "PENDING_CLOSURE".into())
            .blocked_by("account-not-active"),
        // Another account whose name begins the same.
        scenario("account-not-active--near-miss", |acme| {
            acme.account("prod-data-archive").state = "SUSPENDED".into();
        })
        .asking("jane.doe prod-data"),
    ]
}
