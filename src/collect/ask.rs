//! Puts one question to AWS: at a rate AWS bears, again when that may help, all its pages, never past the deadline.
//! What comes back is a [`Reply`]; turning it into a fact is for the subject's own file.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use jiff::Timestamp;
use tokio::time::Instant;

use super::failure::{Failure, Kind, classify};
use super::limiter::{Limiter, Urgency};
use super::progress::Progress;
pub(crate) use super::reply::Reply;
use super::shared_answers::watched;
use crate::evidence::Call;

/// How often a request is sent when the trouble may pass.
const ATTEMPTS: u32 = 4;
/// How often when AWS asks to slow down: each time the rate halves, so patience pays.
const THROTTLED_ATTEMPTS: u32 = 10;
/// How many empty pages may come one after the other: AWS filters after it has cut a list into pages, so that some are
/// empty, but a list that gives nothing for so long gives nothing for ever.
const EMPTY_PAGES: usize = 500;
/// The longest pause between two attempts, unless AWS asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Where a question is put: facts carry it, so that gaps name the account that must allow the call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// The account whose permissions count.
    pub(crate) account: Option<String>,
    /// The Region asked.
    pub(crate) region: Option<String>,
    /// Whether the verdict may hang on what is asked there.
    pub(crate) urgency: Urgency,
}

/// One page: its items and the token of the next.
pub(crate) type Page<T> = (Result<Vec<T>, Failure>, Option<String>);

/// The time that there is for everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    /// All of it.
    pub(crate) whole: Duration,
    /// When it is over.
    pub(crate) end: Instant,
}

impl Time {
    /// So much from now on.
    pub(crate) fn from_now(whole: Duration) -> Self {
        let now = Instant::now();
        // A year is for ever, and what comes after may be more than the clock counts.
        Self { whole, end: now.checked_add(whole).unwrap_or(now + Duration::from_hours(24 * 365)) }
    }

