//! Who is assigned to the account and gone.

use super::Home;
use super::entry::Door;
use super::one_question::OneQuestion;
use super::questions::Questions;
use crate::evidence::{Evidence, PrincipalType};
use crate::plan::why;

impl Home<'_> {
    /// Asks who is assigned to the account, and which of them are gone.
    pub(super) async fn who_is_gone(&self, evidence: &mut Evidence, kind: PrincipalType) {
        let (question, caller) = (evidence.question.clone(), evidence.caller.clone());
        let questions = Questions::new(self, Door::of(&question, &caller), "");
        let asking = |evidence: &Evidence, so_far: &why::SoFar| why::gone(evidence, so_far, kind);
        OneQuestion::new(&questions).ask(evidence, asking).await;
    }
}
