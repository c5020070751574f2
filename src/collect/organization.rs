//! Asks about a whole organization: what the plan wants goes out at once, at the rates that AWS bears; each answer is kept
//! and taken in, and what follows from it is wanted next. One question is one fact.

use std::collections::{BTreeSet, VecDeque};
use std::pin::Pin;
use std::time::Instant;

use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;

use super::ask::{Asker, Time};
use super::clients::{self, Clients};
use super::entry::Door;
use super::first_round::{first_error, organization_instance};
use super::limiter::Urgency;
use super::questions::Questions;
use super::{Progress, Settings, account, processes};
use crate::error::Error;
use crate::evidence::{About, Answer, Reason, Scope, Snapshot, Want};
use crate::model::organization::fitting;
use crate::output::say_line;
use crate::plan;

mod lanes;
mod pace;
mod subject;

use lanes::{LANES, lane};
use pace::Pace;

/// How many questions of one lane are under way at once: more than any rate lets leave in the time of an answer, and few
/// enough that memory does not hang on how many wait.
const AT_ONCE: usize = 64;

/// A question under way, with the number of its lane.
type Asking<'a> = Pin<Box<dyn Future<Output = (usize, Answer)> + 'a>>;

/// Questions that share a rate.
#[derive(Default)]
struct Lane {
    waiting: VecDeque<Want>,
    running: usize,
}

/// Keeps what is answered, as it comes.
pub trait Keeper {
    /// Keeps an answer, or says why the whole had better end.
    fn keep(&mut self, answer: &Answer) -> Result<(), Error>;
}

/// Keeps nothing.
impl Keeper for () {
    fn keep(&mut self, _: &Answer) -> Result<(), Error> {
        Ok(())
    }
}

/// Asks for everything that the question needs. `known`: what was answered before and need not be asked again.
pub async fn collect_organization(
    scope: Scope,
    known: Vec<Answer>,
    settings: &Settings,
    keeper: &mut dyn Keeper,
) -> Result<Snapshot, Error> {
    let result = Box::pin(collected(scope, known, settings, keeper)).await;
    settings.progress.finish();
    processes::end();
    result
}

async fn collected(
    scope: Scope,
    known: Vec<Answer>,
    settings: &Settings,
    keeper: &mut dyn Keeper,
) -> Result<Snapshot, Error> {
    let time = Time::from_now(settings.timeout);
    let profile = scope.profile.clone();
    let clients = Clients::load(profile.as_deref(), settings, time).await?;
    let clients = clients.signed_in(profile.as_deref(), time).await?;
    settings.progress.start(settings.timeout);
    let asker = Asker::new(time, clients::attempts_from_environment(), settings.progress.clone()).at(settings.rate);
    let pace = Pace::new(Instant::now());
    let mut run = Run { snapshot: Snapshot::unasked(scope), asked: BTreeSet::new(), keeper, pace };
    for answer in known {
        // What was refused, late or failed is asked again.
        let is_known = answer.head().known().is_ok();
        run.asked.extend(answer.want().filter(|_| is_known));
        run.snapshot.apply(answer);
    }
    Box::pin(run.all(&asker, &clients, &settings.progress)).await?;
    if time.left().is_zero() {
        settings.progress.finish();
        let (done, of) = (run.pace.in_time(), run.pace.done());
        let go_on = match run.snapshot.scope.about {
            About::Everything(_) => "; with --record FILE, --resume goes on from there",
            _ => "",
        };
        say_line(&format!(
            "the time of --timeout is over: {done} of {of} questions were answered, the others are gaps (give it longer{go_on})"
        ));
    }
    run.snapshot.calls += asker.sent();
    run.snapshot.sso_calls += asker.sso_sent();
    run.snapshot.collected_at = Timestamp::now();
    Ok(run.snapshot)
}

/// One run: what is known, and what was asked.
struct Run<'k> {
    snapshot: Snapshot,
    asked: BTreeSet<Want>,
    keeper: &'k mut dyn Keeper,
    pace: Pace,
}

