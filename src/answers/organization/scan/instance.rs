//! What is wrong with the instance where no way shows it: without permission sets, AWS answers no question about them, and
//! there is no way to judge.

use super::ScanFinding;
use crate::answers::organization::AccountShown;
use crate::answers::organization::pieces::{Piece, Pieces, Words};
use crate::evidence::Snapshot;
use crate::findings::Outcome;
use crate::model::organization::accounts_asked;
use crate::rules::RULES;

/// The findings about the instance, but for those that ways have shown.
pub(super) fn findings(snapshot: &Snapshot, shown: impl Fn(&str) -> bool) -> Vec<ScanFinding> {
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| !shown(rule.id)) {
        // What is not known is a gap of each way, and without ways of the lists that were refused.
        let Some(Ok(Outcome::Fault(fault))) = rule.judge_instance(snapshot.in_instance()) else { continue };
        let mut accounts: Vec<AccountShown> =
            accounts_asked(snapshot).into_iter().map(|account| AccountShown::of(snapshot, &account.id)).collect();
        accounts.sort();
        let piece = |account| Piece {
            message: fault.message.clone(),
            confidence: fault.confidence,
            fixes: fault.fixes.clone(),
            evidence: fault.proof.clone(),
            ..Piece::of(account)
        };
        let list = if accounts.is_empty() {
            vec![piece(None)]
        } else {
            accounts.into_iter().map(|account| piece(Some(account))).collect()
        };
        let pieces = Pieces { list, words: Words::Same, of_plan: None };
        let mut finding =
            ScanFinding { about: fault.about.clone(), ..ScanFinding::of(rule.id, rule.gate, fault.effect, pieces) };
        finding.put_together();
        findings.push(finding);
    }
    findings
}
