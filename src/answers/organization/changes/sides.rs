//! One of two scans that are compared: what it looked at, and what it found there.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::answers::organization::pieces::{Piece, touched_at};
use crate::answers::organization::scan::{entitled, people};
use crate::answers::organization::{PersonShown, Scan, ScanFinding};
use crate::evidence::{Narrowed, PrincipalType, Snapshot, Version, Want};
use crate::findings::{Effect, Subject};
use crate::model::organization::{Pair, Way, is_account_asked, pairs, principal_name, sets_asked, ways};
use crate::plan::organization::wanted_of_judged;
use crate::rules::{Check, rule};
use crate::verdict::{Finding, WayJudged, judge_ways};

/// What one of them says of another's finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is there, and does this.
    Fault(Effect),
    /// Some of what it is about is wrong there.
    Part,
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
    /// By account and permission set.
    judged: Vec<(Way<'s>, WayJudged)>,
    people: Vec<ScanFinding>,
    /// What it told of which accounts, and what that does there; without accounts under an empty one.
    told: BTreeMap<Key, BTreeMap<String, Effect>>,
    /// Whether everything that says which requests there are was read.
    knows_requests: bool,
}

/// By what a finding is the same as another.
type Key = (&'static str, String);

fn key(finding: &ScanFinding) -> Key {
    let set = finding.permission_set.as_ref().map(|set| &set.arn);
    let principal = finding.principal.as_ref().map(|one| &one.id);
    (finding.rule, format!("{:?} {set:?} {principal:?}", finding.about))
}

/// What each finding does in each account.
fn told(scan: &Scan) -> BTreeMap<Key, BTreeMap<String, Effect>> {
    let mut told: BTreeMap<Key, BTreeMap<String, Effect>> = BTreeMap::new();
    for finding in &scan.findings {
        let accounts = told.entry(key(finding)).or_default();
        let places = finding.accounts.iter().map(|account| account.id.clone());
        let nowhere = finding.accounts.is_empty().then(String::new);
        for place in places.chain(nowhere) {
            let effect = accounts.entry(place).or_insert(finding.effect);
            *effect = finding.effect.min(*effect);
        }
    }
    told
}

/// Whether these are the same: a policy may have lost its name to a list that was not read.
fn is_same(one: &Subject, other: &Subject) -> bool {
    match (one, other) {
        (Subject::OrganizationPolicy { id, .. }, Subject::OrganizationPolicy { id: other, .. }) => id == other,
        (one, other) => one == other,
    }
}

/// What a fault about these says of one that is about those: it is it where it is about all of those.
fn compared(effect: Effect, about: &[Subject], wanted: &[Subject]) -> Option<Seen> {
    let is_there = |one: &&Subject| about.iter().any(|other| is_same(one, other));
    match wanted.iter().filter(is_there).count() {
        all if all == wanted.len() && (all > 0 || about.is_empty()) => Some(Seen::Fault(effect)),
        0 => None,
        _ => Some(Seen::Part),
    }
}

impl<'s> Side<'s> {
    pub(super) fn of(snapshot: &'s Snapshot, scan: &Scan) -> Self {
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
            told: told(scan),
            knows_requests: hidden.0.is_empty() && requests.into_iter().all(|want| snapshot.answered(&want).is_ok()),
        }
    }

    /// What it says of a finding that is about no account. What the instance could not be asked is not known.
    pub(super) fn sees_nowhere(&self, finding: &ScanFinding) -> Seen {
        if let Some(effect) = self.told.get(&key(finding)).and_then(|accounts| accounts.values().min()) {
            return Seen::Fault(*effect);
        }
        let judged = rule(finding.rule).and_then(|rule| rule.judge_instance(self.snapshot.in_instance()));
        if matches!(judged, Some(Err(_))) { Seen::Unknown } else { Seen::Clear }
    }

    /// Whether the question was about this permission set in this account, and their lists were read.
    pub(super) fn looks_at(&self, account: &str, set: Option<&str>) -> bool {
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
        if let Some(effect) = self.told.get(&key(finding)).and_then(|accounts| accounts.get(account)) {
            return Seen::Fault(*effect);
        }
        let pieces = &finding.pieces.list;
        if !pieces.is_empty() && pieces.iter().all(|piece| piece.set.is_none() && piece.principal.is_some()) {
            return self.sees_of_entitlements(finding, account);
        }
        let set = finding.permission_set.as_ref().map(|set| set.arn.as_str());
        self.sees_at(finding, account, set)
    }

    /// What it says of what entitlements show: their facts alone decide.
    fn sees_of_entitlements(&self, finding: &ScanFinding, account: &str) -> Seen {
        let is_decided = self.looks_at(account, None) && entitled::is_decided(self.snapshot, account, finding.rule);
        if is_decided { Seen::Clear } else { Seen::Unknown }
    }

    /// What it says of what shows at one place: in an account with a permission set.
    pub(super) fn saw(&self, finding: &ScanFinding, piece: &Piece) -> Seen {
        let Some(set) = &piece.set else {
            let account = piece.account.as_ref().map(|account| account.id.as_str()).unwrap_or_default();
            let told = self.told.get(&key(finding)).and_then(|accounts| accounts.get(account));
            return match (told, &piece.account) {
                (Some(effect), _) => Seen::Fault(*effect),
                (None, Some(_)) if piece.principal.is_some() => self.sees_of_entitlements(finding, account),
                (None, Some(_)) => self.sees_at(finding, account, None),
                (None, None) => self.sees_nowhere(finding),
            };
        };
        let account = piece.account.as_ref().map(|account| account.id.as_str()).unwrap_or_default();
        self.sees_at(finding, account, Some(&set.arn))
    }

    /// The ways in an account, of one permission set or of any.
    fn ways_at(&self, account: &str, set: Option<&str>) -> &[(Way<'s>, WayJudged)] {
        let here = |way: &Way<'_>| way.account.cmp(account).then(set.map_or(Ordering::Equal, |set| way.set.cmp(set)));
        let first = self.judged.partition_point(|(way, _)| here(way) == Ordering::Less);
        let rest = &self.judged[first..];
        &rest[..rest.partition_point(|(way, _)| here(way) == Ordering::Equal)]
    }

    fn sees_at(&self, finding: &ScanFinding, account: &str, set: Option<&str>) -> Seen {
        if !self.looks_at(account, set) {
            return Seen::Unknown;
        }
        if people::RULES.contains(&finding.rule) {
            return self.sees_of_people(finding, account, set);
        }
        let principal = finding.principal.as_ref().map(|one| &one.id);
        let belongs = |way: &Way<'_>| principal.is_none() || way.principal.map(|one| &one.id) == principal;
        let ways = self.ways_at(account, set).iter().filter(|(way, _)| belongs(way));
        let here: Vec<&WayJudged> = ways.map(|(_, judged)| judged).collect();
        let of = |one: &Finding| {
            (one.rule == finding.rule).then(|| compared(one.fault.effect, &one.fault.about, &finding.about)).flatten()
        };
        let mut found = None;
        let mut untold = false;
        for judged in &here {
            let seen = judged.cause.iter().chain(&judged.also).find_map(of);
            // Where it is not known whether people get in, no fault is told of the way.
            untold |= seen.is_some() && judged.cause.is_none();
            found = match (found, seen.filter(|_| judged.cause.is_some())) {
                (Some(Seen::Fault(one)), Some(Seen::Fault(other))) => Some(Seen::Fault(one.min(other))),
                (Some(Seen::Fault(one)), _) | (_, Some(Seen::Fault(one))) => Some(Seen::Fault(one)),
                (one, other) => one.or(other),
            };
        }
        if let Some(found) = found {
            return found;
        }
        if untold || here.iter().any(|judged| judged.undecided.iter().any(|(rule, _)| *rule == finding.rule)) {
            return Seen::Unknown;
        }
        let is_whole = set.is_some() || self.narrowed.is_some_and(|narrowed| narrowed.permission_sets.is_empty());
        // What stands on requests alone needs no assignment.
        let of_requests = matches!(rule(finding.rule).map(|rule| &rule.check), Some(Check::Assignment(_)));
        let knows_who_has = || of_requests || self.knows_who_has(account, set);
        let is_gone = || is_whole && self.knows_accounts_of(set) && self.knows_requests && knows_who_has();
        if !here.is_empty() || is_gone() { Seen::Clear } else { Seen::Unknown }
    }

    /// Whether it is known who is assigned the permission set in the account, or any of them, though they are not there:
    /// an assignment stands also where it was never provisioned.
    fn knows_who_has(&self, account: &str, set: Option<&str>) -> bool {
        let is_known = |arn: &str| {
            let rows = self.snapshot.accounts.get(account).and_then(|account| account.assignments.get(arn));
            !self.sets.contains(arn) || rows.is_some_and(|rows| rows.known().is_ok())
        };
        set.map_or_else(|| self.sets.iter().all(|arn| is_known(arn)), is_known)
    }

    /// Those whom what shows at a place touches on the other side, and not here; none where that is not known.
    pub(super) fn untouched(&self, other: &Self, piece: &Piece) -> Vec<String> {
        let one = std::slice::from_ref(piece);
        let [here, there] = [self.snapshot, other.snapshot].map(|snapshot| {
            let touched = touched_at(snapshot, one)?;
            Some(touched.into_iter().map(|(_, person)| person).collect::<BTreeSet<String>>())
        });
        let (Some(here), Some(there)) = (here, there) else { return Vec::new() };
        there.difference(&here).map(|id| PersonShown::of(other.snapshot, id).label().to_owned()).collect()
    }

    /// The same of one about whom something is assigned to.
    fn sees_of_people(&self, finding: &ScanFinding, account: &str, set: Option<&str>) -> Seen {
        let is_at = |piece: &Piece| {
            let arn = piece.set.as_ref().map(|set| set.arn.as_str());
            piece.account.as_ref().is_some_and(|place| place.id == account) && (set.is_none() || arn == set)
        };
        let is_same = |one: &&ScanFinding| {
            one.rule == finding.rule && one.about == finding.about && one.pieces.list.iter().any(is_at)
        };
        if let Some(same) = self.people.iter().find(is_same) {
            return Seen::Fault(same.effect);
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

    /// Whether it was read who is assigned what where the other looked too, and who is in those groups.
    pub(super) fn knows_assignments(&self, other: &Self) -> bool {
        let shared = &self.snapshot.shared;
        let is_full = [self, other].iter().all(|side| side.narrowed.is_some_and(|narrowed| narrowed.full));
        let are_listed = shared.accounts.known().is_ok() && shared.permission_set_arns.known().is_ok();
        is_full
            && are_listed
            && self.knows_accounts_of(None)
            && self
                .pairs
                .iter()
                .all(|(account, set)| !other.looks_at(account, Some(set)) || self.knows_assigned(account, set))
    }

    fn knows_assigned(&self, account: &str, set: &str) -> bool {
        let rows = self.snapshot.accounts.get(account).and_then(|account| account.assignments.get(set));
        let Some(rows) = rows.and_then(|rows| rows.known().ok()) else { return false };
        // Nobody gets in by a group that is gone; of any other, not to know its members is not to know.
        rows.iter().filter(|row| row.principal.kind == PrincipalType::Group).all(|row| {
            let id = &row.principal.id;
            self.snapshot.in_instance().group(id) == Ok(None)
                || self.snapshot.members.get(id).is_some_and(|members| members.known().is_ok())
        })
    }

    /// In how many places it looked, and the other did not.
    pub(super) fn alone(&self, other: &Self) -> usize {
        self.pairs.iter().filter(|(account, set)| !other.looks_at(account, Some(set))).count()
    }
}
