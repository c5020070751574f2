//! `idc doctor`: whether these credentials, and the way into an account, suffice for `idc why`.

#[cfg(feature = "live")]
mod live;

use crate::cli::Doctor;
use crate::error::Error;

/// Tries each call once. Exits with 0 where nothing is lacking, else with 12.
#[cfg(feature = "live")]
pub fn run(doctor: &Doctor) -> Result<u8, Error> {
    live::run(doctor)
}

/// Without what talks to AWS there is nothing to try.
#[cfg(not(feature = "live"))]
pub fn run(_: &Doctor) -> Result<u8, Error> {
    Err(Error::Usage("this build of idc reads recordings only: it has nothing to try".to_owned()))
}
