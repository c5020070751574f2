//! What Identity Center passes on into the session.

use crate::scenario::{Scenario, scenario};
use crate::served::{AccessControlAttributes, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("session-tags-invalid", |acme| {
            pass_on_display_names(acme);
            acme.user("jane.doe").display_name = "Jane Doe (Data)".into();
        })
        .blocked_by("session-tags-invalid"),
        // Letters of any script are as good as ASCII; the parentheses are somebody else's.
        scenario("session-tags-invalid--near-miss", |acme| {
            pass_on_display_names(acme);
            acme.user("jane.doe").display_name = "Žané Dœ-Łukasz".into();
            acme.user("janet.doe").display_name = "Janet Doe (Web)".into();
        }),
        // Nothing is passed on while it is not switched on.
        scenario("session-tags-invalid--near-miss-not-enabled", |acme| {
            pass_on_display_names(acme);
            if let Some(attributes) = &mut acme.instance().access_control_attributes {
                attributes.status = "CREATION_FAILED".into();
            }
            acme.user("jane.doe").display_name = "Jane Doe (Data)".into();
        }),
    ]
}

pub(super) fn pass_on_display_names(acme: &mut Organization) {
    acme.instance().access_control_attributes = Some(AccessControlAttributes {
        status: "ENABLED".into(),
        status_reason: None,
        attributes: [("Person", "${path:displayName}"), ("Login", "${path:userName}")]
            .map(|(key, source)| (key.to_owned(), source.to_owned()))
            .into(),
    });
}
