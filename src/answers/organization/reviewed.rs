//! A review's decisions held against what there is: each revocation that still stands is told. That is what auditors ask
//! for beside the decision: that it was carried out.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};

use super::pieces::{Piece, Pieces, Words};
use super::scan::{Note, Scan, ScanFinding, outcome_of, rank};
use super::{AccountShown, Made, PersonShown, SetShown, Via};
use crate::evidence::{Account, Applications, Call, Gap, Principal, PrincipalType, Snapshot};
use crate::findings::{Effect, Fix, Gate, Subject};
use crate::model::fixes;
use crate::verdict::Unread;
use crate::wording;

/// The columns of a review that are read, as the CSV of `idc who` and `idc access` names them.
const COLUMNS: [&str; 8] =
    ["kind", "user_id", "account_id", "permission_set_arn", "via_type", "via_id", "role_arn", "decision"];

/// The kind of the row that says what the others are.
const HEAD: &str = "head";

/// Something that a review decided to revoke.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revocation {
    account: String,
    /// The permission set's ARN; of an entitlement, the role's.
    given: String,
    is_entitlement: bool,
    principal: Principal,
    /// The user, where the row was of one.
    user: Option<String>,
}

/// What a review decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What is to be revoked, each once.
    pub revocations: Vec<Revocation>,
    /// How many rows it has and how many it was written with, where some are gone: a decision may have stood in them.
    shortened: Option<(usize, usize)>,
}

/// Reads the file of a review. `Err`: why it is none.
pub fn read_review(bytes: &[u8]) -> Result<Review, String> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // What a spreadsheet writes where a comma is the decimal point.
    let delimiter = if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' };
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |name: &str| {
        let found = names.iter().position(|one| one.trim() == name);
        found.ok_or_else(|| format!("it has no column {name}, as the CSV of idc who and idc access has"))
    };
    let places: Vec<usize> = COLUMNS.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
    let message = names.iter().position(|one| one.trim() == "message");
    let (mut revocations, mut rows, mut written) = (Vec::new(), 0, 0);
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        if row.get(places[0]).is_some_and(|kind| kind.trim() == HEAD) {
            written += message.and_then(|column| row.get(column)).map_or(0, rows_told);
        } else {
            rows += 1;
        }
        revocations.extend(revocation(&row, &places)?);
    }
    revocations.sort();
    revocations.dedup();
    Ok(Review { revocations, shortened: (rows < written).then_some((rows, written)) })
}

/// With how many rows a list was written, by what its head says of them: `; rows: 8 assignment, 1 unread; `. The name of an
/// account stands before that, and may say anything.
fn rows_told(head: &str) -> usize {
    let counts = head.rsplit("; ").find_map(|part| part.strip_prefix("rows: ")).unwrap_or_default();
    counts.split(", ").filter_map(|one| one.split(' ').next()?.parse::<usize>().ok()).sum()
}

fn revocation(row: &StringRecord, places: &[usize]) -> Result<Option<Revocation>, String> {
    let cell = |column: usize| row.get(places[column]).unwrap_or_default().trim();
    let [kind, user, account, set, via_type, via, role, decision] = [0, 1, 2, 3, 4, 5, 6, 7].map(cell);
    let line = row.position().map_or(0, csv::Position::line);
    match decision.to_ascii_lowercase().as_str() {
        "revoke" => {}
        "" | "keep" | "change" => return Ok(None),
        _ => return Err(format!("line {line}: the decision {decision} is none of keep, revoke and change")),
    }
    let is_entitlement = match kind {
        "assignment" => false,
        "entitlement" => true,
        _ => return Err(format!("line {line}: a row of the kind {kind} cannot be revoked")),
    };
    let kind = match via_type {
        "USER" => PrincipalType::User,
        "GROUP" => PrincipalType::Group,
        _ => return Err(format!("line {line}: via_type is USER or GROUP, and not {via_type}")),
    };
    // A spreadsheet takes an account's id for a number, and drops the zeros before it.
    let is_number = !account.is_empty() && account.len() <= 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || via.is_empty() {
        return Err(format!("line {line}: account_id and via_id have to be as they were written"));
    }
    let given = if is_entitlement { role } else { set };
    Ok(Some(Revocation {
        account: format!("{account:0>12}"),
        given: given.to_owned(),
        is_entitlement,
        principal: Principal { kind, id: via.to_owned() },
        user: Some(user.to_owned()).filter(|user| !user.is_empty()),
    }))
}

/// What stands that was to be revoked: what was given to whom, and where for which people.
type Standing<'r> = BTreeMap<(&'r str, &'r Principal), Places<'r>>;

/// The accounts, and the users whom the review named there.
type Places<'r> = BTreeMap<&'r str, BTreeSet<&'r str>>;

/// Adds what a review decided to revoke and still stands.
pub fn reviewed(scan: &mut Scan, snapshot: &Snapshot, review: &Review) {
    let mut standing: Standing<'_> = BTreeMap::new();
    let (mut done, mut unknown) = (0, Vec::new());
    for one in &review.revocations {
        match stands(snapshot, one) {
            Ok(false) => done += 1,
            Ok(true) => {
                let places = standing.entry((&one.given, &one.principal)).or_default();
                places.entry(&one.account).or_default().extend(one.user.as_deref());
            }
            Err(gap) => unknown.push(Unread { gap, decides: true }),
        }
    }
    let not_known = unknown.len();
    for ((given, principal), places) in standing {
        scan.findings.push(finding(snapshot, given, principal, &places));
    }
    scan.findings.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let gaps = std::mem::take(&mut scan.made.gaps).into_iter().chain(unknown).collect();
    scan.made = Made { calls: scan.made.calls, ..Made::of(snapshot, gaps) };
    let total = wording::count(review.revocations.len(), "revocation");
    let rest = if not_known > 0 { format!("; of {not_known} it is not known") } else { String::new() };
    let lost = review.shortened.map(|(rows, written)| {
        let rows = wording::count(rows, "row");
        format!(
            " It has {rows} of the {written} that it was written with: what was decided in the others is not known."
        )
    });
    let lost = lost.unwrap_or_default();
    let message = format!("Of {total} that the review decided, {done} were carried out{rest}.{lost}");
    scan.notes.push(Note { id: "review", message, permission_set: None });
    scan.outcome = outcome_of(&scan.findings, &scan.made.gaps);
}

