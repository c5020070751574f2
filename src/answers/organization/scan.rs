//! Everything that is broken: each way judged, and those with the same cause told once.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::{Pieces, Words};
use super::relations::{pair_judged, relations_of};
use super::{AccountShown, Changes, Made, Relations, SetShown, Via};
use crate::cores;
use crate::evidence::{Gap, Principal, PrincipalType, Snapshot};
use crate::findings::{Citation, Confidence, Effect, Fix, Gate, Subject};
use crate::model::organization::{Way, principal_name, sets_asked, ways};
use crate::plan::organization::wanted_of_judged;
use crate::verdict::{PathState, SetJudged, Unread, WayJudged, judge_each};

mod accounts;
mod causes;
mod coverage;
mod doubts;
pub(super) mod entitled;
mod instance;
mod kept_out;
mod notes;
pub(super) mod people;

pub use accounts::AccountJudged;
pub(super) use accounts::{Accounts, rules_scanned};
use causes::leave_out_what_follows;
pub(super) use causes::{Broken, Cause};
pub use coverage::{Coverage, Part};
pub(super) use kept_out::KeptOut;

/// Everything that is broken in an organization.
#[derive(Debug)]
pub struct Scan {
    /// The whole in one word.
    pub outcome: Outcome,
    /// What is wrong, each cause once: what keeps people out first, then what touches most.
    pub findings: Vec<ScanFinding>,
    /// What is worth knowing and is no fault.
    pub notes: Vec<Note>,
    /// What became of each account, by name.
    pub accounts: Vec<AccountJudged>,
    /// The rules that were put to each permission set in each account.
    pub judged_by: Vec<&'static str>,
    /// Who gets in where; made only for a form that has it.
    pub relations: Option<Relations>,
    /// How much of what was asked about was read.
    pub coverage: Coverage,
    /// What is otherwise than in an older file, where there is one to compare with.
    pub changes: Option<Changes>,
    /// How many findings were left out as accepted exceptions.
    pub accepted: usize,
    /// How long the requests take at the rate that AWS allows, in seconds.
    pub floor_seconds: f64,
    /// How it came about.
    pub made: Made,
}

/// The whole in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong, and all that decides was read.
    Clean,
    /// Something is wrong, and nobody is kept out by it.
    Degraded,
    /// Something keeps people out.
    Broken,
    /// Nothing wrong was found, and something that decides could not be read.
    Inconclusive,
}

/// One cause, wherever it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanFinding {
    /// The rule's id, or that of one that only a scan has.
    pub rule: &'static str,
    /// The gate.
    pub gate: Gate,
    /// What it does.
    pub effect: Effect,
    /// How sure it is.
    pub confidence: Confidence,
    /// What is wrong, in plain sentences.
    pub message: String,
    /// What it is about, beside permission set and accounts.
    pub about: Vec<Subject>,
    /// The permission set, where it is one.
    pub permission_set: Option<SetShown>,
    /// The user or group, where it is one.
    pub principal: Option<Via>,
    /// The accounts in which it shows.
    pub accounts: Vec<AccountShown>,
    /// How many people it touches; `None` where they could not be counted.
    pub people: Option<usize>,
    /// How many of them it keeps out: they get in by no other way either. `None` where that is not known.
    pub kept_out: Option<usize>,
    /// The rules whose faults are consequences of it.
    pub follows: Vec<&'static str>,
    /// What to do, each with the account that it is about.
    pub fixes: Vec<Fix>,
    /// How many of these mend the first place; the others do the same in the others.
    pub first_fixes: usize,
    /// What AWS answered that shows it.
    pub evidence: Vec<Citation>,
    /// Where it stands in a plan, where one was asked about.
    pub addresses: Vec<String>,
    /// Whether it was not there in the older file, or is worse; `None` where there is none to compare with, or it does not
    /// tell.
    pub new: Option<bool>,
    /// What it is put together from.
    pub pieces: Pieces,
}

/// Something that is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The word by which scripts know it.
    pub id: &'static str,
    /// The same for people.
    pub message: String,
    /// The permission set, where it is about one.
    pub permission_set: Option<SetShown>,
}

/// Judges everything that was asked about.
pub fn scan(snapshot: &Snapshot) -> Scan {
    scan_with(snapshot, false)
}

/// The same with who gets in where.
pub fn scan_with_relations(snapshot: &Snapshot) -> Scan {
    scan_with(snapshot, true)
}

