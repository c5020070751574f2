//! What all policies together leave to a session: those of the permission set or its role, the permissions boundary, and
//! the service control policies of every level. It says what is left and why; what follows from that is for the rules.

mod aimed;
mod left;
mod notes;
mod own;
mod stack;
mod told;
mod wanted;

pub use aimed::{Aim, aimed_at_one, is_aimed_at_somebody};
pub use left::{Left, under_organization};
pub use notes::{doubts_in_account, left_by_provisioning, notes};
pub use own::{Own, own};
pub use stack::{Origin, Piece, Stack, TierKind};
pub use told::{capitalised, denied, list_of_cuts, reason, rest, unmet};
pub use wanted::{unasked, wanted};
