//! What would fail before anybody does it: permission sets that are not there yet, judged by the rules about what they
//! need of an account.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{Accounts, Broken, Cause, Scan, outcome_of, rank, rules_scanned};
use super::{Coverage, Made};
use crate::evidence::Snapshot;
use crate::findings::Gate;
use crate::model::SetInAccount;
use crate::model::organization::{Way, accounts_asked, sets_asked};
use crate::verdict::{PathState, Unread, judge_before};

/// Judges what assigning the permission sets in the accounts would come to.
pub fn before_assign(snapshot: &Snapshot) -> Scan {
    let mut gaps: Vec<Unread> = Vec::new();
    let (sets, hidden) = sets_asked(snapshot);
    gaps.extend(hidden.0.into_iter().map(|gap| Unread { gap, decides: true }));
    gaps.extend(snapshot.shared.accounts.known().err().map(|gap| Unread { gap, decides: true }));
    let mut broken: BTreeMap<Cause<'_>, Vec<Broken<'_>>> = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    let mut accounts = Accounts::of(snapshot);
    for account in accounts_asked(snapshot) {
        for set in &sets {
            let Some(in_account) = snapshot.in_account(&account.id) else { continue };
            let way = Way { account: &account.id, set, principal: None, stands: false };
            let here = SetInAccount { stands: false, ..SetInAccount::standing(in_account, set) };
            let judged = judge_before(here, is_known_before);
            accounts.take(way, &judged);
            if judged.state == PathState::Unknown {
                unknown.insert((way.account, way.set));
                gaps.extend(judged.gaps.iter().map(|gap| Unread { gap: gap.clone(), decides: true }));
            }
            let Some(cause) = judged.cause else { continue };
            broken.entry(Cause::of(way, &cause)).or_default().push(Broken { way, cause, follows: Vec::new() });
        }
    }
    let mut findings: Vec<_> = broken.into_iter().map(|(cause, broken)| cause.told(snapshot, &broken)).collect();
    // Nobody has it yet.
    for finding in &mut findings {
        finding.people = None;
    }
    findings.sort_by(|a, b| rank(a).cmp(&rank(b)));
    Scan {
        outcome: outcome_of(&findings, &gaps),
        findings,
        notes: Vec::new(),
        accounts: accounts.done(),
        judged_by: rules_scanned().filter(|rule| is_known_before(rule.gate)).map(|rule| rule.id).collect(),
        relations: None,
        coverage: Coverage::of(snapshot, &unknown),
        floor_seconds: f64::from(snapshot.sso_calls) / 20.0,
        changes: None,
        accepted: 0,
        made: Made::of(snapshot, gaps),
    }
}

/// Whether what stands there can be told before there is an assignment.
const fn is_known_before(gate: Gate) -> bool {
    matches!(gate, Gate::Instance | Gate::Account | Gate::Policy | Gate::OrganizationPolicy)
}