fn scan_with(snapshot: &Snapshot, with_relations: bool) -> Scan {
    let (ways, hidden) = ways(snapshot);
    // Many ways lack the same.
    let mut gaps: BTreeSet<Unread> = BTreeSet::new();
    let mut unread = |gap: Gap, decides| {
        gaps.insert(Unread { gap, decides });
    };
    hidden.0.into_iter().for_each(|gap| unread(gap, false));
    let (sets, hidden_sets) = sets_asked(snapshot);
    hidden_sets.0.into_iter().for_each(|gap| unread(gap, true));
    let mut broken: BTreeMap<Cause<'_>, Vec<Broken<'_>>> = BTreeMap::new();
    let (mut unknown, mut not_whole) = (BTreeSet::new(), BTreeSet::new());
    let mut accounts = Accounts::of(snapshot);
    let doubts = doubts::doubts(snapshot, &ways);
    for (account, why) in &doubts {
        accounts.doubt(account, doubts::RULE, why);
    }
    let mut pairs = Vec::new();
    let and = |way: Way<'_>, of_set: &SetJudged<'_>, judged: &WayJudged| {
        let is_pair = with_relations && way.principal.is_none();
        is_pair.then(|| pair_judged(snapshot, way, of_set, judged))
    };
    judge_each(snapshot, &ways, and, |way, judged| {
        let Some((judged, pair)) = judged else { return };
        pairs.extend(pair.map(|pair| ((way.account, way.set), pair)));
        accounts.take(way, &judged);
        if judged.is_broken() {
            not_whole.insert(way);
        }
        if judged.state == PathState::Unknown {
            unknown.insert((way.account, way.set));
            gaps.extend(judged.gaps.iter().map(|gap| Unread { gap: gap.clone(), decides: true }));
        }
        gaps.extend(judged.undecided());
        // Of what is not assigned yet, what keeps it from being assigned is enough.
        let told = if way.stands { usize::MAX } else { 1 };
        for (fault, follows) in judged.causes().take(told) {
            let cause = Cause::of(way, &fault);
            // What is wrong for all who have the permission set there is told of all of them.
            if !way.is_of_one_of_many() || cause.principal.is_some() {
                broken.entry(cause).or_default().push(Broken { way, cause: fault, follows });
            }
        }
    });
    leave_out_what_follows(snapshot, &mut broken);
    let entitled = entitled::roles(snapshot);
    gaps.extend(entitled::unread(&entitled));
    let of_nobody = entitled::of_nobody(snapshot, &entitled);
    let mut entitled = entitled::causes(snapshot, entitled);
    let of_instance = instance::findings(snapshot, |rule| broken.keys().any(|cause| cause.rule == rule));
    let around = || {
        let assigned = people::assigned(snapshot);
        let mut gaps = Vec::new();
        let of_people = people::findings(snapshot, &assigned, &mut gaps);
        let wanted = wanted_of_judged(snapshot, |way| not_whole.contains(way));
        (of_people, gaps, notes::notes(snapshot, &sets, &assigned), Coverage::of(snapshot, &unknown), wanted)
    };
    let all_listed = coverage::all_listed(snapshot, &sets);
    let of_ways = || {
        let mut kept_out = KeptOut::of(snapshot);
        let found = broken.into_iter().map(|(cause, broken)| {
            let ways: Vec<Way<'_>> = broken.iter().map(|one| one.way).collect();
            let own = ways.iter().map(|way| (way.account, way.set, way.principal));
            let mut finding = cause.told(snapshot, broken, Words::Ways);
            let mut shown = Vec::new();
            if let Some((_, pieces, more)) = entitled.remove(&cause) {
                finding.pieces.list.extend(pieces);
                finding.put_together();
                shown = more;
            }
            let of_entitlements = shown.into_iter().map(|(account, principal)| (account, "", Some(principal)));
            count(&mut finding, &mut kept_out, touched(snapshot, own.chain(of_entitlements)), all_listed);
            finding
        });
        let mut found: Vec<ScanFinding> = found.collect();
        for (cause, (gate, pieces, shown)) in entitled {
            let mut finding = cause.told_of_entitlements(gate, pieces);
            let shown = shown.into_iter().map(|(account, principal)| (account, "", Some(principal)));
            count(&mut finding, &mut kept_out, touched(snapshot, shown), all_listed);
            found.push(finding);
        }
        found
    };
    let ((of_people, more_gaps, mut notes, coverage, wanted), found) = cores::both(around, of_ways);
    let mut findings: Vec<ScanFinding> =
        found.into_iter().chain(of_instance).chain(of_people).chain(of_nobody).collect();
    findings.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let made = Made::of_wanted(snapshot, gaps.into_iter().chain(more_gaps).collect(), wanted);
    notes.extend(doubts::notes(snapshot, &doubts));
    notes.extend(Note::of_cut_off(snapshot));
    Scan {
        outcome: outcome_of(&findings, &made.gaps),
        findings,
        notes,
        accounts: accounts.done(),
        judged_by: rules_scanned().map(|rule| rule.id).collect(),
        relations: with_relations.then(|| relations_of(snapshot, pairs)),
        changes: None,
        accepted: 0,
        coverage,
        floor_seconds: f64::from(snapshot.sso_calls) / 20.0,
        made,
    }
}

