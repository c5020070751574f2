//! Ctrl-C and SIGTERM: the program ends at once, whatever it waits for, and leaves nothing half done behind.

use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Held while something must not be left half done.
static BUSY: Mutex<()> = Mutex::new(());

/// Keeps an interruption waiting for as long as the guard lives: for moments only.
pub(super) fn hold_off() -> MutexGuard<'static, ()> {
    BUSY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the program end when it is interrupted, after `tidy`. Where that cannot be arranged, the system ends it.
pub(super) fn watch(tidy: impl FnOnce() + Send + 'static) {
    // A thread of its own, since the program may be waiting where no other task gets a turn: for a reader of its answer.
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        let Some(code) = runtime.block_on(interruption()) else { return };
        let _busy = hold_off();
        tidy();
        process::exit(code)
    });
}

/// Waits for an interruption, and gives the exit code by which shells know it: 128 and the signal's number.
#[cfg(unix)]
async fn interruption() -> Option<i32> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt()).ok()?, signal(SignalKind::terminate()).ok()?);
    let kind = tokio::select! {
        _ = interrupt.recv() => SignalKind::interrupt(),
        _ = terminate.recv() => SignalKind::terminate(),
    };
    Some(128 + kind.as_raw_value())
}

#[cfg(not(unix))]
async fn interruption() -> Option<i32> {
    tokio::signal::ctrl_c().await.ok()?;
    Some(130)
}
