//! Asks AWS about an organization, and keeps what it says where that is wanted.

use std::path::Path;
use std::time::Duration;

use super::file::File;
use crate::cli::organization::{Outputs, Reach};
use crate::error::Error;
use crate::evidence::{Scope, Snapshot};

/// How AWS is to be asked.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "live"), expect(dead_code, reason = "nothing is asked"))]
pub(super) struct HowToAsk<'a> {
    /// By which credentials.
    pub(super) reach: &'a Reach,
    /// How it is told meanwhile.
    pub(super) output: &'a Outputs,
    /// For how long.
    pub(super) timeout: Duration,
    /// How many requests a second.
    pub(super) rate: Option<u32>,
}

/// Asks, and writes each answer to a file as it comes.
#[cfg(all(feature = "store", feature = "live"))]
pub(super) fn recorded(
    scope: Scope,
    how: HowToAsk<'_>,
    path: &Path,
    resume: bool,
) -> Result<(Snapshot, Option<File>), Error> {
    use crate::store::Store;

    let failed = |source| Error::Store { path: path.to_owned(), source };
    let (store, known, calls) = if resume {
        let (store, kept) = Store::resume(path, &scope).map_err(failed)?;
        (store, kept.answers, (kept.calls, kept.sso_calls))
    } else {
        (Store::create(path, &scope).map_err(failed)?, Vec::new(), (0, 0))
    };
    let mut file = File::Recorded { store, failed: None };
    let mut snapshot = match collected(scope, how, known, &mut file) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            // Of a question that was mistyped there is nothing to go on with.
            if !resume && error.is_of_names() {
                file.discard();
            }
            return Err(error);
        }
    };
    snapshot.calls += calls.0;
    snapshot.sso_calls += calls.1;
    Ok((snapshot, Some(file)))
}

#[cfg(not(all(feature = "store", feature = "live")))]
pub(super) fn recorded(_: Scope, _: HowToAsk<'_>, _: &Path, _: bool) -> Result<(Snapshot, Option<File>), Error> {
    Err(no_file())
}

/// Asks, and keeps the answers for a file under made-up names: until then none of them is on the disk.
#[cfg(all(feature = "store", feature = "live"))]
pub(super) fn to_be_redacted(scope: Scope, how: HowToAsk<'_>, path: &Path) -> Result<(Snapshot, Option<File>), Error> {
    use crate::store::{Aside, Kept};

    let none = Kept { scope: scope.clone(), answers: Vec::new(), finished: None, calls: 0, sso_calls: 0 };
    let kept = Aside::of(&none).map_err(|source| Error::Write { path: path.to_owned(), source })?;
    let mut file = File::Redacted { path: path.to_owned(), kept: Box::new(kept) };
    let snapshot = collected(scope, how, Vec::new(), &mut file)?;
    if let File::Redacted { kept, .. } = &mut file {
        kept.head.finished = Some(snapshot.collected_at);
        (kept.head.calls, kept.head.sso_calls) = (snapshot.calls, snapshot.sso_calls);
    }
    Ok((snapshot, Some(file)))
}

#[cfg(not(all(feature = "store", feature = "live")))]
pub(super) fn to_be_redacted(_: Scope, _: HowToAsk<'_>, _: &Path) -> Result<(Snapshot, Option<File>), Error> {
    Err(no_file())
}

#[cfg(not(all(feature = "store", feature = "live")))]
fn no_file() -> Error {
    Error::Usage("this build of idc does not write the files of organizations".to_owned())
}

#[cfg(not(feature = "live"))]
pub(super) fn live(_: Scope, _: HowToAsk<'_>) -> Result<Snapshot, Error> {
    Err(Error::Usage("this build of idc does not ask AWS".to_owned()))
}

/// Asks, and keeps nothing.
#[cfg(feature = "live")]
pub(super) fn live(scope: Scope, how: HowToAsk<'_>) -> Result<Snapshot, Error> {
    collected(scope, how, Vec::new(), &mut ())
}

#[cfg(feature = "live")]
fn collected(
    scope: Scope,
    how: HowToAsk<'_>,
    known: Vec<crate::evidence::Answer>,
    keeper: &mut dyn crate::collect::Keeper,
) -> Result<Snapshot, Error> {
    use crate::aws_files::AwsFiles;
    use crate::cli::terminal;
    use crate::collect::{Progress, Settings, Show, collect_organization};
    use crate::commands::interrupt;

    let HowToAsk { reach, output, timeout, rate } = how;
    let files = AwsFiles::find();
    files.require_files().map_err(|(path, source)| Error::Read { path, source })?;
    scope.profile.iter().chain(&scope.target_profile).try_for_each(|profile| files.require_profile(profile))?;
    let show = match (output.verbose > 0, output.quiet) {
        (true, _) => Show::Calls,
        (_, true) => Show::Nothing,
        (false, false) => Show::Progress,
    };
    if output.verbose > 1 || std::env::var_os("IDC_LOG").is_some_and(|value| !value.is_empty()) {
        terminal::log_the_sdk();
    }
    let mut settings = Settings::new(timeout);
    settings.region = reach.region.clone().filter(|region| !region.is_empty());
    settings.rate = rate;
    settings.progress = Progress::new(show);
    let shown = settings.progress.clone();
    interrupt::watch(move || shown.finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let collected = runtime.block_on(Box::pin(collect_organization(scope, known, &settings, keeper)));
    runtime.shutdown_background();
    collected
}