impl Run<'_> {
    fn take(&mut self, mut answer: Answer) -> Result<(), Error> {
        if let Ok(caller) = self.snapshot.shared.caller.known() {
            answer.place(&caller.account);
        }
        self.keeper.keep(&answer)?;
        self.snapshot.apply(answer);
        Ok(())
    }

    async fn all(&mut self, asker: &Asker, clients: &Clients, progress: &Progress) -> Result<(), Error> {
        Box::pin(self.first(asker, clients)).await?;
        let Some(instance) = organization_instance(self.snapshot.in_instance(), clients)? else {
            // A scan tells it as a gap; of one account or person nothing would be known at all.
            return match (&self.snapshot.scope.about, self.snapshot.shared.instances.known()) {
                (About::Account(_) | About::Person(_), Err(gap)) => Err(Error::Unanswered { gap: Box::new(gap) }),
                _ => Ok(()),
            };
        };
        let caller = self.snapshot.shared.caller.clone();
        let home = super::home(asker, clients, &caller, &instance);
        self.who_and_where(asker, clients, &home).await?;
        let scope = self.snapshot.scope.clone();
        let door =
            Door { role: scope.target_role.as_deref(), profile: scope.target_profile.as_deref(), caller: &caller };
        let questions = Questions::new(&home, door, instance.partition()).after(self.entered_before());
        self.rounds(&questions, progress).await
    }

    fn entered_before(&self) -> Option<String> {
        let mut accounts = self.snapshot.accounts.iter();
        accounts.find(|(_, account)| account.inside.entry.known().is_ok()).map(|(id, _)| id.clone())
    }

    /// Asks what is wanted until nothing is.
    async fn rounds(&mut self, questions: &Questions<'_>, progress: &Progress) -> Result<(), Error> {
        let mut running: FuturesUnordered<Asking<'_>> = FuturesUnordered::new();
        let mut lanes: [Lane; LANES] = Default::default();
        // How many answers may come before the plan is made anew: making it takes longer the more is known.
        let mut unplanned = 0_usize;
        let mut settled = false;
        loop {
            let waiting: usize = lanes.iter().map(|lane| lane.waiting.len()).sum();
            // What the whole picture tells takes judging all of it, so that is done once for each round.
            let is_due = !settled && unplanned >= (running.len() + waiting) / 8;
            if is_due || running.is_empty() {
                unplanned = 0;
                for want in plan::organization::wanted(&self.snapshot, settled) {
                    if self.asked.insert(want.clone()) {
                        lanes[lane(&want)].waiting.push_back(want);
                    }
                }
            }
            for (number, lane) in lanes.iter_mut().enumerate() {
                while lane.running < AT_ONCE
                    && let Some(want) = lane.waiting.pop_front()
                {
                    lane.running += 1;
                    running.push(Box::pin(async move { (number, questions.ask(want, Urgency::Essential).await) }));
                }
            }
            match running.next().await {
                Some((number, answer)) => {
                    lanes[number].running -= 1;
                    let in_time = !answer.head().observed.is_missing(Reason::TimedOut);
                    self.pace.answered(number, in_time);
                    let names = matches!(answer, Answer::PermissionSet(..) | Answer::PermissionSets(_));
                    self.take(answer)?;
                    // A mistyped name is told before minutes go by.
                    if names {
                        fitting(&self.snapshot)?;
                    }
                    unplanned += 1;
                    let open = lanes.each_ref().map(|lane| lane.waiting.len() + lane.running);
                    let of = self.pace.done() + open.iter().sum::<usize>();
                    progress.answered(self.pace.done(), of, self.pace.left(open, Instant::now()));
                }
                None if settled => return Ok(()),
                None => {
                    // Whom what is broken touches is asked for once it is known what is broken.
                    self.snapshot.attach_policies();
                    settled = true;
                }
            }
        }
    }

    /// Who asks, the organization and the instances: without them nothing else can be asked.
    async fn first(&mut self, asker: &Asker, clients: &Clients) -> Result<(), Error> {
        let (caller, organization, instances) = tokio::join!(
            account::caller(asker, clients),
            account::organization(asker, clients),
            account::instances(asker, clients),
        );
        for answer in [Answer::Caller(caller), Answer::Organization(organization), Answer::Instances(instances)] {
            self.asked.extend(answer.want());
            self.take(answer)?;
        }
        first_error(asker, self.snapshot.scope.profile.as_deref(), &self.snapshot.shared)
    }
}
