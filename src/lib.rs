//! Explains why a workforce user of AWS IAM Identity Center cannot get into an AWS account.
//!
//! `evidence` is what AWS answered, `model` what follows from it, `rules` what can be wrong, `verdict` the one place
//! that knows cause and effect, `answers` an answer as one value, `render` how it is told. All of these are pure
//! functions of values. Only `collect`, behind the feature `live`, talks to AWS. CONTRIBUTING.md has the order of the
//! rooms.

pub mod answers;
pub mod aws_files;
pub mod cli;
#[cfg(feature = "live")]
pub mod collect;
pub mod commands;
pub mod error;
pub mod evidence;
pub mod findings;
pub mod iam_policy;
pub mod input;
pub mod machine;
pub mod model;
pub mod output;
pub mod plan;
pub mod redact;
pub mod render;
pub mod rules;
pub mod verdict;
pub mod wording;
