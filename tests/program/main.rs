//! The program from outside, in one binary: what it prints, what its documents say of it, what is promised of every rule,
//! and what it answers where it asks AWS.

mod cli;
mod completions;
mod deploy;
mod documents;
mod explain;
mod help;
mod hostile;
mod kept;
mod properties;
mod rooms;
mod rows;
mod variables;
#[cfg(feature = "live")]
mod wire;

/// Whether all is tried, as `.ci/run` does with `EVERY=1`. Otherwise what takes longest tries a part, always the same one, so
/// that all tests take a minute.
fn every() -> bool {
    std::env::var_os("EVERY").is_some()
}
