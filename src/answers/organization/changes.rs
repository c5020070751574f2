//! What is otherwise than in an older file: what broke or got worse, what was put right, and who gained or lost access
//! where. Only what both looked at is compared: whatever one of them did not read is told as such.

use super::pieces::{Narrowing, Piece, Since};
use super::scan::{outcome_of, rank};
use super::{AccountShown, Outcome, PersonShown, Scan, ScanFinding, SetShown};
use crate::evidence::Snapshot;
use crate::findings::Effect;
use crate::wording;

mod access;
mod sides;

use sides::{Seen, Side};

/// The accounts and permission sets, by ARN, in which something was wrong: whether it still is, is to be asked.
pub fn found_pairs(scan: &Scan) -> impl Iterator<Item = (String, String)> {
    let pieces = scan.findings.iter().flat_map(|finding| &finding.pieces.list);
    pieces.filter_map(|piece| Some((piece.account.as_ref()?.id.clone(), piece.set.as_ref()?.arn.clone())))
}

/// What changed between two files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// How many of the findings were not there before, or are worse.
    pub broke: usize,
    /// How many were, and were left out for that.
    pub left_out: usize,
    /// Whether only what is new counts.
    pub only_new: bool,
    /// What was wrong before and is worse now, in words.
    pub worse: Vec<String>,
    /// What was wrong before and is not any more, in words.
    pub put_right: Vec<String>,
    /// What was wrong before and is less so now, in words.
    pub put_right_in_part: Vec<String>,
    /// What is wrong now, and the older file does not tell whether it was before, in words.
    pub may_be_new: Vec<String>,
    /// What else only one of the two looked at, in words.
    pub not_compared: Vec<String>,
    /// Who can get in where they could not before.
    pub gained: Vec<Grant>,
    /// Who no longer can.
    pub lost: Vec<Grant>,
    /// Whether both files hold everybody's access; else nothing is said of it.
    pub knows_access: bool,
}

impl Changes {
    /// All that only one of the two looked at.
    pub fn all_not_compared(&self) -> impl Iterator<Item = &String> {
        self.may_be_new.iter().chain(&self.not_compared)
    }
}

/// Somebody's access to an account with a permission set, through whichever assignment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The account.
    pub account: AccountShown,
    /// The permission set.
    pub permission_set: SetShown,
    /// The person.
    pub person: PersonShown,
    /// Whether it gives administrator rights.
    pub administers: bool,
    /// Whether it is known that it lets them in, or did; else only that it is assigned, or was.
    pub certain: bool,
    /// The fault that keeps out somebody who still has it.
    pub shut_by: Option<&'static str>,
}

/// How many names are told of a list.
const NAMED: usize = 3;

/// Compares a scan with that of an older file, and marks what is new.
pub fn compare(scan: &mut Scan, older: &Scan, (now, then): (&Snapshot, &Snapshot)) {
    let (after, before) = (Side::of(now, scan), Side::of(then, older));
    let mut changes = Changes::default();
    for finding in &mut scan.findings {
        let mut pieces = std::mem::take(&mut finding.pieces.list);
        for piece in &mut pieces {
            piece.since = Some(since(finding, piece, (&after, &before)));
        }
        finding.pieces.list = pieces;
    }
    for finding in &older.findings {
        let (mut over, mut in_part, mut unseen) = (Vec::new(), Vec::new(), Vec::new());
        for account in &finding.accounts {
            match after.sees(finding, &account.id) {
                Seen::Fault(effect) if effect > finding.effect => in_part.push(account),
                Seen::Fault(_) => {}
                Seen::Part => in_part.push(account),
                Seen::Clear => over.push(account),
                Seen::Unknown => unseen.push(account),
            }
        }
        let nowhere = finding.accounts.is_empty().then(|| after.sees_nowhere(finding));
        if !over.is_empty() || nowhere == Some(Seen::Clear) {
            changes.put_right.push(finding.said_in(&over));
        }
        if !in_part.is_empty() {
            let what = finding.said_in(&in_part);
            changes.put_right_in_part.push(match finding.effect {
                Effect::Blocks => format!("{what} That kept people out in the older file. Not all of it is put right."),
                Effect::Degrades => format!("{what} That was so in the older file. Not all of it is put right."),
            });
        }
        if !unseen.is_empty() || nowhere == Some(Seen::Unknown) {
            let what = finding.said_in(&unseen);
            changes.not_compared.push(format!("{what} That was so in the older file, and was not looked at now."));
        }
    }
    access::tell(&mut changes, &after, &before);
    scan.changes = Some(changes);
    settle(scan);
}

