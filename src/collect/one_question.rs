//! Puts to AWS what the plan of one question wants, all that is wanted at once, and takes in each answer as it comes.

use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::clients::Clients;
use super::limiter::Urgency;
use super::questions::Questions;
use crate::evidence::Evidence;
use crate::plan::why::{Next, SoFar};

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
        let mut running = FuturesUnordered::new();
        loop {
            let Next { essential, refining, unasked } = plan(evidence, &self.so_far);
            for answer in unasked {
                if self.so_far.tell(&answer) {
                    evidence.apply(answer);
                }
            }
            let essential = essential.into_iter().map(|want| (want, Urgency::Essential));
            for (want, urgency) in essential.chain(refining.into_iter().map(|want| (want, Urgency::Refining))) {
                if self.so_far.ask(&want) {
                    let questions = self.questions;
                    running.push(Box::pin(async move { (want.clone(), questions.ask(want, urgency).await) }));
                }
            }
            let Some(first) = running.next().await else { return };
            let mut come = Some(first);
            // Making the plan takes longer than taking in an answer, so those that have come by now are taken in together.
            while let Some((want, answer)) = come {
                evidence.apply(answer);
                self.so_far.answer(want);
                come = running.next().now_or_never().flatten();
            }
        }
    }
}
