//! A line of a file on somebody's own machine, as it is and as it should be.

/// A line to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The line as it is, where that may be shown.
    pub is: Option<String>,
    /// The line, or lines, as it should be, where that is known.
    pub should_be: Vec<String>,
}

impl Change {
    /// Whether it is known what the line should be.
    pub const fn is_known(&self) -> bool {
        !self.should_be.is_empty()
    }
}
