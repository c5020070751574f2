//! The program itself against a server on the loopback that speaks the AWS protocols: what it answers for each
//! scenario, and what it makes of pages, faults, denials and callers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../served/mod.rs"]
mod served;

mod fixture;
mod parallel;
mod run;
mod scenario;
mod scenarios;
