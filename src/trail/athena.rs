//! A table of Amazon Athena over log files in S3: what is to be known of it, the statement, and its rows.

mod rows;
mod statement;
mod table;

pub use rows::found;
pub use statement::{Statement, statement};
pub use table::Table;

#[cfg(test)]
mod tests;
