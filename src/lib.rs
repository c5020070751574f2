//! Explains why a workforce user of AWS IAM Identity Center cannot get into an AWS account.
//!
//! `evidence` is what AWS answered, `paths` the ways to the account, `rules` what can be wrong, `verdict` the one
//! place that knows cause and effect, `render` how it is told. All of these are pure functions of values. Only
//! `collect`, behind the feature `live`, talks to AWS.

pub mod account_policies;
pub mod account_role;
pub mod aws_files;
pub mod candidates;
pub mod cli;
#[cfg(feature = "live")]
pub mod collect;
pub mod commands;
pub mod comparison;
pub mod config;
pub mod config_file;
pub mod denials;
pub mod diagnosis;
pub mod documentation;
pub mod entitled_role;
pub mod error;
pub mod evidence;
pub mod failed_request;
pub mod failure_reasons;
pub mod fault;
pub mod fixes;
pub mod gate;
#[cfg(feature = "live")]
pub mod interrupt;
pub mod organization_policies;
pub mod own_machine;
pub mod paths;
pub mod plain_text;
pub mod policy_document;
pub mod policy_requests;
pub mod redact;
pub mod refusals;
pub mod render;
pub mod role_trust;
pub mod rules;
pub mod session_policies;
pub mod sign_ins;
pub mod suggest;
pub mod terminal;
pub mod verdict;
pub mod word_search;
pub mod wording;
