//! Who can get into an account, and where a person can get in.

use jiff::Timestamp;
use serde::Serialize;

use super::super::words::{PathKind, PathState, PrincipalType};
use super::super::{Caller, FORMAT_VERSION, OpenGap, Via};
use super::Account;
use crate::answers::organization::{self as answers, Access, AccessRow, Made, Who};
use crate::render::organization::source_word;

/// The answer of `idc who --output json`. New fields may appear at any time; readers ignore what they do not know.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Answer of idc who"))]
pub(super) struct WhoAnswer<'a> {
    /// The version of this format. The first number changes only when a field goes or changes its meaning.
    format_version: &'static str,
    /// What the answer is of.
    #[cfg_attr(test, schemars(extend("const" = "who")))]
    kind: &'static str,
    /// The account asked about.
    account: Account<'a>,
    /// Whether everything that was asked about could be read; what could not stands in `gaps`.
    complete: bool,
    /// One row for each way of each person.
    access: Vec<PersonRow<'a>>,
    /// Assignments to users and groups that no longer exist.
    dead: Vec<Dead<'a>>,
    /// What else is worth knowing.
    notes: &'a [String],
    /// What could not be read, each once.
    gaps: Vec<OpenGap<'a>>,
    /// How many requests AWS was sent.
    calls: u32,
    /// Who asked; null where that is not known.
    caller: Option<Caller<'a>>,
    /// When collecting ended.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    collected_at: Timestamp,
}

/// The answer of `idc access --output json`. New fields may appear at any time; readers ignore what they do not know.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Answer of idc access"))]
pub(super) struct AccessAnswer<'a> {
    /// The version of this format. The first number changes only when a field goes or changes its meaning.
    format_version: &'static str,
    /// What the answer is of.
    #[cfg_attr(test, schemars(extend("const" = "access")))]
    kind: &'static str,
    /// The person asked about.
    user: User<'a>,
    /// Whether everything that was asked about could be read; what could not stands in `gaps`.
    complete: bool,
    /// One row for each way.
    access: Vec<AccountRow<'a, Way<'a>>>,
    /// What else is worth knowing.
    notes: &'a [String],
    /// What could not be read, each once.
    gaps: Vec<OpenGap<'a>>,
    /// How many requests AWS was sent.
    calls: u32,
    /// Who asked; null where that is not known.
    caller: Option<Caller<'a>>,
    /// When collecting ended.
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    collected_at: Timestamp,
}

/// The person asked about.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct User<'a> {
    /// The id in the identity store.
    id: &'a str,
    /// The user name, where known.
    name: Option<&'a str>,
    /// The name for people.
    display_name: Option<&'a str>,
    /// The first e-mail address.
    email: Option<&'a str>,
    /// `ENABLED` or `DISABLED`, as AWS says.
    status: Option<&'a str>,
    /// `scim` where an identity provider keeps the user up to date, else `local`.
    source: Option<&'static str>,
}

/// A way of a person.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PersonRow<'a> {
    /// The id in the identity store; null where who is in the group is not known.
    user_id: Option<&'a str>,
    /// The name they sign in with, where known.
    user_name: Option<&'a str>,
    /// Their name for people.
    display_name: Option<&'a str>,
    /// Their first e-mail address.
    email: Option<&'a str>,
    /// `ENABLED` or `DISABLED`, as AWS says.
    status: Option<&'a str>,
    /// `scim` where an identity provider keeps the user up to date, else `local`.
    source: Option<&'static str>,
    #[serde(flatten)]
    way: Way<'a>,
}

/// A way into an account.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "AccountRow"))]
pub(super) struct AccountRow<'a, T> {
    /// 12 digits.
    account_id: &'a str,
    /// The account's name, where known.
    account_name: Option<&'a str>,
    #[serde(flatten)]
    way: T,
}

/// A way of a person into an account.
pub(super) type WholeRow<'a> = AccountRow<'a, PersonRow<'a>>;

/// What is assigned to whom, and whether it lets them in.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Way<'a> {
    /// What it consists of.
    kind: PathKind,
    /// The permission set's name, where known; null for an entitlement.
    permission_set: Option<&'a str>,
    /// The permission set's ARN; null for an entitlement.
    permission_set_arn: Option<&'a str>,
    /// To whom it is given: the user, or one of their groups.
    via: Via<'a>,
    /// What is known of it.
    state: PathState,
    /// The fault that shuts or degrades it.
    rule: Option<&'static str>,
    /// The same in words; where it is not known whether it lets them in, why not.
    message: Option<&'a str>,
    /// The role in the account, where known.
    role_arn: Option<&'a str>,
    /// The person's department, where the identity store tells.
    department: Option<&'a str>,
    /// The person's manager, where the identity store tells.
    manager: Option<&'a str>,
    /// The organizational units above the account, by their ids.
    ou_path: Option<&'a str>,
    /// What makes the permission set a privileged one, or `no`; null where that could not be read.
    privileged: Option<&'static str>,
    /// Since when the person is in the group that gives it, where known.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date-time")))]
    member_since: Option<Timestamp>,
    /// When the role was used last, by whomever, where that was asked and known.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("format" = "date-time")))]
    role_last_used: Option<Timestamp>,
}

