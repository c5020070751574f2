//! Test data on top of the evidence's.

use super::paths::{Assigned, Entitled};
use crate::evidence::sample::entitled::{APPLICATION, ROLE};
use crate::evidence::sample::{SET, group_principal};

/// The one path of the healthy sample.
pub(crate) fn path() -> Assigned {
    Assigned { permission_set: SET.to_owned(), via: group_principal(), stands: true }
}

/// The one entitlement of the entitled sample.
pub(crate) fn entitlement() -> Entitled {
    Entitled { application: APPLICATION.to_owned(), role_arn: ROLE.to_owned(), via: group_principal() }
}