/// What the older file says of what shows at a place.
fn since(finding: &ScanFinding, piece: &Piece, (after, before): (&Side<'_>, &Side<'_>)) -> Since {
    match before.saw(finding, piece) {
        Seen::Clear | Seen::Part => Since::New,
        Seen::Unknown => Since::Unknown,
        Seen::Fault(effect) if effect > finding.effect => Since::Worse,
        Seen::Fault(effect) => match before.untouched(after, piece) {
            more if !more.is_empty() => Since::Wider(more),
            _ if effect < finding.effect => Since::Milder,
            _ => Since::There,
        },
    }
}

/// Says of the findings which are new, and what got worse: of those that there are.
pub(super) fn settle(scan: &mut Scan) {
    let Some(changes) = &mut scan.changes else { return };
    (changes.broke, changes.worse, changes.may_be_new) = (0, Vec::new(), Vec::new());
    for finding in &mut scan.findings {
        finding.settle();
        changes.broke += usize::from(finding.new == Some(true));
        let is = |piece: &Piece, since: &Since| piece.since.as_ref() == Some(since);
        let any = |since: &Since| finding.pieces.list.iter().any(|piece| is(piece, since));
        if any(&Since::Worse) {
            let what = finding.said_of(|piece| is(piece, &Since::Worse));
            changes.worse.push(format!("{what} In the older file it kept nobody out; now it keeps people out."));
        }
        let wider = |piece: &Piece| matches!(piece.since, Some(Since::Wider(_)));
        let mut more: Vec<&String> =
            finding.pieces.list.iter().flat_map(|piece| piece.since.iter().flat_map(people)).collect();
        more.sort();
        more.dedup();
        if !more.is_empty() {
            let (what, names) = (finding.said_of(wider), wording::list(more.into_iter().cloned(), NAMED));
            changes.worse.push(format!("{what} In the older file it did not touch {names}."));
        }
        if any(&Since::Unknown) {
            let what = finding.said_of(|piece| is(piece, &Since::Unknown));
            changes.may_be_new.push(format!("{what} The older file does not tell whether it is new."));
        }
    }
}

fn people(since: &Since) -> &[String] {
    match since {
        Since::Wider(people) => people,
        _ => &[],
    }
}

/// Leaves out what was there before. What cannot be told from it stays, does not count, and keeps the whole open.
pub fn only_new(scan: &mut Scan, snapshot: &Snapshot) {
    let Some(changes) = &mut scan.changes else { return };
    let mut narrowing = Narrowing::of(snapshot);
    let mut stay = Vec::new();
    for finding in std::mem::take(&mut scan.findings) {
        let is_new = |piece: &Piece| piece.since.as_ref().is_some_and(Since::is_new);
        let is_open = |piece: &Piece| piece.since == Some(Since::Unknown);
        changes.left_out += usize::from(finding.pieces.list.iter().any(|piece| !is_new(piece) && !is_open(piece)));
        let open = finding.pieces.list.iter().any(is_open).then(|| finding.clone());
        stay.extend(narrowing.narrowed(finding, is_new));
        stay.extend(open.and_then(|finding| narrowing.narrowed(finding, is_open)));
    }
    changes.only_new = true;
    stay.sort_by(|a, b| (a.new.is_none(), rank(a)).cmp(&(b.new.is_none(), rank(b))));
    scan.findings = stay;
    let new: Vec<&ScanFinding> = scan.counted().collect();
    let is_open = new.len() < scan.findings.len();
    scan.outcome = match outcome_of(new, &scan.made.gaps) {
        Outcome::Clean if is_open => Outcome::Inconclusive,
        outcome => outcome,
    };
}

impl Scan {
    /// The findings that count: with `--only-new` those that are known to be new.
    pub fn counted(&self) -> impl Iterator<Item = &ScanFinding> {
        let only_new = self.changes.as_ref().is_some_and(|changes| changes.only_new);
        self.findings.iter().filter(move |finding| !only_new || finding.new == Some(true))
    }

    /// Those that stay with `--only-new` although the older file does not tell whether they are new.
    pub fn may_be_new(&self) -> impl Iterator<Item = &ScanFinding> {
        let only_new = self.changes.as_ref().is_some_and(|changes| changes.only_new);
        self.findings.iter().filter(move |finding| only_new && finding.new.is_none())
    }
}

#[cfg(test)]
mod tests;
