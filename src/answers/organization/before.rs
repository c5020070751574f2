//! What would fail before anybody does it: permission sets in accounts that do not have them yet, or not as they will be,
//! judged by the rules about what they need of an account, and about what the sessions would be left.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::Words;
use super::scan::{Accounts, Broken, Cause, Scan, ScanFinding, outcome_of, rank, rules_scanned};
use super::{Coverage, Made, Note};
use crate::evidence::{Gap, Snapshot};
use crate::findings::{Confidence, Fault, Fix, Gate};
use crate::model::organization::{Pair, Way, accounts_asked, sets_asked};
use crate::model::{SetInAccount, ToCome};
use crate::rules::Rule;
use crate::verdict::{Finding, PathState, Unread, WayJudged, judge_before};

/// Judges what assigning the permission sets in the accounts would come to.
pub fn before_assign(snapshot: &Snapshot) -> Scan {
    let mut foreseen = Foreseen::of(snapshot);
    let (sets, hidden) = sets_asked(snapshot);
    hidden.0.into_iter().for_each(|gap| foreseen.unread(gap, true));
    for account in accounts_asked(snapshot) {
        for set in &sets {
            let judged = foreseen.judge((&account.id, set), false);
            foreseen.take((&account.id, set), judged, |_| false);
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
    /// The permission sets of which not all is told yet.
    in_part: BTreeSet<&'s str>,
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
            in_part: BTreeSet::new(),
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
        let to_come = Some(if self.in_part.contains(set) { ToCome::InPart } else { ToCome::Whole });
        let here = SetInAccount { stands, to_come, ..SetInAccount::standing(self.after.in_account(account)?, set) };
        let mut judged = judge_before(here, is_known_before);
        for fault in judged.cause.iter_mut().chain(&mut judged.also) {
            // It is provisioned when it is assigned.
            fault.fault.fixes.retain(|fix| !provisions(fix));
            if MAY_BE_PUT_RIGHT.contains(&fault.rule) {
                put_right_perhaps(&mut fault.fault);
            }
        }
        Some(judged)
    }

    /// Not all that a permission set will name is told.
    pub(super) fn is_told_in_part(&mut self, set: &'s str) {
        self.in_part.insert(set);
    }

    /// Takes in what was judged; `is_likely`: it is not certain of a fault that it comes to that.
    pub(super) fn take(&mut self, pair: Pair<'s>, judged: Option<WayJudged>, is_likely: impl Fn(&Finding) -> bool) {
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
        for (mut cause, follows) in judged.causes() {
            if is_likely(&cause) {
                cause.fault.confidence = Confidence::Likely;
            }
            self.broken.entry(Cause::of(way, &cause)).or_default().push(Broken { way, cause, follows });
        }
    }

    /// The answer. `tell` adds to each finding what is known of the places where it shows.
    pub(super) fn told(self, snapshot: &Snapshot, tell: impl Fn(&mut ScanFinding, &[Pair<'s>])) -> Scan {
        let Self { after, gaps, broken, in_part: _, places, unknown, accounts, mut findings, mut notes } = self;
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
            judged_by: rules_scanned().filter(|rule| is_known_before(rule)).map(|rule| rule.id).collect(),
            relations: None,
            coverage: Coverage::of_places(after, &places, &unknown),
            floor_seconds: f64::from(snapshot.sso_calls) / 20.0,
            changes: None,
            accepted: 0,
            made,
        }
    }
}

/// What is wrong with an account's side of the way in. Provisioning may put it right, and AWS does not say that it does.
const MAY_BE_PUT_RIGHT: [&str; 2] = ["role-trust-altered", "saml-provider-missing"];

/// What a permission set's own policies come to.
const OF_CONTENTS: [&str; 2] = ["permission-set-empty", "permission-set-denies-session"];

/// Whether it can be told before there is an assignment, and is not what assigning puts right.
fn is_known_before(rule: &Rule) -> bool {
    matches!(rule.gate, Gate::Instance | Gate::Account | Gate::Policy | Gate::OrganizationPolicy)
        || MAY_BE_PUT_RIGHT.contains(&rule.id)
        || OF_CONTENTS.contains(&rule.id)
}

fn put_right_perhaps(fault: &mut Fault) {
    fault.confidence = Confidence::Likely;
    fault.message.push_str(
        " Identity Center may put that right when it provisions the permission set there; that it does is not certain.",
    );
    fault.fixes.insert(0, Fix::new("Scan the account again once that is done, before anybody relies on it", None));
}

fn provisions(fix: &Fix) -> bool {
    let words = fix.command.as_ref().map(|command| &command.words);
    words.is_some_and(|words| words.iter().any(|word| word == "provision-permission-set"))
}
