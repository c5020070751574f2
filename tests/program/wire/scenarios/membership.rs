//! The user's groups.

use crate::wire::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("group-not-found", |_| {})
            .asking("jane.doe 123456789012 --group DataAnalyst")
            .blocked_by("group-not-found"),
        scenario("group-not-found--near-miss", |_| {}).asking("jane.doe 123456789012 --group DataAnalysts"),
        // She is in another group, so that assigning that one fits as well.
        scenario("not-in-assigned-group", |acme| acme.remove_member("DataAnalysts", "jane.doe"))
            .blocked_by("not-in-assigned-group")
            .likely(),
        scenario("not-in-assigned-group--like-colleague", |acme| acme.remove_member("DataAnalysts", "jane.doe"))
            .asking("jane.doe 123456789012 --like amir.khan")
            .blocked_by("not-in-assigned-group")
            .likely(),
        scenario("not-in-assigned-group--in-no-group", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.remove_member("Developers", "jane.doe");
        })
        .blocked_by("not-in-assigned-group"),
        scenario("not-in-assigned-group--group-meant", |acme| acme.remove_member("DataAnalysts", "jane.doe"))
            .asking("jane.doe 123456789012 --group DataAnalysts")
            .blocked_by("not-in-assigned-group"),
        // She gets in through a group, but not through the one that was meant to let her in.
        scenario("not-in-assigned-group--other-group-meant", |_| {})
            .asking("jane.doe 123456789012 --group DataEngineers")
            .blocked_by("not-in-assigned-group"),
        // The group whose name begins the same is assigned in another account, and she is in that one.
        scenario("not-in-assigned-group--similar-group", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.add_member("DataAnalysts-EU", "jane.doe");
        })
        .blocked_by("not-in-assigned-group")
        .likely(),
        // The group she has left is assigned elsewhere.
        scenario("not-in-assigned-group--near-miss", |acme| acme.remove_member("Developers", "jane.doe")),
    ]
}
