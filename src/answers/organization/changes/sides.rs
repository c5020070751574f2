//! One of two scans that are compared: what it looked at, and what it found there.

use std::collections::BTreeSet;

use crate::answers::organization::ScanFinding;
use crate::answers::organization::scan::people;
use crate::evidence::{Narrowed, PrincipalType, Snapshot, Version, Want};
use crate::model::organization::{Pair, Way, is_account_asked, pairs, principal_name, sets_asked, ways};
use crate::plan::organization::wanted_of_judged;
use crate::verdict::{Finding, WayJudged, judge_ways};

/// What one of them says of another's finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is there.
    Fault,
    /// It looked, and there is none.
    Clear,
    /// It did not look, or could not.
    Unknown,
}

/// One of two scans.
pub(super) struct Side<'s> {
    pub(super) snapshot: &'s Snapshot,
    narrowed: Option<&'s Narrowed>,
    sets: BTreeSet<&'s str>,
    pairs: BTreeSet<Pair<'s>>,
    judged: Vec<(Way<'s>, WayJudged)>,
    people: Vec<ScanFinding>,
    /// Whether everything that says which requests there are was read.
    knows_requests: bool,
}

/// Access: account, permission set and user.
pub(super) type Grants<'s> = BTreeSet<(&'s str, &'s str, &'s str)>;

impl<'s> Side<'s> {
    pub(super) fn of(snapshot: &'s Snapshot) -> Self {
        let (ways, hidden) = ways(snapshot);
        let judged = judge_ways(snapshot, &ways);
        let judged = ways.into_iter().zip(judged).filter_map(|(way, judged)| Some((way, judged?)));
        let is_of_requests = |want: &Want| matches!(want, Want::Requests(..) | Want::Request(..));
        // None of these hangs on which ways are broken.
        let requests = wanted_of_judged(snapshot, |_| false).into_iter().filter(is_of_requests);
        Self {
            snapshot,
            narrowed: snapshot.scope.narrowed(),
            sets: sets_asked(snapshot).0.into_iter().collect(),
            pairs: pairs(snapshot),
            judged: judged.collect(),
            people: people::findings(snapshot, &people::assigned(snapshot), &mut Vec::new()),
            knows_requests: hidden.0.is_empty() && requests.into_iter().all(|want| snapshot.answered(&want).is_ok()),
        }
    }

    /// Whether the question was about this permission set in this account, and their lists were read.
    fn looks_at(&self, account: &str, set: Option<&str>) -> bool {
        let shared = &self.snapshot.shared;
        let Some(narrowed) = self.narrowed else { return false };
        let is_listed = shared.accounts.known().is_ok() && shared.permission_set_arns.known().is_ok();
        let is_asked = |arn: &str| narrowed.permission_sets.is_empty() || self.sets.contains(arn);
        is_listed && is_account_asked(self.snapshot, account) && set.is_none_or(is_asked)
    }

    /// Whether it is known in which accounts the permission set is, or all of them.
    fn knows_accounts_of(&self, set: Option<&str>) -> bool {
        let is_known = |arn: &str| {
            [Version::Latest, Version::Outdated]
                .into_iter()
                .all(|version| self.snapshot.answered(&Want::AccountsOf(arn.to_owned(), version)).is_ok())
        };
        match set {
            // One that is gone is nowhere.
            Some(arn) if !self.sets.contains(arn) => true,
            Some(arn) => is_known(arn),
            None => self.sets.iter().all(|arn| is_known(arn)),
        }
    }

