//! The program itself against a server on the loopback that speaks the AWS protocols: what it answers for each
//! scenario, and what it makes of pages, faults, denials and callers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod by_hand;
mod callers;
mod cases;
mod chance;
mod credentials;
mod denials;
mod doctor;
mod embedded;
mod endpoints;
mod fixture;
mod history;
mod home;
mod hostile;
#[cfg(unix)]
mod interrupt;
mod like;
mod members;
mod mended;
mod oneself;
mod organization;
mod organization_policies;
mod own_keys;
mod own_machine;
mod own_permission_set;
mod own_start_url;
mod pages;
mod parallel;
mod partitions;
mod policy_documents;
mod profiles;
mod recording;
mod run;
mod sameness;
mod scenario;
mod scenarios;
mod secrets;
mod size;
mod sources;
mod trail;
mod trouble;
mod truth;
mod typed;
mod untouched;
mod waiting;
