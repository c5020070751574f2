//! What is being asked right now, on standard error: a line that changes in place on a terminal, with a bar where it is
//! known how much there is; elsewhere a plain line now and then, where it takes long. With `-v` a line for each request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// How often a plain line is said.
const NOW_AND_THEN: Duration = Duration::from_secs(30);

/// How collecting shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Show {
    /// Not at all.
    Nothing,
    /// A line that changes in place, if standard error is a terminal; else a line now and then.
    Progress,
    /// A line for each request.
    Calls,
}

/// The progress of one run, which somebody else may end as well.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: Arc<ProgressBar>,
    lines: bool,
    /// Whether it is told how much there is: then requests do not count.
    has_total: Arc<AtomicBool>,
    /// When a plain line was said last, where they are.
    said: Option<Arc<Mutex<Instant>>>,
}

impl Progress {
    /// The progress of a run that has not begun.
    pub fn new(show: Show) -> Self {
        // Draws nothing where standard error is not a terminal.
        let bar = if show == Show::Progress { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let is_plain = show == Show::Progress && !output::tells_a_terminal();
        Self {
            bar: Arc::new(bar),
            lines: show == Show::Calls,
            has_total: Arc::default(),
            said: is_plain.then(|| Arc::new(Mutex::new(Instant::now()))),
        }
    }

    /// Begins to show itself, for each question anew: not before the source of the credentials has asked what it may ask
    /// on the terminal. It ends within `most`.
    pub(crate) fn start(&self, most: Duration) {
        if !self.bar.is_hidden() {
            let template =
                format!("{{elapsed:>3}} of {}s  {{pos}} of {{len}} calls answered  {{wide_msg}}", most.as_secs());
            if let Ok(style) = ProgressStyle::with_template(&template) {
                self.bar.set_style(style);
            }
            self.bar.set_length(0);
            self.bar.reset();
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    /// Counts a request that waits for its turn. What an answer shows to be needed comes later.
    pub(crate) fn queued(&self) -> Queued<'_> {
        if !self.has_total.load(Ordering::Relaxed) {
            self.bar.inc_length(1);
        }
        Queued(self)
    }

    /// Shows that a question is put, by its action.
    pub(crate) fn asking(&self, action: &'static str) -> Running<'_> {
        if !self.has_total.load(Ordering::Relaxed) {
            self.bar.set_message(action);
        }
        Running { progress: self, action, since: Instant::now() }
    }

    /// Shows that so many of the questions known so far were answered, and how long the rest takes where that can be told.
    pub(crate) fn answered(&self, done: usize, of: usize, left: Option<Duration>) {
        if let Some(said) = &self.said {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.elapsed() >= NOW_AND_THEN {
                *said = Instant::now();
                output::say_line(&told(done, of, left));
            }
        }
        if self.bar.is_hidden() {
            return;
        }
        if !self.has_total.swap(true, Ordering::Relaxed)
            && let Ok(style) = ProgressStyle::with_template("{elapsed:>3}  {bar:24} {wide_msg}")
        {
            self.bar.set_style(style);
        }
        self.bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        self.bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        self.bar.set_message(told(done, of, left));
    }

    /// With a line for each request, says what is asked as well.
    pub(crate) fn say(&self, text: &str) {
        if self.lines {
            text.lines().for_each(output::say_line);
        }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// How far it is, in words.
fn told(done: usize, of: usize, left: Option<Duration>) -> String {
    let rest = match left.map(|left| left.as_secs()) {
        None => String::new(),
        Some(seconds @ ..100) => format!(", about {} s left", seconds.max(1)),
        Some(seconds @ ..6_000) => format!(", about {} min left", seconds.div_ceil(60)),
        Some(seconds) => format!(", about {} h left", seconds.div_ceil(3_600)),
    };
    format!("{done} of {of} questions answered{rest}")
}

/// A request that waits, or is under way; when it is let go, it is at its end.
pub(crate) struct Queued<'a>(&'a Progress);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if !self.0.has_total.load(Ordering::Relaxed) {
            self.0.bar.inc(1);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is_can_be_read() {
        let left = |seconds| told(312, 1_360, Some(Duration::from_secs(seconds)));
        assert_eq!(told(1, 2, None), "1 of 2 questions answered");
        assert_eq!(left(0), "312 of 1360 questions answered, about 1 s left");
        assert_eq!(left(52), "312 of 1360 questions answered, about 52 s left");
        assert_eq!(left(840), "312 of 1360 questions answered, about 14 min left");
        assert_eq!(left(9_000), "312 of 1360 questions answered, about 3 h left");
    }
}
