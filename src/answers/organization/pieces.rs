//! What a finding is put together from: what shows at each place, so that it can be told of some of its places alone. All
//! that it then says, counts and advises is of those.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{KeptOut, Place, ScanFinding, people_in, touched};
use super::{AccountShown, SetShown};
use crate::evidence::{Principal, Snapshot};
use crate::findings::{Citation, Confidence, Effect, Fix};
use crate::wording;

mod words;

pub(super) use words::{Part, Words};

/// How many names a sentence has.
const NAMED: usize = 3;

/// How many places get a fix and a proof of their own where each is about one assignment.
const EACH: usize = 20;

/// What a finding is put together from; empty where it is of one piece.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pieces {
    /// What shows at each place.
    pub(super) list: Vec<Piece>,
    /// How its words are made of them.
    pub(super) words: Words,
    /// What is said after them of a plan, whatever the places.
    pub(super) of_plan: Option<String>,
}

/// What a finding is at one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) account: Option<AccountShown>,
    pub(super) set: Option<SetShown>,
    pub(super) principal: Option<Principal>,
    pub(super) message: String,
    pub(super) confidence: Confidence,
    pub(super) follows: Vec<&'static str>,
    pub(super) fixes: Vec<Fix>,
    pub(super) evidence: Vec<Citation>,
    /// Whom a review named, by id.
    pub(super) people: BTreeMap<String, String>,
    /// Where it stands in a plan.
    pub(super) addresses: Vec<String>,
    /// Where a plan deletes what is needed there.
    pub(super) deleted_at: Vec<String>,
    /// What an older file says of it, where there is one to compare with.
    pub(super) since: Option<Since>,
}

/// What an older file says of what shows at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Since {
    /// It does not tell.
    Unknown,
    /// It was there.
    There,
    /// It was there and kept people out.
    Milder,
    /// It was not there.
    New,
    /// It was there and kept nobody out.
    Worse,
    /// It was there, and touched none of these people.
    Wider(Vec<String>),
}

impl Since {
    /// Whether something broke.
    pub(super) const fn is_new(&self) -> bool {
        matches!(self, Self::New | Self::Worse | Self::Wider(_))
    }
}

impl Piece {
    /// One in an account, of which nothing is said yet.
    pub(super) const fn of(account: Option<AccountShown>) -> Self {
        Self {
            account,
            set: None,
            principal: None,
            message: String::new(),
            confidence: Confidence::Confirmed,
            follows: Vec::new(),
            fixes: Vec::new(),
            evidence: Vec::new(),
            people: BTreeMap::new(),
            addresses: Vec::new(),
            deleted_at: Vec::new(),
            since: None,
        }
    }

    fn is_in(&self, account: &str) -> bool {
        self.account.as_ref().is_some_and(|own| own.id == account)
    }
}

/// Each once, in their order.
fn each_once<T: PartialEq + Clone>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    for one in all {
        if !list.contains(&one) {
            list.push(one);
        }
    }
    list
}

impl ScanFinding {
    /// What is wrong, of some of its places alone.
    pub(super) fn said_of(&self, keep: impl Fn(&Piece) -> bool) -> String {
        let list: Vec<&Piece> = self.pieces.list.iter().filter(|piece| keep(piece)).collect();
        self.pieces.said(&list)
    }

    /// The same of some of its accounts.
    pub(super) fn said_in(&self, accounts: &[&AccountShown]) -> String {
        if accounts.len() == self.accounts.len() {
            return self.message.clone();
        }
        self.said_of(|piece| accounts.iter().any(|account| piece.is_in(&account.id)))
    }

    /// What is wrong, as a reader of one of its accounts needs it: of that account, and in how many more it is the same.
    /// Where what shows there is not kept apart, of all of them, with their names.
    pub fn said_from(&self, account: &str) -> String {
        let others = match self.accounts.len() {
            0 | 1 => return self.message.clone(),
            several => wording::count(several - 1, "more account"),
        };
        if self.pieces.list.iter().any(|piece| piece.is_in(account)) {
            return format!("{} The same in {others}.", self.said_of(|piece| piece.is_in(account)));
        }
        format!("{} {}.", self.message, self.places(NAMED))
    }

    /// Whether it is new in an account; `None`: that is not known, or there is nothing to compare with.
    pub fn is_new_in(&self, account: &str) -> Option<bool> {
        newness(self.pieces.list.iter().filter(|piece| piece.is_in(account)))
    }

    /// What it did at one of its places where that was something else: the older file's effect.
    pub fn was(&self) -> Option<Effect> {
        let is = |since: &Since| self.pieces.list.iter().any(|piece| piece.since.as_ref() == Some(since));
        match (is(&Since::Worse), is(&Since::Milder)) {
            (true, _) => Some(Effect::Degrades),
            (false, true) => Some(Effect::Blocks),
            (false, false) => None,
        }
    }

    /// Whether it was there before, and is worse now.
    pub fn got_worse(&self) -> bool {
        let is_worse = |since: &Since| matches!(since, Since::Worse | Since::Wider(_));
        let mut new = self.pieces.list.iter().filter_map(|piece| piece.since.as_ref()).filter(|since| since.is_new());
        new.clone().next().is_some() && new.all(is_worse)
    }

    /// Whether the older file does not tell of some place whether it is new there.
    pub(super) fn is_open(&self) -> bool {
        self.pieces.list.iter().any(|piece| piece.since == Some(Since::Unknown))
    }

