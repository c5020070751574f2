//! Which facts a question still needs, from those that are known. Pure: it asks for nothing itself.

pub mod colleague;
pub mod history;
pub mod organization;
pub mod trail;
pub mod why;
