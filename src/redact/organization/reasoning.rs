//! What must not change when the names of an organization do: what is found where, and how far some accounts are open to
//! some people, without a name in it.

use std::collections::BTreeMap;

use crate::answers::organization::{AccessRow, Made, Scan, ScanFinding, Who, access, prepare, scan, who};
use crate::evidence::{About, AccountRef, Call, PrincipalType, Reason, Snapshot};
use crate::findings::{Confidence, Effect};
use crate::model::organization::{entitled, person};
use crate::store::Kept;
use crate::verdict::PathState;

/// Of how many accounts and people the ways are followed: they are judged as those of all are.
const FOLLOWED: usize = 12;

/// The answers, without names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrganizationReasoning {
    findings: BTreeMap<Found, usize>,
    notes: BTreeMap<&'static str, usize>,
    /// What was read of how much, as it is told.
    coverage: String,
    made: Unread,
    who: Vec<(BTreeMap<Row, usize>, usize, Unread)>,
    access: Vec<(BTreeMap<Row, usize>, Unread)>,
}

/// A finding, without names.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    rule: &'static str,
    effect: Effect,
    is_likely: bool,
    about: usize,
    has_set: bool,
    principal: Option<PrincipalType>,
    accounts: usize,
    people: Option<usize>,
    kept_out: Option<usize>,
    follows: Vec<&'static str>,
    /// For each fix, whether there is a command.
    fixes: Vec<bool>,
    proof: usize,
}

/// A row of who can get in, or where, without names.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    state: PathState,
    rule: Option<&'static str>,
    via: PrincipalType,
    /// Whether it has a permission set, a role, a person and a department.
    has: [bool; 4],
    privileged: Option<&'static str>,
    since: Option<jiff::Timestamp>,
}

/// What could not be read: how often which call, why, and whether it decides.
type Unread = BTreeMap<(Call, Reason, bool), usize>;

impl OrganizationReasoning {
    pub(super) fn of(kept: Kept) -> Self {
        let about = kept.scope.about.clone();
        let mut snapshot = prepare(kept.snapshot(about));
        let Scan { findings, notes, coverage, made, .. } = scan(&snapshot);
        let accounts = snapshot.shared.accounts.known().into_iter().flatten().map(|account| account.id.clone());
        let accounts: Vec<String> = accounts.take(FOLLOWED).collect();
        let people = snapshot.people.known().into_iter().flatten().map(|user| user.id.clone());
        let people: Vec<String> = people.take(FOLLOWED).collect();
        Self {
            findings: counted(findings.iter().map(found)),
            notes: counted(notes.iter().map(|note| note.id)),
            coverage: format!("{coverage:?}"),
            made: unread(&made),
            who: accounts.into_iter().map(|id| into(&mut snapshot, id)).collect(),
            access: people.into_iter().map(|id| of_person(&mut snapshot, &id)).collect(),
        }
    }
}

fn into(snapshot: &mut Snapshot, id: String) -> (BTreeMap<Row, usize>, usize, Unread) {
    snapshot.scope.about = About::Account(AccountRef::Id(id));
    let Who { access, dead, made, .. } = who(snapshot);
    (counted(access.iter().map(row)), dead.len(), unread(&made))
}

fn of_person(snapshot: &mut Snapshot, id: &str) -> (BTreeMap<Row, usize>, Unread) {
    snapshot.scope.about = About::Person(id.to_owned());
    if let Some(facts) = person(snapshot, id) {
        snapshot.user = facts;
        snapshot.entitlements_of = entitled(snapshot, &snapshot.user);
    }
    let answer = access(snapshot);
    (counted(answer.access.iter().map(row)), unread(&answer.made))
}

fn counted<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counted = BTreeMap::new();
    all.for_each(|one| *counted.entry(one).or_default() += 1);
    counted
}

fn unread(made: &Made) -> Unread {
    counted(made.gaps.iter().map(|one| (one.gap.call, one.gap.reason, one.decides)))
}

fn found(finding: &ScanFinding) -> Found {
    Found {
        rule: finding.rule,
        effect: finding.effect,
        is_likely: finding.confidence == Confidence::Likely,
        about: finding.about.len(),
        has_set: finding.permission_set.is_some(),
        principal: finding.principal.as_ref().map(|principal| principal.kind),
        accounts: finding.accounts.len(),
        people: finding.people,
        kept_out: finding.kept_out,
        follows: finding.follows.clone(),
        fixes: finding.fixes.iter().map(|fix| fix.command.is_some()).collect(),
        proof: finding.evidence.len(),
    }
}

fn row(row: &AccessRow) -> Row {
    Row {
        state: row.state,
        rule: row.rule,
        via: row.via.kind,
        has: [
            row.permission_set.is_some(),
            row.role_arn.is_some(),
            row.person.is_some(),
            row.review.department.is_some(),
        ],
        privileged: row.review.privileged.map(|what| what.unwrap_or("no")),
        since: row.review.member_since,
    }
}
