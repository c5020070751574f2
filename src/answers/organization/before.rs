//! What would fail before anybody does it: permission sets in accounts that do not have them yet, or not as they will be,
//! judged by the rules about what they need of an account.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::Words;
use super::scan::{Accounts, Broken, Cause, Scan, ScanFinding, outcome_of, rank, rules_scanned};
use super::{Coverage, Made, Note};
use crate::evidence::{Gap, Snapshot};
use crate::findings::{Confidence, Fix, Gate};
use crate::model::SetInAccount;
use crate::model::organization::{Pair, Way, accounts_asked, sets_asked};
use crate::verdict::{PathState, Unread, WayJudged, judge_before};

/// Judges what assigning the permission sets in the accounts would come to.
pub fn before_assign(snapshot: &Snapshot) -> Scan {
    let mut foreseen = Foreseen::of(snapshot);
    let (sets, hidden) = sets_asked(snapshot);
    hidden.0.into_iter().for_each(|gap| foreseen.unread(gap, true));
    for account in accounts_asked(snapshot) {
        for set in &sets {
            let judged = foreseen.judge((&account.id, set), false);
            foreseen.take((&account.id, set), judged, false);
        }
    }
    foreseen.told(snapshot, |_, _| {})
}

/// What would come of permission sets in accounts, in the making.
pub(super) struct Foreseen<'s> {
    /// The organization as it would be.
    after: &'s Snapshot,
    gaps: Vec<Unread>,
    /// What is wrong with what, and where.
    broken: BTreeMap<Cause<'s>, Vec<Broken<'s>>>,
    places: BTreeSet<Pair<'s>>,
    unknown: BTreeSet<Pair<'s>>,
    accounts: Accounts<'s>,
    /// What only a plan can do wrong.
    pub(super) findings: Vec<ScanFinding>,
    pub(super) notes: Vec<Note>,
}

impl<'s> Foreseen<'s> {
    pub(super) fn of(after: &'s Snapshot) -> Self {
        Self {
            after,
            gaps: Vec::new(),
            broken: BTreeMap::new(),
            places: BTreeSet::new(),
            unknown: BTreeSet::new(),
            accounts: Accounts::none(after),
            findings: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn unread(&mut self, gap: Gap, decides: bool) {
        self.gaps.push(Unread { gap, decides });
    }

    /// What a permission set would come to in an account; `stands`: it is there, and only changed.
    pub(super) fn judge(&self, (account, set): Pair<'s>, stands: bool) -> Option<WayJudged> {
        let here = SetInAccount { stands, ..SetInAccount::standing(self.after.in_account(account)?, set) };
        let mut judged = judge_before(here, is_known_before);
        if let Some(cause) = &mut judged.cause {
            // It is provisioned when it is assigned.
            cause.fault.fixes.retain(|fix| !provisions(fix));
        }
        Some(judged)
    }

    /// Takes in what was judged; `likely`: it is not certain that it is this permission set.
    pub(super) fn take(&mut self, pair: Pair<'s>, judged: Option<WayJudged>, likely: bool) {
        let Some(judged) = judged else { return };
        let (account, set) = pair;
        let way = Way { account, set, principal: None, stands: false };
        self.places.insert(pair);
        self.accounts.take(way, &judged);
        if judged.state == PathState::Unknown {
            self.unknown.insert(pair);
            judged.gaps.iter().for_each(|gap| self.unread(gap.clone(), true));
        }
        self.gaps.extend(judged.undecided());
        let Some(mut cause) = judged.cause else { return };
        if likely {
            cause.fault.confidence = Confidence::Likely;
        }
        self.broken.entry(Cause::of(way, &cause)).or_default().push(Broken { way, cause, follows: Vec::new() });
    }

    /// The answer. `tell` adds to each finding what is known of the places where it shows.
    pub(super) fn told(self, snapshot: &Snapshot, tell: impl Fn(&mut ScanFinding, &[Pair<'s>])) -> Scan {
        let Self { after, gaps, broken, places, unknown, accounts, mut findings, mut notes } = self;
        for (cause, broken) in broken {
            let pairs: Vec<Pair<'s>> = broken.iter().map(|one| (one.way.account, one.way.set)).collect();
            let mut finding = cause.told(after, broken, Words::Foreseen);
            tell(&mut finding, &pairs);
            findings.push(finding);
        }
        findings.sort_by(|a, b| rank(a).cmp(&rank(b)));
        notes.extend(Note::of_cut_off(snapshot));
        let made = Made::of(snapshot, gaps);
        Scan {
            outcome: outcome_of(&findings, &made.gaps),
            findings,
            notes,
            accounts: accounts.done(),
            judged_by: rules_scanned().filter(|rule| is_known_before(rule.gate)).map(|rule| rule.id).collect(),
            relations: None,
            coverage: Coverage::of_places(after, &places, &unknown),
            floor_seconds: f64::from(snapshot.sso_calls) / 20.0,
            changes: None,
            accepted: 0,
            made,
        }
    }
}

/// Whether what stands there can be told before there is an assignment.
const fn is_known_before(gate: Gate) -> bool {
    matches!(gate, Gate::Instance | Gate::Account | Gate::Policy | Gate::OrganizationPolicy)
}

fn provisions(fix: &Fix) -> bool {
    let words = fix.command.as_ref().map(|command| &command.words);
    words.is_some_and(|words| words.iter().any(|word| word == "provision-permission-set"))
}
