//! Explains why a workforce user of AWS IAM Identity Center cannot get into an AWS account.
//!
//! `evidence` is what AWS answered, `model` what follows from it, `rules` what can be wrong, `verdict` the one place
//! that knows cause and effect, `answers` an answer as one value, `render` how it is told. All of these are pure
//! functions of values. Only `collect`, behind the feature `live`, talks to AWS. CONTRIBUTING.md has the order of the
//! rooms. What is `pub` here is what the program, its tests and whoever embeds it need; of the rest, the compiler tells
//! what nobody uses.

#![cfg_attr(not(feature = "live"), expect(dead_code, unused_imports, reason = "collect alone needs it"))]

pub mod answers;
pub mod aws_files;
pub mod cli;
#[cfg(feature = "live")]
pub mod collect;
pub mod commands;
mod cores;
pub mod error;
pub mod evidence;
pub mod findings;
pub mod history;
mod iam_policy;
pub mod input;
mod json;
pub mod machine;
mod model;
pub mod output;
pub mod packed;
mod plan;
pub mod redact;
pub mod render;
pub mod rules;
#[cfg(feature = "store")]
pub mod store;
pub mod terraform;
pub mod trail;
pub mod verdict;
pub mod wording;

/// Whether all is tried, as `.ci/run` does with `EVERY=1`. Otherwise what takes longest tries a part, so that all tests take a
/// minute.
#[cfg(test)]
fn every() -> bool {
    std::env::var_os("EVERY").is_some()
}