    /// The ids of the accounts in which it is new.
    pub fn new_in(&self) -> impl Iterator<Item = &str> {
        let ids = self.accounts.iter().map(|account| account.id.as_str());
        ids.filter(|id| self.is_new_in(id) == Some(true))
    }

    /// What mends it in an account; where that is not kept apart, in the first place.
    pub fn fixes_in(&self, account: &str) -> Vec<Fix> {
        let here = each_once(
            self.pieces.list.iter().filter(|piece| piece.is_in(account)).flat_map(|piece| piece.fixes.clone()),
        );
        let first = || self.fixes.iter().take(self.first_fixes).cloned().collect();
        if here.is_empty() { first() } else { here }
    }

    /// Takes from its pieces whether it is new.
    pub(super) fn settle(&mut self) {
        self.new = newness(self.pieces.list.iter());
    }

    /// Makes all that it says of its pieces.
    pub(super) fn put_together(&mut self) {
        let Pieces { list, words, .. } = &self.pieces;
        self.accounts = list.iter().filter_map(|piece| piece.account.clone()).collect();
        self.accounts.sort();
        self.accounts.dedup();
        self.message = self.pieces.said(&list.iter().collect::<Vec<_>>());
        let addresses: BTreeSet<&String> = list.iter().flat_map(|piece| &piece.addresses).collect();
        self.addresses = addresses.into_iter().cloned().collect();
        let likely = list.iter().any(|piece| piece.confidence == Confidence::Likely);
        self.confidence = if likely { Confidence::Likely } else { Confidence::Confirmed };
        let follows: BTreeSet<&'static str> = list.iter().flat_map(|piece| piece.follows.iter().copied()).collect();
        self.follows = follows.into_iter().collect();
        self.fixes = each_once(list.iter().flat_map(|piece| piece.fixes.iter().cloned()));
        self.evidence = each_once(list.iter().flat_map(|piece| piece.evidence.iter().cloned()));
        match words {
            Words::Ways | Words::Foreseen | Words::Same => {}
            Words::Parts(_) => {
                let sets: BTreeSet<Option<&SetShown>> = list.iter().map(|piece| piece.set.as_ref()).collect();
                self.permission_set = sets.first().copied().flatten().filter(|_| sets.len() == 1).cloned();
            }
            Words::Assigned(_) => {
                // What shows it at all stands before the assignments.
                self.evidence.truncate(EACH + 1);
                self.fixes.truncate(EACH);
                let sets: BTreeSet<&SetShown> = list.iter().filter_map(|piece| piece.set.as_ref()).collect();
                self.permission_set = sets.first().filter(|_| sets.len() == 1).map(|set| (*set).clone());
            }
            Words::Revoked { .. } => {
                self.evidence.truncate(EACH);
                self.fixes.truncate(EACH);
                let people: BTreeSet<&String> = list.iter().flat_map(|piece| piece.people.keys()).collect();
                self.people = Some(people.len()).filter(|people| *people > 0);
            }
        }
        self.first_fixes = list.first().map_or(0, |piece| piece.fixes.len()).min(self.fixes.len());
    }
}

/// Whether any of these is new; `None` where none is known to be, and of one it is not known.
fn newness<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Option<bool> {
    let mut is_known = false;
    let mut is_open = false;
    for since in pieces.map(|piece| piece.since.as_ref()) {
        match since {
            Some(since) if since.is_new() => return Some(true),
            Some(Since::Unknown) | None => is_open = true,
            Some(_) => is_known = true,
        }
    }
    (is_known && !is_open).then_some(false)
}

/// Tells findings of some of their places alone.
pub(super) struct Narrowing<'s> {
    snapshot: &'s Snapshot,
    kept_out: KeptOut<'s>,
}

impl<'s> Narrowing<'s> {
    pub(super) const fn of(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, kept_out: KeptOut::of(snapshot) }
    }

    /// The finding, of those places alone; `None` where there are none.
    pub(super) fn narrowed(&mut self, mut finding: ScanFinding, keep: impl Fn(&Piece) -> bool) -> Option<ScanFinding> {
        let all = finding.pieces.list.len();
        finding.pieces.list.retain(keep);
        if finding.pieces.list.is_empty() {
            return None;
        }
        if finding.pieces.list.len() < all {
            finding.put_together();
            self.count(&mut finding);
        }
        finding.settle();
        Some(finding)
    }

    /// Counts its people anew, where they are those who are assigned something.
    fn count(&mut self, finding: &mut ScanFinding) {
        // What cannot be counted as a whole cannot be in part.
        if finding.pieces.words != Words::Ways || finding.people.is_none() {
            return;
        }
        let touched = touched_at(self.snapshot, &finding.pieces.list);
        finding.people = touched.as_ref().map(people_in);
        let touched = touched.filter(|_| finding.effect == Effect::Blocks);
        finding.kept_out = touched.and_then(|touched| self.kept_out.count(&touched));
    }
}

/// The people whom what shows at these places touches, and where; `None` where somebody may have been left out.
pub(super) fn touched_at<'s>(snapshot: &'s Snapshot, pieces: &[Piece]) -> Option<BTreeSet<Place<'s>>> {
    let mut places: Vec<(&'s str, &str, Option<&Principal>)> = Vec::new();
    for piece in pieces {
        let (account, _) = snapshot.accounts.get_key_value(&piece.account.as_ref()?.id)?;
        // Of an entitlement, whose it is is all there is to know.
        let set = match &piece.set {
            Some(set) => set.arn.as_str(),
            None if piece.principal.is_some() => "",
            None => return None,
        };
        places.push((account, set, piece.principal.as_ref()));
    }
    touched(snapshot, places.into_iter())
}