    /// What is left of it.
    pub(crate) fn left(self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

/// Whoever asks: the deadline, the rates and the count of requests belong to one run.
#[derive(Debug)]
pub(crate) struct Asker {
    time: Time,
    limiter: Limiter,
    sent: AtomicU32,
    sso_sent: AtomicU32,
    attempts: u32,
    progress: Progress,
    /// The first failure that makes every further question pointless.
    fatal: Mutex<Option<Failure>>,
}

impl Asker {
    pub(crate) fn new(time: Time, attempts: Option<u32>, progress: Progress) -> Self {
        Self {
            time,
            limiter: Limiter::default(),
            sent: AtomicU32::new(0),
            sso_sent: AtomicU32::new(0),
            attempts: attempts.unwrap_or(ATTEMPTS).max(1),
            progress,
            fatal: Mutex::new(None),
        }
    }

    /// The same with so many requests a second for Identity Center's administration.
    pub(crate) fn at(self, rate: Option<u32>) -> Self {
        Self { limiter: Limiter::at(rate), ..self }
    }

    /// The time there is.
    pub(crate) const fn time(&self) -> Time {
        self.time
    }

    /// How many requests have left so far.
    pub(crate) fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Says what is asked, where each request is shown.
    pub(crate) fn say(&self, text: &str) {
        self.progress.say(text);
    }

    /// How many of these went to Identity Center's administration.
    pub(crate) fn sso_sent(&self) -> u32 {
        self.sso_sent.load(Ordering::Relaxed)
    }

    /// The failure of the caller's own credentials, if there was one.
    pub(crate) fn fatal(&self) -> Option<Failure> {
        self.fatal.lock().ok()?.clone()
    }

    /// Remembers that the caller's own credentials do not work.
    pub(crate) fn note_fatal<T>(&self, reply: &Reply<T>) {
        if let (Err(failure), Ok(mut fatal)) = (&reply.result, self.fatal.lock())
            && matches!(failure.kind, Kind::Expired | Kind::NoCredentials | Kind::Clock | Kind::Between)
        {
            fatal.get_or_insert_with(|| failure.clone());
        }
    }

    /// Puts a question that has one answer.
    pub(crate) async fn ask<T, E, F>(&self, call: Call, place: &Place, send: impl Fn() -> F) -> Reply<T>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
        T: RequestId,
    {
        let (result, request_id) = self.attempt(call, place, &send).await;
        Reply { call, place: place.clone(), request_id, at: Timestamp::now(), result }
    }

    /// Puts a question whose answer comes in pages, and reads them all. A page lost is the answer lost.
    pub(crate) async fn pages<T, R, E, F>(
        &self,
        call: Call,
        place: &Place,
        send: impl Fn(Option<String>) -> F,
        page: impl Fn(R) -> Page<T>,
    ) -> Reply<Vec<T>>
    where
        F: Future<Output = Result<R, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: RequestId,
    {
        self.pages_while(call, place, send, page, |_, _| true).await.map(|(items, _)| Ok(items))
    }

    /// The same, but reads on only while `more(items so far, pages so far)` says so. The second value tells whether
    /// pages were left unread.
    pub(crate) async fn pages_while<T, R, E, F>(
        &self,
        call: Call,
        place: &Place,
        send: impl Fn(Option<String>) -> F,
        page: impl Fn(R) -> Page<T>,
        more: impl Fn(&[T], usize) -> bool,
    ) -> Reply<(Vec<T>, bool)>
    where
        F: Future<Output = Result<R, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: RequestId,
    {
        let mut items = Vec::new();
        let mut token: Option<String> = None;
        let mut seen = BTreeSet::new();
        let (mut read, mut empty) = (0, 0);
        let reply = |result, request_id| Reply { call, place: place.clone(), request_id, at: Timestamp::now(), result };
        loop {
            let (result, request_id) = self.attempt(call, place, &|| send(token.clone())).await;
            let (more_items, next) = match result.map(&page) {
                Ok((Ok(more_items), next)) => (more_items, next.filter(|next| !next.is_empty())),
                Ok((Err(failure), _)) | Err(failure) => return reply(Err(failure), request_id),
            };
            empty = if more_items.is_empty() { empty + 1 } else { 0 };
            items.extend(more_items);
            read += 1;
            // An empty page is not the last one: only a missing token is.
            let Some(next) = next else { return reply(Ok((items, false)), request_id) };
            if !seen.insert(next.clone()) {
                let failure = Failure::unusable("AWS sent the same page token twice, so the list has no end");
                return reply(Err(failure), request_id);
            }
            if !more(&items, read) {
                return reply(Ok((items, true)), request_id);
            }
            if empty == EMPTY_PAGES {
                let message = format!("AWS sent {EMPTY_PAGES} empty pages one after the other, so the list has no end");
                return reply(Err(Failure::unusable(message)), request_id);
            }
            token = Some(next);
        }
    }

    /// Puts a question to the access portal, which no permission allows. The client repeats it by itself where that
    /// may help.
    pub(crate) async fn ask_portal<T, E>(
        &self,
        action: &'static str,
        send: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let _queued = self.progress.queued();
        let running = self.progress.asking(action);
        let result = match tokio::time::timeout_at(self.time.end, send).await {
            Ok(result) => result.map_err(|error| classify(&error)),
            Err(_) => Err(self.late()),
        };
        running.done(result.as_ref().map_or_else(|failure| failure.code.as_str(), |_| "ok"));
        result
    }

    /// No answer before the deadline.
    fn late(&self) -> Failure {
        Failure::timed_out(format!("no answer within {} seconds", self.time.whole.as_secs()))
    }

    /// A request did not leave after all: the answer was known.
    fn spared(&self, call: Call, account: &str, region: &str) {
        self.limiter.spared(call, account, region);
        self.sent.fetch_sub(1, Ordering::Relaxed);
        if call.action().starts_with("sso:") {
            self.sso_sent.fetch_sub(1, Ordering::Relaxed);
        }
    }

    async fn attempt<T, E, F>(
        &self,
        call: Call,
        place: &Place,
        send: &impl Fn() -> F,
    ) -> (Result<T, Failure>, Option<String>)
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
        T: RequestId,
    {
        let account = place.account.as_deref().unwrap_or_default();
        let region = place.region.as_deref().unwrap_or_default();
        let _queued = self.progress.queued();
        let mut attempt = 0;
        loop {
            let turn =
                tokio::time::timeout_at(self.time.end, self.limiter.wait(call, account, region, place.urgency)).await;
            if turn.is_err() || Instant::now() >= self.time.end {
                return (Err(self.late()), None);
            }
            self.sent.fetch_add(1, Ordering::Relaxed);
            if call.action().starts_with("sso:") {
                self.sso_sent.fetch_add(1, Ordering::Relaxed);
            }
            let left = Instant::now();
            attempt += 1;
            let running = self.progress.asking(call.action());
            let outcome = tokio::time::timeout_at(self.time.end, watched(send())).await;
            let failure = match outcome {
                Ok((Ok(answer), was_kept)) => {
                    running.done(if was_kept { "known" } else { "ok" });
                    if was_kept {
                        self.spared(call, account, region);
                    }
                    self.limiter.answered(call, account, region);
                    let request_id = answer.request_id().map(str::to_owned);
                    return (Ok(answer), request_id);
                }
                Ok((Err(error), _)) => classify(&error),
                Err(_) => self.late(),
            };
            running.done(&failure.code);
            let again = match failure.kind {
                Kind::Throttled => {
                    self.limiter.refused(call, account, region, left);
                    attempt < THROTTLED_ATTEMPTS
                }
                Kind::Passing | Kind::TimedOut => attempt < self.attempts,
                Kind::Denied
                | Kind::NotFound
                | Kind::Expired
                | Kind::NoCredentials
                | Kind::Clock
                | Kind::Between
                | Kind::Other => false,
            };
            let pause = failure.retry_after.unwrap_or_default().max(backoff(attempt));
            // A server may ask for longer than any clock counts.
            if !again || pause >= self.time.left() {
                let request_id = failure.request_id.clone();
                return (Err(failure), request_id);
            }
            tokio::time::sleep(pause).await;
        }
    }
}

/// Doubles from a tenth of a second, with jitter so that parallel calls do not come back together.
fn backoff(attempt: u32) -> Duration {
    let full = Duration::from_millis(100) * 2u32.saturating_pow(attempt.min(8));
    full.min(LONGEST_PAUSE).mul_f64(0.5 + fastrand::f64() / 2.0)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.account.as_deref().unwrap_or("-"), self.region.as_deref().unwrap_or("global"))
    }
}
