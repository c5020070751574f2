//! What mends things: sentences with the AWS CLI commands that do what they say, with the ids that were found and the
//! profiles that were given. They are printed for a person to run; nothing here runs anything. No command picks a group
//! or a permission set for the reader: what is theirs to choose stands in capital letters.

mod assignments;
mod command;
mod credentials;
mod memberships;
mod organization;
mod permission_sets;
mod requests;
mod target;
mod users;

pub use assignments::{Assigning, assign, assign_anew, assign_to, candidates, fits, is_for_administrators, unassign};
pub use memberships::{Choice, is_external, join};
pub use organization::{allow_everything, detach, edit, invite};
pub use permission_sets::{
    attach_aws_managed, delete_boundary, detach_aws_managed, edit_inline_policy, enable_permission_sets, name_boundary,
    name_policy, provision, rewrite_inline_policy,
};
pub use requests::{describe_application, describe_request, entitle};
pub use target::{add_to_trust, create_policy, create_role, edit_policy, raise_policies_per_role};
pub use users::{NAME_FILE, create_user};

use crate::evidence::InAccount;

/// The instance and the account that most commands name.
fn ids(here: InAccount<'_>) -> Option<(&str, &str)> {
    Some((&here.instance().ok()?.arn, here.account().id.as_deref()?))
}
