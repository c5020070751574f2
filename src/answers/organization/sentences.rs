//! Answers about an organization in sentences that more than one form says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Access, AccessRow, AccountShown, Coverage, Dead, Grant, Outcome, Part, Scan, ScanFinding, Via, Who};
use crate::evidence::{Principal, PrincipalType};
use crate::findings::Effect;
use crate::verdict::PathState;
use crate::wording;

impl Scan {
    /// The outcome in a sentence, without the word for it.
    pub fn headline(&self) -> String {
        let of = |effect| self.counted().filter(move |finding| finding.effect == effect);
        let (blocking, degrading) = (of(Effect::Blocks).count(), of(Effect::Degrades).count());
        let keeps_out = |finding: &&ScanFinding| finding.kept_out.is_some_and(|people| people > 0);
        let keeping = of(Effect::Blocks).filter(keeps_out).count();
        let (where_shut, where_less) = (self.places(of(Effect::Blocks)), self.places(of(Effect::Degrades)));
        let found = match self.outcome {
            Outcome::Broken => {
                let verb = |number: usize, one, several| if number == 1 { one } else { several };
                let mut said = if keeping > 0 {
                    let places = self.places(of(Effect::Blocks).filter(keeps_out));
                    format!(
                        "{} {} people out{places}",
                        wording::count(keeping, "fault"),
                        verb(keeping, "keeps", "keep")
                    )
                } else {
                    let shuts = verb(blocking, "shuts", "shut");
                    format!("{} {shuts} a way in for people{where_shut}", wording::count(blocking, "fault"))
                };
                match blocking - keeping {
                    more if keeping > 0 && more > 0 => {
                        let _ = write!(said, "; {more} more {} a way in", verb(more, "shuts", "shut"));
                    }
                    _ => {}
                }
                match degrading {
                    0 => {}
                    1 => said.push_str("; 1 more keeps nobody out"),
                    more => drop(write!(said, "; {more} more keep nobody out")),
                }
                said + "."
            }
            Outcome::Degraded => {
                let none = if degrading == 1 { "which keeps nobody out" } else { "none of which keeps anybody out" };
                format!("{}{where_less}, {none}.", wording::count(degrading, "fault"))
            }
            Outcome::Clean => match (self.still_there(), self.accepted) {
                (Some(still), _) => format!("Nothing new is wrong in {}; {still}.", self.accounts_read()),
                (None, 0) => format!("Nothing is wrong in {}.", self.accounts_read()),
                // What was left out is wrong all the same.
                (None, _) => format!("Nothing is wrong in {} but for what was accepted.", self.accounts_read()),
            },
            Outcome::Inconclusive => {
                let still = self.still_there().map(|still| format!("; {still}")).unwrap_or_default();
                let may_be_new = self.may_be_new().count();
                if may_be_new == 0 {
                    let nothing = if still.is_empty() { "Nothing wrong" } else { "Nothing new" };
                    return format!(
                        "{nothing} was found in {}, but something that decides could not be read{still}.",
                        self.accounts_read()
                    );
                }
                let places = self.places(self.may_be_new());
                let findings = wording::count(may_be_new, "finding");
                format!("{findings} may be new{places}: the older file does not tell; nothing else is new{still}.")
            }
        };
        let more = match (self.outcome, self.may_be_new().count()) {
            (Outcome::Inconclusive, _) | (_, 0) => String::new(),
            (_, more) => format!(" {} may be new: the older file does not tell.", wording::count(more, "more finding")),
        };
        let found = found + &more;
        if self.made.complete { found } else { format!("{found} Not everything could be read.") }
    }

    /// `5 findings that were there before are still there`, where only what is new counts.
    fn still_there(&self) -> Option<String> {
        let old = self.changes.as_ref().map_or(0, |changes| changes.left_out);
        let (were, are) = if old == 1 { ("was", "is") } else { ("were", "are") };
        let said = || format!("{} that {were} there before {are} still there", wording::count(old, "finding"));
        (old > 0).then(said)
    }

    /// What is otherwise than in the older file, and what was left out: each as a sentence.
    pub fn changed(&self) -> Vec<String> {
        let mut said = self.changes_alone();
        said.extend(self.accepted_sentence());
        said
    }

