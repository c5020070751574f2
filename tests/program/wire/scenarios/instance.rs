//! The Identity Center instance.

use crate::wire::scenario::{Scenario, scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("instance-not-active", |acme| {
            acme.instance().status = "DELETE_IN_PROGRESS".into();
        })
        .blocked_by("instance-not-active"),
        scenario("instance-not-active--still-created", |acme| {
            acme.instance().status = "CREATE_IN_PROGRESS".into();
            acme.instance().status_reason = Some("Waiting for the directory".into());
        })
        .blocked_by("instance-not-active"),
        // It is a Region of the instance that goes, and not the instance.
        scenario("instance-not-active--near-miss", |acme| {
            acme.replicate_to("eu-west-1").status = "REMOVING".into();
        }),
        scenario("permission-sets-disabled", |acme| {
            acme.instance().permission_sets_enabled = Some(false);
        })
        .blocked_by("permission-sets-disabled"),
        // A service that does not send the flag says nothing against permission sets.
        scenario("permission-sets-disabled--near-miss", |acme| acme.instance().permission_sets_enabled = None),
    ]
}
