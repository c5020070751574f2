//! What the evidence amounts to: the ways, the role of a permission set, what policies allow, and the commands that fix.

pub mod callers_account;
pub mod denials;
pub mod entitled_role;
pub mod failed_request;
pub mod fixes;
pub mod organization;
pub mod organization_policies;
pub mod paths;
pub mod permission_set_role;
pub mod provisioned;
pub mod refusals;
pub mod required_policies;
pub mod role_trust;
#[cfg(test)]
pub(crate) mod sample;
pub mod session_policies;
mod sides;
pub mod sign_in_call;
pub mod sign_ins;
mod subject;
mod target;

pub use provisioned::Provisioned;
pub use sides::Sides;
pub use subject::{Case, Session, SetInAccount, Through, ToCome};
pub use target::inside_target;
