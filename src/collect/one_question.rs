//! Puts to AWS what the plan of one question wants, all that is wanted at once, and takes in each answer as it comes.

use std::collections::VecDeque;

use futures_util::FutureExt;
use futures_util::stream::{FuturesOrdered, FuturesUnordered, StreamExt};

use super::clients::Clients;
use super::limiter::Urgency;
use super::questions::Questions;
use crate::evidence::{Evidence, Want};
use crate::plan::why::{Next, SoFar};

/// How many of what is looked through are under way at once; their rate is the limiter's business.
const SOUGHT_AT_ONCE: usize = 16;

/// One question on its way.
pub(super) struct OneQuestion<'q> {
    questions: &'q Questions<'q>,
    so_far: SoFar,
}

impl<'q> OneQuestion<'q> {
    pub(super) fn new(questions: &'q Questions<'q>) -> Self {
        Self { questions, so_far: SoFar::default() }
    }

    /// The account, where it was entered.
    pub(super) fn entered(&self, account: &str) -> Option<Clients> {
        self.questions.entered(account)
    }

    /// Asks until this part of the plan wants nothing more.
    pub(super) async fn ask(&mut self, evidence: &mut Evidence, plan: impl Fn(&Evidence, &SoFar) -> Next) {
        let questions = self.questions;
        let put = |want: Want, urgency| Box::pin(async move { (want.clone(), questions.ask(want, urgency).await) });
        let mut running = FuturesUnordered::new();
        // What is looked through comes in its order, and goes as soon as it is not wanted any more.
        let (mut sought, mut seeking) = (VecDeque::new(), FuturesOrdered::new());
        loop {
            let Next { essential, refining, search, unasked } = plan(evidence, &self.so_far);
            for answer in unasked {
                if self.so_far.tell(&answer) {
                    evidence.apply(answer);
                }
            }
            let essential = essential.into_iter().map(|want| (want, Urgency::Essential));
            for (want, urgency) in essential.chain(refining.into_iter().map(|want| (want, Urgency::Refining))) {
                if self.so_far.ask(&want) {
                    running.push(put(want, urgency));
                }
            }
            if !sought.iter().eq(search.iter().take(sought.len())) {
                sought.clear();
                seeking = FuturesOrdered::new();
            }
            for want in search.into_iter().take(SOUGHT_AT_ONCE).skip(sought.len()) {
                sought.push_back(want.clone());
                seeking.push_back(put(want, Urgency::Essential));
            }
            let mut come = tokio::select! {
                biased;
                Some(come) = running.next() => Some(come),
                Some(come) = seeking.next() => {
                    sought.pop_front();
                    Some(come)
                }
                else => return,
            };
            // Making the plan takes longer than taking in an answer, so those that have come by now are taken in together.
            while let Some((want, answer)) = come {
                evidence.apply(answer);
                self.so_far.answer(want);
                come = running.next().now_or_never().flatten();
            }
        }
    }
}
