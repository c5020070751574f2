//! Many small cases in one test: all of them run, several at a time, and every failure is told.

use std::fmt::Debug;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs every case and panics with the failures, each under its case's label. Most of a case is waiting for a process,
/// so twice as many run as there are processors.
pub(crate) fn each<T: Sync, L: Debug>(
    cases: &[T],
    label: impl Fn(&T) -> L + Sync,
    run: impl Fn(&T) -> Result<(), String> + Sync,
) {
    assert!(!cases.is_empty(), "there is nothing to run");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = 2 * thread::available_parallelism().map_or(2, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..workers.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if let Err(failure) = run(case) {
                        failures.lock().unwrap().push(format!("{:?}: {failure}", label(case)));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(failures.is_empty(), "{} of {} cases fail\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}
