//! CloudTrail records beyond the event history of `LookupEvents`: of more than 90 days, of a whole organization, with one
//! query. Where they are kept ([`Source`]), what is looked for ([`Sought`]), and what was found ([`Found`]).
//!
//! What is looked for is a list of [`Branch`]es, written once. Each source asks for no less than they say, in its own
//! language, and what comes back goes through [`Wanted::holds`]: so every source gives the same records from the same
//! events.

pub mod athena;
mod branch;
#[cfg(test)]
mod corpus;
pub mod files;
mod found;
pub mod lake;
pub mod logs;
mod matching;
mod reach;
#[cfg(test)]
mod sample;
mod sought;
mod source;
mod sql;

pub use branch::{Branch, Part, Text, branches};
pub use found::{Cover, Found, Unread};
pub use matching::Wanted;
pub use reach::Reach;
pub use sought::{Accounts, Sought, Window};
pub use source::Source;
