//! Ctrl-C, SIGTERM and a terminal that goes away: the program ends at once, whatever it waits for, and leaves nothing half done behind.

use std::process;
use std::sync::mpsc;
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
    let (watches, is_watched) = mpsc::channel();
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        let Some(code) = runtime.block_on(interruption(watches)) else { return };
        let _busy = hold_off();
        tidy();
        process::exit(code)
    });
    // From here on nothing is left behind. Where it cannot be arranged, the thread is over, and so is the waiting.
    let _ = is_watched.recv();
}

/// Has a file that may not grow any more be an error of writing it, and not the end of the program: the answer comes first.
/// What the program starts has the signal as it was.
#[cfg(unix)]
pub(super) fn outlive_full_files() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let _entered = runtime.enter();
    // That it is watched for stays so until the end. Where it cannot be, the system ends the program.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

#[cfg(not(unix))]
pub(super) const fn outlive_full_files() {}

/// Waits for an interruption, and gives the exit code by which shells know it: 128 and the signal's number.
#[cfg(unix)]
async fn interruption(watches: mpsc::Sender<()>) -> Option<i32> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt()).ok()?, signal(SignalKind::terminate()).ok()?);
    let mut hangup = if is_hangup_ignored() { None } else { Some(signal(SignalKind::hangup()).ok()?) };
    let hung_up = async {
        match &mut hangup {
            Some(hangup) => hangup.recv().await,
            None => std::future::pending().await,
        }
    };
    drop(watches);
    let kind = tokio::select! {
        _ = interrupt.recv() => SignalKind::interrupt(),
        _ = terminate.recv() => SignalKind::terminate(),
        _ = hung_up => SignalKind::hangup(),
    };
    Some(128 + kind.as_raw_value())
}

/// Whether it was started so that it outlives its terminal, as `nohup` does. Watching would take that back.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    use std::io::IsTerminal;

    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        // nohup leaves it none of the three.
        return !std::io::stdin().is_terminal();
    };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
async fn interruption(watches: mpsc::Sender<()>) -> Option<i32> {
    drop(watches);
    tokio::signal::ctrl_c().await.ok()?;
    Some(130)
}
