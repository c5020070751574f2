//! What is being asked right now, on standard error and only on a terminal; with `-v` a line for each request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// How collecting shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Show {
    /// Not at all.
    Nothing,
    /// A line that changes in place, if standard error is a terminal.
    Progress,
    /// A line for each request.
    Calls,
}

/// The progress of one run, which somebody else may end as well.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: Arc<ProgressBar>,
    lines: bool,
}

impl Progress {
    /// The progress of a run that has not begun.
    pub fn new(show: Show) -> Self {
        // Draws nothing where standard error is not a terminal.
        let bar = if show == Show::Progress { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{elapsed:>3}  {pos} calls  {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar: Arc::new(bar), lines: show == Show::Calls }
    }

    /// Begins to show itself, for each question anew: not before the source of the credentials has asked what it may ask
    /// on the terminal.
    pub(crate) fn start(&self) {
        if !self.bar.is_hidden() {
            self.bar.reset();
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    /// Shows that a question is put, by its action.
    pub(crate) fn asking(&self, action: &'static str) -> Running<'_> {
        self.bar.set_message(action);
        self.bar.inc(1);
        Running { progress: self, action, since: Instant::now() }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A request under way.
pub(crate) struct Running<'a> {
    progress: &'a Progress,
    action: &'static str,
    since: Instant,
}

impl Running<'_> {
    pub(crate) fn done(self, outcome: &str) {
        if self.progress.lines {
            let line = format!("{:>6} ms  {:<55} {outcome}", self.since.elapsed().as_millis(), self.action);
            output::say_line(&line);
        }
    }
}
