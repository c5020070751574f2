//! What a scan found.

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Caller, FORMAT_VERSION, OpenGap};
use super::finding::Finding;
use crate::answers::organization::{self as answers, Made, Scan};

/// The answer of `idc scan --output json`. New fields may appear at any time; readers ignore what they do not know.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Answer of idc scan"))]
pub(super) struct ScanAnswer<'a> {
    /// The version of this format. The first number changes only when a field goes or changes its meaning.
    format_version: &'static str,
    /// What the answer is of.
    #[cfg_attr(test, schemars(extend("const" = "scan")))]
    kind: &'static str,
    /// The whole in one word.
    outcome: Outcome,
    /// Whether everything that was asked about could be read; what could not stands in `gaps`.
    complete: bool,
    /// What is wrong, each cause once, the worst first.
    findings: Vec<Finding<'a>>,
    /// What is worth knowing and is no fault.
    notes: Vec<Note<'a>>,
    /// What could not be read, each once.
    gaps: Vec<OpenGap<'a>>,
    /// How much of what was asked about was read.
    coverage: Coverage,
    /// What is otherwise than in the older file; null where there was none to compare with.
    changes: Option<Changes<'a>>,
    /// How many accounts of findings were left out as accepted exceptions.
    accepted: usize,
    /// Each account with how many of its permission sets let people in.
    accounts: Vec<AccountState<'a>>,
    /// How many requests AWS was sent.
    calls: u32,
    /// How long those to Identity Center take at the rate that AWS allows, in seconds.
    floor_seconds: f64,
    /// Who asked; null where that is not known.
    caller: Option<Caller<'a>>,
    /// When collecting ended.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    collected_at: Timestamp,
}

/// What is otherwise than in an older file.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Changes<'a> {
    /// How many of the findings were not there before, or are worse than before.
    broke: usize,
    /// How many findings may be new: the older file does not tell.
    may_be_new: usize,
    /// What was wrong before and is worse now: it keeps people out, or touches more people.
    worse: &'a [String],
    /// What was wrong before and is not any more.
    put_right: &'a [String],
    /// What was wrong before and is less so now.
    put_right_in_part: &'a [String],
    /// What only one of the two looked at, so that neither is said of it.
    not_compared: Vec<&'a str>,
    /// Who can get in where they could not before; null where not both files hold everybody's access.
    gained: Option<Vec<Grant<'a>>>,
    /// Who no longer can.
    lost: Option<Vec<Grant<'a>>>,
}

/// Somebody's access to an account.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Grant<'a> {
    /// 12 digits.
    account_id: &'a str,
    /// The account's name, where known.
    account_name: Option<&'a str>,
    /// The permission set's name, where known.
    permission_set: Option<&'a str>,
    /// The permission set's ARN.
    permission_set_arn: &'a str,
    /// The user's id in the identity store.
    user_id: &'a str,
    /// The name they sign in with, where known.
    user_name: Option<&'a str>,
    /// Whether it gives administrator rights.
    administrator: bool,
    /// Whether it is known that it lets them in, or did; false where only the assignment is known.
    certain: bool,
    /// The rule of the fault that keeps out somebody to whom it is still assigned; null where there is none.
    shut_by: Option<&'static str>,
}

/// `broken`: something keeps people out; `degraded`: something is wrong and keeps nobody out; `clean`: nothing is wrong;
/// `inconclusive`: nothing wrong was found, and something that decides could not be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Clean,
    Degraded,
    Broken,
    Inconclusive,
}

/// An account, and of how many permission sets in it what is known.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AccountState<'a> {
    /// 12 digits.
    id: &'a str,
    /// Its name, where known.
    name: Option<&'a str>,
    /// Let people in, and nothing is wrong.
    open: usize,
    /// Let people in, and something is wrong.
    degraded: usize,
    /// Let nobody in.
    shut: usize,
    /// It could not be told.
    unknown: usize,
}

/// Something worth knowing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Note<'a> {
    /// What kind of note it is.
    rule: &'static str,
    /// The same in a sentence.
    message: &'a str,
    /// The permission set's name, where it is about one.
    permission_set: Option<&'a str>,
    /// Its ARN, where it is about one that is there.
    permission_set_arn: Option<&'a str>,
}

