//! Answers about an organization for spreadsheets: one line of names, then rows that all have the same columns. The last
//! columns are empty: for the decisions of whoever reviews the rows. A row is of a way or a finding, or, as its first
//! column says, of something that could not be read and may hide one: no list is complete without those.

use std::io;

mod sheet;

use sheet::{Cell, Sheet};

use super::organization::{effect_word, source_word, state_word, subject_label};
use super::{confidence_word, gaps};
use crate::answers::organization::{
    Access, AccessRow, AccountShown, Dead, ForReview, Grant, PersonShown, Pieces, Scan, ScanFinding, Who,
};
use crate::evidence::{Gap, PrincipalType};
use crate::findings::Fix;
use crate::verdict::{PathState, Unread};

/// Writes who can get into an account.
pub fn who(out: &mut dyn io::Write, who: &Who) -> io::Result<()> {
    let mut sheet = Sheet::begun(out, &Way::default().cells());
    who.access.iter().try_for_each(|row| sheet.row(&Way::of(row).cells(), &who.made))?;
    who.dead.iter().try_for_each(|dead| sheet.row(&Way::of_nobody(dead).cells(), &who.made))?;
    let hidden = |unread| Way::default().at(&who.account).hidden(unread);
    who.made.gaps.iter().try_for_each(|unread| sheet.row(&hidden(unread).cells(), &who.made))?;
    sheet.end(&format!("who can get into {}", who.account.label()), &who.made)
}

/// Writes where a person can get in.
pub fn access(out: &mut dyn io::Write, access: &Access) -> io::Result<()> {
    let mut sheet = Sheet::begun(out, &Way::default().cells());
    access.access.iter().try_for_each(|row| sheet.row(&Way::of(row).cells(), &access.made))?;
    let hidden = |unread: &Unread| {
        let way = Way { account_id: unread.gap.account.clone().unwrap_or_default(), ..Way::default() };
        way.whose(&access.person).hidden(unread)
    };
    access.made.gaps.iter().try_for_each(|unread| sheet.row(&hidden(unread).cells(), &access.made))?;
    sheet.end(&format!("where {} can get in", access.person.label()), &access.made)
}

/// Writes what a scan found: a row for each account of each finding.
pub fn scan(out: &mut dyn io::Write, scan: &Scan) -> io::Result<()> {
    let mut sheet = Sheet::begun(out, &Found::default().cells());
    for finding in &scan.findings {
        if finding.accounts.is_empty() {
            sheet.row(&Found::of(finding).cells(), &scan.made)?;
        }
        finding
            .accounts
            .iter()
            .try_for_each(|one| sheet.row(&Found::of(finding).shown_in(finding, one), &scan.made))?;
    }
    for note in &scan.notes {
        let set = note.permission_set.clone();
        let row = Found {
            kind: "note",
            rule: note.id,
            permission_set: set.as_ref().and_then(|set| set.name.clone()).unwrap_or_default(),
            permission_set_arn: set.map(|set| set.arn).unwrap_or_default(),
            message: note.message.clone(),
            ..Found::default()
        };
        sheet.row(&row.cells(), &scan.made)?;
    }
    if let Some(message) = scan.accepted_sentence() {
        sheet.row(&Found { kind: "accepted", message, ..Found::default() }.cells(), &scan.made)?;
    }
    for Unread { gap, decides } in &scan.made.gaps {
        let row = Found {
            kind: "unread",
            effect: if *decides { "may-hide-a-fault" } else { "" },
            account_id: gap.account.clone().unwrap_or_default(),
            message: said(gap),
            ..Found::default()
        };
        sheet.row(&row.cells(), &scan.made)?;
    }
    changed(&mut sheet, scan)?;
    sheet.end("what is broken", &scan.made)
}

/// What is otherwise than in an older file: rows of what was put right, gained and lost.
fn changed(sheet: &mut Sheet<'_>, scan: &Scan) -> io::Result<()> {
    let Some(changes) = &scan.changes else { return Ok(()) };
    let told = changes.worse.iter().map(|message| ("worse", message));
    let told = told.chain(changes.put_right.iter().map(|message| ("put-right", message)));
    let told = told.chain(changes.put_right_in_part.iter().map(|message| ("put-right-in-part", message)));
    for (kind, message) in told.chain(changes.all_not_compared().map(|message| ("not-compared", message))) {
        sheet.row(&Found { kind, message: message.clone(), ..Found::default() }.cells(), &scan.made)?;
    }
    for (kind, grants) in [("gained", &changes.gained), ("lost", &changes.lost)] {
        for grant in grants {
            let row = Found {
                kind,
                permission_set: grant.permission_set.name.clone().unwrap_or_default(),
                permission_set_arn: grant.permission_set.arn.clone(),
                principal_type: principal_word(PrincipalType::User),
                principal_id: grant.person.id.clone(),
                principal_name: grant.person.user_name.clone().unwrap_or_default(),
                rule: grant.shut_by.unwrap_or_default(),
                message: granted(grant),
                ..Found::default()
            };
            sheet.row(&row.at(&grant.account).cells(), &scan.made)?;
        }
    }
    if !changes.knows_access {
        let message = "who gained or lost access is not known: not both files hold everybody's".to_owned();
        sheet.row(&Found { kind: "unread", message, ..Found::default() }.cells(), &scan.made)?;
    }
    Ok(())
}

