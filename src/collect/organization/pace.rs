//! How far a run is, and how long the rest will take.

use std::time::{Duration, Instant};

use super::lanes::LANES;

/// How long it takes until something can be said of the rest.
const WARM_UP: Duration = Duration::from_secs(2);

/// What was answered since a run began.
#[derive(Debug)]
pub(super) struct Pace {
    since: Instant,
    answered: [usize; LANES],
    in_time: usize,
}

impl Pace {
    pub(super) fn new(since: Instant) -> Self {
        Self { since, answered: [0; LANES], in_time: 0 }
    }

    /// An answer came; `in_time`: before the time was over.
    pub(super) fn answered(&mut self, lane: usize, in_time: bool) {
        self.answered[lane] += 1;
        self.in_time += usize::from(in_time);
    }

    /// How many questions were answered before the time was over.
    pub(super) const fn in_time(&self) -> usize {
        self.in_time
    }

    /// How many answers came.
    pub(super) fn done(&self) -> usize {
        self.answered.iter().sum()
    }

    /// How long it takes until so many more are answered, where they come as those before: the slowest lane tells. What
    /// will be asked besides is not known yet.
    pub(super) fn left(&self, open: [usize; LANES], now: Instant) -> Option<Duration> {
        let gone = now.saturating_duration_since(self.since);
        if gone < WARM_UP {
            return None;
        }
        let of = |(open, answered): (&usize, &usize)| {
            let (open, answered) = (u32::try_from(*open).ok()?, u32::try_from(*answered).ok()?);
            Some(gone * open / answered.max(1))
        };
        open.iter().zip(&self.answered).filter(|(open, _)| **open > 0).map(of).max().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_lane_tells_how_long_it_takes() {
        let begun = Instant::now();
        let mut pace = Pace::new(begun);
        for _ in 0..40 {
            pace.answered(0, true);
        }
        (0..10).for_each(|_| pace.answered(1, false));
        assert_eq!((pace.done(), pace.in_time()), (50, 40));
        let mut open = [0; LANES];
        (open[0], open[1]) = (40, 30);
        let soon = begun + Duration::from_millis(1_500);
        assert_eq!(pace.left(open, soon), None, "it is too early to tell");
        assert_eq!(pace.left(open, begun + Duration::from_secs(4)), Some(Duration::from_secs(12)));
        assert_eq!(pace.left([0; LANES], begun + Duration::from_secs(4)), None, "nothing is open");
    }
}
