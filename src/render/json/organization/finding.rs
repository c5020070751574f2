//! One cause of what a scan found.

use serde::Serialize;

use super::super::words::{Confidence, Effect};
use super::super::{Citation, Fix};
use super::Account;
use crate::answers::organization::ScanFinding;
use crate::evidence;
use crate::findings::Subject;

/// One cause, wherever it shows.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Finding<'a> {
    /// The rule's id.
    rule: &'static str,
    /// The gate that the rule belongs to.
    gate: &'static str,
    /// What it does.
    effect: Effect,
    /// How sure it is.
    confidence: Confidence,
    /// The fault in a sentence or two.
    message: &'a str,
    /// What it is about.
    about: About<'a>,
    /// Everything that it is about, where that is more than one thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_about: Vec<About<'a>>,
    /// The permission set's name, where it is about one.
    permission_set: Option<&'a str>,
    /// Its ARN, where it is about one that is there.
    permission_set_arn: Option<&'a str>,
    /// The accounts in which it shows.
    accounts: Vec<Account<'a>>,
    /// How many people it touches; null where they could not be counted.
    people: Option<usize>,
    /// How many of them it keeps out: they get in by no other way either; null where that is not known.
    kept_out: Option<usize>,
    /// The rules whose faults are consequences of it.
    follows: &'a [&'static str],
    /// What to do about it, in order.
    fixes: Vec<Fix<'a>>,
    /// The answers of AWS that prove it.
    evidence: Vec<Citation<'a>>,
    /// The addresses in the plan that bring it about; left out where no plan was asked about.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    addresses: &'a [String],
    /// Whether it was not there in the older file, or is worse now; null where there was none to compare with, or where that
    /// does not tell.
    new: Option<bool>,
    /// The ids of the accounts in which it is new; left out where it is in none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    new_in: Vec<&'a str>,
    /// What it did in the older file, where that was something else than `effect`; left out where not.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<Effect>,
}

/// What a finding is about.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
enum About<'a> {
    /// A customer managed policy.
    Policy {
        /// Its name.
        name: &'a str,
        /// Its path.
        path: &'a str,
    },
    /// A policy that AWS keeps.
    AwsManagedPolicy {
        /// Its ARN.
        arn: &'a str,
    },
    /// A policy of the organization.
    OrganizationPolicy {
        /// `p-…`
        id: &'a str,
        /// Its name, where known.
        name: Option<&'a str>,
    },
    /// A user.
    User {
        /// The id in the identity store.
        id: &'a str,
        /// Its name, where known.
        name: Option<&'a str>,
    },
    /// A group.
    Group {
        /// The id in the identity store.
        id: &'a str,
        /// Its name, where known.
        name: Option<&'a str>,
    },
    /// A permission set.
    PermissionSet {
        /// Its name, where known.
        name: Option<&'a str>,
        /// Its ARN; null of one that a plan makes.
        arn: Option<&'a str>,
    },
    /// An account.
    Account {
        /// 12 digits.
        id: &'a str,
        /// Its name, where known.
        name: Option<&'a str>,
    },
    /// The Identity Center instance.
    Instance,
}

impl<'a> From<&'a ScanFinding> for Finding<'a> {
    fn from(finding: &'a ScanFinding) -> Self {
        let set = finding.permission_set.as_ref();
        let mut about: Vec<About<'a>> = finding.about.iter().map(|one| About::of(one, finding)).collect();
        let first = if about.is_empty() { About::else_of(finding) } else { about.remove(0) };
        Self {
            rule: finding.rule,
            gate: finding.gate.name(),
            effect: finding.effect.into(),
            confidence: finding.confidence.into(),
            message: &finding.message,
            about: first,
            also_about: about,
            permission_set: set.and_then(|set| set.name.as_deref()),
            permission_set_arn: set.and_then(|set| set.own_arn()),
            accounts: finding.accounts.iter().map(Account::from).collect(),
            people: finding.people,
            kept_out: finding.kept_out,
            follows: &finding.follows,
            fixes: finding.fixes.iter().map(Fix::from).collect(),
            evidence: finding.evidence.iter().map(Citation::from).collect(),
            addresses: &finding.addresses,
            new: finding.new,
            new_in: finding.new_in().collect(),
            was: finding.was().map(Effect::from),
        }
    }
}

impl<'a> About<'a> {
    fn of(subject: &'a Subject, finding: &'a ScanFinding) -> Self {
        match subject {
            Subject::Policy(policy) => Self::Policy { name: &policy.name, path: &policy.path },
            Subject::AwsManagedPolicy(arn) => Self::AwsManagedPolicy { arn },
            Subject::OrganizationPolicy { id, name } => Self::OrganizationPolicy { id, name: name.as_deref() },
            Subject::Principal(principal) => {
                let name = finding.principal.as_ref().and_then(|via| via.name.as_deref());
                match principal.kind {
                    evidence::PrincipalType::User => Self::User { id: &principal.id, name },
                    evidence::PrincipalType::Group => Self::Group { id: &principal.id, name },
                }
            }
        }
    }

    /// What it is about where the fault names nothing of its own.
    fn else_of(finding: &'a ScanFinding) -> Self {
        match (&finding.permission_set, &finding.accounts[..]) {
            (Some(set), _) => Self::PermissionSet { name: set.name.as_deref(), arn: set.own_arn() },
            (None, [account]) => Self::Account { id: &account.id, name: account.name.as_deref() },
            (None, _) => Self::Instance,
        }
    }
}
