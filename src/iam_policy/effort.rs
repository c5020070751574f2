//! How much may be reckoned before a question about policies counts as one that cannot be told. AWS takes policies that
//! tell so many calls apart that nobody could look at each.

use std::cell::Cell;

/// Many times what policies that people write take.
const STEPS: usize = 2_000_000;

/// What is left of it, for questions that belong together.
#[derive(Debug)]
pub struct Effort(Cell<usize>);

impl Default for Effort {
    fn default() -> Self {
        Self(Cell::new(STEPS))
    }
}

impl Effort {
    /// Takes some of it; whether there was enough.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether nothing is left, so that what was asked last was not looked at to the end.
    pub const fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
