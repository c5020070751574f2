//! What a rule can be about, beside the instance and an account: a permission set there, a session that a way gives, and
//! the whole case of one question.

use std::ops::Deref;

use super::Provisioned;
use super::paths::{Assigned, Entitled, Path, Paths};
use crate::evidence::{Evidence, InAccount, Person, Principal};
use crate::iam_policy::Reckoned;

/// A permission set in an account, whoever it is assigned to.
#[derive(Debug, Clone, Copy)]
pub struct SetInAccount<'e> {
    /// The account.
    pub in_account: InAccount<'e>,
    /// The permission set's ARN.
    pub arn: &'e str,
    /// Whether an assignment of it stands there.
    pub stands: bool,
    /// Where none stands: for whom one was requested.
    pub requested_for: Option<&'e Principal>,
    /// Where it is looked at before it is assigned or changed: how much is told of what it will name. Its role will carry
    /// that, whatever it carries now.
    pub to_come: Option<ToCome>,
}

/// How much is told of what a permission set will name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToCome {
    /// All of it.
    Whole,
    /// Not all: it may grant more.
    InPart,
}

/// How somebody gets into an account.
#[derive(Debug, Clone, Copy)]
pub enum Through<'e> {
    /// By the role that Identity Center makes of a permission set.
    PermissionSet(SetInAccount<'e>),
    /// By an entitlement to a role.
    Entitlement(&'e Entitled),
}

/// A session in an account, of one person or of anybody.
#[derive(Debug, Clone, Copy)]
pub struct Session<'e> {
    /// The account.
    pub in_account: InAccount<'e>,
    /// Whose it is; `None`: anybody's.
    pub person: Option<Person<'e>>,
    /// How it came about.
    pub through: Through<'e>,
}

/// One question, all evidence of it, and the ways that were found.
#[derive(Debug, Clone, Copy)]
pub struct Case<'e> {
    /// Everything known.
    pub evidence: &'e Evidence,
    /// The ways, and what could hide more.
    pub paths: &'e Paths,
}

impl<'e> Deref for SetInAccount<'e> {
    type Target = InAccount<'e>;

    /// What is known of the account holds for each permission set in it.
    fn deref(&self) -> &InAccount<'e> {
        &self.in_account
    }
}

impl<'e> SetInAccount<'e> {
    /// The permission set that a path leads through.
    pub const fn of(in_account: InAccount<'e>, path: &'e Assigned) -> Self {
        let requested_for = if path.stands { None } else { Some(&path.via) };
        Self { in_account, arn: path.permission_set.as_str(), stands: path.stands, requested_for, to_come: None }
    }

    /// A permission set, as if an assignment of it stood.
    pub const fn standing(in_account: InAccount<'e>, arn: &'e str) -> Self {
        Self { in_account, arn, stands: true, requested_for: None, to_come: None }
    }

    /// Whether people get sessions with it, or will.
    pub const fn has_sessions(self) -> bool {
        self.stands || self.to_come.is_some()
    }

    /// The same, where what is reckoned is kept for others.
    #[must_use]
    pub const fn reckoning(mut self, reckoned: &'e Reckoned) -> Self {
        self.in_account = self.in_account.reckoning(reckoned);
        self
    }

    /// Whether the account has it, and in which version.
    pub fn provisioned(self) -> Provisioned<'e> {
        Provisioned::of(self)
    }

    /// Its name for people.
    pub fn label(self) -> &'e str {
        self.in_account.permission_set_label(self.arn)
    }

    /// A session with it.
    pub const fn session(self, person: Option<Person<'e>>) -> Session<'e> {
        Session { in_account: self.in_account, person, through: Through::PermissionSet(self) }
    }
}

impl<'e> Session<'e> {
    /// What a way gives.
    pub const fn of(in_account: InAccount<'e>, person: Option<Person<'e>>, way: &'e Path) -> Self {
        let through = match way {
            Path::Assigned(path) => Through::PermissionSet(SetInAccount::of(in_account, path)),
            Path::Entitled(entitled) => Through::Entitlement(entitled),
        };
        Self { in_account, person, through }
    }

    /// The permission set, where it came about by one.
    pub const fn permission_set(self) -> Option<SetInAccount<'e>> {
        match self.through {
            Through::PermissionSet(set) => Some(set),
            Through::Entitlement(_) => None,
        }
    }

    /// Whose sessions these are, for people.
    pub fn whose(self) -> String {
        match self.through {
            Through::PermissionSet(set) => format!("permission set {}", set.label()),
            Through::Entitlement(entitled) => format!("role {}", entitled.role_name()),
        }
    }
}

impl<'e> Case<'e> {
    /// The account asked about.
    pub fn in_account(self) -> InAccount<'e> {
        self.evidence.in_account()
    }

    /// The person asked about.
    pub fn person(self) -> Person<'e> {
        self.evidence.person()
    }
}
