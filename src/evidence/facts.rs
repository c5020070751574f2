//! What AWS said, by what it is about: the instance and its organization, one account, one user. One question needs one
//! account and a user or two; a question about the organization needs many of both.

mod account;
mod instance;
mod user;

pub use account::{AccountFacts, not_entered};
pub use instance::{AccountsOf, InstanceFacts};
pub use user::UserFacts;

/// Why what waits for something else was not asked.
const EARLIER: &str = "what it depends on is not known";