/// What else is to be said of access.
fn granted(grant: &Grant) -> String {
    let rights = grant.administers.then_some("administrator rights");
    let certain = (!grant.certain).then_some("assigned; whether it lets them in is not known");
    rights.into_iter().chain(certain).collect::<Vec<_>>().join("; ")
}

/// What could not be read, with AWS's words.
fn said(gap: &Gap) -> String {
    let phrase = gaps::phrase(gap);
    if gap.message.is_empty() || phrase.contains(&gap.message) { phrase } else { format!("{phrase}: {}", gap.message) }
}

/// A way, as a row.
#[derive(Default)]
struct Way {
    kind: &'static str,
    user_id: String,
    user_name: String,
    display_name: String,
    email: String,
    status: String,
    source: &'static str,
    account_id: String,
    account_name: String,
    permission_set: String,
    permission_set_arn: String,
    via_type: &'static str,
    via_id: String,
    via_name: String,
    state: &'static str,
    rule: &'static str,
    message: String,
    role_arn: String,
    review: ForReview,
}

impl Way {
    fn of(row: &AccessRow) -> Self {
        let set = row.permission_set.clone();
        let way = Self {
            kind: if set.is_some() { "assignment" } else { "entitlement" },
            permission_set: set.as_ref().and_then(|set| set.name.clone()).unwrap_or_default(),
            permission_set_arn: set.map(|set| set.arn).unwrap_or_default(),
            via_type: principal_word(row.via.kind),
            via_id: row.via.id.clone(),
            via_name: row.via.name.clone().unwrap_or_default(),
            state: state_word(row.state),
            rule: row.rule.unwrap_or_default(),
            message: row.why.clone().unwrap_or_default(),
            role_arn: row.role_arn.clone().unwrap_or_default(),
            review: row.review.clone(),
            ..Self::default()
        };
        let way = way.at(&row.account);
        match &row.person {
            Some(person) => way.whose(person),
            None => way,
        }
    }

    /// An assignment to somebody who no longer exists: it lets nobody in, and is to be seen.
    fn of_nobody(dead: &Dead) -> Self {
        let way = Self {
            kind: "assignment",
            permission_set: dead.permission_set.name.clone().unwrap_or_default(),
            permission_set_arn: dead.permission_set.arn.clone(),
            via_type: principal_word(dead.principal.kind),
            via_id: dead.principal.id.clone(),
            state: state_word(PathState::Shut),
            rule: "assignment-orphaned-principal",
            message: dead.sentence(),
            ..Self::default()
        };
        way.at(&dead.account)
    }

    fn at(self, account: &AccountShown) -> Self {
        Self { account_id: account.id.clone(), account_name: account.name.clone().unwrap_or_default(), ..self }
    }

    fn whose(self, person: &PersonShown) -> Self {
        Self {
            user_id: person.id.clone(),
            user_name: person.user_name.clone().unwrap_or_default(),
            display_name: person.display_name.clone().unwrap_or_default(),
            email: person.email.clone().unwrap_or_default(),
            status: person.status.clone().unwrap_or_default(),
            source: person.source.map(source_word).unwrap_or_default(),
            ..self
        }
    }

    /// Something that could not be read, and may hide a way.
    fn hidden(self, unread: &Unread) -> Self {
        Self { kind: "unread", state: state_word(PathState::Unknown), message: said(&unread.gap), ..self }
    }

