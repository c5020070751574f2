//! Asks AWS, for each question of one run.

use crate::cli::Why;
use crate::error::Error;
use crate::evidence::{Evidence, Oneself, Question};

#[cfg(feature = "live")]
pub(super) use asking::Live;

/// Where nothing can be asked, there is none of it.
#[cfg(not(feature = "live"))]
pub(super) enum Live {}

#[cfg(not(feature = "live"))]
impl Live {
    pub(super) fn new(_: &Why) -> Result<Self, Error> {
        Err(Error::Usage("this build of idc reads recordings only: give one with --replay FILE".to_owned()))
    }

    pub(super) fn for_several(why: &Why) -> Result<Self, Error> {
        Self::new(why)
    }

    pub(super) fn ask(&self, _: Question, _: Oneself) -> Result<Evidence, Error> {
        match *self {}
    }
}

#[cfg(feature = "live")]
mod asking {
    use std::time::{Duration, Instant};

    use tokio::runtime::{Builder, Runtime};

    use super::super::interrupt;
    use super::super::waiting::{self, Again};
    use super::{Error, Evidence, Oneself, Question, Why};
    use crate::aws_files::AwsFiles;
    use crate::cli::terminal;
    use crate::collect::{Progress, Settings, SharedAnswers, Show, Trail, collect, collect_myself, has_changed};
    use crate::evidence::{Observed, Reason};
    use crate::findings::Gate;

    /// With less than this nothing is learnt about anybody.
    const ENOUGH: Duration = Duration::from_millis(500);

    /// What the questions of one run have in common.
    pub(in super::super) struct Live<'a> {
        why: &'a Why,
        settings: Settings,
        begun: Instant,
        /// There until the end.
        runtime: Option<Runtime>,
    }

    impl<'a> Live<'a> {
        pub(in super::super) fn new(why: &'a Why) -> Result<Self, Error> {
            let show = match (why.output.verbose > 0, why.output.quiet) {
                (true, _) => Show::Calls,
                (_, true) => Show::Nothing,
                (false, false) => Show::Progress,
            };
            if why.output.verbose > 1 || std::env::var_os("IDC_LOG").is_some_and(|value| !value.is_empty()) {
                terminal::log_the_sdk();
            }
            let mut settings = Settings::new(why.aws.timeout);
            settings.region.clone_from(&why.aws.region);
            settings.history = !why.no_history;
            settings.trail = trail(why)?;
            settings.progress = Progress::new(show);
            let shown = settings.progress.clone();
            interrupt::watch(move || shown.finish());
            let runtime = Some(Builder::new_current_thread().enable_all().build()?);
            Ok(Self { why, settings, begun: Instant::now(), runtime })
        }

        /// The same where what several have in common is asked once.
        pub(in super::super) fn for_several(why: &'a Why) -> Result<Self, Error> {
            let mut live = Self::new(why)?;
            live.settings.shared = Some(SharedAnswers::of_run(why.aws.timeout));
            Ok(live)
        }

        /// The evidence on one question; where it is to be waited for, that of the last time it was put.
        pub(in super::super) fn ask(&self, question: Question, who: Oneself) -> Result<Evidence, Error> {
            let files = AwsFiles::find();
            files.require_files().map_err(|(path, source)| Error::Read { path, source })?;
            let trails = self.settings.trail.as_ref().and_then(|trail| trail.profile.as_ref());
            let mut named = question.profile.iter().chain(&question.target_profile).chain(trails);
            named.try_for_each(|name| files.require_profile(name))?;
            let like = self.why.like.as_deref().map(str::trim).filter(|colleague| !colleague.is_empty());
            let mut settings = self.settings.clone();
            if settings.shared.is_some() {
                // What is left of the time is for all who are still to come; whom it does not reach nobody is asked about.
                settings.timeout = settings.timeout.saturating_sub(self.begun.elapsed());
                if settings.timeout < ENOUGH {
                    return Ok(not_asked(question));
                }
            }
            let mut again = Asking { live: self, question, who, like, settings };
            let first = again.collect(Duration::MAX)?;
            match self.why.wait {
                Some(long) => waiting::wait(first, long, !self.why.output.quiet, &mut again),
                None => Ok(first),
            }
        }

        fn wait_for<T>(&self, answer: impl Future<Output = T>) -> Result<T, Error> {
            let gone = || std::io::Error::other("the program ends");
            Ok(self.runtime.as_ref().ok_or_else(gone)?.block_on(Box::pin(answer)))
        }
    }

    /// Somebody whom the time did not reach.
    fn not_asked(question: Question) -> Evidence {
        let mut evidence = Evidence::of_question(question);
        let late = "the time was over before anything was asked about them (more of it: --timeout)";
        evidence.shared.instances.observed = Observed::missing(Reason::TimedOut, late);
        evidence
    }

    /// Where else CloudTrail's records are, where that is said; a folder has to be there.
    fn trail(why: &Why) -> Result<Option<Trail>, Error> {
        let Some(source) = &why.kept.trail else { return Ok(None) };
        if let Some(folder) = source.folder() {
            std::fs::read_dir(folder).map_err(|source| Error::Read { path: folder.to_owned(), source })?;
        }
        let profile = why.kept.trail_profile.clone().filter(|name| !name.trim().is_empty());
        Ok(Some(Trail { source: source.clone(), profile, since: why.since }))
    }

    /// The same with no more time than that.
    fn within(settings: &Settings, most: Duration) -> Settings {
        let mut settings = settings.clone();
        settings.timeout = settings.timeout.min(most);
        settings
    }

    impl Drop for Live<'_> {
        /// What still looks up a name has no say any more.
        fn drop(&mut self) {
            if let Some(runtime) = self.runtime.take() {
                runtime.shutdown_background();
            }
        }
    }

    /// The same question, put as often as it takes.
    struct Asking<'a> {
        live: &'a Live<'a>,
        question: Question,
        who: Oneself,
        like: Option<&'a str>,
        settings: Settings,
    }

    impl Again for Asking<'_> {
        fn has_changed(&mut self, evidence: &Evidence, gate: Option<Gate>, most: Duration) -> Result<bool, Error> {
            if self.live.why.me {
                return Ok(true);
            }
            let settings = within(&self.settings, most);
            self.live.wait_for(has_changed(evidence, gate, &settings))?
        }

        fn collect(&mut self, most: Duration) -> Result<Evidence, Error> {
            let (question, like) = (self.question.clone(), self.like);
            let settings = within(&self.settings, most);
            let asked = if self.live.why.me {
                self.live.wait_for(collect_myself(question, self.who, like, &settings))?
            } else {
                self.live.wait_for(collect(question, like, &settings))?
            };
            // Whoever asks again hears what is so by then, and has the time for it.
            self.settings.shared = None;
            self.settings.timeout = self.live.settings.timeout;
            asked
        }
    }
}
