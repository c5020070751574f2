//! `idc why --wait`: asks again until they can get in, or until the time is over.

use std::thread;
use std::time::{Duration, Instant};

use crate::answers::diagnosis::{Diagnosis, diagnose};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::findings::Gate;
use crate::output;
use crate::verdict::Verdict;
use crate::wording;

/// How long to wait before each further look; the last goes on. What was mended just now often shows within seconds.
const PAUSES: [u64; 6] = [1, 2, 3, 5, 10, 15];

/// How to ask again.
pub(super) trait Again {
    /// Whether anything may have changed at this gate since the evidence was collected; within a time.
    fn has_changed(&mut self, evidence: &Evidence, gate: Option<Gate>, most: Duration) -> Result<bool, Error>;
    /// Everything anew, within a time.
    fn collect(&mut self, most: Duration) -> Result<Evidence, Error>;
}

/// Waits, and gives the evidence of the last answer.
pub(super) fn wait(first: Evidence, long: Duration, told: bool, again: &mut impl Again) -> Result<Evidence, Error> {
    let begun = Instant::now();
    let left = || long.saturating_sub(begun.elapsed());
    let mut evidence = first;
    // How long a look took, so that the last one fits in.
    let mut look = Duration::ZERO;
    let mut pauses = PAUSES.into_iter().chain(std::iter::repeat(PAUSES[PAUSES.len() - 1])).map(Duration::from_secs);
    let mut said = None;
    loop {
        let diagnosis = diagnose(&evidence);
        if gets_in(&diagnosis) || left() <= look {
            return Ok(evidence);
        }
        let state = (diagnosis.verdict, diagnosis.root_cause.as_ref().map(|root| root.rule));
        if told && said.as_ref() != Some(&state) {
            output::say_line(&waiting(&diagnosis, left()));
            said = Some(state);
        }
        let pause = pauses.next().unwrap_or_default();
        let is_last = left() <= pause + look;
        thread::sleep(pause.min(left().saturating_sub(look)));
        let gate = diagnosis.root_cause.as_ref().map(|root| root.gate);
        let started = Instant::now();
        if is_last || again.has_changed(&evidence, gate, left())? {
            let later = again.collect(left())?;
            // A look that the time cut short tells less than the one before.
            if !(left().is_zero() && diagnose(&later).verdict == Verdict::Inconclusive) {
                evidence = later;
            }
        }
        if is_last {
            return Ok(evidence);
        }
        look = look.max(started.elapsed());
    }
}

fn gets_in(diagnosis: &Diagnosis) -> bool {
    match diagnosis.verdict {
        Verdict::Reachable | Verdict::Degraded => true,
        Verdict::Blocked | Verdict::Inconclusive => false,
    }
}

fn waiting(diagnosis: &Diagnosis, left: Duration) -> String {
    let cause = diagnosis.root_cause.as_ref().map(|root| format!(" ({})", root.rule)).unwrap_or_default();
    let verdict = match diagnosis.verdict {
        Verdict::Blocked => "blocked",
        Verdict::Inconclusive => "not known",
        Verdict::Reachable | Verdict::Degraded => "open",
    };
    let left = match left.as_secs() {
        seconds @ 0..120 => wording::count(usize::try_from(seconds).unwrap_or(usize::MAX), "second"),
        seconds => wording::count(usize::try_from(seconds / 60).unwrap_or(usize::MAX), "minute"),
    };
    format!("waiting: {verdict}{cause}; asking again for {left} more")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    struct Mended {
        looks: usize,
        collected: usize,
    }

    impl Again for Mended {
        fn has_changed(&mut self, _: &Evidence, gate: Option<Gate>, _: Duration) -> Result<bool, Error> {
            assert_eq!(gate, Some(Gate::User));
            self.looks += 1;
            Ok(self.looks > 1)
        }

        fn collect(&mut self, _: Duration) -> Result<Evidence, Error> {
            self.collected += 1;
            Ok(sample::healthy())
        }
    }

    fn blocked() -> Evidence {
        let mut evidence = sample::healthy();
        evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
        evidence
    }

    #[test]
    fn everything_is_asked_again_only_where_something_has_changed() {
        let mut again = Mended { looks: 0, collected: 0 };
        let last = wait(blocked(), Duration::from_mins(1), false, &mut again).expect("an answer");
        assert_eq!((diagnose(&last).verdict, again.looks, again.collected), (Verdict::Reachable, 2, 1));
    }

    #[test]
    fn whoever_gets_in_is_not_waited_for() {
        let mut again = Mended { looks: 0, collected: 0 };
        let last = wait(sample::healthy(), Duration::from_mins(1), false, &mut again).expect("an answer");
        assert_eq!((diagnose(&last).verdict, again.looks, again.collected), (Verdict::Reachable, 0, 0));
    }

    #[test]
    fn tells_how_long_it_goes_on() {
        let line = waiting(&diagnose(&blocked()), Duration::from_mins(10));
        assert_eq!(line, "waiting: blocked (user-not-found); asking again for 10 minutes more");
    }
}
