//! What became of each account.

use std::collections::BTreeMap;

use crate::answers::organization::AccountShown;
use crate::evidence::Snapshot;
use crate::model::organization::{Way, accounts_asked};
use crate::rules::{Check, RULES, Rule};
use crate::verdict::{PathState, WayJudged};

/// An account, and what was found of the permission sets in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountJudged {
    /// The account.
    pub account: AccountShown,
    /// How many permission sets let people in there, with nothing wrong.
    pub open: usize,
    /// How many let people in, and something is wrong.
    pub degraded: usize,
    /// How many let nobody in.
    pub shut: usize,
    /// Of how many it is not known.
    pub unknown: usize,
    /// The rules that could not be decided there, each with one reason.
    pub undecided: BTreeMap<&'static str, String>,
}

impl AccountJudged {
    const fn new(account: AccountShown) -> Self {
        Self { account, open: 0, degraded: 0, shut: 0, unknown: 0, undecided: BTreeMap::new() }
    }

    /// How many permission sets are in it.
    pub const fn sets(&self) -> usize {
        self.open + self.degraded + self.shut + self.unknown
    }

    /// The worst that is known, or that something is not known; `None` where nothing is assigned.
    pub const fn state(&self) -> Option<PathState> {
        match self {
            Self { shut: 1.., .. } => Some(PathState::Shut),
            Self { unknown: 1.., .. } => Some(PathState::Unknown),
            Self { degraded: 1.., .. } => Some(PathState::Degraded),
            Self { open: 1.., .. } => Some(PathState::Open),
            Self { .. } => None,
        }
    }
}

/// Accounts in the making.
pub(in crate::answers::organization) struct Accounts<'s> {
    snapshot: &'s Snapshot,
    judged: BTreeMap<String, AccountJudged>,
}

impl<'s> Accounts<'s> {
    /// None yet: those that something is found of come by themselves.
    pub(in crate::answers::organization) const fn none(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, judged: BTreeMap::new() }
    }

    /// Every account that was asked about, as far as they are known.
    pub(in crate::answers::organization) fn of(snapshot: &'s Snapshot) -> Self {
        let asked = accounts_asked(snapshot).into_iter();
        let judged = asked.map(|one| (one.id.clone(), AccountJudged::new(AccountShown::of(snapshot, &one.id))));
        Self { snapshot, judged: judged.collect() }
    }

    /// Takes in what was found of a way.
    pub(in crate::answers::organization) fn take(&mut self, way: Way<'_>, judged: &WayJudged) {
        if !self.judged.contains_key(way.account) {
            let new = AccountJudged::new(AccountShown::of(self.snapshot, way.account));
            self.judged.insert(way.account.to_owned(), new);
        }
        let Some(account) = self.judged.get_mut(way.account) else { return };
        *match judged.state {
            PathState::Open => &mut account.open,
            PathState::Degraded => &mut account.degraded,
            PathState::Shut => &mut account.shut,
            PathState::Unknown => &mut account.unknown,
        } += 1;
        for (rule, gap) in &judged.undecided {
            let why = || format!("{}: {}", gap.call, gap.message);
            account.undecided.entry(rule).or_insert_with(why);
        }
    }

    /// That a rule hangs there on what nobody can know from outside.
    pub(in crate::answers::organization) fn doubt(&mut self, id: &str, rule: &'static str, why: &str) {
        if let Some(account) = self.judged.get_mut(id) {
            account.undecided.entry(rule).or_insert_with(|| why.to_owned());
        }
    }

    /// All of them, by name.
    pub(in crate::answers::organization) fn done(self) -> Vec<AccountJudged> {
        let mut judged: Vec<AccountJudged> = self.judged.into_values().collect();
        judged.sort_by(|a, b| a.account.cmp(&b.account));
        judged
    }
}

/// The rules that a scan puts to each permission set in each account.
pub(in crate::answers::organization) fn rules_scanned() -> impl Iterator<Item = &'static Rule> {
    let is_scanned = |check: &Check| match check {
        Check::Instance(_)
        | Check::PermissionSets(_)
        | Check::Account(_)
        | Check::SetInAccount(_)
        | Check::Role(..)
        | Check::QuestionAndSet(..)
        | Check::Session(_)
        | Check::Assignment(_) => true,
        Check::Entitlement(_)
        | Check::User(_)
        | Check::UserInSession(_)
        | Check::PersonInSession(_)
        | Check::PersonOnPath(_)
        | Check::Person(_)
        | Check::Question(_) => false,
    };
    RULES.iter().copied().filter(move |rule| is_scanned(&rule.check))
}