    fn cells(&self) -> [Cell; 24] {
        let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            ("kind", self.kind.to_owned()),
            ("user_id", self.user_id.clone()),
            ("user_name", self.user_name.clone()),
            ("display_name", self.display_name.clone()),
            ("email", self.email.clone()),
            ("status", self.status.clone()),
            ("source", self.source.to_owned()),
            ("account_id", self.account_id.clone()),
            ("account_name", self.account_name.clone()),
            ("permission_set", self.permission_set.clone()),
            ("permission_set_arn", self.permission_set_arn.clone()),
            ("via_type", self.via_type.to_owned()),
            ("via_id", self.via_id.clone()),
            ("via_name", self.via_name.clone()),
            ("state", self.state.to_owned()),
            ("rule", self.rule.to_owned()),
            ("message", self.message.clone()),
            ("role_arn", self.role_arn.clone()),
            ("department", text(&self.review.department)),
            ("manager", text(&self.review.manager)),
            ("ou_path", text(&self.review.units)),
            ("privileged", self.review.privileged.map(|what| what.unwrap_or("no").to_owned()).unwrap_or_default()),
            ("member_since", time(self.review.member_since)),
            ("role_last_used", time(self.review.role_last_used)),
        ]
    }
}

/// A finding, as a row.
#[derive(Default)]
struct Found {
    kind: &'static str,
    rule: &'static str,
    gate: &'static str,
    effect: &'static str,
    confidence: &'static str,
    account_id: String,
    account_name: String,
    permission_set: String,
    permission_set_arn: String,
    about: String,
    principal_type: &'static str,
    principal_id: String,
    principal_name: String,
    people: String,
    message: String,
    follows: String,
    fix: String,
    new: &'static str,
}

impl Found {
    fn of(finding: &ScanFinding) -> Self {
        let set = finding.permission_set.clone();
        let via = finding.principal.as_ref();
        Self {
            kind: "finding",
            rule: finding.rule,
            gate: finding.gate.name(),
            effect: effect_word(finding.effect),
            confidence: confidence_word(finding.confidence),
            permission_set: set.as_ref().and_then(|set| set.name.clone()).unwrap_or_default(),
            permission_set_arn: set.as_ref().and_then(|set| set.own_arn()).unwrap_or_default().to_owned(),
            about: finding.about.iter().map(subject_label).collect::<Vec<_>>().join("; "),
            principal_type: via.map(|via| principal_word(via.kind)).unwrap_or_default(),
            principal_id: via.map(|via| via.id.clone()).unwrap_or_default(),
            principal_name: via.and_then(|via| via.name.clone()).unwrap_or_default(),
            people: finding.people.map(|people| people.to_string()).unwrap_or_default(),
            message: finding.message.clone(),
            follows: finding.follows.join(" "),
            fix: steps(&finding.fixes[..finding.first_fixes.min(finding.fixes.len())]),
            new: new_word(finding.new),
            ..Self::default()
        }
    }

    /// The row of one account of a finding.
    fn shown_in(self, finding: &ScanFinding, account: &AccountShown) -> [Cell; 18] {
        let new = if finding.pieces == Pieces::default() { finding.new } else { finding.is_new_in(&account.id) };
        let fix = steps(&finding.fixes_in(&account.id));
        Self { new: new_word(new), fix, ..self.at(account) }.cells()
    }

    fn at(self, account: &AccountShown) -> Self {
        Self { account_id: account.id.clone(), account_name: account.name.clone().unwrap_or_default(), ..self }
    }

    fn cells(&self) -> [Cell; 18] {
        [
            ("kind", self.kind.to_owned()),
            ("rule", self.rule.to_owned()),
            ("gate", self.gate.to_owned()),
            ("effect", self.effect.to_owned()),
            ("confidence", self.confidence.to_owned()),
            ("account_id", self.account_id.clone()),
            ("account_name", self.account_name.clone()),
            ("permission_set", self.permission_set.clone()),
            ("permission_set_arn", self.permission_set_arn.clone()),
            ("about", self.about.clone()),
            ("principal_type", self.principal_type.to_owned()),
            ("principal_id", self.principal_id.clone()),
            ("principal_name", self.principal_name.clone()),
            ("people", self.people.clone()),
            ("message", self.message.clone()),
            ("follows", self.follows.clone()),
            ("fix", self.fix.clone()),
            ("new", self.new.to_owned()),
        ]
    }
}

/// What to do, in one cell.
fn steps(fixes: &[Fix]) -> String {
    fixes.iter().map(|fix| fix.what.as_str()).collect::<Vec<_>>().join("; ")
}

const fn new_word(new: Option<bool>) -> &'static str {
    match new {
        Some(true) => "true",
        Some(false) => "false",
        None => "",
    }
}

const fn principal_word(kind: PrincipalType) -> &'static str {
    match kind {
        PrincipalType::User => "USER",
        PrincipalType::Group => "GROUP",
    }
}

#[cfg(test)]
mod tests;