/// Whether something that was to be revoked is still there.
fn stands(snapshot: &Snapshot, one: &Revocation) -> Result<bool, Gap> {
    let account = snapshot.accounts.get(&one.account);
    let given = if one.is_entitlement {
        let applications = match snapshot.shared.entitlements.applications.known()? {
            Applications::Listed(arns) => arns.as_slice(),
            Applications::NoSuchService { .. } => &[],
        };
        let unasked = || {
            let because = format!("who is entitled in account {} was not asked for", one.account);
            snapshot.in_instance().unasked(Call::ListEntitlements, because)
        };
        let is_gone = snapshot.shared.accounts.known()?.iter().all(|account| account.id != one.account);
        let mut is_there = false;
        for application in applications.iter().filter(|_| !is_gone) {
            let rows = account.and_then(|account| account.entitlements.get(application)).ok_or_else(unasked)?;
            is_there |= rows.known()?.iter().any(|row| row.role_arn == one.given && row.principal == one.principal);
        }
        is_there
    } else {
        match account.and_then(|account| account.assignments.get(&one.given)) {
            Some(rows) => rows.known()?.iter().any(|row| row.principal == one.principal),
            None => return not_asked(snapshot, one),
        }
    };
    let (Some(user), PrincipalType::Group) = (&one.user, one.principal.kind) else { return Ok(given) };
    if !given || snapshot.in_instance().group(&one.principal.id) == Ok(None) {
        return Ok(false);
    }
    let because = || format!("who is in group {} was not asked for", one.principal.id);
    let unasked = || snapshot.in_instance().unasked(Call::ListGroupMemberships, because());
    let members = snapshot.members.get(&one.principal.id).ok_or_else(unasked)?;
    Ok(members.known()?.iter().any(|member| member.user_id == *user))
}

/// Who has a permission set somewhere was not asked. One that is gone has no assignments, nor has an account that left; of
/// any other, an assignment stands also where it was never provisioned.
fn not_asked(snapshot: &Snapshot, one: &Revocation) -> Result<bool, Gap> {
    let is_account = |account: &Account| account.id == one.account;
    if !snapshot.shared.permission_set_arns.known()?.contains(&one.given)
        || !snapshot.shared.accounts.known()?.iter().any(is_account)
    {
        return Ok(false);
    }
    let because = format!("who is assigned {} in account {} was not asked for", one.given, one.account);
    Err(snapshot.in_instance().unasked(Call::ListAccountAssignments, because))
}

/// The accounts and permission sets that a review names: who is assigned what there has to be asked.
pub fn reviewed_pairs(review: &Review) -> impl Iterator<Item = (String, String)> {
    review.revocations.iter().filter(|one| !one.is_entitlement).map(|one| (one.account.clone(), one.given.clone()))
}

fn finding(snapshot: &Snapshot, given: &str, principal: &Principal, places: &Places<'_>) -> ScanFinding {
    let via = Via::of(snapshot, principal);
    let is_set = !given.contains(":role/");
    let set = is_set.then(|| SetShown::of(snapshot, given));
    let what = set.as_ref().map_or_else(|| format!("role {given}"), |set| format!("permission set {}", set.label()));
    let name = via.name.clone().unwrap_or_else(|| via.id.clone());
    let of_people = principal.kind == PrincipalType::Group && places.values().any(|people| !people.is_empty());
    let piece = |(id, people): (&&str, &BTreeSet<&str>)| {
        let fix = match principal.kind {
            PrincipalType::Group if of_people => {
                let external = fixes::is_external(snapshot.in_instance(), principal);
                let place = if external { " in your identity provider" } else { "" };
                let fix = Fix::new(format!("Take them out of group {name}{place}"), None);
                Some(fix.careful("they lose whatever else the group gives"))
            }
            PrincipalType::User | PrincipalType::Group if is_set => {
                snapshot.in_account(id).map(|account| fixes::unassign(account, given, principal))
            }
            PrincipalType::User | PrincipalType::Group => {
                Some(Fix::new("Delete the entitlement in account access manager", None))
            }
        };
        let rows = snapshot.accounts.get(*id).and_then(|account| account.assignments.get(given));
        let name_of = |id: &&str| ((*id).to_owned(), PersonShown::of(snapshot, id).label().to_owned());
        Piece {
            set: set.clone(),
            principal: Some(principal.clone()),
            fixes: fix.into_iter().collect(),
            evidence: rows.map(|rows| rows.cite(format!("assigned to {name}"))).into_iter().collect(),
            people: people.iter().map(name_of).collect(),
            ..Piece::of(Some(AccountShown::of(snapshot, id)))
        }
    };
    let list = places.iter().map(piece).collect();
    let of_group = principal.kind == PrincipalType::Group;
    let words = Words::Revoked { what, name: name.clone(), of_group };
    let pieces = Pieces { list, words, of_plan: None };
    let mut finding = ScanFinding {
        about: vec![Subject::Principal(principal.clone())],
        permission_set: set.clone(),
        principal: Some(via.clone()),
        ..ScanFinding::of("review-not-carried-out", Gate::Assignment, Effect::Degrades, pieces)
    };
    finding.put_together();
    finding
}
