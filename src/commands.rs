//! The commands, each a short pipeline of what the other modules do.

pub mod why;
