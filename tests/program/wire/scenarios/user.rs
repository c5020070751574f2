//! The user in the identity store.

use crate::wire::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("user-not-found", |_| {}).asking("jane.do 123456789012").blocked_by("user-not-found"),
        // Deleted and made anew under another name: the assignments of the old id give nobody anything.
        scenario("user-not-found--by-id", |acme| acme.remove_user("jane.doe"))
            .asking("9067f0c1d2-11111111-2222-3333-4444-555555555555 123456789012")
            .blocked_by("user-not-found"),
        // The text is her e-mail, and nobody's user name.
        scenario("user-not-found--near-miss", |_| {}).asking("jane.doe@acme.example 123456789012"),
        scenario("user-disabled", |acme| acme.user("jane.doe").status = Some("DISABLED".into()))
            .blocked_by("user-disabled"),
        // With nothing else in her way, or with everything: the earliest gate is the cause.
        scenario("user-disabled--among-other-faults", |acme| {
            acme.user("jane.doe").status = Some("DISABLED".into());
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.account("prod-data").iam.saml_providers.clear();
        })
        .blocked_by("user-disabled"),
        // Other people with names like hers.
        scenario("user-disabled--near-miss", |acme| {
            for name in ["janet.doe", "jane.dole", "jane.doe@contractor.example"] {
                acme.user(name).status = Some("DISABLED".into());
            }
        }),
    ]
}
