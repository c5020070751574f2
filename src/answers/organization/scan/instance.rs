//! What is wrong with the instance where no way shows it: without permission sets, AWS answers no question about them, and
//! there is no way to judge.

use super::ScanFinding;
use crate::answers::organization::AccountShown;
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
        findings.push(ScanFinding {
            rule: rule.id,
            gate: rule.gate,
            effect: fault.effect,
            confidence: fault.confidence,
            message: fault.message,
            about: fault.about,
            permission_set: None,
            principal: None,
            accounts,
            people: None,
            kept_out: None,
            follows: Vec::new(),
            first_fixes: fault.fixes.len(),
            fixes: fault.fixes,
            evidence: fault.proof,
            addresses: Vec::new(),
            new: None,
        });
    }
    findings
}