/// How much of what was asked about was read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Coverage {
    /// Accounts, as listed.
    accounts: Part,
    /// Accounts with permission sets, read from inside.
    entered: Part,
    /// Permission sets, with all that they name.
    permission_sets: Part,
    /// Permission sets in accounts, of which it is known whether they work.
    pairs: Part,
    /// Those of which it was asked who is assigned.
    assignments: Part,
}

/// So many of so many; null where it is not known, or was not asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Part {
    /// How many there are.
    of: Option<usize>,
    /// How many were read.
    read: Option<usize>,
}

impl<'a> From<&'a Scan> for ScanAnswer<'a> {
    fn from(scan: &'a Scan) -> Self {
        let Made { complete, gaps, calls, collected_at, caller } = &scan.made;
        let part = |part: &answers::Part| Part { of: part.of, read: part.read };
        Self {
            format_version: FORMAT_VERSION,
            kind: "scan",
            outcome: match scan.outcome {
                answers::Outcome::Clean => Outcome::Clean,
                answers::Outcome::Degraded => Outcome::Degraded,
                answers::Outcome::Broken => Outcome::Broken,
                answers::Outcome::Inconclusive => Outcome::Inconclusive,
            },
            complete: *complete,
            findings: scan.findings.iter().map(Finding::from).collect(),
            notes: scan.notes.iter().map(Note::from).collect(),
            gaps: gaps.iter().map(OpenGap::from).collect(),
            coverage: Coverage {
                accounts: part(&scan.coverage.accounts),
                entered: part(&scan.coverage.entered),
                permission_sets: part(&scan.coverage.permission_sets),
                pairs: part(&scan.coverage.pairs),
                assignments: part(&scan.coverage.assignments),
            },
            changes: scan.changes.as_ref().map(Changes::from),
            accepted: scan.accepted,
            accounts: scan.accounts.iter().map(AccountState::from).collect(),
            calls: *calls,
            floor_seconds: scan.floor_seconds,
            caller: caller.as_ref().map(Caller::from),
            collected_at: *collected_at,
        }
    }
}

impl<'a> From<&'a answers::Changes> for Changes<'a> {
    fn from(changes: &'a answers::Changes) -> Self {
        let told = |grants: &'a [answers::Grant]| {
            changes.knows_access.then(|| grants.iter().map(Grant::from).collect::<Vec<_>>())
        };
        Self {
            broke: changes.broke,
            may_be_new: changes.may_be_new.len(),
            worse: &changes.worse,
            put_right: &changes.put_right,
            put_right_in_part: &changes.put_right_in_part,
            not_compared: changes.all_not_compared().map(String::as_str).collect(),
            gained: told(&changes.gained),
            lost: told(&changes.lost),
        }
    }
}

impl<'a> From<&'a answers::Grant> for Grant<'a> {
    fn from(grant: &'a answers::Grant) -> Self {
        Self {
            account_id: &grant.account.id,
            account_name: grant.account.name.as_deref(),
            permission_set: grant.permission_set.name.as_deref(),
            permission_set_arn: &grant.permission_set.arn,
            user_id: &grant.person.id,
            user_name: grant.person.user_name.as_deref(),
            administrator: grant.administers,
            certain: grant.certain,
            shut_by: grant.shut_by,
        }
    }
}

impl<'a> From<&'a answers::AccountJudged> for AccountState<'a> {
    fn from(judged: &'a answers::AccountJudged) -> Self {
        let answers::AccountJudged { account, open, degraded, shut, unknown, undecided: _ } = judged;
        let (open, degraded, shut, unknown) = (*open, *degraded, *shut, *unknown);
        Self { id: &account.id, name: account.name.as_deref(), open, degraded, shut, unknown }
    }
}

impl<'a> From<&'a answers::Note> for Note<'a> {
    fn from(note: &'a answers::Note) -> Self {
        let set = note.permission_set.as_ref();
        Self {
            rule: note.id,
            message: &note.message,
            permission_set: set.and_then(|set| set.name.as_deref()),
            permission_set_arn: set.map(|set| set.arn.as_str()),
        }
    }
}