/// An assignment to somebody who no longer exists.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Dead<'a> {
    /// What it was.
    #[serde(rename = "type")]
    kind: PrincipalType,
    /// The id that it had in the identity store.
    id: &'a str,
    /// The permission set's name, where known.
    permission_set: Option<&'a str>,
    /// The permission set's ARN.
    permission_set_arn: &'a str,
}

impl<'a> From<&'a Who> for WhoAnswer<'a> {
    fn from(who: &'a Who) -> Self {
        let Made { complete, gaps, calls, collected_at, caller } = &who.made;
        Self {
            format_version: FORMAT_VERSION,
            kind: "who",
            account: Account::from(&who.account),
            complete: *complete,
            access: who.access.iter().map(PersonRow::from).collect(),
            dead: who.dead.iter().map(Dead::from).collect(),
            notes: &who.notes,
            gaps: gaps.iter().map(OpenGap::from).collect(),
            calls: *calls,
            caller: caller.as_ref().map(Caller::from),
            collected_at: *collected_at,
        }
    }
}

impl<'a> From<&'a Access> for AccessAnswer<'a> {
    fn from(access: &'a Access) -> Self {
        let Made { complete, gaps, calls, collected_at, caller } = &access.made;
        let person = &access.person;
        Self {
            format_version: FORMAT_VERSION,
            kind: "access",
            user: User {
                id: &person.id,
                name: person.user_name.as_deref(),
                display_name: person.display_name.as_deref(),
                email: person.email.as_deref(),
                status: person.status.as_deref(),
                source: person.source.map(source_word),
            },
            complete: *complete,
            access: access.access.iter().map(AccountRow::from).collect(),
            notes: &access.notes,
            gaps: gaps.iter().map(OpenGap::from).collect(),
            calls: *calls,
            caller: caller.as_ref().map(Caller::from),
            collected_at: *collected_at,
        }
    }
}

impl<'a> From<&'a AccessRow> for PersonRow<'a> {
    fn from(row: &'a AccessRow) -> Self {
        let person = row.person.as_ref();
        Self {
            user_id: person.map(|person| person.id.as_str()),
            user_name: person.and_then(|person| person.user_name.as_deref()),
            display_name: person.and_then(|person| person.display_name.as_deref()),
            email: person.and_then(|person| person.email.as_deref()),
            status: person.and_then(|person| person.status.as_deref()),
            source: person.and_then(|person| person.source).map(source_word),
            way: Way::from(row),
        }
    }
}

impl<'a, T: From<&'a AccessRow>> From<&'a AccessRow> for AccountRow<'a, T> {
    fn from(row: &'a AccessRow) -> Self {
        let account = &row.account;
        Self { account_id: &account.id, account_name: account.name.as_deref(), way: T::from(row) }
    }
}

impl<'a> From<&'a AccessRow> for Way<'a> {
    fn from(row: &'a AccessRow) -> Self {
        let set = row.permission_set.as_ref();
        Self {
            kind: if set.is_some() { PathKind::Assignment } else { PathKind::Entitlement },
            permission_set: set.and_then(|set| set.name.as_deref()),
            permission_set_arn: set.map(|set| set.arn.as_str()),
            via: Via { kind: row.via.kind.into(), id: &row.via.id, name: row.via.name.as_deref() },
            state: row.state.into(),
            rule: row.rule,
            message: row.why.as_deref(),
            role_arn: row.role_arn.as_deref(),
            department: row.review.department.as_deref(),
            manager: row.review.manager.as_deref(),
            ou_path: row.review.units.as_deref(),
            privileged: row.review.privileged.map(|what| what.unwrap_or("no")),
            member_since: row.review.member_since,
            role_last_used: row.review.role_last_used,
        }
    }
}

impl<'a> From<&'a answers::Dead> for Dead<'a> {
    fn from(dead: &'a answers::Dead) -> Self {
        Self {
            kind: dead.principal.kind.into(),
            id: &dead.principal.id,
            permission_set: dead.permission_set.name.as_deref(),
            permission_set_arn: &dead.permission_set.arn,
        }
    }
}