    /// What it says of a finding in an account.
    pub(super) fn sees(&self, finding: &ScanFinding, account: &str) -> Seen {
        let set = finding.permission_set.as_ref().map(|set| set.arn.as_str());
        if !self.looks_at(account, set) {
            return Seen::Unknown;
        }
        if people::RULES.contains(&finding.rule) {
            return self.sees_of_people(finding, account, set);
        }
        let principal = finding.principal.as_ref().map(|one| &one.id);
        let is_of = |way: &Way<'_>| {
            let is_whose = principal.is_none() || way.principal.map(|one| &one.id) == principal;
            way.account == account && set.is_none_or(|arn| way.set == arn) && is_whose
        };
        let here: Vec<&WayJudged> =
            self.judged.iter().filter(|(way, _)| is_of(way)).map(|(_, judged)| judged).collect();
        let is_same = |one: &Finding| one.rule == finding.rule && one.fault.about == finding.about;
        let has_it = |judged: &&&WayJudged| judged.cause.iter().chain(&judged.also).any(is_same);
        let mut with_it = here.iter().filter(has_it).peekable();
        if with_it.peek().is_some() {
            // Where it is not known whether people get in, no fault is told of the way.
            let is_told = with_it.any(|judged| judged.cause.is_some());
            return if is_told { Seen::Fault } else { Seen::Unknown };
        }
        if here.iter().any(|judged| judged.undecided.iter().any(|(rule, _)| *rule == finding.rule)) {
            return Seen::Unknown;
        }
        let is_whole = set.is_some() || self.narrowed.is_some_and(|narrowed| narrowed.permission_sets.is_empty());
        let is_gone = || is_whole && self.knows_accounts_of(set) && self.knows_requests;
        if !here.is_empty() || is_gone() { Seen::Clear } else { Seen::Unknown }
    }

    /// The same of one about whom something is assigned to.
    fn sees_of_people(&self, finding: &ScanFinding, account: &str, set: Option<&str>) -> Seen {
        let is_same = |one: &&ScanFinding| {
            one.rule == finding.rule
                && one.about == finding.about
                && one.accounts.iter().any(|place| place.id == account)
        };
        if self.people.iter().any(|one| is_same(&one)) {
            return Seen::Fault;
        }
        let is_full = self.narrowed.is_some_and(|narrowed| narrowed.full);
        if !is_full || !self.knows_accounts_of(set) {
            return Seen::Unknown;
        }
        let id = finding.principal.as_ref().map(|one| one.id.as_str()).unwrap_or_default();
        for (_, arn) in self.pairs.iter().filter(|(one, arn)| *one == account && set.is_none_or(|set| set == *arn)) {
            let rows = self.snapshot.accounts.get(account).and_then(|account| account.assignments.get(*arn));
            let Some(Ok(rows)) = rows.map(|rows| rows.known()) else { return Seen::Unknown };
            for row in rows.iter().filter(|row| row.principal.id == id) {
                let members = self.snapshot.members.get(id);
                let is_counted =
                    row.principal.kind == PrincipalType::User || members.is_some_and(|members| members.known().is_ok());
                match principal_name(self.snapshot, &row.principal) {
                    Ok(None) => {}
                    Ok(Some(_)) if is_counted => {}
                    _ => return Seen::Unknown,
                }
            }
        }
        Seen::Clear
    }

    /// Everybody's access where the other looked too; `None` where not all of it was read.
    pub(super) fn grants(&self, other: &Self) -> Option<Grants<'s>> {
        if !self.narrowed?.full || !other.narrowed?.full || !self.knows_accounts_of(None) {
            return None;
        }
        self.snapshot.shared.accounts.known().ok()?;
        self.snapshot.shared.permission_set_arns.known().ok()?;
        let mut grants = BTreeSet::new();
        for (account, set) in self.pairs.iter().filter(|(account, set)| other.looks_at(account, Some(set))) {
            let rows = self.snapshot.accounts.get(*account)?.assignments.get(*set)?.known().ok()?;
            for row in rows {
                match row.principal.kind {
                    PrincipalType::User => drop(grants.insert((*account, *set, row.principal.id.as_str()))),
                    PrincipalType::Group => {
                        // Nobody gets in by a group that is gone; of any other, not to know its members is not to know.
                        if self.snapshot.in_instance().group(&row.principal.id) == Ok(None) {
                            continue;
                        }
                        let members = self.snapshot.members.get(&row.principal.id)?.known().ok()?;
                        grants.extend(members.iter().map(|member| (*account, *set, member.user_id.as_str())));
                    }
                }
            }
        }
        Some(grants)
    }

    /// In how many places it looked, and the other did not.
    pub(super) fn alone(&self, other: &Self) -> usize {
        self.pairs.iter().filter(|(account, set)| !other.looks_at(account, Some(set))).count()
    }
}
