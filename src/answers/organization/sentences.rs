//! Answers about an organization in sentences that more than one form says.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{AccountShown, Coverage, Outcome, Part, Scan, ScanFinding};
use crate::findings::Effect;
use crate::wording;

mod ways;

pub use ways::Tally;

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
                (Some(still), _) => format!("Nothing new is wrong{}; {still}.", self.in_accounts()),
                // What a plan does may touch no account yet, and a unit may be empty.
                (None, 0) if self.coverage.accounts.of == Some(0) => {
                    "Nothing wrong was found. There was no account to look into.".to_owned()
                }
                (None, 0) => format!("Nothing is wrong{}.", self.in_accounts()),
                // What was left out is wrong all the same.
                (None, _) => format!("Nothing is wrong{} but for what was accepted.", self.in_accounts()),
            },
            Outcome::Inconclusive => {
                let still = self.still_there().map(|still| format!("; {still}")).unwrap_or_default();
                let may_be_new = self.may_be_new().count();
                if may_be_new == 0 {
                    let nothing = if still.is_empty() { "Nothing wrong" } else { "Nothing new" };
                    return format!(
                        "{nothing} was found{}, but something that decides could not be read{still}.",
                        self.in_accounts()
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

    /// ` in 41 accounts`; nothing where there was none.
    fn in_accounts(&self) -> String {
        match self.coverage.accounts.of {
            Some(0) => String::new(),
            Some(all) => format!(" in {}", wording::count(all, "account")),
            None => " in those accounts that could be listed".to_owned(),
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
                Some(0) => format!("Shuts a way in for {}, and alone keeps nobody out", persons(people)),
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
            (Some(0), Some(_)) | (_, None) => format!("no {noun}"),
            (Some(of), Some(read)) => format!("{read} of {}", wording::count(of, noun)),
            (None, Some(read)) => format!("{} of an unknown number", wording::count(read, noun)),
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

/// `1 person`, `2 people`.
fn persons(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}