    /// What is otherwise than in an older file, in sentences.
    pub fn changes_alone(&self) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(changes) = &self.changes {
            let new = wording::count(changes.broke, "finding");
            let or_worse = if changes.worse.is_empty() { "" } else { " or worse" };
            let in_part = match changes.put_right_in_part.len() {
                0 => String::new(),
                some => format!(", {some} in part"),
            };
            let put_right = changes.put_right.len();
            said.push(format!("Since the older file: {new} new{or_worse}, {put_right} put right{in_part}."));
            said.extend(changes.worse.iter().map(|what| format!("Got worse: {what}")));
            said.extend(changes.put_right.iter().map(|what| format!("Put right: {what}")));
            said.extend(changes.put_right_in_part.iter().map(|what| format!("Put right in part: {what}")));
            said.extend(changes.all_not_compared().map(|what| format!("Not compared: {what}")));
            said.extend(changes.gained.iter().map(|grant| format!("Gained: {}", grant.sentence())));
            said.extend(changes.lost.iter().map(|grant| format!("Lost: {}", grant.sentence())));
            if !changes.knows_access {
                said.push(
                    "Who gained or lost access is not known: it takes two full scans in which all of it was read."
                        .to_owned(),
                );
            }
        }
        said
    }

    /// That something was left out on purpose, where something was.
    pub fn accepted_sentence(&self) -> Option<String> {
        let left_out = || format!("Accepted exceptions: {} left out.", wording::count(self.accepted, "finding"));
        (self.accepted > 0).then(left_out)
    }

    /// ` in 7 of 41 accounts`
    fn places<'s>(&self, findings: impl Iterator<Item = &'s ScanFinding>) -> String {
        let accounts: BTreeSet<&str> =
            findings.flat_map(|finding| finding.accounts.iter().map(|account| account.id.as_str())).collect();
        match (accounts.len(), self.coverage.accounts.of) {
            (0, _) => String::new(),
            (some, Some(all)) if some <= all => format!(" in {some} of {}", wording::count(all, "account")),
            (some, _) => format!(" in {}", wording::count(some, "account")),
        }
    }

    fn accounts_read(&self) -> String {
        match self.coverage.accounts.of {
            Some(all) => wording::count(all, "account"),
            None => "those accounts that could be listed".to_owned(),
        }
    }
}

impl ScanFinding {
    /// Whether it is new, for people: nothing where it is not, or there is nothing to compare with.
    pub fn novelty(&self) -> Option<&'static str> {
        match self.new {
            Some(true) if self.got_worse() => Some("worse"),
            Some(true) => Some("new"),
            None if self.is_open() => Some("may be new"),
            Some(false) | None => None,
        }
    }

    /// How many people it touches, as a sentence without its stop.
    pub fn people_touched(&self) -> String {
        match (self.people, self.effect) {
            (None, _) => "How many people it touches is not known".to_owned(),
            (Some(0), _) => "It touches nobody".to_owned(),
            (Some(people), Effect::Blocks) => match self.kept_out {
                Some(all) if all == people => format!("Keeps out {}", persons(people)),
                Some(0) if people == 1 => "Shuts a way in for 1 person, who gets in by another".to_owned(),
                Some(0) => format!("Shuts a way in for {}, who all get in by another", persons(people)),
                Some(some) => format!("Shuts a way in for {}, and keeps out {some} of them", persons(people)),
                None => format!("Shuts a way in for {}", persons(people)),
            },
            (Some(people), Effect::Degrades) => format!("Touches {}", persons(people)),
        }
    }

    /// Where it shows: the names of a few accounts, else the first of them and how many there are.
    pub fn places(&self, most: usize) -> String {
        let names = wording::list(self.accounts.iter().map(AccountShown::label), most);
        match self.accounts.len() {
            0 => "In the whole organization".to_owned(),
            1 => format!("In {names}"),
            several => format!("In {several} accounts: {names}"),
        }
    }
}

impl Coverage {
    /// How much was read, in one sentence.
    pub fn sentence(&self) -> String {
        let part = |part: Part, noun: &str| match (part.of, part.read) {
            (Some(of), Some(read)) => format!("{read} of {}", wording::count(of, noun)),
            (None, Some(read)) => format!("{} of an unknown number", wording::count(read, noun)),
            (_, None) => format!("no {noun}"),
        };
        let entered = part(self.entered, "account");
        let mut parts = vec![
            part(self.accounts, "account"),
            part(self.permission_sets, "permission set"),
            format!("{entered} from inside"),
            format!("whether permission sets work, in {}", part(self.pairs, "place")),
        ];
        if self.assignments.read.is_some() {
            parts.push(format!("who is assigned, in {}", part(self.assignments, "place")));
        }
        let all = parts.join("; ");
        let left_out =
            if self.assignments.read.is_none() { "; not who is assigned where nothing is wrong" } else { "" };
        format!("{all}{left_out}")
    }
}

/// How many people, or accounts, are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Let in by some way.
    pub enter: usize,
    /// Let in by none, and by some it is not known.
    pub unknown: usize,
    /// Let in by none.
    pub kept_out: usize,
}

