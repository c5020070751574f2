//! What can be found, without finding it: the gates of the way, what a rule says, and what AWS's failure texts mean.

mod change;
mod command;
pub mod failure_reasons;
mod fault;
mod gate;
mod outcome;
mod registry;

pub use change::Change;
pub use command::Command;
pub use fault::{Candidate, Citation, Confidence, Effect, Fault, Fix, Gives, NearMiss, Part, Subject, Suggestion};
pub use gate::Gate;
pub use outcome::{Judged, Outcome};
pub(crate) use registry::registered;