/// Counts whom a finding touches, and keeps out. What is wrong with an account touches whoever has anything there:
/// `all_listed` says whether it is known which permission sets are in it.
fn count<'s>(
    finding: &mut ScanFinding,
    kept_out: &mut KeptOut<'s>,
    touched: Option<BTreeSet<Place<'s>>>,
    all_listed: bool,
) {
    let is_of_one = finding.permission_set.is_some() || finding.principal.is_some();
    let touched = touched.filter(|_| is_of_one || all_listed);
    finding.people = touched.as_ref().map(people_in);
    let touched = touched.filter(|_| finding.effect == Effect::Blocks);
    finding.kept_out = touched.and_then(|touched| kept_out.count(&touched));
}

impl Note {
    /// That a file was cut off, where it was.
    pub(super) fn of_cut_off(snapshot: &Snapshot) -> Option<Self> {
        let message = format!("{}.", super::unread::cut_off(snapshot)?);
        Some(Self { id: "file-cut-off", message, permission_set: None })
    }
}

/// The whole in one word.
pub(super) fn outcome_of<'f>(findings: impl IntoIterator<Item = &'f ScanFinding>, gaps: &[Unread]) -> Outcome {
    match findings.into_iter().map(|finding| finding.effect).min() {
        Some(Effect::Blocks) => Outcome::Broken,
        Some(Effect::Degrades) => Outcome::Degraded,
        None if gaps.iter().any(|unread| unread.decides) => Outcome::Inconclusive,
        None => Outcome::Clean,
    }
}

/// What keeps people out comes first, then what touches most of them and most accounts.
pub(super) fn rank(finding: &ScanFinding) -> impl Ord {
    let (people, accounts) = (finding.people.unwrap_or(0), finding.accounts.len());
    let names = (finding.rule, finding.permission_set.clone(), finding.accounts.clone(), finding.message.clone());
    (finding.effect, std::cmp::Reverse((people, accounts)), names)
}

impl ScanFinding {
    /// One of which no more is known than this.
    pub(super) const fn of(rule: &'static str, gate: Gate, effect: Effect, pieces: Pieces) -> Self {
        Self {
            rule,
            gate,
            effect,
            confidence: Confidence::Confirmed,
            message: String::new(),
            about: Vec::new(),
            permission_set: None,
            principal: None,
            accounts: Vec::new(),
            people: None,
            kept_out: None,
            follows: Vec::new(),
            fixes: Vec::new(),
            first_fixes: 0,
            evidence: Vec::new(),
            addresses: Vec::new(),
            new: None,
            pieces,
        }
    }
}

/// Somebody in an account: its id and theirs.
pub(super) type Place<'s> = (&'s str, String);

/// How many people these are.
pub(super) fn people_in(touched: &BTreeSet<Place<'_>>) -> usize {
    touched.iter().map(|(_, person)| person).collect::<BTreeSet<_>>().len()
}

/// The people that these ways are of (account, permission set, and whose it is), and where; `None` where somebody may have
/// been left out.
pub(super) fn touched<'s, 'w>(
    snapshot: &'s Snapshot,
    ways: impl Iterator<Item = (&'s str, &'w str, Option<&'w Principal>)>,
) -> Option<BTreeSet<Place<'s>>> {
    let mut people = BTreeSet::new();
    for (account, set, whose) in ways {
        let principals: Vec<&Principal> = if let Some(principal) = whose {
            vec![principal]
        } else {
            let rows = snapshot.accounts.get(account)?.assignments.get(set)?.known().ok()?;
            rows.iter().map(|row| &row.principal).collect()
        };
        for principal in principals {
            // Whoever does not exist any more is touched by nothing.
            if principal_name(snapshot, principal) == Ok(None) {
                continue;
            }
            match (principal.kind, snapshot.members.get(&principal.id)) {
                (PrincipalType::User, _) => drop(people.insert((account, principal.id.clone()))),
                (PrincipalType::Group, Some(fact)) => {
                    people.extend(fact.known().ok()?.iter().map(|member| (account, member.user_id.clone())));
                }
                (PrincipalType::Group, None) => return None,
            }
        }
    }
    Some(people)
}