impl Tally {
    fn of<'r, K: Ord>(rows: &'r [AccessRow], key: impl Fn(&'r AccessRow) -> Option<K>) -> Self {
        let mut best: BTreeMap<K, PathState> = BTreeMap::new();
        for row in rows {
            let Some(key) = key(row) else { continue };
            let rank = |state| match state {
                PathState::Open => 0,
                PathState::Degraded => 1,
                PathState::Unknown => 2,
                PathState::Shut => 3,
            };
            let known = best.entry(key).or_insert(row.state);
            if rank(row.state) < rank(*known) {
                *known = row.state;
            }
        }
        let mut tally = Self::default();
        for state in best.values() {
            *match state {
                PathState::Open | PathState::Degraded => &mut tally.enter,
                PathState::Unknown => &mut tally.unknown,
                PathState::Shut => &mut tally.kept_out,
            } += 1;
        }
        tally
    }
}

impl Who {
    /// How many people get in.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.access, |row| row.person.as_ref().map(|person| &person.id))
    }

    /// The answer in a sentence.
    pub fn headline(&self) -> String {
        let tally = self.tally();
        let account = self.account.label();
        let least = if self.made.complete || tally.enter == 0 { "" } else { "at least " };
        let mut said = match (tally.enter, self.made.complete) {
            (0, true) => format!("Nobody can get into {account}"),
            (0, false) => format!("Nobody is known to get into {account}"),
            (people, _) => format!("{least}{} can get into {account}", persons(people)),
        };
        if tally.kept_out > 0 {
            let _ = write!(said, "; {} with an assignment cannot", tally.kept_out);
        }
        if tally.unknown > 0 {
            let _ = write!(said, "; of {} it is not known", tally.unknown);
        }
        let incomplete = if self.made.complete { "" } else { " Not everything could be read." };
        format!("{}.{incomplete}", wording::capitalised(&said))
    }
}

impl Access {
    /// How many accounts let them in.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.access, |row| Some(&row.account.id))
    }

    /// The answer in a sentence.
    pub fn headline(&self) -> String {
        let tally = self.tally();
        let person = self.person.label();
        let mut said = match (tally.enter, self.made.complete) {
            (0, true) => format!("{person} can get into no account"),
            (0, false) => format!("{person} is not known to get into any account"),
            (accounts, complete) => {
                let least = if complete { "" } else { "at least " };
                format!("{person} can get into {least}{}", wording::count(accounts, "account"))
            }
        };
        if tally.kept_out > 0 {
            let _ = write!(said, "; not into {}, in spite of an assignment", tally.kept_out);
        }
        if tally.unknown > 0 {
            let _ = write!(said, "; of {} it is not known", tally.unknown);
        }
        let incomplete = if self.made.complete { "" } else { " Not everything could be read." };
        format!("{said}.{incomplete}")
    }
}

impl Grant {
    /// Who has what where.
    fn sentence(&self) -> String {
        let rights = if self.administers { " (administrator rights)" } else { "" };
        let (person, account) = (self.person.label(), self.account.label());
        let why = match (self.shut_by, self.certain) {
            (Some(rule), _) => format!(", shut by {rule}"),
            (None, true) => String::new(),
            (None, false) => " (assigned; whether it lets them in is not known)".to_owned(),
        };
        format!("{person}, {} in {account}{rights}{why}", self.permission_set.label())
    }
}

impl AccessRow {
    /// What is given: the permission set's name, or the role of an entitlement.
    pub fn grant(&self) -> String {
        match (&self.permission_set, &self.role_arn) {
            (Some(set), _) => set.label().to_owned(),
            (None, Some(arn)) => format!("role {}", arn.rsplit('/').next().unwrap_or(arn)),
            (None, None) => "a role".to_owned(),
        }
    }

    /// What is given and by whom: `RedshiftAnalyst through group DataAnalysts`.
    pub fn way(&self) -> String {
        format!("{} {}", self.grant(), self.through())
    }

    /// By whom it is given: `through group DataAnalysts`, `directly`.
    pub fn through(&self) -> String {
        let entitled = if self.permission_set.is_none() { ", by an entitlement" } else { "" };
        match self.via.kind {
            PrincipalType::User => format!("directly{entitled}"),
            PrincipalType::Group => format!("through group {}{entitled}", self.via.label()),
        }
    }

    /// The person, or that it is not known who is in the group.
    pub fn who(&self) -> &str {
        self.person.as_ref().map_or("whoever is in it", |person| person.label())
    }
}

impl Via {
    /// For people: the name, else the id.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.id)
    }
}

impl Dead {
    /// The assignment in a sentence without its stop.
    pub fn sentence(&self) -> String {
        let Principal { kind, id } = &self.principal;
        format!("{} is assigned to {} {id}, which no longer exists", self.permission_set.label(), noun(*kind))
    }
}

const fn noun(kind: PrincipalType) -> &'static str {
    match kind {
        PrincipalType::User => "user",
        PrincipalType::Group => "group",
    }
}

/// `1 person`, `2 people`.
fn persons(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}
